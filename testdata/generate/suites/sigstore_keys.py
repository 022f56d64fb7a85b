"""Public keys of `sigstoreSigned`: PEM, SubjectPublicKeyInfo, PKCS #1, kinds and sizes, lists, and what spoils a list."""

import base64

import cosign
import der
import public_keys
from openpgp.curves import CURVES
from public_keys import EcKey, Ed25519Key, RsaKey, key_info, rsa
from sigstore_signed import MISSING, Signing, sigstore_signed
from workshop import Suite
from x509 import pem

INVALID, UNREADABLE, BAD = "key-invalid", "key-unreadable", "bad-signature"


def build(workshop):
    suite = Suite("sigstore-keys")
    keys = _Keys(Signing(workshop, suite))
    _kinds(keys)
    _pem(keys)
    _broken_blocks(keys)
    _labels(keys)
    _other_files(keys)
    _info(keys)
    _points(keys)
    _rsa(keys)
    _rsa_sizes(keys)
    _edwards(keys)
    _unusable(keys)
    _lists(keys)
    _sources(keys)
    return suite


class _Keys:
    """Makes cases of a key file: alone, and of what is none, in a list before and after the right one."""

    def __init__(self, signing):
        self.signing, self.signer = signing, signing.signer

    def blob(self, key):
        return self.signing.good if key is self.signer else self.signing.blob(key=key)

    def case(self, name, about, verdict, code, key_file, key=None):
        """key: who signs; by default the usual signer."""
        self.signing.case(name, about, verdict, code, sigstore_signed(key_file), self.blob(key or self.signer))

    def good(self, name, about, key_file, key=None):
        self.case(name, about, "accept", None, key_file, key)

    def spoilt(self, name, about, key_file, code=INVALID):
        """What is no key: it refuses, and spoils a list."""
        self.case(name, about, "reject", code, key_file)
        self.case(f"{name}-before-good", f"{about} It spoils a list, too.", "reject", code, [key_file, self.signer.pem()])
        self.case(f"{name}-after-good", f"{about} It spoils a list before it is needed.", "reject", code, [self.signer.pem(), key_file])

    def idle(self, name, about, key_file, key=None, code=BAD):
        """A key that verifies nothing, and does not spoil a list."""
        self.case(name, about, "reject", code, key_file, key)
        self.good(f"{name}-before-good", f"{about} It does not spoil a list.", [key_file, self.signer.pem()])
        self.good(f"{name}-after-good", f"{about} It does not spoil a list.", [self.signer.pem(), key_file])


def kinds(label="sigstore-kind"):
    """A key of each kind that verifies."""
    return {
        "p224": EcKey("nistp224", label), "p256": EcKey("nistp256", label), "p384": EcKey("nistp384", label), "p521": EcKey("nistp521", label),
        "rsa2048": rsa(2048), "rsa3072": rsa(3072), "rsa4096": rsa(4096), "ed25519": Ed25519Key(label),
    }


def _kinds(keys):
    """Every kind of key, from every source."""
    every, others = kinds(), kinds("sigstore-other-kind")
    stranger = keys.signing.stranger
    for name, key in every.items():
        path = keys.signing.workshop.write(f"keys/sigstore/{name}.pub", key.pem())
        keys.good(f"kind-{name}-path", f"{name} in a file of its own.", path, key)
        keys.good(f"kind-{name}-paths", f"{name} in one of several files.", [keys.signing.stranger_file, path], key)
        keys.good(f"kind-{name}-data", f"{name} in the policy itself.", key.pem(), key)
        keys.good(f"kind-{name}-datas", f"{name} as one of several in the policy itself.", [key.pem(), stranger.pem()], key)
        for other_name, other in every.items():
            if other is not key:
                keys.case(f"kind-{name}-signed-by-{other_name}", f"The signature of a {other_name} key is none of a {name} key.", "reject", BAD, path, other)
        if not isinstance(key, RsaKey):
            keys.case(f"kind-{name}-signed-by-other", f"The signature of another {name} key.", "reject", BAD, path, others[name])
    for name, key in (("rsa2048", rsa(2048)), ("rsa3072", rsa(3072)), ("rsa4096", rsa(4096))):
        keys.good(f"kind-{name}-pkcs1", f"{name} as PKCS #1.", key.pkcs1_pem(), key)
        keys.good(f"kind-{name}-pkcs1-in-list", f"{name} as PKCS #1 in a list.", [stranger.pem(), key.pkcs1_pem()], key)
    keys.case("kind-rsa2048-signed-by-rsa3072-pkcs1", "The signature of another RSA key.", "reject", BAD, rsa(2048).pkcs1_pem(), rsa(3072))


