# Source me: what every script shares. One line for each step, a remedy for each failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD

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
