"""Digests of schema 1 manifests, which have signatures of their own."""

import json

from bench import ManifestBench
from libtrust import Schema1, base64url
from workshop import NAME, digest


def build(workshop):
    bench = ManifestBench(workshop, "schema1")
    _payload(workshop, bench.case)
    return bench.suite


def _payload(workshop, case):
    """The digest is that of the payload that the signatures protect."""
    schema, other = Schema1(), Schema1("1.4.3")
    block = schema.block()
    signed = schema.signed([block])
    right, whole = digest(schema.payload), digest(signed)
    length, tail = schema.format_length, base64url(schema.format_tail)
    case("payload", "A schema 1 manifest has the digest of the payload inside its signatures.", "accept", None, signed, right)
    case("octets", "It does not have the digest of its octets.", "reject", "digest-mismatch", signed, whole)
    case("two-signatures", "Two signatures that agree protect one payload.", "accept", None, schema.signed([block, block]), right)
    case("unsigned", "Without signatures it has the digest of its octets.", "accept", None, schema.payload, right)
    tampered = signed.replace(b'"1.4.2"', b'"1.4.3"')
    case("tampered", "A changed payload has another digest.", "reject", "digest-mismatch", tampered, right)
    case("tampered-other", "It has the digest of the changed payload: nobody verifies these signatures here.", "accept", None, tampered, digest(other.payload))
    by_digest = f"docker://{NAME}@{right}"
    case("by-digest", "A digest reference names the payload's digest.", "accept", None, signed, right, image=by_digest)
    case("by-octets-digest", "A digest reference does not name the octets' digest.", "reject", "manifest-digest-mismatch", signed, right,
         image=f"docker://{NAME}@{whole}")
    case("jwk-key-id", "A key may say its ID.", "accept", None, schema.signed([schema.block(header={"jwk": schema.jwk(kid=schema.key_id()), "alg": "ES256"})]),
         right)
    case("jwk-private", "The private part of an elliptic key, which nobody looks for.", "accept", None,
         schema.signed([schema.block(header={"jwk": schema.jwk(d="AQ"), "alg": "ES256"})]), right)
    case("signature-value-any", "The value of these signatures does not matter.", "accept", None, schema.signed([schema.block(signature="AAAA")]), right)
    for name, about, manifest in (
        ("no-signature", "An empty list of signatures protects nothing.", schema.signed([])),
        ("signatures-object", "Signatures are a list.", schema.signed({})),
        ("signatures-string", "Signatures are a list.", schema.signed("x")),
        ("conflicting-lengths", "Two signatures that disagree about the payload's length.",
         schema.signed([block, schema.block({"formatLength": length - 5, "formatTail": tail})])),
        ("conflicting-tails", "Two signatures that disagree about the payload's end.",
         schema.signed([block, schema.block({"formatLength": length, "formatTail": base64url(b"}")})])),
        ("length-missing", "The payload's length is required.", schema.signed([schema.block({"formatTail": tail})])),
        ("tail-missing", "The payload's end is required.", schema.signed([schema.block({"formatLength": length})])),
        ("length-string", "The payload's length is a number.", schema.signed([schema.block({"formatLength": str(length), "formatTail": tail})])),
        ("length-too-long", "The payload is not longer than the manifest.", schema.signed([schema.block({"formatLength": 100_000, "formatTail": tail})])),
        ("length-negative", "The payload's length is not negative.", schema.signed([schema.block({"formatLength": -1, "formatTail": tail})])),
        ("tail-not-base64", "The payload's end is Base64.", schema.signed([schema.block({"formatLength": length, "formatTail": "!"})])),
        ("protected-not-base64", "The protected header is Base64.", schema.signed([schema.block("!!!")])),
        ("protected-not-json", "The protected header is JSON.", schema.signed([schema.block(base64url(b"x"))])),
        ("protected-array", "The protected header is an object.", schema.signed([schema.block([])])),
        ("block-string", "A signature is an object.", schema.signed(["x"])),
        ("jwk-unknown-type", "A key of an unknown type.", schema.signed([schema.block(header={"jwk": {"kty": "XX"}, "alg": "ES256"})])),
        ("jwk-string", "A key is an object.", schema.signed([schema.block(header={"jwk": "x", "alg": "ES256"})])),
        ("jwk-other-key-id", "A key's ID is that of the key.", schema.signed([schema.block(header={"jwk": schema.jwk(kid="AAAA:BBBB"), "alg": "ES256"})])),
        ("jwk-curve-unknown", "A key on a curve that nobody knows.", schema.signed([schema.block(header={"jwk": schema.jwk(crv="P-192"), "alg": "ES256"})])),
        ("jwk-coordinate-missing", "A key without one of its coordinates.",
         schema.signed([schema.block(header={"jwk": {name: value for name, value in schema.jwk().items() if name != "y"}, "alg": "ES256"})])),
    ):
        case(name, about, "reject", "manifest-invalid", manifest, right)
    case("signatures-null", "Signatures that are null are none: the digest is that of the octets.", "accept", None, manifest := schema.signed(None),
         digest(manifest))
    second = json.dumps(json.loads(signed) | {"schemaVersion": 2}, indent=3).encode()
    case("version-2-with-signatures", "Signatures matter in schema 1 only: the digest is that of the octets.", "accept", None, second, digest(second))
    typed = b'{\n   "mediaType": "application/vnd.oci.image.manifest.v1+json",' + signed[1:]
    case("media-type-of-oci", "A media type that says otherwise wins: the digest is that of the octets.", "accept", None, typed, digest(typed))
    case("media-type-of-oci-payload", "A media type that says otherwise wins: it is not that of the payload.", "reject", "digest-mismatch", typed, right)
    short = schema.signed([schema.block({"formatLength": 1, "formatTail": base64url(b"}")})])
    case("payload-of-nothing", "A payload that leaves out part of the manifest protects nothing.", "reject", "manifest-invalid", short, digest(b"{}"))
