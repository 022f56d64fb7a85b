"""Where somebody answers otherwise than a case expects, and why that is right or cannot be helped.

`gpg` and `skopeo` are peers: `instead` is what they say. Other names are engines of the library. Patterns name cases as
in a shell; each must match.
"""

import fnmatch

WEAK = "GnuPG has no lower bound on key sizes and takes SHA-1 and RIPEMD-160 data signatures; the standard policy is stricter on purpose"

PEERS = ("gpg", "skopeo")

DIVERGENCES = [
    # who, patterns of cases, instead, why
    (PEERS, ["algorithms-*-weak", "algorithms-hash-ripemd160-standard", "algorithms-hash-sha1-standard",
             "algorithms-self-signature-sha1-standard"], "accept", WEAK),
]


def entries(names):
    """The entries of `divergences.json` for a suite with these case names."""
    out = []
    for engines, patterns, instead, why in DIVERGENCES:
        for pattern in patterns:
            matches = fnmatch.filter(sorted(names), pattern)
            if not matches:
                raise ValueError(f"divergences.py: no case is called {pattern}")
            out += [{"engine": engine, "case": case, "instead": instead, "why": why} for engine in engines for case in matches]
    return out
