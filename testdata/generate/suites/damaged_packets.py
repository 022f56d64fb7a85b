"""Packets of a key file one by one: which GnuPG can read, so that what stands behind them counts, and over which it gives the file up.

Each stands behind another key and before the good one, behind the good one, and before every key. Where one release of GnuPG reads on and another does
not, no key of these files counts if another one follows: it may be what revokes it.
"""

from clock import AT, CREATED, EXPIRED, SIGNED
from openpgp import packets
from openpgp.algorithms import EdDsa, mpi, octet_mpi
from openpgp.curves import CURVES
from openpgp.keys import ENCRYPT, Key, key
from openpgp.messages import message
from openpgp.packets import PUBLIC_KEY, PUBLIC_SUBKEY, SECRET_SUBKEY, armored, literal, packet, subpacket
from openpgp.parts import LATER, Parts
from workshop import IMAGE, Suite, policy, signed_by

TIME = CREATED.to_bytes(4, "big")
RSA, ELGAMAL, DSA, ECDH, ECDSA, EDDSA, OTHER = 1, 16, 17, 18, 19, 22, 99

PLACES = ("between", "last", "first")


def build(workshop):
    suite = Suite("damaged-packets")
    parts = Parts(key("damaged-packets-primary", CREATED), key("damaged-packets-subkey", CREATED))
    other = Parts(key("damaged-packets-other", CREATED))
    content = workshop.payload()

    def case(name, about, verdict, code, octets, signer=None):
        """One case: a key file, or a list of them, and a message by its primary key or by `signer`."""
        signer = signer or parts.primary
        files = octets if isinstance(octets, list) else [octets]
        paths = [workshop.write(f"keys/damaged/{name}{f'-{number}' if number else ''}.{'asc' if file.startswith(b'---') else 'gpg'}", file)
                 for number, file in enumerate(files)]
        blob = workshop.blob(f"damaged/{signer.key_id.hex()}.sig", message(signer, content, SIGNED))
        suite.case(name, about, verdict, code, policy=policy(signed_by(paths[0] if len(paths) == 1 else paths)), image=IMAGE,
                   manifest=workshop.manifest, signatures=[blob], at=AT)

    for part in (_packets, _keys, _secrets, _streams, _curves, _releases, _ends):
        part(case, parts, other)
    return suite


def _placed(case, p, other, name, about, octets, verdict, places=PLACES, code=None):
    """The packet in each place. places: where the verdict is this; elsewhere the case is not made."""
    good, first = p.certificate(), other.certificate()
    for place, words, key_file in (
        ("between", "between another key and the good one", first + octets + good),
        ("last", "behind the good key", good + octets),
        ("first", "before every key", octets + good),
    ):
        if place in places:
            effect = "does no harm" if verdict == "accept" else "spoils the file"
            case(f"{name}-{place}", f"{about[0].upper()}{about[1:]} {words} {effect}.", verdict, code, key_file)


