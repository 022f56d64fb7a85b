"""Key files of every shape: containers/image hands them to GnuPG's import."""

import base64

from clock import AT, CREATED, DAY, EXPIRED, SIGNED
from openpgp import packets, primes
from openpgp.algorithms import ALGORITHMS, Ed25519
from openpgp.keys import Certificate, Key, key
from openpgp.packets import armored, packet
from workshop import IMAGE, Suite, policy, signed_by


def build(workshop):
    suite = Suite("key-files")
    good, stranger = workshop.signer.public(), workshop.stranger.public()

    def case(name, about, verdict, code, octets, **members):
        path = workshop.write(f"keys/files/{name}.gpg", octets)
        suite.case(name, about, verdict, code, policy=policy(signed_by(path)), image=IMAGE, manifest=workshop.manifest,
                   signatures=[members.pop("signature", workshop.good)], at=AT, **members)

    _armor(case, good, stranger)
    _binary(workshop, case, good, stranger)
    _several(workshop, case, good, stranger)
    _versions(case, good)
    _broken(workshop, case, good, stranger)
    return suite


def _armor(case, good, stranger):
    """ASCII armor."""
    block = armored(good)
    text = block.decode()
    lines = text.splitlines()
    for name, about, verdict, octets in (
        ("armored", "An armored key.", "accept", block),
        ("armored-crlf", "An armored key with CRLF line ends.", "accept", armored(good, newline="\r\n")),
        ("armored-without-checksum", "An armored key without a checksum.", "accept", armored(good, checksum="none")),
        ("armored-wrong-checksum", "An armored key with a wrong checksum is damaged.", "reject", armored(good, checksum="wrong")),
        ("armored-with-headers", "Armor headers do not matter.", "accept", armored(good, headers=("Version: 1", "Comment: a key", "Charset: UTF-8"))),
        ("armored-with-unknown-header", "An unknown armor header does not matter.", "accept", armored(good, headers=("X-Build: 42",))),
        ("armored-text-before", "Text before the armor does not matter.", "accept", b"The key of our releases:\n\n" + block),
        ("armored-text-after", "Text after the armor does not matter.", "accept", block + b"\nThat was the key.\n"),
        ("armored-text-around", "Text around the armor does not matter.", "accept", b"# begin\n" + block + b"# end\n"),
        ("armored-blank-lines-before", "Blank lines before the armor do not matter.", "accept", b"\n\n\n" + block),
        ("armored-without-last-line-feed", "A missing last line feed does not matter.", "accept", block.rstrip()),
        ("armored-trailing-spaces", "Spaces at line ends do not matter.", "accept", "\n".join(line + "  " for line in lines).encode() + b"\n"),
        ("armored-long-lines", "Lines of any length.", "accept", "\n".join([*lines[:2], "".join(lines[2:-2]), *lines[-2:], ""]).encode()),
        ("armored-short-lines", "Lines of any length.", "accept", _rewrapped(lines, 20)),
        ("armored-two-blocks", "Two armored blocks, the right one second.", "accept", armored(stranger) + block),
        ("armored-two-blocks-first", "Two armored blocks, the right one first.", "accept", block + armored(stranger)),
        ("armored-three-blocks-text-between", "Three armored blocks with text between them.", "accept",
         armored(stranger) + b"\nnext\n" + armored(key_of("third")) + b"\nlast\n" + block),
        ("armored-two-keys-in-block", "Two keys in one armored block.", "accept", armored(stranger + good)),
        ("armored-label-message", "A key under the label of a message.", None, armored(good, label="PGP MESSAGE")),
        ("armored-label-unknown", "A key under an unknown label.", None, armored(good, label="PGP SOMETHING")),
        ("armored-label-lower-case", "A label in lower case is no armor.", None, text.replace("BEGIN PGP", "begin pgp").replace("END PGP", "end pgp").encode()),
        ("armored-without-end", "Armor that ends without its last line.", None, "\n".join(lines[:-1]).encode() + b"\n"),
        ("armored-without-blank-line", "Armor without the blank line after its headers.", None, "\n".join([lines[0], *lines[2:], ""]).encode()),
        ("armored-truncated", "Armor that is cut off in the middle.", None, block[: len(block) // 2]),
        ("armored-noise-inside", "Armor with a line of noise in it.", None, "\n".join([*lines[:4], "!!!!", *lines[4:], ""]).encode()),
        ("armored-byte-order-mark", "A byte-order mark before the armor.", None, b"\xef\xbb\xbf" + block),
        ("armored-indented", "Indented armor.", None, b"".join(b"  " + line.encode() + b"\n" for line in lines)),
        ("armored-empty", "Armor around nothing.", "reject", armored(b"")),
        ("base64-only", "Base64 without armor is no key file.", "reject", base64.b64encode(good)),
    ):
        verdict = VERDICTS.get(name, verdict)
        case(name, about, verdict, None, octets)


# What GnuPG 2.2 and 2.4 say where no page tells.
VERDICTS = {
    "armored-label-message": "reject",
    "armored-label-unknown": "reject",
    "armored-label-lower-case": "reject",
    "armored-without-end": "accept",
    "armored-without-blank-line": "accept",
    "armored-truncated": "reject",
    "armored-noise-inside": "accept",
    "armored-byte-order-mark": "reject",
    "armored-indented": "reject",
}


def _rewrapped(lines, width):
    data = "".join(lines[2:-2])
    return "\n".join([*lines[:2], *(data[i : i + width] for i in range(0, len(data), width)), *lines[-2:], ""]).encode()


def key_of(name):
    """Another certificate."""
    return Certificate(key(name, CREATED), f"{name.capitalize()} <{name}@example.org>").public()


def _binary(workshop, case, good, stranger):
    """Binary keyrings."""
    marker, trust = packet(packets.MARKER, b"PGP"), packet(packets.TRUST, b"\0\0")
    parts = workshop.signer.packets
    secret = workshop.signer.secret()
    for name, about, verdict, code, octets in (
        ("binary", "A binary key.", "accept", None, good),
        ("binary-old-headers", "A binary key with packet headers of the old form.", "accept", None, b"".join(_old(part) for part in parts)),
        ("binary-trust-packets", "Trust packets, as in a keyring of gpg's own.", "accept", None, b"".join(part + trust for part in parts)),
        ("binary-marker-first", "A marker packet before the key.", "accept", None, marker + good),
        ("binary-padding-after", "A private packet after the key is passed over.", "accept", None, good + packet(60, b"private")),
        ("binary-unknown-packet-first", "A file whose first packet is unknown.", "reject", None, packet(60, b"private") + good),
        ("binary-user-id-first", "A file that begins with a user ID.", None, None, packet(packets.USER_ID, b"Nobody") + good),
        ("binary-signature-first", "A file that begins with a signature.", None, None, parts[2] + good),
        ("binary-literal-first", "A file that begins with a literal.", None, None, packets.literal(b"x") + good),
        ("binary-secret-subkey-first", "A file that begins with a secret subkey.", "accept", None,
         packet(packets.SECRET_SUBKEY, key("orphan", CREATED).secret_body()) + good),
        ("binary-wrong-marker-first", "A file that begins with a marker of other content.", "reject", None, packet(packets.MARKER, b"PGX") + good),
        ("binary-subkey-first", "A file that begins with a subkey.", None, None, packet(packets.PUBLIC_SUBKEY, key("orphan", CREATED).public_body) + good),
        ("binary-user-attribute", "A user attribute without a signature.", "accept", None,
         good + packet(packets.USER_ATTRIBUTE, b"\x11\x01\x10\x00\x01\x01" + bytes(11))),
        ("secret", "A secret key serves as a public one.", "accept", None, secret),
        ("armored-label-secret", "A key under the label that old programs gave to secret keys.", "accept", None, armored(good, label="PGP SECRET KEY BLOCK")),
        ("secret-armored", "An armored secret key serves as a public one.", "accept", None, armored(secret, label="PGP PRIVATE KEY BLOCK")),
        ("compressed", "A compressed key, which gpg 2.2 reads and gpg 2.4 does not.", None, None, packets.compressed(good)),
        ("binary-then-armored", "A binary key, and an armored one after it.", None, None, stranger + armored(good)),
        ("armored-then-binary", "An armored key, and a binary one after it.", None, None, armored(stranger) + good),
    ):
        case(name, about, verdict or {
            "binary-user-id-first": "accept", "binary-signature-first": "accept", "binary-literal-first": "accept", "binary-subkey-first": "accept",
            "compressed": "reject", "binary-then-armored": "reject", "armored-then-binary": "reject",
        }[name], code, octets)


def _old(part):
    """A packet of a certificate with a header of the old form."""
    first = part[1]
    start = 2 if first < 192 else 3 if first < 224 else 6
    return packet(part[0] & 0x3F, part[start:], "old")


def _several(workshop, case, good, stranger):
    """Several keys in one file."""
    expired = workshop.certificate("ed25519", "Renewed <renewed@example.org>", expires=EXPIRED).public()
    renewed = workshop.certificate("ed25519", "Renewed <renewed@example.org>", at=CREATED + DAY).public()
    revoked = workshop.certificate("ed25519", "Revoked <revoked@example.org>").revoke(SIGNED).public()
    for name, about, verdict, code, octets in (
        ("several-first", "Two keys, the right one first.", "accept", None, good + stranger),
        ("several-second", "Two keys, the right one second.", "accept", None, stranger + good),
        ("several-of-ten", "Ten keys, the right one last.", "accept", None, b"".join(key_of(f"key{n}") for n in range(9)) + good),
        ("several-none", "Two keys, neither of them the right one.", "reject", "unknown-key", stranger + key_of("third")),
        ("same-twice", "The same key twice.", "accept", None, good + good),
        ("same-expired-then-renewed", "The same key, an old copy that is expired and a renewed one: the newest self-signature counts.", "accept", None,
         expired + renewed),
        ("same-renewed-then-expired", "The same, whatever the order.", "accept", None, renewed + expired),
        ("same-good-then-revoked", "The same key, once revoked: the revocation counts.", "reject", "key-revoked", good + revoked),
        ("same-revoked-then-good", "The same key, first revoked: the revocation counts.", "reject", "key-revoked", revoked + good),
        ("stranger-only", "A file with only another key.", "reject", "unknown-key", stranger),
    ):
        case(name, about, verdict, code, octets)


def _versions(case, good):
    """Keys of other versions beside good ones."""
    six = _version_6()
    three = packet(packets.PUBLIC_KEY, Key(ALGORITHMS["rsa1024"](), CREATED, version=3).public_body) + packet(packets.USER_ID, b"Old <old@example.org>")
    future = packet(packets.PUBLIC_KEY, bytes([9]) + bytes(40)) + packet(packets.USER_ID, b"Future")
    unknown = packet(packets.PUBLIC_KEY, bytes([4]) + CREATED.to_bytes(4, "big") + bytes([99]) + bytes(40)) + packet(packets.USER_ID, b"Unknown algorithm")
    for name, octets, about in (("version-6", six, "a version 6 key"), ("version-3", three, "a version 3 key"),
                                ("version-9", future, "a key of an unknown version"),
                                ("unknown-algorithm", unknown, "a key of an unknown algorithm")):
        case(f"{name}-before-good", f"A good key after {about} counts.", "accept", None, octets + good)
        case(f"{name}-after-good", f"A good key before {about} counts.", "accept", None, good + octets)
        if name != "version-6":
            case(f"{name}-only", f"A file with only {about} holds no trusted key.", "reject", None, octets)
    case("version-6-before-good-armored", "The same in one armored block.", "accept", None, armored(six + good))
    case("version-6-before-good-two-blocks", "The same in two armored blocks.", "accept", None, armored(six) + armored(good))


def _version_6():
    """A post-quantum key in the shape of version 6: an algorithm that nobody knows yet."""
    material = Ed25519("post-quantum").public()
    body = bytes([6]) + CREATED.to_bytes(4, "big") + bytes([105]) + len(material).to_bytes(4, "big") + material
    return packet(packets.PUBLIC_KEY, body) + packet(packets.USER_ID, b"Post-quantum <pq@example.org>")


def _broken(workshop, case, good, stranger):
    """Damaged files."""
    for name, about, verdict, code, octets in (
        ("empty", "An empty file holds no key.", "reject", None, b""),
        ("white-space", "White space holds no key.", "reject", None, b"\n\n"),
        ("text", "Text holds no key.", "reject", None, b"This is no key file.\n"),
        ("zero-octet", "A NUL holds no key.", "reject", None, b"\0"),
        ("noise", "Noise holds no key.", "reject", None, b"\0" + primes.stream("noise", 500)),
        ("noise-first", "A key file that begins with noise.", "reject", None, b"\0\0\0\0" + good),
        ("line-feed-first", "A binary key after a line feed.", "reject", None, b"\n" + good),
        ("noise-last", "Noise after a binary key.", None, None, good + b"\0\0\0\0"),
        ("text-last", "Text after a binary key.", None, None, good + b"\nThat was the key.\n"),
        ("json", "JSON is no key file.", "reject", None, b'{"keys": []}\n'),
        ("pem", "A PEM public key is no OpenPGP key.", "reject", None,
         b"-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n"),
        ("keybox", "A keybox is no key file.", "reject", None, _keybox(good)),
        ("truncated", "A key that is cut off in its self-signature.", "reject", None, good[:-10]),
        ("truncated-second", "A second key that is cut off, after a good one.", None, None, good + stranger[:-10]),
        ("truncated-first-packet", "A key that is cut off in its first packet.", "reject", None, good[:20]),
        ("signature-only", "A signature is no key file.", "reject", None, workshop.root.joinpath(workshop.good).read_bytes()),
        ("user-id-only", "A user ID alone is no key.", "reject", None, packet(packets.USER_ID, b"Nobody")),
        ("subkey-only", "A subkey alone is no key.", "reject", None, packet(packets.PUBLIC_SUBKEY, key("orphan", CREATED).public_body)),
        ("key-packet-only", "A key without user ID and self-signature is no good key.", "reject", None, workshop.signer.packets[0]),
        ("empty-key-packet", "A key packet without a body is no key.", "reject", None, packet(packets.PUBLIC_KEY, b"")),
    ):
        case(name, about, verdict or {"noise-last": "reject", "text-last": "reject", "truncated-second": "accept"}[name], code, octets)


def _keybox(octets):
    """The first octets of a keybox, GnuPG's own store, with a key in it."""
    header = b"\0\0\0\x20\x01\x01\0\0KBXf" + bytes(20)
    return header + (len(octets) + 20).to_bytes(4, "big") + b"\x02\x01" + bytes(14) + octets
