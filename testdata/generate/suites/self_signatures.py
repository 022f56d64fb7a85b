"""What a key says of itself: which of its self-signatures count, and which of those that say different things."""

from bench import PacketBench
from clock import AT, CREATED, DAY, EXPIRED, YEAR
from openpgp import packets
from openpgp.keys import CERTIFY, SIGN, Certificate, key, user_id_octets
from openpgp.packets import created, packet, signature, signature_v3, subpacket
from openpgp.parts import LATER, SECOND, SOMEBODY, Parts, odd_signature

SOON = CREATED + DAY
LATE = AT + YEAR
LOCAL = subpacket(4, b"\0")


def _seconds(number, moment, since=CREATED):
    return subpacket(number, (moment - since).to_bytes(4, "big"))


def build(workshop):
    bench = PacketBench(workshop, "self-signatures")
    for part in (_kinds, _damaged, _user_ids, _direct, _copies, _unhashed, _bindings, _back_signatures):
        part(bench.case, bench.parts, workshop)
    return bench.suite


def _code(verdict, code):
    return code if verdict == "reject" else None


def _kinds(case, p, workshop):
    """Kinds of self-signatures."""
    for kind in (0x10, 0x11, 0x12):
        octets = odd_signature(p.primary, kind, p.primary.hashed_body + user_id_octets(SOMEBODY), CREATED, created(CREATED) + p.primary.issuer())
        case(f"type-{kind:x}", f"A certification of the type 0x{kind:x} is as good a self-signature as any.", "accept", None, p.key + p.user_id() + octets)
    picture = subpacket(1, b"\x10\0\1\1" + bytes(12) + b"\xff\xd8\xff\xe0jpeg")
    signed = p.primary.hashed_body + b"\xd1" + len(picture).to_bytes(4, "big") + picture
    for name, about, verdict, corrupt in (
        ("right", "A key whose only user ID is a picture is a good key.", "accept", None),
        ("wrong", "A picture's self-signature that is wrong makes no good key.", "reject", "value"),
    ):
        octets = odd_signature(p.primary, packets.CERTIFICATION, signed, CREATED, created(CREATED) + p.primary.issuer(), corrupt=corrupt)
        case(f"only-of-attribute-{name}", about, verdict, None, p.key + packet(packets.USER_ATTRIBUTE, picture) + octets)
    for algorithm in ("ed25519", "rsa2048"):
        signer = key(algorithm, CREATED)
        parts = Parts(signer)
        signed = signer.hashed_body + SOMEBODY.encode()
        for name, about, verdict, octets in (
            ("right", f"A self-signature of version 3 by {algorithm} counts.", "accept", signed),
            ("wrong", f"A self-signature of version 3 by {algorithm} that is wrong makes no good key.", "reject", signed + b"!"),
        ):
            case(f"version-3-{name}-{algorithm}", about, verdict, None,
                 parts.key + parts.user_id() + signature_v3(signer, packets.CERTIFICATION, octets, CREATED), signer)
    third = signature_v3(workshop.stranger.primary, packets.CERTIFICATION, p.primary.hashed_body + SOMEBODY.encode(), CREATED)
    case("version-3-by-other-beside-good", "Another key's certification of version 3 does no harm.", "accept", None, p.certificate() + third)
    critical = subpacket(27, b"\3", critical=True) + subpacket(9, (LATE - CREATED).to_bytes(4, "big"), critical=True)
    case("critical-flags-and-expiry", "Key flags and expiry may be critical.", "accept", None,
         p.key + p.user_id() + p.self_signature(flags=None, after=critical))
    wrapped = subpacket(9, ((1 << 32) - CREATED).to_bytes(4, "big"))
    case("expiry-wraps-to-zero", "A key expiry that wraps around to the moment 0 is none.", "accept", None, p.certificate(after=wrapped))
    for name, about, verdict, values in (
        ("then-local", "Of two subpackets that say whether a self-signature may be exported, the first counts: it may.", "accept", (1, 0)),
        ("after-local", "Of two subpackets that say whether a self-signature may be exported, the first counts: it may not.", "reject", (0, 1)),
    ):
        case(f"exportable-{name}", about, verdict, None, p.certificate(after=b"".join(subpacket(4, bytes([value])) for value in values)))


def _damaged(case, p, _):
    """A self-signature that is cut off gives the key up, and the good one beside it."""
    for algorithm in ("ed25519", "rsa2048", "nistp256"):
        signer = key(algorithm, CREATED)
        parts = Parts(signer)
        damaged = packet(packets.SIGNATURE, packets.body_of(parts.self_signature(at=SOON))[:-3])
        case(f"cut-beside-good-{algorithm}", f"A self-signature by {algorithm} that is cut off spoils the key, though another is good.", "reject", None,
             parts.certificate() + damaged, signer)


