#!/usr/bin/env bash
# What must hold of the pages: style, types, units, that they speak the interface of this very
# program, and walks through a served bank in Debian's Chromium.
set -euo pipefail
cd "$(dirname "$0")/../ui"

target=${CARGO_TARGET_DIR:-$PWD/../target}
program=${PIAOHAO_PROGRAM:-$target/debug/piaohao}

../scripts/build-ui.sh
npm run --silent lint
npm run --silent check
npm run --silent api -- "$program" --check
npm run --silent test
PIAOHAO_PROGRAM="$program" npm run --silent walk
