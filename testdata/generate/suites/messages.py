"""Every form of an OpenPGP message: packets, nesting, subpackets, times, and more or less than one signature."""

from clock import AT, CREATED, DAY, FUTURE, SIGNED, YEAR
from openpgp import packets, primes
from openpgp.keys import key
from openpgp.messages import data_signature, expires_after, message, message_v3, old_style
from openpgp.packets import BZIP2, TEXT, UNCOMPRESSED, ZIP, ZLIB, compressed, created, literal, notation, one_pass, packet, subpacket
from workshop import IMAGE, NOBODY_CHECKS, Suite, policy, signed_by

# Puts any OpenPGP packet before the engine, whatever its first octet: containers-signature(5).
FRAME = b"\0simple-signing\n"

# First octets by which containers/image knows a bare OpenPGP signature.
FIRST_OCTETS = bytes([0xA0, 0xA1, 0xA2, 0xA3, 0xC8, 0x90, 0x91, 0x92, 0xC4, 0x88, 0x89, 0x8A, 0x8B, 0xC2, 0x3D])

MIB = 1 << 20


def build(workshop):
    suite = Suite("messages")
    signer, content = workshop.signer.primary, workshop.payload()

    def case(name, about, verdict, code, message, **members):
        """One case with one blob: the path of one that exists, or octets, framed where they would else not be known for a signature."""
        if isinstance(message, str):
            blob = message
        else:
            blob = workshop.blob(f"messages/{name}.sig", message if message[0] in FIRST_OCTETS else FRAME + message)
        defaults = {"policy": policy(signed_by(workshop.signer_file)), "image": IMAGE, "manifest": workshop.manifest,
                    "signatures": [blob], "at": AT}
        suite.case(name, about, verdict, code, **(defaults | members))

    for part in (_gpg, _headers, _compression, _literals, _counts, _around, _types, _subpackets, _issuers, _times, _damage, _other_kinds):
        part(workshop, case, signer, content)
    return suite


def _gpg(workshop, case, signer, content):
    """What the real gpg writes with other options than podman's."""
    def by_gpg(name, *options):
        return workshop.gpg_signed(f"messages/by-gpg-{name}.gpg", options=options)

    for name, options in (("zip", ("--compress-algo", "zip")), ("zlib", ("--compress-algo", "zlib")), ("bzip2", ("--compress-algo", "bzip2")),
                          ("uncompressed", ("--compress-algo", "none")), ("text-mode", ("--textmode",)),
                          ("notation", ("--sig-notation", "build@example.org=42")), ("policy-url", ("--sig-policy-url", "https://example.org/")),
                          ("critical-policy-url", ("--sig-policy-url", "!https://example.org/")), ("expires-in-a-year", ("--default-sig-expire", "1y")),
                          ("keyserver-url", ("--sig-keyserver-url", "https://example.org/")), ("set-filename", ("--set-filename", "payload.json"))):
        case(f"by-gpg-{name}", f"A message by gpg, made with {name.replace('-', ' ')}, is accepted.", "accept", None, by_gpg(name, *options))
    case("by-gpg-expired", "A signature by gpg that expired since refuses.", "reject", "signature-expired",
         by_gpg("expired", "--default-sig-expire", "10d"))
    case("by-gpg-critical-notation", "An unknown critical notation by gpg refuses.", "reject", None,
         by_gpg("critical-notation", "--sig-notation", "!build@example.org=42"))
    case("by-gpg-armored", "ASCII armor is no signature that containers/image knows.", "reject", "signature-format-unknown",
         by_gpg("armored", "--armor"))
    case("by-gpg-cleartext", "A cleartext signature is no signature that containers/image knows.", "reject", "signature-format-unknown",
         by_gpg("cleartext", "--clearsign"))
    case("by-gpg-detached", "A detached signature by gpg says nothing about this image.", "reject", "detached-signature",
         by_gpg("detached", "--detach-sign"))
    both = workshop.gpg_signed("messages/by-gpg-two-signers.gpg", by=[workshop.signer.primary, _stranger(workshop)])
    case("by-gpg-two-signers", "A message that two keys signed refuses, even if one of them is trusted.", "reject", "multiple-signatures", both)
    both_trusted = policy(signed_by(workshop.write("keys/both.gpg", workshop.signer.public() + workshop.stranger.public())))
    case("by-gpg-two-trusted-signers", "A message that two trusted keys signed refuses as well.", "reject", "multiple-signatures", both,
         policy=both_trusted)


def _stranger(workshop):
    """The stranger's key, known to gpg."""
    workshop.gpg_signed("stranger.gpg", certificate=workshop.stranger)
    return workshop.stranger.primary


