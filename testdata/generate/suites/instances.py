"""Multi-architecture lists and their instances."""

import json

from bench import ManifestBench
from workshop import NAME, digest, policy


def build(workshop):
    bench = ManifestBench(workshop, "instances")
    _instances(workshop, bench.case)
    return bench.suite


def _instances(workshop, case):
    """A list and its instances: each is judged by its own manifest and signatures, under the name that the user gave, and only if the list names it."""
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
        case(f"{name}-of-list-by-digest", "An instance is compared with its digest in the list, and the list with that in the image's name.", "accept", None,
             path,
             digests[name], image=by_list, instance=digests[name], list=index_path)
        case(f"{name}-of-list-by-other-digest", "Nor does it pass as another instance of that list.", "reject", "manifest-digest-mismatch", path, digests[name],
             image=by_list, instance=other, list=index_path)
        case(f"{name}-of-list-by-own-digest", "Beside a list, a digest in the name is the list's, and not the instance's.", "reject", "list-digest-mismatch",
             path,
             digests[name], image=f"docker://{NAME}@{digests[name]}", instance=digests[name], list=index_path)
        case(f"{name}-of-list-with-list-signature", "A signature of the list does not cover an instance that it names.", "reject", "digest-mismatch", path,
             whole,
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
    of("other-list-by-digest", "A list that is not the one in the name, and names the instance.", "reject", "list-digest-mismatch",
       "manifests/list/manifest.json",
       image=f"docker://{NAME}@sha256:{'00' * 32}")
    of("list-by-sha512", "A list's digest is SHA-256: a SHA-512 digest in the name, though right, does not match.", "reject", "list-digest-mismatch",
       "manifests/list/manifest.json", image=f"docker://{NAME}@{digest(index, 'sha512')}")
    of("other-manifest", "The list names the instance, and the manifest is another, well signed one.", "reject", "manifest-digest-mismatch",
       "manifests/list/manifest.json", instance=other)
    sha512 = digest(octets, "sha512")
    by_sha512 = workshop.write("manifests/list/by-sha512.json", replaced(right.encode(), sha512.encode()))
    of("list-of-sha512", "An instance's digest is SHA-256: the list may name it by SHA-512, and that does not match.", "reject", "manifest-digest-mismatch",
       by_sha512,
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
        ("image-with-manifests-as-list", "Nor is it with `manifests`.",
         octets.replace(b'"layers": []', b'"manifests": ' + json.dumps([{"digest": right}]).encode())),
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
        ("list-of-two-lists-in-two-cases", "`manifests` stands there twice, once in capitals.",
         replaced(b'"manifests":', twice.replace(b'"manifests"', b'"MANIFESTS"', 1))),
        ("list-in-capitals", "`manifests` stands there in capitals.", replaced(b'"manifests":', b'"MANIFESTS":')),
        ("list-of-two-digests", "An instance has two digests.",
         replaced(b'"digest": "' + other.encode(), b'"digest": "' + right.encode() + b'", "digest": "' + other.encode())),
        ("list-of-two-escaped-digests", "An instance has two digests, one with an escape.",
         replaced(b'"digest": "' + other.encode(), b'"digest": "' + right.encode() + b'", "d\\u0069gest": "' + other.encode())),
        ("list-of-digest-and-capital", "An instance has two digests, one with a capital.",
         replaced(b'"digest": "' + other.encode(), b'"digest": "' + right.encode() + b'", "Digest": "' + other.encode())),
        ("list-of-two-media-types", "The media type stands there twice.",
         replaced(b'"mediaType": "application/vnd.oci.image.index', b'"mediaType": "x", "mediaType": "application/vnd.oci.image.index')),
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
