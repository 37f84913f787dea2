#!/bin/sh
# Runs a command beside a PostgreSQL of its own, whose address it finds in PIAOHAO_TEST_PG:
#
#     scripts/with-postgres.sh cargo nextest run
#
# The cluster lives in a temporary folder, listens on a socket in it and is gone afterwards. Run as
# root, the server runs as the user postgres. PIAOHAO_PG_BIN names the folder of initdb and pg_ctl
# where the usual place does not have it; PIAOHAO_PG_OPTIONS is added to the server's options. If
# PIAOHAO_TEST_PG is set already, the command just runs.
set -eu

if [ $# -eq 0 ]; then
    echo "usage: $0 command [argument...]" >&2
    exit 2
fi
if [ -n "${PIAOHAO_TEST_PG:-}" ]; then
    exec "$@"
fi

bin=${PIAOHAO_PG_BIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)}
if [ ! -x "$bin/initdb" ]; then
    echo "$0: PostgreSQL is not installed: run 'apt-get install postgresql', or set" >&2
    echo "PIAOHAO_PG_BIN to the folder of initdb and pg_ctl" >&2
    exit 1
fi

# A short path: that of a socket has at most 107 bytes.
folder=$(mktemp -d /tmp/piaohao-pg-XXXXXX)
if [ "$(id -u)" -eq 0 ]; then
    chown postgres: "$folder"
    as_user() { (cd / && exec runuser -u postgres -- "$@"); }
else
    as_user() { "$@"; }
fi

stop() {
    as_user "$bin/pg_ctl" stop -m immediate --pgdata "$folder/data" >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

as_user "$bin/initdb" --auth=trust --username=postgres --encoding=UTF8 --locale=C --no-sync \
    --pgdata "$folder/data" >/dev/null
if ! as_user "$bin/pg_ctl" start -w -t 60 --pgdata "$folder/data" --log "$folder/log" -o \
    "-c listen_addresses='' -c unix_socket_directories=$folder ${PIAOHAO_PG_OPTIONS:-}" >/dev/null
then
    cat "$folder/log" >&2
    exit 1
fi

PIAOHAO_TEST_PG="postgres://postgres@$(echo "$folder" | sed 's|/|%2F|g')/postgres"
export PIAOHAO_TEST_PG
"$@"
