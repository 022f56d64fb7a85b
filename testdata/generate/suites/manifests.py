"""Digests of manifests: schema 1 with signatures of its own, multi-architecture lists, and everything else as it stands."""

import base64
import hashlib
import json

from algorithms import Ecdsa, new_hash
from workshop import AT, IMAGE, NAME, Suite, digest, policy, signed_by

def build(workshop):
    for theme, part in (("schema1", _schema_1), ("instances", _instances), ("digests", _digests)):
        suite = Suite(theme)

        def case(name, about, verdict, code, manifest, signed_digest, suite=suite, **members):
            """A manifest (octets or a path), and a signature of the given digest."""
            path = manifest if isinstance(manifest, str) else workshop.write(f"manifests/{suite.theme}/{name}.json", manifest)
            blob = workshop.gpg_signed(f"digests/{signed_digest.replace(':', '-')[:24]}.gpg", workshop.payload(manifest_digest=signed_digest))
            defaults = {"policy": policy(signed_by(workshop.signer_file)), "image": IMAGE, "manifest": path, "signatures": [blob], "at": AT}
            suite.case(name, about, verdict, code, **(defaults | members))

        part(workshop, case)
        yield suite


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


class Schema1:
    """A Docker schema 1 manifest and its JSON Web Signatures, as libtrust writes them."""

    def __init__(self, tag="1.4.2"):
        document = {
            "schemaVersion": 1,
            "name": "app/web",
            "tag": tag,
            "architecture": "amd64",
            "fsLayers": [{"blobSum": digest(b"layer of web")}],
            "history": [{"v1Compatibility": '{"id":"' + "ab" * 32 + '"}'}],
        }
        self.payload = json.dumps(document, indent=3).encode()
        self.key = Ecdsa("nistp256")
        # What stands before the signatures, and the tail that closes the payload.
        self.format_length, self.format_tail = len(self.payload) - 2, b"\n}"

    def block(self, protected=None, header=None, signature=None):
        """One signature; each part can be replaced."""
        if protected is None:
            protected = {"formatLength": self.format_length, "formatTail": base64url(self.format_tail), "time": "2025-06-01T12:00:00Z"}
        protected = protected if isinstance(protected, str) else base64url(json.dumps(protected).encode())
        if header is None:
            header = {"jwk": self.jwk(), "alg": "ES256"}
        state = new_hash("sha256")
        state.update(f"{protected}.{base64url(self.payload)}".encode())
        return {"header": header, "signature": signature or base64url(self._raw(state.digest())), "protected": protected}

    def jwk(self, **members):
        """The public key; members can be added or replaced."""
        x, y = self._coordinates()
        return {"crv": "P-256", "kty": "EC", "x": base64url(x), "y": base64url(y)} | members

    def key_id(self):
        """The key's ID as libtrust makes it: base32 of a hash of the key in DER, in groups of four."""
        der = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200") + b"\x04" + b"".join(self._coordinates())
        text = base64.b32encode(hashlib.sha256(der).digest()[:30]).decode()
        return ":".join(text[at : at + 4] for at in range(0, len(text), 4))

    def _coordinates(self):
        size = self.key.curve.size
        return [coordinate.to_bytes(size, "big") for coordinate in self.key.point]

    def _raw(self, hashed):
        """The signature as r and s of 32 octets each."""
        octets, out = self.key.sign("sha256", hashed), b""
        while octets:
            size = (int.from_bytes(octets[:2], "big") + 7) // 8
            out, octets = out + octets[2 : 2 + size].rjust(32, b"\0"), octets[2 + size :]
        return out

    def signed(self, blocks):
        """The manifest with these signatures before its last brace."""
        text = json.dumps(blocks, indent=3).replace("\n", "\n   ")
        return self.payload[: self.format_length] + f',\n   "signatures": {text}\n}}'.encode()


def _schema_1(workshop, case):
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
    case("jwk-key-id", "A key may say its ID.", "accept", None, schema.signed([schema.block(header={"jwk": schema.jwk(kid=schema.key_id()), "alg": "ES256"})]), right)
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
    case("signatures-null", "Signatures that are null are none: the digest is that of the octets.", "accept", None, manifest := schema.signed(None), digest(manifest))
    second = json.dumps(json.loads(signed) | {"schemaVersion": 2}, indent=3).encode()
    case("version-2-with-signatures", "Signatures matter in schema 1 only: the digest is that of the octets.", "accept", None, second, digest(second))
    typed = b'{\n   "mediaType": "application/vnd.oci.image.manifest.v1+json",' + signed[1:]
    case("media-type-of-oci", "A media type that says otherwise wins: the digest is that of the octets.", "accept", None, typed, digest(typed))
    case("media-type-of-oci-payload", "A media type that says otherwise wins: it is not that of the payload.", "reject", "digest-mismatch", typed, right)
    short = schema.signed([schema.block({"formatLength": 1, "formatTail": base64url(b"}")})])
    case("payload-of-nothing", "A payload that leaves out part of the manifest protects nothing.", "reject", "manifest-invalid", short, digest(b"{}"))


