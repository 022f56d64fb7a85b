"""What the checks against other programs share: reading cases and written-down divergences."""

import base64
import calendar
import json
import pathlib
import time

CONFORMANCE = pathlib.Path(__file__).resolve().parent.parent / "conformance"

# Reasons that a sound signature by a trusted key can still be refused for.
BEYOND_CRYPTOGRAPHY = {
    "payload-invalid", "digest-mismatch", "identity-mismatch", "image-has-no-identity", "manifest-digest-mismatch", "manifest-invalid",
    "manifest-unreadable", "signature-format-unknown", "signature-unreadable", "rejected-by-policy", "unsupported-requirement",
    "unsigned-not-allowed", "no-signature", "no-trusted-key", "key-unreadable", "policy-invalid", "image-name-invalid",
}


def cases(folder=CONFORMANCE):
    """Every case of every suite."""
    for path in sorted(folder.glob("*.json")):
        yield from json.loads(path.read_text()).get("cases", [])


def divergences(peer, folder=CONFORMANCE):
    """The cases in which a peer is known to answer otherwise, with its answer."""
    path = folder / "divergences.json"
    entries = json.loads(path.read_text())["divergences"] if path.exists() else []
    return {entry["case"]: entry["instead"] for entry in entries if entry["engine"] == peer}


def moment(case):
    """The case's clock in seconds, or None for the system's."""
    return calendar.timegm(time.strptime(case["at"], "%Y-%m-%dT%H:%M:%SZ")) if "at" in case else None


def policy_text(case, folder=CONFORMANCE):
    """The case's policy as octets."""
    if "policy_file" in case:
        return folder.joinpath(case["policy_file"]).read_bytes()
    if "policy_text" in case:
        return case["policy_text"].encode()
    return json.dumps(case["policy"]).encode()


def requirement_lists(policy):
    """Every requirement list of a policy."""
    yield policy["default"]
    for scopes in policy.get("transports", {}).values():
        yield from scopes.values()


def key_octets(requirement, folder=CONFORMANCE):
    """The key files of a `signedBy` requirement; OSError where one is missing."""
    if "keyData" in requirement:
        return [base64.b64decode(requirement["keyData"])]
    paths = [requirement["keyPath"]] if "keyPath" in requirement else requirement["keyPaths"]
    return [folder.joinpath(path).read_bytes() for path in paths]


class Tally:
    """Compares answers and reports."""

    def __init__(self, peer):
        self.peer, self.known, self.agreed, self.failed, self.used = peer, divergences(peer), 0, [], set()

    def compare(self, case, expected, answer, detail=""):
        """Notes one answer of the peer where `expected` would agree."""
        name = case["name"]
        if name in self.known:
            self.used.add(name)
            expected = self.known[name]
        if answer == expected:
            self.agreed += 1
        else:
            self.failed.append(name)
            print(f"DIFFERS {name}: expected {expected}, {self.peer} says {answer} {detail}")

    def finish(self):
        """Prints the outcome; returns the exit status."""
        print(f"{self.peer}: {self.agreed} agree ({len(self.used)} as written in divergences.json), {len(self.failed)} differ")
        return 1 if self.failed else 0
