"""Sigstore bundles, as cosign 3 makes them: envelopes and statements, entries of Rekor with proofs and checkpoints, the JSON around them."""

import base64
import hashlib

import cosign
import rekor
from clock import SIGNED
from cosign import base_64
from workshop import REFERENCE

MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
OLDER = {version: f"application/vnd.dev.sigstore.bundle+json;version={version}" for version in ("0.1", "0.2", "0.3")}
IN_TOTO, SIGN, PROVENANCE = "application/vnd.in-toto+json", "https://sigstore.dev/cosign/sign/v1", "https://slsa.dev/provenance/v1"
STATEMENT, OLD_STATEMENT = "https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1"
ORIGIN = "log.example - 4711"

# What else is in the tree, before and after an entry.
BEFORE, AFTER = [b"first", b"second", b"third"], [b"fifth", b"sixth"]


def subject(manifest_digest, name=REFERENCE, **members):
    """A subject of a statement; name: none without one."""
    algorithm, _, value = manifest_digest.partition(":")
    return ({} if name is None else {"name": name}) | {"digest": {algorithm: value}} | members


def statement(*subjects, kind=STATEMENT, predicate_type=SIGN, **members):
    """An in-toto statement, as an object."""
    return {"_type": kind, "subject": list(subjects), "predicateType": predicate_type, "predicate": {}} | members


def pre_authentication_encoding(payload_type, payload):
    """What the signature of an envelope is over (DSSE)."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sha256(octets):
    return hashlib.sha256(octets).digest()


class Tree:
    """A log's tree (RFC 6962, 2.1)."""

    def __init__(self, leaves):
        self.leaves = leaves

    def root(self, leaves=None):
        leaves = self.leaves if leaves is None else leaves
        if len(leaves) == 1:
            return sha256(b"\x00" + leaves[0])
        middle = _middle(leaves)
        return sha256(b"\x01" + self.root(leaves[:middle]) + self.root(leaves[middle:]))

    def path(self, index, leaves=None):
        """The hashes that prove a leaf."""
        leaves = self.leaves if leaves is None else leaves
        if len(leaves) == 1:
            return []
        middle = _middle(leaves)
        if index < middle:
            return self.path(index, leaves[:middle]) + [self.root(leaves[middle:])]
        return self.path(index - middle, leaves[middle:]) + [self.root(leaves[:middle])]


def _middle(leaves):
    return 1 << (len(leaves) - 1).bit_length() - 1


def note_line(key, text, name="log.example", hint=None, signature=None):
    """A line with a signature under a note."""
    hint = bytes.fromhex(rekor.log_id(key))[:4] if hint is None else hint
    signature = key.sign(text.encode()) if signature is None else signature
    return f"\u2014 {name} {base_64(hint + signature)}\n"


def checkpoint(log, size, root, origin=ORIGIN, more="", lines=None):
    """A checkpoint; lines: in place of the log's signature, a function of what is signed."""
    text = f"{origin}\n{size}\n{base_64(root)}\n{more}"
    return f"{text}\n{note_line(log, text) if lines is None else lines(text)}"


def proof(log, body, before=BEFORE, after=AFTER, note=None):
    """An inclusion proof of an entry's body, with its checkpoint; note: in place of that, a function of size and root."""
    tree = Tree([*before, body, *after])
    size, root = len(tree.leaves), tree.root()
    envelope = checkpoint(log, size, root) if note is None else note(size, root)
    return {"logIndex": str(len(before)), "rootHash": base_64(root), "treeSize": str(size), "hashes": list(map(base_64, tree.path(len(before)))),
            "checkpoint": {"envelope": envelope}}


def hashedrekord(key_pem, signature, artifact, algorithm="sha256"):
    """The body of an entry of a signature over an artifact."""
    body = rekor.body(key_pem, signature, artifact)
    body["spec"]["data"]["hash"] = {"algorithm": algorithm, "value": hashlib.new(algorithm, artifact).hexdigest()}
    return body


