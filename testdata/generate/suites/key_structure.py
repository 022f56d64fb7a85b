"""How the packets of key files stand to each other: what GnuPG finds out of its place, twice, in two files, or cannot read at all."""

from bench import PacketBench
from clock import CREATED, DAY, EXPIRED
from openpgp import packets
from openpgp.algorithms import Ecdsa, Rsa, mpi, octet_mpi
from openpgp.keys import CERTIFY, ENCRYPT, SIGN, Certificate, Key, designated_revoker, key
from openpgp.messages import data_signature
from openpgp.packets import PUBLIC_KEY, PUBLIC_SUBKEY, armored, compressed, created, literal, one_pass, packet, subpacket
from openpgp.parts import LATER, SECOND, Parts, odd_signature


def build(workshop):
    bench = PacketBench(workshop, "key-structure", "structure")
    for part in (_user_ids, _copies_of_subkeys, _ties, _halves, _strays, _unreadable, _limits, _large, _reserved, _points, _attributes, _secret, _armor,
                 _revokers, _compressed,
                 _shared_subkeys, _passed_over, _key_packets):
        part(bench.case, bench.parts, workshop)
    return bench.suite


FORBIDS = {"at": LATER, "flags": CERTIFY}


def _user_ids(case, p, _):
    """User IDs that stand behind subkeys."""
    good, subkey = p.certificate(), p.subkey_packet + p.binding()
    forbids, allows = p.identity(SECOND, **FORBIDS), p.identity(SECOND, at=LATER)
    modest = p.certificate(flags=CERTIFY)
    for name, about, verdict, files in (
        ("behind-unbound-subkey-forbids", "A user ID behind an unbound subkey counts: it takes the right to sign away.", "reject",
         good + p.subkey_packet + forbids),
        ("behind-unbound-subkey-allows", "A user ID behind an unbound subkey counts: it gives the right to sign.", "accept", modest + p.subkey_packet + allows),
        ("behind-bound-subkey-forbids", "A user ID behind a bound subkey is lost, and takes nothing away.", "accept", good + subkey + forbids),
        ("behind-bound-subkey-allows", "A user ID behind a bound subkey is lost, and gives nothing.", "reject", modest + subkey + allows),
        ("behind-subkey-in-second-copy-forbids", "A user ID behind a subkey counts in a second copy of the key: it takes the right to sign away.", "reject",
         good + p.key + subkey + forbids),
        ("behind-subkey-in-second-copy-allows", "A user ID behind a subkey counts in a second copy of the key: it gives the right to sign.", "accept",
         modest + p.key + subkey + allows),
        ("behind-subkey-in-second-file-forbids", "A user ID behind a subkey counts in a second file: it takes the right to sign away.", "reject",
         [good, good + subkey + forbids]),
        ("behind-subkey-in-second-file-allows", "A user ID behind a subkey counts in a second file: it gives the right to sign.", "accept",
         [modest, modest + subkey + allows]),
        ("only-behind-unbound-subkey", "The only user ID may stand behind an unbound subkey.", "accept", p.key + p.subkey_packet + p.identity()),
        ("only-behind-bound-subkey", "The only user ID does not count behind a bound subkey.", "reject", p.key + subkey + p.identity()),
    ):
        case(f"user-id-{name}", about, verdict, "key-not-for-signing" if verdict == "reject" and name != "only-behind-bound-subkey" else None, files)


def _copies_of_subkeys(case, p, _):
    """The same subkey twice in a key, or in two copies of it."""
    good = p.with_subkey()
    for name, verdict, tail in (
        ("direct-signature-forbids", "reject", p.direct_signature(**FORBIDS)),
        ("direct-signature-allows", "accept", p.direct_signature(at=LATER)),
        ("self-signature-forbids", "reject", p.self_signature(**FORBIDS)),
        ("self-signature-allows", "accept", p.self_signature(at=LATER)),
    ):
        about = f"A {name.rsplit('-', 1)[0].replace('-', ' ')} behind a second copy of a subkey counts: it {name.rsplit('-', 1)[1]} signatures."
        case(f"subkey-twice-then-{name}", about, verdict, "key-not-for-signing" if verdict == "reject" else None, good + p.subkey_packet + tail)
    head, subkey = p.certificate(), p.subkey_packet
    for name, about, verdict, code, files in (
        ("first-unbound", "A subkey twice: the second copy's binding counts.", "accept", None, head + subkey + subkey + p.binding()),
        ("both-unbound", "A subkey twice, and neither copy bound.", "reject", None, head + subkey + subkey),
        ("second-revoked", "A subkey twice: the second copy's revocation counts.", "reject", "key-revoked", good + subkey + p.subkey_revocation()),
        ("second-encrypts", "A subkey twice: the second copy's newer binding counts.", "reject", None,
         good + subkey + p.binding(at=LATER, flags=ENCRYPT, back=False)),
        ("second-signs", "A subkey twice: the second copy's newer binding allows nothing that the first one's does not.", "reject", None,
         p.with_subkey(flags=ENCRYPT, back=False) + subkey + p.binding(at=LATER)),
        ("newer-binding-expired-in-second-file", "A newer binding in a second file whose own time is over is passed over.", "accept", None,
         [good, p.with_subkey(at=LATER, after=subpacket(3, DAY.to_bytes(4, "big")))]),
        ("newer-binding-local-in-second-file", "A newer binding in a second file that must not be exported is passed over.", "accept", None,
         [good, p.with_subkey(at=LATER, after=subpacket(4, b"\0"))]),
        ("newer-binding-encrypts-in-second-file", "A newer binding in a second file counts.", "reject", "key-not-for-signing",
         [good, p.with_subkey(at=LATER, flags=ENCRYPT, back=False)]),
    ):
        case(f"subkey-twice-{name}", about, verdict, code, files, p.subkey)


