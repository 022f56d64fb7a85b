#!/bin/sh
# Makes testdata/conformance, testdata/example, testdata/mistakes, testdata/bundle-verify and the probe of the engines on GnuPG anew: the same bytes every time.
#
#   testdata/regenerate.sh            writes them here
#   testdata/regenerate.sh --check    writes them elsewhere, and fails if they differ from what is here
#
# Needs python3 (3.9 or later, its standard library) and gpg (2.2 or later). Asks nothing, and leaves nothing else behind.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
for tool in python3 gpg gpgconf; do
    command -v "$tool" >/dev/null || { echo "regenerate.sh: $tool is missing: apt-get install python3 gnupg" >&2; exit 2; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# One zone, one language, no bytecode beside the sources, no configuration of the user's.
export TZ=UTC LC_ALL=C PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0 HOME="$work/home" TMPDIR="$work"
mkdir -p "$HOME" "$work/new"
umask 022

python3 "$here/generate/generate.py" "$work/new"

# place PART: where it belongs.
place() {
    case $1 in
    probe) echo "$here/../src/engine/gnupg/probe/built_in" ;;
    *) echo "$here/$1" ;;
    esac
}

case "${1:-}" in
--check)
    status=0
    for part in conformance example mistakes bundle-verify probe; do
        diff -r "$(place "$part")" "$work/new/$part" || status=1
    done
    [ "$status" -eq 0 ] && echo "regenerate.sh: everything is as committed" || echo "regenerate.sh: the files differ from what is committed" >&2
    exit "$status"
    ;;
"")
    for part in conformance example mistakes bundle-verify probe; do
        target=$(place "$part")
        rm -rf "${target:?}"
        mv "$work/new/$part" "$target"
    done
    ;;
*)
    echo "usage: regenerate.sh [--check]" >&2
    exit 2
    ;;
esac
