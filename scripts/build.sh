#!/usr/bin/env bash
# Builds what the browser gets (target/site) and the server: the steps of `cargo leptos build`, in the same folders,
# without the minutes it takes to install cargo-leptos. `--release` optimises both halves; `--site` leaves the server out,
# and so does `--shipped-site`, which optimises: tests build the server themselves.
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

# What every browser of the last years takes. Named one by one: with all features binaryen writes a file that none loads.
wasm_features=(--enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals
  --enable-reference-types --enable-multivalue)

compress() { # file
  [ -e "$1.br" ] && return
  node -e 'fs.writeFileSync(process.argv[2], zlib.brotliCompressSync(fs.readFileSync(process.argv[1])))' "$1" "$1.part"
  mv "$1.part" "$1.br"
}

hash_of() { sha256sum "$1" | cut -c1-16; }

# Puts what was made into the site, each file under the hash of its content, and writes the hashes down for the server.
publish() { # folder, profile
  local pkg=target/site/pkg kind hash name kept=(hash.txt)
  mkdir -p "$pkg"
  : >"$1/hash.txt"
  for kind in js wasm css woff2; do
    hash=$(hash_of "$1/rooiam.$kind")
    name=rooiam.$hash.$kind
    kept+=("$name")
    [ -e "$pkg/$name" ] || cp "$1/rooiam.$kind" "$pkg/$name"
    if [ "$2" != debug ] && [ "$kind" != woff2 ]; then
      compress "$pkg/$name"
      kept+=("$name.br")
    fi
    echo "$kind: $hash" >>"$1/hash.txt"
  done
  cp "$1/hash.txt" "$pkg/hash.txt"
  for name in $(ls "$pkg"); do
    [[ " ${kept[*]} " == *" $name "* ]] || rm -r "${pkg:?}/$name"
  done
}

build_site() { # profile, cargo's flags...
  local profile=$1 input made
  shift
  say "building the browser half"
  build_wasm "$@"
  input=target/front/$wasm_target/$profile/frontend.wasm
  made=target/front/pkg/$profile
  mkdir -p "$made"
  if [ "$input" -nt "$made/rooiam.wasm" ] || [ scripts/build.sh -nt "$made/rooiam.wasm" ]; then
    "$tools/bin/wasm-bindgen" --target web --no-typescript --out-name rooiam --out-dir "$made" "$input"
    # -O1: the larger code of higher levels, or the denser of -Oz, compresses worse.
    [ "$profile" = debug ] || node_modules/.bin/wasm-opt -O1 --strip-debug --strip-producers "${wasm_features[@]}" \
      "$made/rooiam_bg.wasm" -o "$made/rooiam_bg.wasm"
    mv "$made/rooiam_bg.wasm" "$made/rooiam.wasm"
  fi
  node_modules/.bin/tailwindcss --input style/tailwind.css --output "$made/rooiam.css" --minify >/dev/null 2>&1 ||
    fail "the styles did not compile" "node_modules/.bin/tailwindcss --input style/tailwind.css --output /dev/null"
  cp style/inter.woff2 "$made/rooiam.woff2"
  sed -i "s,/pkg/rooiam.woff2,/pkg/rooiam.$(hash_of "$made/rooiam.woff2").woff2," "$made/rooiam.css"
  publish "$made" "$profile"
  cp public/* target/site/
}

build_server() { # cargo's flags...
  say "building the server"
  cargo build -q -p server --bin rooiam "$@"
}

main() {
  need_command cc "a C compiler" build-essential
  need_wasm_bindgen
  need_node
  need_node_packages
  case ${1:-} in
    --release)
      build_site wasm-release --profile wasm-release
      build_server --release
      ;;
    --shipped-site) build_site wasm-release --profile wasm-release ;;
    --site) build_site debug ;;
    *)
      build_site debug
      build_server
      ;;
  esac
}
main "$@"