def _ties(case, p, _):
    """Two signatures of the same second that say different things."""
    good, bad = p.self_signature(), p.self_signature(flags=CERTIFY)
    first, second = p.key + p.user_id() + good, p.key + p.user_id() + bad
    subkey, encrypts = p.binding(), p.binding(flags=ENCRYPT, back=False)
    head = p.certificate()
    for name, about, verdict, files in (
        ("together-bad-last", "Of two self-signatures of the same second, the last counts: it forbids.", "reject", first + bad),
        ("together-good-last", "Of two self-signatures of the same second, the last counts: it allows.", "accept", second + good),
        ("two-files-bad-last", "The same over two files: the last forbids.", "reject", [first, second]),
        ("two-files-good-last", "The same over two files: the last allows.", "accept", [second, first]),
        ("two-copies-bad-last", "The same over two copies of the key in a file: the last forbids.", "reject", first + second),
        ("two-copies-good-last", "The same over two copies of the key in a file: the last allows.", "accept", second + first),
        ("elsewhere-good", "A self-signature that stands behind a subkey does not win over one of the same second in its place.", "reject",
         second + p.subkey_packet + subkey + good),
        ("elsewhere-bad", "A self-signature that stands behind a subkey takes nothing away that one of the same second in its place allows.", "accept",
         first + p.subkey_packet + subkey + bad),
        ("direct-elsewhere-good", "A direct key signature that stands behind a user ID does not win over one of the same second in its place.", "reject",
         p.key + p.direct_signature(flags=CERTIFY) + p.identity() + p.direct_signature()),
        ("direct-elsewhere-bad", "A direct key signature that stands behind a user ID takes nothing away that one of the same second in its place allows.",
         "accept",
         p.key + p.direct_signature() + p.identity() + p.direct_signature(flags=CERTIFY)),
    ):
        case(f"same-second-{name}", about, verdict, "key-not-for-signing" if verdict == "reject" else None, files)
    for name, about, verdict, files in (
        ("together-bad-last", "Of two bindings of the same second, the last counts: it is not for signing.", "reject",
         head + p.subkey_packet + subkey + encrypts),
        ("together-good-last", "Of two bindings of the same second, the last counts: it is for signing.", "accept", head + p.subkey_packet + encrypts + subkey),
        ("elsewhere-good", "A binding that stands behind a user ID does not win over one of the same second in its place.", "reject",
         head + subkey + p.subkey_packet + encrypts),
        ("elsewhere-bad", "A binding that stands behind a user ID takes nothing away that one of the same second in its place allows.", "accept",
         head + encrypts + p.subkey_packet + subkey),
    ):
        case(f"same-second-binding-{name}", about, verdict, "key-not-for-signing" if verdict == "reject" else None, files, p.subkey)


