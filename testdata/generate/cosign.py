"""Signatures for sigstore, as cosign and containers/image make and store them: payload, annotations, blob."""

import base64
import json

from clock import SIGNED

MIME_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json"
TYPE = "cosign container image signature"

# The annotations.
SIGNATURE = "dev.cosignproject.cosign/signature"
BUNDLE = "dev.sigstore.cosign/bundle"
CERTIFICATE = "dev.sigstore.cosign/certificate"
CHAIN = "dev.sigstore.cosign/chain"


def base_64(octets):
    return base64.b64encode(octets).decode()


def payload(reference, manifest_digest, optional=None):
    """The signed document."""
    document = {
        "critical": {"identity": {"docker-reference": reference}, "image": {"docker-manifest-digest": manifest_digest}, "type": TYPE},
        "optional": {"creator": "sigpolicy testdata", "timestamp": SIGNED} if optional is None else optional,
    }
    return json.dumps(document, separators=(",", ":")).encode()


def annotations(signature, bundle=None, certificate=None, chain=None):
    """The annotations; signature: octets, or the text of the annotation. Those that are None are left out."""
    text = base_64(signature) if isinstance(signature, bytes) else signature
    members = {SIGNATURE: text, BUNDLE: bundle, CERTIFICATE: certificate, CHAIN: chain}
    return {name: value for name, value in members.items() if value is not None}


def framed(document):
    """A stored blob of a document: an object, or its text."""
    if not isinstance(document, (str, bytes)):
        document = json.dumps(document, separators=(",", ":"))
    return b"\0sigstore-json\n" + (document.encode() if isinstance(document, str) else document)


def blob(content, members, mime_type=MIME_TYPE):
    """A stored signature; members: the annotations."""
    return framed({"mimeType": mime_type, "payload": base_64(content), "annotations": members})