def _instances(workshop, case):
    """A list and its instances: each is judged with its own manifest and its own signatures, under the name that the user gave."""
    instances = {}
    for architecture in ("amd64", "arm64"):
        config = json.dumps({"architecture": architecture, "os": "linux"}).encode()
        document = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                    "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(config), "size": len(config)}, "layers": []}
        instances[architecture] = json.dumps(document, indent=1).encode()
    entries = [{"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest(octets), "size": len(octets),
                "platform": {"architecture": architecture, "os": "linux"}} for architecture, octets in instances.items()]
    index = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": entries}, indent=1).encode()
    # As a `dir:` image stores them.
    paths = {name: workshop.write(f"manifests/list/{digest(octets)[7:]}.manifest.json", octets) for name, octets in instances.items()}
    index_path = workshop.write("manifests/list/manifest.json", index)
    docker_list = index.replace(b"vnd.oci.image.index.v1", b"vnd.docker.distribution.manifest.list.v2")
    digests = {name: digest(octets) for name, octets in instances.items()}
    whole = digest(index)
    case("list", "A list is judged by its own digest.", "accept", None, index_path, whole)
    case("list-by-digest", "A list named by its digest.", "accept", None, index_path, whole, image=f"docker://{NAME}@{whole}")
    case("list-with-instance-signature", "A signature of an instance does not cover the list.", "reject", "digest-mismatch", index_path, digests["amd64"])
    case("docker-list", "A Docker manifest list has the digest of its octets, too.", "accept", None, docker_list, digest(docker_list))
    for name, path in paths.items():
        other = next(octets for label, octets in digests.items() if label != name)
        case(f"{name}", "An instance is judged by its own digest, under the list's name.", "accept", None, path, digests[name])
        case(f"{name}-with-list-signature", "A signature of the list does not cover an instance.", "reject", "digest-mismatch", path, whole)
        case(f"{name}-with-other-signature", "A signature of one instance does not cover another.", "reject", "digest-mismatch", path, other)
        case(f"{name}-by-digest", "An instance named by its own digest.", "accept", None, path, digests[name], image=f"docker://{NAME}@{digests[name]}")
        case(f"{name}-by-other-digest", "An instance named by the digest of another refuses.", "reject", "manifest-digest-mismatch", path, digests[name],
             image=f"docker://{NAME}@{other}")
        by_list = f"docker://{NAME}@{whole}"
        case(f"{name}-of-list-by-digest", "An instance is compared with its digest in the list, not with the list's in the image's name.", "accept", None, path,
             digests[name], image=by_list, instance=digests[name])
        case(f"{name}-of-list-by-other-digest", "Nor does it pass as another instance of that list.", "reject", "manifest-digest-mismatch", path, digests[name],
             image=by_list, instance=other)


def _digests(workshop, case):
    """Whatever a manifest holds, its digest is that of its octets."""
    octets = workshop.manifest_bytes
    for name, about, manifest in (
        ("line-feed", "A last line feed counts.", octets.rstrip()),
        ("reformatted", "White space inside counts.", json.dumps(json.loads(octets)).encode()),
        ("reordered", "The order of members counts.", json.dumps(dict(reversed(json.loads(octets).items())), indent=1).encode() + b"\n"),
        ("unknown-member", "An unknown member counts.", octets.replace(b'"schemaVersion"', b'"x": 1, "schemaVersion"', 1)),
    ):
        case(f"{name}-signed", about, "accept", None, manifest, digest(manifest))
        case(f"{name}-not-signed", about, "reject", "digest-mismatch", manifest, workshop.digest)
    for name, about, manifest in (
        ("not-json", "A manifest that is no JSON has the digest of its octets.", b"no JSON"),
        ("empty", "An empty manifest has the digest of nothing.", b""),
        ("binary", "A binary manifest has the digest of its octets.", bytes(range(256))),
        ("docker-schema-2", "A Docker schema 2 manifest has the digest of its octets.",
         octets.replace(b"vnd.oci.image.manifest.v1", b"vnd.docker.distribution.manifest.v2")),
        ("without-media-type", "A manifest without a media type has the digest of its octets.", octets.replace(b"mediaType", b"mediaTyp_", 1)),
    ):
        case(name, about, "accept", None, manifest, digest(manifest))
    case("by-digest", "A digest reference names the manifest.", "accept", None, workshop.manifest, workshop.digest, image=f"docker://{NAME}@{workshop.digest}")
    case("by-other-digest", "A digest reference of another manifest refuses before signatures count.", "reject", "manifest-digest-mismatch", workshop.other_manifest,
         workshop.digest, image=f"docker://{NAME}@{workshop.digest}")
    sha512 = digest(octets, "sha512")
    case("by-sha512", "A manifest's digest is SHA-256: a SHA-512 digest reference, though right, does not match.", "reject",
         "manifest-digest-mismatch", workshop.manifest, workshop.digest, image=f"docker://{NAME}@{sha512}",
         policy=policy(signed_by(workshop.signer_file, "matchRepository")))
