# What must be installed, and how. Sourced by `dev`, whose words and settings it uses.
# shellcheck shell=bash

WANTED=()

# want COMMAND PACKAGE
want() { has "$1" || WANTED+=("$2"); }

can_install() { ((EUID == 0)) && has apt-get; }

# Installs every wanted Debian package in one go, or says what to install.
install_wanted() {
  local list="${WANTED[*]}"
  [[ -n $list ]] || return 0
  can_install || fail "missing packages: as root, run apt-get install $list"
  say "installing $list"
  attempt apt-update "apt-get update failed" apt-get update -q
  attempt apt "apt-get could not install $list" apt_install "${WANTED[@]}"
  WANTED=()
}

apt_install() {
  local status=0 own_cluster=/etc/postgresql-common/createcluster.d/mimamori.conf
  # Debian's postgresql would start a cluster of its own, which nobody here wants.
  [[ $* != *postgresql* ]] || install -D -m 644 /dev/stdin "$own_cluster" <<<'create_main_cluster = false'
  forbid_services
  DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends -o DPkg::Lock::Timeout=120 "$@" || status=$?
  rm -f "$own_cluster"
  allow_services
  disable_services "$@"
  return "$status"
}

# Packages that bring a service of their name. The tests start these programs themselves, on ports and in directories of their own.
SERVICES=(prometheus prometheus-node-exporter victoria-metrics)
# Asked before a package starts a service (invoke-rc.d(8)).
SERVICE_POLICY=/usr/sbin/policy-rc.d
OUR_POLICY='put here by ./dev while it installs packages'

# Until `allow_services`, apt does not start those services. A policy that the machine has already stays as it is.
forbid_services() {
  [[ ! -e $SERVICE_POLICY ]] || return 0
  install -m 755 /dev/stdin "$SERVICE_POLICY" <<END
#!/bin/sh
# $OUR_POLICY
case " \$*" in *" prometheus"* | *" victoria-metrics"*) exit 101 ;; esac
END
}

# Also takes away what a run left that was cut short.
allow_services() { ! grep -qsF "$OUR_POLICY" "$SERVICE_POLICY" || rm -f "$SERVICE_POLICY"; }

# disable_services PACKAGE...: those that were installed just now, so no service that somebody uses is among them. They would start with the
# machine, and have started where its own policy lets them.
disable_services() {
  local package
  [[ -d /run/systemd/system ]] || return 0
  for package in "$@"; do
    [[ " ${SERVICES[*]} " != *" $package "* ]] || systemctl --quiet disable --now "$package.service"
  done
}

need_disk() {
  local dir=$TARGET free_kb
  while [[ ! -d $dir ]]; do dir=$(dirname "$dir"); done
  free_kb=$(df -Pk "$dir" | awk 'NR == 2 { print $4 }')
  ((free_kb >= NEEDED_DISK_GB * 1024 * 1024)) ||
    fail "disk full: $((free_kb / 1024)) MB are free at $dir, $NEEDED_DISK_GB GB are needed (CARGO_TARGET_DIR can point elsewhere)"
}

need_rust() {
  has cargo || fail "Rust is missing: install it from https://rustup.rs"
  has cc || fail "a C compiler is missing: install build-essential"
  [[ ! -d $(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown ]] || return 0
  has rustup || fail "the Rust target wasm32-unknown-unknown is missing: install it the way Rust was installed"
  say "adding the target wasm32-unknown-unknown"
  attempt rustup "rustup could not add the target wasm32-unknown-unknown" rustup target add wasm32-unknown-unknown
}

# need_npm_packages DIRECTORY...
need_npm_packages() {
  local dir
  (($(node -p 'process.versions.node.split(".")[0]') >= OLDEST_NODE)) ||
    fail "Node.js $(node --version) is too old, $OLDEST_NODE or newer is needed: install it from https://nodejs.org"
  for dir in "$@"; do
    [[ ! $ROOT/$dir/node_modules/.package-lock.json -nt $ROOT/$dir/package-lock.json ]] || continue
    say "installing npm packages for $dir"
    attempt npm "npm ci in $dir failed" env PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --prefix "$ROOT/$dir" --no-audit --no-fund
  done
}

# The programs that send to us and read from us in the tests, as people run them.
want_senders() {
  want prometheus prometheus
  want prometheus-node-exporter prometheus-node-exporter
  want victoria-metrics victoria-metrics
  want python3 python3
  # Debian has it in a package of its own.
  python3 -c 'import ensurepip, venv' 2>/dev/null || WANTED+=(python3-venv)
}

# OpenTelemetry's SDK for Python, apart from the machine's own packages.
need_python_packages() {
  local dir=$STATE/senders wanted=$ROOT/end2end/senders/requirements.txt
  # Copied last, so that what was cut short is made again.
  ! cmp -s "$wanted" "$dir/requirements.txt" || return 0
  say "installing Python packages"
  rm -rf "$dir"
  attempt venv "python3 could not make a virtual environment in $dir" python3 -m venv "$dir"
  attempt pip "pip could not install $wanted in $dir" \
    "$dir/bin/pip" install --quiet --disable-pip-version-check --require-hashes --requirement "$wanted"
  cp "$wanted" "$dir/requirements.txt"
}

has_japanese_font() {
  fc-list :lang=ja 2>/dev/null | grep -q . || dpkg -s fonts-noto-cjk >/dev/null 2>&1
}

# Sets PG_BIN to the newest directory with a server that will do; TOO_OLD to what was found and will not.
find_postgres() {
  local dir major
  PG_BIN='' TOO_OLD=''
  while read -r dir; do
    [[ -x $dir/postgres && -x $dir/initdb ]] || continue
    major=$("$dir/postgres" --version | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p') || true
    ((${major:-0} < OLDEST_POSTGRES)) || { PG_BIN=$dir && return; }
    TOO_OLD="postgres ${major:-?} in $dir is too old, $OLDEST_POSTGRES or newer is needed: "
  done < <(postgres_places)
}

# Where the server itself looks, in its order; the last two are where it unpacks the one it fetches.
postgres_places() {
  [[ -z ${MIMAMORI_PG_BIN:-} ]] || { printf '%s\n' "$MIMAMORI_PG_BIN" && return; }
  find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -rV
  ! has postgres || dirname "$(command -v postgres)"
  find /var/lib/mimamori/pg "$HOME/.local/share/mimamori/pg" -maxdepth 7 -name initdb -printf '%h\n' 2>/dev/null
}
