"""What suites about `sigstoreSigned` share: the requirement, a signer and a log with their files, and cases with one signature."""

import base64

import cosign
import rekor
from clock import AT
from public_keys import EcKey
from workshop import IMAGE, REFERENCE, policy

MISSING = "keys/sigstore/missing.pub"


def sigstore_signed(key=None, log=None, identity=None, **members):
    """A `sigstoreSigned` requirement. key, log: a path, or a list of them; bytes or a list of bytes stand in the policy itself."""
    requirement = {"type": "sigstoreSigned"} | _source(key, "key") | _source(log, "rekorPublicKey")
    if identity is not None:
        requirement["signedIdentity"] = {"type": identity} if isinstance(identity, str) else identity
    return requirement | members


def _source(source, member):
    if source is None:
        return {}
    many = isinstance(source, list)
    values = source if many else [source]
    of_bytes = isinstance(values[0], bytes)
    values = [base64.b64encode(value).decode() for value in values] if of_bytes else values
    return {member + ("Data" if of_bytes else "Path") + ("s" if many else ""): values if many else values[0]}


class Signing:
    """A suite's signer, its log, and a stranger for each; blobs and cases of them."""

    def __init__(self, workshop, suite):
        self.workshop, self.suite = workshop, suite
        self.signer, self.stranger = EcKey("nistp256", "sigstore-signer"), EcKey("nistp256", "sigstore-stranger")
        self.log, self.strange_log = EcKey("nistp256", "sigstore-log"), EcKey("nistp256", "sigstore-strange-log")
        self.signer_file, self.stranger_file, self.log_file, self.strange_log_file = (
            workshop.write(f"keys/sigstore/{name}.pub", key.pem())
            for name, key in (("signer", self.signer), ("stranger", self.stranger), ("log", self.log), ("strange-log", self.strange_log)))
        self.content, self._paths = self.payload(), {}
        self.good, self.good_logged = self._sound()

    def _sound(self):
        """The paths of sound blobs, without and with an entry of the log."""
        return self.write("good", self.blob()), self.write("good-logged", self.blob(logged=True))

    def payload(self, reference=REFERENCE, manifest_digest=None, optional=None):
        """The signed document of the usual image."""
        return cosign.payload(reference, manifest_digest or self.workshop.digest, optional)

    def logged(self, content=None, signature=None, key=None, log=None, **members):
        """The annotations of a signature, with an entry of the log; members: of what the log signs."""
        key, content = key or self.signer, self.content if content is None else content
        signature = key.sign(content) if signature is None else signature
        return cosign.annotations(signature, rekor.entry(log or self.log, key.pem(), signature, content, **members))

    def blob(self, content=None, key=None, logged=False):
        """A sound blob, by the usual signer."""
        key, content = key or self.signer, self.content if content is None else content
        return cosign.blob(content, self.logged(content, key=key) if logged else cosign.annotations(key.sign(content)))

    def write(self, name, octets):
        """Writes a blob of this suite's: equal ones once, under the first name."""
        if octets not in self._paths:
            self._paths[octets] = self.workshop.blob(f"{self.suite.theme}/{name.lower()}.sig", octets)
        return self._paths[octets]

    def case(self, name, about, verdict, code, requirement, blobs, **members):
        """A case of a requirement (or a list of them) and stored signatures: octets, paths or a list."""
        blobs = blobs if isinstance(blobs, list) else [blobs]
        paths = [blob if isinstance(blob, str) else self.write(name if len(blobs) == 1 else f"{name}-{number}", blob)
                 for number, blob in enumerate(blobs, 1)]
        requirements = requirement if isinstance(requirement, list) else [requirement]
        defaults = {"policy": policy(*requirements), "image": IMAGE, "manifest": self.workshop.manifest, "signatures": paths, "at": AT}
        self.suite.case(name, about, verdict, code if verdict != "accept" else None, **(defaults | members))
