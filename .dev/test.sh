# `./dev test`: its steps, and how they are counted. Sourced by `dev`, whose words and settings it uses.
# shellcheck shell=bash

# The unprivileged user that a root run lends to Postgres, chosen as the server does; nothing for everybody else.
lent_account() {
  ((EUID == 0)) || return 0
  id -nu mimamori-pg 2>/dev/null || id -nu postgres 2>/dev/null || id -nu nobody 2>/dev/null ||
    fail "Postgres must not run as root, and the users mimamori-pg, postgres and nobody are missing: run useradd --system mimamori-pg"
}

free_port() {
  local port
  for port in $(shuf -i 20000-32000 -n 50); do
    answers 127.0.0.1 "$port" || { printf '%s\n' "$port" && return; }
  done
  fail "no free port was found between 20000 and 32000"
}

# Starts a Postgres that lasts as long as the tests, and writes its URL to $STATE/test-postgres.url. Changes the directory.
start_test_postgres() {
  local dir account port password as=()
  stop test-postgres INT
  account=$(lent_account)
  port=$(free_port)
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  dir=$(mktemp -d "${TMPDIR:-/tmp}/mimamori-test.XXXXXX")
  cd "$dir"
  printf '%s\n' "$password" >password
  if [[ -n $account ]]; then
    chown -R "$account" "$dir"
    as=(setpriv "--reuid=$account" "--regid=$(id -g "$account")" --clear-groups env "HOME=$dir")
  fi
  "${as[@]}" "$PG_BIN/initdb" --pgdata "$dir/data" --username mimamori --pwfile "$dir/password" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions >"$STATE/initdb.log" 2>&1 ||
    fail "$PG_BIN/initdb failed: $(tail -n 1 "$STATE/initdb.log")"
  # Nothing here outlives the run, so nothing need survive a power cut: without fsync a test's database is there in a tenth of the time.
  # The product's own Postgres keeps it on, and the journey that kills the server uses that one.
  "${as[@]}" "$PG_BIN/postgres" -D "$dir/data" -k "$dir" -p "$port" -c listen_addresses=127.0.0.1 -c max_connections=200 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off >"$STATE/test-postgres.log" 2>&1 </dev/null &
  record test-postgres $! "$dir"
  make_test_database "$port" "$password"
  printf 'postgres://mimamori:%s@127.0.0.1:%s/mimamori\n' "$password" "$port" >"$STATE/test-postgres.url"
}

make_test_database() {
  local deadline=$((SECONDS + 30))
  until PGPASSWORD=$2 "$PG_BIN/psql" -qX -h 127.0.0.1 -p "$1" -U mimamori -d postgres -c 'create database mimamori' >/dev/null 2>&1; do
    if ! running test-postgres >/dev/null || ((SECONDS > deadline)); then
      fail "the Postgres for the tests did not start: $(tail -n 1 "$STATE/test-postgres.log")"
    fi
    sleep 0.1
  done
}

prepare() {
  need_disk
  find_postgres
  want cc build-essential
  want node nodejs
  want npm npm
  [[ -n $PG_BIN || -n ${MIMAMORI_PG_BIN:-} ]] || WANTED+=(postgresql)
  [[ -x $CHROMIUM ]] || WANTED+=(chromium)
  # Without a Japanese font every screen is made of boxes, and measures differently.
  has_japanese_font || WANTED+=(fonts-noto-cjk)
  want_senders
  install_wanted
  need_rust
  need_npm_packages editor end2end
  need_python_packages
  find_postgres
  [[ -n $PG_BIN ]] || fail "${TOO_OLD:-no Postgres found: }install the package postgresql, or set MIMAMORI_PG_BIN to a newer one"
  fetch_crates
  start_test_postgres
}

lint_server() { cargo clippy --workspace --exclude frontend --all-targets -- -D warnings; }

# In the directory of the browser's build, which shares the macros and build scripts.
lint_browser() { cargo clippy -p frontend --target wasm32-unknown-unknown --target-dir "$TARGET/front" -- -D warnings; }

rust_tests() { cargo test --workspace --exclude frontend --no-fail-fast 2>&1 | tee "$STATE/cargo-test.log"; }

# `public/editor.js` is what its sources make, and does what it should with a second person on the line.
editor_tests() {
  cd "$ROOT/editor"
  node build.mjs --check
  npm test --silent
  CHROMIUM=$CHROMIUM RUNS=50 FILES=50 npm run --silent test:browser
}

journeys() {
  find_postgres
  cd "$ROOT/end2end"
  # psql makes a database for each journey.
  PATH="$PG_BIN:$PATH" MIMAMORI_BIN=$TARGET/debug/mimamori LEPTOS_SITE_ROOT=$ROOT/target/site node_modules/.bin/playwright test
}

PASSED=0 FAILED=0 STATUS=0

# run NAME FUNCTION...: in a shell of its own, which the first failing command ends. Leaves the outcome in STATUS.
run() {
  local name=$1 since=$SECONDS
  shift
  say "$name"
  # Not `if (...)`: in a condition bash would go on after a failing command.
  set +e
  (
    set -e
    "$@"
  )
  STATUS=$?
  set -e
  if ((STATUS == 0)); then say "$name: ok, $((SECONDS - since)) s"; else say "$name: FAILED, $((SECONDS - since)) s"; fi
}

# count PASSED FAILED: a step that failed without a failing test (it did not compile, it crashed) is one failure.
count() {
  local failed=$2
  ((STATUS == 0 || failed > 0)) || failed=1
  PASSED=$((PASSED + $1)) FAILED=$((FAILED + failed))
}

# A step that is no test counts as one.
step() {
  run "$@"
  count $((STATUS == 0)) 0
}

count_rust_tests() {
  local passed failed
  read -r passed failed < <(awk '/^test result: / { p += $4; f += $6 } END { print p + 0, f + 0 }' "$STATE/cargo-test.log")
  count "$passed" "$failed"
}

count_journeys() {
  local passed=0 failed=0 report=$ROOT/end2end/test-results/report.json
  [[ ! -f $report ]] || read -r passed failed < <(
    node -p 'const { stats } = require(process.argv[1]); stats.expected + " " + (stats.unexpected + stats.flaky)' "$report"
  )
  count "$passed" "$failed"
}

tests() {
  trap 'stop test-postgres INT >/dev/null' EXIT
  trap 'exit 130' INT TERM
  step "preparing" prepare
  ((FAILED == 0)) || finish
  DATABASE_URL=$(<"$STATE/test-postgres.url")
  export DATABASE_URL
  rm -f "$ROOT/end2end/test-results/report.json"
  step "format" cargo fmt --all --check
  step "clippy, server and screens" lint_server
  step "clippy, browser" lint_browser
  step "editor" editor_tests
  run "tests" rust_tests
  count_rust_tests
  step "build" compile debug
  if ((STATUS == 0)); then run "journeys in Chromium" journeys; else say "journeys in Chromium: FAILED, nothing was built"; fi
  count_journeys
  finish
}

finish() {
  stop test-postgres INT
  printf '%s passed, %s failed\n' "$PASSED" "$FAILED"
  exit $((FAILED > 0))
}
