#!/usr/bin/env bash
# Puts random key files and messages to the library and to real gpgs, and tells each difference that testdata/conformance/divergences.json
# does not explain. testdata/README.md has more.
#
#   testdata/campaign.sh [--cases N] [--seed S] [--gpg PATH]… [OPTION…]
#
#   --cases N         how many cases (default: 1000); the same seed and number give the same case
#   --seed S          (default: 1)
#   --gpg PATH        the gpgs to ask; default: the machine's own, and that of Debian 13 from tests/peers.sh
#   --seconds N       draw no more cases after so long
#   --engine NAME     sequoia (default) or gpg; gpg needs the library built with it
#   --out DIR         where findings go (default: target/campaign)
#   --alike N         of differences that seem alike, shrink so many in each process (default: all)
#   --check-batches   ask gpg about each case alone, too, and compare
#   --replay FILE     judge a recipe again (recipe.json of a finding); fails if there is a difference
#   --show NUMBER     print the recipe of this number
#
# Fails if there is a difference without an explanation, if a gpg is missing, or if too few cases were judged. Needs python3, cargo and
# gpg. Leaves nothing behind but what it finds.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/lib/debian-packages.sh
target=$(target_folder)

features=()
gpgs=()
for argument in "$@"; do
    case $argument in
    gpg | --engine=gpg) features=(--features gpg) ;;
    gpgme | --engine=gpgme) features=(--features gpgme) ;;
    --gpg | --gpg=*) gpgs=(given) ;;
    esac
done
if [ "${#gpgs[@]}" -eq 0 ]; then
    gpgs=(--gpg "$(command -v gpg || echo /usr/bin/gpg)" --gpg "$target/peers/trixie/bin/gpg")
else
    gpgs=()
fi
cargo build --quiet --locked --example evaluate ${features[@]+"${features[@]}"}
exec python3 -B testdata/campaign/main.py --evaluate "$target/debug/examples/evaluate" ${gpgs[@]+"${gpgs[@]}"} "$@"
