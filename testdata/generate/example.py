"""The example of the README: a policy with its keys, a signed image, and two that must not run; and the same for sigstore."""

import json

import cosign
import rekor
from clock import CREATED, EXPIRED, SIGNED
from openpgp.keys import Certificate, key
from openpgp.packets import armored
from public_keys import EcKey
from workshop import ACCEPT_ANYTHING, REJECT, digest, signed_by

VERSION = b"Directory Transport Version: 1.1\n"


def build(workshop, folder):
    """Writes policy.json, keys/, image/, tampered/ and expired/ into the folder, and sigstore/."""
    signer = Certificate(key("example-release", CREATED), "Registry Example Releases <releases@registry.example>")
    expired = Certificate(key("example-legacy", CREATED), "Registry Example Legacy <legacy@registry.example>", expires=EXPIRED)
    keys = folder / "keys"
    keys.mkdir(parents=True)
    keys.joinpath("releases.asc").write_bytes(armored(signer.public()))
    keys.joinpath("legacy.asc").write_bytes(armored(expired.public()))
    document = {
        "default": [REJECT],
        "transports": {
            "docker": {
                "registry.example/app": [signed_by("keys/releases.asc", "matchRepository")],
                "registry.example/app/web": [signed_by("keys/releases.asc")],
                "registry.example/legacy": [signed_by("keys/legacy.asc")],
            },
            "docker-daemon": {"": [ACCEPT_ANYTHING]},
        },
    }
    folder.joinpath("policy.json").write_text(json.dumps(document, indent=2) + "\n")
    manifest = workshop.manifest_bytes
    image = _image(workshop, folder / "image", signer, manifest, "registry.example/app/web:1.4.2")
    # The same signature beside a manifest in which one octet changed.
    tampered = manifest.replace(b'"size": 12', b'"size": 13', 1)
    if tampered == manifest:
        raise ValueError("nothing was tampered with")
    _write(folder / "tampered", tampered, image)
    _image(workshop, folder / "expired", expired, manifest, "registry.example/legacy/web:1.4.2")
    _sigstore(manifest, folder / "sigstore")


def _sigstore(manifest, folder):
    """A policy that asks for signatures of sigstore which a Rekor log has recorded; an image that podman has signed, by its tag,
    as a `dir:` image; the same with another image's entry of the log; and, as a registry has it, what cosign stores: a signature
    of the repository."""
    signer, log = EcKey("nistp256", "example-cosign"), EcKey("nistp256", "example-rekor")
    keys = folder / "keys"
    keys.mkdir(parents=True)
    keys.joinpath("cosign.pub").write_bytes(signer.pem())
    keys.joinpath("rekor.pub").write_bytes(log.pem())
    logged = {"type": "sigstoreSigned", "keyPath": "keys/cosign.pub", "rekorPublicKeyPath": "keys/rekor.pub"}
    document = {
        "default": [REJECT],
        "transports": {
            "docker": {
                "registry.example/app": [logged],
                "registry.example/tools": [logged | {"signedIdentity": {"type": "matchRepository"}}],
            }
        },
    }
    folder.joinpath("policy.json").write_text(json.dumps(document, indent=2) + "\n")

    def signed(reference, manifest_digest=None, optional=None):
        """The payload and its annotations."""
        content = cosign.payload(reference, manifest_digest or digest(manifest), optional)
        signature = signer.sign(content)
        return content, cosign.annotations(signature, rekor.entry(log, signer.pem(), signature, content))

    content, annotations = signed("registry.example/app/web:1.4.2")
    _write(folder / "image", manifest, cosign.blob(content, annotations))
    _, others = signed("registry.example/app/web:1.4.2", digest(b"another image"))
    mixed = annotations | {cosign.BUNDLE: others[cosign.BUNDLE]}
    _write(folder / "other-entry", manifest, cosign.blob(content, mixed))
    content, annotations = signed("registry.example/tools/web", optional={"creator": "cosign"})
    registry = folder / "registry"
    registry.mkdir()
    registry.joinpath("manifest.json").write_bytes(manifest)
    registry.joinpath(digest(content).partition(":")[2]).write_bytes(content)
    layer = {"mediaType": cosign.MIME_TYPE, "size": len(content), "digest": digest(content), "annotations": annotations}
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": digest(b"{}")}
    attached = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": [layer]}
    registry.joinpath("attached.json").write_text(json.dumps(attached, indent=2) + "\n")


def _image(workshop, folder, signer, manifest, reference):
    """A `dir:` image, signed by gpg. Returns the signature."""
    workshop.gpg.import_secret(signer, SIGNED)
    signature = workshop.gpg.sign([signer.primary], workshop.payload(reference, digest(manifest)), SIGNED)
    _write(folder, manifest, signature)
    return signature


def _write(folder, manifest, signature):
    folder.mkdir()
    for name, octets in (("version", VERSION), ("manifest.json", manifest), ("signature-1", signature)):
        folder.joinpath(name).write_bytes(octets)
