#!/usr/bin/env bash
# Runs the tests on x86_64 with musl, on the engines native, sequoia and gpg, and static programs in an empty root
# directory. Not part of run.sh: the standard library for musl comes from rustup.
#
# libgpgme and OpenSSL would have to be built for musl, too: there, what is on them is Alpine's to test.
set -euo pipefail
cd "$(dirname "$0")/.."

target=x86_64-unknown-linux-musl
if [ ! -d "$(rustc --print target-libdir --target "$target")" ]; then
    echo "There is no standard library for $target here: rustup target add $target" >&2
    exit 1
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
cargo test --locked --no-fail-fast --target "$target" --features gpg,native,cli -- --quiet 2>&1 | tee "$log" || status=$?
tests/static.sh musl || status=$?
awk '/^test result: / { passed += $4; failed += $6 }
    END { printf "musl: %d passed, %d failed\n", passed, failed }' "$log"
exit "$status"