def _halves(case, p, _):
    """What belongs together, in two files: each file must hold a whole."""
    for name, about, verdict, files, by_subkey in (
        ("user-id-and-signature", "A user ID in one file and its self-signature in another make no good key.", "reject",
         [p.key + p.user_id(), p.key + p.self_signature()], False),
        ("signature-and-user-id", "Nor do they in the other order.", "reject", [p.key + p.self_signature(), p.key + p.user_id()], False),
        ("two-copies", "Nor do two copies of the key in one file.", "reject", p.key + p.user_id() + p.key + p.self_signature(), False),
        ("bare-and-whole", "A bare user ID in one file does no harm to a whole key in another.", "accept", [p.key + p.user_id(), p.certificate()], False),
        ("whole-and-bare", "A whole key in one file, and a bare one in another.", "accept", [p.certificate(), p.key], False),
        ("subkey-and-binding", "A subkey in one file and its binding in another make no signing subkey.", "reject",
         [p.certificate() + p.subkey_packet, p.key + p.binding()], True),
        ("binding-and-subkey", "Nor do they in the other order.", "reject", [p.certificate() + p.binding(), p.key + p.subkey_packet], True),
        ("key-and-subkey", "A second file without a user ID adds no subkey: GnuPG as it is published drops such a copy.", "reject",
         [p.certificate(), p.key + p.subkey_packet + p.binding()], True),
        ("signature-without-user-id", "A newer self-signature in a second file without its user ID is lost, and takes nothing away.", "accept",
         [p.certificate(), p.key + p.self_signature(**FORBIDS)], False),
        ("signature-with-user-id", "A newer self-signature in a second file with its user ID counts.", "reject",
         [p.certificate(), p.key + p.user_id() + p.self_signature(**FORBIDS)], False),
    ):
        case(f"halves-{name}", about, verdict, None, files, p.subkey if by_subkey else None)


def _strays(case, p, workshop):
    """Certifications in front of the first user ID, which fit no user ID: GnuPG gives the key up where its own ID stands on one."""
    stranger = workshop.stranger.primary
    tail, body = p.identity(), p.primary.hashed_body
    named = {"hashed": created(LATER), "time": LATER}
    for name, about, verdict, stray in (
        ("wrong", "A self-signature before the user ID that is wrong spoils the key.", "reject", p.self_signature(corrupt="value")),
        ("of-absent-user-id", "A self-signature of a user ID that is not there spoils the key.", "reject", p.self_signature(user_id=SECOND)),
        ("revokes-absent-user-id", "A revocation of a user ID that is not there spoils the key.", "reject", p.user_id_revocation(SECOND)),
        ("by-impostor", "A certification by another key that claims this key's ID spoils the key.", "reject",
         odd_signature(stranger, packets.CERTIFICATION, b"x", **named, after=p.primary.issuer(), unhashed=subpacket(16, p.primary.key_id))),
        ("by-stranger", "A certification before the user ID that names another key does no harm.", "accept",
         odd_signature(stranger, packets.CERTIFICATION, body, **named)),
        ("of-present-user-id", "A self-signature that stands before its user ID does no harm where it is right.", "accept", p.self_signature()),
        ("direct", "A direct key signature belongs before the user ID.", "accept", p.direct_signature()),
    ):
        case(f"stray-{name}", about, verdict, None, p.key + stray + tail)
    spoilt, good = p.key + p.self_signature(corrupt="value") + tail, p.certificate()
    case("stray-wrong-then-good-copy", "A sound copy after a spoilt one makes a good key.", "accept", None, spoilt + good)
    case("stray-wrong-then-good-file", "A sound copy in another file makes a good key.", "accept", None, [spoilt, good])


