"""Schema 1 manifests: the headers, keys and ambiguities of their JSON Web Signatures, whose protected payload has the digest."""

import json

from clock import AT
from libtrust import Schema1, base64url
from workshop import IMAGE, Suite, digest, policy, signed_by

INVALID = "manifest-invalid"
VERSION = '"schemaVersion": 1'

# Keys of other shapes with the IDs that libtrust gives them.
ELLIPTIC = {"kty": "EC", "crv": "P-256", "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY", "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}
ELLIPTIC_ID = "LTJF:F6YM:5CJS:INX2:7DGN:CBAJ:QG4J:5ZFN:NOP6:TYVC:W7TR:VLFS"
SMALL_RSA_ID = "UQ57:XFZG:HPH3:L44D:4D7C:CCIT:YISC:Z262:GUX4:DOU2:BZIB:JKV5"
RSA_ID = "JNH6:JYFR:Y4HL:IE2X:X2GF:NYCT:D4TU:7BZN:Y6AL:26SA:4VYV:7LIF"


def build(workshop):
    suite = Suite("jws")

    def case(name, about, verdict, code, manifest, signed_digest):
        path = workshop.write(f"manifests/jws/{name}.json", manifest)
        blob = workshop.gpg_signed(f"digests/{signed_digest.replace(':', '-')[:24]}.gpg", workshop.payload(manifest_digest=signed_digest))
        suite.case(name, about, verdict, code, policy=policy(signed_by(workshop.signer_file)), image=IMAGE, manifest=path, signatures=[blob], at=AT)

    for part in (_headers, _keys, _protected, _members, _media_types, _around):
        part(case)
    return suite


def _judged(case, schema, rows):
    """Cases with one signature each: `block` is what `Schema1.block` takes."""
    for name, about, verdict, block in rows:
        octets = schema.signed([schema.block(**block)])
        case(name, about, verdict, INVALID if verdict == "reject" else None, octets, digest(schema.payload))


def _headers(case):
    schema = Schema1()
    usual = {"alg": "ES256", "jwk": schema.jwk()}
    _judged(case, schema, (
        ("alg-number", "The name of the algorithm is text.", "reject", {"header": usual | {"alg": 5}}),
        ("x5c-text", "The chain of certificates is a list.", "reject", {"header": usual | {"x5c": "x"}}),
        ("jwk-null", "A key is an object, and null is none.", "reject", {"header": usual | {"jwk": None}}),
        ("jwk-missing", "A signature may come without its key.", "accept", {"header": {"alg": "ES256"}}),
        ("jwk-capitals", "A header with a second spelling of a member could mean two things.", "reject", {"header": {"alg": "ES256", "JWK": schema.jwk()}}),
    ))
    block, right = schema.block(), digest(schema.payload)
    manifest = schema.signed([block])
    for name, about, verdict, octets in (
        ("header-missing", "A signature has a header.", "reject", schema.signed([{member: value for member, value in block.items() if member != "header"}])),
        ("signature-number", "A signature's value is text.", "reject", schema.signed([block | {"signature": 5}])),
        ("signature-null", "A signature's value may be null: nobody looks at it.", "accept", schema.signed([block | {"signature": None}])),
        ("jwk-kelvin", "A member that is spelled with a kelvin sign could mean two things.", "reject", manifest.replace(b'"jwk"', '"jw\u212a"'.encode())),
        ("alg-twice", "A member of the header that stands twice could mean two things.", "reject",
         manifest.replace(b'"alg": "ES256"', b'"alg": "ES256", "alg": "ES256"')),
    ):
        case(name, about, verdict, INVALID if verdict == "reject" else None, octets, right)


def _keys(case):
    schema = Schema1()
    rsa = {"kty": "RSA", "n": "_w", "e": "AQAB"}
    _judged(case, schema, (
        (f"key-{name}", about, verdict, {"header": {"alg": "ES256", "jwk": jwk}}) for name, about, verdict, jwk in (
            ("short-coordinate", "A coordinate of an elliptic key has the size of its curve.", "reject", schema.jwk(x="AQAB")),
            ("id-of-no-groups", "A key's ID is that of the key.", "reject", schema.jwk(kid="AAAA")),
            ("rsa", "A key may be RSA.", "accept", rsa),
            ("rsa-private", "An RSA key must not hold its private part.", "reject", rsa | {"d": "AQ"}),
            ("rsa-without-modulus", "An RSA key has a modulus.", "reject", rsa | {"n": ""}),
            ("elliptic-id", "An elliptic key with its ID.", "accept", ELLIPTIC | {"kid": ELLIPTIC_ID}),
            ("elliptic-id-last-letter", "An elliptic key with an ID that differs in the last letter.", "reject", ELLIPTIC | {"kid": ELLIPTIC_ID[:-1] + "A"}),
            ("rsa-small-id", "An RSA key of three octets with its ID.", "accept", rsa | {"n": "___A", "kid": SMALL_RSA_ID}),
            ("rsa-id", "An RSA key of 2063 bits with its ID.", "accept", rsa | {"n": "_" * 343 + "A", "kid": RSA_ID}),
        )
    ))


def _protected(case):
    schema = Schema1()
    length, tail = schema.format_length, base64url(schema.format_tail)
    _judged(case, schema, (
        ("protected-infinite", "A number that is too large for a double is no number, wherever it stands.", "reject",
         {"protected": base64url(f'{{"formatLength":{length},"formatTail":"{tail}","x":1e999}}'.encode())}),
        ("protected-length-twice", "A protected header that gives the length twice could mean two things.", "reject",
         {"protected": base64url(f'{{"formatLength":{length},"formatLength":{length},"formatTail":"{tail}"}}'.encode())}),
        ("tail-with-line-feed", "Base64 may hold line feeds and spaces.", "accept",
         {"protected": {"formatLength": length, "formatTail": tail[:2] + "\n " + tail[2:]}}),
    ))
    cut = schema.payload.index(b',\n   "fsLayers"')
    block = schema.block(protected={"formatLength": cut, "formatTail": base64url(schema.payload[cut:])})
    octets = schema.payload[:cut] + b',"signatures":' + json.dumps([block]).encode() + b"}"
    case("tail-of-half-a-manifest", "A payload whose other half only its signatures hold is not all of the manifest.", "reject", INVALID, octets,
         digest(schema.payload))
    more = b"\n}\nx"
    case("tail-with-more", "A payload ends with the manifest's last brace.", "reject", INVALID,
         schema.signed([schema.block(protected={"formatLength": length, "formatTail": base64url(more)})]), digest(schema.payload[:length] + more))


def _edited(old, new):
    """A manifest whose payload says something else."""
    schema = Schema1()
    schema.payload = schema.payload.replace(old if isinstance(old, bytes) else old.encode(), new if isinstance(new, bytes) else new.encode())
    schema.format_length = len(schema.payload) - 2
    return schema


def _members(case):
    """Members that stand twice, or in another spelling: what reads them differently could see another manifest."""
    for name, about, verdict, old, new in (
        ("schema-version-twice", "A manifest that gives its version twice could be two.", "reject", VERSION, f"{VERSION}, {VERSION}"),
        ("schema-version-capitalized", "A version in another spelling could be one, or none.", "reject", VERSION, '"SchemaVersion": 1'),
        ("schema-version-long-s", "A version that is spelled with a long s could be one, or none.", "reject", VERSION, '"\u017fchemaVersion": 1'),
        ("media-type-twice", "A manifest that gives its media type twice could be two.", "reject", VERSION, f'{VERSION}, "mediaType": "a", "mediaType": "b"'),
        ("media-type-null", "A media type that is null is none.", "accept", VERSION, f'{VERSION}, "mediaType": null'),
        ("media-type-of-schema-1", "A media type may say what the manifest is.", "accept", VERSION,
         f'{VERSION}, "mediaType": "application/vnd.docker.distribution.manifest.v1+prettyjws"'),
        ("invalid-utf-8", "A manifest is UTF-8.", "reject", "app/web", b"app/w\xffb"),
    ):
        schema = _edited(old, new)
        case(name, about, verdict, INVALID if verdict == "reject" else None, schema.signed([schema.block()]), digest(schema.payload))
    schema = Schema1()
    manifest, right = schema.signed([schema.block()]), digest(schema.payload)
    for name, about, octets in (
        ("signatures-twice", "A manifest with two lists of signatures could be two.", manifest[:-2] + b',\n "signatures": []\n}'),
        ("signatures-capitalized", "Signatures in another spelling could be some, or none.", manifest.replace(b'"signatures"', b'"Signatures"')),
    ):
        case(name, about, "reject", INVALID, octets, right)


def _media_types(case):
    """Media types that say otherwise: the digest is that of the octets."""
    for name, value in (("docker-schema-2", '"application/vnd.docker.distribution.manifest.v2+json"'), ("number", "5")):
        schema = _edited(VERSION, f'{VERSION}, "mediaType": {value}')
        octets = schema.signed([schema.block()])
        case(f"media-type-{name}", f"Under the media type of {name.replace('-', ' ')}, the digest is that of the octets.", "accept", None, octets,
             digest(octets))
        case(f"media-type-{name}-payload", f"Under the media type of {name.replace('-', ' ')}, it is not that of the payload.", "reject", "digest-mismatch",
             octets,
             digest(schema.payload))


def _around(case):
    schema = Schema1()
    case("white-space-at-end", "White space may follow the manifest.", "accept", None, schema.signed([schema.block()]) + b"\n \t", digest(schema.payload))