def _user_ids(case, p, _):
    """Two user IDs: the newest self-signature counts, in all that it says."""
    for name, about, verdict, code, first, second in (
        ("newest-prolongs", "Of two user IDs, the one with the newer self-signature counts: it prolongs.", "accept", None,
         {"expires": EXPIRED}, {"at": SOON, "expires": LATE}),
        ("newest-shortens", "Of two user IDs, the one with the newer self-signature counts: it shortens.", "reject", "key-expired",
         {"at": SOON, "expires": EXPIRED}, {"expires": LATE}),
        ("newest-forbids", "Of two user IDs, the one with the newer self-signature counts: it takes the right to sign away.", "reject", "key-not-for-signing",
         {"at": SOON, "flags": CERTIFY}, {}),
        ("newest-without-expiry", "Where the newest self-signature names no expiry, an older one's counts.", "reject", "key-expired",
         {"at": SOON}, {"expires": EXPIRED}),
        ("newest-expired", "The newest self-signature says nothing when its own time is over.", "reject", "key-expired",
         {"at": SOON, "expires": LATE, "after": _seconds(3, EXPIRED, SOON)}, {"expires": EXPIRED}),
        ("equally-new", "Of two user IDs with self-signatures of the same second, the first counts.", "reject", "key-expired",
         {"expires": EXPIRED}, {"expires": LATE}),
    ):
        case(f"user-ids-{name}", about, verdict, code, p.key + p.identity(SECOND, **first) + p.identity(**second))


def _direct(case, p, _):
    """Direct key signatures."""
    modest, identity = p.identity(flags=CERTIFY), p.identity()
    for name, about, verdict, code, files in (
        ("newest-allows", "Of two direct key signatures, the newer counts: it allows signatures.", "accept", None,
         p.direct_signature(at=SOON) + p.direct_signature(flags=CERTIFY) + identity),
        ("newest-forbids", "Of two direct key signatures, the newer counts: it forbids signatures.", "reject", "key-not-for-signing",
         p.direct_signature(at=SOON, flags=CERTIFY) + p.direct_signature() + identity),
        ("expired", "A direct key signature says nothing when its own time is over.", "accept", None,
         p.direct_signature(flags=CERTIFY, after=_seconds(3, EXPIRED)) + identity),
        ("wrong-allows", "A direct key signature that is wrong gives no right to sign.", "reject", "key-not-for-signing",
         p.direct_signature(corrupt="value") + modest),
        ("wrong-prolongs", "A direct key signature that is wrong prolongs nothing.", "reject", "key-expired",
         p.direct_signature(expires=LATE, corrupt="value") + p.identity(expires=EXPIRED)),
        ("local-allows", "A direct key signature that must not be exported gives no right to sign.", "reject", "key-not-for-signing",
         p.direct_signature(after=LOCAL) + modest),
        ("behind-user-id", "A direct key signature that stands behind the user ID counts.", "reject", "key-not-for-signing",
         identity + p.direct_signature(flags=CERTIFY)),
        ("beside-local-user-id", "A direct key signature vouches for a key whose user ID must not be exported.", "accept", None,
         p.direct_signature() + p.identity(after=LOCAL)),
    ):
        case(f"direct-{name}", about, verdict, code, p.key + files)


def _copies(case, p, _):
    """A second copy of a key adds what it says."""
    whole, good, subkey = p.certificate(), p.with_subkey(), p.subkey_packet + p.binding()
    for name, about, verdict, code, files, signer in (
        ("second-forbids", "A direct key signature in a second copy of the key counts.", "reject", "key-not-for-signing",
         whole + p.key + p.direct_signature(flags=CERTIFY) + p.identity(), None),
        ("second-shortens", "A newer self-signature of another user ID in a second copy counts.", "reject", "key-expired",
         p.certificate(expires=LATE) + p.key + p.identity(SECOND, at=SOON, expires=EXPIRED), None),
        ("second-adds-subkey", "A second copy of the key may add a subkey.", "accept", None, whole + good, p.subkey),
        ("first-spoilt-with-subkey", "A subkey in a copy of the key that has no self-signature is lost.", "reject", None,
         p.key + p.user_id() + subkey + whole, p.subkey),
        ("subkey-prolonged", "A subkey twice: the second copy's later expiry prolongs nothing.", "reject", "key-expired",
         p.with_subkey(expires=EXPIRED) + p.subkey_packet + p.binding(at=SOON, expires=LATE), p.subkey),
    ):
        case(f"copies-{name}", about, verdict, code, files, signer)