def _unreadable(case, p, workshop):
    """Packets in a key file that GnuPG cannot read: it gives the file up, and the key before them, except for packets that it passes over."""
    good, other = p.certificate(), workshop.stranger.public()
    rest = bytes(30)
    for name, about, octets in (
        ("subkey-version-3", "a subkey of version 3", packet(PUBLIC_SUBKEY, b"\3" + rest)),
        ("subkey-version-6", "a subkey of version 6", packet(PUBLIC_SUBKEY, b"\6" + rest)),
        ("subkey-truncated", "a subkey that is cut off", packet(PUBLIC_SUBKEY, p.subkey.public_body[:-3])),
        ("subkey-empty", "an empty subkey packet", packet(PUBLIC_SUBKEY, b"")),
        ("key-truncated", "a key of a known version and algorithm that is cut off", packet(PUBLIC_KEY, p.primary.public_body[:-3])),
        ("key-empty", "an empty key packet", packet(PUBLIC_KEY, b"")),
        ("key-short", "a key packet of two octets", packet(PUBLIC_KEY, b"\4\0")),
        ("secret-subkey-short", "a secret subkey of two octets", packet(packets.SECRET_SUBKEY, b"\4\0")),
        ("marker-wrong", "a marker packet with other content", packet(packets.MARKER, b"PGX")),
        ("session-key-short", "an encrypted session key that is too short", packet(packets.PKESK, b"\3")),
        ("one-pass-short", "a one-pass packet that is too short", packet(packets.ONE_PASS, b"\3")),
        ("literal-short", "a literal that is too short", packet(packets.LITERAL, b"b")),
        ("integrity-code-short", "a modification detection code that is too short", packet(19, b"x")),
        ("encrypted-empty", "an empty encrypted packet", packet(packets.SEIPD, b"")),
        ("compressed-unknown", "a compressed packet of an unknown algorithm", packet(packets.COMPRESSED, b"\x63abc")),
        ("private-63", "a packet of the private tag 63", packet(63, b"x" * 50)),
        ("signature-version-5", "a signature of version 5", packet(packets.SIGNATURE, b"\5" + rest)),
    ):
        case(f"unreadable-{name}-after-good", f"A key file with {about} after a good key is no key file.", "reject", None, good + octets)
    for name, about, octets in (
        ("marker", "a marker packet", packet(packets.MARKER, b"PGP")),
        ("trust", "a trust packet", packet(packets.TRUST, b"\0\0")),
        ("private-60", "a packet of the private tag 60", packet(60, b"x" * 50)),
        ("reserved-tag-0", "a packet of the reserved tag 0", packet(0, b"")),
        ("signature-short", "a signature of one octet", packet(packets.SIGNATURE, b"\4")),
        ("subkey-unknown-algorithm", "a subkey of an unknown algorithm", packet(PUBLIC_SUBKEY, b"\4" + CREATED.to_bytes(4, "big") + b"\x63" + rest)),
        ("literal", "a literal", literal(b"x")),
        ("user-id-too-long", "a user ID of 2049 octets", packet(packets.USER_ID, b"x" * 2049)),
    ):
        case(f"passed-over-{name}-after-good", f"A key file may hold {about} after a good key.", "accept", None, good + octets)
    case("unreadable-user-id-too-long-before-self-signature", "A self-signature behind a user ID that is too long to be read is not the one's before it.",
         "reject", None, p.key + p.user_id() + packet(packets.USER_ID, b"x" * 2049) + p.self_signature())
    for name, about, octets in (
        ("subkey-version-3", "a subkey of version 3", packet(PUBLIC_SUBKEY, b"\3" + rest)),
        ("signature-version-5", "a signature of version 5", packet(packets.SIGNATURE, b"\5" + rest)),
    ):
        case(f"unreadable-{name}-in-other-key", f"{about.capitalize()} in another key spoils the good key after it.", "reject", None, other + octets + good)
        case(f"unreadable-{name}-in-other-file", f"{about.capitalize()} in another file does no harm.", "accept", None, [other + octets, good])


def _limits(case, p, _):
    """The sizes that GnuPG reads."""
    user_id = p.user_id()
    for size, verdict in ((10000, "accept"), (10001, "reject")):
        def filler(used, size=size):
            return b"\xff" + (size - used - 5).to_bytes(4, "big") + b"\x64" + bytes(size - used - 6)

        about = f"subpackets of {size} octets outside the hashed area{'' if verdict == 'accept' else ', one too many,'}"
        case(f"limit-self-signature-{size}", f"A self-signature with {about} {'counts' if verdict == 'accept' else 'cannot be read'}.", verdict, None,
             p.key + user_id + p.self_signature(unhashed=filler(10)))
        case(f"limit-data-{size}", f"A signature of the image with {about} {'is good' if verdict == 'accept' else 'cannot be read'}.", verdict, None,
             p.certificate(), make=lambda signer, content, time, octets=filler(10): one_pass(signer) + literal(content)
             + data_signature(signer, content, time, unhashed=octets + subpacket(16, signer.key_id)))
    for size, verdict in ((2038, "accept"), (2039, "reject"), (2048, "reject")):
        text = "x" * size
        case(f"limit-user-id-{size}", f"A user ID of {size} octets {'counts' if verdict == 'accept' else 'does not fit into a keyring'}.", verdict, None,
             p.key + p.identity(text))


def _large(case, p, workshop):
    """Keys of an algorithm that nobody knows, with more octets than a fingerprint can be of: they do no harm."""
    def large(tag):
        # With line feeds: gpg takes a file that has none in its first 20000 octets for armor.
        return packet(tag, bytes([4]) + CREATED.to_bytes(4, "big") + bytes([99]) + b"\n" * 65530)

    good, other, subkey = p.certificate(), workshop.stranger.public(), large(PUBLIC_SUBKEY)
    for name, about, verdict, code, octets in (
        ("key-first", "A good key behind one that is too large to name.", "accept", None, large(PUBLIC_KEY) + good),
        ("key-between", "A good key behind another one and one that is too large to name.", "accept", None, other + large(PUBLIC_KEY) + good),
        ("key-alone", "A file with only a key that is too large to name.", "reject", None, large(PUBLIC_KEY)),
        ("subkey", "A good key with a subkey that is too large to name.", "accept", None, good + subkey),
    ):
        case(f"large-{name}", about, verdict, code, octets)
    case("large-subkey-before-binding", "A binding behind a subkey that is too large to name belongs to the one before it.", "accept", None,
         good + p.subkey_packet + subkey + p.binding(), p.subkey)
    case("large-subkey-before-revocation", "A revocation behind a subkey that is too large to name belongs to the one before it.", "reject", "key-revoked",
         p.with_subkey() + subkey + p.subkey_revocation(), p.subkey)


