"""Asks the real gpg about every case whose outcome hangs on cryptography, and compares.

For each signature, gpg gets a fresh home with only the keys that the case trusts, and the case's clock. gpg must find exactly
one good signature where the case is accepted, or refused for what comes after cryptography (payload, digest, identity), and
must not where the case is refused for its signature or key. Takes optional words: only cases whose names contain one of them.
"""

import functools
import json
import sys

import peers
from gpg import Gpg

# Suites in which a refusal without a code is one for cryptography.
CRYPTOGRAPHIC = ("algorithms-", "keys-", "messages-", "key-files-")

SIMPLE_SIGNING = b"\0simple-signing\n"
OUTCOMES = {"GOODSIG", "BADSIG", "ERRSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG"}


@functools.cache
def gpg_says(keys, blob, at):
    """"accept" where gpg finds exactly one signature, which is good; else what it found."""
    with Gpg() as gpg:
        for octets in keys:
            gpg.run("--import", stdin=octets, at=at, check=False)
        target = gpg.home / "out"
        done = gpg.run("--status-fd", "1", "--max-output", "10000000", "--output", target, stdin=blob, at=at, check=False)
        words = [line.split()[1] for line in done.stdout.decode(errors="replace").splitlines() if line.startswith("[GNUPG:]")]
        found = [word for word in words if word in OUTCOMES]
        if found == ["GOODSIG"] and "VALIDSIG" in words and not {"NODATA", "UNEXPECTED", "FAILURE"} & set(words):
            return "accept"
        return ",".join(found) or "nothing"


def crypto_inputs(case):
    """The trusted keys' octets and the signature blobs of a case that this check understands, else None."""
    if not case.get("signatures") or case["expect"].get("code") in peers.BEYOND_CRYPTOGRAPHY - {"payload-invalid", "digest-mismatch",
                                                                                              "identity-mismatch"}:
        return None
    try:
        lists = list(peers.requirement_lists(json.loads(peers.policy_text(case))))
        requirements = [r for requirements in lists for r in requirements if r["type"] == "signedBy"]
        if len({json.dumps(r) for r in requirements}) != 1:
            return None
        keys = tuple(peers.key_octets(requirements[0]))
        blobs = [peers.CONFORMANCE.joinpath(path).read_bytes() for path in case["signatures"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return keys, [blob.removeprefix(SIMPLE_SIGNING) for blob in blobs]


def main(words):
    tally = peers.Tally("gpg")
    for case in peers.cases():
        if words and not any(word in case["name"] for word in words):
            continue
        inputs = crypto_inputs(case)
        if inputs is None:
            continue
        keys, blobs = inputs
        answers = [gpg_says(keys, blob, peers.moment(case)) for blob in blobs]
        if case["expect"] == {"verdict": "reject"} and not case["name"].startswith(CRYPTOGRAPHIC):
            continue
        sound = case["expect"]["verdict"] == "accept" or case["expect"].get("code") in peers.BEYOND_CRYPTOGRAPHY
        tally.compare(case, "accept" if sound else "reject", "accept" if "accept" in answers else "reject", f"({'; '.join(answers)})")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
