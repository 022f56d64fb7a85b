"""Subpackets that stand twice, in the other area, or hold odd values: GnuPG goes by the first that is hashed."""

import functools

from bench import CertificateBench
from clock import AT, CREATED, DAY, EXPIRED, SIGNED, YEAR
from openpgp.keys import AUTHENTICATE, CERTIFY, ENCRYPT, SIGN, Certificate, key
from openpgp.messages import message
from openpgp.packets import created, subpacket
from openpgp.parts import SOMEBODY

FOREVER = (1 << 32) - 1


def build(workshop):
    bench = CertificateBench(workshop, "subpackets")
    for part in (_data_signatures, _key_flags, _key_expiry, _local, _back_signatures, _direct_signatures):
        part(workshop, bench.case)
    return bench.suite


def _seconds(number, seconds):
    return subpacket(number, seconds.to_bytes(4, "big"))


def _expires(at, since=SIGNED):
    """The signature expiration time, which counts from the signature's creation."""
    return _seconds(3, at - since)


def _key_expires(at):
    return _seconds(9, at - CREATED)


def _flags(*octets):
    return subpacket(27, bytes(octets))


def _data_signatures(workshop, case):
    """What a data signature says of its own time."""
    before_key = created(CREATED - DAY)
    for name, about, verdict, code, areas in (
        ("time-twice-first-good", "Of two creation times, the first counts: it is good.", "accept", None, lambda me: (me + created(SIGNED) + before_key, b"")),
        ("time-twice-first-bad", "Of two creation times, the first counts: it lies before the key's.", "reject", "bad-signature",
         lambda me: (me + before_key + created(SIGNED), b"")),
        ("time-also-unhashed", "A creation time outside the hashed area says nothing.", "accept", None, lambda me: (me + created(SIGNED), before_key)),
        ("expiry-twice-first-over", "Of two expiration times, the first counts: it is over.", "reject", "signature-expired",
         lambda me: (me + created(SIGNED) + _expires(EXPIRED) + _expires(AT + YEAR), b"")),
        ("expiry-twice-first-to-come", "Of two expiration times, the first counts: it is to come.", "accept", None,
         lambda me: (me + created(SIGNED) + _expires(AT + YEAR) + _expires(EXPIRED), b"")),
        ("expiry-unhashed", "An expiration time outside the hashed area says nothing.", "accept", None, lambda me: (me + created(SIGNED), _expires(EXPIRED))),
        ("expiry-zero-then-over", "An expiration time of zero means never, and is the first.", "accept", None,
         lambda me: (me + created(SIGNED) + _seconds(3, 0) + _expires(EXPIRED), b"")),
        ("expiry-wraps-around", "A validity that passes the end of 32 bits wraps around, and so is long over.", "reject", "signature-expired",
         lambda me: (me + created(SIGNED) + _seconds(3, FOREVER), b"")),
    ):
        signer = workshop.certificate("signer-of-subpackets")
        hashed, unhashed = areas(signer.primary.issuer())
        unhashed += subpacket(16, signer.primary.key_id)
        make = functools.partial(message, hashed=hashed, unhashed=unhashed)
        case(name, about, verdict, code, signer, make=make, variant=f"-{name}")


def _key_flags(workshop, case):
    """What a self-signature says of the key's use."""
    for name, about, verdict, extra in (
        ("flags-twice-first-signs", "Of two subpackets of key flags, the first counts: it allows signatures.", "accept",
         _flags(CERTIFY | SIGN) + _flags(CERTIFY)),
        ("flags-twice-first-does-not", "Of two subpackets of key flags, the first counts: it allows no signatures.", "reject",
         _flags(CERTIFY) + _flags(CERTIFY | SIGN)),
        ("flags-two-octets", "A second octet of key flags does no harm.", "accept", _flags(CERTIFY | SIGN, 0x04)),
        ("flags-only-in-second-octet", "Flags in the second octet only allow no signatures.", "reject", _flags(0, 0x04)),
        ("flags-first-octet-empty", "The octet counts, not its number: a second one of the value for signatures allows none.", "reject", _flags(CERTIFY, SIGN)),
        ("flags-unknown-bits", "Bits that nobody knows say nothing beside those for signatures.", "accept", _flags(0xC0 | CERTIFY | SIGN)),
        ("flags-sign-and-encrypt", "A key may sign and encrypt.", "accept", _flags(CERTIFY | SIGN | ENCRYPT)),
        ("flags-encrypt-and-authenticate", "A key for everything but signatures may not sign.", "reject", _flags(CERTIFY | ENCRYPT | AUTHENTICATE)),
    ):
        certificate = Certificate(key(name, CREATED), SOMEBODY, flags=None, extra=extra)
        case(name, about, verdict, None if verdict == "accept" else "key-not-for-signing", certificate)