# Packets of the type 0, which is reserved: what they are written like.
RESERVED = (("empty", packet(0, b"")), ("old", packet(0, b"", "old")), ("with-body", packet(0, b"xyz")), ("old-with-body", packet(0, b"x" * 300, "old")))


def _reserved(case, p, workshop):
    """Packets of the type 0, which GnuPG passes over: what stands behind them counts, be it that it forbids or that it allows."""
    good, revoked, other = p.certificate(), p.key + p.revocation() + p.identity(), workshop.stranger.public()
    expired = p.self_signature(at=LATER, expires=EXPIRED)
    for form, octets in RESERVED:
        for name, about, verdict, code, key_file, signer in (
            ("revoked-copy", "A copy of the key that is revoked counts", "reject", "key-revoked", good + octets + revoked, None),
            ("revocation", "The key's revocation counts", "reject", "key-revoked", p.key + octets + p.revocation() + p.identity(), None),
            ("expiry", "A newer self-signature that ends the key's life counts", "reject", "key-expired", good + octets + expired, None),
            ("subkey-revocation", "A subkey's revocation counts", "reject", "key-revoked", p.with_subkey() + octets + p.subkey_revocation(), p.subkey),
            ("other-key-first", "The key counts", "accept", None, other + octets + good, None),
            ("user-id", "A user ID counts", "accept", None, p.key + octets + p.identity(), None),
            ("self-signature", "A self-signature counts for the user ID before it", "accept", None, p.key + p.user_id() + octets + p.self_signature(), None),
            ("binding", "A binding counts for the subkey before it", "accept", None, good + p.subkey_packet + octets + p.binding(), p.subkey),
            ("nothing", "Nothing does no harm", "accept", None, good + octets, None),
        ):
            case(f"reserved-{form}-before-{name}", f"{about} behind a packet of the type 0 ({form.replace('-', ' ')}).", verdict, code, key_file, signer)
    octets = packet(0, b"")
    for name, about, verdict, key_file in (
        ("first", "A file that begins with a packet of the type 0 is no key file.", "reject", octets + good),
        ("behind-marker", "A packet of the type 0 behind a marker does no harm.", "accept", packet(packets.MARKER, b"PGP") + octets + good),
        ("armored", "A packet of the type 0 does no harm in ASCII armor.", "accept", armored(other + octets + good)),
        ("many", "Several packets of the type 0 do no harm.", "accept", p.key + octets * 20 + p.user_id() + octets * 20 + p.self_signature()),
        ("of-partial-length", "A packet of the type 0 of partial length spoils the file.", "reject", good + b"\xc0\xe1ab\0" + other),
        ("of-indeterminate-length", "A packet of the type 0 of indeterminate length spoils the file.", "reject", good + b"\x83" + other),
        ("before-compressed", "A compressed packet behind a packet of the type 0 spoils the file.", "reject",
         good + octets + compressed(revoked, packets.ZLIB, "new")),
    ):
        case(f"reserved-{name}", about, verdict, None, key_file)


class _Written:
    """Key material whose public part is written otherwise."""

    def __init__(self, material, public):
        self.material, self.octets = material, public
        self.number, self.default_hash, self.sign, self.secret = material.number, material.default_hash, material.sign, material.secret

    def public(self):
        return self.octets


def _points(case, p, _):
    """Points of elliptic curves in SEC 1's forms: GnuPG computes with uncompressed ones only."""
    for curve in ("nistp256", "nistp384"):
        material = Ecdsa(curve)
        size, (x, y) = material.curve.size, material.point
        oid = bytes([len(material.curve.oid)]) + material.curve.oid
        wide = x.to_bytes(size, "big") + y.to_bytes(size, "big")
        for form, verdict, point in (
            ("uncompressed", "accept", b"\4" + wide),
            ("compressed", "reject", bytes([2 + (y & 1)]) + x.to_bytes(size, "big")),
            ("hybrid", "reject", bytes([6 + (y & 1)]) + wide),
        ):
            if curve != "nistp256" and form != "compressed":
                continue
            signer = Key(_Written(material, oid + octet_mpi(point)), CREATED)
            odd = Parts(signer)
            tail = "is a good key" if verdict == "accept" else "is no good key"
            case(f"point-{curve}-{form}", f"A key of {curve} with a point that is {form} {tail}.", verdict, None, odd.certificate(), signer)
            with_subkey = Parts(p.primary, signer).with_subkey()
            case(f"point-{curve}-{form}-subkey", f"A subkey of {curve} with a point that is {form} {tail.replace('key', 'subkey')}.", verdict, None,
                 with_subkey, signer)
            if curve == "nistp256":
                case(f"point-{curve}-{form}-beside-good", f"A good key beside a key with a point that is {form} is good.", "accept", None,
                     odd.certificate() + p.certificate())


