"""Which differences are on record: rows that each name a case of `testdata/conformance/divergences.json`.

A case of the campaign is no case of the suite, so that a row says by what to recognize the same reason: by the library's answer, or by
what is left of the recipe once it is shrunk, in which whatever does not matter is gone. A row whose case is no longer in the file fails.
"""

import json
import re

from build import Case

# What containers/image refuses before it asks gpg: a stored signature is told by its first octet (containers-signature(5)).
NOT_ASKED = None


def _steps(outcome, *kinds):
    """The steps of these kinds in the key files."""
    return [step for file in outcome.recipe["files"] for step in file["packets"] if step["p"] in kinds]


def _forbids(outcome):
    """The library counts what takes something away from a key."""
    return outcome.ours.code in ("key-expired", "key-not-for-signing")


def _code(code, pattern=""):
    def matches(outcome):
        return outcome.ours.code == code and re.search(pattern, outcome.ours.message) is not None
    return matches


def _says(pattern):
    return lambda outcome: re.search(pattern, outcome.ours.message) is not None


def _revoked(outcome):
    """The library counts a revocation that is there."""
    return outcome.ours.code == "key-revoked" and any(step.get("t") in (0x20, 0x28, 0x30) or "hflip" in step or "flip" in step
                                                      for step in _steps(outcome, "sig"))


def _only_newer(outcome):
    return all(version.startswith("2.4") for version in outcome.difference()[1])


def _packets(outcome):
    """(The step, its packet's type, its body's first octet) for each packet of the key files with a new header."""
    case = Case(outcome.recipe, outcome.slot)
    for file in outcome.recipe["files"]:
        for step in file["packets"]:
            octets = case.packet(step) + bytes(6)
            if octets[0] >= 0xC0:
                length = 1 if octets[1] < 192 else 2 if octets[1] < 224 else 5
                yield step, octets[0] & 0x3F, octets[1 + length]


def _primary_keys(outcome):
    """Primary keys that gpg 2.4 cannot read: of an unknown version, or damaged; also what a false length makes of the octets after it."""
    return _only_newer(outcome) and any(
        kind in (5, 6) and (step["p"] not in ("key", "secret") or "flip" in step or "cut" in step) or "claim" in step
        for step, kind, _ in _packets(outcome))


def _unknown_algorithm(outcome):
    algorithms = [outcome.recipe["keys"].get(step["k"], {}).get("algo", "") for step in _steps(outcome, "key", "secret")]
    return _only_newer(outcome) and any(algorithm.startswith("number-") for algorithm in algorithms)


def _version_6_signature(outcome):
    """A signature of version 6, also one that a flipped bit makes such."""
    return any(kind == 2 and version == 6 for _, kind, version in _packets(outcome))


def _not_self_signed(outcome):
    """gpg 2.4 of Debian imports a key that vouches for itself nowhere, and goes by it first."""
    own = {step["by"] for step in _steps(outcome, "sig") if step.get("t") in (0x10, 0x11, 0x12, 0x13)}
    return _only_newer(outcome) and any(step["k"] not in own for step in _steps(outcome, "key"))


def _same_subkey_twice(outcome):
    roles = [step["k"] for step in _steps(outcome, "subkey")]
    return len(roles) > len(set(roles))


def _compressed_message(outcome):
    return any(step["p"] == "compressed" for step in outcome.recipe["message"]["packets"])


def _doubled(outcome):
    """Two signatures that differ in what is not signed."""
    signed = [str({name: value for name, value in step.items() if name != "unhashed"}) for step in _steps(outcome, "sig")]
    return len(signed) > len(set(signed))


def _user_behind_subkey(outcome):
    kinds = [step["p"] for file in outcome.recipe["files"] for step in file["packets"]]
    return any(kind == "subkey" and "uid" in kinds[place:] for place, kind in enumerate(kinds))


def _revoked_subkey_only(outcome):
    """A subkey that is revoked and not bound."""
    bound = {role for step in _steps(outcome, "sig") if step.get("t") == 0x18 for role in step.get("over", ())[1:]}
    return any(role not in bound for step in _steps(outcome, "sig") if step.get("t") == 0x28 for role in step.get("over", ())[1:])