def _headers(_, case, signer, content):
    """Packet headers."""
    for header in ("new", "old", "new-five-octets", "old-four-octets"):
        case(f"headers-{header}", f"Packets with headers of the form {header!r} are accepted.", "accept", None,
             message(signer, content, SIGNED, header=header))
    parts = one_pass(signer), data_signature(signer, content, SIGNED)
    padded = content[:-1] + b" " * 2000 + b"}"
    long_parts = one_pass(signer), data_signature(signer, padded, SIGNED)
    case("headers-partial-literal", "A literal in partial lengths is accepted.", "accept", None,
         long_parts[0] + literal(padded, header="partial") + long_parts[1])
    case("headers-partial-compressed", "A compressed packet in partial lengths is accepted.", "accept", None,
         compressed(long_parts[0] + literal(padded) + long_parts[1], UNCOMPRESSED, "partial"))
    case("headers-mixed", "Old and new headers may stand beside each other.", "accept", None,
         one_pass(signer, header="old") + literal(content) + data_signature(signer, content, SIGNED, header="old"))
    for header in ("new", "old", "old-indeterminate", "new-five-octets"):
        case(f"headers-compressed-{header}", f"A compressed packet with a header of the form {header!r} is accepted.", "accept", None,
             compressed(message(signer, content, SIGNED), ZLIB, header))
    # The last literal of a message may not have an indeterminate length when a signature follows.
    case("headers-indeterminate-literal", "A literal of indeterminate length swallows the signature.", "reject", None,
         parts[0] + literal(content, header="old-indeterminate") + parts[1])
    case("headers-length-too-long", "A literal that claims to be longer than the file is truncated.", "reject", None,
         parts[0] + packet(packets.LITERAL, b"b\0" + bytes(4) + content, length=5000) + parts[1])
    body = packets.body_of(parts[1])
    case("headers-indeterminate-signature", "A signature packet of indeterminate length refuses.", "reject", "malformed-signature",
         parts[0] + literal(content) + packet(packets.SIGNATURE, body, "old-indeterminate"))
    case("headers-partial-signature", "A signature packet in partial lengths refuses.", "reject", "malformed-signature",
         parts[0] + literal(content) + bytes([0xC2, 0xE5]) + body[:32] + bytes([len(body) - 32]) + body[32:])
    old = (one_pass(signer, header="old"), literal(content, header="old"), data_signature(signer, content, SIGNED, header="old"))
    case("headers-without-first-bit", "Packets whose first bit is not set are none.", "reject", "malformed-signature",
         compressed(b"".join(bytes([octets[0] & 0x7F]) + octets[1:] for octets in old)))
    case("headers-length-too-short", "A literal that claims to be shorter leaves octets that are no packet.", "reject", None,
         parts[0] + packet(packets.LITERAL, b"b\0" + bytes(4) + content, length=50) + parts[1])


def _compression(_, case, signer, content):
    """Compression and nesting."""
    signed = message(signer, content, SIGNED)
    for name, algorithm in (("none", UNCOMPRESSED), ("zip", ZIP), ("zlib", ZLIB), ("bzip2", BZIP2)):
        case(f"compression-{name}", f"A compressed packet of the algorithm {name} is accepted.", "accept", None, compressed(signed, algorithm))
        inner = one_pass(signer) + compressed(literal(content), algorithm, "new") + data_signature(signer, content, SIGNED)
        case(f"compression-{name}-inside", f"A signature around a compressed packet ({name}) refuses, as in GnuPG: only the whole message is compressed.",
             "reject", None, inner)
    for algorithm in (4, 110):
        case(f"compression-unknown-{algorithm}", "An unknown compression algorithm refuses.", "reject", None,
             packet(packets.COMPRESSED, bytes([algorithm]) + signed))
    for depth, verdict in ((2, "accept"), (5, "accept"), (20, "accept"), (31, "accept"), (32, "reject"), (40, "reject"), (100, "reject")):
        octets = signed
        for _step in range(depth):
            octets = compressed(octets, ZLIB, "new")
        case(f"compression-nested-{depth}", f"{depth} compressed packets one in another " + ("are still read." if verdict == "accept" else "are too many."),
             verdict, None, octets)
    octets = signed
    for _step in range(3000):
        octets = packet(packets.COMPRESSED, b"\0" + octets)
    case("compression-nested-3000", "Thousands of nested packets refuse, and do not exhaust the stack.", "reject", None, compressed(octets, ZLIB))
    stream = compressed(signed, ZLIB, "new")
    case("compression-damaged", "A damaged compressed stream refuses.", "reject", None, stream[:40] + bytes([stream[40] ^ 0xFF]) + stream[41:])
    case("compression-empty", "A compressed packet with nothing in it refuses.", "reject", None, compressed(b"", ZLIB))
    case("compression-of-text", "A compressed packet with something else in it refuses.", "reject", None, compressed(content, ZLIB))
    spaces = b" " * (64 * MIB) + content
    bomb = compressed(compressed(message(signer, spaces, SIGNED), ZLIB, "new"), ZLIB, "new")
    case("compression-bomb", "64 MiB of white space before the payload, well signed, are too much.", "reject", "payload-too-large", bomb)
    stranger_bomb = compressed(compressed(message(key("stranger", CREATED), bytes(64 * MIB), SIGNED), ZLIB, "new"), ZLIB, "new")
    case("compression-bomb-untrusted", "64 MiB of zeros by an unknown key refuse.", "reject", None, stranger_bomb)
    some = b" " * 10_000 + content
    case("compression-some-white-space", "White space before the payload is valid JSON.", "accept", None, compressed(message(signer, some, SIGNED), ZLIB))