def _pem(keys):
    """The text around and within the block."""
    sound = keys.signer.pem().decode()
    begin, *body, end, _ = sound.split("\n")
    joined, other = "".join(body), keys.signing.stranger.pem().decode()

    def block(*lines, tail="\n"):
        return "\n".join([begin, *lines, end]) + tail

    for name, about, text in (
        ("usual", "The text that openssl and cosign write.", sound),
        ("without-last-line-feed", "The last line need not end.", sound.rstrip("\n")),
        ("carriage-returns", "Lines may end as on Windows.", sound.replace("\n", "\r\n")),
        ("white-space-after", "White space may follow.", sound + " \n\t\r\n"),
        ("text-before", "Text before the block does not count.", "Our key for releases:\n\n" + sound),
        ("text-after", "Text after the block does not count.", sound + "That was our key.\n"),
        ("nul-after", "Octets after the block do not count.", sound + "\0\0"),
        ("blank-line-before", "Blank lines before the block do not count.", "\n\n" + sound),
        ("byte-order-mark-line-before", "A line with a byte-order mark does not count.", "\ufeff\n" + sound),
        ("one-line", "The body may be one line.", block(joined)),
        ("short-lines", "The body may have short lines.", block(*(joined[i : i + 5] for i in range(0, len(joined), 5)))),
        ("lines-of-76", "The body may have lines of 76.", block(*(joined[i : i + 76] for i in range(0, len(joined), 76)))),
        ("blank-lines-within", "The body may have blank lines.", block(body[0], "", *body[1:])),
        ("blanks-in-body", "Blanks in the body do not count.", block(*("  " + " ".join(line) + " " for line in body))),
        ("tabs-in-body", "Tabs in the body do not count.", block(*("\t" + line + "\t" for line in body))),
        ("header", "A block may have a header.", block("Comment: ours", "", *body)),
        ("headers", "A block may have several headers.", block("Comment: ours", "Version: 1", "", *body)),
        ("header-without-blank-line", "No blank line need follow headers.", block("Comment: ours", *body)),
        ("header-empty", "A header may be empty.", block("Comment:", "", *body)),
        ("end-with-blanks", "Blanks may follow the end's dashes.", block(*body, tail=" \t\n")),
        ("begin-with-blanks", "Blanks may follow the beginning's dashes.", sound.replace(begin, begin + "  ")),
        ("second-block", "What follows the first block does not count: another key.", sound + other),
        ("second-block-broken", "What follows the first block does not count: half a block.", sound + begin + "\n"),
        ("second-block-of-other-kind", "What follows the first block does not count: a certificate.", sound + pem("CERTIFICATE", b"\x30\x00").decode()),
    ):
        keys.good(f"pem-{name}", about, text.encode())
    keys.case("pem-two-blocks-second-signs", "Only the first key of a file counts.", "reject", BAD, (other + sound).encode())
    for name, about, text in (
        ("empty", "An empty file is no key.", ""),
        ("blank", "White space is no key.", "\n \n"),
        ("no-begin", "A block needs its first line.", "\n".join([*body, end, ""])),
        ("no-end", "A block needs its last line.", "\n".join([begin, *body, ""])),
        ("body-only", "Base64 alone is no block.", joined),
        ("empty-body", "A block needs a body.", block()),
        ("begin-indented", "The first line stands at the margin.", " " + sound),
        ("begin-after-byte-order-mark", "The first line stands at the margin, not after a byte-order mark.", "\ufeff" + sound),
        ("begin-after-text", "The first line stands at the margin, not after text.", "key: " + sound),
        ("end-indented", "The last line stands at the margin.", sound.replace(end, " " + end)),
        ("four-dashes-begin", "Dashes are five.", sound.replace(begin, begin[1:])),
        ("four-dashes-end", "Dashes are five.", sound.replace(end, end[:-1])),
        ("four-dashes-end-first", "Dashes are five.", sound.replace(end, end[1:])),
        ("end-of-other-label", "Both lines have the same label.", sound.replace(end, "-----END RSA PUBLIC KEY-----")),
        ("end-of-other-case", "Both lines have the same label to the letter.", sound.replace(end, "-----END public KEY-----")),
        ("text-after-end", "Nothing but white space follows the last line's dashes.", sound.replace(end, end + "x")),
        ("begin-and-body-in-a-line", "The first line ends before the body.", sound.replace(begin + "\n", begin)),
        ("text-after-begin", "Nothing but white space follows the first line's dashes.", sound.replace(begin, begin + "x")),
        ("lower-case", "BEGIN and END are upper case.", sound.replace("BEGIN", "begin").replace("END", "end")),
        ("equals-in-middle", "The padding stands at the end.", block(joined[:40], "=", joined[40:])),
        ("half-padded", "Padding is whole.", block(joined[:-1])),
        ("padded-too-much", "Base64 has no padding too many.", block(joined + "=")),
        ("foreign-letter", "Base64 has its own letters only.", block("*" + joined[1:])),
        ("url-letters", "Base64 is that of the standard alphabet.", block(joined[:8] + "-_-_" + joined[12:])),
        ("nul-in-body", "A NUL is no letter.", block(joined[:8] + "\0" + joined[8:])),
        ("form-feed-in-body", "A form feed is no letter.", block(joined[:8] + "\f" + joined[8:])),
        ("header-behind-body", "Headers stand before the body.", block(*body, "Comment: ours")),
        ("line-without-colon-as-header", "A header has a colon.", block("Comment ours", "", *body)),
    ):
        keys.spoilt(f"pem-{name}", about, text.encode())
    keys.spoilt("pem-utf-16", "UTF-16 is no PEM.", sound.encode("utf-16"))
    # The last letter of a body with padding has bits that say nothing.
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    place = joined.index("=") - 1
    for more in (1, 15):
        changed = joined[:place] + letters[letters.index(joined[place]) | more] + joined[place + 1 :]
        keys.good(f"pem-loose-bits-{more}", "The bits that the last letter has too many do not count.", block(changed).encode())
    keys.spoilt("pem-no-padding", "Padding is needed.", block(joined.rstrip("=")).encode())


