#!/usr/bin/env bash
# Checks that the crate builds with the oldest Rust that it promises: `rust-version` in Cargo.toml; and so does a program
# that uses it, with versions of its own choice.
# Takes that Rust from rustup if it is installed there, else from Debian's packages, unpacked into
# target/msrv: nothing is installed on the host.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/lib/debian-rust.sh

rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
folder=$(target_folder)/msrv

from_rustup() {
    command -v rustup >/dev/null && rustup run "$rust" rustc --version >/dev/null 2>&1 || return 1
    RUSTC=$(rustup which --toolchain "$rust" rustc)
}

from_debian() {
    find_debian_with_rust "$rust" || return 1
    if ! packages_complete "$folder"; then
        rm -rf "$folder"/{complete,rust}
        begin_packages "$folder" "$codename" "$host" &&
            unpack_rust "$rust" &&
            finish_packages || return 1
    fi
    RUSTC=$folder/rustc
}

if ! from_rustup && ! from_debian; then
    echo "There is no Rust $rust here: neither rustup nor Debian's packages have it." >&2
    echo "Install one with: rustup toolchain install $rust" >&2
    exit 1
fi
export RUSTC

# in_a_program: a program of edition 2024 that uses the library and promises the same Rust, with the newest versions that
# cargo gives it, not those of our Cargo.lock. Says loudly where these cannot be had.
in_a_program() {
    local library=$PWD program
    program=$(mktemp -d)
    trap "rm -rf '$program'" EXIT
    mkdir "$program/src"
    cat >"$program/Cargo.toml" <<END
[package]
name = "downstream"
version = "0.0.0"
edition = "2024"
rust-version = "$rust"

[dependencies]
containers-sigpolicy = { path = "$library", features = ["gpgme", "gpg", "oci-spec-0_10", "tracing"] }
END
    cat >"$program/src/main.rs" <<'END'
fn main() {
    match containers_sigpolicy::Policy::from_slice(br#"{"default": [{"type": "reject"}]}"#) {
        Ok(policy) => println!("{policy:?}"),
        Err(error) => eprintln!("{error}"),
    }
}
END
    cd "$program"
    if ! cargo generate-lockfile; then
        echo "WARNING: NO REGISTRY, SO NO FRESH RESOLUTION: only versions that this machine has are tried" >&2
        cargo generate-lockfile --offline
    fi
    # Cargo refuses here what needs a newer Rust.
    cargo check --quiet --locked --target-dir "$folder/build"
}

"$RUSTC" --version
for features in "" "--no-default-features" "--features gpgme,gpg,native,native-openssl,tracing,oci-spec-0_10"; do
    # Its own target folder: another compiler's artefacts would be built over and over.
    # shellcheck disable=SC2086
    cargo check --quiet --locked --lib --target-dir "$folder/build" $features
done
cargo check --quiet --locked --bins --target-dir "$folder/build" --features cli
(in_a_program)
echo "builds with Rust $rust, here and in a program that promises the same"
