#!/usr/bin/env bash
# What this library costs beside others that verify the same signatures: whole processes, in turns, and the bare
# operations of OpenSSL and rPGP. Prints one table; what is not installed is named loudly, and left out.
#
#   benches/peers.sh [ROUNDS]
#
# It builds the example `verify` once for each engine, which takes minutes the first time.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-25}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

missing() { echo "NOT MEASURED: $1. It is not installed." >&2; }
has() { command -v "$1" >/dev/null || { missing "$1"; return 1; }; }

for needed in gpg python3 cargo; do
    command -v "$needed" >/dev/null || { echo "Please install $needed." >&2; exit 1; }
done

target=${CARGO_TARGET_DIR:-target}
for engine in sequoia-rust native native-openssl gpgme gpg; do
    grep -q "^$engine = " Cargo.toml || continue
    [ "$engine" != gpgme ] || pkg-config --exists gpgme 2>/dev/null || { missing libgpgme; continue; }
    echo "building the example verify with $engine" >&2
    cargo build --release --locked --quiet --example verify --no-default-features --features "$engine"
    cp "$target/release/examples/verify" "$work/verify-$engine"
done

# An image that is signed by a key of each kind; gpg makes both.
export GNUPGHOME=$work/gnupg
mkdir -m 700 "$GNUPGHOME"
image=registry.example/app/web:1.4.2
quiet() { "$@" >/dev/null 2>&1; }
for kind in ed25519 nistp256 rsa2048 rsa4096; do
    quiet gpg --batch --passphrase '' --quick-gen-key "$kind" "$kind" sign never
    mkdir "$work/$kind"
    printf '{"schemaVersion":2}' > "$work/$kind/manifest.json"
    printf 'Directory Transport Version: 1.1\n' > "$work/$kind/version"
    digest=$(sha256sum "$work/$kind/manifest.json" | cut -d' ' -f1)
    printf '{"critical":{"identity":{"docker-reference":"%s"},"image":{"docker-manifest-digest":"sha256:%s"},"type":"atomic container signature"},"optional":{}}' \
        "$image" "$digest" > "$work/payload"
    quiet gpg --batch --local-user "$kind" --output "$work/$kind/signature-1" --sign "$work/payload"
    gpg --export "$kind" > "$work/$kind.gpg"
    printf '{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"%s.gpg"}]}' "$kind" > "$work/$kind.json"
done
quiet gpgconf --kill all || true

has gpgv && gpgv=yes || gpgv=
has skopeo && skopeo=yes || skopeo=

commands=()
for kind in ed25519 nistp256 rsa2048 rsa4096; do
    fingerprint=$(gpg --with-colons --list-keys "$kind" | awk -F: '/^fpr/ { print $10; exit }')
    signature=$work/$kind/signature-1
    [ -z "$gpgv" ] || commands+=("$kind|gpgv|gpgv --keyring $work/$kind.gpg $signature")
    commands+=("$kind|gpg --verify|gpg --batch --verify $signature")
    [ -z "$skopeo" ] ||
        commands+=("$kind|skopeo standalone-verify|skopeo standalone-verify $work/$kind/manifest.json $image $fingerprint $signature")
    for program in "$work"/verify-*; do
        commands+=("$kind|${program##*/}|$program $work/$kind.json $work docker://$image $work/$kind")
    done
done

echo "machine: $(uname -sm), $(nproc) processors, $(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo)"
echo "$(rustc --version); $(gpg --version | head -1)"
[ -z "$skopeo" ] || skopeo --version
python3 -B benches/in_turns.py "$rounds" "${commands[@]}"

echo
if has openssl; then
    openssl version
    for algorithm in rsa2048 rsa4096 ecdsap256 ecdsap384 ecdsap521 ed25519; do
        # The last number of the last line is verifications a second.
        openssl speed -seconds 1 "$algorithm" 2>/dev/null | tail -1 |
            awk -v name="$algorithm" '{ printf "openssl speed %-10s %8.1f µs a verification\n", name, 1000000 / $NF }'
    done
fi

echo
if (cd benches/rpgp && cargo build --release --locked --quiet); then
    for kind in ed25519 nistp256 rsa2048 rsa4096; do
        benches/rpgp/target/release/rpgp "$kind" "$work/$kind.gpg" "$work/$kind/signature-1"
    done
else
    missing "rPGP, whose crates could not be built"
fi
echo "NOT MEASURED: Go's OpenPGP library. Nothing here builds Go."
