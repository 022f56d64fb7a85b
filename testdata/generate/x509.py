"""What has the form of X.509, in DER (ITU-T X.690): a public key and a certificate, both on NIST P-256 (RFC 5480)."""

import base64
import hashlib
import time

from openpgp.algorithms import Ecdsa

INTEGER, BIT_STRING, OBJECT, UTF8_STRING, UTC_TIME, SEQUENCE, SET = 0x02, 0x03, 0x06, 0x0C, 0x17, 0x30, 0x31

EC_PUBLIC_KEY, P256, ECDSA_WITH_SHA256, COMMON_NAME = "2a8648ce3d0201", "2a8648ce3d030107", "2a8648ce3d040302", "550403"


def public_key(material):
    """A SubjectPublicKeyInfo."""
    size = material.curve.size
    point = b"\x04" + b"".join(coordinate.to_bytes(size, "big") for coordinate in material.point)
    return _der(SEQUENCE, _der(SEQUENCE, _object(EC_PUBLIC_KEY), _object(P256)), _der(BIT_STRING, b"\x00" + point))


def certificate(material, name, begin, end):
    """A certificate that signs itself, for this common name."""
    algorithm = _der(SEQUENCE, _object(ECDSA_WITH_SHA256))
    names = _der(SEQUENCE, _der(SET, _der(SEQUENCE, _object(COMMON_NAME), _der(UTF8_STRING, name.encode()))))
    validity = _der(SEQUENCE, _time(begin), _time(end))
    signed = _der(SEQUENCE, _der(0xA0, _integer(2)), _integer(1), algorithm, names, validity, names, public_key(material))
    signature = _der(SEQUENCE, *_numbers(material.sign("sha256", hashlib.sha256(signed).digest())))
    return _der(SEQUENCE, signed, algorithm, _der(BIT_STRING, b"\x00" + signature))


def pem(label, octets):
    """The text of it (RFC 7468)."""
    text = base64.b64encode(octets).decode()
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""]).encode()


def signer(label):
    """A key that has nothing to do with OpenPGP."""
    return Ecdsa("nistp256", label)


def _der(tag, *parts):
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + body


def _integer(value):
    return _der(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _object(octets):
    return _der(OBJECT, bytes.fromhex(octets))


def _time(seconds):
    return _der(UTC_TIME, time.strftime("%y%m%d%H%M%SZ", time.gmtime(seconds)).encode())


def _numbers(mpis):
    """The two numbers of a signature, which OpenPGP writes with their length in bits."""
    while mpis:
        size = (int.from_bytes(mpis[:2], "big") + 7) // 8
        yield _integer(int.from_bytes(mpis[2 : 2 + size], "big"))
        mpis = mpis[2 + size :]
