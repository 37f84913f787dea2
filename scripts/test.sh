#!/usr/bin/env bash
# Everything that must hold before a change gets in, cheapest first. Ends with the closing lines of
# the test runners, so that the end of a long log says what ran.
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT

step() { printf '\n== %s\n' "$*"; }

step tidy
cargo xtask tidy
step format
cargo fmt --all --check
# Before the program is compiled, which carries them.
step pages
scripts/build-ui.sh
step clippy
cargo clippy --workspace --all-targets --locked -- --deny warnings

step tests
if cargo nextest --version >/dev/null 2>&1; then
    run=(cargo nextest run --workspace --locked --no-fail-fast)
else
    run=(cargo test --workspace --locked --no-fail-fast)
fi
status=0
scripts/with-postgres.sh "${run[@]}" 2>&1 | tee "$log" || status=$?

step interface
scripts/schemathesis.sh 2>&1 | tee -a "$log" || status=$?

step walks
scripts/test-ui.sh 2>&1 | tee -a "$log" || status=$?

step summary
scripts/closing-lines.sh <"$log"
exit "$status"