def dsse(key_pem, signature, payload):
    """The body of an entry of an envelope."""
    signatures = [{"signature": base_64(signature), "verifier": base_64(key_pem)}]
    return {"apiVersion": "0.0.1", "kind": "dsse", "spec": {"envelopeHash": _hash(payload), "payloadHash": _hash(payload), "signatures": signatures}}


def _hash(octets):
    return {"algorithm": "sha256", "value": sha256(octets).hex()}


def intoto(key_pem, signature, payload):
    """The same of the older kind, with the signature in base64 twice."""
    signatures = [{"publicKey": base_64(key_pem), "sig": base_64(base_64(signature).encode())}]
    envelope = {"payloadType": IN_TOTO, "signatures": signatures}
    return {"apiVersion": "0.0.2", "kind": "intoto", "spec": {"content": {"envelope": envelope, "hash": _hash(payload), "payloadHash": _hash(payload)}}}


def entry(log, body, time=SIGNED, index=rekor.INDEX, promise=True, proven=True, signed=None, **members):
    """An entry of a log; body: an object or octets; promise, proven: whether it has a promise and a proof, or the proof itself; signed: members of what
    the log promises, in place of the entry's."""
    octets = body if isinstance(body, bytes) else rekor.compact(body).encode()
    kind = {"kind": body["kind"], "version": body["apiVersion"]} if isinstance(body, dict) else {"kind": "dsse", "version": "0.0.1"}
    document = {"logIndex": str(index), "logId": {"keyId": base_64(bytes.fromhex(rekor.log_id(log)))}, "kindVersion": kind}
    if time is not None:
        document["integratedTime"] = str(time)
    if promise:
        promised = rekor.promise(log, octets, time=time or 0, index=index) | (signed or {})
        document["inclusionPromise"] = {"signedEntryTimestamp": base_64(log.sign(rekor.canonical(promised).encode()))}
    if proven:
        document["inclusionProof"] = proven if isinstance(proven, dict) else proof(log, octets)
    return document | {"canonicalizedBody": base_64(octets)} | members


def bundle(content, material, entries=(), media_type=MEDIA_TYPE):
    """The document; content: `messageSignature` or `dsseEnvelope`; material: a key or certificates."""
    return {"mediaType": media_type, "verificationMaterial": material | {"tlogEntries": list(entries)}} | content


def envelope(signature, payload, payload_type=IN_TOTO, **members):
    return {"dsseEnvelope": {"payload": base_64(payload), "payloadType": payload_type, "signatures": [{"sig": base_64(signature)}]} | members}


def message(signature, artifact, algorithm=("SHA2_256", "sha256")):
    digest = {"algorithm": algorithm[0], "digest": base_64(hashlib.new(algorithm[1], artifact).digest())}
    return {"messageSignature": {"messageDigest": digest, "signature": base_64(signature)}}


def by_key(key):
    """The material of a signature by a key."""
    return {"publicKey": {"hint": base_64(bytes.fromhex(rekor.log_id(key)))}}


def by_certificate(certificate):
    return {"certificate": {"rawBytes": base_64(certificate)}}


def by_chain(*certificates):
    return {"x509CertificateChain": {"certificates": [{"rawBytes": base_64(one)} for one in certificates]}}


def blob(document, mime_type=None):
    """A bundle as a stored signature: an object, or its text."""
    text = document if isinstance(document, (str, bytes)) else rekor.compact(document)
    octets = text.encode() if isinstance(text, str) else text
    if mime_type is None:
        mime_type = document["mediaType"] if isinstance(document, dict) and document.get("mediaType") in (MEDIA_TYPE, *OLDER.values()) else MEDIA_TYPE
    return cosign.framed({"mimeType": mime_type, "payload": base_64(octets), "annotations": {}})


def decoded(text):
    return base64.b64decode(text)
