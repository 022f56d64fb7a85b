#!/usr/bin/env python3
"""Makes inputs of a target of the conformance suite: `fuzz/seeds.py engines fuzz/corpus/engines`, then `cargo fuzz run engines`.

Of `engines`, each case that trusts key files makes one with each of its signatures. Of the targets on sigstore, what its cases have
of keys and authorities (`sigstore_pem`), certificates, log entries and bundles. They are named by their content.
"""

import base64
import hashlib
import json
import pathlib
import re
import sys

SUITE = pathlib.Path(__file__).parent.parent / "testdata" / "conformance"

# As in fuzz_targets/engines.rs and fuzz_targets/sigstore/mod.rs.
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


def engines():
    """Key files, each with a message."""
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


def attachments():
    """The stored signatures of sigstore that can be read."""
    for path in sorted(SUITE.glob("signatures/sigstore*/*.sig")):
        framing, _, text = path.read_bytes().partition(b"\n")
        try:
            attachment = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if framing == b"\0sigstore-json" and isinstance(attachment, dict):
            yield attachment


def annotations(name):
    for attachment in attachments():
        found = attachment.get("annotations")
        text = found.get(name) if isinstance(found, dict) else None
        if isinstance(text, str):
            yield attachment, text


def sigstore_pem():
    """Key files, and certificates of authorities."""
    for path in sorted(SUITE.glob("keys/sigstore*/*")):
        yield path.read_bytes()


def sigstore_log_entries():
    for _, text in annotations("dev.sigstore.cosign/bundle"):
        yield text.encode()


def certificates(text):
    """What blocks of PEM hold, as far as they can be read."""
    for block in re.findall(r"-----BEGIN [^\n]*-----\n([A-Za-z0-9+/=\s]*)\n-----END", text):
        try:
            yield base64.b64decode(block)
        except ValueError:
            continue


def sigstore_certificates():
    """A root, and a signer's certificate with its chain."""
    root = next(certificates((SUITE / "keys/sigstore/root.pem").read_text()))
    for attachment, text in annotations("dev.sigstore.cosign/certificate"):
        chain = attachment["annotations"].get("dev.sigstore.cosign/chain")
        chain = chain if isinstance(chain, str) else ""
        yield DIVIDER.join([root, *certificates(text), *certificates(chain)])


def sigstore_bundles():
    for attachment in attachments():
        kind, payload = attachment.get("mimeType"), attachment.get("payload")
        if isinstance(kind, str) and "bundle" in kind and isinstance(payload, str):
            yield base64.b64decode(payload)


TARGETS = {target.__name__: target for target in (engines, sigstore_pem, sigstore_log_entries, sigstore_certificates, sigstore_bundles)}


def main(target, folder):
    corpus = pathlib.Path(folder)
    corpus.mkdir(parents=True, exist_ok=True)
    count = 0
    for octets in {octets for octets in TARGETS[target]() if len(octets) <= MAX_SIZE}:
        corpus.joinpath(hashlib.sha1(octets).hexdigest()).write_bytes(octets)
        count += 1
    print(f"{count} inputs")


if __name__ == "__main__":
    main(*sys.argv[1:])
