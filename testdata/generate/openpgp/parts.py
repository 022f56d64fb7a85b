"""The packets of a certificate one by one, to be put together in any order, and signatures that are odd in a chosen place."""

from clock import CREATED, DAY
from openpgp import packets
from openpgp.keys import CERTIFY, SIGN, user_id_octets
from openpgp.packets import PUBLIC_KEY, PUBLIC_SUBKEY, USER_ID, created, packet, signature, signature_v3, subpacket

SOMEBODY, SECOND = "Somebody <somebody@example.org>", "Second <second@example.org>"
LATER = CREATED + 2 * DAY


def odd_signature(signer, kind, signed, time, hashed, before=b"", after=b"", unhashed=b"", **options):
    """A signature packet; before, after: octets around its hashed subpackets. unhashed: octets before the issuer's key ID.

    Other options as in `packets.signature`, or for versions 2 and 3, which have no subpackets, as in `packets.signature_v3`.
    """
    if options.get("version") in (2, 3):
        return signature_v3(signer, kind, signed, time, **options)
    return signature(signer, kind, signed, before + hashed + after, unhashed + subpacket(16, signer.key_id), **options)


class Parts:
    """The parts of one certificate. Each method returns a packet; `odd` is what `odd_signature` takes.

    issuer: the hashed and the unhashed octets that name who signed, instead of the fingerprint and the key ID.
    """

    def __init__(self, primary, subkey=None):
        self.primary, self.subkey = primary, subkey
        self.key = packet(PUBLIC_KEY, primary.public_body)
        self.subkey_packet = packet(PUBLIC_SUBKEY, subkey.public_body) if subkey else b""

    def user_id(self, text=SOMEBODY):
        return packet(USER_ID, text.encode())

    def _signed_by_primary(self, kind, signed, time, flags=None, expires=None, issuer=None, **odd):
        hashed = created(time)
        if flags is not None:
            hashed += subpacket(27, bytes([flags]))
        if expires is not None:
            hashed += subpacket(9, (expires - CREATED).to_bytes(4, "big"))
        if issuer is not None:
            named, unhashed = issuer
            return signature(self.primary, kind, signed, hashed + named + odd.pop("after", b""), unhashed, **odd)
        return odd_signature(self.primary, kind, signed, time, hashed + self.primary.issuer(), **odd)

    def self_signature(self, at=CREATED, flags=CERTIFY | SIGN, user_id=SOMEBODY, **options):
        """The self-signature of a user ID."""
        return self._signed_by_primary(packets.CERTIFICATION, self.primary.hashed_body + user_id_octets(user_id), at, flags, **options)

    def direct_signature(self, at=CREATED, flags=CERTIFY | SIGN, **options):
        """A direct key signature."""
        return self._signed_by_primary(packets.DIRECT_KEY, self.primary.hashed_body, at, flags, **options)

    def binding(self, at=CREATED, flags=SIGN, back=True, back_odd=None, after=b"", **options):
        """The subkey's binding signature; back: with a back signature. back_odd: what is odd about that."""
        signed = self.primary.hashed_body + self.subkey.hashed_body
        if back:
            hashed = created(at) + self.subkey.issuer()
            embedded = odd_signature(self.subkey, packets.PRIMARY_KEY_BINDING, signed, at, hashed, **(back_odd or {}))
            after = subpacket(32, packets.body_of(embedded)) + after
        return self._signed_by_primary(packets.SUBKEY_BINDING, signed, at, flags, after=after, **options)

    def revocation(self, at=LATER, **odd):
        """The primary key's revocation of itself."""
        return self._signed_by_primary(packets.KEY_REVOCATION, self.primary.hashed_body, at, **odd)

    def subkey_revocation(self, at=LATER, **odd):
        """The primary key's revocation of the subkey."""
        return self._signed_by_primary(packets.SUBKEY_REVOCATION, self.primary.hashed_body + self.subkey.hashed_body, at, **odd)

    def user_id_revocation(self, user_id=SOMEBODY, at=LATER, **odd):
        """The primary key's revocation of a user ID."""
        return self._signed_by_primary(packets.CERTIFICATION_REVOCATION, self.primary.hashed_body + user_id_octets(user_id), at, **odd)

    def identity(self, user_id=SOMEBODY, **options):
        """A user ID and its self-signature."""
        return self.user_id(user_id) + self.self_signature(user_id=user_id, **options)

    def certificate(self, **options):
        """The primary key with one user ID."""
        return self.key + self.identity(**options)

    def with_subkey(self, **options):
        """The primary key with one user ID and the bound subkey; options are the binding's."""
        return self.certificate() + self.subkey_packet + self.binding(**options)
