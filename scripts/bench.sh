#!/usr/bin/env bash
# Measures an optimised build on this machine: start, memory, first byte, sizes, throughput. Prints, never judges.
source "$(dirname "$0")/lib.sh"

# Throughput and latency of one page, for a signed-in person when there is a cookie.
measure() {
  local origin=$1 path=$2 cookie=${3:-}
  curl -s -o /dev/null -H "cookie: $cookie" "$origin$path"
  printf '%-46s %s s\n' "first byte of $path" "$(curl -s -o /dev/null -H "cookie: $cookie" -w '%{time_starttransfer}' "$origin$path")"
  wrk -t1 -c8 -d5 --latency -H "cookie: $cookie" "$origin$path" |
    awk -v path="$path" '/99%/ {p99 = $2} /Requests\/sec/ {printf "%-46s %s/s, p99 %s\n", path " (8 connections)", $2, p99}'
}

# What 10,000 members of one workspace and 10,000 workspaces cost.
crowd() {
  local origin=$1 jar=$folder/jar token cookie socket
  post() { curl -s -o /dev/null -c "$jar" -b "$jar" -H "origin: $origin" "$@"; }
  post --data-urlencode "email=olivia@harbour.example" -d "slug=&request=" "$origin/fn/request_magic_link"
  until token=$(curl -s "$origin/dev/mailbox" | grep -o 'token=[A-Za-z0-9_-]*' | head -1) && [ -n "$token" ]; do sleep 0.1; done
  post -d "$token" "$origin/fn/redeem_magic_link"
  cookie=$(awk '$6 == "dev_rooiam_session" {print $6 "=" $7}' "$jar")
  socket=$(sed -n 5p "$(find "$folder/data" -name postmaster.pid)")
  measure "$origin" /w/harbour-clinic/admin/members "$cookie"
  psql -q "postgres://rooiam_owner@localhost/rooiam?host=$socket" -f scripts/crowd.sql
  say "now with 10,000 members and 10,000 workspaces"
  measure "$origin" /w/harbour-clinic/admin/members "$cookie"
  measure "$origin" "/w/harbour-clinic/admin/members?order=joined" "$cookie"
  measure "$origin" "/w/harbour-clinic/admin/members?q=person%209999" "$cookie"
  measure "$origin" /platform "$cookie"
  measure "$origin" /workspaces "$cookie"
  measure "$origin" /w/platform/oauth/jwks
}

main() {
  need_command wrk "the load generator" wrk
  need_command curl "curl" curl
  need_command chromium "Chromium" chromium
  need_node
  bash scripts/build.sh --release
  local origin from
  trap 'kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; rm -rf "$folder"' EXIT
  folder=$(mktemp -d /tmp/rooiam-bench.XXXXXX)
  chmod 755 "$folder"
  export ROOIAM_DATA_DIR=$folder/data ROOIAM_LISTEN=127.0.0.1:0
  for start in "first start (makes the database)" "later start"; do
    from=$(date +%s%N)
    target/release/rooiam dev >"$folder/out" 2>"$folder/log" &
    pid=$!
    until grep -q ready: "$folder/out"; do
      kill -0 "$pid" 2>/dev/null || fail "rooiam ended" "cat $folder/log"
      sleep 0.01
    done
    printf '%-34s %s ms\n' "$start" $((($(date +%s%N) - from) / 1000000))
    [ "$start" = "later start" ] || { kill "$pid" && wait "$pid"; }
  done
  origin=$(sed -n 's/.*ready: //p' "$folder/out")
  printf '%-34s %s KiB\n' "resident memory, idle" "$(awk '/VmRSS/ {print $2}' "/proc/$pid/status")"
  printf '%-34s %s B\n' "wasm" "$(cat target/site/pkg/rooiam.*.wasm | wc -c)"
  printf '%-34s %s B\n' "wasm, brotli" "$(cat target/site/pkg/rooiam.*.wasm.br | wc -c)"
  printf '%-34s %s B\n' "login page + styles, as they travel" "$(($(curl -s -H 'accept-encoding: br' "$origin/login" | wc -c) + $(cat target/site/pkg/rooiam.*.css.br | wc -c)))"
  say "on a line of 400 kbit/s and 400 ms"
  node end2end/bench.mjs "$origin"
  for path in /healthz /login /w/platform/oauth/jwks; do
    measure "$origin" "$path"
  done
  crowd "$origin"
  printf '%-34s %s KiB\n' "resident memory, after load" "$(awk '/VmRSS/ {print $2}' "/proc/$pid/status")"
}
main "$@"