def _attributes(case, p, _):
    """User attributes, also those that are too short for a subpacket: what certifies them counts as for a user ID."""
    for name, about, octets in (
        ("sound", "that is sound", b"\x0b\x01" + bytes(10)),
        ("lone-type", "of a lone octet", b"\1"),
        ("length-cut", "whose length is cut off", b"\xff"),
        ("zero-length", "with a subpacket of no length", b"\0"),
    ):
        signed = p.primary.hashed_body + b"\xd1" + len(octets).to_bytes(4, "big") + octets
        for form, flags, verdict in (("forbids", CERTIFY, "reject"), ("allows", CERTIFY | SIGN, "accept")):
            hashed = created(LATER) + subpacket(27, bytes([flags])) + p.primary.issuer()
            attribute = packet(packets.USER_ATTRIBUTE, octets) + odd_signature(p.primary, packets.CERTIFICATION, signed, LATER, hashed)
            first = p.certificate(flags=CERTIFY | SIGN if form == "forbids" else CERTIFY)
            case(f"attribute-{name}-{form}", f"A newer self-signature of a user attribute {about} counts: it {form} signatures.", verdict,
                 "key-not-for-signing" if verdict == "reject" else None, first + attribute)
        if name != "sound":
            case(f"attribute-{name}-bare", f"A user attribute {about} does no harm without a signature.", "accept", None,
                 p.certificate() + packet(packets.USER_ATTRIBUTE, octets))


def _secret(case, p, _):
    """Secret keys and public ones in one key."""
    secret_key = packet(packets.SECRET_KEY, p.primary.secret_body())
    secret_subkey = packet(packets.SECRET_SUBKEY, p.subkey.secret_body())
    identity, binding = p.identity(), p.binding()
    both = p.key + identity + secret_subkey + binding
    case("secret-subkey-of-public-key", "A secret subkey of a public key is none of its subkeys.", "reject", None, both, p.subkey)
    case("secret-subkey-of-public-key-primary-signs", "A secret subkey does no harm to its public key.", "accept", None, both)
    case("secret-subkey-of-secret-key", "A secret subkey of a secret key is one of its subkeys.", "accept", None,
         secret_key + identity + secret_subkey + binding, p.subkey)
    case("secret-key-with-public-subkey", "A public subkey of a secret key is one of its subkeys.", "accept", None,
         secret_key + identity + p.subkey_packet + binding, p.subkey)
    body = p.primary.secret_body()
    wrong = packet(packets.SECRET_KEY, body[:-1] + bytes([body[-1] ^ 1]))
    case("secret-key-wrong-checksum", "A secret key whose checksum is wrong still has its public part.", "accept", None, wrong + identity)
    unknown = packet(packets.SECRET_KEY, p.primary.public_body + b"\xfe\x09\x09\x08" + bytes(50))
    case("secret-key-protected-in-an-unknown-way", "A secret key that is protected in a way that nobody knows cannot be read.", "reject", None,
         unknown + identity)
    stub = packet(packets.SECRET_KEY, p.primary.public_body + b"\xff\0\x65\0GNU\1")
    case("secret-key-stub", "A secret key without its secret, as gpg writes it, still has its public part.", "accept", None, stub + identity)


def _armor(case, p, _):
    """ASCII armor that only GnuPG reads, or does not."""
    block = armored(p.certificate())
    for name, about, verdict, octets in (
        ("pad-inside-a-line", "An equals sign inside a line of armor ends what is read.", "reject", block[:200] + b"=" + block[200:]),
        ("checksum-without-equals-sign", "A checksum that lacks its equals sign is taken for data, and passed over.", "accept",
         block.replace(b"\n=", b"\n", 1)),
        ("one-line", "Armor whose data and checksum are one line.", "accept",
         block.replace(b"\n", b"").replace(b"BLOCK-----", b"BLOCK-----\n\n", 1).replace(b"-----END", b"\n-----END")),
        ("key-over-two-blocks", "A key whose packets are spread over two blocks of armor.", "accept", armored(p.key) + armored(p.identity())),
        ("packet-over-two-blocks", "A key in the midst of whose packet a second block of armor begins.", "accept",
         armored(p.certificate()[:80]) + armored(p.certificate()[80:])),
        ("second-block-revokes", "A second block of armor with a revoked copy counts.", "reject", block + armored(p.key + p.revocation() + p.identity())),
        ("second-block-wrong-checksum", "A second block whose checksum is wrong spoils the first.", "reject",
         block + armored(p.certificate(), checksum="wrong")),
    ):
        case(f"armor-{name}", about, verdict, None, octets)