def _packets(case, p, other):
    """Packets that are no part of a key."""
    session = b"\3" + bytes(8)
    salted = b"\4\7\3\x08"
    for name, about, octets, verdict in (
        ("session-key-version-2", "a session key of version 2", packet(1, b"\2" + bytes(8) + b"\x63abc"), "accept"),
        ("session-key-version-3", "a session key of version 3", packet(1, session + b"\x63abc"), "accept"),
        ("session-key-version-1", "a session key of version 1", packet(1, b"\1" + bytes(8) + b"\x63abc"), "reject"),
        ("session-key-version-6", "a session key of version 6", packet(1, b"\6" + bytes(8) + b"\x63abc"), "reject"),
        ("session-key-rsa", "a session key for RSA", packet(1, session + b"\1" + mpi(255)), "accept"),
        ("session-key-rsa-cut", "a session key for RSA whose integer is cut off", packet(1, session + b"\1\0\x10\xff"), "reject"),
        ("session-key-ecdh", "a session key for ECDH", packet(1, session + b"\x12" + mpi(255) + b"\2ab"), "accept"),
        ("session-key-ecdh-short", "a session key for ECDH whose secret has one octet", packet(1, session + b"\x12" + mpi(255) + b"\1a"), "reject"),
        ("passphrase-version-4", "a session key from a passphrase, of version 4", packet(3, salted + bytes(9)), "accept"),
        ("passphrase-version-5", "a session key from a passphrase, of version 5", packet(3, b"\5\7\2\0\x08"), "accept"),
        ("passphrase-version-6", "a session key from a passphrase, of version 6", packet(3, b"\6\7\3\x08" + bytes(9)), "reject"),
        ("passphrase-salt-cut", "a session key from a passphrase whose salt is cut off", packet(3, salted + bytes(8)), "reject"),
        ("passphrase-unknown-way", "a session key from a passphrase in an unknown way", packet(3, b"\4\7\x09\x08"), "accept"),
        ("passphrase-201", "a session key from a passphrase of 201 octets", packet(3, salted + bytes(197)), "accept"),
        ("passphrase-202", "a session key from a passphrase of 202 octets", packet(3, salted + bytes(198)), "reject"),
        ("one-pass-version-3", "a one-pass signature of version 3", packet(4, b"\3" + bytes(12)), "accept"),
        ("one-pass-version-4", "a one-pass signature of version 4", packet(4, b"\4" + bytes(12)), "reject"),
        ("one-pass-version-6", "a one-pass signature of version 6", packet(4, b"\6" + bytes(40)), "reject"),
        ("encrypted-10", "encrypted data of ten octets", packet(9, bytes(10)), "accept"),
        ("encrypted-9", "encrypted data of nine octets", packet(9, bytes(9)), "reject"),
        ("encrypted-0", "encrypted data of no octets", packet(9, b""), "accept"),
        ("encrypted-revocation", "a revocation within encrypted data", packet(9, p.revocation()), "accept"),
        ("protected-11", "integrity protected data of eleven octets", packet(18, b"\1" + bytes(10)), "accept"),
        ("protected-10", "integrity protected data of ten octets", packet(18, b"\1" + bytes(9)), "reject"),
        ("protected-version-2", "integrity protected data of version 2", packet(18, b"\2" + bytes(40)), "reject"),
        ("integrity-code", "a modification detection code", packet(19, bytes(20)), "accept"),
        ("integrity-code-21", "a modification detection code of 21 octets", packet(19, bytes(21)), "reject"),
        ("aead-short", "AEAD encrypted data of 18 octets", packet(20, b"\1" + bytes(17)), "reject"),
        ("trust", "a trust packet", packet(12, b"\0\0"), "accept"),
        ("comment", "a comment", packet(61, b"a comment"), "accept"),
        ("comment-large", "a comment of 80000 octets", packet(61, b"x\n" * 40000), "accept"),
        ("old-comment", "a comment in the way of a draft", packet(16, b"a comment"), "accept"),
        ("marker", "a marker", packet(10, b"PGP"), "accept"),
        ("literal", "a literal", literal(b"x"), "accept"),
        ("attribute", "a user attribute", packet(17, b"\2\1a"), "accept"),
        ("signature-data-10240", "a signature of an unknown algorithm with a value of 10240 octets", _signature(10240), "accept"),
        ("signature-data-10241", "a signature of an unknown algorithm with a value of 10241 octets", _signature(10241), "reject"),
        ("signature-integer-16384", "a signature with an integer of 16384 bits", _signature_of(mpi(1 << 16383)), "accept"),
        ("signature-integer-16385", "a signature with an integer of 16385 bits", _signature_of(mpi(1 << 16384)), "reject"),
        ("signature-version-5-short", "what begins as a signature of version 5 and has 15 octets", packet(2, b"\5" + bytes(14)), "accept"),
        ("signature-of-nothing-short", "what begins as a signature by EdDSA and has 14 octets", packet(2, b"\4\x10\x16\x08" + bytes(10)), "accept"),
        ("signature-integer-cut", "a signature whose integer is cut off", _signature_of(b"\0\x10\xff"), "reject"),
    ):
        _placed(case, p, other, name, about, octets, verdict)
    # Before every key, gpg takes them for text, or 2.2 alone does.
    for name, about, octets in (
        ("padding", "padding", packet(21, bytes(20))),
        ("private-62", "a packet of the private type 62", packet(62, bytes(20))),
    ):
        _placed(case, p, other, name, about, octets, "accept", ("between", "last"))
        _placed(case, p, other, name, about, octets, "reject", ("first",))
    aead = packet(20, b"\1" + bytes(18))
    _placed(case, p, other, "aead", "AEAD encrypted data", aead, "accept", ("between", "last"))
    _placed(case, p, other, "aead", "AEAD encrypted data", aead, "reject", ("first",))


