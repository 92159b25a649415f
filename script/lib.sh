# Shared by the scripts beside it: where things are, what is missing, how to get it.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/jetbridge/target}"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-auto}"
# Tests built for another checkout that shares the target folder look for their snapshots here.
export INSTA_WORKSPACE_ROOT="$PWD"
mkdir -p "$CARGO_TARGET_DIR"
started=$SECONDS
if [ -t 2 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\033[1m' plain=$'\033[0m'; else bold='' plain=''; fi

say() { printf '%s[%3d:%02d] %s%s\n' "$bold" $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60)) "$*" "$plain" >&2; }
fail() {
  printf '\nerror: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  hint: %s\n' "$line" >&2; done
  exit 1
}

# Installs Debian packages when we may, names the command when we may not.
install_packages() { # install_packages WHAT PACKAGE…
  local what=$1
  shift
  command -v apt-get >/dev/null 2>&1 ||
    fail "$what is missing." "install the packages your system has for it (on Debian: $*)"
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || fail "$what is missing." "as root: apt-get install -y $*"
    sudo=(sudo)
  fi
  say "Installing $* (for $what)"
  "${sudo[@]}" apt-get update -qq >/dev/null || true
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null ||
    fail "Installing $* failed." "run it by hand and read what it says: apt-get install -y $*"
}

need() { # need COMMAND PACKAGE…
  local command=$1
  shift
  command -v "$command" >/dev/null 2>&1 || install_packages "“$command”" "$@"
}

need_rust() {
  if ! command -v cargo >/dev/null 2>&1 && [ -x "$HOME/.cargo/bin/cargo" ]; then
    export PATH="$HOME/.cargo/bin:$PATH"
  fi
  command -v cargo >/dev/null 2>&1 ||
    fail "Rust is missing." "install it with rustup (https://rustup.rs), then run this again"
  need cc gcc libc6-dev
}

# A browser without a window, and the fonts Chinese is drawn with.
need_browser() {
  local name
  for name in chromium chromium-browser google-chrome chrome; do
    if command -v "$name" >/dev/null 2>&1; then
      JETBRIDGE_CHROMIUM=$(command -v "$name")
      break
    fi
  done
  if [ -z "${JETBRIDGE_CHROMIUM:-}" ]; then
    install_packages "the browser tests" chromium fonts-noto-cjk
    JETBRIDGE_CHROMIUM=$(command -v chromium)
  fi
  export JETBRIDGE_CHROMIUM
  if command -v fc-list >/dev/null 2>&1 && [ -z "$(fc-list :lang=zh family 2>/dev/null)" ]; then
    install_packages "Chinese in the browser tests" fonts-noto-cjk
  fi
}

# cargo build, with a line now and then where there is no terminal to draw a bar on.
build() {
  if [ -t 2 ]; then
    cargo build "$@"
    return
  fi
  local line n=0
  cargo build "$@" 2>&1 | while IFS= read -r line; do
    case $line in
      *Compiling*)
        n=$((n + 1))
        if [ $((n % 40)) = 0 ]; then say "  $n packages so far, now$line"; fi
        ;;
      *Downloaded* | *Downloading* | *Locking* | *Updating* | *Blocking*) ;;
      *) printf '%s\n' "$line" >&2 ;;
    esac
  done
}

# Sets `passed` and `failed` from what the test runner wrote.
count() { # count LOG
  passed=$(tally "$1" passed)
  failed=$(tally "$1" 'failed|timed out|exec failed')
}

# Adds up the numbers that stand before WORDS in the closing lines of nextest or cargo test.
tally() { # tally LOG WORDS
  local closing
  closing=$(grep -E '^ *Summary \[' "$1" | tail -n 1 || true)
  [ -n "$closing" ] || closing=$(grep -E '^test result:' "$1" || true)
  { grep -oE "[0-9]+ ($2)" <<<"$closing" || true; } | awk '{n += $1} END {print n + 0}'
}

# A PostgreSQL of our own on a free port, for tests only: no data of anybody else's is touched.
start_postgres() {
  if [ -n "${JETBRIDGE_TEST_POSTGRES:-}" ]; then
    say "PostgreSQL: the one named by JETBRIDGE_TEST_POSTGRES"
    return 0
  fi
  PG_BIN=$(postgres_programs)
  if [ -z "$PG_BIN" ]; then
    install_packages "the tests on PostgreSQL" postgresql
    PG_BIN=$(postgres_programs)
  fi
  [ -n "$PG_BIN" ] || fail "PostgreSQL is missing." "apt-get install -y postgresql"
  say "PostgreSQL: a private one from $PG_BIN"
  PG_DIR=$(mktemp -d "${TMPDIR:-/tmp}/jetbridge-pg.XXXXXX")
  PG_PORT=$(free_port)
  PG_AS=()
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$PG_DIR"
    PG_AS=(setpriv --reuid=postgres --regid=postgres --init-groups --)
  fi
  "${PG_AS[@]}" "$PG_BIN/initdb" -D "$PG_DIR/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 \
    >"$PG_DIR.log" 2>&1 || fail "PostgreSQL could not be prepared." "read $PG_DIR.log"
  "${PG_AS[@]}" "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -w -l "$PG_DIR/server.log" start \
    -o "-p $PG_PORT -k $PG_DIR -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=300" \
    >>"$PG_DIR.log" 2>&1 || fail "PostgreSQL did not start." "read $PG_DIR/server.log"
  export JETBRIDGE_TEST_POSTGRES="postgres://postgres@127.0.0.1:$PG_PORT/postgres"
}

postgres_programs() {
  local bin
  bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
  if [ -z "$bin" ] && command -v initdb >/dev/null 2>&1; then bin=$(dirname "$(command -v initdb)"); fi
  if [ -n "$bin" ] && [ -x "$bin/initdb" ]; then echo "$bin"; fi
}

stop_postgres() {
  [ -n "${PG_DIR:-}" ] || return 0
  "${PG_AS[@]}" "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$PG_DIR" "$PG_DIR.log"
}

free_port() {
  local port
  for port in $(shuf -i 20000-40000 -n 50); do
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
  fail "No free port was found between 20000 and 40000."
}
