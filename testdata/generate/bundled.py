"""What suites about bundles share: bundles of the usual image, sound but for what is changed, and cases with one of them."""

import copy

import bundles
import rekor
from certified import Certified, EMAIL, ISSUER, LEAF, MIDDLE
from public_keys import EcKey
from sigstore_signed import sigstore_signed
from x509 import pem

INVALID, NO_TIME, NAMELESS = "bundle-invalid", "no-trusted-time", "signature-without-identity"
MALFORMED, UNTRUSTED, MISMATCH, UNSUPPORTED = "log-entry-malformed", "log-entry-untrusted", "log-entry-mismatch", "log-entry-unsupported"
BAD, NONE = "bad-signature", "no-signature"

KINDS = {"hashedrekord": bundles.hashedrekord, "dsse": bundles.dsse, "intoto": bundles.intoto}


class Bundled(Certified):
    """Bundles and cases of them. A bundle is an object until it is written, so that a case can change it."""

    def payload_of(self, name=bundles.REFERENCE, manifest_digest=None, **members):
        """The octets of a statement about the usual image; name: that of its one subject."""
        return rekor.compact(bundles.statement(bundles.subject(manifest_digest or self.workshop.digest, name), **members)).encode()

    def envelope(self, payload=None, key=None, kind="dsse", material=None, recorded=None, entries=None, payload_type=bundles.IN_TOTO,
                 media_type=bundles.MEDIA_TYPE, signature=None, hash_name=None, **members):
        """A bundle with a statement; recorded: the text in PEM that the log has; entries: in place of the one of the log, a function of its body; members:
        of that entry."""
        payload, key = self.payload_of() if payload is None else payload, key or self.signer
        message = bundles.pre_authentication_encoding(payload_type, payload)
        signature = _signed(key, message, hash_name) if signature is None else signature
        body = KINDS[kind](recorded or key.pem(), signature, payload)
        return bundles.bundle(bundles.envelope(signature, payload, payload_type), material or bundles.by_key(key),
                              self._entries(body, entries, members), media_type)

    def message(self, artifact=None, key=None, material=None, recorded=None, entries=None, media_type=bundles.MEDIA_TYPE, signature=None, hash_name=None,
                algorithm="sha256", **members):
        """A bundle with a signature over the manifest itself."""
        artifact, key = self.workshop.manifest_bytes if artifact is None else artifact, key or self.signer
        signature = _signed(key, artifact, hash_name) if signature is None else signature
        body = bundles.hashedrekord(recorded or key.pem(), signature, artifact, algorithm)
        return bundles.bundle(bundles.message(signature, artifact), material or bundles.by_key(key), self._entries(body, entries, members), media_type)

    def _entries(self, body, entries, members):
        if entries is None:
            return [bundles.entry(self.log, body, **members)]
        return entries(body) if callable(entries) else entries

    def by_leaf(self, leaf=LEAF, chain=None, make=None, **parts):
        """A bundle by a certificate; chain: those behind it, or none for the form without a chain."""
        material = bundles.by_certificate(leaf.der) if chain is None else bundles.by_chain(leaf.der, *(one.der for one in chain))
        if chain is not None:
            parts.setdefault("media_type", bundles.OLDER["0.2"])
        return (make or self.envelope)(key=leaf.key, material=material, recorded=pem("CERTIFICATE", leaf.der), **parts)

    def keyed(self, name, about, verdict, code, document, logged=True, identity=None, bundles_setting=None, mime_type=None, key=None, log=None, **members):
        """A case by key; document: a bundle, or several."""
        many = document if isinstance(document, list) else [document]
        blobs = [one if isinstance(one, str) and one.startswith("signatures/") else bundles.blob(one, mime_type) for one in many]
        requirement = sigstore_signed(key or self.signer_file, (log or self.log_file) if logged else None, identity)
        self.case(name, about, verdict, code, requirement, blobs, sigstore_bundles=bundles_setting, **members)

    def certified_bundle(self, name, about, verdict, code, document, roots=None, issuer=ISSUER, email=EMAIL, identity=None, bundles_setting=None, **members):
        """A case by `fulcio`."""
        trusted = {"caPath": self.authorities(name, "roots", roots), "oidcIssuer": issuer, "subjectEmail": email}
        requirement = sigstore_signed(log=self.log_file, identity=identity, fulcio=trusted)
        self.case(name, about, verdict, code, requirement, bundles.blob(document), sigstore_bundles=bundles_setting, **members)

    def pki_bundle(self, name, about, verdict, code, document, roots=None, intermediates=None, email=EMAIL, **members):
        """A case by `pki`."""
        trusted = {"caRootsPath": self.authorities(name, "roots", roots), "subjectEmail": email}
        if intermediates is not None:
            trusted["caIntermediatesPath"] = self.authorities(name, "intermediates", intermediates)
        self.case(name, about, verdict, code, sigstore_signed(pki=trusted), bundles.blob(document), **members)


def _signed(key, message, hash_name):
    return key.sign(message) if hash_name is None else key.sign(message, hash_name)


def changed(document, *path, to=None, without=False):
    """The bundle with another value at this path, or without it; to: the value, or a function of the old one."""
    document = copy.deepcopy(document)
    parent = document
    for step in path[:-1]:
        parent = parent[step]
    if without:
        del parent[path[-1]]
    elif callable(to):
        parent[path[-1]] = to(parent[path[-1]])
    else:
        parent[path[-1]] = to
    return document


ENTRY = ("verificationMaterial", "tlogEntries", 0)
PROOF = (*ENTRY, "inclusionProof")
CHECKPOINT = (*PROOF, "checkpoint", "envelope")
__all__ = ["Bundled", "EMAIL", "ISSUER", "LEAF", "MIDDLE", "EcKey", "changed", "ENTRY", "PROOF", "CHECKPOINT"]