def _signature(octets):
    return packet(packets.SIGNATURE, b"\4\x10\x63\x08\0\0\0\0ab" + b"\n" * octets)


def _signature_of(integers, algorithm=RSA, version=4):
    hashed = packets.created(CREATED)
    return packet(packets.SIGNATURE, bytes([version, 0x10, algorithm, 8, 0, len(hashed)]) + hashed + bytes([0, 0, 9, 9]) + integers)


def _key(algorithm, material, tag=PUBLIC_SUBKEY, version=4):
    return packet(tag, bytes([version]) + TIME + bytes([algorithm]) + material)


def _counted(octets):
    return bytes([len(octets)]) + octets


def _point(oid, point, derivation=b""):
    return _counted(oid) + octet_mpi(point) + derivation


NIST_P224, X25519, UNKNOWN = bytes.fromhex("2b81040021"), bytes.fromhex("2b060104019755010501"), bytes.fromhex("2b8104003f")
DERIVATION = b"\3\1\x08\7"


def _keys(case, p, other):
    """Keys and subkeys without signatures."""
    large = b"\n" * (256 * 1024 - 5)
    n, e = mpi(1 << 1023 | 1), mpi(65537)
    for name, about, algorithm, material, verdict in (
        ("of-11-octets", "of eleven octets", OTHER, b"abcde", "reject"),
        ("of-12-octets", "of twelve octets", OTHER, b"abcdef", "accept"),
        ("of-262145-octets", "of 262145 octets", OTHER, large, "accept"),
        ("of-262146-octets", "of 262146 octets", OTHER, large + b"\n", "reject"),
        ("rsa-16384", "for RSA with 16384 bits", RSA, mpi(1 << 16383 | 1) + e, "accept"),
        ("rsa-16385", "for RSA with 16385 bits", RSA, mpi(1 << 16384 | 1) + e, "reject"),
        ("rsa-leading-zero", "for RSA whose modulus begins with zeros", RSA, b"\4\x10" + bytes(2) + b"\1" * 128 + e, "accept"),
        ("rsa-more-bits", "for RSA whose exponent claims more bits than it has", RSA, n + b"\0\x18\1\0\1", "accept"),
        ("rsa-zero", "for RSA whose modulus is zero", RSA, mpi(0) + n, "accept"),
        ("rsa-octets-behind", "for RSA with octets behind its integers", RSA, n + e + b"abc", "accept"),
        ("elgamal", "for Elgamal", ELGAMAL, n * 3, "accept"),
        ("elgamal-cut", "for Elgamal that lacks an integer", ELGAMAL, n * 2, "reject"),
        ("dsa-cut", "for DSA that lacks an integer", DSA, n * 3, "reject"),
        ("curve-of-2-octets", "on a curve with a name of two octets", ECDSA, _point(b"\x2b\1", b"\4" + bytes(64)), "accept"),
        ("curve-of-1-octet", "on a curve with a name of one octet", ECDSA, _point(b"\x2b", b"\4" + bytes(64)), "reject"),
        ("curve-of-255-octets", "on a curve with a name of 255 octets", ECDSA, _point(b"\x2b" * 255, b"\4" + bytes(64)), "reject"),
        ("derivation-of-1-octet", "for ECDH with parameters of one octet", ECDH, _point(X25519, b"\x40" + bytes(32), b"\1\1"), "reject"),
        ("derivation-of-4-octets", "for ECDH with parameters of four octets", ECDH, _point(X25519, b"\x40" + bytes(32), b"\4\1\x08\7\7"), "accept"),
        ("x25519-short", "of algorithm 25 with nine octets", 25, b"nine octe", "accept"),
        ("ed25519-short", "of algorithm 27 with nine octets", 27, b"nine octe", "accept"),
        ("mldsa-short", "of algorithm 30 with nine octets", 30, b"nine octe", "accept"),
    ):
        _placed(case, p, other, f"subkey-{name}", f"a subkey {about}", _key(algorithm, material), verdict)
        if verdict == "reject" or "short" in name:
            _placed(case, p, other, f"key-{name}", f"a key {about}", _key(algorithm, material, PUBLIC_KEY), verdict)
    _placed(case, p, other, "subkey-comment", "a comment in the way of the first programs", packet(PUBLIC_SUBKEY, b"# a comment"), "accept")
    for version in (3, 6):
        _placed(case, p, other, f"subkey-version-{version}", f"a subkey of version {version}", _key(RSA, n + e, version=version), "reject")
    zeros = b"\4\x10" + bytes(2) + b"\1" * 128 + e
    revoked = p.key + p.revocation(at=LATER) + p.identity()
    for tag, name in ((PUBLIC_KEY, "key"), (PUBLIC_SUBKEY, "subkey")):
        case(f"{name}-leading-zero-before-revoked-copy", f"A {name} whose integers begin with zeros hides no revocation behind it.", "reject", "key-revoked",
             p.certificate() + other.certificate() + _key(RSA, zeros, tag) + revoked)
    comment = packet(PUBLIC_SUBKEY, b"# a comment")
    case("subkey-comment-before-binding", "A binding behind a comment belongs to the subkey before it.", "accept", None,
         p.certificate() + p.subkey_packet + comment + p.binding(), p.subkey)
    case("subkey-comment-before-revocation", "A revocation behind a comment belongs to the subkey before it.", "reject", "key-revoked",
         p.with_subkey() + comment + p.subkey_revocation(), p.subkey)


