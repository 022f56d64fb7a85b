"""Certificates (RFC 5280) with every field open to change, and the signatures on them. The keys are those of `public_keys.py`."""

import functools
import hashlib
from dataclasses import dataclass, replace

import der
from clock import CREATED, YEAR
from openpgp import primes
from openpgp.algorithms import Dsa
from public_keys import DSA, ED25519, RSA_PSS, EcKey, Ed25519Key, RsaKey, key_info

# So wide that the clock of whoever judges does not matter.
BEGIN, END = CREATED - 33 * YEAR, CREATED + 25 * YEAR

COMMON_NAME, ORGANIZATION, MGF1 = "2.5.4.3", "2.5.4.10", "1.2.840.113549.1.1.8"
HASH_OIDS = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3"}

# Algorithms of signatures: the family of the key, the hash, and the object.
SCHEMES = {
    "ecdsa-sha1": ("ecdsa", "sha1", "1.2.840.10045.4.1"),
    "ecdsa-sha224": ("ecdsa", "sha224", "1.2.840.10045.4.3.1"),
    "ecdsa-sha256": ("ecdsa", "sha256", "1.2.840.10045.4.3.2"),
    "ecdsa-sha384": ("ecdsa", "sha384", "1.2.840.10045.4.3.3"),
    "ecdsa-sha512": ("ecdsa", "sha512", "1.2.840.10045.4.3.4"),
    "rsa-md5": ("rsa", "md5", "1.2.840.113549.1.1.4"),
    "rsa-sha1": ("rsa", "sha1", "1.2.840.113549.1.1.5"),
    "rsa-sha224": ("rsa", "sha224", "1.2.840.113549.1.1.14"),
    "rsa-sha256": ("rsa", "sha256", "1.2.840.113549.1.1.11"),
    "rsa-sha384": ("rsa", "sha384", "1.2.840.113549.1.1.12"),
    "rsa-sha512": ("rsa", "sha512", "1.2.840.113549.1.1.13"),
    "pss-sha256": ("pss", "sha256", RSA_PSS),
    "pss-sha384": ("pss", "sha384", RSA_PSS),
    "pss-sha512": ("pss", "sha512", RSA_PSS),
    "dsa-sha256": ("dsa", "sha256", "2.16.840.1.101.3.4.3.2"),
    "ed25519": ("ed25519", None, ED25519),
}


class DsaKey:
    """DSA, with which nobody here verifies."""

    def __init__(self, label="sigstore"):
        self.material = Dsa(2048, label)

    def spki(self):
        material = self.material
        parameters = der.sequence(*map(der.integer, (material.p, material.q, material.g)))
        return key_info(identifier(DSA, parameters), der.integer(material.y))

    def sign(self, message, hash_name="sha256"):
        return der.ecdsa_numbers(self.material.sign(hash_name, hashlib.new(hash_name, message).digest()))


def scheme_of(key):
    """The algorithm that a key signs with unless it is told otherwise."""
    return {EcKey: "ecdsa-sha256", RsaKey: "rsa-sha256", Ed25519Key: "ed25519", DsaKey: "dsa-sha256"}[type(key)]


def sign(key, octets, scheme, salt=None):
    """The signature of a key over octets; salt: the length of RSA-PSS's, by default the hash's."""
    family, hash_name, _ = SCHEMES[scheme]
    if family == "ed25519":
        return key.sign(octets)
    return _pss(key, octets, hash_name, salt) if family == "pss" else key.sign(octets, hash_name)


def identifier(dotted, parameters=b""):
    """An AlgorithmIdentifier."""
    return der.sequence(der.oid(dotted), parameters)


def scheme_identifier(scheme):
    """The AlgorithmIdentifier of a signature."""
    family, hash_name, dotted = SCHEMES[scheme]
    if family == "pss":
        return pss_identifier(hash_name)
    return identifier(dotted, der.null() if family == "rsa" else b"")


