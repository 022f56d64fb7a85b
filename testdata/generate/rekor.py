"""Entries of the transparency log Rekor, version 1, as the annotation `dev.sigstore.cosign/bundle` holds them."""

import hashlib
import json

from clock import SIGNED
from cosign import base_64

KIND, VERSION = "hashedrekord", "0.0.1"
INDEX = 123456


def body(key_pem, signature, content):
    """The entry of a signature: kind `hashedrekord`, as an object."""
    return {
        "apiVersion": VERSION,
        "kind": KIND,
        "spec": {
            "data": {"hash": {"algorithm": "sha256", "value": hashlib.sha256(content).hexdigest()}},
            "signature": {"content": base_64(signature), "publicKey": {"content": base_64(key_pem)}},
        },
    }


def compact(value):
    """JSON without white space, as the log writes it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def canonical(value):
    """JSON by RFC 8785, for what entries hold: ASCII names, and integers that a double holds and that have no exponent."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(map(_escaped, value)) + '"'
    return json.dumps(value)


def _escaped(character):
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
    return short.get(character) or (f"\\u{ord(character):04x}" if character < " " else character)


def log_id(log):
    """The id of a log: SHA-256 of its key."""
    return hashlib.sha256(log.spki()).hexdigest()


def promise(log, entry_body, time=SIGNED, index=INDEX, **members):
    """What the log has signed, as an object; entry_body: an object, its text or its octets. members: others in place of these, or more."""
    if not isinstance(entry_body, (str, bytes)):
        entry_body = compact(entry_body)
    octets = entry_body.encode() if isinstance(entry_body, str) else entry_body
    return {"body": base_64(octets), "integratedTime": time, "logIndex": index, "logID": log_id(log)} | members


def bundle(log, signed, text=None, signature=None):
    """The annotation, as text. signed: what the log signs, an object or its canonical text; text: how that is written in the annotation."""
    canonical_text = signed if isinstance(signed, str) else canonical(signed)
    signature = log.sign(canonical_text.encode()) if signature is None else signature
    written = text if text is not None else canonical_text if isinstance(signed, str) else compact(signed)
    return f'{{"SignedEntryTimestamp":"{base_64(signature)}","Payload":{written}}}'


def entry(log, key_pem, signature, content, **members):
    """The annotation of a signature by a key (or a certificate) over a payload."""
    return bundle(log, promise(log, body(key_pem, signature, content), **members))