def _secrets(case, p, other):
    """Secret subkeys, which stand in public keys by mistake, and secret keys."""
    secret, n = p.primary.material.secret(), mpi(1 << 1023 | 1)
    rsa = n + mpi(65537)
    edwards = p.primary.material.public()
    for name, about, algorithm, material, verdict in (
        ("nothing", "without a secret", EDDSA, edwards, "reject"),
        ("plain", "with a plain secret", EDDSA, edwards + b"\0" + secret + b"cs", "accept"),
        ("plain-cut", "whose plain secret lacks its checksum", EDDSA, edwards + b"\0" + secret + b"c", "reject"),
        ("plain-rsa-cut", "for RSA whose plain secret lacks an integer", RSA, rsa + b"\0" + n * 3 + b"cs", "reject"),
        ("unknown-algorithm", "of an unknown algorithm, whatever it holds", OTHER, b"whatever", "accept"),
        ("cipher", "protected by a cipher alone", EDDSA, edwards + b"\7" + bytes(18), "accept"),
        ("cipher-cut", "protected by a cipher alone, and cut off", EDDSA, edwards + b"\7" + bytes(17), "reject"),
        ("salted", "protected by a passphrase", EDDSA, edwards + b"\xfe\7\3\x08" + bytes(27), "accept"),
        ("salted-cut", "protected by a passphrase, and cut off", EDDSA, edwards + b"\xfe\7\3\x08" + bytes(26), "reject"),
        ("mode-2", "protected in the reserved way 2", EDDSA, edwards + b"\xfe\7\2\x08" + bytes(40), "reject"),
        ("mode-4", "protected by Argon2", EDDSA, edwards + b"\xfe\7\4\x08" + bytes(40), "reject"),
        ("card", "that is on a card", EDDSA, edwards + b"\xff\0\x65\0GNU\2\3abc", "accept"),
        ("card-cut", "that is on a card whose number is cut off", EDDSA, edwards + b"\xff\0\x65\0GNU\2\3ab", "reject"),
    ):
        _placed(case, p, other, f"secret-subkey-{name}", f"a secret subkey {about}", _key(algorithm, material, SECRET_SUBKEY), verdict)


