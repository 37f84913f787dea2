#!/usr/bin/env bash
# Shows two nodes on one PostgreSQL to a person: entries are posted without pause, the writer is
# killed, the other node takes over, and in the end every acknowledged entry is there once.
#
#     scripts/take-over.sh [path of piaohao]
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${PIAOHAO_TEST_PG:-}" ]; then
    exec scripts/with-postgres.sh "$0" "$@"
fi

piaohao=$(realpath "${1:-${CARGO_TARGET_DIR:-target}/debug/piaohao}")
folder=$(mktemp -d /tmp/piaohao-take-over-XXXXXX)
nodes=()
tidy_up() {
    for node in "${nodes[@]}"; do kill -9 "$node" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap tidy_up EXIT
export BOOKS=$PIAOHAO_TEST_PG

say() { printf '%s  %s\n' "$(date +%H:%M:%S.%3N)" "$*"; }
one() { "$piaohao" --home "$folder/one" "$@"; }

say "a bank on PostgreSQL, and a second home of it"
one -q init --bank "show$$" --title 示范农商银行 --store env:BOOKS --archive "$folder/history" >/dev/null
one -q day open 2026-01-05 >/dev/null
one -q account open 6217000000000000029 --name 李强 --kind personal_current --institution 0000 >/dev/null
printf 'operator,name,institution,posts\nzhang,张三,0000,accountant\n' >"$folder/people.csv"
one -q office enrol "$folder/people.csv" >/dev/null
mkdir "$folder/two"
cp "$folder/one/piaohao.toml" "$folder/two/"
# Everybody of a demonstration signs in with one password.
touch "$folder/one/made-by-demo" "$folder/two/made-by-demo"

serve() { # home
    PIAOHAO_LOG=warn "$piaohao" --json --home "$folder/$1" serve --listen 127.0.0.1:0 \
        >"$folder/$1.out" 2>"$folder/$1.log" &
    nodes+=($!)
    until address=$(grep -o 'http://[0-9.:]*' "$folder/$1.out"); do sleep 0.05; done
}
serve one; first=$address
serve two; second=$address
say "$first is $(curl -s "$first/ready"), $second is $(curl -s "$second/ready")"

csrf=$(curl -s -c "$folder/jar" "$second/api/v1/session" -H 'Content-Type: application/json' \
    -d '{"operator":"zhang","password":"Piaohao-2026"}' | jq -r .csrf)
cookie="Cookie: $(awk '/piaohao_session/ { print $6 "=" $7 }' "$folder/jar")"
post() { # node key
    curl -s -m 2 -o "$folder/answer" -w '%{http_code}' "$1/api/v1/entries" -H "$cookie" \
        -H "X-CSRF-Token: $csrf" -H "Idempotency-Key: $2" -H 'Content-Type: application/json' -d '{
            "institution": "0000", "lines": [
            { "account": "0000.CNY.1001-02.01", "side": "debit", "amount": "1.00" },
            { "account": "6217000000000000029", "side": "credit", "amount": "1.00" } ] }'
}
at=$first other=$second posted=0
acknowledged() { # key
    until [ "$(post "$at" "$1")" = 201 ]; do
        swap=$at at=$other other=$swap
        sleep 0.05
    done
    posted=$((posted + 1))
}
for number in $(seq 50); do acknowledged "before-$number"; done
say "$posted entries acknowledged by $at; now it is killed"
kill -9 "${nodes[0]}"
wait "${nodes[0]}" 2>/dev/null || true
began=$(date +%s%3N)
acknowledged after-1
say "$at acknowledged the next entry $(($(date +%s%3N) - began)) ms later"
for number in $(seq 2 50); do acknowledged "after-$number"; done
again=0
for number in $(seq 50); do
    for key in "before-$number" "after-$number"; do
        post "$at" "$key" >/dev/null
        again=$((again + $(jq 'if .again then 1 else 0 end' "$folder/answer")))
    done
done
say "all keys once more: $again of $posted were known"
kill -TERM "${nodes[1]}"
wait "${nodes[1]}"
say "balance: $(one --json account show 6217000000000000029 | jq -r .balance)"
one verify
