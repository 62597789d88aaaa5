# Source me: start_postgres gives a throw-away PostgreSQL on a private socket and sets $owner_url and $superuser_url; it ends with the script.

as_postgres() { # root may not run a PostgreSQL server
  if [ "$(id -u)" = 0 ]; then setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; else "$@"; fi
}

postgres_bin() {
  local found
  found=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -1) || true
  if [ -z "$found" ]; then
    need_packages "PostgreSQL" postgresql
    found=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -1)
  fi
  dirname "$found"
}

# It is thrown away, so nothing has to survive a crash; and each test has its own pool.
throw_away="-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=256MB"

start_postgres() {
  local bin
  bin=$(postgres_bin)
  pg_dir=$(mktemp -d /tmp/rooiam-pg.XXXXXX)
  [ "$(id -u)" != 0 ] || chown nobody:nogroup "$pg_dir"
  as_postgres "$bin/initdb" -D "$pg_dir/data" -U postgres -A trust --no-sync >/dev/null
  as_postgres "$bin/pg_ctl" -D "$pg_dir/data" -o "-c listen_addresses='' -k $pg_dir $throw_away" -l "$pg_dir/log" -w start >/dev/null
  trap stop_postgres EXIT
  psql -q -h "$pg_dir" -U postgres -c 'CREATE ROLE rooiam_owner LOGIN' -c 'CREATE ROLE rooiam_runtime' \
    -c 'CREATE ROLE rooiam_app LOGIN IN ROLE rooiam_runtime' -c 'CREATE DATABASE rooiam OWNER rooiam_owner' \
    -c 'REVOKE TEMPORARY ON DATABASE rooiam FROM PUBLIC'
  owner_url="postgres://rooiam_owner@localhost/rooiam?host=$pg_dir"
  superuser_url="postgres://postgres@localhost/postgres?host=$pg_dir"
}

stop_postgres() {
  as_postgres "$(postgres_bin)/pg_ctl" -D "$pg_dir/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$pg_dir"
}
