#!/usr/bin/env bash
# The story that this crate began with: a libgpgme that is built to look for gpg in a place that does not
# exist, on a machine with a perfect gpg. Builds that libgpgme from Debian's source package, of the version
# that is installed, into target/fixed-path, and runs the tests of such machines with it, one of which holds
# the words of the README to the letter; a second run uses what the first has left there. Needs Debian with a
# reachable mirror, make, cc, libgpgme-dev and cargo, but not root.
#
# Where there is no source package, the same tests run with a stand-in: `cargo test` does so anyway.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/lib/debian-packages.sh

folder=$(target_folder)/fixed-path
# A place that is nobody's.
place=/nowhere/bin

build() {
    local source
    rm -rf "$folder/source" && mkdir -p "$folder/source" &&
        unpack_source gpgme1.0 "$folder/source" || return 1
    source=$(find "$folder/source" -mindepth 1 -maxdepth 1 -type d | head -n 1)
    echo "building a libgpgme for programs in $place" >&2
    (
        cd "$source" &&
            ./configure --quiet --enable-fixed-path="$place" --enable-languages= --disable-gpgconf-test \
                --disable-gpg-test --disable-gpgsm-test --disable-g13-test --disable-static &&
            make --silent -j2 -C src libgpgme.la
    ) >"$folder/log" 2>&1 || {
        tail -n 20 "$folder/log" >&2
        return 1
    }
    mkdir -p "$folder/lib" && cp -a "$source"/src/.libs/libgpgme.so* "$folder/lib/" &&
        rm -rf "$folder/source"
}

if ! set_up_packages "$folder" "" build; then
    echo "A libgpgme for another place needs Debian's source package of it." >&2
    exit 1
fi
grep -aq "$place" "$folder"/lib/libgpgme.so.[0-9]*
export FIXED_PATH_LIBGPGME="$folder/lib"
cargo test --quiet --locked --features "${TEST_FEATURES:-gpgme,gpg,cli}" --test gnupg_situations
echo "with a libgpgme that looks in $place: gpg and sequoia take its place"
