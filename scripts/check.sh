#!/usr/bin/env bash
# Format, lints with warnings denied, freshness of what the compiler knows of the database.
source "$(dirname "$0")/lib.sh"

need_command cc "a C compiler" build-essential
say "format"
cargo fmt --all --check || fail "the format differs" "cargo fmt --all"
say "lints"
# Without the browser half, whose features would change the server half built beside it.
cargo clippy -q --workspace --exclude frontend --all-targets -- -D warnings
bash scripts/sqlx.sh
