#!/usr/bin/env bash
# Writes docs/query-plans.md: how PostgreSQL answers the hottest statements, under row level security, with a load in it.
source "$(dirname "$0")/lib.sh"
source scripts/postgres.sh

explain() { # name, statement, what sets another context
  printf '## %s\n```sql\n%s\n```\n```\n' "$1" "$2"
  psql -qAt "$runtime_url" <<SQL
BEGIN;
SELECT set_config('rooiam.workspace_id', '$workspace', true) \\g /dev/null
${3:-}
-- The first time functions are compiled and pages read.
$2 \\g /dev/null
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) $2;
ROLLBACK;
SQL
  printf '```\n\n'
}

# What the tenant context costs: one row by its key in a transaction, as the runtime role with it and as the superuser,
# whom no policy binds, without.
context_cost() { # owner's URL, runtime URL
  local bin file with="BEGIN; SELECT set_config('rooiam.workspace_id', '$workspace', true);" statement="SELECT name FROM workspaces WHERE id = '$workspace';"
  bin=$(postgres_bin)
  file=$(mktemp)
  for round in 1 2 3; do
    printf '%s\n%s\nCOMMIT;\n' "$with" "$statement" >"$file"
    printf 'with the context:    %s\n' "$("$bin/pgbench" -n -M prepared -f "$file" -T 5 -c 1 "$2" 2>/dev/null | grep 'latency average')"
    printf 'BEGIN;\n%s\nCOMMIT;\n' "$statement" >"$file"
    printf 'without, no policy:  %s\n' "$("$bin/pgbench" -n -M prepared -f "$file" -T 5 -c 1 "${1/rooiam_owner@/postgres@}" 2>/dev/null | grep 'latency average')"
  done
  rm "$file"
}