def _streams(case, p, other):
    """Packets that do not say how long they are: GnuPG finds nothing more behind them."""
    revoked = p.key + p.revocation(at=LATER) + p.identity()
    text = b"b\0" + bytes(4) + b"x\n" * 600
    for name, about, octets in (
        ("literal", "a literal", packet(packets.LITERAL, text, "partial")),
        ("encrypted", "encrypted data", packet(packets.ENCRYPTED, text, "partial")),
        ("protected", "integrity protected data", packet(packets.SEIPD, b"\1" + text, "partial")),
        ("aead", "AEAD encrypted data", packet(20, b"\1" + text, "partial")),
        ("literal-short", "a literal of two octets", b"\xcb\xe0b\1\0"),
    ):
        _placed(case, p, other, f"streamed-{name}", f"{about} in partial lengths", octets, "reject", ("between", "first"))
        _placed(case, p, other, f"streamed-{name}", f"{about} in partial lengths", octets, "accept", ("last",))
        case(f"streamed-{name}-before-revoked-copy", f"{about[0].upper()}{about[1:]} in partial lengths hides what stands behind it.", "accept", None,
             p.certificate() + octets + revoked)
    _placed(case, p, other, "streamed-protected-version-2", "integrity protected data of version 2 in partial lengths",
            packet(packets.SEIPD, b"\2" + text, "partial"), "reject")
    for name, about, octets in (
        ("literal", "a literal", packet(packets.LITERAL, text + revoked, "old-indeterminate")),
        ("literal-empty", "an empty literal", packet(packets.LITERAL, b"", "old-indeterminate")),
        ("encrypted", "encrypted data", packet(packets.ENCRYPTED, text + revoked, "old-indeterminate")),
    ):
        case(f"streamed-{name}-to-the-end", f"{about[0].upper()}{about[1:]} up to the end of the file does no harm.", "accept", None, p.certificate() + octets)


class _Written:
    """Key material that signs nothing, by its public part."""

    def __init__(self, number, public):
        self.number, self.octets, self.default_hash = number, public, "sha256"

    def public(self):
        return self.octets


