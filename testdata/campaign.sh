#!/bin/sh
cd "$(dirname "$0")/.."
exec python3 -B testdata/campaign/main.py --evaluate target/debug/examples/evaluate --gpg /usr/bin/gpg --gpg /work/main/target/peers/trixie/bin/gpg "$@"