def _literals(_, case, signer, content):
    """The literal packet's own members are not signed and do not matter."""
    for kind in b"btul1":
        letter = chr(kind)
        case(f"literal-format-{letter}", f"A literal of the format {letter!r} is accepted.", "accept", None,
             message(signer, content, SIGNED, literal_options={"kind": bytes([kind])}))
    case("literal-name-and-date", "A literal's file name and date do not matter.", "accept", None,
         message(signer, content, SIGNED, literal_options={"name": b"payload.json", "date": FUTURE}))
    case("literal-console-name", "The file name _CONSOLE is no more special than any other.", "accept", None,
         message(signer, content, SIGNED, literal_options={"name": b"_CONSOLE"}))
    case("literal-long-name", "A file name of 255 octets is accepted.", "accept", None,
         message(signer, content, SIGNED, literal_options={"name": b"n" * 255}))
    case("literal-empty", "A signature over nothing says nothing about this image.", "reject", "payload-invalid", message(signer, b"", SIGNED))
    case("literal-cut", "A literal packet that ends in its own header refuses.", "reject", None,
         one_pass(signer) + packet(packets.LITERAL, b"b\x20abc") + data_signature(signer, content, SIGNED))


def _counts(workshop, case, signer, content):
    """Exactly one signature over exactly one literal."""
    stranger = workshop.stranger.primary
    first, second = data_signature(signer, content, SIGNED), data_signature(signer, content, SIGNED + 1)
    body = literal(content)
    case("count-two-signatures", "Two one-pass signatures by one key refuse.", "reject", "multiple-signatures",
         one_pass(signer, last=False) + one_pass(signer) + body + first + second)
    case("count-nested-flags", "Two one-pass signatures that both say they are the last refuse.", "reject", None,
         one_pass(signer) + one_pass(signer) + body + first + second)
    case("count-trusted-and-stranger", "A second signature by an unknown key refuses.", "reject", "multiple-signatures",
         one_pass(signer, last=False) + one_pass(stranger) + body + data_signature(stranger, content, SIGNED) + first)
    case("count-stranger-and-trusted", "A first signature by an unknown key refuses.", "reject", "multiple-signatures",
         one_pass(stranger, last=False) + one_pass(signer) + body + first + data_signature(stranger, content, SIGNED))
    case("count-good-and-bad", "A good signature beside a bad one refuses.", "reject", None,
         one_pass(signer, last=False) + one_pass(signer) + body + first + data_signature(signer, content, SIGNED, corrupt="value"))
    case("count-bad-and-good", "A bad signature beside a good one refuses: the last one does not win.", "reject", None,
         one_pass(signer, last=False) + one_pass(signer) + body + data_signature(signer, content, SIGNED, corrupt="value") + first)
    case("count-one-announced-two-there", "One signature announced and two there refuse.", "reject", "multiple-signatures",
         one_pass(signer) + body + first + second)
    case("count-same-signature-twice", "The same signature packet twice is two signatures.", "reject", None, one_pass(signer) + body + first + first)
    case("count-two-announced-one-there", "Two signatures announced and one there refuse.", "reject", "multiple-signatures",
         one_pass(signer, last=False) + one_pass(signer) + body + first)
    case("count-announced-none-there", "A signature that is announced and not there refuses.", "reject", None, one_pass(signer) + body)
    case("count-not-announced", "A literal and then a signature, without a one-pass packet, refuse.", "reject", None, body + first)
    case("count-two-old-style", "Two signatures before the literal refuse.", "reject", None, first + second + body)
    case("count-old-style", "A signature before its literal, as old programs wrote it, is accepted.", "accept", None, old_style(signer, content, SIGNED))
    case("count-old-style-compressed", "The same, compressed.", "accept", None, compressed(old_style(signer, content, SIGNED)))
    case("count-old-style-tampered", "A signature before a changed literal refuses.", "reject", "bad-signature",
         old_style(signer, content, SIGNED).replace(b"1.4.2", b"1.4.3"))
    case("count-old-style-stranger", "A signature by an unknown key before its literal refuses.", "reject", "unknown-key",
         old_style(stranger, content, SIGNED))
    case("count-one-pass-not-last", "A one-pass packet may say that another follows, where none does.", "accept", None,
         one_pass(signer, last=False) + body + first)
    announced = one_pass(signer)
    case("count-announced-by-other-algorithm", "The algorithm that a one-pass packet announces does not matter.", "accept", None,
         announced[:5] + b"\1" + announced[6:] + body + first)
    case("count-literal-only", "A literal without any signature refuses.", "reject", "not-signed", compressed(body))
    case("count-literal-only-framed", "A bare literal without any signature refuses.", "reject", "not-signed", body)
    case("count-nested-messages", "A signed message inside a signed message refuses.", "reject", None,
         one_pass(signer) + message(signer, content, SIGNED) + data_signature(signer, message(signer, content, SIGNED), SIGNED))
    case("count-nested-compressed", "A compressed signed message inside a signed message refuses.", "reject", None,
         one_pass(signer) + compressed(message(signer, content, SIGNED), ZLIB, "new") + data_signature(signer, content, SIGNED))
    case("count-wrapped-literal", "A signed message inside a literal, unsigned, refuses.", "reject", None, literal(message(signer, content, SIGNED)))
    inner = message(signer, content, SIGNED)
    case("count-message-as-payload", "A well signed literal that holds a signed message is no payload.", "reject", "payload-invalid",
         message(signer, inner, SIGNED))


