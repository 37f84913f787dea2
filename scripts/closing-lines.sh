#!/usr/bin/env bash
# From the log of a test run, on standard input, to the lines that say how it ended: the Summary of
# nextest with the failures named once each, or the results of `cargo test`; then what Vitest and
# Playwright counted. What stands behind a heading `== summary` is this program's own output of an
# inner run, and is left out.
set -euo pipefail

closing='^ *(Summary|FAIL|SIGABRT|SIGSEGV|TIMEOUT) \[|^test result:|^test .* FAILED$|^ *Tests  |^  [0-9]+ (passed|failed)'

sed -e $'s/\033\\[[0-9;]*m//g' -e '/^== summary$/,$d' |
    awk -v closing="$closing" '
        $0 ~ closing && (/^test result:/ || !seen[$0]++) { print; ended = 1 }
        END { if (!ended) print "no test runner came to an end" }'