def _key_expiry(workshop, case):
    """What a self-signature says of the key's end."""
    for name, about, verdict, code, extra in (
        ("key-expiry-twice-first-over", "Of two key expiration times, the first counts: it is over.", "reject", "key-expired",
         _key_expires(EXPIRED) + _key_expires(AT + YEAR)),
        ("key-expiry-twice-first-to-come", "Of two key expiration times, the first counts: it is to come.", "accept", None,
         _key_expires(AT + YEAR) + _key_expires(EXPIRED)),
        ("key-expiry-zero-then-over", "A key expiration time of zero means never, and is the first.", "accept", None, _seconds(9, 0) + _key_expires(EXPIRED)),
        ("key-expiry-wraps-around", "A key's validity that passes the end of 32 bits wraps around, and so is long over.", "reject", "key-expired",
         _seconds(9, FOREVER)),
    ):
        case(name, about, verdict, code, workshop.certificate(name, extra=extra))


def _local(workshop, case):
    """Signatures that are not to leave their key ring: GnuPG does not import them."""
    local, exportable = subpacket(4, b"\0"), subpacket(4, b"\1")
    case("exportable", "A self-signature that may be exported counts.", "accept", None, workshop.certificate("exportable", extra=exportable))
    case("local", "A self-signature that must not be exported does not count.", "reject", None, workshop.certificate("local", extra=local))
    for name, extra, verdict in (("exportable", exportable, "accept"), ("local", local, "reject")):
        certificate = Certificate(key(f"{name}-binding-primary", CREATED), SOMEBODY, flags=CERTIFY)
        subkey = key(f"{name}-binding-subkey", CREATED)
        certificate.add_subkey(subkey, extra=extra)
        case(f"{name}-binding", f"A subkey whose binding is {name} {'counts' if verdict == 'accept' else 'does not count'}.", verdict, None, certificate,
             subkey)


def _back_signatures(workshop, case):
    """A binding with two back signatures: of the same certificate, one right and one wrong, the newest decides."""
    for name, about, verdict, right_at, wrong_at in (
        ("back-signatures-right-newer", "Of two back signatures, the newer counts: it is right.", "accept", CREATED + DAY, CREATED),
        ("back-signatures-wrong-newer", "Of two back signatures, the newer counts: it is wrong.", "reject", CREATED, CREATED + DAY),
    ):
        certificate = Certificate(key(f"{name}-primary", CREATED), SOMEBODY, flags=CERTIFY)
        subkey = key(f"{name}-subkey", CREATED)
        wrong = certificate.back_signature(subkey, "wrong", wrong_at)
        certificate.add_subkey(subkey, back_at=right_at, extra=wrong)
        case(name, about, verdict, None, certificate, subkey)


def _direct_signatures(workshop, case):
    """A direct key signature comes before what user IDs say."""
    for name, about, verdict, code, direct, user in (
        ("direct-forbids-signing", "A direct key signature that allows no signatures counts before a user ID that does.", "reject", "key-not-for-signing",
         {"flags": CERTIFY}, {"flags": CERTIFY | SIGN}),
        ("direct-allows-signing", "A direct key signature that allows signatures counts before a user ID that does not.", "accept", None,
         {"flags": CERTIFY | SIGN}, {"flags": CERTIFY}),
        ("direct-says-nothing", "Where a direct key signature says nothing of the key's use, the user ID counts.", "reject", "key-not-for-signing",
         {"flags": None}, {"flags": CERTIFY}),
        ("direct-expired", "A direct key signature's expiry counts before a user ID's.", "reject", "key-expired",
         {"expires": EXPIRED}, {"expires": AT + YEAR}),
        ("direct-never-expires", "Where a direct key signature names no expiry, the user ID's counts.", "reject", "key-expired",
         {}, {"expires": EXPIRED}),
        ("direct-prolongs", "A direct key signature's later expiry counts before a user ID's.", "accept", None,
         {"expires": AT + YEAR}, {"expires": EXPIRED}),
    ):
        certificate = Certificate(key(name, CREATED), None).add_direct_signature(**direct).add_user_id(SOMEBODY, **user)
        case(name, about, verdict, code, certificate)
