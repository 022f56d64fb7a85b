#!/usr/bin/env bash
# Checks what `cargo package` would publish: that it is made without complaint, refers to no file that it lacks, and
# builds, documents and tests itself where there is nothing but it.
#
# Needs no network: the versions are those of Cargo.lock, and cargo has them if it has built the crate before.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p "${CARGO_TARGET_DIR:-target}"
target=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)
unset CARGO_TARGET_DIR
version=$(sed -n '0,/^version = "\(.*\)"/s//\1/p' Cargo.toml)
package=$target/package/containers-sigpolicy-$version

# Changes that are not committed are packaged, too: they are what is tested.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! cargo package --no-verify --allow-dirty --locked --offline --target-dir "$target" 2>"$log"; then
    cat "$log" >&2
    exit 1
fi
# Cargo says this of each test and benchmark that stays in the repository, and cannot be told not to.
expected='^warning: ignoring (test|benchmark) `.*` as `(tests|benches)/.*` is not included in the published package$'
if grep -Ev "$expected" "$log" | grep -E '^(warning|error)' >&2; then
    echo "cargo package complains" >&2
    exit 1
fi
grep -E '^ *Packaged ' "$log"

# The same folder each time, or the artefacts of each would be kept. Files get the time of now: in the archive all have
# the same, by which cargo would take changed files for built ones.
rm -rf "$package"
tar -xzmf "$package.crate" -C "$target/package"
cd "$package"

# Links of the Markdown to files beside it, and what the sources take in from theirs.
references=$(
    grep -roP --include='*.md' '(\]\(|^\[[^]]+\]: *)\K(?!https?:|#|crate::|std::)[^)\s]+' .
    grep -roP --include='*.rs' '(include_(str|bytes)!\(|#\[path = )"\K[^"]+' src examples
)
missing=0
while IFS=: read -r file reference; do
    if [ ! -e "$(dirname "$file")/${reference%%#*}" ]; then
        echo "$file refers to $reference, which is not in the package" >&2
        missing=1
    fi
done <<<"$references"
[ "$missing" = 0 ]

cargo=(--quiet --locked --offline --target-dir "$target")
cargo check "${cargo[@]}" --lib
cargo build "${cargo[@]}" --bin sigpolicy --features cli
cargo check "${cargo[@]}" --examples --all-features
RUSTDOCFLAGS="-D warnings" cargo doc "${cargo[@]}" --no-deps --all-features
# Of default features: these read files. The others have been tested before.
cargo test "${cargo[@]}" --lib
cargo test "${cargo[@]}" --doc --all-features

# The first command that the README tells, as it stands there but for the slow optimization.
command=$(grep -m 1 '^cargo run ' README.md)
answer=$(eval "${command/cargo run --release/cargo run ${cargo[*]}}")
if [[ $answer != "accepted: docker://"* ]]; then
    printf 'the first command of the README answers:\n%s\n' "$answer" >&2
    exit 1
fi
echo "$answer"
echo "the package builds by itself"
