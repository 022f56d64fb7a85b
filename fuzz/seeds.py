#!/usr/bin/env python3
"""Makes inputs of the target `engines` of the conformance suite: `fuzz/seeds.py fuzz/corpus/engines`, then `cargo fuzz run engines`.

Each case that trusts key files makes one with each of its signatures, named by its content.
"""

import hashlib
import json
import pathlib
import sys

SUITE = pathlib.Path(__file__).parent.parent / "testdata" / "conformance"

# As in fuzz_targets/engines.rs.
DIVIDER = b"\0DIVIDER\0"

# Larger inputs say nothing that smaller ones do not, and take long.
MAX_SIZE = 16 * 1024


def files_of(requirement):
    """The key files of a requirement, if that is what it is and they are there."""
    if not isinstance(requirement, dict):
        return []
    paths = requirement.get("keyPaths", [requirement.get("keyPath")])
    files = [SUITE / path for path in paths if isinstance(path, str)] if isinstance(paths, list) else []
    return files if all(file.is_file() for file in files) else []


def inputs():
    for path in sorted(SUITE.glob("*.json")):
        for case in json.loads(path.read_text()).get("cases", []):
            policy = case.get("policy")
            requirements = policy.get("default") if isinstance(policy, dict) else None
            settings = b"\1" if case.get("crypto_policy") == "gnupg" else b"\0"
            for files in map(files_of, requirements if isinstance(requirements, list) else []):
                keys = b"".join(file.read_bytes() for file in files)
                for signature in map(SUITE.joinpath, case.get("signatures") or [] if files else []):
                    if signature.is_file():
                        yield settings + keys + DIVIDER + signature.read_bytes()


def main(folder):
    corpus = pathlib.Path(folder)
    corpus.mkdir(parents=True, exist_ok=True)
    count = 0
    for octets in {octets for octets in inputs() if len(octets) <= MAX_SIZE}:
        corpus.joinpath(hashlib.sha1(octets).hexdigest()).write_bytes(octets)
        count += 1
    print(f"{count} inputs")


if __name__ == "__main__":
    main(sys.argv[1])
