# shellcheck shell=bash
# Debian's packages, unpacked into a private folder. To be sourced.
#
# Nothing is installed on the host, and no release and no architecture is added to it. Root is not
# needed: apt works on a state of its own inside the folder.

# The target folder of this repository, absolute. Takes a relative CARGO_TARGET_DIR as cargo does.
target_folder() {
    mkdir -p "${CARGO_TARGET_DIR:-target}"
    (cd "${CARGO_TARGET_DIR:-target}" && pwd)
}

# Fails, and says why, unless this is Debian with its tools. Sets `codename` (its release) and `host`
# (its architecture).
find_debian() {
    local tool
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
}

# begin_packages PREFIX RELEASE ARCHITECTURE…: a fresh state of apt in PREFIX, for this release of
# Debian alone, from the machine's own mirror. The updates of security are left out on purpose: they
# hold a newer Rust, and not for every architecture.
begin_packages() {
    prefix=$1
    local release=$2
    shift 2
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
    echo "deb $trusted$mirror $release main" >"$state/sources.list"
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
    local into=$prefix/$1 packages=$prefix/apt/packages
    shift
    (cd "$packages" && "${private_apt[@]}" download "$@" >&2) || return 1
    unpack_files "$into" "$packages"/*.deb
}

# unpack_with_dependencies INTO PACKAGE…: the same, with everything that the packages depend on.
unpack_with_dependencies() {
    local into=$prefix/$1
    shift
    "${private_apt[@]}" install --download-only --no-install-recommends --yes "$@" >&2 &&
        unpack_files "$into" "$prefix"/apt/cache/archives/*.deb
}

# unpack_source PACKAGE INTO: downloads the source of a package and unpacks it as its authors have published
# it, without Debian's changes.
unpack_source() {
    local sources=$prefix/apt/sources.list
    sed -i 's/^deb \(.*\)/&\ndeb-src \1/' "$sources" && "${private_apt[@]}" update >&2 &&
        (cd "$prefix/apt/packages" && "${private_apt[@]}" source --download-only "$1" >&2) || return 1
    local archive
    for archive in "$prefix"/apt/packages/"$1"_*.orig.tar.*; do
        case $archive in
            *.asc) ;;
            *) tar -xf "$archive" -C "$2" || return 1 ;;
        esac
    done
}

unpack_files() {
    local into=$1 package
    shift
    mkdir -p "$into"
    for package in "$@"; do
        dpkg-deb -x "$package" "$into" && rm -f "$package" || return 1
    done
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

# set_up_packages PREFIX RELEASE FILL: a PREFIX that FILL, a function, fills with packages of this release of Debian, of
# the machine's own where RELEASE is empty. Uses what an earlier run has left there.
set_up_packages() {
    find_debian || return 1
    ! packages_complete "$1" || return 0
    echo "unpacking Debian's packages into $1" >&2
    rm -rf "$1"
    begin_packages "$1" "${2:-$codename}" "$host" && "$3" && finish_packages
}

packages_recipe() {
    { declare -f && cat /etc/os-release; } | sha256sum
}
