#!/usr/bin/env bash
# Proves the whole: checks, unit and integration tests against a real PostgreSQL and Redis, journeys in Chromium.
source "$(dirname "$0")/lib.sh"
source scripts/postgres.sh

main() {
  need_command redis-server "Redis" redis-server
  need_command chromium "Chromium" chromium
  need_command node "Node.js" nodejs npm
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || fail "the journeys need Node.js 20" "install Node.js 20 or later"
  bash scripts/check.sh
  bash scripts/build.sh
  say "unit and integration tests"
  start_postgres
  TEST_POSTGRES_URL=$superuser_url cargo test -q --workspace --exclude frontend
  say "journeys in Chromium"
  node --test end2end/
  say "all tests passed"
}
main "$@"
