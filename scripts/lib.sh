# Source me: what every script shares. One line for each step, a remedy for each failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
tools=${XDG_CACHE_HOME:-$HOME/.cache}/rooiam/tools

say() { printf '\033[1m▸\033[0m %s\n' "$*"; }

fail() { # message, remedy
  printf '✗ %s\n' "$1" >&2
  [ -n "${2:-}" ] && printf '  remedy: %s\n' "$2" >&2
  exit 1
}

need_packages() { # what for, packages...
  local what=$1
  shift
  command -v apt-get >/dev/null || fail "$what is missing" "install (Debian names): $*"
  [ "$(id -u)" = 0 ] || fail "$what is missing" "sudo apt-get install $*"
  say "installing $what ($*)"
  [ -n "${rooiam_apt_fresh:-}" ] || apt-get update -qq
  rooiam_apt_fresh=1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
    fail "apt-get could not install $*" "apt-get install $*"
}

need_command() { # command, what for, packages...
  command -v "$1" >/dev/null || need_packages "${@:2}"
}

# Debian 12 has Node.js 18; styles and journeys need 20. The registry of npm offers Node.js itself.
need_node() {
  need_command npm "Node.js" nodejs npm
  local folder=$tools/node/node_modules/node/bin
  [ ! -x "$folder/node" ] || PATH=$folder:$PATH
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] && return
  say "installing Node.js 22 (npm)"
  npm install --prefix "$tools/node" --silent --no-audit --no-fund node@22 && [ -x "$folder/node" ] ||
    fail "Node.js 20 or later is missing" "install it"
  PATH=$folder:$PATH
}

# Unoptimised, because building such a tool takes longer than using it.
need_cargo_tool() { # crate, version, cargo's flags...
  local crate=$1 version=$2 mark=$tools/$1-$2
  shift 2
  [ -e "$mark" ] && return
  say "installing $crate $version once (a few minutes)"
  cargo install -q "$crate" --version "$version" --debug --root "$tools" "$@" ||
    fail "$crate did not install" "cargo install $crate --version $version --root $tools"
  rm -f "$tools/$crate"-*
  touch "$mark"
}
