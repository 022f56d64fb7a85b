"""Faults of key files, each crossed with its place: in the first, a middle or the last key of a file, or the first or second file.

A file holds a sound key before the faulty one, or behind it, or both; asked is which of these keys signs for an image. What GnuPG
2.2 and 2.4 both take is in `armor_verdicts.py`, which was made by asking them; the comparison with the peers asks them again.
"""

from armor_verdicts import VERDICTS
from clock import AT, CREATED, EXPIRED, SIGNED
from openpgp import packets
from openpgp.keys import CERTIFY, SIGN, Certificate, key
from openpgp.packets import armored, packet
from workshop import IMAGE, Suite, policy, signed_by

BEGIN, END = "-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----END PGP PUBLIC KEY BLOCK-----"
EMPTY_CHECKSUM = "=twTO"

# Which keys a file holds: before the faulty one, itself, behind it.
PLACES = {"first": "fh", "middle": "bfh", "last": "bf"}
SIGNERS = {"b": "before", "f": "faulty", "h": "behind"}


def certificate(name):
    return Certificate(key(name, CREATED), f"{name.capitalize()} <{name}@example.org>")


def padded(name, padding):
    """A certificate whose base64 needs so much padding."""
    for letters in ("", "x", "xx"):
        found = Certificate(key(name, CREATED), f"{name.capitalize()}{letters} <{name}@example.org>")
        if -len(found.public()) % 3 == padding:
            return found
    raise ValueError("every third does")


class Block:
    """The lines of a sound armored block, to be spoiled."""

    def __init__(self, octets):
        self.octets = octets
        self.begin, self.blank, *self.data, self.checksum, self.end = armored(octets).decode().splitlines()

    def text(self, **changes):
        """The block with other lines; None leaves a line out."""
        data = changes.pop("data", self.data)
        parts = {"begin": self.begin, "headers": [], "blank": self.blank, "checksum": self.checksum, "end": self.end} | changes
        lines = [parts["begin"], *parts["headers"], parts["blank"], *data, parts["checksum"], parts["end"]]
        return "".join(f"{line}\n" for line in lines if line is not None).encode()