def _around(workshop, case, signer, content):
    """Something before, between or after the packets of a message."""
    signed = message(signer, content, SIGNED)
    other = literal(workshop.payload("registry.example/evil:1"))
    marker = packet(packets.MARKER, b"PGP")
    case("around-literal-after", "A second, unsigned literal after the message refuses.", "reject", None, signed + other)
    case("around-literal-before", "An unsigned literal before the message refuses.", "reject", None, other + signed)
    case("around-literal-between", "Two literals under one signature refuse.", "reject", None,
         one_pass(signer) + literal(content) + other + data_signature(signer, content, SIGNED))
    case("around-first-literal-unsigned", "An unsigned literal before the signed one, inside the message, refuses.", "reject", None,
         one_pass(signer) + other + literal(content) + data_signature(signer, content, SIGNED))
    case("around-split-literal", "A payload split over two literals refuses.", "reject", None,
         one_pass(signer) + literal(content[:50]) + literal(content[50:]) + data_signature(signer, content, SIGNED))
    case("around-message-after", "A second message after the first refuses.", "reject", None, signed + signed)
    case("around-compressed-message-after", "A second compressed message after the first refuses.", "reject", None,
         compressed(signed, ZLIB, "new") + compressed(signed, ZLIB, "new"))
    case("around-noise-after", "Octets after an uncompressed message that are no packet refuse.", "reject", None, signed + b"\0\0\0\0")
    case("around-text-after", "Text after an uncompressed message refuses.", "reject", None, signed + b"\n")
    for name, octets in (("noise", b"\0\0\0\0"), ("line-feed", b"\n"), ("literal", other), ("signature", data_signature(signer, content, SIGNED)),
                         ("marker", marker)):
        case(f"around-{name}-after-compressed", f"A {name.replace('-', ' ')} after a compressed packet of definite length refuses.", "reject",
             "malformed-signature" if name in ("noise", "line-feed") else None, compressed(signed, ZLIB, "new") + octets)
    case("around-literal-after-inside", "A second literal inside the compressed packet refuses.", "reject", None, compressed(signed + other))
    case("around-literal-before-inside", "A first literal inside the compressed packet refuses.", "reject", None, compressed(other + signed))
    case("around-noise-before", "Octets before the message refuse.", "reject", None, b"\0\0" + signed)
    case("around-key-before", "A key before the message refuses.", "reject", None, workshop.signer.public() + signed)
    case("around-key-after", "A key after the message refuses.", "reject", None, signed + workshop.signer.public())
    case("around-marker-before-inside", "A marker before the message, inside the compressed packet, is passed over.", "accept", None,
         compressed(marker + signed))
    case("around-markers-before", "Many markers before the message are passed over.", "accept", None, marker * 13 + signed)
    case("around-wrong-marker-before-inside", "A marker with other content refuses.", "reject", "malformed-signature",
         compressed(packet(packets.MARKER, b"PGX") + signed))
    case("around-noise-after-inside", "Octets after the message, inside the compressed packet, refuse.", "reject", "malformed-signature",
         compressed(signed) + b"noise")
    case("around-message-after-inside", "A second message in the same compressed packet refuses.", "reject", "malformed-signature", compressed(signed) + signed)
    case("around-noise-in-definite-compressed", "Octets after the compressed data, inside a packet of definite length, refuse.", "reject",
         "malformed-signature",
         packet(packets.COMPRESSED, packets.body_of(compressed(signed, ZIP, "new")) + b"noise"))
    # GnuPG passes over these; a signature is to hold nothing that is not signed. Before the message, it takes some of them for text.
    announced, data, value = one_pass(signer), literal(content), data_signature(signer, content, SIGNED)
    for number in (12, 16, 21, 40, 60, 61, 62):
        octets = packet(number, bytes(20))
        for place, blob in (("before", octets + signed), ("after-announcement", announced + octets + data + value),
                            ("after-data", announced + data + octets + value), ("after", signed + octets)):
            case(f"around-type-{number}-{place}",
                 f"A packet of type {number} {place.replace('-', ' the ') if '-' in place else place + ' the message'} refuses.",
                 "reject", "malformed-signature" if place != "before" else None, blob)
    case("around-one-pass-after", "A one-pass signature packet behind the message refuses.", "reject", None, signed + announced)
    case("around-user-id-inside", "A user ID packet inside the message refuses.", "reject", None,
         one_pass(signer) + packet(packets.USER_ID, b"x") + literal(content) + data_signature(signer, content, SIGNED))


