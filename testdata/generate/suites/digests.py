"""Digests of manifests of no special form: those of their octets."""

import json

from bench import ManifestBench
from workshop import NAME, digest, policy, signed_by


def build(workshop):
    bench = ManifestBench(workshop, "digests")
    _digests(workshop, bench.case)
    return bench.suite


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
    case("by-other-digest", "A digest reference of another manifest refuses before signatures count.", "reject", "manifest-digest-mismatch",
         workshop.other_manifest,
         workshop.digest, image=f"docker://{NAME}@{workshop.digest}")
    sha512 = digest(octets, "sha512")
    case("by-sha512", "A manifest's digest is SHA-256: a SHA-512 digest reference, though right, does not match.", "reject",
         "manifest-digest-mismatch", workshop.manifest, workshop.digest, image=f"docker://{NAME}@{sha512}",
         policy=policy(signed_by(workshop.signer_file, "matchRepository")))
