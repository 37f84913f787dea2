#!/usr/bin/env bash
# Builds the pages of the workplace into ui/dist/page, from where the program takes them, when what
# they are made of is newer than what is there. Where there is no npm the program is built without.
set -euo pipefail
cd "$(dirname "$0")/../ui"

say() { printf 'ui: %s\n' "$*"; }

if ! command -v npm >/dev/null 2>&1; then
    say 'npm is missing (Node 20.19 or later): the program will be built without its pages'
    exit 0
fi
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    say 'installing what the pages are built with'
    npm ci --no-fund --no-audit --loglevel=error
    touch node_modules/.package-lock.json
fi
built=dist/page/index.html
if [ ! -e "$built" ] ||
    [ -n "$(find src index.html package.json vite.config.ts tsconfig.json -newer "$built" -print -quit)" ]; then
    npm run --silent build -- --logLevel warn
    say 'built'
fi