def _types(workshop, case, signer, content):
    """Signature types."""
    case("type-binary", "A signature of the type binary (0x00) is accepted.", "accept", None, message(signer, content, SIGNED))
    case("type-text", "A signature of the type text (0x01) is accepted.", "accept", None, message(signer, content, SIGNED, kind=TEXT))
    lines = content.replace(b'"optional"', b'\r\n"optional"')
    case("type-text-with-crlf", "A text signature over a payload with CRLF is accepted.", "accept", None, message(signer, lines, SIGNED, kind=TEXT))
    bare = content.replace(b'"optional"', b'\n"optional"')
    case("type-announced-as-text-with-line-feed", "A signature of data that is announced as one of text: gpg 2.4 hashes a line feed as CRLF, 2.2 does not.",
         "reject", None, one_pass(signer, TEXT) + literal(bare) + data_signature(signer, bare, SIGNED))
    case("type-announced-as-text", "The same without a line break is good.", "accept", None,
         one_pass(signer, TEXT) + literal(content) + data_signature(signer, content, SIGNED))
    canonical = one_pass(signer, TEXT) + literal(bare, kind=b"t") + data_signature(signer, lines, SIGNED, TEXT)
    case("type-text-with-line-feed", "A text signature's literal must hold canonical text already: a line feed hashed as CRLF refuses, as in GnuPG.",
         "reject", None, canonical)
    for form, framed, about in (("t", "literal-of-text", "text"), ("u", "literal-of-utf-8", "UTF-8"), ("m", "literal-of-mime", "MIME")):
        case(f"type-text-with-line-feed-{framed}", f"In a literal of the format for {about}, a text signature is checked over the text as it stands.",
             "accept", None, message(signer, bare, SIGNED, kind=TEXT, literal_options={"kind": form.encode()}))
    for form, framed in (("b", "binary-literal"), ("l", "local-literal"), ("x", "unknown-literal")):
        for hashed, as_what in ((bare, "as it stands"), (lines, "as CRLF")):
            octets = one_pass(signer, TEXT) + literal(bare, kind=form.encode()) + data_signature(signer, hashed, SIGNED, TEXT)
            case(f"type-text-in-{framed}-hashed-{as_what.replace(' ', '-')}", "A line feed of a literal that is no text, under a text signature: GnuPG 2.2 "
                 f"hashes it as it stands, and 2.4 as CRLF. What can mean two things refuses; here it is hashed {as_what}.", "reject", None, octets)
    case("type-text-in-binary-literal-old-style", "The same with the signature before the literal.", "reject", None,
         data_signature(signer, bare, SIGNED, TEXT) + literal(bare))
    case("type-text-in-binary-literal-version-3", "The same with a version 3 signature.", "reject", None,
         message_v3(signer, bare, SIGNED, kind=TEXT))
    for name, text in (("carriage-return", b"\r"), ("carriage-returns-before-line-feed", b"\r\r\n"), ("space-before-line-end", b" \r\n")):
        odd = content.replace(b'"optional"', text + b'"optional"')
        case(f"type-text-with-{name}", "A text signature is checked over the text as it stands where that is canonical, whatever white space it has.",
             "accept", None, message(signer, odd, SIGNED, kind=TEXT))
    case("type-text-with-line-feed-after-crlf", "One line feed without a carriage return is enough to refuse.", "reject", None,
         message(signer, content.replace(b'"optional"', b'\r\n\n"optional"'), SIGNED, kind=TEXT))
    case("type-binary-with-line-feed", "A binary signature is over the octets as they stand, line feeds too.", "accept", None, message(signer, bare, SIGNED))
    for kind in (0x02, 0x10, 0x13, 0x18, 0x19, 0x1F, 0x20, 0x28, 0x30, 0x40, 0x50, 0x77):
        case(f"type-{kind:02x}", f"A signature of the type 0x{kind:02x} is none over data, even where its value fits.", "reject", None,
             message(signer, content, SIGNED, kind=kind))
    mixed = one_pass(signer, TEXT) + literal(content) + data_signature(signer, content, SIGNED)
    case("type-announced-otherwise", "Only the signature's type counts, not what the one-pass packet announces.", "accept", None, mixed)
    certification = [p for p in workshop.signer.packets if p[0] == 0xC2][0]
    case("type-copied-self-signature", "The key's own self-signature in a message signs no data.", "reject", None,
         one_pass(signer, 0x13) + literal(content) + certification)


