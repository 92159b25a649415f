# Shared by the scripts beside it: where things are, what is missing, how to get it.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/jetbridge/target}"
export CARGO_TERM_COLOR="${CARGO_TERM_COLOR:-auto}"
mkdir -p "$CARGO_TARGET_DIR"
started=$SECONDS

say() { printf '\033[1m[%4ds] %s\033[0m\n' "$((SECONDS - started))" "$*" >&2; }
fail() {
  printf '\n%s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  hint: %s\n' "$line" >&2; done
  exit 1
}

# Installs Debian packages when we may, names the command when we may not.
need() { # need COMMAND PACKAGE…
  local command=$1
  shift
  command -v "$command" >/dev/null 2>&1 && return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    fail "The program “$command” is missing." "install the packages that hold it: $*"
  fi
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || fail "The program “$command” is missing." \
      "run as root: apt-get install -y $*"
    sudo=(sudo)
  fi
  say "Installing $* (for “$command”)"
  if ! dpkg -s "$@" >/dev/null 2>&1; then
    "${sudo[@]}" apt-get update -qq >/dev/null || true
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null ||
      fail "Installing $* failed." "run it by hand and read what it says: apt-get install -y $*"
  fi
}

need_rust() {
  command -v cargo >/dev/null 2>&1 ||
    fail "Rust is missing." "install it with rustup (version $(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)), then run this again"
  command -v cc >/dev/null 2>&1 || need cc gcc libc6-dev
}

# A PostgreSQL of our own on a free port, for tests only: no data of anybody else's is touched.
start_postgres() {
  local bin
  bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
  if [ -z "$bin" ] || [ ! -x "$bin/initdb" ]; then
    need jetbridge-needs-postgresql postgresql || true
    bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
  fi
  [ -n "$bin" ] || fail "PostgreSQL is missing." "apt-get install -y postgresql"
  PG_BIN=$bin
  PG_DIR=$(mktemp -d "${TMPDIR:-/tmp}/jetbridge-pg.XXXXXX")
  PG_PORT=$(free_port)
  PG_AS=()
  if [ "$(id -u)" = 0 ]; then
    chown postgres "$PG_DIR"
    PG_AS=(setpriv --reuid=postgres --regid=postgres --init-groups --)
  fi
  "${PG_AS[@]}" "$PG_BIN/initdb" -D "$PG_DIR/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 \
    >"$PG_DIR.log" 2>&1 || fail "PostgreSQL could not be prepared; see $PG_DIR.log"
  "${PG_AS[@]}" "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -w -l "$PG_DIR/server.log" start \
    -o "-p $PG_PORT -k $PG_DIR -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200" \
    >>"$PG_DIR.log" 2>&1 || fail "PostgreSQL did not start; see $PG_DIR/server.log"
  export JETBRIDGE_TEST_POSTGRES="postgres://postgres@127.0.0.1:$PG_PORT/postgres"
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
