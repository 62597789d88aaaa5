#!/usr/bin/env bash
# Builds what the browser gets (target/site) and the server: the steps of `cargo leptos build`, in the same folders,
# without the minutes it takes to install cargo-leptos. `--release` optimises; `--site` leaves the server out.
source "$(dirname "$0")/lib.sh"
source scripts/toolchain.sh

need_wasm_bindgen() {
  need_cargo_tool wasm-bindgen-cli "$(grep -A1 '^name = "wasm-bindgen"$' Cargo.lock | sed -n 's/^version = "\(.*\)"/\1/p')"
}

need_node_packages() {
  [ node_modules/.package-lock.json -nt package-lock.json ] && return
  say "installing what styles and journeys need (npm)"
  # Not `npm ci`: it insists on optional packages of other platforms, which not every registry offers.
  npm install --no-save --silent --no-audit --no-fund || fail "npm failed" "npm install --no-save"
}

build_wasm() (
  use_wasm_toolchain
  cargo build -q -p frontend --lib --target "$wasm_target" --target-dir target/front "$@"
)

compress() { # files...
  node -e 'for (const path of process.argv.slice(1))
    fs.writeFileSync(`${path}.br`, zlib.brotliCompressSync(fs.readFileSync(path)))' "$@"
}

build_site() { # profile, cargo's flags...
  local profile=$1 input
  shift
  say "building the browser half"
  build_wasm "$@"
  input=target/front/$wasm_target/$profile/frontend.wasm
  mkdir -p target/site/pkg
  # The other profile's file may be the newer one.
  if [ "$input" -nt target/site/pkg/rooiam.wasm ] || [ "$(cat target/site.profile 2>/dev/null)" != "$profile" ]; then
    "$tools/bin/wasm-bindgen" --target web --no-typescript --out-name rooiam --out-dir target/site/pkg "$input"
    mv target/site/pkg/rooiam_bg.wasm target/site/pkg/rooiam.wasm
    # -O1: the larger code of higher levels, or the denser of -Oz, compresses worse.
    [ "$profile" = debug ] || node_modules/.bin/wasm-opt -O1 --strip-debug --strip-producers --all-features \
      target/site/pkg/rooiam.wasm -o target/site/pkg/rooiam.wasm
    echo "$profile" >target/site.profile
  fi
  node_modules/.bin/tailwindcss --input style/tailwind.css --output target/site/pkg/rooiam.css --minify >/dev/null 2>&1 ||
    fail "the styles did not compile" "node_modules/.bin/tailwindcss --input style/tailwind.css --output /dev/null"
  cp public/* target/site/
  rm -f target/site/pkg/*.br
  [ "$profile" = debug ] || compress target/site/pkg/rooiam.{js,css,wasm}
}

main() {
  need_command cc "a C compiler" build-essential
  need_wasm_bindgen
  need_node
  need_node_packages
  case ${1:-} in
    --release)
      build_site wasm-release --profile wasm-release
      say "building the server"
      cargo build -q -p server --bin rooiam --release
      ;;
    --site) build_site debug ;;
    *)
      build_site debug
      say "building the server"
      cargo build -q -p server --bin rooiam
      ;;
  esac
}
main "$@"
