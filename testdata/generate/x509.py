"""What has the form of X.509, in DER: a public key and a certificate, both on NIST P-256 (RFC 5480). `certificates.py` makes every other."""

import base64
import hashlib

import der
from openpgp.algorithms import Ecdsa

EC_PUBLIC_KEY, P256, ECDSA_WITH_SHA256, COMMON_NAME = "1.2.840.10045.2.1", "1.2.840.10045.3.1.7", "1.2.840.10045.4.3.2", "2.5.4.3"


def public_key(material):
    """A SubjectPublicKeyInfo."""
    size = material.curve.size
    point = b"\x04" + b"".join(coordinate.to_bytes(size, "big") for coordinate in material.point)
    return der.sequence(der.sequence(der.oid(EC_PUBLIC_KEY), der.oid(P256)), der.bit_string(point))


def certificate(material, name, begin, end):
    """A certificate that signs itself, for this common name."""
    algorithm = der.sequence(der.oid(ECDSA_WITH_SHA256))
    names = der.sequence(der.set_of(der.sequence(der.oid(COMMON_NAME), der.utf8(name))))
    validity = der.sequence(der.utc_time(begin), der.utc_time(end))
    signed = der.sequence(der.context(0, der.integer(2)), der.integer(1), algorithm, names, validity, names, public_key(material))
    signature = der.ecdsa_numbers(material.sign("sha256", hashlib.sha256(signed).digest()))
    return der.sequence(signed, algorithm, der.bit_string(signature))


def pem(label, octets):
    """The text of it (RFC 7468)."""
    text = base64.b64encode(octets).decode()
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()


def signer(label):
    """A key that has nothing to do with OpenPGP."""
    return Ecdsa("nistp256", label)
