#!/usr/bin/env bash
# Builds what is out of date and starts `rooiam dev`.
source "$(dirname "$0")/lib.sh"
source scripts/postgres.sh

postgres_bin >/dev/null
bash scripts/build.sh
exec target/debug/rooiam dev
