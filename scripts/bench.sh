#!/usr/bin/env bash
# Measures an optimised build on this machine: start, memory, first byte, sizes, throughput. Prints, never judges.
# docs/speed.md tells what can be chosen.
source "$(dirname "$0")/lib.sh"

# Throughput and latency of one page that everybody sees.
measure() { # origin, path
  curl -s -o /dev/null "$1$2"
  printf '%-34s %s s\n' "first byte of $2" "$(curl -s -o /dev/null -w '%{time_starttransfer}' "$1$2")"
  wrk -t1 -c8 -d5 --latency "$1$2" |
    awk -v path="$2" '/99%/ {p99 = $2} /Requests\/sec/ {printf "%-34s %s/s, p99 %s\n", path " (8 connections)", $2, p99}'
}

# npm `oidc-provider`, in a folder of its own. A change of what is installed is installed again.
install_peer() {
  local peer=$root/target/bench-peer
  mkdir -p "$peer"
  cp end2end/bench/peer/{server,adapter}.mjs end2end/bench/peer/package.json "$peer"
  if ! cmp -s end2end/bench/peer/package-lock.json "$peer/installed.json"; then
    say "installing the peer (npm)"
    cp end2end/bench/peer/package-lock.json "$peer/package-lock.json"
    npm install --prefix "$peer" --silent --no-audit --no-fund || fail "npm failed" "npm install --prefix $peer"
    cp end2end/bench/peer/package-lock.json "$peer/installed.json"
  fi
  export BENCH_PEER=$peer
}

# A step that can be interrupted, and ends what it started when it is.
run() {
  "$@" &
  step=$!
  wait "$step"
}

# The server last: its database is that of the others.
finish() {
  for process in ${step:-} ${pid:-}; do
    kill "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
  done
  rm -rf "${folder:-}"
}

# The provider and the lists, with few and with 10,000 members and workspaces.
loads() { # origin
  run node end2end/bench/provider.mjs "$1" "$pid" "$ROOIAM_DATA_DIR" few
  psql -q "postgres://rooiam_owner@localhost/rooiam?host=$ROOIAM_DATA_DIR/postgres" -f scripts/load_seed.sql
  say "now with 10,000 members and 10,000 workspaces"
  run node end2end/bench/provider.mjs "$1" "$pid" "$ROOIAM_DATA_DIR" 10000
}

# What is measured: the build of this checkout, or the binary that BENCH_BINARY names with the site of ROOIAM_SITE_ROOT.
choose_build() {
  [ -n "${BENCH_BINARY:-}" ] || bash scripts/build.sh --release
  export BENCH_BINARY=${BENCH_BINARY:-$root/target/release/rooiam} ROOIAM_SITE_ROOT=${ROOIAM_SITE_ROOT:-$root/target/site}
}

main() {
  need_command wrk "the load generator" wrk
  need_command curl "curl" curl
  need_command chromium "Chromium" chromium
  need_command redis-server "Redis" redis-server
  need_node
  choose_build
  [ -z "${BENCH_PEER:-}" ] || install_peer
  local origin from
  trap finish EXIT
  trap 'exit 1' INT TERM
  folder=$(mktemp -d /tmp/rooiam-bench.XXXXXX)
  chmod 755 "$folder"
  export ROOIAM_DATA_DIR=$folder/data ROOIAM_LISTEN=127.0.0.1:0
  for start in "first start (makes the database)" "later start"; do
    from=$(date +%s%N)
    "$BENCH_BINARY" dev >"$folder/out" 2>"$folder/log" &
    pid=$!
    until grep -q ready: "$folder/out"; do
      kill -0 "$pid" 2>/dev/null || fail "rooiam ended" "cat $folder/log"
      sleep 0.01
    done
    printf '%-34s %s ms\n' "$start" $((($(date +%s%N) - from) / 1000000))
    origin=$(sed -n 's/.*ready: //p' "$folder/out")
    # Once it answers, it also ends properly when told to.
    curl -s -o /dev/null "$origin/healthz"
    [ "$start" = "later start" ] || { kill "$pid" && wait "$pid"; }
  done
  printf '%-34s %s KiB\n' "resident memory, idle" "$(awk '/VmRSS/ {print $2}' "/proc/$pid/status")"
  printf '%-34s %s B\n' "wasm" "$(cat "$ROOIAM_SITE_ROOT"/pkg/rooiam.*.wasm | wc -c)"
  printf '%-34s %s B\n' "wasm, brotli" "$(cat "$ROOIAM_SITE_ROOT"/pkg/rooiam.*.wasm.br | wc -c)"
  printf '%-34s %s B\n' "login page + styles, as they travel" "$(($(curl -s -H 'accept-encoding: br' "$origin/login" | wc -c) + $(cat "$ROOIAM_SITE_ROOT"/pkg/rooiam.*.css.br | wc -c)))"
  say "on a line of 400 kbit/s and 400 ms"
  run node end2end/bench/pages.mjs "$origin"
  for path in /healthz /login; do
    measure "$origin" "$path"
  done
  say "the provider, few workspaces"
  loads "$origin"
  say "signing in"
  run node end2end/bench/sign_in.mjs "$folder/people"
  printf '%-34s %s KiB\n' "resident memory, after load" "$(awk '/VmRSS/ {print $2}' "/proc/$pid/status")"
}
main "$@"
