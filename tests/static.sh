#!/usr/bin/env bash
# Links `verify` and `diagnose` statically for x86_64, and runs them where there is nothing else.
#
# static.sh gnu (or nothing): with glibc, first on the engines native, sequoia and gpg, then with libgpgme linked
# statically too. Needs cc and gpg, and for the second part libgpgme-dev, libassuan-dev and
# libgpg-error-dev, whose static libraries are in Debian's packages.
# static.sh musl: with musl, on the engines native, sequoia and gpg. Needs the target's standard library.
#
# Needs root or user namespaces for the empty root.
set -euo pipefail
cd "$(dirname "$0")/.."

libc=${1:-gnu}
target=x86_64-unknown-linux-$libc
if [ "$(uname -m)" != x86_64 ]; then
    echo "static linking is tested on x86_64 only, and this is $(uname -m)" >&2
    exit 0
fi
program=${CARGO_TARGET_DIR:-target}/$target/debug/sigpolicy
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# build FEATURE [OPTION]: the program, linked statically. `--target` keeps the flags from build scripts
# and procedural macros, which cannot be static.
build() {
    RUSTFLAGS="-C target-feature=+crt-static" SYSTEM_DEPS_LINK=static \
        cargo build --quiet --locked --target "$target" --bin sigpolicy --features "cli,$1" ${2:-}
    if readelf -d "$program" | grep -q NEEDED; then
        echo "$program is not static:" >&2
        readelf -d "$program" | grep NEEDED >&2
        return 1
    fi
}

# fill: a root directory with the programs and an image, and nothing else.
fill() {
    rm -rf "${root:?}"/*
    mkdir "$root/tmp"
    cp "$program" "$root/sigpolicy"
    cp -r testdata/example "$root/example"
}

# in_root COMMAND…: runs a command there, without any environment.
in_root() {
    if [ "$(id -u)" = 0 ]; then
        env -i "$(command -v chroot)" "$root" "$@"
    else
        env -i "$(command -v unshare)" -r "$(command -v chroot)" "$root" "$@"
    fi
}

# expect TEXT COMMAND…: the command's output holds the text.
expect() {
    local text=$1 output
    shift
    output=$("$@" 2>&1) || true
    if [[ $output != *"$text"* ]]; then
        printf 'not found: %s\nin the output of: %s\n%s\n' "$text" "$*" "$output" >&2
        return 1
    fi
}

image=(docker://registry.example/app/web:1.4.2 dir:/example/image)
policy=(--policy /example/policy.json --key-dir /example)

build native --no-default-features
fill
expect "accepted: docker://registry.example" in_root /sigpolicy verify "${policy[@]}" "${image[@]}"
expect "engine: native (containers-sigpolicy" in_root /sigpolicy verify --verbose "${policy[@]}" "${image[@]}"
echo "static with $libc, on native alone: verifies in an empty root directory"

build sequoia-rust
fill
expect "accepted: docker://registry.example" in_root /sigpolicy verify "${policy[@]}" "${image[@]}"
expect "key-expired" in_root /sigpolicy verify "${policy[@]}" \
    docker://registry.example/legacy/web:1.4.2 dir:/example/expired
expect "(not-compiled-in)" in_root /sigpolicy engines
# Without any variable: glibc must not be asked for the home directory, whose modules do not belong to this program.
expect "HOME is unset, and the user database " in_root /sigpolicy verify "${image[@]}"
mkdir -p "$root"/{etc,home/.config/containers}
echo 'root:x:0:0::/home:/bin/sh' >"$root/etc/passwd"
echo '{"default": [{"type": "reject"}]}' >"$root/home/.config/containers/policy.json"
expect "policy: /home/.config/containers/policy.json, the user's, found via the user database, sha256:" \
    in_root /sigpolicy verify --verbose "${image[@]}"
echo "static with $libc, on sequoia: verifies in an empty root directory"

# with_gpg ENGINE START: where there is a gpg, the engine runs it; where there is none, sequoia takes its place.
with_gpg() {
    expect "engine: $1 ($2" "$program" verify --verbose --engine "$1" \
        --policy testdata/example/policy.json --key-dir testdata/example \
        "${image[0]}" dir:testdata/example/image
    fill
    expect "accepted: docker://registry.example" in_root /sigpolicy verify "${policy[@]}" "${image[@]}"
    expect "engine $1 skipped: gpg cannot be looked for: PATH is not set" \
        in_root /sigpolicy verify --verbose "${policy[@]}" "${image[@]}"
    expect "(search-path-unset)" in_root /sigpolicy engines
    echo "static with $libc, with $1: verifies with gpg, and on sequoia where there is none"
}

build gpg
with_gpg gpg "GnuPG 2."
[ "$libc" = gnu ] || exit 0

build gpgme
with_gpg gpgme "gpgme 1."