def _curves(case, p, other):
    """Subkeys that gpg keeps, and finds no name for in its keyring: it gives the file up when it writes the key. Those that it drops do no harm."""
    good, wide = p.certificate(), bytes([0x11]) * 64
    for name, about, number, oid, point, derivation, verdict in (
        ("unknown-ecdsa", "ECDSA on a curve that nobody knows", ECDSA, UNKNOWN, b"\4" + wide, b"", "reject"),
        ("unknown-eddsa", "EdDSA on a curve that nobody knows", EDDSA, UNKNOWN, b"\4" + wide, b"", "reject"),
        ("unknown-ecdh", "ECDH on a curve that nobody knows", ECDH, UNKNOWN, b"\4" + wide, DERIVATION, "reject"),
        ("no-name", "ECDSA on a curve whose name is none", ECDSA, b"\x80\x81", b"\4" + wide, b"", "reject"),
        ("nistp224", "ECDSA on NIST P-224", ECDSA, NIST_P224, b"\4" + wide[:56], b"", "accept"),
        ("nistp224-compressed", "ECDSA on NIST P-224 with a compressed point", ECDSA, NIST_P224, b"\2" + wide[:28], b"", "reject"),
        ("nistp256-compressed", "ECDSA on NIST P-256 with a compressed point", ECDSA, CURVES["nistp256"].oid, b"\2" + wide[:32], b"", "accept"),
        ("nistp256-lone-octet", "ECDSA on NIST P-256 with a point of one octet", ECDSA, CURVES["nistp256"].oid, b"\2", b"", "accept"),
        ("ed448", "EdDSA on Ed448", EDDSA, bytes.fromhex("2b6571"), wide[:57], b"", "accept"),
        ("x448", "ECDH on X448", ECDH, bytes.fromhex("2b656f"), wide[:56], DERIVATION, "accept"),
        ("x448-compressed", "ECDH on X448 with a compressed point", ECDH, bytes.fromhex("2b656f"), b"\2" + wide[:56], DERIVATION, "reject"),
        ("ed25519-rfc8410", "EdDSA on Ed25519 by the name of RFC 8410", EDDSA, bytes.fromhex("2b6570"), b"\x40" + wide[:32], b"", "accept"),
        ("ecdsa-on-ed25519", "ECDSA on Ed25519", ECDSA, EdDsa.oid, b"\x40" + wide[:32], b"", "accept"),
        ("ecdsa-on-ed25519-compressed", "ECDSA on Ed25519 with a compressed point", ECDSA, EdDsa.oid, b"\2" + wide[:32], b"", "reject"),
        ("gost", "ECDSA on a curve of GOST R 34.10-2001", ECDSA, bytes.fromhex("2a850302022301"), b"\4" + wide, b"", "accept"),
        ("brainpoolp320", "ECDSA on brainpoolP320r1", ECDSA, bytes.fromhex("2b2403030208010109"), b"\4" + wide + wide[:16], b"", "accept"),
        ("sm2", "ECDSA on sm2p256v1", ECDSA, bytes.fromhex("2a811ccf5501822d"), b"\4" + wide, b"", "accept"),
    ):
        subkey = Key(_Written(number, _point(oid, point, derivation)), CREATED)
        holder = Parts(other.primary, subkey)
        bound = holder.with_subkey(back=False, flags=ENCRYPT)
        effect = "does no harm" if verdict == "accept" else "spoils the file"
        case(f"curve-{name}-before", f"A subkey for {about} in a key before the good one {effect}.", verdict, None, bound + good)
        case(f"curve-{name}-itself", f"A subkey for {about} in the good key {effect}.", verdict, None, bound, other.primary)
        case(f"curve-{name}-after", f"A subkey for {about} in a key behind the good one does no harm.", "accept", None, good + bound)
    holder = Parts(other.primary, Key(_Written(ECDSA, _point(UNKNOWN, b"\4" + wide)), CREATED))
    for name, about, verdict, files in (
        ("unbound", "that nothing binds does no harm", "accept", holder.certificate() + holder.subkey_packet + good),
        ("revoked", "that is only revoked spoils the file", "reject", holder.certificate() + holder.subkey_packet + holder.subkey_revocation() + good),
        ("bound-locally", "that is bound for this keyring only spoils the file", "reject",
         holder.with_subkey(back=False, flags=ENCRYPT, before=subpacket(4, b"\0")) + good),
        ("in-other-file", "in another file does no harm", "accept", [holder.with_subkey(back=False, flags=ENCRYPT), good]),
    ):
        case(f"curve-{name}", f"A subkey on an unknown curve {about}.", verdict, None, files)
    case("curve-in-second-copy", "A subkey on an unknown curve in a second copy of the key leaves the first one.", "accept", None,
         other.certificate() + holder.with_subkey(back=False, flags=ENCRYPT), other.primary)
    case("curve-in-second-copy-before-good", "A subkey on an unknown curve in a second copy of a key spoils what follows.", "reject", None,
         other.certificate() + holder.with_subkey(back=False, flags=ENCRYPT) + good)


