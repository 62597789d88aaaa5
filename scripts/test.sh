#!/usr/bin/env bash
# Proves the whole: checks, unit and integration tests against a real PostgreSQL and Redis, journeys in Chromium on the
# browser code that is shipped.
source "$(dirname "$0")/lib.sh"
source scripts/postgres.sh

# Authlib, for the journey of a Python app.
need_python_packages() {
  python=$tools/python/bin/python
  cmp -s end2end/clients/requirements.txt "$tools/python/requirements.txt" && return
  say "installing what a Python app needs (pip)"
  python3 -m venv --clear "$tools/python" 2>/dev/null || need_packages "Python" python3 python3-venv
  python3 -m venv --clear "$tools/python"
  "$python" -m pip install -q --disable-pip-version-check -r end2end/clients/requirements.txt ||
    fail "pip failed" "$python -m pip install -r end2end/clients/requirements.txt"
  cp end2end/clients/requirements.txt "$tools/python/requirements.txt"
}

main() {
  need_command redis-server "Redis" redis-server
  need_command chromium "Chromium" chromium
  need_node
  bash scripts/check.sh
  bash scripts/build.sh --shipped-site
  say "unit and integration tests"
  start_postgres
  # They wait for the database more than they compute.
  TEST_POSTGRES_URL=$superuser_url RUST_TEST_THREADS=$((3 * $(nproc))) cargo test -q --workspace --exclude frontend
  say "journeys in Chromium"
  need_python_packages
  # Each file has a server, a database and a browser of its own, and waits more than it computes. What hangs fails.
  PYTHON=$python node --test --test-concurrency=$(($(nproc) + 1)) --test-timeout=600000 end2end/*.test.mjs end2end/clients/*.test.mjs
  say "all tests passed"
}
main "$@"
