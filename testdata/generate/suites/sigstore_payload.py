"""The signed document of sigstore: that of simple signing with another type, whose `optional` may be null."""

import json

import cosign
from clock import FUTURE, SIGNED
from sigstore_signed import Signing, sigstore_signed
from suites import payload
from suites.payload import SIGSTORE_TYPE, TYPE
from workshop import NAME, Suite

INVALID = "payload-invalid"


def build(workshop):
    suite = Suite("sigstore-payload")
    signing = Signing(workshop, suite)
    documents = _Documents(signing)

    def case(name, about, verdict, content, code=INVALID, policy=None):
        """A payload, well signed."""
        octets = content if isinstance(content, bytes) else content.encode()
        more = {} if policy is None else {"policy": policy}
        signing.case(name, about, verdict, code, sigstore_signed(signing.signer_file), signing.blob(octets), **more)

    payload.members(documents, case, SIGSTORE_TYPE, TYPE, sound={("optional", "null")})
    payload.json_texts(documents, case)
    payload.optional_members(documents, case, largest=20_000)
    payload.digests(documents, case)
    payload.references(documents, case, lambda identity: sigstore_signed(signing.signer_file, identity=identity))
    _optional(documents, case)
    _types(documents, case)
    _texts(case)
    _order(signing, case)
    return suite


class _Documents:
    """What the suite on the payload of simple signing asks of a workshop, with documents of this type."""

    def __init__(self, signing):
        self.digest, self.manifest_bytes, self.payload = signing.workshop.digest, signing.workshop.manifest_bytes, signing.payload


def _optional(documents, case):
    """`optional`, which must be there and may be null."""
    case("optional-null", "optional may be null, as cosign writes it.", "accept", payload.changed(documents, "optional", None))
    sound = json.dumps(payload.document(documents) | {"optional": None})
    for name, about, text in (
        ("null-with-blanks", "White space around null does not matter.", sound.replace("null", " \n\t null \r ")),
        ("null-first", "The order of members does not matter.", json.dumps({"optional": None, "critical": payload.document(documents)["critical"]})),
        ("null-escaped-name", "A key may be written with escapes.", sound.replace('"optional"', '"\\u006fptional"')),
    ):
        case(f"optional-{name}", about, "accept", text)
    for name, about, text in (
        ("null-twice", "optional twice is an error, and be it null.", sound.replace('"optional": null', '"optional": null, "optional": null')),
        ("null-and-object", "optional twice is an error, and be one null.", sound.replace('"optional": null', '"optional": null, "optional": {}')),
        ("object-and-null", "optional twice is an error, and be one null.", sound.replace('"optional": null', '"optional": {}, "optional": null')),
        ("null-capitalized", "null is written so.", sound.replace("null", "Null")),
        ("null-upper", "null is written so.", sound.replace("null", "NULL")),
        ("null-as-text", "null is no text.", sound.replace("null", '"null"')),
        ("nil", "null is not called nil.", sound.replace("null", "nil")),
        ("nulls", "null is one.", sound.replace("null", "null null")),
        ("in-critical", "optional stands beside critical.", json.dumps({"critical": payload.document(documents)["critical"] | {"optional": None}})),
    ):
        case(f"optional-{name}", about, "reject", text)
    for path in payload.PATHS:
        if path != "optional":
            whole = payload.changed(documents, path, None)
            case(f"{path.replace('.', '-')}-null-beside-null", f"optional may be null, {path} may not.", "reject",
                 json.dumps(json.loads(whole) | {"optional": None}))
    for name, value in (("annotations", {"build": "42", "commit": "0" * 40}), ("creator", {"creator": "cosign"}), ("sct", {"sct": None}),
                        ("timestamp-of-signature", {"timestamp": SIGNED}), ("timestamp-of-future", {"timestamp": FUTURE})):
        case(f"optional-of-cosign-{name}", "What cosign writes into optional.", "accept", documents.payload(optional=value))