def _broken_blocks(keys):
    """Broken blocks before the first sound one are skipped."""
    sound = keys.signer.pem().decode()
    broken = keys.signing.stranger.pem().decode()
    begin, *body, end, _ = broken.split("\n")
    for name, about, text in (
        ("no-end", "has no last line", "\n".join([begin, *body, ""])),
        ("no-begin", "has no first line", "\n".join([*body, end, ""])),
        ("no-base64", "holds no Base64", "\n".join([begin, "*" + body[0], *body[1:], end, ""])),
        ("unpadded", "lacks a letter", "\n".join([begin, "".join(body)[:-1], end, ""])),
        ("other-label", "ends with another label", broken.replace("END PUBLIC", "END PRIVATE")),
        ("text-after-end", "has text behind its last line", broken.replace(end, end + "x")),
        ("begin-only", "is a first line alone", begin + "\n"),
        ("begin-twice", "is a first line twice", begin + "\n" + begin + "\n"),
        ("end-only", "is a last line alone", end + "\n"),
        ("four-dashes", "has four dashes", broken.replace(begin, begin[1:])),
        ("indented", "is indented", "\n".join(" " + line for line in broken.split("\n")) + "\n"),
        ("header-without-colon", "has a header without a colon", "\n".join([begin, "Comment ours", "", *body, end, ""])),
        ("empty-label", "is a first line without a label", "-----BEGIN -----\n"),
    ):
        verdict, about = "accept", f"A block that {about} does not count; the next one does."
        keys.case(f"broken-block-{name}", about, verdict, None, (text + sound).encode())
        keys.case(f"broken-block-{name}-after", about, verdict, None, (sound + text).encode())
    keys.case("broken-block-empty", "A block without a body is whole: it decides, and holds no key.", "reject", INVALID, (begin + "\n" + end + "\n" + sound).encode())
    keys.good("broken-block-two", "Several broken blocks do not count.", (begin + "\n" + "*\n" + end + "\n" + begin + "\n" + sound).encode())


def _labels(keys):
    """The label of the first block says what it is: `PUBLIC KEY` or `RSA PUBLIC KEY`, and nothing else."""
    info, key = keys.signer.spki(), rsa(2048)
    for label in ("CERTIFICATE", "PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY", "EC PUBLIC KEY",
                  "ECDSA PUBLIC KEY", "PGP PUBLIC KEY BLOCK", "SSH2 PUBLIC KEY", "public key", "PUBLIC  KEY", "PUBLIC KEY ", " PUBLIC KEY", "PUBLIC", "KEY",
                  "DSA PUBLIC KEY", "X509 PUBLIC KEY", "RSA PUBLIC KEY"):
        slug = "-".join(label.lower().split()) + {"public key": "-lower", "PUBLIC  KEY": "-two-blanks", "PUBLIC KEY ": "-blank-after",
                                                  " PUBLIC KEY": "-blank-before"}.get(label, "")
        keys.spoilt(f"label-{slug}", f"A sound public key under the label {label!r} is none.", pem(label, info))
    keys.spoilt("label-empty", "A block without a label is no key.", pem("", info))
    keys.case("label-pkcs1-as-public-key", "PKCS #1 under the label PUBLIC KEY is no key.", "reject", INVALID, pem("PUBLIC KEY", key.pkcs1()), key)
    keys.case("label-rsa-info-as-pkcs1", "SubjectPublicKeyInfo under the label RSA PUBLIC KEY is no key.", "reject", INVALID,
              pem("RSA PUBLIC KEY", key.spki()), key)
    keys.case("label-rsa-private-key", "A block RSA PRIVATE KEY is no public key.", "reject", INVALID, pem("RSA PRIVATE KEY", key.spki()), key)
    first = pem("CERTIFICATE", b"\x30\x00")
    keys.spoilt("label-certificate-then-key", "The first block decides, though a key follows.", first + keys.signer.pem())
    keys.spoilt("label-parameters-then-key", "The first block decides, though a key follows.", pem("EC PARAMETERS", der.oid("1.2.840.10045.3.1.7"))
                + keys.signer.pem())


