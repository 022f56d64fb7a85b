"""Makes cases of one shape: from a certificate, from the packets of key files, or from a manifest."""

from clock import AT, CREATED, SIGNED
from openpgp.keys import key
from openpgp.messages import message
from openpgp.parts import Parts
from workshop import IMAGE, Suite, policy, signed_by


class CertificateBench:
    """Makes a key file and a signature for each case."""

    def __init__(self, workshop, theme):
        self.workshop, self.suite = workshop, Suite(theme)

    def case(self, name, about, verdict, code, certificate, signer=None, signed=SIGNED, at=AT, key_file=None, make=message, variant="", **members):
        """One case: `certificate` is trusted (or these octets), `signer` (by default its primary key) signed the usual image.

        make, variant: another form of message, and what tells its file's name from others.
        """
        workshop = self.workshop
        octets = key_file or certificate.public()
        key_path = workshop.write(f"keys/states/{name}.gpg", octets)
        signer = signer or certificate.primary
        content = workshop.payload()
        blob = workshop.blob(f"keys/{signer.key_id.hex()}-{signed - CREATED}{variant}.sig", make(signer, content, signed))
        self.suite.case(name, about, verdict, code, policy=policy(signed_by(key_path)), image=IMAGE, manifest=workshop.manifest,
                        signatures=[blob], at=at, **members)


class PacketBench:
    """Makes a case from key files, put together packet by packet, and who signed."""

    def __init__(self, workshop, theme, folder=None):
        self.workshop, self.suite, self.folder = workshop, Suite(theme), folder or theme
        self.parts = Parts(key("structure-primary", CREATED), key("structure-subkey", CREATED))

    def case(self, name, about, verdict, code, files, signer=None, make=message, signed=SIGNED, at=AT, **members):
        """One case: files are octets, or a list of them for several files."""
        files = files if isinstance(files, list) else [files]
        paths = [self.workshop.write(f"keys/{self.folder}/{name}{f'-{n}' if n > 1 else ''}.gpg", octets) for n, octets in enumerate(files, 1)]
        signer = signer or self.parts.primary
        common = make is message and signed == SIGNED
        path = f"structure/{signer.key_id.hex()}.sig" if common else f"{self.folder}/{name}.sig"
        blob = self.workshop.blob(path, make(signer, self.workshop.payload(), signed))
        self.suite.case(name, about, verdict, code, policy=policy(signed_by(paths if len(paths) > 1 else paths[0])), image=IMAGE,
                        manifest=self.workshop.manifest, signatures=[blob], at=at, **members)


class ManifestBench:
    """Makes a manifest, and a signature of a digest, for each case."""

    def __init__(self, workshop, theme):
        self.workshop, self.suite = workshop, Suite(theme)

    def case(self, name, about, verdict, code, manifest, signed_digest, **members):
        """One case: a manifest (octets or a path), and the digest that is signed."""
        workshop = self.workshop
        path = manifest if isinstance(manifest, str) else workshop.write(f"manifests/{self.suite.theme}/{name}.json", manifest)
        blob = workshop.gpg_signed(f"digests/{signed_digest.replace(':', '-')[:24]}.gpg", workshop.payload(manifest_digest=signed_digest))
        defaults = {"policy": policy(signed_by(workshop.signer_file)), "image": IMAGE, "manifest": path, "signatures": [blob], "at": AT}
        self.suite.case(name, about, verdict, code, **(defaults | members))