def armor_faults(faulty, even):
    """What may be wrong with a block: name, what it is, the octets. faulty: the key; even: one whose base64 needs no padding."""
    block, unpadded_block = Block(faulty), Block(even)
    large = Block(faulty + packet(60, bytes(16_000)))
    damaged_large = Block(faulty + packet(60, bytes(9_000)))
    data, text = "".join(block.data), block.text()
    wrong = armored(faulty, checksum="wrong").decode().splitlines()[-2]
    half = len(block.data) // 2

    def line_by_line(change):
        return [change(line) for line in block.data]

    return [
        ("sound", "nothing", text),
        ("crlf", "lines that end in CR LF", text.replace(b"\n", b"\r\n")),
        ("cr", "lines that end in CR alone", text.replace(b"\n", b"\r")),
        ("headers", "header lines", block.text(headers=["Version: 1", "Comment: a key"])),
        ("unknown-header", "an unknown header line", block.text(headers=["X-Build: 42"])),
        ("header-without-value", "a header line without a value", block.text(headers=["Comment:"])),
        ("header-without-space", "a header line without a space", block.text(headers=["Comment:none"])),
        ("header-not-ascii", "a header line in Latin-1", block.text(headers=["Comment: ?"]).replace(b"?", b"\xe9")),
        ("header-with-nul", "a NUL in a header line", block.text(headers=["Comment\0: none"])),
        ("no-blank-line", "no blank line", block.text(blank=None)),
        ("header-and-no-blank-line", "a header line and no blank line", block.text(headers=["Version: 1"], blank=None)),
        ("blank-line-of-spaces", "spaces in the blank line", block.text(blank=" \t ")),
        ("two-blank-lines", "two blank lines", block.text(blank="\n")),
        ("no-checksum", "no checksum, but padding", block.text(checksum=None)),
        ("no-checksum-no-padding", "neither a checksum nor padding", unpadded_block.text(checksum=None)),
        ("no-padding", "no padding", block.text(data=[line.rstrip("=") for line in block.data])),
        ("wrong-checksum", "a wrong checksum", block.text(checksum=wrong)),
        ("short-checksum", "a checksum that is too short", block.text(checksum=block.checksum[:4])),
        ("long-checksum", "a checksum that is too long", block.text(checksum=block.checksum + "AAAA")),
        ("checksum-of-noise", "a checksum that is none", block.text(checksum="=!!!!")),
        ("checksum-quoted", "a checksum as mail programs quote it", unpadded_block.text(checksum=unpadded_block.checksum.replace("=", "=3D"))),
        ("checksum-at-data", "the checksum in the last line of data", block.text(data=[*block.data[:-1], block.data[-1] + block.checksum], checksum=None)),
        ("checksum-at-end-line", "the checksum and the last line on one line", block.text(checksum=block.checksum + block.end, end=None)),
        ("checksum-before-text", "text behind the checksum", block.text(checksum=block.checksum + " checksum")),
        ("no-end", "no last line", block.text(end=None)),
        ("end-of-other-kind", "the last line of another kind", block.text(end="-----END PGP MESSAGE-----")),
        ("end-indented", "a last line that is indented, and no checksum", unpadded_block.text(checksum=None, end="  " + block.end)),
        ("no-checksum-no-end", "neither a checksum nor a last line, but padding", block.text(checksum=None, end=None)),
        ("no-padding-no-end", "no padding, no checksum, no last line", unpadded_block.text(checksum=None, end=None)),
        ("text-for-end", "a line of text for checksum and last line", block.text(checksum=None, end="That was the key.")),
        ("empty", "no data and no checksum", block.text(data=[], checksum=None)),
        ("empty-with-checksum", "no data", block.text(data=[], checksum=EMPTY_CHECKSUM)),
        ("empty-twice", "two blocks without data", block.text(data=[], checksum=EMPTY_CHECKSUM) * 2),
        ("empty-with-wrong-checksum", "no data and a wrong checksum", block.text(data=[], checksum="=AAAA")),
        ("empty-with-padding", "padding alone", block.text(data=["=="], checksum=None)),
        ("begin-only", "nothing behind its first line", f"{BEGIN}\n".encode()),
        ("begin-twice", "its first line twice", block.text(begin=f"{BEGIN}\n{BEGIN}")),
        ("kind-message", "the label of a message", armored(faulty, label="PGP MESSAGE")),
        ("kind-signature", "the label of a signature", armored(faulty, label="PGP SIGNATURE")),
        ("kind-file", "the label of gpg's --enarmor", armored(faulty, label="PGP ARMORED FILE")),
        ("kind-private", "the label of a secret key", armored(faulty, label="PGP PRIVATE KEY BLOCK")),
        ("kind-lower-case", "a label in lower case", text.replace(b"BEGIN PGP PUBLIC", b"begin pgp public")),
        ("kind-public-key", "the label of a PEM file", armored(faulty, label="PUBLIC KEY")),
        ("four-dashes", "four dashes", text.replace(b"-----", b"----")),
        ("begin-indented", "a first line that is indented", block.text(begin=f"  {BEGIN}")),
        ("begin-behind-text", "text before its first line", block.text(begin=f"key: {BEGIN}")),
        ("begin-before-spaces", "spaces behind its first line", block.text(begin=f"{BEGIN} \t ")),
        ("begin-before-text", "text behind its first line", block.text(begin=f"{BEGIN} of releases")),
        ("begin-before-nul", "a NUL behind its first line", block.text(begin=f"{BEGIN}\0text")),
        ("byte-order-mark", "a byte-order mark before it", b"\xef\xbb\xbf" + text),
        ("spaces-in-lines", "spaces in its lines", block.text(data=line_by_line(lambda line: line[:7] + " " + line[7:]))),
        ("noise-in-lines", "characters in its lines that are no base64", block.text(data=line_by_line(lambda line: line[:7] + "!-" + line[7:]))),
        ("not-ascii-in-lines", "octets above 127 in its lines", text.replace(b"\nm", b"\n\xe4m").replace(b"A", b"\xffA", 1)),
        ("nul-in-lines", "a NUL in its lines", block.text(data=line_by_line(lambda line: line[:7] + "\0" + line[7:]))),
        ("padding-in-data", "padding in the middle of the data", block.text(data=[*block.data[:half], "==", *block.data[half:]])),
        ("one-line", "all data on one line", block.text(data=[data])),
        ("line-too-long", "a line of more than 20000 characters", large.text(data=["".join(large.data)])),
        ("header-too-long", "a header line of more than 20000 characters", block.text(headers=["Comment: " + "x" * 20_000])),
        ("damaged-large", "more than 8192 octets and a wrong checksum", damaged_large.text(checksum=wrong)),
        ("cut-off", "its second half missing", text[: len(text) // 2]),
        ("cut-off-before-checksum", "its end missing from the checksum on", text.split(b"\n=")[0]),
        ("cut-off-in-checksum", "its end missing from within the checksum on", text[: text.index(b"\n=") + 4]),
        ("cut-off-behind-checksum", "its end missing from behind the checksum on", text[: text.index(b"\n=") + 6]),
        ("quoted", "\"> \" before each line", b"".join(b"> " + line + b"\n" for line in text.splitlines())),
        ("dash-escaped", "\"- \" before the lines with dashes", text.replace(b"-----BEGIN", b"- -----BEGIN").replace(b"-----END", b"- -----END")),
        ("clear-signed", "a signed text around it", b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n" + text
         + b"-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n"),
        ("signature-before", "a block with a signature before it", armored(b"\x88\x02\x04\0", label="PGP SIGNATURE") + text),
        ("text-before", "a line of text before it", b"The next key:\n" + text),
        ("binary", "no armor", faulty),
        ("binary-behind-checksum", "binary octets behind its checksum", armored(b"\xb4\x01x") .split(b"-----END")[0] + bytes(6) + faulty),
    ]


def key_faults(faulty):
    """What may be wrong with a key that is in order as armor: name, what it is, the octets."""
    octets = faulty.public()
    primary, user_id, self_signature = faulty.packets[:3]
    key_body = packets.body_of(primary)
    return [
        ("expired", "is expired", certificate_of(faulty, expires=EXPIRED).public()),
        ("revoked", "is revoked", certificate_of(faulty).revoke(SIGNED).public()),
        ("not-for-signing", "may not sign", certificate_of(faulty, flags=CERTIFY).public()),
        ("not-self-signed", "has no self-signature", primary + user_id),
        ("bad-self-signature", "has a bad self-signature", primary + user_id + packets_spoiled(self_signature)),
        ("damaged-key-packet", "is damaged in its first packet", packet(packets.PUBLIC_KEY, key_body[:12]) + user_id + self_signature),
        ("damaged-length", "has a packet with a wrong length", primary + user_id[:1] + bytes([user_id[1] + 40]) + user_id[2:] + self_signature),
        ("version-9", "is of version 9", packet(packets.PUBLIC_KEY, b"\x09" + key_body[1:]) + user_id + self_signature),
        ("algorithm-99", "is of algorithm 99", packet(packets.PUBLIC_KEY, key_body[:5] + b"\x63" + key_body[6:]) + user_id + self_signature),
        ("compressed", "is compressed", packets.compressed(octets, header="new")),
        ("type-0-before", "stands behind a packet of type 0", packet(0, b"reserved") + octets),
        ("type-0-within", "has a packet of type 0 before its user ID", primary + packet(0, b"reserved") + user_id + self_signature),
        ("type-60-before", "stands behind a packet of type 60", packet(60, b"private") + octets),
        ("user-id-too-large", "has a user ID of 2040 octets", octets + packet(packets.USER_ID, b"x" * 2_040)),
        ("signature-too-short", "has a signature of 5 octets", octets + packet(packets.SIGNATURE, bytes(5))),
        ("signature-version-9", "has a signature of version 9", octets + packet(packets.SIGNATURE, b"\x09" + bytes(30))),
    ]


def certificate_of(faulty, flags=CERTIFY | SIGN, **options):
    return Certificate(faulty.primary, "Faulty <faulty@example.org>", flags=flags, **options)


def packets_spoiled(signature):
    return signature[:-1] + bytes([signature[-1] ^ 1])


class Shelf:
    """The three keys, and files and cases with them."""

    def __init__(self, workshop):
        self.workshop, self.suite = workshop, Suite("armor")
        self.faulty, self.even = padded("faulty", 2), padded("faulty", 0)
        self.before, self.behind = workshop.signer, certificate("behind")
        self.signatures = {
            "b": workshop.good,
            "f": workshop.gpg_signed("armor/faulty.gpg", certificate=self.faulty),
            "h": workshop.gpg_signed("armor/behind.gpg", certificate=self.behind),
        }

    def faults(self):
        """Every fault: name, what is wrong, what the keys around it are wrapped in, the octets, the places."""
        for fault, about, octets in armor_faults(self.faulty.public(), self.even.public()):
            yield fault, f"An armored block with {about}", armored, octets, PLACES
        for form, wrap in (("binary", bytes), ("armored", armored)):
            for fault, about, octets in key_faults(self.faulty):
                yield f"{form}-{fault}", f"A key in {form} form that {about}", wrap, wrap(octets), ("first", "last")

    def files(self):
        """Every case's key files: fault, what is wrong, the place, the files, whose keys are in them."""
        before, behind = self.before.public(), self.behind.public()
        for fault, about, wrap, octets, places in self.faults():
            parts = {"b": wrap(before), "f": octets, "h": wrap(behind)}
            for place in places:
                yield fault, about, place, [b"".join(parts[part] for part in PLACES[place])], PLACES[place]
            if fault in IN_FILES:
                yield fault, about, "first-file", [octets, parts["h"]], "fh"
                yield fault, about, "second-file", [parts["b"], octets], "bf"


# Faults that are put into one of two files, too.
IN_FILES = ("sound", "no-blank-line", "wrong-checksum", "no-checksum-no-padding", "empty", "damaged-large", "cut-off", "kind-signature", "begin-behind-text",
            "binary-compressed", "binary-damaged-length", "armored-revoked", "armored-version-9")

# Where both gpgs do not decide, with the reasons in `divergences.py`.
DECIDED = {
    "no-checksum-no-padding": {"first": "f", "middle": "bf", "last": "bf", "first-file": "fh", "second-file": "bf"},
    "damaged-large": {},
    "binary-compressed": {},
    "header-without-space": {},
    "header-with-nul": {},
    "binary-version-9": {"first": "h", "last": "b"},
    "armored-version-9": {"first": "h", "last": "b", "first-file": "h", "second-file": "b"},
    "binary-algorithm-99": {"first": "h", "last": "b"},
    "armored-algorithm-99": {"first": "h", "last": "b"},
}

WHERE = {"first": "the first of two", "middle": "the second of three", "last": "the second of two", "first-file": "in the first of two files",
         "second-file": "in the second of two files"}
WHO = {"b": "the key before signs", "f": "that key signs", "h": "the key behind signs"}


def build(workshop):
    shelf = Shelf(workshop)
    for fault, about, place, files, keys in shelf.files():
        paths = [workshop.write(f"keys/armor/{fault}-{place}{number}.key", octets) for number, octets in zip(("", "-2"), files)]
        counted = (VERDICTS | DECIDED)[fault].get(place, "")
        for signer in keys:
            shelf.suite.case(f"{fault}-{place}-{SIGNERS[signer]}", f"{about}, {WHERE[place]}; {WHO[signer]}.", "accept" if signer in counted else "reject",
                             policy=policy(signed_by(paths[0] if len(paths) == 1 else paths)), image=IMAGE, manifest=workshop.manifest,
                             signatures=[shelf.signatures[signer]], at=AT)
    return shelf.suite