def pss_identifier(hash_name, mask_hash=None, salt=None, mask=MGF1, trailer=None, parameters=der.null()):
    """The AlgorithmIdentifier of RSA-PSS (RFC 4055); parameters: of the two hashes."""
    salt = hashlib.new(hash_name).digest_size if salt is None else salt
    parts = [der.context(0, identifier(HASH_OIDS[hash_name], parameters)),
             der.context(1, identifier(mask, identifier(HASH_OIDS[mask_hash or hash_name], parameters))), der.context(2, der.integer(salt))]
    return identifier(RSA_PSS, der.sequence(*parts, b"" if trailer is None else der.context(3, der.integer(trailer))))


def _pss(key, octets, hash_name, salt_size):
    """RSASSA-PSS (RFC 8017, 8.1.1) with a salt that depends on what is signed alone."""
    digest = hashlib.new(hash_name, octets).digest()
    salt = primes.stream(f"pss-{digest.hex()}", len(digest) if salt_size is None else salt_size)
    bits = key.bits - 1
    inner = hashlib.new(hash_name, bytes(8) + digest + salt).digest()
    block = bytes((bits + 7) // 8 - len(salt) - len(inner) - 2) + b"\x01" + salt
    masks = (hashlib.new(hash_name, inner + counter.to_bytes(4, "big")).digest() for counter in range(-(-len(block) // len(inner))))
    masked = int.from_bytes(block, "big") ^ int.from_bytes(b"".join(masks)[: len(block)], "big")
    masked &= (1 << (bits - 8 * (len(inner) + 1))) - 1
    return key.power(masked.to_bytes(len(block), "big") + inner + b"\xbc").to_bytes(key.size, "big")


def name(*values):
    """A Name: of texts, each a common name, or of elements of a type of string."""
    return der.sequence(*(der.set_of(attribute(value if isinstance(value, bytes) else der.utf8(value))) for value in values))


def attribute(value, dotted=COMMON_NAME):
    return der.sequence(der.oid(dotted), value)


@dataclass(frozen=True)
class Certificate:
    """A certificate. What is None follows from the rest; octets stand for an element as they are."""

    subject: bytes
    key: object
    issuer: bytes = None
    signer: object = None
    extensions: tuple = ()
    begin: int = BEGIN
    end: int = END
    version: object = 3
    serial: object = 1
    scheme: str = None
    algorithm: bytes = None
    outer_algorithm: bytes = None
    validity: bytes = None
    spki: bytes = None
    unique_ids: bytes = b""
    # Instead of the extensions and what is around them.
    extension_block: bytes = None
    signed_tail: bytes = b""
    # The signature's octets, or its whole element.
    signature: bytes = None
    signature_element: bytes = None
    tail: bytes = b""

    def but(self, **changes):
        """The same with other fields."""
        return replace(self, **changes)

    def adding(self, *extensions):
        """The same with more extensions."""
        return self.but(extensions=self.extensions + extensions)

    def signed(self):
        """What is signed: the TBSCertificate."""
        version = self.version
        if not isinstance(version, bytes):
            version = b"" if version in (None, 1) else der.context(0, der.integer(version - 1))
        serial = self.serial if isinstance(self.serial, bytes) else der.integer(self.serial)
        validity = der.sequence(der.moment(self.begin), der.moment(self.end)) if self.validity is None else self.validity
        block = self.extension_block
        if block is None:
            block = der.context(3, der.sequence(*self.extensions)) if self.extensions else b""
        return der.sequence(version, serial, self._inner_algorithm(), self.issuer or self.subject, validity, self.subject,
                            self.key.spki() if self.spki is None else self.spki, self.unique_ids, block, self.signed_tail)

    def _inner_algorithm(self):
        return scheme_identifier(self._scheme()) if self.algorithm is None else self.algorithm

    def _scheme(self):
        return self.scheme or scheme_of(self.signer or self.key)

    @functools.cached_property
    def der(self):
        """The certificate's octets."""
        signed = self.signed()
        element = self.signature_element
        if element is None:
            element = der.bit_string(sign(self.signer or self.key, signed, self._scheme()) if self.signature is None else self.signature)
        return der.sequence(signed, self._inner_algorithm() if self.outer_algorithm is None else self.outer_algorithm, element, self.tail)