def _subpackets(_, case, signer, content):
    """Subpackets of the data signature."""
    def signed(**options):
        return message(signer, content, SIGNED, **options)

    case("subpacket-notation", "An unknown notation that is not critical is accepted.", "accept", None, signed(extra=notation("a@example.org", "b")))
    case("subpacket-critical-notation", "An unknown critical notation refuses.", "reject", None, signed(extra=notation("a@example.org", "b", True)))
    case("subpacket-unknown", "An unknown subpacket that is not critical is accepted.", "accept", None, signed(extra=subpacket(100, b"x")))
    for number in (40, 60, 100, 110, 127):
        case(f"subpacket-critical-{number}", f"The unknown critical subpacket {number} refuses.", "reject", None, signed(extra=subpacket(number, b"x", True)))
    case("subpacket-policy-url", "A policy URL is accepted.", "accept", None, signed(extra=subpacket(26, b"https://example.org/")))
    case("subpacket-critical-policy-url", "A critical policy URL is accepted.", "accept", None, signed(extra=subpacket(26, b"https://example.org/", True)))
    case("subpacket-signer-user-id", "A signer's user ID is accepted.", "accept", None, signed(extra=subpacket(28, b"release@example.org")))
    case("subpacket-critical-unhashed", "An unknown critical subpacket outside the hashed area.", "reject", None,
         signed(unhashed=subpacket(16, signer.key_id) + subpacket(100, b"x", True)))
    case("subpacket-unknown-unhashed", "An unknown subpacket outside the hashed area is accepted.", "accept", None,
         signed(unhashed=subpacket(16, signer.key_id) + subpacket(100, b"x")))
    case("subpacket-critical-time", "A critical creation time is accepted.", "accept", None,
         signed(hashed=signer.issuer() + subpacket(2, SIGNED.to_bytes(4, "big"), True)))
    case("subpacket-empty", "A subpacket of length zero refuses.", "reject", None, signed(extra=b"\0"))
    case("subpacket-overrun", "A subpacket that claims more than there is refuses.", "reject", None, signed(extra=b"\x30\x14"))
    case("left16-wrong", "Wrong check octets do no harm where the signature is good, as in GnuPG.", "accept", None, signed(corrupt="left16"))
    case("value-wrong", "A signature value that fits other data refuses.", "reject", "bad-signature", signed(corrupt="value"))


def _issuers(workshop, case, signer, content):
    """Who is said to have signed."""
    fingerprint, key_id = signer.issuer(), subpacket(16, signer.key_id)
    stranger = workshop.stranger.primary

    def signed(hashed, unhashed):
        return message(signer, content, SIGNED, hashed=created(SIGNED) + hashed, unhashed=unhashed)

    case("issuer-none", "A signature that names no issuer refuses, and crashes nothing.", "reject", None, signed(b"", b""))
    case("issuer-none-old-style", "The same for a signature before its literal.", "reject", None,
         old_style(signer, content, SIGNED, hashed=created(SIGNED), unhashed=b""))
    case("issuer-key-id-unhashed", "The key ID alone names the issuer.", "accept", None, signed(b"", key_id))
    case("issuer-key-id-hashed", "The key ID in the hashed area names the issuer.", "accept", None, signed(key_id, b""))
    case("issuer-fingerprint-hashed", "The fingerprint alone names the issuer.", "accept", None, signed(fingerprint, b""))
    case("issuer-fingerprint-unhashed", "The fingerprint alone, outside the hashed area, names nobody, as in GnuPG.", "reject", None, signed(b"", fingerprint))
    case("issuer-claims-trusted-key", "A stranger's signature that claims the trusted key refuses.", "reject", "bad-signature",
         message(stranger, content, SIGNED, claim=signer))
    case("issuer-claims-stranger", "A signature by the trusted key that claims a stranger refuses.", "reject", None,
         message(signer, content, SIGNED, claim=stranger))
    for name, about, verdict, both in (
        ("own-first", "Of two issuers in the hashed area, the first counts: it is the key.", "accept", (signer, stranger)),
        ("own-last", "Of two issuers in the hashed area, the first counts: it is a stranger.", "reject", (stranger, signer)),
    ):
        case(f"issuer-key-ids-{name}", about, verdict, None, signed(b"".join(subpacket(16, one.key_id) for one in both), b""))
        case(f"issuer-fingerprints-{name}", about.replace("issuers", "issuers' fingerprints"), verdict, None, signed(both[0].issuer() + both[1].issuer(), b""))
    case("issuer-fingerprint-of-stranger", "A fingerprint of a stranger names the issuer, whatever the key ID says, since GnuPG 2.4.", "reject", None,
         signed(stranger.issuer(), key_id))
    case("issuer-announced-otherwise", "Only the signature counts, not who the one-pass packet announces.", "accept", None,
         one_pass(signer, issuer=stranger.key_id) + literal(content) + data_signature(signer, content, SIGNED))
    case("issuer-wildcard", "A one-pass packet may leave the key ID out.", "accept", None,
         one_pass(signer, issuer=bytes(8)) + literal(content) + data_signature(signer, content, SIGNED))
    case("issuer-unknown", "A sound message by an unknown key refuses.", "reject", "unknown-key", message(stranger, content, SIGNED))
    case("hash-announced-otherwise", "A one-pass packet that announces another hash algorithm than the signature's.", "reject", None,
         message(signer, content, SIGNED, announced_hash="sha512"))


