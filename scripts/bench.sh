#!/usr/bin/env bash
# Measures an optimised build on this machine: start, memory, first byte, sizes, throughput. Prints, never judges.
source "$(dirname "$0")/lib.sh"

main() {
  need_command wrk "the load generator" wrk
  need_command curl "curl" curl
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
  printf '%-34s %s B\n' "wasm" "$(wc -c <target/site/pkg/rooiam.wasm)"
  printf '%-34s %s B\n' "wasm, brotli" "$(curl -s -H 'accept-encoding: br' "$origin/pkg/rooiam.wasm" | wc -c)"
  printf '%-34s %s B\n' "login page + styles, gzip" "$(curl -s "$origin/login" | cat - target/site/pkg/rooiam.css | gzip -9 | wc -c)"
  for path in /healthz /login /w/platform/oauth/jwks; do
    curl -s -o /dev/null "$origin$path"
    printf '%-34s %s s\n' "first byte of $path" "$(curl -s -o /dev/null -w '%{time_starttransfer}' "$origin$path")"
    wrk -t1 -c8 -d5 --latency "$origin$path" | awk -v path="$path" '/99%/ {p99 = $2} /Requests\/sec/ {printf "%-34s %s/s, p99 %s\n", path " (8 connections)", $2, p99}'
  done
  printf '%-34s %s KiB\n' "resident memory, after load" "$(awk '/VmRSS/ {print $2}' "/proc/$pid/status")"
}
main "$@"
