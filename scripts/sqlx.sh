#!/usr/bin/env bash
# Checks that .sqlx (what the compiler knows of the queries without a database) is fresh; `--write` renews it.
# Needs no sqlx-cli: the macros write their own data when they see a database.
source "$(dirname "$0")/lib.sh"
source scripts/postgres.sh

store=server/crates/store/src/lib.rs

main() {
  local mode=${1:-check} out
  start_postgres
  for file in migrations/*.sql; do
    psql -q -1 -v ON_ERROR_STOP=1 "$owner_url" -f "$file" >/dev/null || fail "$file does not apply" "read the error above"
  done
  out=$(mktemp -d)
  # The macros look at the database when their crate is compiled anew. Afterwards it is as old as the newest of what it is
  # made from, so that what was built since, and all that stands on it, stays fresh.
  age=$(mktemp)
  trap 'touch -r "$age" "$store"; rm "$age"; stop_postgres' EXIT
  touch -r "$(ls -t "$store" .sqlx/*.json migrations/*.sql | head -1)" "$age"
  touch "$store"
  SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$out DATABASE_URL=$owner_url cargo check -q -p iam-store
  if [ "$mode" = --write ]; then
    rm -rf .sqlx && mv "$out" .sqlx && chmod 755 .sqlx
    touch "$age"
    say ".sqlx written ($(find .sqlx -name '*.json' | wc -l) queries)"
  else
    diff -r "$out" .sqlx >/dev/null || fail ".sqlx is stale" "bash scripts/sqlx.sh --write"
    say ".sqlx is fresh"
  fi
}
main "$@"
