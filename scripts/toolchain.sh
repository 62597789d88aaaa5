# Source me: puts a compiler that can build wasm32-unknown-unknown first on PATH, for the browser half only.
#   1. the active toolchain has the target        -> use it as it is
#   2. Debian, root, packages on offer             -> rustc-web + a private sysroot in ~/.cache (rustup is left alone)
#   3. rustup                                      -> rustup target add wasm32-unknown-unknown
# The sysroot is needed because Debian ships the standard library's source but not its wasm32 build.

wasm_target=wasm32-unknown-unknown

has_wasm_std() {
  local sysroot
  sysroot=$(rustc --print sysroot 2>/dev/null) || return 1
  compgen -G "$sysroot/lib/rustlib/$wasm_target/lib/libstd-*.rlib" >/dev/null
}

build_debian_sysroot() { # $1: the folder to make
  local dir=$1 build
  build=$(mktemp -d)
  rm -rf "$dir.tmp"
  mkdir -p "$dir.tmp/bin" "$dir.tmp/lib/rustlib/$wasm_target/lib" "$build/src"
  printf '[package]\nname = "sysroot"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n' >"$build/Cargo.toml"
  echo '#![no_std]' >"$build/src/lib.rs"
  (
    cd "$build"
    RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$build/target" /usr/bin/cargo build -q --release \
      --target "$wasm_target" -Zbuild-std=std,panic_abort,proc_macro
  ) || return 1
  find "$build/target/$wasm_target/release/deps" -name '*.rlib' ! -name 'libsysroot-*' \
    -exec cp {} "$dir.tmp/lib/rustlib/$wasm_target/lib/" \;
  ln -s "/usr/lib/rustlib/$(uname -m)-unknown-linux-gnu" "$dir.tmp/lib/rustlib/"
  ln -s /usr/lib/rustlib/src "$dir.tmp/lib/rustlib/src"
  printf '#!/bin/sh\nexec /usr/bin/rustc --sysroot "%s" "$@"\n' "$dir" >"$dir.tmp/bin/rustc"
  chmod +x "$dir.tmp/bin/rustc"
  ln -s /usr/bin/cargo "$dir.tmp/bin/cargo"
  ln -s "$(command -v wasm-ld-22)" "$dir.tmp/bin/rust-lld"
  rm -rf "$dir" "$build"
  mv "$dir.tmp" "$dir"
}

use_wasm_toolchain() {
  has_wasm_std && return 0
  if [ -x /usr/bin/rustc ] || { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }; then
    if ! { [ -d /usr/lib/rustlib/src/rust/library ] && [ -x /usr/bin/cargo ] && command -v wasm-ld-22 >/dev/null; }; then
      need_packages "the WASM compiler" rustc-web cargo-web rust-web-src lld-22 || return 1
    fi
    local dir
    dir=${XDG_CACHE_HOME:-$HOME/.cache}/rooiam/wasm-toolchain/$(/usr/bin/rustc -V | awk '{print $2}')
    if ! compgen -G "$dir/lib/rustlib/$wasm_target/lib/libstd-*.rlib" >/dev/null; then
      say "building the WASM standard library once (about a minute)"
      build_debian_sysroot "$dir" || fail "the WASM standard library did not build" "see the compiler's message above"
    fi
    export PATH="$dir/bin:$PATH"
    unset RUSTUP_TOOLCHAIN RUSTC
    hash -r
  elif command -v rustup >/dev/null; then
    say "adding the $wasm_target target to rustup"
    rustup target add "$wasm_target" || fail "rustup could not add the target" "rustup target add $wasm_target"
  else
    fail "no compiler for $wasm_target" "install rustup, then: rustup target add $wasm_target"
  fi
}
