"""What every suite needs: the files, gpg, and the words of a policy."""

import base64
import hashlib
import json
import pathlib
import re

from clock import CREATED, SIGNED, rfc3339
from openpgp.keys import Certificate, key

# The verdict on what nobody can check, GnuPG among them; and on what one engine cannot check and another can.
NOBODY_CHECKS, CANNOT_CHECK = "reject", "error"

# The image that most cases ask about.
NAME = "registry.example/app/web"
REFERENCE = f"{NAME}:1.4.2"
IMAGE = f"docker://{REFERENCE}"


def digest(octets, algorithm="sha256"):
    """A digest in the form `algorithm:hex`."""
    return f"{algorithm}:{hashlib.new(algorithm, octets).hexdigest()}"


def signed_by(key_file=None, identity=None, **members):
    """A `signedBy` requirement; key_file: one path, or a list of them for `keyPaths`."""
    requirement = {"type": "signedBy", "keyType": "GPGKeys"}
    if isinstance(key_file, list):
        requirement["keyPaths"] = key_file
    elif key_file is not None:
        requirement["keyPath"] = key_file
    if identity is not None:
        requirement["signedIdentity"] = {"type": identity} if isinstance(identity, str) else identity
    return requirement | members


ACCEPT_ANYTHING, REJECT = {"type": "insecureAcceptAnything"}, {"type": "reject"}


def policy(*requirements, transports=None):
    """A policy with this default."""
    return {"default": list(requirements)} | ({} if transports is None else {"transports": transports})


class Suite:
    """One file of cases."""

    def __init__(self, theme):
        self.theme, self.cases = theme, []

    def case(self, name, about, verdict, code=None, **members):
        """Adds a case. Members that are None are left out; `at` is in seconds; verdict and code are what to expect."""
        if "at" in members and members["at"] is not None:
            members["at"] = rfc3339(members["at"])
        expect = {"verdict": verdict} | ({} if code is None else {"code": code})
        # `image: null` says something: only the policy is read.
        members = {member: value for member, value in members.items() if value is not None or member == "image"}
        name = f"{self.theme}-{name.lower()}"
        if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name):
            raise ValueError(f"{name} is not in kebab-case")
        self.cases.append({"name": name, "about": about} | members | {"expect": expect})

    def text(self):
        """The file: a case is a block, a member is a line, so that differences read well."""
        blocks = []
        for case in self.cases:
            lines = ",\n".join(f"   {json.dumps(member)}: {json.dumps(value)}" for member, value in case.items())
            blocks.append("  {\n" + lines + "\n  }")
        head = f'{{\n "suite": {json.dumps("containers-sigpolicy: " + self.theme)},\n "version": 1,\n "cases": [\n'
        return head + ",\n".join(blocks) + "\n ]\n}\n"


class Workshop:
    """Writes files below the suite's folder and makes signatures, each only once."""

    def __init__(self, root, gpg):
        self.root, self.gpg = pathlib.Path(root), gpg
        self._written, self._signed, self._known = {}, {}, set()
        self.manifest = self.write("manifests/web.json", _manifest("web"))
        self.manifest_bytes = self.root.joinpath(self.manifest).read_bytes()
        self.digest = digest(self.manifest_bytes)
        self.other_manifest = self.write("manifests/other.json", _manifest("other"))
        self.signer = self.certificate("ed25519", "Release Signing <release@example.org>")
        self.signer_file = self.write("keys/ed25519.gpg", self.signer.public())
        self.stranger = self.certificate("stranger", "A Stranger <stranger@example.org>")
        self.stranger_file = self.write("keys/stranger.gpg", self.stranger.public())

    def write(self, path, octets):
        """Writes a file and returns its path relative to the suite's folder, as cases name it."""
        if self._written.setdefault(path, octets) != octets:
            raise ValueError(f"two different files want to be {path}")
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(octets)
        return path

    def blob(self, path, octets):
        """Writes a signature blob."""
        return self.write(f"signatures/{path}", octets)

    def certificate(self, name, user_id="Somebody <somebody@example.org>", created=CREATED, **self_signature):
        """A certificate with one user ID; `name` is an algorithm's, or any other for an Ed25519 key of its own."""
        return Certificate(key(name, created), user_id, **self_signature)

    def payload(self, reference=REFERENCE, manifest_digest=None, optional=None):
        """The signed JSON document, as containers/image writes it."""
        document = {
            "critical": {
                "identity": {"docker-reference": reference},
                "image": {"docker-manifest-digest": manifest_digest or self.digest},
                "type": "atomic container signature",
            },
            "optional": {"creator": "sigpolicy testdata", "timestamp": SIGNED} if optional is None else optional,
        }
        return json.dumps(document, separators=(",", ":")).encode()

    def gpg_signed(self, path, content=None, certificate=None, at=SIGNED, by=None, options=()):
        """A signature blob by the real gpg; by: the signing (sub)keys, by default the certificate's primary key."""
        certificate = certificate or self.signer
        content = self.payload() if content is None else content
        if certificate.primary.fingerprint not in self._known:
            self.gpg.import_secret(certificate, at)
            self._known.add(certificate.primary.fingerprint)
        signers = by or [certificate.primary]
        wanted = (content, tuple(signer.fingerprint for signer in signers), at, tuple(options))
        if wanted not in self._signed:
            self._signed[wanted] = self.gpg.sign(signers, content, at, *options)
        return self.blob(path, self._signed[wanted])

    @property
    def good(self):
        """A sound signature of the usual image by the usual key."""
        return self.gpg_signed("good.gpg")

    def key_data(self, key_file):
        """A key file's octets for `keyData`."""
        return base64.b64encode(self.root.joinpath(key_file).read_bytes()).decode()


def _manifest(name):
    """A small OCI image manifest."""
    layer = f"layer of {name}".encode()
    config = f'{{"architecture":"amd64","os":"linux","name":"{name}"}}'.encode()
    document = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(config), "size": len(config)},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": digest(layer), "size": len(layer)}],
    }
    return json.dumps(document, indent=1).encode() + b"\n"
