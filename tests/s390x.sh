#!/usr/bin/env bash
# Runs the tests on s390x, a big-endian machine, which QEMU imitates: the unit tests, the tests of
# the engines and of the examples, and the whole conformance suite on each engine. Needs Debian 12
# or 13, cargo, cc, pkg-config and gpg, but not root.
#
# The compiler, the C library, libgpgme, OpenSSL and QEMU come from Debian's packages, unpacked into
# target/s390x: nothing is installed on the host. A second run uses what the first has left there.
#
# A libgpgme of s390x starts the host's own gpg: QEMU imitates this crate and libgpgme, not gpg.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/lib/debian-rust.sh

target=s390x-unknown-linux-gnu
rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
folder=$(target_folder)/s390x

set_up() {
    find_debian_with_rust "$rust" || return 1
    ! packages_complete "$folder" || return 0
    echo "unpacking Debian's packages into $folder" >&2
    rm -rf "$folder"/{complete,rust,cross,system}
    begin_packages "$folder" "$codename" "$host" s390x &&
        unpack_rust "$rust" s390x &&
        unpack cross "gcc-$gcc-s390x-linux-gnu" "cpp-$gcc-s390x-linux-gnu" binutils-s390x-linux-gnu \
            libc6-s390x-cross libc6-dev-s390x-cross linux-libc-dev-s390x-cross \
            libgcc-s1-s390x-cross "libgcc-$gcc-dev-s390x-cross" "$qemu" &&
        unpack system {libc6,libgcc-s1,libgpgme-dev,"$libgpgme",libassuan-dev,"$libassuan"}:s390x \
            libgpg-error{-dev,0}:s390x libssl-dev:s390x "${libssl[@]/%/:s390x}" &&
        relative_links "$folder/system" &&
        launcher cc cross "s390x-linux-gnu-gcc-$gcc" \
            '--sysroot="$here/cross" -Wl,-rpath-link,"$here/system/usr/lib/s390x-linux-gnu:$here/system/lib/s390x-linux-gnu"' &&
        # Finds its files without PATH, which tests take away.
        cat >"$folder/run" <<END && chmod +x "$folder/run" &&
#!/bin/sh
here=\${0%/*}
exec "\$here/cross/usr/bin/$qemu_program" -L "\$here/system" "\$@"
END
        finish_packages
}

# relative_links ROOT: the links below it that name a library by its absolute path, which the linker
# would take for one of the host, now name it inside this root.
relative_links() {
    local link
    find "$1" -type l -lname '/*' | while read -r link; do
        ln -sfr "$1$(readlink "$link")" "$link" || return 1
    done
}

if ! set_up; then
    echo "The tests for s390x need Debian 12 or 13 with a reachable mirror." >&2
    exit 1
fi

export RUSTC=$folder/rustc RUSTDOC=$folder/rustdoc
export CC_s390x_unknown_linux_gnu=$folder/cc
export CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_LINKER=$folder/cc
export PKG_CONFIG_ALLOW_CROSS=1
export PKG_CONFIG_LIBDIR_s390x_unknown_linux_gnu=$folder/system/usr/lib/s390x-linux-gnu/pkgconfig
export PKG_CONFIG_SYSROOT_DIR_s390x_unknown_linux_gnu=$folder/system
export CFLAGS_s390x_unknown_linux_gnu=-I$folder/system/usr/include/s390x-linux-gnu
# Another compiler's artefacts would be built over and over: a target folder of its own.
export CARGO_TARGET_DIR=$folder/build
# QEMU is some twenty times slower than the machine.
export CARGO_PROFILE_DEV_OPT_LEVEL=1
export CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=line-tables-only

# Tests start examples and the program by it.
export EXAMPLE_RUNNER=$folder/run

# All but peers, whose programs are not those of s390x.
programs=(conformance diagnosis examples gnupg_engines made_keys policy_files sigpolicy sigstore sigstore_bundles sigstore_certificates
    sigstore_conformance tampering verifier)
# What QEMU cannot imitate, or the host has no means for; named at the end.
left_out=(
    two_hundred_verifications_on_eight_threads_leave_nothing_behind # hangs in QEMU's fork, see below
    gpg_is_a_script_without_its_interpreter                         # not told by QEMU's vfork
    a_program_that_is_not_there_is_an_error                         # the same
    evaluate_does_not_grow                                          # QEMU's own memory grows
    libgpgme_is_too_old                                             # its library is built for the host
    unanimous::                                                     # asks again the engines that are asked alone
)
# QEMU's fork now and then hangs in the child if another thread is busy meanwhile: one at a time.
options=(--quiet --test-threads=1 "${left_out[@]/#/--skip=}")
cargo=(--locked --target "$target" --features gpgme,gpg,native,native-openssl,cli)
log=$folder/log
status=0
"$RUSTC" --version
cargo build "${cargo[@]}" --examples
# Documentation tests are left out: today's cargo calls rustdoc with options that this one lacks.
cargo test "${cargo[@]}" --no-fail-fast --config "target.$target.runner = ['$folder/run']" \
    --lib "${programs[@]/#/--test=}" -- "${options[@]}" 2>&1 | tee "$log" || status=$?

read -r reports passed failed < <(
    awk '/^test result: / { reports++; passed += $4; failed += $6 }
        END { print reports + 0, passed + 0, failed + 0 }' "$log"
)
missing=$((1 + ${#programs[@]} - reports))
if [ "$missing" != 0 ]; then
    echo "$missing test programs have reported no result; each counts as a failure." >&2
    failed=$((failed + missing))
fi
printf 'not run: %s\n' "${left_out[@]}"
# The cases of the conformance suite by engine: the same numbers as on any other machine.
sed -n 's/^\([a-z-]*\): \([0-9]* passed, [0-9]* failed\)$/conformance suite on \1: \2/p' "$log"
echo "s390x: $passed passed, $failed failed"
[ "$failed" = 0 ] || [ "$status" != 0 ] || status=1
exit "$status"
