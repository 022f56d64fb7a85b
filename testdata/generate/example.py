"""The example of the README: a policy with its keys, a signed image, and two that must not run."""

import json

from clock import CREATED, EXPIRED, SIGNED
from openpgp.keys import Certificate, key
from openpgp.packets import armored
from workshop import ACCEPT_ANYTHING, REJECT, digest, signed_by

VERSION = b"Directory Transport Version: 1.1\n"


def build(workshop, folder):
    """Writes policy.json, keys/, image/, tampered/ and expired/ into the folder."""
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
