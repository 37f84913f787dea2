#!/usr/bin/env bash
# Asks the service what its description allows and what it forbids, at random from a fixed seed, and
# holds the answers against the description: no faults of ours, no status, type or body that it does
# not tell of, nothing accepted that is wrong. Bounded in time.
#
# The tester is a Python package, installed outside the checkout and kept there. Where it cannot be
# had, the run goes on without it, loudly; with CI set, it fails.
set -euo pipefail
cd "$(dirname "$0")/.."

version=4.32.5
seed=20260105
examples=${PIAOHAO_FUZZ_EXAMPLES:-8}
# For all of it; what is not done by then is left.
seconds=${PIAOHAO_FUZZ_SECONDS:-80}
# Who may read and book most, who works at a counter, and who hands out tokens.
operators=(su cai qu)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/piaohao/schemathesis-$version

say() { printf 'schemathesis: %s\n' "$*"; }

without() {
    say "SKIPPED, the interface was not tried: $*" >&2
    [ -z "${CI:-}" ] || exit 1
    exit 0
}

if [ ! -x "$cache/bin/schemathesis" ]; then
    command -v python3 >/dev/null 2>&1 || without 'there is no python3'
    rm -rf "$cache"
    mkdir -p "$(dirname "$cache")"
    python3 -m venv "$cache" || without 'python3 has no venv'
    say "installing schemathesis $version into $cache"
    if ! "$cache/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"; then
        rm -rf "$cache"
        without "schemathesis $version cannot be installed"
    fi
fi

target=${CARGO_TARGET_DIR:-target}
cargo build --locked --package server
place=$(mktemp -d)
service=
# shellcheck disable=SC2317,SC2329  # called by the trap
end() {
    if [ -n "$service" ]; then
        kill "$service" 2>/dev/null || true
        wait "$service" 2>/dev/null || true
    fi
    rm -rf "$place"
}
trap end EXIT

piaohao=("$target/debug/piaohao" --home "$place/bank")
"$target/debug/piaohao" demo --data testdata/amlsim/20K_cycle200 --home "$place/bank" --days 2 \
    --quiet >"$place/demo.log" 2>&1 || { cat "$place/demo.log" >&2; exit 1; }
"${piaohao[@]}" --json serve --listen 127.0.0.1:0 >"$place/address" 2>"$place/service.log" &
service=$!
for _ in $(seq 100); do
    address=$(grep -o 'http://[0-9.:]*' "$place/address" || true)
    [ -n "$address" ] && break
    kill -0 "$service" || { cat "$place/service.log" >&2; exit 1; }
    sleep 0.1
done

# Who may do most: a session, since a token signs for nobody.
session() {
    "$cache/bin/python" - "$address" "$1" <<'PYTHON'
import json, sys, urllib.request
address, operator = sys.argv[1:]
form = json.dumps({"operator": operator, "password": "Piaohao-2026"}).encode()
request = urllib.request.Request(
    address + "/api/v1/session", form, {"Content-Type": "application/json"}
)
with urllib.request.urlopen(request) as answer:
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    print(cookie, json.load(answer)["csrf"])
PYTHON
}

# Calls that end the session itself, or try its passwords until it is locked out, would leave the
# rest to nobody, and streams have no end, or are of types that the tester cannot write: the Rust tests
# ask for those.
run() {
    local cookie csrf left=$((end_by - SECONDS)) status=0
    if [ "$left" -le 0 ]; then
        say "no time left to ask as $1"
        return 0
    fi
    say "asking as $1"
    read -r cookie csrf < <(session "$1")
    timeout "$left" "$cache/bin/schemathesis" --config-file /dev/null run \
        "$address/api/openapi.json" \
        --header "Cookie: $cookie" --header "X-CSRF-Token: $csrf" \
        --checks not_a_server_error,status_code_conformance,content_type_conformance \
        --checks response_schema_conformance,negative_data_rejection \
        --phases examples,coverage,fuzzing --mode all \
        --exclude-path-regex '/session($|/)|/entries/bulk$|/events$' \
        --max-examples "$examples" --seed "$seed" --generation-database none \
        --suppress-health-check filter_too_much --warnings off --no-color || status=$?
    # Whoever ran out of time found nothing until then.
    [ "$status" -ne 124 ] || { say "time ran out while asking as $1"; status=0; }
    return "$status"
}

end_by=$((SECONDS + seconds))
status=0
for operator in "${operators[@]}"; do
    run "$operator" || status=$?
done
if grep -q 'ERROR' "$place/service.log"; then
    grep 'ERROR' "$place/service.log" | head -20 >&2
    status=1
fi
exit "$status"