main() {
  start_postgres
  local name=plans runtime_url url workspace person
  psql -q "$superuser_url" -c "CREATE DATABASE $name OWNER rooiam_owner"
  url=$(sed -E "s#(://[^/]*/)[^?]*#\1$name#" <<<"$owner_url")
  runtime_url=$(sed -E "s#://[^@]*@#://rooiam_app@#" <<<"$url")
  for file in migrations/*.sql; do psql -q -1 -v ON_ERROR_STOP=1 "$url" -f "$file" >/dev/null; done
  workspace=01920000-0000-7000-8000-000000000001
  psql -q -1 "$url" <<SQL >/dev/null
SELECT set_config('rooiam.workspace_id', '$workspace', true);
INSERT INTO workspaces (id, name, created_at) VALUES ('$workspace', 'Harbour Clinic', now());
INSERT INTO workspace_directory (slug, workspace_id) VALUES ('harbour-clinic', '$workspace');
SQL
  psql -q "$url" -f scripts/load_seed.sql
  person=$(psql -qAt "$url" -c "SELECT user_id FROM user_emails WHERE address = 'person7@load.example'")
  [ -n "$person" ] || fail "nobody is measured" "look at scripts/load_seed.sql"
  psql -q -1 "$url" -c "INSERT INTO sessions SELECT gen_random_uuid(), id, sha256(id::text::bytea), '{email}', '', '', now(), now(), now(), now() + interval '1 day' FROM users" -c "ANALYZE sessions"
  local as_person="SELECT set_config('rooiam.workspace_id', '', true), set_config('rooiam.user_id', '$person', true) \\g /dev/null"
  {
    printf '# Query plans\nWritten by `scripts/plans.sh`: PostgreSQL %s, as the runtime role under row level security, with 10,000 members in one\nworkspace, 10,000 workspaces and 10,000 sessions. Times are of one run on two shared cores.\n\n' \
      "$(psql -qAt "$url" -c 'SHOW server_version' | cut -d' ' -f1)"
    explain "The workspace behind a slug" "SELECT workspace_id, suspended_at IS NOT NULL FROM workspace_directory WHERE slug = 'harbour-clinic'"
    explain "The session behind a cookie" "SELECT s.id, s.expires_at, u.display_name, e.address FROM sessions s JOIN users u ON u.id = s.user_id JOIN user_emails e ON e.user_id = u.id AND e.is_primary WHERE s.secret_hash = sha256('$person'::text::bytea) AND u.disabled_at IS NULL"
    explain "A workspace, and what a member is and may do in it" "SELECT d.slug, w.name, w.admission, w.sign_in_max_age, p.sign_in_ceiling, m.role, ARRAY(SELECT DISTINCT unnest(r.permissions) FROM roles r WHERE r.workspace_id = m.workspace_id AND r.id IN (SELECT mr.role_id FROM member_roles mr WHERE mr.workspace_id = m.workspace_id AND mr.user_id = m.user_id UNION ALL SELECT gr.role_id FROM group_members gm JOIN group_roles gr ON gr.workspace_id = gm.workspace_id AND gr.group_id = gm.group_id WHERE gm.workspace_id = m.workspace_id AND gm.user_id = m.user_id)) FROM workspaces w JOIN workspace_directory d ON d.workspace_id = w.id CROSS JOIN platform_settings p LEFT JOIN memberships m ON m.workspace_id = w.id AND m.user_id = '$person' WHERE w.id = '$workspace'"
    explain "The workspace of a host" "SELECT workspace_id, slug FROM workspace_directory WHERE host = 'login.example.com' AND deleted_at IS NULL"
    explain "Members by address" "SELECT m.user_id, u.display_name, m.address, m.role, m.created_at, (SELECT v.occurred_at FROM audit_events v WHERE v.workspace_id = m.workspace_id AND v.actor_id = m.user_id ORDER BY v.id DESC LIMIT 1), ARRAY(SELECT g.name FROM group_members n JOIN groups g ON g.workspace_id = n.workspace_id AND g.id = n.group_id WHERE n.workspace_id = m.workspace_id AND n.user_id = m.user_id ORDER BY lower(g.name), g.id) FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = '$workspace' AND (strpos(m.address, (SELECT lower(''))) > 0 OR strpos(lower(u.display_name), (SELECT lower(''))) > 0) AND m.address > '' ORDER BY m.address LIMIT 51"
    explain "Members by joining" "SELECT m.user_id, u.display_name, m.address, m.role, m.created_at, (SELECT v.occurred_at FROM audit_events v WHERE v.workspace_id = m.workspace_id AND v.actor_id = m.user_id ORDER BY v.id DESC LIMIT 1), ARRAY(SELECT g.name FROM group_members n JOIN groups g ON g.workspace_id = n.workspace_id AND g.id = n.group_id WHERE n.workspace_id = m.workspace_id AND n.user_id = m.user_id ORDER BY lower(g.name), g.id) FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = '$workspace' AND (strpos(m.address, (SELECT lower(''))) > 0 OR strpos(lower(u.display_name), (SELECT lower(''))) > 0) ORDER BY m.created_at DESC, m.user_id DESC LIMIT 51"
    explain "How many members" "SELECT count(*) FROM memberships WHERE workspace_id = '$workspace'"
    explain "How many members match a search" "SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = '$workspace' AND (strpos(m.address, (SELECT lower('person 9'))) > 0 OR strpos(lower(u.display_name), (SELECT lower('person 9'))) > 0)"
    explain "What somebody could join" "SELECT w.id FROM workspaces w WHERE w.id IN (SELECT x.workspace_id FROM workspace_domains x UNION SELECT r.workspace_id FROM join_requests r)" "$as_person"
    explain "Whether an address is a member's" "SELECT EXISTS (SELECT 1 FROM user_emails e JOIN memberships m ON m.user_id = e.user_id AND m.workspace_id = '$workspace' WHERE e.address = 'person7@load.example' AND e.verified_at IS NOT NULL)"
    explain "A person's workspaces" "SELECT w.id, d.slug, w.name, w.admission, m.role, d.suspended_reason FROM memberships m JOIN workspaces w ON w.id = m.workspace_id JOIN workspace_directory d ON d.workspace_id = w.id WHERE m.user_id = '$person' ORDER BY lower(w.name), w.id LIMIT 500" "$as_person"
    explain "A workspace's public keys" "SELECT public_jwk FROM signing_keys WHERE workspace_id = '$workspace'"
  } >docs/query-plans.md
  say "docs/query-plans.md written"
  context_cost "$url" "$runtime_url"
}
main "$@"
