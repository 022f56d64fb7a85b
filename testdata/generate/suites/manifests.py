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
    """A list and its instances: each is judged with its own manifest and its own signatures, under the name that the user gave, and only if the list names it."""
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
        case(f"{name}-of-list", "An instance that the list names, under a tag.", "accept", None, path, digests[name], instance=digests[name], list=index_path)
        case(f"{name}-of-list-by-digest", "An instance is compared with its digest in the list, and the list with that in the image's name.", "accept", None, path,
             digests[name], image=by_list, instance=digests[name], list=index_path)
        case(f"{name}-of-list-by-other-digest", "Nor does it pass as another instance of that list.", "reject", "manifest-digest-mismatch", path, digests[name],
             image=by_list, instance=other, list=index_path)
        case(f"{name}-of-list-by-own-digest", "Beside a list, a digest in the name is the list's, and not the instance's.", "reject", "list-digest-mismatch", path,
             digests[name], image=f"docker://{NAME}@{digests[name]}", instance=digests[name], list=index_path)
        case(f"{name}-of-list-with-list-signature", "A signature of the list does not cover an instance that it names.", "reject", "digest-mismatch", path, whole,
             instance=digests[name], list=index_path)
    _lists(workshop, case, paths["amd64"], instances, index)


def _lists(workshop, case, manifest, instances, index):
    """One well signed instance, and whether the list beside it names it. containers/image finds instances in lists only, and so reads each list before."""
    octets, right, whole = instances["amd64"], digest(instances["amd64"]), digest(index)
    other = digest(instances["arm64"])

    def of(name, about, verdict, code, listed, **members):
        path = listed if listed is None or isinstance(listed, str) else workshop.write(f"manifests/list/{name}.json", listed)
        defaults = {"instance": right, "list": path}
        case(f"of-{name}", about, verdict, code, manifest, right, **(defaults | members))

    def replaced(old, new):
        if old not in index:
            raise ValueError(f"{old} is not in the list")
        return index.replace(old, new, 1)

    of("no-list", "An instance without its list is taken on nobody's word.", "error", "list-missing", None)
    of("no-list-by-digest", "Nor is it where the name has a digest, be it of what it may.", "error", "list-missing", None, image=f"docker://{NAME}@{right}")
    of("missing-list", "A list that cannot be read leaves the instance unjudged.", "error", "list-unreadable", "manifests/list/missing.json")
    of("missing-list-accepted", "Under insecureAcceptAnything nobody reads the list.", "accept", None, "manifests/list/missing.json",
       policy=policy({"type": "insecureAcceptAnything"}))
    of("other-list", "A list that does not name the instance.", "reject", "instance-not-in-list", replaced(right.encode(), b"sha256:" + b"00" * 32))
    of("other-list-by-digest", "A list that is not the one in the name, and names the instance.", "reject", "list-digest-mismatch", "manifests/list/manifest.json",
       image=f"docker://{NAME}@sha256:{'00' * 32}")
    of("list-by-sha512", "A list's digest is SHA-256: a SHA-512 digest in the name, though right, does not match.", "reject", "list-digest-mismatch",
       "manifests/list/manifest.json", image=f"docker://{NAME}@{digest(index, 'sha512')}")
    of("other-manifest", "The list names the instance, and the manifest is another, well signed one.", "reject", "manifest-digest-mismatch",
       "manifests/list/manifest.json", instance=other)
    sha512 = digest(octets, "sha512")
    by_sha512 = workshop.write("manifests/list/by-sha512.json", replaced(right.encode(), sha512.encode()))
    of("list-of-sha512", "An instance's digest is SHA-256: the list may name it by SHA-512, and that does not match.", "reject", "manifest-digest-mismatch", by_sha512,
       instance=sha512)
    of("list-of-sha512-by-sha256", "An instance that the list names by SHA-512 only is not named by SHA-256.", "reject", "instance-not-in-list", by_sha512)
    docker = index.replace(b"vnd.oci.image.index.v1", b"vnd.docker.distribution.manifest.list.v2")
    for name, about, listed in (
        ("docker-list", "A Docker manifest list names instances as well.", docker),
        ("list-without-media-type", "A list need not say that it is one, if it has the schema version 2 and instances.",
         replaced(b'"mediaType": "application/vnd.oci.image.index.v1+json",', b"")),
        ("list-of-media-type-null", "A media type that is null is none.", replaced(b'"application/vnd.oci.image.index.v1+json"', b"null")),
        ("list-of-unknown-media-type", "A media type that nobody knows says nothing.", replaced(b"vnd.oci.image.index.v1", b"x")),
        ("list-of-unknown-digest", "A digest by an algorithm that is not supported is of no use to its instance, and does no harm to another.",
         replaced(other.encode(), b"md5:" + b"00" * 16)),
        ("list-without-other-digest", "An instance without a digest does no harm to another.", replaced(b'"digest": "' + other.encode() + b'",', b"")),
        ("list-twice", "The same instance twice.", replaced(other.encode(), right.encode())),
        ("list-with-unknown-member", "Unknown members are passed over.", replaced(b'"manifests":', b'"x": [{"y": 1}], "manifests":')),
        ("list-with-null-layers", "A member of another format that is null is none.", replaced(b'"manifests":', b'"layers": null, "manifests":')),
    ):
        of(name, about, "accept", None, listed)
        of(f"{name}-by-digest", f"{about} By its digest.", "accept", None, f"manifests/list/{name}.json", image=f"docker://{NAME}@{digest(listed)}")
    for name, about, listed in (
        ("image-as-list", "The manifest of an image is no list.", octets),
        ("image-with-manifests-as-list", "Nor is it with `manifests`.", octets.replace(b'"layers": []', b'"manifests": ' + json.dumps([{"digest": right}]).encode())),
        ("empty-list", "An empty file is no list.", b""),
        ("noise-as-list", "Noise is no list.", b"no JSON"),
        ("array-as-list", "An array is no list.", json.dumps([{"digest": right}]).encode()),
        ("list-after-list", "Nothing may follow a list.", index + index),
        ("list-in-utf-16", "A list is UTF-8.", index.decode().encode("utf-16")),
        ("list-without-instances", "Without a media type, instances must be there.", b'{"schemaVersion": 2, "manifests": []}'),
        ("list-of-schema-1", "A list without a media type has the schema version 2.",
         json.dumps({"schemaVersion": 1, "manifests": [{"digest": right}]}).encode()),
        ("list-of-no-schema", "A list without a media type has a schema version.", json.dumps({"manifests": [{"digest": right}]}).encode()),
        ("list-of-schema-text", "A schema version is a number.", replaced(b'"schemaVersion": 2', b'"schemaVersion": "2"')),
        ("list-with-layers", "What has `layers` is not only a list.", replaced(b'"manifests":', b'"layers": [], "manifests":')),
        ("list-with-config", "What has a `config` is not only a list.", replaced(b'"manifests":', b'"config": {}, "manifests":')),
        ("list-with-fs-layers", "What has `fsLayers` is not only a list.", replaced(b'"manifests":', b'"fsLayers": [], "manifests":')),
        ("list-with-history", "What has a `history` is not only a list.", replaced(b'"manifests":', b'"history": "", "manifests":')),
        ("list-with-capital-layers", "Letter case does not make it another member.", replaced(b'"manifests":', b'"Layers": [], "manifests":')),
        ("list-of-image-type", "A list says the media type of an image.", replaced(b"vnd.oci.image.index.v1", b"vnd.oci.image.manifest.v1")),
        ("list-of-object", "`manifests` is an array.", replaced(b'"manifests": [', b'"manifests": {"x": [').rstrip(b"}\n") + b"}}"),
        ("list-of-texts", "Instances are objects.", json.dumps({"schemaVersion": 2, "manifests": [right]}).encode()),
        ("list-of-size-text", "Sizes are numbers.", replaced(f'"size": {len(octets)}'.encode(), f'"size": "{len(octets)}"'.encode())),
        ("list-of-size-fraction", "Sizes are whole numbers.", replaced(f'"size": {len(octets)}'.encode(), f'"size": {len(octets)}.0'.encode())),
        ("list-of-digest-number", "Digests are strings.", replaced(b'"' + other.encode() + b'"', b"7")),
    ):
        of(name, about, "reject", "list-invalid", listed)
    # Which of the two is meant depends on the reader.
    twice = b'"manifests": [], "manifests":'
    for name, about, listed in (
        ("list-of-two-lists", "`manifests` stands there twice.", replaced(b'"manifests":', twice)),
        ("list-of-two-lists-in-two-cases", "`manifests` stands there twice, once in capitals.", replaced(b'"manifests":', twice.replace(b'"manifests"', b'"MANIFESTS"', 1))),
        ("list-in-capitals", "`manifests` stands there in capitals.", replaced(b'"manifests":', b'"MANIFESTS":')),
        ("list-of-two-digests", "An instance has two digests.", replaced(b'"digest": "' + other.encode(), b'"digest": "' + right.encode() + b'", "digest": "' + other.encode())),
        ("list-of-two-escaped-digests", "An instance has two digests, one with an escape.",
         replaced(b'"digest": "' + other.encode(), b'"digest": "' + right.encode() + b'", "d\\u0069gest": "' + other.encode())),
        ("list-of-digest-and-capital", "An instance has two digests, one with a capital.",
         replaced(b'"digest": "' + other.encode(), b'"digest": "' + right.encode() + b'", "Digest": "' + other.encode())),
        ("list-of-two-media-types", "The media type stands there twice.", replaced(b'"mediaType": "application/vnd.oci.image.index', b'"mediaType": "x", "mediaType": "application/vnd.oci.image.index')),
    ):
        of(name, about, "reject", "list-invalid", listed)
    nested = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
                         "manifests": [{"mediaType": "application/vnd.oci.image.index.v1+json", "digest": whole, "size": len(index)}]}, indent=1).encode()
    nested = workshop.write("manifests/list/nested.json", nested)
    case("list-in-list", "A list within a list is no instance, however well it is signed.", "reject", "instance-is-list", "manifests/list/manifest.json", whole,
         instance=whole, list=nested)
    case("instance-of-list-in-list", "Nor does the outer list name the instances of the inner one.", "reject", "instance-not-in-list", manifest, right,
         instance=right, list=nested)
    disguised = octets.replace(b'"layers": []', b'"layers": [], "Manifests": []')
    listed = workshop.write("manifests/list/of-disguised.json", replaced(right.encode(), digest(disguised).encode()))
    case("image-with-manifests", "An instance that has `manifests` is not only an image.", "reject", "instance-is-list", disguised, digest(disguised),
         instance=digest(disguised), list=listed)


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