def _types(documents, case):
    """`critical.type`, to the letter."""
    for name, value in (
        ("upper", SIGSTORE_TYPE.upper()), ("blank-before", " " + SIGSTORE_TYPE), ("two-blanks", SIGSTORE_TYPE.replace(" ", "  ")),
        ("line-feed", SIGSTORE_TYPE + "\n"), ("nul", SIGSTORE_TYPE + "\0"), ("prefix", "cosign"), ("attestation", "cosign container image attestation"),
        ("url", "https://sigstore.dev/cosign/sign/v1"), ("no-break-spaces", SIGSTORE_TYPE.replace(" ", "\u00a0")), ("dashes", SIGSTORE_TYPE.replace(" ", "-")),
        ("plural", SIGSTORE_TYPE + "s"), ("look-alike", SIGSTORE_TYPE.replace("c", "\u0441", 1)), ("mime", cosign.MIME_TYPE),
    ):
        case(f"type-{name}", "critical.type is compared to the letter.", "reject", payload.changed(documents, "critical.type", value))
    case("type-escaped", "critical.type may be written with escapes.", "accept",
         documents.payload().decode().replace(SIGSTORE_TYPE, SIGSTORE_TYPE.replace("c", "\\u0063")))


def _texts(case):
    """What is no document of this kind."""
    statement = {"_type": "https://in-toto.io/Statement/v1", "subject": [{"digest": {"sha256": "00" * 32}}], "predicateType": "https://sigstore.dev/cosign/sign/v1",
                 "predicate": {}}
    for name, about, text in (
        ("empty", "Nothing is no document.", ""), ("statement", "A statement of in-toto is no such document.", json.dumps(statement)),
        ("envelope", "An envelope is no such document.", json.dumps({"payload": "", "payloadType": "application/vnd.in-toto+json", "signatures": []})),
        ("digest", "A digest is no document.", "sha256:" + "00" * 32), ("base64", "Base64 of a document is none.", cosign.base_64(b'{"critical":{}}')),
        ("nothing-but-critical", "critical has members.", '{"critical":{},"optional":null}'), ("empty-object", "A document has members.", "{}"),
    ):
        case(f"text-{name}", about, "reject", text)


def _order(signing, case):
    """What is told first: the signature, then the payload, then the digest, then the identity."""
    zeros = "sha256:" + "00" * 32
    wrong_all = json.dumps(json.loads(signing.payload(f"{NAME}:1", zeros)) | {"extra": 1}).encode()
    wrong_both = signing.payload("registry.example/evil:1", zeros)
    wrong_name = signing.payload("registry.example/evil:1")
    case("order-payload-before-digest", "A payload that is malformed and about another image is malformed first.", "reject", wrong_all)
    case("order-digest-before-identity", "A payload with a wrong digest and a wrong reference has the wrong digest first.", "reject", wrong_both, "digest-mismatch")
    case("order-identity", "A payload with a wrong reference alone.", "reject", wrong_name, "identity-mismatch")
    for name, content in (("malformed", wrong_all), ("other-image", wrong_both), ("other-name", wrong_name), ("right", signing.content), ("noise", b"\0noise"),
                          ("empty", b"")):
        for signer, annotation in (("stranger", signing.stranger.sign(content)), ("other-signature", signing.signer.sign(content + b"x")), ("no-base64", "!"),
                                   ("empty", "")):
            blob = cosign.blob(content, cosign.annotations(annotation))
            signing.case(f"order-{signer}-{name}", "Nothing of a payload counts whose signature is bad.", "reject", "bad-signature",
                         sigstore_signed(signing.signer_file), blob)
        signing.case(f"order-unsigned-{name}", "Nothing of a payload counts that nobody signed.", "reject", "signature-incomplete",
                     sigstore_signed(signing.signer_file), cosign.blob(content, {}))
        signing.case(f"order-not-logged-{name}", "Nothing of a payload counts whose signature has no entry in the log.", "reject", "signature-incomplete",
                     sigstore_signed(signing.signer_file, signing.log_file), signing.blob(content))
        verdict, code = ("accept", None) if name == "right" else ("reject", {"other-image": "digest-mismatch", "other-name": "identity-mismatch"}.get(name, INVALID))
        signing.case(f"order-logged-{name}", "An entry in the log does not make a payload right.", verdict, code,
                     sigstore_signed(signing.signer_file, signing.log_file), signing.blob(content, logged=True))
