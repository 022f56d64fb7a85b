# shellcheck shell=bash
# Debian's Rust, and whatever else is wanted of its packages, unpacked into a private folder. To be sourced.
#
# Nothing is installed on the host, no architecture is added to it, and rustup's toolchains stay as
# they are. Root is not needed: apt works on a state of its own inside the folder.

# The target folder of this repository, absolute. Takes a relative CARGO_TARGET_DIR as cargo does.
target_folder() {
    mkdir -p "${CARGO_TARGET_DIR:-target}"
    (cd "${CARGO_TARGET_DIR:-target}" && pwd)
}

# Fails, and says why, unless this is a release of Debian that has a Rust $1.
# Sets `codename`, `host` (its architecture), `gcc` (the major version of its compiler), the names of
# packages `rustc`, `libstd`, `libstd_dev`, `libicu`, `libgpgme`, `libassuan` and `qemu`, and
# `qemu_program`.
find_debian() {
    local version=$1 tool
    if [ ! -r /etc/os-release ] || [ "$(. /etc/os-release && echo "${ID:-}")" != debian ]; then
        echo "This is not Debian, whose packages are needed here." >&2
        return 1
    fi
    for tool in apt-get dpkg dpkg-deb; do
        if ! command -v "$tool" >/dev/null; then
            echo "There is no $tool here." >&2
            return 1
        fi
    done
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    host=$(dpkg --print-architecture)
    case $codename in
        bookworm)
            # The package that its browsers are built with; its plain rustc is older.
            rustc=rustc-web libstd=libstd-rust-web-$version libstd_dev=libstd-rust-web-dev
            libicu=libicu72 libgpgme=libgpgme11 libassuan=libassuan0 gcc=12
            qemu=qemu-user-static qemu_program=qemu-s390x-static
            ;;
        trixie)
            rustc=rustc libstd=libstd-rust-$version libstd_dev=libstd-rust-dev
            libicu=libicu76 libgpgme=libgpgme11t64 libassuan=libassuan9 gcc=14
            qemu=qemu-user qemu_program=qemu-s390x
            ;;
        *)
            echo "Debian ${codename:-of an unknown release} is not known to have Rust $version." >&2
            return 1
            ;;
    esac
}

# begin_packages PREFIX ARCHITECTURE…: a fresh state of apt in PREFIX, for this release of Debian
# alone, from the machine's own mirror. The updates of security are left out on purpose: they hold
# a newer Rust, and not for every architecture.
begin_packages() {
    prefix=$1
    shift
    local state=$prefix/apt architectures="$*" mirror keyring trusted=""
    rm -rf "$state"
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/packages"
    : >"$state/status"
    # Says what the machine's configuration would fetch, without fetching it.
    mirror=$(apt-get -o Dir::State::lists="$state/lists" update --print-uris |
        sed -n "s#^'\(.*\)/dists/$codename/InRelease' .*#\1#p" | head -n 1)
    if [ -z "$mirror" ]; then
        echo "apt is configured with no mirror of Debian $codename." >&2
        return 1
    fi
    for keyring in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg}; do
        [ ! -r "$keyring" ] || trusted="[signed-by=$keyring] "
    done
    echo "deb $trusted$mirror $codename main" >"$state/sources.list"
    # The machine's hooks serve its own state, and some need root.
    printf '#clear APT::Update::%s;\n' Pre-Invoke Post-Invoke Post-Invoke-Success >"$state/apt.conf"
    private_apt=(apt-get -qq -c "$state/apt.conf"
        -o Dir::State="$state"
        -o Dir::State::lists="$state/lists"
        -o Dir::State::status="$state/status"
        -o Dir::Cache="$state/cache"
        -o Dir::Etc::sourcelist="$state/sources.list"
        -o Dir::Etc::sourceparts=/dev/null
        -o Dir::Etc::preferences=/dev/null
        -o Dir::Etc::preferencesparts=/dev/null
        -o APT::Architecture="$host"
        -o APT::Architectures="${architectures// /,}"
        # The folder is the user's own: another user could not write to it.
        -o APT::Sandbox::User=root
        -o Acquire::Languages=none
        -o Acquire::Retries=3
    )
    "${private_apt[@]}" update >&2
}

# unpack INTO PACKAGE…: downloads the packages and unpacks them below PREFIX/INTO.
unpack() {
    local into=$prefix/$1 packages=$prefix/apt/packages package
    shift
    mkdir -p "$into"
    (cd "$packages" && "${private_apt[@]}" download "$@" >&2) || return 1
    for package in "$packages"/*.deb; do
        dpkg-deb -x "$package" "$into" || return 1
    done
    rm -f "$packages"/*.deb
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

# launcher NAME FOLDER PROGRAM [ARGUMENT]: the script PREFIX/NAME, which runs
# PREFIX/FOLDER/usr/bin/PROGRAM with the folder's own libraries. $here in the argument is the
# prefix, wherever it will have been moved to.
launcher() {
    local libraries
    libraries=$(cd "$prefix/$2" && find usr/lib -name 'libLLVM*.so*' -o -name 'libbfd-*.so' | head -n 1)
    libraries=${libraries%/*}
    if [ -z "$libraries" ]; then
        echo "The packages with $3 hold no library for it." >&2
        return 1
    fi
    cat >"$prefix/$1" <<END || return 1
#!/bin/sh
here=\$(cd "\$(dirname "\$0")" && pwd)
exec env PATH="\$here/$2/usr/bin:\$PATH" LD_LIBRARY_PATH="\$here/$2/$libraries:\$here/$2/${libraries#usr/}" \\
    "\$here/$2/usr/bin/$3" ${4:-} "\$@"
END
    chmod +x "$prefix/$1"
}

# packages_complete PREFIX: whether an earlier run has finished with the very same functions on the
# same release of Debian.
packages_complete() {
    [ "$(cat "$1/complete" 2>/dev/null)" = "$(packages_recipe)" ]
}

# finish_packages: removes what only the download needed, and remembers how it was done.
finish_packages() {
    rm -rf "$prefix/apt"
    packages_recipe >"$prefix/complete"
}

packages_recipe() {
    { declare -f && cat /etc/os-release; } | sha256sum
}
