#!/usr/bin/env bash
# Checks that the crate builds with the oldest Rust that it promises: `rust-version` in Cargo.toml.
# Takes that Rust from rustup if it is installed there, else from Debian's packages, unpacked into
# target/msrv: nothing is installed on the host.
set -euo pipefail
cd "$(dirname "$0")/.."

msrv=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
prefix=$PWD/target/msrv

from_rustup() {
    command -v rustup >/dev/null && rustup run "$msrv" rustc --version >/dev/null 2>&1 || return 1
    RUSTC=$(rustup which --toolchain "$msrv" rustc)
}

from_debian() {
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
    if [ ! -x "$prefix/rustc" ]; then
        mkdir -p "$prefix/packages"
        (
            cd "$prefix/packages"
            # Debian 12 has it as rustc-web, Debian 13 as rustc.
            apt-get download "rustc-web=$msrv.*" "libstd-rust-web-$msrv=$msrv.*" \
                "libstd-rust-web-dev=$msrv.*" libllvm19 >&2 ||
                apt-get download "rustc=$msrv.*" "libstd-rust-$msrv=$msrv.*" \
                    "libstd-rust-dev=$msrv.*" libllvm19 >&2
        ) || return 1
        for package in "$prefix"/packages/*.deb; do
            dpkg-deb -x "$package" "$prefix/root"
        done
        libraries=$(dirname "$(find "$prefix/root/usr/lib" -name 'libLLVM*.so*' | head -n 1)")
        printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s "$@"\n' \
            "$libraries" "$prefix/root/usr/bin/rustc" >"$prefix/rustc.new"
        chmod +x "$prefix/rustc.new"
        mv "$prefix/rustc.new" "$prefix/rustc"
    fi
    RUSTC=$prefix/rustc
}

if ! from_rustup && ! from_debian; then
    echo "There is no Rust $msrv here: neither rustup nor Debian's packages have it." >&2
    echo "Install one with: rustup toolchain install $msrv" >&2
    exit 1
fi
export RUSTC
"$RUSTC" --version
for features in "" "--no-default-features"; do
    # Its own target folder: another compiler's artefacts would be built over and over.
    # shellcheck disable=SC2086
    cargo check --quiet --locked --lib --target-dir target/msrv/build $features
done
echo "builds with Rust $msrv"