def _key_behind_secret_key(outcome):
    kinds = [[step["p"] for step in file["packets"] if step["p"] in ("key", "secret") and not step.get("sub")] for file in outcome.recipe["files"]]
    return any("secret" in file[:-1] for file in kinds)


def _names_stranger(outcome):
    """A self-signature with a fingerprint that is not the key's, also by a flipped bit."""
    return any("hflip" in step or any(item[0] == "fpr" and item[1] != step["by"] for item in step.get("hashed", ())) for step in _steps(outcome, "sig"))


def _named_by_fingerprint_alone(outcome):
    """A certification that gpg 2.4 alone takes for the key's own."""
    return any(step.get("t") in (0x10, 0x11, 0x12, 0x13, 0x30) and any(item[:2] == ["fpr", step["by"]] for item in step.get("hashed", ()))
               and all(item[:2] != ["issuer", step["by"]] for area in ("hashed", "unhashed") for item in step.get(area) or ())
               for step in _steps(outcome, "sig"))


def _shared(outcome):
    """A key that stands in more than one certificate, as its primary key or as a subkey."""
    holders, holder = {}, None
    for step in _steps(outcome, "key", "secret", "subkey"):
        if step["p"] != "subkey" and not step.get("sub"):
            holder = step["k"]
        holders.setdefault(step["k"], set()).add(holder)
    return any(len(of) > 1 for of in holders.values())


def _copy_without_user(outcome):
    kinds = [step["p"] for file in outcome.recipe["files"] for step in [*file["packets"], {"p": "end"}]]
    ends = [place for place, kind in enumerate(kinds) if kind in ("key", "secret", "end")]
    return any("uid" not in kinds[begin:end] for begin, end in zip(ends, ends[1:]) if kinds[begin] != "end")


def _without_checksum(outcome):
    return any((file.get("armor") or {}).get("checksum") == "none" for file in outcome.recipe["files"])


def _begins_with_zeros(outcome):
    return any(step.get("value") == "leading-zero" for step in _steps(outcome, "sig"))


def _both(*tests):
    return lambda outcome: all(test(outcome) for test in tests)


NOT_SIGNED = "no user ID with a good self-signature|no live signature by its primary key binds it|its key flags do not allow it"