def _times(workshop, case, signer, content):
    """When a signature was made, and until when it holds."""
    case("time-now", "A signature of this very second is accepted.", "accept", None, message(signer, content, AT))
    case("time-a-second-ahead", "A signature from the next second refuses.", "reject", "signature-from-the-future", message(signer, content, AT + 1))
    case("time-future", "A signature from the future refuses.", "reject", "signature-from-the-future", message(signer, content, FUTURE))
    case("time-key-creation", "A signature of the second in which its key was made is accepted.", "accept", None, message(signer, content, CREATED))
    case("time-before-key", "A signature that is older than its key refuses.", "reject", None, message(signer, content, CREATED - 1))
    case("time-zero", "A signature of 1970 refuses.", "reject", None, message(signer, content, 0))
    case("time-missing", "A signature without a creation time.", "reject", None, message(signer, content, SIGNED, hashed=signer.issuer()))
    case("time-unhashed", "A creation time outside the hashed area is not signed.", "reject", None,
         message(signer, content, SIGNED, hashed=signer.issuer(), unhashed=created(SIGNED) + subpacket(16, signer.key_id)))
    for name, seconds, verdict in (("a-second-ago", AT - SIGNED - 1, "reject"), ("in-a-second", AT - SIGNED + 1, "accept"), ("now", AT - SIGNED, "reject"),
                                   ("long-ago", DAY, "reject"), ("in-a-year", YEAR + AT - SIGNED, "accept"), ("zero", 0, "accept")):
        about = f"A signature that expires {name.replace('-', ' ')} " + ("still holds." if verdict == "accept" else "no longer holds.")
        case(f"time-expires-{name}", about if seconds else "An expiration time of zero means never.", verdict,
             None if verdict == "accept" else "signature-expired", message(signer, content, SIGNED, extra=expires_after(seconds)))
    case("time-expiry-wraps-to-zero", "An expiry that wraps around to the moment 0 is none.", "accept", None,
         message(signer, content, SIGNED, extra=expires_after((1 << 32) - SIGNED)))
    case("time-expired-critical", "A critical expiration time counts as any other.", "reject", "signature-expired",
         message(signer, content, SIGNED, extra=expires_after(DAY, True)))
    case("time-expired-for-earlier-clock", "The clock decides: the day after signing it still held.", "accept", None,
         message(signer, content, SIGNED, extra=expires_after(2 * DAY)), at=SIGNED + DAY)


def _damage(_, case, signer, content):
    """Truncated and broken messages."""
    signed = message(signer, content, SIGNED)
    for name, length in (("one-octet", 1), ("after-one-pass", len(one_pass(signer))), ("in-literal", 100),
                         ("before-signature", len(one_pass(signer) + literal(content))),
                         ("in-signature", len(signed) - 20), ("last-octet", len(signed) - 1)):
        case(f"damage-cut-{name}", f"A message cut off ({name.replace('-', ' ')}) refuses.", "reject", None, signed[:length])
    case("damage-noise", "Noise that begins like a packet refuses.", "reject", None, b"\xc4" + primes.stream("noise", 200))
    case("damage-noise-compressed", "Noise that begins like a compressed packet refuses.", "reject", None, b"\xa3\x01" + primes.stream("noise", 200))
    case("damage-packet-0", "A packet of the reserved tag 0 refuses.", "reject", None, packet(0, b"x" * 20))
    body = data_signature(signer, content, SIGNED)
    for name, octets in (("version-2", 2), ("version-5", 5), ("version-7", 7), ("version-255", 255)):
        changed = body[:2] + bytes([octets]) + body[3:]
        known = octets < 4
        case(f"damage-signature-{name}", f"A signature packet of {name.replace('-', ' ')} refuses.", "reject" if known else NOBODY_CHECKS,
             None if known else "unsupported-signature",
             one_pass(signer) + literal(content) + changed)
    case("damage-one-pass-version", "A one-pass packet of an unknown version refuses.", "reject", None,
         packet(packets.ONE_PASS, bytes([9]) + one_pass(signer)[3:]) + literal(content) + body)
    case("damage-unknown-key-algorithm", "A signature of an unknown key algorithm refuses.", NOBODY_CHECKS, "unsupported-signature",
         one_pass(signer) + literal(content) + body[:4] + bytes([99]) + body[5:])
    case("damage-unknown-hash", "A signature of an unknown hash algorithm refuses.", NOBODY_CHECKS, "unsupported-signature",
         one_pass(signer) + literal(content) + body[:5] + bytes([99]) + body[6:])
    case("damage-zero-signature", "A signature value of zeros refuses.", "reject", "bad-signature",
         one_pass(signer) + literal(content) + _with_value(body, packets_value(bytes(32)) * 2))
    case("damage-empty-signature", "A signature without any value refuses.", "reject", None, one_pass(signer) + literal(content) + _with_value(body, b""))


