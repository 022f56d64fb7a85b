"""`sigstoreSigned` as a part of the policy: it reads and validates. What it means is in the suites whose names begin with `sigstore-`."""

import base64
import json

from policy_text import VALUES, broken_members, numbered, requirement_policy
from workshop import Suite, policy

DATA = base64.b64encode(b"-----BEGIN PUBLIC KEY-----\n").decode()
FULCIO = {"caPath": "/ca.pem", "oidcIssuer": "https://issuer.example", "subjectEmail": "build@example.org"}
PKI = {"caRootsPath": "/roots.pem", "subjectEmail": "build@example.org"}
SOURCES = {"keyPath": "/k", "keyPaths": ["/k"], "keyData": DATA, "keyDatas": [DATA], "fulcio": FULCIO, "pki": PKI}
REKOR = {"rekorPublicKeyPath": "/r", "rekorPublicKeyPaths": ["/r"], "rekorPublicKeyData": DATA, "rekorPublicKeyDatas": [DATA]}


def build(workshop):
    suite = Suite("sigstore")
    case = numbered(suite)

    def reads(name, about, verdict, **members):
        case(name, about, verdict, policy=policy({"type": "sigstoreSigned"} | members))

    _sources(reads)
    _rekor(reads)
    _fulcio(case, reads)
    _pki(case, reads)
    whole = {"type": "sigstoreSigned", "keyPath": "/k", "rekorPublicKeyPath": "/r", "signedIdentity": {"type": "matchRepository"}}
    # Wrong values of rekorPublicKeyPath include null and the empty string: a demand never disappears by them.
    broken_members(case, "sigstore-signed", whole, {"type": "error", "keyPath": "error", "signedIdentity": "accept", "rekorPublicKeyPath": "accept"},
                   requirement_policy)
    for name in ("keyPaths", "keyData", "keyDatas"):
        broken_members(case, f"sigstore-by-{name}", {"type": "sigstoreSigned", name: SOURCES[name]}, {name: "error"}, requirement_policy, **_data(name))
    for name in ("rekorPublicKeyPaths", "rekorPublicKeyData", "rekorPublicKeyDatas"):
        broken_members(case, f"sigstore-with-{name}", {"type": "sigstoreSigned", "keyPath": "/k", name: REKOR[name]}, {name: "accept"}, requirement_policy,
                       **_data(name))
    for member in ("keyType", "baseLayerIdentity", "rekorPublicKey", "keyDatas2", "rekorPublicKeyURL", "caPath", "oidcIssuer", "subjectEmail"):
        reads(f"foreign-{member}", f"{member} is no key of sigstoreSigned.", "error", keyPath="/k", **{member: "x"})
    return suite


def _data(*members):
    """What members of bytes take: nothing at all, which trusts nobody. What an array means is an accident of Go's decoder."""
    data = [member for member in members if member.endswith("Data")]
    return {"sound": {(member, "empty") for member in data if not member.startswith("rekor")}, "open_questions": {(member, "array") for member in data}}


def _sources(reads):
    reads("source-none", "A key source is required.", "error")
    for name, value in SOURCES.items():
        rekor = {"rekorPublicKeyPath": "/r"} if name == "fulcio" else {}
        reads(f"source-{name}", f"{name} alone is a key source.", "accept", **{name: value}, **rekor)
        for other, also in SOURCES.items():
            if name < other:
                reads(f"source-{name}-and-{other}", f"{name} and {other} are one source too many.", "error", **{name: value, other: also}, **rekor)
        for kind, wrong in VALUES.items():
            if kind == "empty" and name == "keyData":
                continue  # That reads.
            if kind == "object" and name in ("fulcio", "pki") or kind == "array" and name in ("keyData",):
                continue
            reads(f"source-{name}-{kind}", f"{name} must not be {json.dumps(wrong)}.", "error", **{name: wrong}, **rekor)
    for name, value in (("keyPaths", "/k"), ("keyDatas", DATA)):
        reads(f"{name}-two", f"{name} may have several entries.", "accept", **{name: [value, value]})
        reads(f"{name}-null-entry", f"{name} has no entry that is a number.", "error", **{name: [value, 1]})
    reads("keyData-empty", "Empty data is a source, as in signedBy; it trusts nobody.", "accept", keyData="")
    for name in ("keyData", "keyDatas"):
        reads(f"{name}-not-base64", f"{name} is Base64.", "error", **{name: "!" if name == "keyData" else ["!"]})
    reads("identity-broken", "The identity is read as in signedBy.", "error", keyPath="/k", signedIdentity={"type": "nonsense"})
    reads("identity-remap", "The identity is read as in signedBy.", "accept", keyPath="/k",
          signedIdentity={"type": "remapIdentity", "prefix": "a.example", "signedPrefix": "b.example"})


def _rekor(reads):
    for name, value in REKOR.items():
        for source in ("keyPath", "fulcio"):
            reads(f"{name}-with-{source}", f"{name} may stand beside {source}.", "accept", **{source: SOURCES[source], name: value})
        reads(f"{name}-with-pki", f"{name} must not stand beside pki.", "error", pki=PKI, **{name: value})
        for other, also in REKOR.items():
            if name < other:
                reads(f"{name}-and-{other}", f"{name} and {other} are one too many.", "error", keyPath="/k", **{name: value, other: also})
        for kind, wrong in VALUES.items():
            if kind == "array" and name == "rekorPublicKeyData":
                continue
            reads(f"{name}-{kind}", f"{name} must not be {json.dumps(wrong)}: a demand never disappears.", "error", keyPath="/k", **{name: wrong})
    reads("rekor-data-not-base64", "rekorPublicKeyData is Base64.", "error", keyPath="/k", rekorPublicKeyData="!")
    reads("fulcio-without-rekor", "fulcio needs a Rekor key.", "error", fulcio=FULCIO)