# Direction, whether the recipe must be shrunk, the case, how to recognize it.
ROWS = [
    ("refuses", False, NOT_ASKED, _code("signature-format-unknown")),
    ("refuses", False, "messages-time-future", _code("signature-from-the-future")),
    ("refuses", False, "messages-time-future", _code("key-from-the-future")),
    ("refuses", False, "messages-around-literal-after-compressed", _code("malformed-signature", "compressed packet has something before or after")),
    ("refuses", False, "messages-around-noise-after-inside", _code("malformed-signature", "its compressed data is followed by something else")),
    ("refuses", True, "key-structure-revocation-local", _revoked),
    ("refuses", False, "key-structure-shared-subkey-both", _says("belongs to more than one trusted key")),
    ("refuses", False, "unsupported-secp256k1-alone", _code("unsupported-signature", "secp256k1|[Bb]rainpool")),
    ("refuses", False, "unsupported-rsa8192-alone", _code("unsupported-signature", "RSA")),
    ("refuses", False, "key-structure-key-packet-leading-zero", _says("a signature integer begins with zeros|(an integer of its key|one of its integers) is not in its shortest form")),
    ("refuses", False, "messages-around-line-feed-after-compressed", _both(_compressed_message, _code("malformed-signature", "does not start a packet"))),
    ("refuses", False, "signature-packets-key-expiry-of-3-octets", _says("a signature expiry time has fewer than four octets")),
    ("refuses", False, "key-structure-compressed-revoked-copy-in-other-file", _code("key-invalid", "it is compressed, which not every release of GnuPG reads")),
    ("refuses", True, "messages-issuer-fingerprint-of-stranger", _both(_code("unknown-key"), lambda outcome: "hflip" in str(outcome.recipe["message"]))),
    ("refuses", True, "signature-packets-data-fingerprint-of-version-5", _says("fingerprint of version 5")),
    ("refuses", True, "rfc9580-version-6-certifies", lambda outcome: _version_6_signature(outcome)),
    ("refuses", True, "critical-subpackets-unknown-notation",
     lambda outcome: any(["notation!", "pka-address@gnupg.org"] == item for step in _steps(outcome, "sig") for item in step.get("hashed", ()))),
    ("refuses", False, "messages-around-type-60-after", _code("malformed-signature", "which is not allowed there")),
    ("refuses", False, "messages-around-one-pass-after", _code("multiple-signatures")),
    ("refuses", False, "damaged-packets-cut-in-binding", _says("it is truncated within a packet")),
    ("refuses", False, "damaged-packets-releases-secret-subkey-of-agent-before-good", _says("a secret key that not every release of GnuPG reads")),
    ("refuses", False, "damaged-packets-releases-signature-version-5-first-in-other-file",
     _says("(which not every release of GnuPG reads|which makes GnuPG 2.4 terminate), so no other key counts either")),
    ("refuses", False, "copies-version-5-in-second-copy", _says("a copy of it cannot be read to its end")),
    ("refuses", False, "copies-empty-attribute-in-other-file", _says("an empty user attribute with a certification|begins with a damaged secret subkey")),
    ("refuses", True, "copies-double-self-signature-without-key-id-first", _both(_says(NOT_SIGNED), _doubled)),
    ("refuses", True, "copies-double-direct-expires-key-local", _both(_forbids, _doubled)),
    ("refuses", True, "copies-secret-key-before-copy-that-forbids", _both(_forbids, _key_behind_secret_key)),
    ("refuses", True, "copies-secret-key-of-nobody-before-good-copy", _both(_says("gpg stops reading the file at it"), _key_behind_secret_key)),
    ("refuses", True, "copies-user-id-second-behind-revoked-unbound-subkey-expires-key", _both(_forbids, _user_behind_subkey, _revoked_subkey_only)),
    ("refuses", True, "copies-of-nobody-behind-unsigned",
     _both(_says("matches none of its user IDs"), _says("no user ID with a good self-signature"), _named_by_fingerprint_alone)),
    ("refuses", True, "signature-packets-only-self-signature-leading-zero", _both(_says(NOT_SIGNED), _begins_with_zeros)),
    ("refuses", True, "copies-user-id-behind-unbound-copy-by-primary", _both(_says("no user ID with a good self-signature"), _user_behind_subkey)),
    ("refuses", True, "copies-named-by-fingerprint-of-stranger-only-self-signature", _both(_says("no user ID with a good self-signature"), _names_stranger)),
    ("refuses", True, "copies-shared-subkey-first-not-self-signed", _both(_code("unknown-key"), _shared)),
    ("refuses", True, "key-structure-halves-key-and-subkey", _both(_says("no live signature by its primary key binds it"), _copy_without_user)),
    ("accepts", True, "armor-no-checksum-no-padding-last-faulty", lambda outcome: outcome.difference()[1] == ("2.2.40",) and _without_checksum(outcome)),
    ("other key", True, "keys-self-signature-missing", _not_self_signed),
    ("accepts", True, "rfc9580-version-6-certifies", _version_6_signature),
    ("accepts", True, "key-files-version-9-before-good", _primary_keys),
    ("accepts", True, "key-files-unknown-algorithm-before-good", _unknown_algorithm),
]

def explain(outcome, shrunk):
    """The case on record that explains the difference, or None; shrunk: whether the recipe is."""
    direction = outcome.difference()[0]
    for wanted, only_shrunk, case, matches in ROWS:
        if wanted == direction and shrunk >= only_shrunk and matches(outcome):
            return case or "containers/image does not ask gpg"
    return None


def check(root):
    """Fails if a row names a case that is not on record."""
    document = json.loads(root.joinpath("testdata/conformance/divergences.json").read_text())
    recorded = set()
    for entry in document["divergences"]:
        recorded.update([entry["case"]] if isinstance(entry["case"], str) else entry["case"])
    stale = sorted({case for _, _, case, _ in ROWS if case is not NOT_ASKED} - recorded)
    if stale:
        raise SystemExit(f"campaign: explanations.py names cases that are not in divergences.json: {', '.join(stale)}")