def packets_value(octets):
    """A multiprecision integer of these octets, leading zeros and all."""
    return (len(octets) * 8).to_bytes(2, "big") + octets


def _with_value(signature_packet, value):
    """An Ed25519 signature packet (new header, one length octet) with another value."""
    body = signature_packet[2:]
    hashed = 6 + int.from_bytes(body[4:6], "big")
    end = hashed + 2 + int.from_bytes(body[hashed : hashed + 2], "big") + 2
    return packet(packets.SIGNATURE, body[:end] + value)


def _other_kinds(workshop, case, signer, content):
    """Messages of other kinds, and version 3 signatures."""
    session = packet(packets.PKESK, bytes([3]) + signer.key_id + bytes([1]) + packets_value(b"\x80" + primes.stream("session", 255)))
    encrypted = packet(packets.SEIPD, b"\x01" + primes.stream("encrypted", 300))
    case("kind-encrypted", "An encrypted message refuses.", "reject", "encrypted", session + encrypted)
    case("kind-encrypted-without-session-key", "An encrypted packet alone refuses.", "reject", "encrypted", encrypted)
    case("kind-encrypted-by-password", "A message encrypted with a password refuses.", "reject", "encrypted",
         packet(packets.SKESK, bytes([4, 9, 3, 8]) + bytes(8) + b"\x60") + encrypted)
    case("kind-encrypted-without-integrity", "An encrypted message of the old kind refuses.", "reject", None,
         session + packet(packets.ENCRYPTED, primes.stream("encrypted", 300)))
    for name, tag in (("old", packets.ENCRYPTED), ("protected", packets.SEIPD), ("aead", 20)):
        case(f"kind-encrypted-{name}-alone", f"An encrypted packet of the tag {tag} alone refuses.", "reject", "encrypted", packet(tag, b"\1" + bytes(40)))
    case("kind-detached", "A detached signature refuses.", "reject", "detached-signature", data_signature(signer, content, SIGNED))
    case("kind-detached-compressed", "A compressed detached signature refuses.", "reject", None, compressed(data_signature(signer, content, SIGNED)))
    case("kind-one-pass-only", "A one-pass packet alone refuses.", "reject", None, one_pass(signer))
    case("kind-key", "A key is no signature.", "reject", None, workshop.signer.public())
    case("kind-payload", "The payload without any OpenPGP around it refuses.", "reject", None, content)
    case("kind-marker-only", "A marker packet alone refuses.", "reject", None, packet(packets.MARKER, b"PGP"))
    case("kind-standalone", "A standalone signature signs nothing.", "reject", None,
         packets.signature(signer, packets.STANDALONE, b"", created(SIGNED) + signer.issuer()))
    rsa = key("rsa2048", CREATED)
    trusted = policy(signed_by("keys/rsa2048.gpg"))
    case("version-3", "A version 3 signature is accepted.", "accept", None, message_v3(rsa, content, SIGNED), policy=trusted)
    case("version-3-text", "A version 3 signature of the type text is accepted.", "accept", None, message_v3(rsa, content, SIGNED, TEXT), policy=trusted)
    case("version-3-tampered", "A version 3 signature over other content refuses.", "reject", "bad-signature",
         message_v3(rsa, content, SIGNED).replace(b"1.4.2", b"1.4.3"), policy=trusted)
    case("version-3-before-key", "A version 3 signature that is older than its key refuses.", "reject", None,
         message_v3(rsa, content, CREATED - DAY), policy=trusted)
    case("version-3-future", "A version 3 signature from the future refuses.", "reject", "signature-from-the-future",
         message_v3(rsa, content, FUTURE), policy=trusted)
    case("version-3-md5", "A version 3 signature over MD5 refuses.", "reject", "weak-algorithm", message_v3(rsa, content, SIGNED, hash_name="md5"),
         policy=trusted,
         crypto_policy="gnupg")
    for crypto_policy, verdict in (("standard", "reject"), ("gnupg", "accept")):
        case(f"version-3-sha1-{crypto_policy}", f"A version 3 signature over SHA-1 under the {crypto_policy} policy.", verdict,
             "weak-algorithm" if verdict == "reject" else None, message_v3(rsa, content, SIGNED, hash_name="sha1"), policy=trusted, crypto_policy=crypto_policy)
