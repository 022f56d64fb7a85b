"""What suites about certificates share: an authority, one below it, a signer's certificate, and cases by `pki` and by `fulcio`."""

import functools

import cosign
import der
import rekor
from certificate_extensions import (CODE_SIGNING, DIGITAL_SIGNATURE, KEY_CERT_SIGN, basic_constraints, email, extended_key_usage, fulcio_issuer,
                                    fulcio_issuer_v2, key_usage, subject_names)
from certificates import Certificate, name
from clock import SIGNED
from public_keys import EcKey
from sigstore_signed import Signing, sigstore_signed
from x509 import pem

EMAIL, ISSUER = "build@example.org", "https://issuer.example"

MALFORMED, UNTRUSTED, EXPIRED = "certificate-malformed", "certificate-untrusted", "certificate-expired"
OTHER_PURPOSE, FORBIDDEN, OTHER_SIGNER = "certificate-not-for-code-signing", "certificate-name-forbidden", "signer-mismatch"
NO_AUTHORITY = "certificate-authority-invalid"


@functools.lru_cache(None)
def key(label):
    """A key on P-256 for the certificates of this name."""
    return EcKey("nistp256", f"certificate-{label}")


def authority(subject, above=None, *extensions, path_length=None, label=None, **fields):
    """The certificate of an authority; above: whose signs it, by default it itself. label: of its key, by default its subject."""
    certificate = Certificate(name(subject), key(label or subject), extensions=(
        basic_constraints(path_length=path_length), key_usage(KEY_CERT_SIGN), *extensions))
    return issued(certificate, above).but(**fields)


def issued(certificate, above):
    """The certificate as this authority issues it."""
    return certificate if above is None else certificate.but(issuer=above.subject, signer=above.key)


def signer(above, *names, extensions=(), purposes=(CODE_SIGNING,), label="signer", **fields):
    """A signer's certificate: its alternative names, what else it has, and what for it may be used."""
    extensions = (key_usage(DIGITAL_SIGNATURE), *([extended_key_usage(*purposes)] if purposes else []), *([subject_names(*names)] if names else []),
                  *extensions)
    return issued(Certificate(name("signer"), key(label), extensions=extensions), above).but(**fields)


ROOT = authority("root")
MIDDLE = authority("intermediate", ROOT)
ISSUERS = (fulcio_issuer(ISSUER), fulcio_issuer_v2(ISSUER))
LEAF = signer(MIDDLE, email(EMAIL), extensions=ISSUERS)
STRANGER = authority("stranger")


def leaf_of(above, **fields):
    """A sound signer's certificate by this authority."""
    return issued(LEAF, above).but(**fields)


def text(*certificates):
    """The texts of certificates, one behind the other; octets stand for a certificate as they are."""
    return b"".join(pem("CERTIFICATE", one if isinstance(one, bytes) else one.der) for one in certificates)


class Certified(Signing):
    """Cases by certificate. Certificates are one or a list, or a text as it stands."""

    def __init__(self, workshop, suite):
        super().__init__(workshop, suite)
        self.root_file = workshop.write("keys/sigstore/root.pem", text(ROOT))

    def _sound(self):
        """None: here, a signature has a certificate."""
        return None, None

    def authorities(self, name, what, certificates):
        """The path of a file of authorities."""
        if certificates in (None, [ROOT]):
            return self.root_file
        if isinstance(certificates, str):
            return certificates
        return self.workshop.write(f"keys/{self.suite.theme}/{name.lower()}-{what}.pem", _text(certificates))

    def certified(self, leaf=LEAF, chain=(MIDDLE, ROOT), key=None, entry=None, content=None):
        """The blob of a signature with a certificate; entry: what the log says of it, a function of certificate, signature and payload."""
        content = self.content if content is None else content
        key = key or (leaf.key if isinstance(leaf, Certificate) else LEAF.key)
        signature, leaf = key.sign(content), _text(leaf)
        bundle = entry(leaf, signature, content) if entry else None
        chain = None if chain is None else _text(chain).decode()
        return cosign.blob(content, cosign.annotations(signature, bundle, leaf.decode(), chain))

    def stamped(self, time=SIGNED):
        """An entry of the log, at this time."""
        return lambda leaf, signature, content: rekor.entry(self.log, leaf, signature, content, time=time)

    def pki(self, name, about, verdict, code=None, roots=None, intermediates=None, email=EMAIL, host=None, blob=None, members=None, identity=None, **parts):
        """A case by `pki`; parts: of the blob; members: others of the requirement's object."""
        trusted = {"caRootsPath": self.authorities(name, "roots", roots)}
        if intermediates is not None:
            trusted["caIntermediatesPath"] = self.authorities(name, "intermediates", intermediates)
        subjects = {"subjectEmail": email, "subjectHostname": host}
        trusted |= {member: value for member, value in subjects.items() if value is not None}
        requirement = sigstore_signed(identity=identity, pki=trusted if members is None else members)
        self.case(name, about, verdict, code, requirement, self.certified(**parts) if blob is None else blob)

    def fulcio(self, name, about, verdict, code=None, roots=None, issuer=ISSUER, email=EMAIL, time=SIGNED, log=None, blob=None, identity=None, **parts):
        """A case by `fulcio`; time: the log's."""
        trusted = {"caPath": self.authorities(name, "roots", roots), "oidcIssuer": issuer, "subjectEmail": email}
        requirement = sigstore_signed(log=log or self.log_file, identity=identity, fulcio=trusted)
        self.case(name, about, verdict, code, requirement, self.certified(**({"entry": self.stamped(time)} | parts)) if blob is None else blob)

    def both(self, name, *arguments, **parts):
        """The same by `pki` and by `fulcio`."""
        self.pki(f"{name}-pki", *arguments, **parts)
        self.fulcio(f"{name}-fulcio", *arguments, **parts)


def _text(certificates):
    if isinstance(certificates, (bytes, str)):
        return certificates.encode() if isinstance(certificates, str) else certificates
    return text(*(certificates if isinstance(certificates, (list, tuple)) else [certificates]))


def replacing(certificate, dotted, *extensions):
    """The certificate with these extensions in place of those of a kind."""
    kept = tuple(one for one in certificate.extensions if der.oid(dotted) not in one[:20])
    return certificate.but(extensions=kept + extensions)


def everywhere(world, name_, about, read, change, effective=False, whole=False):
    """A certificate changed; change: of a certificate; effective: whether it means something to a path, and not only to a reader; whole: in each place."""
    verdict = "accept" if read else "reject"
    if effective and read or whole:
        world.pki(f"{name_}-chain", f"{about}: in the last of a chain.", verdict, MALFORMED, chain=(MIDDLE, change(ROOT)))
    if not effective or not read:
        world.pki(f"{name_}-leaf", f"{about}: in the signer's certificate.", verdict, MALFORMED, leaf=change(LEAF))
    if not read or whole and not effective:
        world.pki(f"{name_}-root", f"{about}: in a root.", verdict, NO_AUTHORITY, roots=[change(ROOT)])
    if not read and whole:
        world.fulcio(f"{name_}-fulcio", f"{about}: in the signer's certificate, by fulcio.", verdict, MALFORMED, leaf=change(LEAF))
        world.pki(f"{name_}-intermediate", f"{about}: in an intermediate.", verdict, MALFORMED, chain=(change(MIDDLE), ROOT))
        world.pki(f"{name_}-intermediates", f"{about}: in the policy's intermediates.", verdict, NO_AUTHORITY, intermediates=[change(MIDDLE)], chain=None)
