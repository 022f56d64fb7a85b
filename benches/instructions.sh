#!/usr/bin/env bash
# Counts the instructions of fixed workloads, and compares them with those on record in `benches/instructions.json`.
#
#   benches/instructions.sh            compares; fails if a workload takes over 5 % more than on record
#   benches/instructions.sh --record   puts what it counts on record, with the toolchain and machine that it is for
#
# Instructions do not depend on what else the machine does, as times do. They do depend on the compiler, the C library and
# the processor (curve25519-dalek uses AVX2 where there is any), and a little on the features of the build: the record says for
# which they are, and others are compared with a warning. `FEATURES` names other features, `PROGRAM` a benchmark that is built.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v valgrind >/dev/null || { echo "Please install valgrind." >&2; exit 1; }

export FEATURES=${FEATURES:-native,native-openssl,gpgme,gpg}
program=${PROGRAM:-}
if [ -z "$program" ]; then
    cargo build --release --locked --quiet --bench costs --features "$FEATURES"
    program=$(ls -t "${CARGO_TARGET_DIR:-target}"/release/deps/costs-* | grep -v '\.d$' | head -1)
fi

# The count of one workload. The same keys are never made twice, so the middle of three counts.
count() {
    for _ in 1 2 3; do
        valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='*counted_work*' \
            "$program" count "$1" "$2" 2>&1 | awk '/Collected/ { print $NF }'
    done | sort -n | sed -n 2p
}

{
    for engine in sequoia native; do
        for workload in $("$program" list); do
            echo "$engine $workload $(count "$engine" "$workload")"
        done
    done
} | python3 -B benches/instructions.py "$@"