def _other_files(keys):
    """What people put in place of a key."""
    info = keys.signer.spki()
    for name, about, octets in (
        ("der", "DER without PEM is no key.", info),
        ("base64", "Base64 without PEM is no key.", base64.b64encode(info)),
        ("base64-of-pem", "Base64 of PEM is no key.", base64.b64encode(keys.signer.pem())),
        ("ssh", "A key of OpenSSH is no key here.", b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f build@example.org\n"),
        ("jwk", "A JSON Web Key is no key here.", b'{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}'),
        ("html", "A web page is no key.", b"<!DOCTYPE html><title>Sign in</title>\n"),
        ("noise", "Noise is no key.", bytes(range(256))),
        ("openpgp", "An OpenPGP key is no key here.", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEZZ==\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n"),
        ("openpgp-binary", "A binary OpenPGP key is no key here.", bytes.fromhex("9833046592")),
    ):
        keys.spoilt(f"file-{name}", about, octets)
    for name, octets in (("noise", b"noise"), ("empty", b""), ("sequence", der.sequence()), ("certificate-like", der.sequence(der.sequence(), der.null())),
                         ("null", der.null()), ("info-twice", info + info)):
        keys.spoilt(f"content-{name}", f"A block PUBLIC KEY that holds no SubjectPublicKeyInfo ({name}) is no key.", pem("PUBLIC KEY", octets))


def _info(keys):
    """SubjectPublicKeyInfo in DER."""
    signer = keys.signer
    algorithm, point = signer.algorithm(), signer.point()
    bits, parameters, kind = der.bit_string(point), der.oid(public_keys.CURVE_OIDS["nistp256"]), der.oid(public_keys.EC_PUBLIC_KEY)
    for name, about, octets in (
        ("more-in-sequence", "More elements behind the key are tolerated.", der.sequence(algorithm, bits, der.null())),
        ("octets-in-sequence", "Whatever is behind the key, within the sequence, is tolerated.", der.sequence(algorithm, bits, b"\x04\x01x\x05\x00")),
        ("more-in-algorithm", "More elements behind the algorithm's parameters are tolerated.", der.sequence(der.sequence(kind, parameters, der.null()), bits)),
    ):
        keys.good(f"info-{name}", about, pem("PUBLIC KEY", octets))
    for name, about, octets in (
        ("octet-behind", "Nothing stands behind the sequence.", signer.spki() + b"\0"),
        ("element-behind", "Nothing stands behind the sequence.", signer.spki() + der.null()),
        ("cut-off", "The sequence is whole.", signer.spki()[:-1]),
        ("length-too-large", "The sequence is whole.", bytes([0x30, len(signer.spki()) - 1]) + signer.spki()[2:]),
        ("length-not-minimal", "Lengths are as short as can be.", der.long_length(der.SEQUENCE, 1, algorithm, bits)),
        ("length-of-two-octets", "Lengths are as short as can be.", der.long_length(der.SEQUENCE, 2, algorithm, bits)),
        ("length-of-five-octets", "Lengths are as short as can be.", der.long_length(der.SEQUENCE, 5, algorithm, bits)),
        ("length-indefinite", "Lengths are definite.", der.indefinite(der.SEQUENCE, algorithm, bits)),
        ("algorithm-length-not-minimal", "Lengths are as short as can be.", der.sequence(der.long_length(der.SEQUENCE, 1, kind, parameters), bits)),
        ("algorithm-length-indefinite", "Lengths are definite.", der.sequence(der.indefinite(der.SEQUENCE, kind, parameters), bits)),
        ("key-length-not-minimal", "Lengths are as short as can be.", der.sequence(algorithm, der.long_length(der.BIT_STRING, 1, b"\0", point))),
        ("object-length-not-minimal", "Lengths are as short as can be.",
         der.sequence(der.sequence(der.long_length(der.OBJECT, 1, kind[2:]), parameters), bits)),
        ("set-for-sequence", "The whole is a sequence.", der.set_of(algorithm, bits)),
        ("set-for-algorithm", "The algorithm is a sequence.", der.sequence(der.set_of(kind, parameters), bits)),
        ("context-for-sequence", "The whole is a sequence.", der.context(0, algorithm, bits)),
        ("octet-string-for-key", "The key is a bit string.", der.sequence(algorithm, der.octet_string(point))),
        ("constructed-key", "The key is one bit string.", der.sequence(algorithm, der.element(0x23, bits))),
        ("no-key", "A key is needed.", der.sequence(algorithm)),
        ("no-algorithm", "An algorithm is needed.", der.sequence(bits)),
        ("key-first", "The algorithm stands before the key.", der.sequence(bits, algorithm)),
        ("algorithm-empty", "An algorithm has an object identifier.", der.sequence(der.sequence(), bits)),
        ("algorithm-null", "An algorithm has an object identifier.", der.sequence(der.sequence(der.null(), parameters), bits)),
        ("object-empty", "An object identifier is not empty.", der.sequence(der.sequence(der.element(der.OBJECT), parameters), bits)),
        ("object-unfinished", "An object identifier ends.", der.sequence(der.sequence(der.element(der.OBJECT, b"\x2a\x86"), parameters), bits)),
        ("object-padded", "The numbers of an object identifier are as short as can be.",
         der.sequence(der.sequence(der.element(der.OBJECT, b"\x2a\x80\x86\x48\xce\x3d\x02\x01"), parameters), bits)),
        ("long-tag", "Tags are as short as can be.", der.element(b"\x3f\x10", algorithm, bits)),
        ("unused-one", "No bit is unused.", key_info(algorithm, point, 1)),
        ("unused-seven", "No bit is unused.", key_info(algorithm, point[:-1] + b"\x80", 7)),
        ("unused-zeros", "No bit is unused, and be it zero.", key_info(algorithm, point + b"\0", 7)),
        ("unused-eight", "There are no eight unused bits in an octet.", key_info(algorithm, point, 8)),
        ("unused-255", "There are no 255 unused bits in an octet.", key_info(algorithm, point, 255)),
        ("key-empty", "A bit string says how many bits are unused.", der.sequence(algorithm, der.element(der.BIT_STRING))),
        ("key-of-nothing", "A key has octets.", key_info(algorithm, b"")),
        ("version-before", "SubjectPublicKeyInfo has no version.", der.sequence(der.integer(0), algorithm, bits)),
    ):
        keys.spoilt(f"info-{name}", about, pem("PUBLIC KEY", octets))
    for name, oid in (("unknown", "1.3.6.1.4.1.99999.1"), ("ec-dh", public_keys.EC_DH), ("rsa-pss", public_keys.RSA_PSS), ("x448", public_keys.X448),
                      ("ed448", public_keys.ED448), ("ecdsa-with-sha256", "1.2.840.10045.4.3.2"), ("ml-dsa-65", "2.16.840.1.101.3.4.3.18"),
                      ("dh", "1.2.840.113549.1.3.1")):
        keys.spoilt(f"algorithm-{name}", f"Keys of the algorithm {name} are not known.",
                    pem("PUBLIC KEY", key_info(der.sequence(der.oid(oid), parameters), point)))


def _points(keys):
    """Points and curves."""
    for curve, slug in (("nistp224", "p224"), ("nistp256", "p256"), ("nistp384", "p384"), ("nistp521", "p521")):
        key = EcKey(curve, "sigstore-kind")
        x, y = key.material.point
        size, prime, point = key.curve.size, key.curve.p, key.point()
        wide = [number.to_bytes(size, "big") for number in (x, y)]
        for name, about, octets in (
            ("compressed", "A compressed point is not taken.", bytes([2 + (y & 1)]) + wide[0]),
            ("hybrid", "A hybrid point is not taken.", bytes([6 + (y & 1)]) + wide[0] + wide[1]),
            ("infinity", "The point at infinity is no key.", b"\0"),
            ("zeros", "Zeros are no point.", b"\4" + bytes(2 * size)),
            ("off-curve", "A point lies on the curve.", point[:-1] + bytes([point[-1] ^ 1])),
            ("without-prefix", "A point begins with its form.", point[1:]),
            ("form-zero", "A point begins with its form.", b"\0" + point[1:]),
            ("form-5", "A point begins with its form.", b"\5" + point[1:]),
            ("short", "A point is whole.", point[:-1]),
            ("long", "A point has no octet too many.", point + b"\0"),
            ("padded", "Coordinates have no zeros too many.", b"\4\0" + wide[0] + b"\0" + wide[1]),
            ("octet-string", "A point is not wrapped.", der.octet_string(point)),
            ("large-x", "Coordinates are smaller than the prime.", b"\4" + (prime.to_bytes(size, "big")) + wide[1]),
            ("coordinates-swapped", "The coordinates have their order.", b"\4" + wide[1] + wide[0]),
        ):
            keys.case(f"point-{slug}-{name}", f"{about} ({slug})", "reject", INVALID, pem("PUBLIC KEY", key.spki(point=octets)), key)
        if slug == "p256":
            keys.spoilt("point-compressed-in-list", "A compressed point is not taken.", pem("PUBLIC KEY", key.spki(point=bytes([2 + (y & 1)]) + wide[0])))
    signer = keys.signer
    ec, point = der.oid(public_keys.EC_PUBLIC_KEY), signer.point()
    curve = CURVES["nistp256"]
    explicit = der.sequence(der.integer(1), der.sequence(der.oid("1.2.840.10045.1.1"), der.integer(curve.p)),
                            der.sequence(der.octet_string(curve.a.to_bytes(32, "big")), der.octet_string(curve.b.to_bytes(32, "big"))),
                            der.octet_string(b"\4" + curve.gx.to_bytes(32, "big") + curve.gy.to_bytes(32, "big")), der.integer(curve.n), der.integer(1))
    for name, about, parameters in (
        ("absent", "The curve is named.", b""),
        ("null", "The curve is named, and not inherited.", der.null()),
        ("explicit", "The curve is named, and not described.", explicit),
        ("empty", "The curve is named.", der.sequence()),
        ("p384", "The point is one of the curve named.", der.oid(public_keys.CURVE_OIDS["nistp384"])),
        ("p224", "The point is one of the curve named.", der.oid(public_keys.CURVE_OIDS["nistp224"])),
        ("unknown", "The curve is known.", der.oid("1.2.840.10045.3.1.1")),
        ("secp256k1", "secp256k1 is not taken, whatever the point.", der.oid(public_keys.CURVE_OIDS["secp256k1"])),
        ("as-octets", "The curve is an object identifier.", der.octet_string(bytes.fromhex("2a8648ce3d030107"))),
    ):
        keys.spoilt(f"curve-{name}", about, pem("PUBLIC KEY", key_info(der.sequence(ec, parameters), point)))
    for name in ("secp256k1", "brainpoolP256r1"):
        other = EcKey(name, "sigstore-kind")
        keys.case(f"curve-{name}-signs", f"Keys on {name} are not taken.", "reject", INVALID, other.pem(), other)
        keys.spoilt(f"curve-{name}-in-list", f"Keys on {name} are not taken.", other.pem())


def _rsa(keys):
    """RSA keys: parameters, numbers, PKCS #1."""
    key = rsa(2048)
    kind = der.oid(public_keys.RSA_ENCRYPTION)
    numbers = der.integer(key.n), der.integer(key.e)
    negative = der.element(der.INTEGER, der.number(key.n)[1:])
    padded = der.element(der.INTEGER, b"\0", der.number(key.n))

    def wrong(name, about, octets, label="PUBLIC KEY", code=INVALID, verdict="reject"):
        keys.case(f"rsa-{name}", about, verdict, code, pem(label, octets), key)

    for name, about, parameters in (
        ("absent", "Parameters are NULL, and not absent.", b""),
        ("null-long", "NULL is empty.", der.element(der.NULL, b"\0")),
        ("sequence", "Parameters are NULL.", der.sequence()),
        ("object", "Parameters are NULL.", kind),
        ("integer", "Parameters are NULL.", der.integer(0)),
    ):
        wrong(f"parameters-{name}", about, key.spki(der.sequence(kind, parameters)))
    wrong("more-in-algorithm", "More elements behind the parameters are tolerated.", key.spki(der.sequence(kind, der.null(), der.null())), verdict="accept")
    for name, about, octets in (
        ("modulus-negative", "The modulus is positive.", der.sequence(negative, numbers[1])),
        ("modulus-zero", "The modulus is positive.", der.sequence(der.integer(0), numbers[1])),
        ("modulus-padded", "The modulus has no zeros too many.", der.sequence(padded, numbers[1])),
        ("modulus-empty", "A number has octets.", der.sequence(der.element(der.INTEGER), numbers[1])),
        ("exponent-zero", "The exponent is positive.", der.sequence(numbers[0], der.integer(0))),
        ("exponent-negative", "The exponent is positive.", der.sequence(numbers[0], der.integer(-65537))),
        ("exponent-padded", "The exponent has no zeros too many.", der.sequence(numbers[0], der.element(der.INTEGER, b"\0\1\0\1"))),
        ("exponent-64-bits", "The exponent fits 63 bits.", der.sequence(numbers[0], der.integer((1 << 63) + 1))),
        ("exponent-large", "The exponent fits 63 bits.", der.sequence(numbers[0], der.integer((1 << 100) + 1))),
        ("no-exponent", "An exponent is needed.", der.sequence(numbers[0])),
        ("empty", "Numbers are needed.", der.sequence()),
        ("octet-strings", "Numbers are integers.", der.sequence(der.octet_string(der.number(key.n)), numbers[1])),
        ("set", "The numbers stand in a sequence.", der.set_of(*numbers)),
        ("length-not-minimal", "Lengths are as short as can be.", der.long_length(der.SEQUENCE, 3, *numbers)),
        ("length-indefinite", "Lengths are definite.", der.indefinite(der.SEQUENCE, *numbers)),
        ("cut-off", "The numbers are whole.", key.pkcs1()[:-1]),
        ("nothing", "The key is not empty.", b""),
    ):
        wrong(f"info-{name}", about, key.spki(key=octets))
        wrong(f"pkcs1-{name}", about, octets, "RSA PUBLIC KEY")
    wrong("info-more-numbers", "More elements behind the exponent are tolerated.", key.spki(key=der.sequence(*numbers, der.integer(1))), verdict="accept")
    wrong("pkcs1-more-numbers", "More elements behind the exponent are tolerated.", der.sequence(*numbers, der.integer(1)), "RSA PUBLIC KEY", verdict="accept")
    wrong("info-octet-behind-numbers", "What stands behind the numbers, within the bit string, is tolerated.", key.spki(key=key.pkcs1() + b"\0"),
          verdict="accept")
    wrong("pkcs1-octet-behind", "Nothing stands behind PKCS #1.", key.pkcs1() + b"\0", "RSA PUBLIC KEY")
    wrong("pkcs1-element-behind", "Nothing stands behind PKCS #1.", key.pkcs1() + der.null(), "RSA PUBLIC KEY")
    wrong("pkcs1-private", "A private key is no public one.",
          der.sequence(der.integer(0), *numbers, der.integer(3), der.integer(5), der.integer(7)), "RSA PUBLIC KEY")
    keys.spoilt("rsa-exponent-64-bits-in-list", "The exponent of RSA fits 63 bits.", pem("PUBLIC KEY", key.spki(key=key.pkcs1(e=(1 << 63) + 1))))
    for name, about, key_file in (
        ("modulus-one", "A modulus of one bit verifies nothing.", key.pkcs1(n=1)),
        ("modulus-even", "An even modulus verifies nothing.", key.pkcs1(n=key.n + 1)),
        ("exponent-1", "An exponent of one verifies nothing.", key.pkcs1(e=1)),
        ("exponent-2", "An even exponent verifies nothing.", key.pkcs1(e=2)),
        ("exponent-even", "An even exponent verifies nothing.", key.pkcs1(e=65536)),
        ("exponent-63-bits", "An exponent above 2^31-1 verifies nothing.", key.pkcs1(e=(1 << 63) - 1)),
    ):
        if name == "exponent-63-bits":
            keys.spoilt(f"rsa-{name}", "PKCS #1 has no exponent above 2^31-1.", pem("RSA PUBLIC KEY", key_file))
        else:
            keys.idle(f"rsa-{name}", about, pem("RSA PUBLIC KEY", key_file), key, None)
        keys.idle(f"rsa-{name}-info", about, pem("PUBLIC KEY", key.spki(key=key_file)), key, None)
    # A signature by an exponent of one is what is signed.
    trivial = key.padded(keys.signing.content)
    keys.signing.case("rsa-exponent-1-signs", "With an exponent of one anybody can sign.", "reject", None,
                      sigstore_signed(pem("RSA PUBLIC KEY", key.pkcs1(e=1))), cosign.blob(keys.signing.content, cosign.annotations(trivial)))
    for name, e, good in (("3", 3, True), ("5", 5, True), ("17", 17, True), ("31-bits", (1 << 31) - 1, True), ("32-bits", (1 << 31) + 11, False),
                          ("33-bits", (1 << 32) + 15, False), ("62-bits", (1 << 61) - 1, False)):
        odd = rsa(2048, e)
        if good:
            keys.good(f"rsa-exponent-{name}-signs", f"An exponent of {e} is good.", odd.pem(), odd)
            keys.good(f"rsa-exponent-{name}-signs-pkcs1", f"An exponent of {e} is good.", odd.pkcs1_pem(), odd)
        else:
            keys.idle(f"rsa-exponent-{name}-signs", f"An exponent above 2^31-1 verifies nothing: {e}.", odd.pem(), odd, None)
            keys.spoilt(f"rsa-exponent-{name}-pkcs1", f"PKCS #1 has no exponent above 2^31-1: {e}.", odd.pkcs1_pem())


def _rsa_sizes(keys):
    """RSA keys of all sizes."""
    for bits in (1024, 1025, 1032, 1536, 2047, 2056, 4097, 8192, 16384):
        key = rsa(bits)
        keys.good(f"rsa-size-{bits}", f"An RSA key of {bits} bits is good.", key.pem(), key)
    keys.good("rsa-size-1024-pkcs1", "An RSA key of 1024 bits is good as PKCS #1.", rsa(1024).pkcs1_pem(), rsa(1024))
    for bits in (512, 768, 1016, 1022, 1023):
        key = rsa(bits)
        keys.idle(f"rsa-size-{bits}", f"An RSA key of {bits} bits verifies nothing.", key.pem(), key, None)
    for bits in (16385, 16392):
        key = rsa(bits)
        keys.idle(f"rsa-size-{bits}", f"An RSA key of {bits} bits is more than anybody needs.", key.pem(), key, None)


def _edwards(keys):
    """Ed25519."""
    key = Ed25519Key("sigstore-kind")
    kind, content = der.oid(public_keys.ED25519), keys.signing.content
    for name, about, info in (
        ("parameters-null", "Ed25519 has no parameters, not even NULL.", key.spki(der.sequence(kind, der.null()))),
        ("parameters-object", "Ed25519 has no parameters.", key.spki(der.sequence(kind, kind))),
        ("short", "A key of Ed25519 has 32 octets.", key.spki(point=key.material.point[:-1])),
        ("long", "A key of Ed25519 has 32 octets.", key.spki(point=key.material.point + b"\0")),
        ("empty", "A key of Ed25519 has 32 octets.", key.spki(point=b"")),
        ("wrapped", "A key of Ed25519 is not wrapped.", key.spki(point=der.octet_string(key.material.point))),
        ("prefixed", "A key of Ed25519 has no prefix.", key.spki(point=b"\x40" + key.material.point)),
    ):
        keys.case(f"ed25519-{name}", about, "reject", INVALID, pem("PUBLIC KEY", info), key)
    keys.spoilt("ed25519-short-in-list", "A key of Ed25519 has 32 octets.", pem("PUBLIC KEY", key.spki(point=bytes(31))))
    off = next(y for y in range(2, 100) if not _is_y(y)).to_bytes(32, "little")
    keys.idle("ed25519-off-curve", "What is no point verifies nothing.", pem("PUBLIC KEY", key.spki(point=off)), key, None)
    # With the neutral element as key, s·B is the right commitment for every document.
    scalar = 12345
    signature = public_keys.base_multiple(scalar) + scalar.to_bytes(32, "little")
    prime = 2**255 - 19
    for name, about, point in (
        ("neutral", "The neutral element is a point, whoever may sign for it.", (1).to_bytes(32, "little")),
        ("neutral-not-reduced", "A coordinate may be larger than the prime.", (prime + 1).to_bytes(32, "little")),
        ("neutral-negative", "Zero may have a sign.", ((1 << 255) | 1).to_bytes(32, "little")),
    ):
        keys.signing.case(f"ed25519-{name}", about, "accept", None, sigstore_signed(pem("PUBLIC KEY", key.spki(point=point))),
                          cosign.blob(content, cosign.annotations(signature)))


def _is_y(y):
    """Whether Ed25519 has a point with this coordinate."""
    p, d = 2**255 - 19, -121665 * pow(121666, -1, 2**255 - 19)
    square = (y * y - 1) * pow(d * y * y + 1, -1, p) % p
    return pow(square, (p - 1) // 2, p) in (0, 1)


def _unusable(keys):
    """Keys that parse and that cannot verify: they refuse everything, beside good ones too."""
    dsa = key_info(der.sequence(der.oid(public_keys.DSA), der.sequence(der.integer(23), der.integer(11), der.integer(4))), der.integer(8))
    for name, octets in (("x25519", key_info(der.sequence(der.oid(public_keys.X25519)), bytes(range(32)))), ("dsa", dsa)):
        about = f"A key of {name.upper()} cannot verify here."
        keys.spoilt(f"unusable-{name}", about, pem("PUBLIC KEY", octets), None)
    for name, about, octets in (
        ("x25519-parameters", "X25519 has no parameters.", key_info(der.sequence(der.oid(public_keys.X25519), der.null()), bytes(32))),
        ("x25519-short", "A key of X25519 has 32 octets.", key_info(der.sequence(der.oid(public_keys.X25519)), bytes(31))),
        ("dsa-without-parameters", "DSA has parameters.", key_info(der.sequence(der.oid(public_keys.DSA)), der.integer(8))),
        *((f"dsa-{name}", "The numbers of DSA are positive.", key_info(der.sequence(der.oid(public_keys.DSA), der.sequence(*map(der.integer, numbers))), der.integer(8)))
          for name, numbers in (("negative", (23, 11, -4)), ("second-negative", (23, -11, 4)), ("first-negative", (-23, 11, 4)), ("third-missing", (23, 11)))),
        ("dsa-not-a-number", "A key of DSA is a number.",
         key_info(der.sequence(der.oid(public_keys.DSA), der.sequence(der.integer(23), der.integer(11), der.integer(4))), b"\0")),
    ):
        keys.spoilt(f"unusable-{name}", about, pem("PUBLIC KEY", octets))


def _lists(keys):
    """Several keys: any of them may have signed."""
    signing, every = keys.signing, list(kinds().values())
    signer, stranger = signing.signer.pem(), signing.stranger.pem()
    every_pem = [key.pem() for key in every]
    for number, (name, key) in enumerate(kinds().items(), 1):
        keys.good(f"list-of-all-{name}", f"Number {number} of a list of all kinds has signed.", every_pem, key)
    keys.case("list-of-all-stranger", "None of a list of all kinds has signed.", "reject", BAD, every_pem)
    keys.good("list-one", "A list of one.", [signer])
    keys.good("list-twice", "The same key twice.", [signer, signer])
    keys.good("list-first", "The first of a list has signed.", [signer, stranger])
    keys.good("list-last", "The last of a list has signed.", [stranger, signer])
    keys.case("list-neither", "None of a list has signed.", "reject", BAD, [stranger, every_pem[1]])
    keys.good("list-of-fifty", "The last of fifty has signed.", [stranger] * 49 + [signer])
    keys.case("list-in-one-file", "A file holds one key: the second in it does not count.", "reject", BAD, [stranger + signer, stranger])
    keys.case("list-two-invalid", "All of a list are no keys.", "reject", INVALID, [b"noise", b"noise"])


def _sources(keys):
    """Files, and when they are read."""
    signing = keys.signing
    good, stranger, case = signing.signer_file, signing.stranger_file, signing.case
    noise = signing.workshop.write("keys/sigstore/noise.pub", b"noise\n")
    empty = signing.workshop.write("keys/sigstore/empty.pub", b"")
    other_format = cosign.blob(signing.content, {}, "application/vnd.oci.image.layer.v1.tar")
    for name, about, verdict, code, source in (
        ("path", "keyPath names a file.", "accept", None, good),
        ("path-dot", "A path may hold dots.", "accept", None, f"./keys/../{good}"),
        ("paths", "keyPaths names files.", "accept", None, [stranger, good]),
        ("path-missing", "A file that is not there says nothing of the image.", "error", UNREADABLE, MISSING),
        ("path-folder", "A folder in place of a file says nothing of the image.", "error", UNREADABLE, "keys/sigstore"),
        ("path-noise", "A file of noise is no key.", "reject", INVALID, noise),
        ("path-empty", "An empty file is no key.", "reject", INVALID, empty),
        ("paths-missing-first", "One of several files is missing: its key could be the one.", "error", UNREADABLE, [MISSING, good]),
        ("paths-missing-last", "One of several files is missing, though another holds the key.", "error", UNREADABLE, [good, MISSING]),
        ("paths-all-missing", "All files are missing.", "error", UNREADABLE, [MISSING, "keys/sigstore/missing-too.pub"]),
        ("paths-noise-first", "One of several files is noise.", "reject", INVALID, [noise, good]),
        ("paths-noise-last", "One of several files is noise.", "reject", INVALID, [good, noise]),
        ("paths-noise-then-missing", "All files are read before any is parsed.", "error", UNREADABLE, [noise, MISSING]),
        ("paths-missing-then-noise", "All files are read before any is parsed.", "error", UNREADABLE, [MISSING, noise]),
        ("data-empty", "Nothing is no key.", "reject", None, b""),
        ("datas-empty-entry", "Nothing is no key, in a list too.", "reject", None, [signing.signer.pem(), b""]),
    ):
        case(f"source-{name}", about, verdict, code, sigstore_signed(source), signing.good)
    case("source-data-wrapped", "Base64 in the policy may have lines.", "accept", None,
         sigstore_signed(keyData="\n".join(base64.encodebytes(signing.signer.pem()).decode().splitlines())), signing.good)
    for name, source in (("missing", MISSING), ("noise", noise), ("folder", "keys/sigstore")):
        case(f"source-{name}-unsigned", "Where there is no signature, nobody reads keys.", "reject", "no-signature", sigstore_signed(source), [])
        case(f"source-{name}-other-type", "Where there is no signature of cosign's type, nobody reads keys.", "reject", "no-signature",
             sigstore_signed(source), other_format)
        case(f"source-{name}-simple-signing", "Where there are only signatures of the other format, nobody reads keys.", "reject", "no-signature",
             sigstore_signed(source), [signing.workshop.good])
    case("source-missing-broken-signature", "A key file is read before a signature is judged.", "error", UNREADABLE, sigstore_signed(MISSING),
         cosign.blob(signing.content, {}))
    case("source-noise-broken-signature", "A key file is parsed before a signature is judged.", "reject", INVALID, sigstore_signed(noise),
         cosign.blob(signing.content, {}))
