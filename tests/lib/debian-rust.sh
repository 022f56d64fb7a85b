# shellcheck shell=bash
# Debian's Rust, unpacked into a private folder; rustup's toolchains stay as they are. To be sourced.
. "${BASH_SOURCE[0]%/*}/debian-packages.sh"

# Fails, and says why, unless this is a release of Debian that has a Rust $1.
# Sets what find_debian does, `gcc` (the major version of its compiler), the names of packages
# `rustc`, `libstd`, `libstd_dev`, `libicu`, `libgpgme`, `libassuan` and `qemu`, `qemu_program`, and the array `libssl`: the
# package of OpenSSL's libraries and those that they need.
find_debian_with_rust() {
    local version=$1
    find_debian || return 1
    case $codename in
        bookworm)
            # The package that its browsers are built with; its plain rustc is older.
            rustc=rustc-web libstd=libstd-rust-web-$version libstd_dev=libstd-rust-web-dev
            libicu=libicu72 libgpgme=libgpgme11 libassuan=libassuan0 gcc=12
            libssl=(libssl3) qemu=qemu-user-static qemu_program=qemu-s390x-static
            ;;
        trixie)
            rustc=rustc libstd=libstd-rust-$version libstd_dev=libstd-rust-dev
            libicu=libicu76 libgpgme=libgpgme11t64 libassuan=libassuan9 gcc=14
            libssl=(libssl3t64 libzstd1 zlib1g) qemu=qemu-user qemu_program=qemu-s390x
            ;;
        *)
            echo "Debian ${codename:-of an unknown release} is not known to have Rust $version." >&2
            return 1
            ;;
    esac
}

# unpack_rust VERSION [ARCHITECTURE…]: Rust into PREFIX/rust, with the standard library of other
# architectures; and the programs PREFIX/rustc and PREFIX/rustdoc that start it.
unpack_rust() {
    local version=$1 packages=() architecture name
    shift
    # LLVM's libraries too, as far as a machine with a C compiler may lack them.
    for name in "$rustc" "$libstd" "$libstd_dev" libllvm19 libz3-4 libedit2 libbsd0 libmd0 libxml2 "$libicu"; do
        packages+=("$name:$host")
    done
    for architecture in "$@"; do
        packages+=("$libstd_dev:$architecture")
    done
    unpack rust "${packages[@]}" || return 1
    for name in rustc rustdoc; do
        launcher "$name" rust "$name" || return 1
    done
    if [[ "$("$prefix/rustc" --version)" != "rustc $version."* ]]; then
        echo "Debian $codename has $("$prefix/rustc" --version), not Rust $version." >&2
        return 1
    fi
}
