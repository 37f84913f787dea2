#!/usr/bin/env bash
# Installs what building and testing need and this machine lacks: a C toolchain for the bundled
# SQLite, PostgreSQL's programs, a font and a reader for PDF, a test runner, Node for the pages and a
# browser to walk them with. Does nothing when all is there, so it may be run before every test.
set -euo pipefail
cd "$(dirname "$0")/.."

nextest_version=0.9.143
apt_is_fresh=no

say() { printf 'setup: %s\n' "$*"; }

fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif has sudo; then
        sudo "$@"
    else
        fail "must be root, or have sudo, to run: $*"
    fi
}

apt_install() {
    has apt-get || fail "please install by hand (no apt-get here): $*"
    if [ "$apt_is_fresh" = no ]; then
        as_root apt-get update -qq
        apt_is_fresh=yes
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

# Where scripts/with-postgres.sh looks: Debian keeps PostgreSQL's programs off the path, one folder
# for each version. With PIAOHAO_TEST_PG set, a cluster is given and none is needed.
has_initdb() {
    [ -n "${PIAOHAO_TEST_PG:-}" ] || [ -x "${PIAOHAO_PG_BIN:-}/initdb" ] ||
        compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
}

install_postgres() {
    say 'installing PostgreSQL'
    # The tests start a cluster of their own: keep Debian from making and starting one.
    apt_install postgresql-common
    as_root mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' |
        as_root tee /etc/postgresql-common/createcluster.d/no-main.conf >/dev/null
    apt_install postgresql
    has_initdb || fail 'PostgreSQL was installed, yet there is no initdb'
}

# Reports are printed with a Chinese font, and read back as a reader of PDF reads them.
has_font() {
    [ -e "${PIAOHAO_FONT:-/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc}" ]
}

# A faster runner with a clear summary. The tests also run under `cargo test`, so a machine that
# cannot install it goes on without.
install_nextest() {
    say "installing cargo-nextest $nextest_version"
    timeout 20m cargo install --quiet --locked cargo-nextest --version "$nextest_version" ||
        say 'cargo-nextest could not be installed: the tests run under cargo test'
}

# The pages are built by Vite, which wants this or later.
has_node() {
    has npm && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1);'
}

has cargo || fail 'cargo is missing: install Rust with rustup, then run this again'
has cc || apt_install build-essential
has_initdb || install_postgres
# Without it every Chinese sign is a box.
has_font || apt_install fonts-noto-cjk
has pdftotext || apt_install poppler-utils
has_node || apt_install nodejs npm
has_node || fail 'Node 20.19 or later is missing: install it, then run this again'
[ -n "${CHROMIUM:-}" ] || has chromium || apt_install chromium
cargo nextest --version >/dev/null 2>&1 || install_nextest
# The tester of the interface and the comparisons of the benchmarks need it.
python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || (apt_install python3-venv) ||
    say 'python3-venv is missing: the interface is not tried at random, nor Python measured'
say 'ready'