def _revokers(case, p, _):
    """Designated revokers, also of algorithms that not everybody knows."""
    for algorithm in ("rsa2048", "nistp256", "secp256k1", "brainpoolP256r1"):
        revoker = key(algorithm, CREATED)
        theirs = Certificate(revoker, "A Revoker <revoker@example.org>").public()
        appoints = p.direct_signature(after=designated_revoker(revoker))
        revokes = odd_signature(revoker, packets.KEY_REVOCATION, p.primary.hashed_body, LATER, created(LATER) + revoker.issuer())
        case(f"revoker-{algorithm}", f"A revocation by an appointed revoker of {algorithm} counts.", "reject", "key-revoked",
             p.key + revokes + appoints + p.identity() + theirs)
        case(f"revoker-{algorithm}-only-appointed", f"To appoint a revoker of {algorithm} revokes nothing.", "accept", None,
             p.key + appoints + p.identity() + theirs)
        if algorithm == "rsa2048":
            case("revoker-after-user-id", "A revocation by an appointed revoker counts behind the user ID, too, where GnuPG loses it.", "reject", "key-revoked",
                 p.key + appoints + p.identity() + revokes + theirs)
            case("revoker-without-user-id", "A revocation by an appointed revoker counts though GnuPG does not take its key, without a user ID.", "reject",
                 "key-revoked",
                 p.key + revokes + appoints + p.identity() + Certificate(revoker, None).public())


def _compressed(case, p, _):
    """Compressed packets in key files, which gpg 2.2 reads and gpg 2.4 does not."""
    good, revoked = p.certificate(), p.key + p.revocation() + p.identity()
    for name, about, files in (
        ("revoked-copy-after", "A compressed copy that is revoked, after a good one.", good + compressed(revoked, packets.ZLIB, "new")),
        ("revoked-copy-in-other-file", "A compressed file with a copy that is revoked.", [good, compressed(revoked, packets.ZLIB)]),
        ("newer-self-signature", "A newer self-signature that takes the right to sign away, in a packet of the kind for compressed data.",
         good + compressed(p.self_signature(**FORBIDS), packets.UNCOMPRESSED, "new")),
        ("good-copy-after", "A compressed copy after a good one.", good + compressed(good, packets.ZLIB, "new")),
        ("subkey", "A compressed subkey with its binding.", good + compressed(p.subkey_packet + p.binding(), packets.ZLIB, "new")),
    ):
        case(f"compressed-{name}", about, "reject", None, files, p.subkey if name == "subkey" else None)


def _shared_subkeys(case, p, _):
    """One subkey that two primary keys bind."""
    other = Parts(key("structure-other-primary", CREATED), p.subkey)
    good = p.with_subkey()
    for name, about, verdict, code, files in (
        ("both", "A subkey that two keys bind does not say for which it signs.", "reject", "key-not-for-signing", good + other.with_subkey()),
        ("two-files", "The same over two files.", "reject", "key-not-for-signing", [good, other.with_subkey()]),
        ("first-secp256k1", "A subkey that a key on secp256k1 binds, too.", "reject", None,
         Parts(key("secp256k1", CREATED), p.subkey).with_subkey() + good),
        ("second-encrypts", "A subkey that the second key binds for encryption.", "reject", "key-not-for-signing",
         good + other.with_subkey(flags=ENCRYPT, back=False)),
        ("first-encrypts", "A subkey that the first key binds for encryption.", "reject", None, other.with_subkey(flags=ENCRYPT, back=False) + good),
        ("first-expired", "A subkey whose first key is expired.", "reject", "key-expired",
         other.certificate(expires=EXPIRED) + p.subkey_packet + other.binding() + good),
        ("second-expired", "A subkey whose second key is expired.", "reject", "key-not-for-signing",
         good + other.certificate(expires=EXPIRED) + p.subkey_packet + other.binding()),
        ("first-unbound", "A subkey that the first key does not bind signs for the second.", "accept", None, other.certificate() + p.subkey_packet + good),
        ("second-revoked", "A subkey whose second key is revoked.", "reject", "key-not-for-signing",
         good + other.key + other.revocation() + other.identity() + p.subkey_packet + other.binding()),
        ("first-revoked", "A subkey whose first key is revoked.", "reject", None,
         other.key + other.revocation() + other.identity() + p.subkey_packet + other.binding() + good),
    ):
        case(f"shared-subkey-{name}", about, verdict, code, files, p.subkey)


