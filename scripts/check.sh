#!/usr/bin/env bash
# Format, lints with warnings denied, freshness of what the compiler knows of the database.
source "$(dirname "$0")/lib.sh"

cargo_deny_version=0.20.2

need_command cc "a C compiler" build-essential
say "format"
cargo fmt --all --check || fail "the format differs" "cargo fmt --all"
say "lints"
# Without the browser half, whose features would change the server half built beside it.
cargo clippy -q --workspace --exclude frontend --all-targets -- -D warnings
# As it is built for use, without the features that tests bring along.
cargo check -q -p server --bin rooiam
need_cargo_tool cargo-deny "$cargo_deny_version" --locked
say "licences, sources and banned crates"
# Advisories need their database from the net: `cargo deny check advisories` where it can be reached.
"$tools/bin/cargo-deny" --log-level error check bans licenses sources || fail "a dependency is not allowed here" "choose another, or say why in deny.toml"
bash scripts/sqlx.sh