def _fulcio(case, reads):
    def around(text):
        return requirement_policy('{"type": "sigstoreSigned", "rekorPublicKeyPath": "/r", "fulcio": ' + text + "}")

    broken_members(case, "fulcio", FULCIO, {"caPath": "error", "oidcIssuer": "error", "subjectEmail": "error"}, around)
    rest = {name: value for name, value in FULCIO.items() if name != "caPath"}
    broken_members(case, "fulcio-by-data", rest | {"caData": DATA}, {"caData": "error"}, around, **_data("caData"))
    rekor = {"rekorPublicKeyPath": "/r"}
    reads("fulcio-ca-data", "caData may stand for caPath.", "accept", fulcio=rest | {"caData": DATA}, **rekor)
    reads("fulcio-ca-data-empty", "Empty data is a source; it trusts nobody.", "accept", fulcio=rest | {"caData": ""}, **rekor)
    reads("fulcio-ca-data-not-base64", "caData is Base64.", "error", fulcio=rest | {"caData": "!"}, **rekor)
    reads("fulcio-two-cas", "caPath and caData are one too many.", "error", fulcio=FULCIO | {"caData": DATA}, **rekor)
    reads("fulcio-empty-object", "fulcio needs its members.", "error", fulcio={}, **rekor)
    reads("fulcio-subject-hostname", "subjectHostname is no key of fulcio.", "error", fulcio=FULCIO | {"subjectHostname": "a.example"}, **rekor)


def _pki(case, reads):
    roots = {name: value for name, value in PKI.items() if name != "caRootsPath"}
    reads("pki-roots-data", "caRootsData may stand for caRootsPath.", "accept", pki=roots | {"caRootsData": DATA})
    reads("pki-two-roots", "caRootsPath and caRootsData are one too many.", "error", pki=PKI | {"caRootsData": DATA})
    reads("pki-no-roots", "pki needs roots.", "error", pki=roots)
    reads("pki-roots-data-not-base64", "caRootsData is Base64.", "error", pki=roots | {"caRootsData": "!"})
    reads("pki-intermediates-path", "caIntermediatesPath is optional.", "accept", pki=PKI | {"caIntermediatesPath": "/i"})
    reads("pki-intermediates-data", "caIntermediatesData is optional.", "accept", pki=PKI | {"caIntermediatesData": DATA})
    reads("pki-intermediates-data-not-base64", "caIntermediatesData is Base64.", "error", pki=PKI | {"caIntermediatesData": "!"})
    reads("pki-two-intermediates", "caIntermediatesPath and caIntermediatesData are one too many.", "error",
          pki=PKI | {"caIntermediatesPath": "/i", "caIntermediatesData": DATA})
    reads("pki-roots-data-empty", "Empty data is a source; it trusts nobody.", "accept", pki=roots | {"caRootsData": ""})
    reads("pki-two-intermediates-one-empty", "Beside a path, even empty data is one too many.", "error",
          pki=PKI | {"caIntermediatesPath": "/i", "caIntermediatesData": ""})
    reads("pki-intermediates-data-empty", "An empty optional member of pki counts as absent.", "accept", pki=PKI | {"caIntermediatesData": ""})
    reads("pki-intermediates-empty", "An empty optional member of pki counts as absent.", "accept", pki=PKI | {"caIntermediatesPath": ""})
    reads("pki-hostname", "subjectHostname may stand for subjectEmail.", "accept", pki={"caRootsPath": "/r", "subjectHostname": "build.example"})
    reads("pki-hostname-and-email", "subjectHostname and subjectEmail may stand together.", "accept", pki=PKI | {"subjectHostname": "build.example"})
    reads("pki-no-subject", "pki needs a subject.", "error", pki={"caRootsPath": "/r"})
    reads("pki-empty-subject", "An empty subject is none.", "error", pki={"caRootsPath": "/r", "subjectEmail": ""})
    reads("pki-empty-email-and-hostname", "An empty subject beside another counts as absent.", "accept",
          pki={"caRootsPath": "/r", "subjectEmail": "", "subjectHostname": "build.example"})
    reads("pki-empty-roots", "An empty path is no root.", "error", pki={"caRootsPath": "", "subjectEmail": "build@example.org"})
    reads("pki-empty-object", "pki needs its members.", "error", pki={})
    reads("pki-unknown-key", "pki takes no unknown key.", "error", pki=PKI | {"oidcIssuer": "https://issuer.example"})
    reads("pki-misspelt-key", "pki takes no misspelt key.", "error", pki=PKI | {"caIntermediatePath": "/i"})

    def around(text):
        return requirement_policy('{"type": "sigstoreSigned", "pki": ' + text + "}")

    # Of two subjects, one may be missing, and so counts as missing if it is empty.
    broken_members(case, "pki-by-path", PKI | {"caIntermediatesPath": "/i", "subjectHostname": "build.example"},
                   {"caRootsPath": "error", "caIntermediatesPath": "accept", "subjectEmail": "accept", "subjectHostname": "accept"}, around,
                   sound={(member, "empty") for member in ("caIntermediatesPath", "subjectEmail", "subjectHostname")})
    broken_members(case, "pki-by-data", roots | {"caRootsData": DATA, "caIntermediatesData": DATA},
                   {"caRootsData": "error", "caIntermediatesData": "accept", "subjectEmail": "error"}, around, **_data("caRootsData", "caIntermediatesData"))
    case("pki-twice", "pki twice is an error.", "error",
         policy_text=requirement_policy(f'{{"type": "sigstoreSigned", "pki": {json.dumps(PKI)}, "pki": {json.dumps(PKI)}}}'))