def _passed_over(case, p, workshop):
    """Revocations by the key's owner that GnuPG passes over: they count all the same."""
    stranger = workshop.stranger.primary
    tail, signed = p.identity(), p.primary.hashed_body
    strange = packets.signature(p.primary, packets.KEY_REVOCATION, signed, created(LATER), subpacket(16, stranger.key_id))
    for name, about, files in (
        ("critical-unknown", "A revocation with an unknown critical subpacket counts.", p.key + p.revocation(after=subpacket(100, b"?", critical=True)) + tail),
        ("issuer-stranger", "A revocation by the key itself that names another key counts.", p.key + strange + tail),
        ("local", "A revocation that must not be exported counts.", p.key + p.revocation(after=subpacket(4, b"\0")) + tail),
        ("before-key", "A revocation that stands before its key counts.", p.revocation() + p.key + tail),
        ("after-user-id", "A revocation that stands behind the user ID counts.", p.key + tail + p.revocation()),
        ("in-other-file", "A revocation in a file of its own counts.", [p.certificate(), p.revocation()]),
        ("in-copy-without-user-id", "A revocation in a copy without user ID counts.", p.certificate() + p.key + p.revocation()),
    ):
        case(f"revocation-{name}", about, "reject", "key-revoked", files)
    subkey = p.with_subkey()
    case("subkey-revocation-local", "A subkey's revocation that must not be exported counts.", "reject", "key-revoked",
         subkey + p.subkey_revocation(after=subpacket(4, b"\0")), p.subkey)
    case("subkey-revocation-critical-unknown", "A subkey's revocation with an unknown critical subpacket counts.", "reject", "key-revoked",
         subkey + p.subkey_revocation(after=subpacket(100, b"?", critical=True)), p.subkey)
    case("revocation-of-other-key", "A key's revocation under another key does not count.", "accept", None,
         p.key + Parts(stranger).revocation() + tail)


def _key_packets(case, p, _):
    """Public key packets that are not written as usual: the key is the one that its integers say."""
    material = Rsa(2048)
    rsa = Key(material, CREATED)
    tail = Parts(rsa).identity()
    head = rsa.public_body[: -len(mpi(material.e))]
    for name, about, verdict, octets in (
        ("as-usual", "An RSA key that is written as usual.", "accept", rsa.public_body),
        ("leading-zero", "An RSA key whose exponent begins with a zero is the same key.", "accept",
         head + (32).to_bytes(2, "big") + material.e.to_bytes(4, "big")),
        ("trailing-octet", "An octet after a key's integers does not matter.", "accept", rsa.public_body + b"\0"),
        ("other-exponent", "With another exponent, it is another key.", "reject", head + mpi(material.e + 2)),
    ):
        case(f"key-packet-{name}", about, verdict, None, packet(PUBLIC_KEY, octets) + tail, rsa)
    longer = head + (32).to_bytes(2, "big") + material.e.to_bytes(4, "big")
    whole, modest = Parts(rsa), Parts(rsa).identity(at=LATER, flags=CERTIFY)
    signing = Parts(p.primary, rsa)
    again = packet(PUBLIC_SUBKEY, longer)
    case("key-packet-leading-zero-subkey", "A subkey whose exponent begins with a zero is the same subkey.", "accept", None,
         signing.certificate() + again + signing.binding(), rsa)
    case("shared-subkey-first-leading-zero", "A subkey that a key binds, too, whose exponent begins with a zero.", "reject", None,
         packet(PUBLIC_KEY, longer) + tail + p.subkey_packet + Parts(rsa, p.subkey).binding() + p.with_subkey(), p.subkey)
    for name, about, files, signer in (
        ("second-copy", "A second copy of the key, written so, takes the right to sign away.", whole.certificate() + packet(PUBLIC_KEY, longer) + modest, rsa),
        ("first-copy", "A first copy of the key, written so, does.", packet(PUBLIC_KEY, longer) + modest + whole.certificate(), rsa),
        ("second-file", "A second file with the key, written so, does.", [whole.certificate(), packet(PUBLIC_KEY, longer) + modest], rsa),
        ("subkey-in-second-copy", "A second copy of a subkey, written so, takes its right to sign away.",
         signing.with_subkey() + signing.certificate() + again + signing.binding(at=LATER, flags=ENCRYPT, back=False), rsa),
    ):
        case(f"key-packet-leading-zero-in-{name}", about, "reject", None, files, signer)
