#!/usr/bin/env bash
# Sets up what the tests need, and runs all of them.
#
# On Debian and Ubuntu, as root or with sudo, missing system packages are installed; elsewhere
# they are named, and nothing is run.
set -euo pipefail
cd "$(dirname "$0")/.."

# Command and Debian package.
needs=(gpg:gnupg skopeo:skopeo python3:python3 cc:gcc make:make pkg-config:pkg-config)

missing=()
for need in "${needs[@]}"; do
    command -v "${need%%:*}" >/dev/null || missing+=("${need##*:}")
done
pkg-config --exists gpgme 2>/dev/null || missing+=(libgpgme-dev)
pkg-config --exists libcrypto 2>/dev/null || missing+=(libssl-dev)
if [ "${#missing[@]}" -gt 0 ]; then
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo -n)
    if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
        "${as_root[@]}" apt-get update -qq
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    else
        echo "Please install: ${missing[*]} (the names of Debian's packages)." >&2
        exit 1
    fi
fi
for component in fmt clippy; do
    if ! cargo "$component" --version >/dev/null 2>&1; then
        echo "Please install cargo $component: rustup component add rustfmt clippy" >&2
        exit 1
    fi
done

# Smaller and faster builds: nobody debugs these.
export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=line-tables-only

step() {
    printf '\n== %s (after %d s)\n' "$1" "$SECONDS"
    shift
    "$@"
}

# begin NAME COMMAND…: a step that leaves most of the machine to those after it. Its output comes with `end`.
begin() {
    printf '\n== %s begins (after %d s)\n' "$1" "$SECONDS"
    beside_name=$1 beside_log=$(TMPDIR=$parent mktemp)
    shift
    # A session of its own, so that all of it can be ended.
    setsid "$@" >"$beside_log" 2>&1 &
    beside=$!
}

end() {
    local status=0
    wait "$beside" || status=$?
    printf '\n== %s, begun before (after %d s)\n' "$beside_name" "$SECONDS"
    cat "$beside_log"
    beside=
    return "$status"
}

clean_up() {
    [ -z "$beside" ] || kill -- "-$beside" 2>/dev/null || true
    rm -rf "$TMPDIR" ${beside_log:+"$beside_log"}
}

# A temporary folder of our own: other programs use the system's, too, and nothing of ours may be left in
# this one after the tests. Its path is short, because sockets of GnuPG have to fit behind it.
parent=${TMPDIR:-/tmp}
TMPDIR=$(mktemp -d "$parent/tests.XXXXXX")
# Some tests run programs as another user.
chmod 711 "$TMPDIR"
export TMPDIR
beside='' beside_log=''
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

nothing_left() {
    local left
    left=$(find "$TMPDIR" -mindepth 1)
    [ -z "$left" ] && return
    printf 'left in the temporary folder:\n%s\n' "$left" >&2
    return 1
}

deny() {
    if ! command -v cargo-deny >/dev/null; then
        echo "NOT CHECKED: ADVISORIES, SOURCES AND DUPLICATES. Get the command by: cargo install cargo-deny --locked" >&2
        return
    fi
    cargo deny check bans licenses sources
    if cargo deny fetch db; then
        cargo deny check advisories
    else
        echo "NOT CHECKED: ADVISORIES. Their database could not be fetched." >&2
    fi
}

step "format" cargo fmt --check
step "floors" python3 -B tests/floors.py
step "licences" python3 -B tests/licences.py
step "cargo deny" deny
# Of the last set, which the scripts below take as well, so that nothing is built again for them.
export TEST_FEATURES=gpgme,gpg,native,native-openssl,tracing,cli,testing,oci-spec-0_10
# Without any engine and with one alone first, which is quick; the others come beside sequoia, which is then
# not built again.
for features in "--no-default-features" "--no-default-features --features gpg,sigstore,cli" \
    "--no-default-features --features native,cli" "" "--features $TEST_FEATURES"; do
    name=${features:-default features}
    # shellcheck disable=SC2086
    {
        step "clippy, $name" cargo clippy --quiet --locked --all-targets $features -- -D warnings
        step "documentation, $name" \
            env RUSTDOCFLAGS="-D warnings" cargo doc --quiet --locked --no-deps $features
        step "tests, $name" cargo test --locked $features -- --quiet
        step "nothing left in the temporary folder" nothing_left
    }
done
for feature in native-openssl sigstore; do
    step "clippy, $feature alone" \
        cargo clippy --quiet --locked --all-targets --no-default-features --features "$feature" -- -D warnings
done
begin "big-endian" tests/s390x.sh
step "the package alone" tests/package.sh
step "libgpgme for another place" tests/fixed-path.sh
# There are thousands of cases of sigstore, and each costs a process: all of them by `tests/peers.sh` alone.
step "peers of Debian 13" env PEERS_SAMPLE=1 tests/peers.sh
step "campaign" testdata/campaign.sh --cases 3000 --seed tests
step "static linking" tests/static.sh
step "fixtures" testdata/regenerate.sh --check
step "oldest Rust" tests/msrv.sh
end
step "nothing left in the temporary folder" nothing_left
printf '\nAll tests passed.\n'
