"""OpenPGP keys and certificates: sound ones, and broken ones in a chosen place."""

import hashlib

from openpgp import packets, primes
from openpgp.algorithms import ALGORITHMS, Ecdh, EdDsa
from openpgp.packets import PUBLIC_KEY, PUBLIC_SUBKEY, SECRET_KEY, SECRET_SUBKEY, USER_ID, packet, signature, subpacket

CERTIFY, SIGN, ENCRYPT, AUTHENTICATE = 0x01, 0x02, 0x0C, 0x20

# Reasons for a revocation: RFC 9580, 5.2.3.31.
NO_REASON, SUPERSEDED, COMPROMISED, RETIRED = 0, 1, 2, 3


class Key:
    """A key pair with its creation time: what a signature needs to know of its signer."""

    def __init__(self, material, created, version=4):
        self.material, self.created, self.version = material, created, version
        self.algorithm, self.default_hash = material.number, material.default_hash
        self.public_body = self._public_body()
        self.hashed_body = self._hashed_body()
        if version == 3:
            # The fingerprint and key ID of a version 3 key: RFC 4880, 12.2.
            modulus, exponent = material.n, material.e
            octets = b"".join(v.to_bytes((v.bit_length() + 7) // 8, "big") for v in (modulus, exponent))
            self.fingerprint = hashlib.md5(octets, usedforsecurity=False).digest()
            self.key_id = (modulus & (1 << 64) - 1).to_bytes(8, "big")
        elif version == 6:
            self.fingerprint = hashlib.sha256(self.hashed_body).digest()
            self.key_id = self.fingerprint[:8]
        else:
            self.fingerprint = hashlib.sha1(self.hashed_body, usedforsecurity=False).digest()
            self.key_id = self.fingerprint[-8:]

    def _public_body(self):
        head = bytes([self.version]) + self.created.to_bytes(4, "big")
        material = self.material.public()
        if self.version == 3:
            return head + bytes(2) + bytes([self.algorithm]) + material
        if self.version == 6:
            return head + bytes([self.algorithm]) + len(material).to_bytes(4, "big") + material
        return head + bytes([self.algorithm]) + material

    def _hashed_body(self):
        """The key as signatures over it hash it."""
        if self.version == 6:
            return b"\x9b" + len(self.public_body).to_bytes(4, "big") + self.public_body
        return b"\x99" + len(self.public_body).to_bytes(2, "big") + self.public_body

    def secret_body(self):
        """The unprotected secret key packet's body, version 4."""
        secret = self.material.secret()
        return self.public_body + b"\x00" + secret + (sum(secret) & 0xFFFF).to_bytes(2, "big")

    def salt(self, hash_name):
        """The salt of version 6 signatures; its size depends on the hash (RFC 9580, 9.5)."""
        return primes.stream("salt", {"sha256": 16, "sha384": 24, "sha512": 32, "sha3-256": 16, "sha3-512": 32}[hash_name])

    def sign(self, hash_name, digest):
        return self.material.sign(hash_name, digest)

    def issuer(self):
        """The issuer fingerprint subpacket."""
        return subpacket(33, bytes([self.version]) + self.fingerprint)


def key(name, created, version=4):
    """A key of a named algorithm, or an Ed25519 key of its own where the name is not an algorithm's."""
    material = ALGORITHMS[name]() if name in ALGORITHMS else EdDsa(name)
    return Key(material, created, version)


def decryption_key(name, created):
    """A key that cannot sign at all."""
    return Key(Ecdh(name), created)


def user_id_octets(text):
    """A user ID as signatures hash it."""
    octets = text.encode()
    return b"\xb4" + len(octets).to_bytes(4, "big") + octets


class Certificate:
    """A certificate that grows packet by packet. Each method adds something and returns the certificate."""

    def __init__(self, primary, user_id=None, at=None, **self_signature):
        self.primary, self.user_id = primary, user_id
        self.packets = [packet(PUBLIC_KEY, primary.public_body)]
        self.secret_packets = []
        self.subkeys = []
        if user_id is not None:
            self.add_user_id(user_id, at, **self_signature)

    def _add(self, octets, secret=None):
        self.packets.append(octets)
        self.secret_packets.append(octets if secret is None else secret)
        return self

    def add_user_id(self, text, at=None, signed_by=None, **options):
        """A user ID and its self-signature; see `self_signature` for the options. signed_by: somebody else certifies it."""
        self._add(packet(USER_ID, text.encode()))
        signer = signed_by or self.primary
        signed = self.primary.hashed_body + user_id_octets(text)
        return self._add(self._bind(signer, packets.CERTIFICATION, signed, at, **options))

    def add_bare_user_id(self, text):
        """A user ID without any signature."""
        return self._add(packet(USER_ID, text.encode()))

    def add_direct_signature(self, at=None, **options):
        """A direct key self-signature."""
        return self._add(self._bind(self.primary, packets.DIRECT_KEY, self.primary.hashed_body, at, **options))

    def _bind(self, signer, kind, signed, at, flags=CERTIFY | SIGN, expires=None, extra=b"", hash_name=None, corrupt=None,
              claim=None, hashed=None, subkey=None):
        """A binding signature of the primary key.

        at: its time, by default the key's. flags: key flags or None. expires: when the key expires. extra: more hashed
        subpackets. hashed: all hashed subpackets. subkey: whose expiry is meant.
        """
        owner = subkey or self.primary
        if hashed is None:
            hashed = packets.created(owner.created if at is None else at)
            if flags is not None:
                hashed += subpacket(27, bytes([flags]))
            if expires is not None:
                hashed += subpacket(9, (expires - owner.created).to_bytes(4, "big"))
            hashed += extra + (claim or signer).issuer()
        return signature(signer, kind, signed, hashed, hash_name=hash_name, corrupt=corrupt, claim=claim)

    def add_subkey(self, subkey, at=None, flags=SIGN, back_signature="right", back_hash=None, back_at=None, **options):
        """A subkey with its binding signature.

        back_signature: "right", None, "wrong" (its value is broken), "other-key" (made by the primary instead of the subkey),
        "other-primary" (made over another primary key), "unhashed" (right, but outside the hashed area).
        """
        signed = self.primary.hashed_body + subkey.hashed_body
        self.subkeys.append(subkey)
        self._add(packet(PUBLIC_SUBKEY, subkey.public_body),
                  packet(SECRET_SUBKEY, subkey.secret_body()) if subkey.algorithm not in (18, 25) else b"")
        extra, unhashed = options.pop("extra", b""), None
        if back_signature:
            embedded = self.back_signature(subkey, back_signature, back_at, back_hash)
            if back_signature == "unhashed":
                unhashed = embedded
            else:
                extra += embedded
        if unhashed is None:
            return self._add(self._bind(self.primary, packets.SUBKEY_BINDING, signed, at, flags, extra=extra, subkey=subkey, **options))
        hashed = packets.created(subkey.created if at is None else at) + subpacket(27, bytes([flags])) + extra + self.primary.issuer()
        unhashed += subpacket(16, self.primary.key_id)
        return self._add(signature(self.primary, packets.SUBKEY_BINDING, signed, hashed, unhashed))

    def back_signature(self, subkey, form="right", at=None, hash_name=None):
        """The subpacket in which the subkey agrees to its primary key; for the forms, see `add_subkey`."""
        primary = key("another-primary", self.primary.created) if form == "other-primary" else self.primary
        signer = self.primary if form == "other-key" else subkey
        hashed = packets.created(subkey.created if at is None else at) + signer.issuer()
        back = signature(signer, packets.PRIMARY_KEY_BINDING, primary.hashed_body + subkey.hashed_body, hashed, hash_name=hash_name,
                         corrupt="value" if form == "wrong" else None)
        return subpacket(32, packets.body_of(back))

    def add_bare_subkey(self, subkey):
        """A subkey that nothing binds to the primary key."""
        self.subkeys.append(subkey)
        return self._add(packet(PUBLIC_SUBKEY, subkey.public_body))

    def revoke(self, at, reason=NO_REASON, signer=None, claim=None, corrupt=None, hash_name=None):
        """A revocation of the primary key, placed right after it; `signer` may be somebody else, who may claim to be the key."""
        signer = signer or self.primary
        octets = self._revocation(signer, packets.KEY_REVOCATION, self.primary.hashed_body, at, reason, claim, corrupt, hash_name)
        self.packets.insert(1, octets)
        self.secret_packets.insert(0, octets)
        return self

    def revoke_subkey(self, at, reason=NO_REASON, signer=None, claim=None, corrupt=None):
        """A revocation of the subkey that was added last."""
        signed = self.primary.hashed_body + self.subkeys[-1].hashed_body
        return self._add(self._revocation(signer or self.primary, packets.SUBKEY_REVOCATION, signed, at, reason, claim, corrupt))

    def revoke_user_id(self, at, reason=NO_REASON):
        """A revocation of the first user ID's certification, at the end of the certificate so far."""
        signed = self.primary.hashed_body + user_id_octets(self.user_id)
        return self._add(self._revocation(self.primary, packets.CERTIFICATION_REVOCATION, signed, at, reason, None, None))

    def _revocation(self, signer, kind, signed, at, reason, claim, corrupt, hash_name=None):
        hashed = packets.created(at) + (claim or signer).issuer()
        if reason is not None:
            hashed += subpacket(29, bytes([reason]))
        return signature(signer, kind, signed, hashed, corrupt=corrupt, claim=claim, hash_name=hash_name)

    def public(self):
        """The certificate as a binary keyring."""
        return b"".join(self.packets)

    def secret(self):
        """The certificate with its unprotected secret keys, for gpg to sign with."""
        return packet(SECRET_KEY, self.primary.secret_body()) + b"".join(self.secret_packets)


def designated_revoker(signer):
    """The subpacket that lets another key revoke this one: RFC 4880, 5.2.3.15."""
    return subpacket(12, bytes([0x80, signer.algorithm]) + signer.fingerprint)