def _unhashed(case, p, _):
    """What a self-signature says outside its hashed area, where anybody can write."""
    for name, about, verdict, code, hashed, unhashed in (
        ("flags-only", "Key flags outside the hashed area do not count.", "accept", None, {"flags": None}, subpacket(27, bytes([CERTIFY]))),
        ("flags-allow", "Key flags outside the hashed area give no right to sign.", "reject", "key-not-for-signing",
         {"flags": CERTIFY}, subpacket(27, bytes([CERTIFY | SIGN]))),
        ("expiry-only", "A key expiry outside the hashed area does not count.", "accept", None, {}, _seconds(9, EXPIRED)),
        ("expiry-prolongs", "A key expiry outside the hashed area prolongs nothing.", "reject", "key-expired", {"expires": EXPIRED}, _seconds(9, LATE)),
        ("local", "A self-signature that must not be exported says so outside the hashed area, too.", "reject", None, {}, LOCAL),
    ):
        case(f"unhashed-{name}", about, verdict, code, p.certificate(unhashed=unhashed, **hashed))
    signed = p.primary.hashed_body + user_id_octets(SOMEBODY)
    for name, about, hashed in (
        ("none", "A self-signature that names no issuer is nobody's.", b""),
        ("fingerprint-only", "A self-signature must name its issuer by key ID: a fingerprint alone does not do.", p.primary.issuer()),
    ):
        octets = signature(p.primary, packets.CERTIFICATION, signed, created(CREATED) + hashed, b"")
        case(f"issuer-{name}", about, "reject", None, p.key + p.user_id() + octets)


def _bindings(case, p, _):
    """Binding signatures of the subkey."""
    good = p.with_subkey()
    for name, about, files in (
        ("expired", "A binding binds nothing when its own time is over.", p.with_subkey(after=_seconds(3, EXPIRED))),
        ("expires-now", "A binding's time is over in the very second that it names.", p.with_subkey(after=_seconds(3, AT))),
        ("newest-local", "A newer binding in the same key that must not be exported takes the place of an older one.", good + p.binding(at=SOON, after=LOCAL)),
        ("newest-without-back-signature", "A newer binding without a back signature takes the place of an older one.", good + p.binding(at=SOON, back=False)),
    ):
        case(f"binding-{name}", about, "reject", None, files, p.subkey)


def _back_signatures(case, p, _):
    """Back signatures of the subkey."""
    signed = p.primary.hashed_body + p.subkey.hashed_body

    def embedded(at=CREATED, kind=packets.PRIMARY_KEY_BINDING, after=b"", critical=False, **options):
        octets = odd_signature(p.subkey, kind, signed, at, created(at) + p.subkey.issuer(), after=after, **options)
        return subpacket(32, packets.body_of(octets), critical)

    right, wrong = embedded(), embedded(corrupt="value")
    for name, about, verdict, octets in (
        ("beside-other-type", "A newer embedded signature of another type is no back signature, and does no harm.", "accept",
         embedded(LATER, packets.SUBKEY_BINDING) + right),
        ("of-other-type", "An embedded signature of another type is no back signature.", "reject", embedded(kind=packets.SUBKEY_BINDING)),
        ("critical-unknown", "A back signature with a critical subpacket that nobody knows is none.", "reject",
         embedded(after=subpacket(101, b"x", critical=True))),
        ("critical-preferred-aead", "A back signature with a critical subpacket that one release alone knows is none.", "reject",
         embedded(after=subpacket(34, b"\2", critical=True))),
        ("equally-new-right-first", "Of two back signatures of the same second, the first counts: it is right.", "accept", right + wrong),
        ("equally-new-wrong-first", "Of two back signatures of the same second, the first counts: it is wrong.", "reject", wrong + right),
        ("expired", "A back signature counts though its own time is over, as in GnuPG.", "accept", embedded(after=_seconds(3, EXPIRED))),
        ("critical", "A back signature may stand in a critical subpacket.", "accept", embedded(critical=True)),
    ):
        case(f"back-signature-{name}", about, verdict, None, p.with_subkey(back=False, after=octets), p.subkey)
    short = key("nistp256", CREATED)
    certificate = Certificate(p.primary, SOMEBODY, flags=CERTIFY).add_subkey(short, back_hash="sha224")
    case("back-signature-short-hash", "A back signature over a hash that is shorter than the curve is none.", "reject", None, certificate.public(), short)
