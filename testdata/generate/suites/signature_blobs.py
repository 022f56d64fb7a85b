"""How signatures are stored: containers-signature(5), and the framing that came later."""

from clock import AT, SIGNED
from openpgp.messages import data_signature, message
from openpgp.packets import SIGNATURE, body_of, compressed, literal, one_pass, packet
from workshop import IMAGE, REJECT, Suite, policy, signed_by

KNOWN = (0xA0, 0xA1, 0xA2, 0xA3, 0xC8, 0x90, 0x91, 0x92, 0xC4, 0x88, 0x89, 0x8A, 0x8B, 0xC2, 0x3D)
UNKNOWN = (0x01, 0x09, 0x0A, 0x20, 0x2D, 0x30, 0x7B, 0x7F, 0x80, 0x84, 0x85, 0x87, 0x8C, 0x8F, 0x93, 0x94, 0x98, 0x99, 0x9F, 0xA4, 0xA8, 0xAC, 0xAF,
           0xB4, 0xC0, 0xC1, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCB, 0xCD, 0xD2, 0xD3, 0xFF)


def build(workshop):
    suite = Suite("signature-blobs")
    good = workshop.root.joinpath(workshop.good).read_bytes()

    def case(name, about, verdict, code, *blobs, **members):
        """blobs: octets of each blob, or the path of one that exists."""
        paths = [
            blob if isinstance(blob, str) else workshop.blob(f"blobs/{name}{'' if len(blobs) == 1 else f'-{number}'}.sig", blob)
            for number, blob in enumerate(blobs, 1)
        ]
        defaults = {"policy": policy(signed_by(workshop.signer_file)), "image": IMAGE, "manifest": workshop.manifest, "signatures": paths, "at": AT}
        suite.case(name, about, verdict, code, **(defaults | members))

    sigstore = b'\0sigstore-json\n{"mimeType":"application/vnd.dev.cosign.simplesigning.v1+json","payload":"e30=","annotations":{}}'
    unknown = "signature-format-unknown"
    for name, about, verdict, code, blob in (
        ("bare", "A bare OpenPGP message is simple signing.", "accept", None, good),
        ("framed", "The same with the format's name before it.", "accept", None, b"\0simple-signing\n" + good),
        ("framed-empty", "A framed blob with nothing in it is no message.", "reject", None, b"\0simple-signing\n"),
        ("framed-noise", "A framed blob may hold anything; noise is no message.", "reject", None, b"\0simple-signing\nnoise"),
        ("framed-twice", "A frame inside a frame is no message.", "reject", None, b"\0simple-signing\n\0simple-signing\n" + good),
        ("framed-armored", "ASCII armor inside a frame.", "reject", None, b"\0simple-signing\n-----BEGIN PGP MESSAGE-----\n"),
        ("sigstore", "signedBy passes a sigstore signature over: there is none of its own.", "reject", "no-signature", sigstore),
        ("sigstore-noise", "A sigstore signature that is no JSON is an error of the image.", "reject", unknown, b"\0sigstore-json\nnoise"),
        ("sigstore-around-good", "A good OpenPGP message under the name of the other format is no sigstore signature.", "reject", unknown,
         b"\0sigstore-json\n" + good),
        ("unknown-format", "A blob of an unknown format is an error.", "reject", unknown, b"\0nonsense\n" + good),
        ("empty-format", "A format needs a name.", "reject", unknown, b"\0\n" + good),
        ("format-capitalized", "A format's name is case-sensitive.", "reject", unknown, b"\0Simple-Signing\n" + good),
        ("format-with-space", "A format's name is compared to the letter.", "reject", unknown, b"\0simple-signing \n" + good),
        ("format-with-carriage-return", "A format's name ends at the line feed.", "reject", unknown, b"\0simple-signing\r\n" + good),
        ("format-with-nul", "A format's name is printable.", "reject", unknown, b"\0simple\0signing\n" + good),
        ("format-with-umlaut", "A format's name is ASCII.", "reject", unknown, "\0s\u00efmple-signing\n".encode() + good),
        ("format-prefix", "A format's name is compared as a whole.", "reject", unknown, b"\0simple\n" + good),
        ("format-longer", "A format's name is compared as a whole.", "reject", unknown, b"\0simple-signing-2\n" + good),
        ("format-without-line-feed", "A format's name ends with a line feed.", "reject", unknown, b"\0simple-signing"),
        ("nul-only", "A NUL alone is no format.", "reject", unknown, b"\0"),
        ("empty", "An empty blob is an error.", "reject", unknown, b""),
        ("armored", "ASCII armor is no stored signature.", "reject", unknown, b"-----BEGIN PGP MESSAGE-----\n\nxA0DAAgW\n-----END PGP MESSAGE-----\n"),
        ("json", "JSON is no stored signature.", "reject", unknown, workshop.payload()),
        ("leading-line-feed", "A line feed before the message makes it unknown.", "reject", unknown, b"\n" + good),
        ("leading-space", "A space before the message makes it unknown.", "reject", unknown, b" " + good),
    ):
        case(name, about, verdict, code, blob)
    for first in KNOWN:
        case(f"first-octet-{first:02x}", f"The first octet 0x{first:02x} may begin a simple signing blob; this one is no message.", "reject", None,
             bytes([first]) + b"\xff\xff\xff\xff\xff")
    signer, content = workshop.signer.primary, workshop.payload()
    written, text = data_signature(signer, content, SIGNED), literal(content)
    body, announced, plain = body_of(written), body_of(one_pass(signer)), message(signer, content, SIGNED)
    for name, about, verdict, code, blob in (
        ("89", "a signature packet with a length of two octets", "accept", None, b"\x89" + len(body).to_bytes(2, "big") + body + text),
        ("8a", "a signature packet with a length of four octets", "accept", None, packet(SIGNATURE, body, "old-four-octets") + text),
        ("8b", "a signature packet that swallows all the rest", "reject", "malformed-signature", b"\x8b" + body + text),
        ("91", "a one-pass packet with a length of two octets", "accept", None, b"\x91" + len(announced).to_bytes(2, "big") + announced + text + written),
        ("a2", "a compressed packet with a length of four octets", "accept", None, compressed(plain, header="old-four-octets")),
        ("3d", "no packet", "reject", "malformed-signature", b"\x3d" + plain[1:]),
    ):
        case(f"message-first-octet-{name}", f"A message whose first octet is 0x{name} begins with {about}.", verdict, code, blob)
    for first in UNKNOWN:
        case(f"first-octet-{first:02x}", f"The first octet 0x{first:02x} begins no blob that is known.", "reject", unknown, bytes([first]) + good[1:])
    case("bare-uncompressed", "An uncompressed message, too, is simple signing.", "accept", None, plain)
    for name, blob in (("unknown-format", b"\0nonsense\n"), ("empty", b""), ("armored", b"-----BEGIN PGP MESSAGE-----\n"), ("text", b"text")):
        case(f"{name}-beside-good", "One blob that nobody knows refuses the image, though another is good.", "reject", unknown, good, blob)
        case(f"{name}-before-good", "One blob that nobody knows refuses the image, though another is good.", "reject", unknown, blob, good)
    case("sigstore-beside-good", "A sigstore signature beside a good one does no harm.", "accept", None, good, sigstore)
    case("sigstore-before-good", "A sigstore signature before a good one does no harm.", "accept", None, sigstore, good)
    for name, document in (
        ("null", "null"), ("empty", "{}"), ("nulls", '{"mimeType":null,"payload":null,"annotations":null}'), ("null-annotation", '{"annotations":{"a":null}}'),
        ("unknown-members", '{"x":1,"x":[2]}'), ("duplicates", '{"mimeType":"a","mimeType":"b","annotations":{"a":"b","a":"c"}}'),
        ("trailing-bits", '{"payload":"YR=="}'),
        ("line-breaks", '{"payload":"Y\\r\\nQ\\n=="}'),
    ):
        case(f"sigstore-{name}-beside-good", "A sigstore signature that Go can decode does no harm beside a good one, whatever it holds.", "accept", None,
             good, b"\0sigstore-json\n" + document.encode())
    for name, document in (
        ("array", "[]"), ("text", '"x"'), ("number", "1"), ("nothing", ""), ("two-documents", "{} {}"), ("mime-type-number", '{"mimeType":5}'),
        ("mime-type-capitals", '{"MIMETYPE":5}'),
        ("mime-type-number-then-text", '{"mimeType":5,"mimeType":"a"}'), ("payload-object", '{"payload":{}}'), ("payload-not-base64", '{"payload":"Y"}'),
        ("payload-unpadded", '{"payload":"YQ"}'), ("annotations-array", '{"annotations":[]}'), ("annotation-number", '{"annotations":{"a":1}}'),
        ("annotation-number-then-text", '{"annotations":{"a":1,"a":"b"}}'), ("long-s", '{"annotation\u017f":5}'),
    ):
        case(f"sigstore-{name}-beside-good", "A sigstore signature that Go cannot decode refuses the image, though another signature is good.", "reject",
             unknown,
             good, b"\0sigstore-json\n" + document.encode())
    case("unknown-format-rejected", "Where the policy rejects, nobody looks.", "reject", "rejected-by-policy", b"\0nonsense\n", policy=policy(REJECT))
    case("simple-for-sigstore", "sigstoreSigned passes a simple signature over.", "reject", None, good,
         policy=policy({"type": "sigstoreSigned", "keyPath": "keys/cosign.pub"}))
    case("simple-for-sigstore-framed", "sigstoreSigned passes a framed simple signature over.", "reject", None, b"\0simple-signing\n" + good,
         policy=policy({"type": "sigstoreSigned", "keyPath": "keys/cosign.pub"}))
    return suite
