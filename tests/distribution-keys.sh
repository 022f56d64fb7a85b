#!/usr/bin/env bash
# Compares the keys that the engines trust with those that the real gpg takes, on the keys that distributions
# ship: every key file in Debian's packages distribution-gpg-keys, debian-keyring, debian-archive-keyring and
# ubuntu-keyring. Needs Debian on x86_64 or arm64 with a reachable mirror, and cargo, but not root. Takes some minutes.
#
# distribution-keys.sh             the packages of Debian 13
# distribution-keys.sh RELEASE     those of this release
#
# Each file is read by the engine sequoia, by the engine gpg, and by the gpg of the PATH itself; with the gpg of
# Debian 13, too, if tests/peers.sh has left it in target/peers. It says how many files and keys there are, how many
# count for all, and names each key on which they differ. The packages are unpacked into
# target/distribution-keys: nothing is installed, and nothing of them belongs into the repository.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/lib/debian-packages.sh

release=${1:-trixie}
folder=$(target_folder)/distribution-keys/$release
peers=$(target_folder)/peers/trixie/bin

fill() {
    unpack files distribution-gpg-keys debian-keyring debian-archive-keyring ubuntu-keyring
}

if ! set_up_packages "$folder" "$release" fill; then
    echo "The keys of distributions need Debian with a reachable mirror." >&2
    exit 1
fi
export KEY_FILES=$folder/files/usr/share
run() {
    echo "== $(command -v gpg): $(gpg --version | head -n 1)"
    cargo test --quiet --locked --features gpg --test distribution_keys -- --ignored --nocapture
}
status=0
run || status=1
if [ -x "$peers/gpg" ] && [ "$(command -v gpg)" != "$peers/gpg" ]; then
    PATH=$peers:$PATH run || status=1
fi
exit $status