def _releases(case, p, other):
    """Packets over which only one release of GnuPG gives the file up, or ends: with another key behind them, nothing counts."""
    good, first, edwards = p.certificate(), other.certificate(), p.primary.material.public()
    revoked = p.key + p.revocation(at=LATER) + p.identity()
    empty = _counted(EdDsa.oid) + b"\0\0"
    fifth = len(edwards).to_bytes(4, "big") + edwards
    for name, about, octets in (
        ("signature-version-5", "a signature of version 5", _signature_of(mpi(255), version=5)),
        ("subkey-version-5", "a subkey of version 5", _key(EDDSA, fifth, version=5)),
        ("signature-of-nothing", "a signature by EdDSA whose integers have no octets", _signature_of(bytes(4), EDDSA)),
        ("signature-of-half-nothing", "a signature by ECDSA one of whose integers has no octets", _signature_of(mpi(5) + bytes(2), ECDSA)),
        ("subkey-of-nothing", "a subkey whose point has no octets", _key(EDDSA, empty)),
        ("session-key-of-nothing", "a session key whose point has no octets", packet(1, b"\3" + bytes(8) + b"\x12\0\0\2ab")),
        ("attribute-of-nothing", "an empty user attribute", packet(17, b"")),
        ("secret-subkey-of-nothing", "a secret subkey whose secret has no octets", _key(EDDSA, edwards + bytes(3) + b"cs", SECRET_SUBKEY)),
        ("secret-subkey-aead", "a secret subkey that is protected by AEAD", _key(EDDSA, edwards + b"\xfd" + bytes(40), SECRET_SUBKEY)),
        ("secret-subkey-of-agent", "a secret subkey in the form of gpg's agent", _key(EDDSA, edwards + b"\xff\0\x65\0GNU\3()", SECRET_SUBKEY)),
    ):
        _placed(case, p, other, f"releases-{name}", about, octets, "reject", ("last",))
        case(f"releases-{name}-before-good", f"{about[0].upper()}{about[1:]} before the good key: not every GnuPG reads that.", "reject", None,
             first + octets + good)
        case(f"releases-{name}-before-revoked-copy", f"{about[0].upper()}{about[1:]} hides a revoked copy behind it from one GnuPG only.", "reject", None,
             good + first + octets + revoked)
        case(f"releases-{name}-in-other-file", f"{about[0].upper()}{about[1:]} at the end of another file does no harm.", "accept", None,
             [first + octets, good])
        case(f"releases-{name}-revoked-in-other-file", f"{about[0].upper()}{about[1:]} hides a revoked copy from one GnuPG only, in another file, too.",
             "reject",
             None, [good, first + octets + revoked])
        case(f"releases-{name}-copy-in-other-file", f"{about[0].upper()}{about[1:]} before a harmless copy in another file: what is behind it is not looked at.",
             "reject", None, [good, first + octets + good])
    fifth_signature = _signature_of(mpi(255), version=5)
    case("releases-signature-version-5-first-in-other-file", "A signature of version 5 before every key of another file, which holds a harmless copy.", "reject",
         None, [fifth_signature + good, good])
    case("releases-signature-version-5-alone-in-other-file", "A signature of version 5 alone in another file does no harm.", "accept", None,
         [good, fifth_signature])


def _ends(case, p, other):
    """Files that are cut off. GnuPG takes what it has read, if the cut is in the subpackets of a signature."""
    good, whole = p.certificate(), p.with_subkey()
    first = len(p.key + p.user_id())
    for name, about, octets in (
        ("in-self-signature", "within the self-signature", good[: first + 20]),
        ("in-binding", "within the subpackets of the last signature", whole[: len(good + p.subkey_packet) + 60]),
        ("in-value", "within the value of the last signature", whole[:-10]),
        ("in-header", "within a packet's header", good + whole[:1]),
    ):
        case(f"cut-{name}", f"A file that is cut off {about} is no key file.", "reject", None, octets)
    octets = whole[: len(good + p.subkey_packet) + 60]
    case("cut-in-binding-behind-other-key", "A file that is cut off leaves the keys before the last one.", "accept", None,
         p.certificate() + other.certificate()[:-40])
    case("cut-in-binding-armored", "A file that is cut off is no key file in armor either.", "reject", None, armored(octets))
    expiring = good + p.self_signature(at=LATER, expires=EXPIRED)
    case("cut-in-expiry", "A file that is cut off within what ends the key's life is no key file.", "reject", None, expiring[: len(good) + 40])
