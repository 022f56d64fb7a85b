#!/usr/bin/env bash
# Runs the tests on s390x, a big-endian machine, which QEMU imitates: the unit tests, the tampering
# tests and the whole conformance suite. Needs Debian 12 or 13, cargo and cc, but not root.
#
# The compiler, the C library and QEMU come from Debian's packages, unpacked into target/s390x:
# nothing is installed on the host. A second run uses what the first has left there.
#
# FEATURES="…" tests with these features besides the default ones.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/lib/debian-rust.sh

FEATURES=${FEATURES:-}
target=s390x-unknown-linux-gnu
rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
folder=$(target_folder)/s390x

set_up() {
    find_debian "$rust" || return 1
    ! packages_complete "$folder" || return 0
    echo "unpacking Debian's packages into $folder" >&2
    rm -rf "$folder"/{complete,rust,cross}
    begin_packages "$folder" "$host" s390x &&
        unpack_rust "$rust" s390x &&
        unpack cross "gcc-$gcc-s390x-linux-gnu" "cpp-$gcc-s390x-linux-gnu" binutils-s390x-linux-gnu \
            libc6-s390x-cross libc6-dev-s390x-cross linux-libc-dev-s390x-cross \
            libgcc-s1-s390x-cross "libgcc-$gcc-dev-s390x-cross" "$qemu" &&
        launcher cc cross "s390x-linux-gnu-gcc-$gcc" '--sysroot="$here/cross"' &&
        # FEATURES that need libraries of s390x (an engine on gpgme, say): they are to be unpacked
        # here, and named below to pkg-config, to the linker and to QEMU.
        finish_packages
}

if ! set_up; then
    echo "The tests for s390x need Debian 12 or 13 with a reachable mirror." >&2
    exit 1
fi

export RUSTC=$folder/rustc RUSTDOC=$folder/rustdoc
export CC_s390x_unknown_linux_gnu=$folder/cc
export CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_LINKER=$folder/cc
export CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_RUNNER="$folder/cross/usr/bin/$qemu_program -L $folder/cross/usr/s390x-linux-gnu"
# Another compiler's artefacts would be built over and over: a target folder of its own.
export CARGO_TARGET_DIR=$folder/build
# QEMU is some twenty times slower than the machine.
export CARGO_PROFILE_DEV_OPT_LEVEL=1
export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=line-tables-only

"$RUSTC" --version
log=$folder/log
status=0
# Documentation tests are left out: today's cargo calls rustdoc with options that this one lacks.
cargo test --locked --no-fail-fast --target "$target" --features "$FEATURES" \
    --lib --test tampering --test conformance -- --quiet 2>&1 | tee "$log" || status=$?

read -r programs passed failed < <(
    awk '/^test result: / { programs++; passed += $4; failed += $6 }
        END { print programs + 0, passed + 0, failed + 0 }' "$log"
)
if [ "$programs" != 3 ]; then
    echo "Only $programs of 3 test programs have reported a result; each other counts as one failure." >&2
    failed=$((failed + 3 - programs))
fi
echo "s390x: $passed passed, $failed failed"
[ "$failed" = 0 ] || [ "$status" != 0 ] || status=1
exit "$status"
