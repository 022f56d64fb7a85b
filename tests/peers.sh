#!/usr/bin/env bash
# Puts the conformance suite to a newer containers/image than the machine's own: to the skopeo, and to
# the gpg under it, of another release of Debian. Needs Debian on x86_64 or arm64, and cargo, but not
# root.
#
# peers.sh             those of Debian 13, whose versions divergences.json has on record
# peers.sh RELEASE     those of this release: `forky` for the newest that there is
#
# With PEERS_SAMPLE set, every fourth case of sigstore is asked alone; without it all of them, which takes minutes more.
#
# Then runs the conformance suite on the engines gpgme and gpg with that gpg, and the tests of what could
# mislead it. The host's own programs are for `cargo test`.
#
# They come from Debian's packages, unpacked into target/peers: nothing is installed on the host, and a
# second run uses what the first has left there.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/lib/debian-packages.sh

release=${1:-trixie}
# Those that are built already, if there are more.
features=${TEST_FEATURES:-gpgme,gpg,cli}
folder=$(target_folder)/peers/$release

fill() {
    unpack_with_dependencies system skopeo gpg gpgconf &&
        launch_by_own_loader skopeo gpg gpgconf &&
        "$folder/bin/skopeo" --version >&2 &&
        "$folder/bin/gpg" --version >/dev/null
}

# launch_by_own_loader PROGRAM…: scripts that run programs of the release, which is newer than the host,
# by its own loader and libraries.
launch_by_own_loader() {
    local loader libraries program
    loader=$(cd "$folder/system" && find usr -name 'ld-linux*.so.*' | head -n 1)
    libraries=$(cd "$folder/system" && find usr/lib -name 'libgpgme.so.*' | head -n 1)
    mkdir "$folder/bin"
    for program in "$@"; do
        cat >"$folder/bin/$program" <<END || return 1
#!/bin/sh
system=\${0%/*}/../system
exec "\$system/$loader" --library-path "\$system/${libraries%/*}" "\$system/usr/bin/$program" "\$@"
END
        chmod +x "$folder/bin/$program"
    done
}

if ! set_up_packages "$folder" "$release" fill; then
    echo "The peers of Debian $release need Debian with a reachable mirror." >&2
    exit 1
fi
export PATH="$folder/bin:$PATH"
cargo test --quiet --locked --features "$features" --test peers -- --quiet
cargo test --quiet --locked --features "$features" --test conformance -- --quiet gpg
cargo test --quiet --locked --features "$features" --test gnupg_engines --test gnupg_configuration
cargo test --quiet --locked --features "$features" --test tampering -- gpg
