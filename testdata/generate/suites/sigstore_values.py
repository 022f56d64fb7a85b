"""The signature of `sigstoreSigned`: its Base64, and the encoding of each algorithm's values."""

import hashlib

import cosign
import der
import public_keys
from openpgp.algorithms import HASHES
from public_keys import EcKey, Ed25519Key, digest_of, ecdsa_value, rsa
from sigstore_signed import Signing, sigstore_signed
from workshop import Suite
from x509 import pem

CURVES = {"p224": "nistp224", "p256": "nistp256", "p384": "nistp384", "p521": "nistp521"}


def build(workshop):
    suite = Suite("sigstore-values")
    values = _Values(Signing(workshop, suite))
    for slug, curve in CURVES.items():
        _ecdsa(values, slug, EcKey(curve, "sigstore-values"))
    _halves_by_size(values)
    for bits in (1024, 2048, 3072, 4096):
        _rsa(values, f"rsa{bits}", rsa(bits))
    _small_exponent(values)
    _edwards(values)
    _of_others(values)
    _base64(values)
    return suite


class _Values:
    """Makes cases of a signature's octets, or of the annotation's text."""

    def __init__(self, signing):
        self.signing, self.content = signing, signing.content

    def case(self, name, about, verdict, key, signature, content=None, code="bad-signature"):
        blob = cosign.blob(self.content if content is None else content, cosign.annotations(signature))
        key_file = self.signing.workshop.write(f"keys/sigstore/values-{key.slug}.pub", key.pem())
        self.signing.case(name, about, verdict, code, sigstore_signed(key_file), blob)


def _ecdsa(values, slug, key):
    """ECDSA: strict DER, or two halves."""
    content, n, size = values.content, key.curve.n, key.curve.size
    r, s = key.numbers(content)
    sound = ecdsa_value(r, s)
    integer = der.integer

    def good(name, about, signature):
        values.case(f"{slug}-{name}", f"{about} ({slug})", "accept", key, signature)

    def bad(name, about, signature, content=None):
        values.case(f"{slug}-{name}", f"{about} ({slug})", "reject", key, signature, content)

    def halves(size, r=r, s=s):
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    good("der", "DER is what everybody writes.", sound)
    good("high-s", "The other one of the two values for s is good, too.", ecdsa_value(r, n - s))
    for name, about, octets in (
        ("octet-behind", "Nothing stands behind the sequence.", sound + b"\0"),
        ("two-octets-behind", "Nothing stands behind the sequence.", sound + b"\0\0"),
        ("octet-before", "Nothing stands before the sequence.", b"\0" + sound),
        ("twice", "One signature is enough.", sound + sound),
        ("cut-off", "The sequence is whole.", sound[:-1]),
        ("empty", "A signature has octets.", b""),
        ("one-octet", "One octet is no signature.", b"\x30"),
        ("empty-sequence", "A signature has two numbers.", der.sequence()),
        ("one-number", "A signature has two numbers.", der.sequence(integer(r))),
        ("three-numbers", "A signature has two numbers.", der.sequence(integer(r), integer(s), integer(1))),
        ("null-behind-numbers", "A signature has two numbers and nothing else.", der.sequence(integer(r), integer(s), der.null())),
        ("octet-behind-numbers", "A signature has two numbers and nothing else.", der.sequence(integer(r), integer(s), b"\0")),
        ("set", "The numbers stand in a sequence.", der.set_of(integer(r), integer(s))),
        ("octet-strings", "Numbers are integers.", der.sequence(der.octet_string(der.number(r)), der.octet_string(der.number(s)))),
        ("length-not-minimal", "Lengths are as short as can be.", der.long_length(der.SEQUENCE, 2, integer(r), integer(s))),
        ("length-indefinite", "Lengths are definite.", der.indefinite(der.SEQUENCE, integer(r), integer(s))),
        ("number-length-not-minimal", "Lengths are as short as can be.", der.sequence(der.long_length(der.INTEGER, 1, der.number(r)), integer(s))),
        ("r-padded", "Numbers have no zeros too many.", der.sequence(der.element(der.INTEGER, b"\0", der.number(r) if r >> (8 * size - 1) & 1 else b"\0"
                                                                                 + der.number(r)), integer(s))),
        ("s-padded", "Numbers have no zeros too many.", der.sequence(integer(r), der.element(der.INTEGER, b"\0\0", der.number(s)))),
        ("r-empty", "A number has octets.", der.sequence(der.element(der.INTEGER), integer(s))),
        ("wrapped", "A signature is not wrapped.", der.octet_string(sound)),
        ("swapped", "The numbers have their order.", ecdsa_value(s, r)),
        ("r-zero", "No number is zero.", ecdsa_value(0, s)),
        ("s-zero", "No number is zero.", ecdsa_value(r, 0)),
        ("zeros", "No number is zero.", ecdsa_value(0, 0)),
        ("ones", "Ones are no signature.", ecdsa_value(1, 1)),
        ("r-order", "Numbers are smaller than the order.", ecdsa_value(n, s)),
        ("s-order", "Numbers are smaller than the order.", ecdsa_value(r, n)),
        ("r-one-more", "Numbers are not reduced first.", ecdsa_value(r + n, s)),
        ("s-one-more", "Numbers are not reduced first.", ecdsa_value(r, s + n)),
        ("r-negative", "Numbers are positive.", ecdsa_value(r - n, s)),
        ("s-negative", "Numbers are positive.", ecdsa_value(r, s - n)),
        ("s-minus", "Numbers are positive.", ecdsa_value(r, -s)),
        ("r-other", "The first number counts.", ecdsa_value(r ^ 1, s)),
        ("s-other", "The second number counts.", ecdsa_value(r, s ^ 1)),
    ):
        bad(name, about, octets)
    good("halves", "Two halves of the order's size are good, too.", halves(size))
    good("halves-high-s", "The other value for s is good in halves, too.", halves(size, s=n - s))
    if size < 66:
        good("halves-padded", "Halves may begin with zeros.", halves(size + 1))
        good("halves-of-66", "Halves have 66 octets at most.", halves(66))
    bad("halves-of-67", "Halves have 66 octets at most.", halves(67))
    bad("halves-octet-before", "Halves are equally long.", b"\0" + halves(size))
    bad("halves-octet-behind", "Halves are equally long.", halves(size) + b"\0")
    bad("halves-cut-off", "Halves are whole.", halves(size)[:-1])
    bad("halves-two-cut-off", "Halves are whole.", halves(size)[:-2])
    bad("halves-swapped", "Halves have their order.", halves(size, r=s, s=r))
    bad("halves-zeros", "No half is zero.", bytes(2 * size))
    bad("halves-r-zero", "No half is zero.", halves(size, r=0))
    bad("halves-s-zero", "No half is zero.", halves(size, s=0))
    bad("halves-s-order", "Halves are smaller than the order.", halves(size, s=n))
    if size < 66:
        bad("halves-s-one-more", "Halves are not reduced first.", halves(size + 1, s=s + n))
        bad("halves-r-one-more", "Halves are not reduced first.", halves(size + 1, r=r + n))
    bad("halves-little-endian", "Halves begin with their highest octet.", r.to_bytes(size, "little") + s.to_bytes(size, "little"))
    bad("halves-three", "There are two halves.", halves(size) + r.to_bytes(size, "big")[: size - size % 2])
    for name in ("sha1", "sha224", "sha384", "sha512"):
        bad(f"hash-{name}", f"The hash is SHA-256, and not {name}.", key.sign(content, name))
    bad("hash-twice", "The hash is taken once.", key.sign(digest_of(content)))
    bad("hash-of-hex", "The hash is that of the payload.", key.sign(digest_of(content).hex().encode()))
    bad("hash-of-base64", "The hash is that of the payload's octets, and not of their Base64.", key.sign(cosign.base_64(content).encode()))
    bad("hash-none", "The hash of nothing is not that of the payload.", key.sign(b""))
    bad("other-payload", "The signature is one of this payload.", sound, content + b" ")
    bad("payload-cut-off", "The signature is one of the whole payload.", sound, content[:-1])


def _halves_by_size(values):
    """Halves that could be shorter: leading zeros are needed no more than they harm."""
    key = EcKey("nistp256", "sigstore-values")
    number, content = 0, b""
    while True:
        content = values.signing.payload(optional={"number": number})
        r, s = key.numbers(content)
        if r < 1 << 248 and s < 1 << 248 or number > 400_000:
            break
        # Numbers that both begin with a zero are rare; one that does will do.
        if r < 1 << 248:
            break
        number += 1
    values.case("p256-r-short-der", "A short number is short in DER.", "accept", key, ecdsa_value(r, s), content)
    values.case("p256-r-short-halves", "A short number has zeros before it in its half.", "accept", key, r.to_bytes(32, "big") + s.to_bytes(32, "big"), content)
    values.case("p256-r-short-halves-cut", "A short number without its zeros makes no half.", "reject", key, r.to_bytes(31, "big") + s.to_bytes(32, "big"),
                content)


def _rsa(values, slug, key):
    """RSA: PKCS #1 v1.5 over SHA-256, and nothing else."""
    content = values.content
    sound = key.sign(content)

    def bad(name, about, signature, content=None):
        values.case(f"{slug}-{name}", f"{about} ({slug})", "reject", key, signature, content)

    values.case(f"{slug}-right", f"PKCS #1 v1.5 over SHA-256. ({slug})", "accept", key, sound)
    for name in ("md5", "sha1", "sha224", "sha384", "sha512", "sha3-256"):
        bad(f"hash-{name}", f"The hash is SHA-256, and not {name}.", key.sign(content, name))
    info = HASHES["sha256"][2]
    without_null = bytes.fromhex("302f300b0609608648016503040201" + "0420")
    for name, about, padded in (
        ("type-2", "The padding is that of a signature.", key.padded(content, kind=2)),
        ("type-0", "The padding is that of a signature.", key.padded(content, kind=0)),
        ("no-hash-name", "The hash has its name before it.", key.padded(content, prefix=b"")),
        ("hash-without-null", "The hash's name has parameters.", key.padded(content, prefix=without_null)),
        ("wrong-hash-name", "The hash has its own name before it.", key.padded(content, prefix=bytes.fromhex(HASHES["sha3-256"][2]))),
        ("hash-name-of-ber", "The hash's name is DER.", key.padded(content, prefix=b"\x30\x81" + bytes.fromhex(info)[1:])),
    ):
        bad(name, about, key.power(padded).to_bytes(key.size, "big"))
    short = bytearray(key.padded(content))
    at = short.index(0, 2)
    moved = bytes(short[:at - 8] + short[at:] + bytes(8))
    bad("octets-behind-hash", "Nothing stands behind the hash.", key.power(moved).to_bytes(key.size, "big"))
    bad("padding-with-zero", "The padding has no zeros.", key.power(bytes(short[:9] + b"\0" + short[10:])).to_bytes(key.size, "big"))
    bad("padding-with-other-octet", "The padding has no other octets.", key.power(bytes(short[:20] + b"\xfe" + short[21:])).to_bytes(key.size, "big"))
    bad("pss", "PSS is not taken.", key.power(_pss(content, key)).to_bytes(key.size, "big"))
    bad("not-signed", "What would be signed is no signature.", bytes(short))
    bad("hash-alone", "The hash alone is no signature.", digest_of(content))
    bad("zero-before", "A signature is as long as the modulus.", b"\0" + sound)
    bad("octet-behind", "A signature is as long as the modulus.", sound + b"\0")
    bad("cut-off", "A signature is as long as the modulus.", sound[:-1])
    bad("empty", "A signature has octets.", b"")
    bad("zeros", "Zeros are no signature.", bytes(key.size))
    bad("ones", "One is no signature.", (1).to_bytes(key.size, "big"))
    bad("modulus", "The modulus is no signature.", key.n.to_bytes(key.size, "big"))
    bad("minus", "The negative of a signature is none.", (key.n - int.from_bytes(sound, "big")).to_bytes(key.size, "big"))
    bad("flipped", "Every bit counts.", bytes([sound[0] ^ 1]) + sound[1:])
    bad("der", "A signature is not wrapped.", der.octet_string(sound))
    bad("other-payload", "The signature is one of this payload.", sound, content + b" ")
    if key.bits <= 2048:
        number, larger, smaller = 0, None, None
        while larger is None or smaller is None:
            text = values.signing.payload(optional={"number": number})
            value = int.from_bytes(key.sign(text), "big")
            if larger is None and value + key.n < 1 << 8 * key.size:
                larger = text, value + key.n
            if smaller is None and value < 1 << 8 * (key.size - 1):
                smaller = text, value
            number += 1
        bad("one-more", "A signature is smaller than the modulus.", larger[1].to_bytes(key.size, "big"), larger[0])
        text, value = smaller
        values.case(f"{slug}-short", f"A small signature has zeros before it. ({slug})", "accept", key, value.to_bytes(key.size, "big"), text)
        bad("short-without-zeros", "A small signature is as long as the modulus, too.", value.to_bytes(key.size - 1, "big"), text)


def _mask(seed, size):
    octets = b"".join(hashlib.sha256(seed + counter.to_bytes(4, "big")).digest() for counter in range(-(-size // 32)))
    return octets[:size]


def _pss(content, key):
    """EMSA-PSS with a salt as long as the hash (RFC 8017, 9.1.1)."""
    bits = key.bits - 1
    size, salt = (bits + 7) // 8, digest_of(b"salt")
    hashed = hashlib.sha256(bytes(8) + digest_of(content) + salt).digest()
    block = bytes(size - 2 * 32 - 2) + b"\1" + salt
    masked = bytearray(one ^ other for one, other in zip(block, _mask(hashed, size - 33)))
    masked[0] &= 0xFF >> (8 * size - bits)
    return bytes(masked) + hashed + b"\xbc"


def _small_exponent(values):
    """Under an exponent of three, a number that begins like a signature has a root: whoever does not look at the whole can be deceived."""
    key = rsa(3072, 3)
    info = bytes.fromhex(HASHES["sha256"][2]) + digest_of(values.content)
    for name, head in (("short-padding", b"\0\1" + b"\xff" * 8 + b"\0" + info), ("no-padding", b"\0\1\0" + info)):
        top = int.from_bytes(head, "big") + 1 << 8 * (key.size - len(head))
        root = _cube_root(top - 1)
        assert (root**3).to_bytes(key.size, "big").startswith(head)
        values.case(f"rsa3072e3-{name}", "A signature that anybody can make for an exponent of three, if only its beginning is compared.", "reject",
                    key, root.to_bytes(key.size, "big"))
    values.case("rsa3072e3-right", "An exponent of three is good.", "accept", key, key.sign(values.content))


def _cube_root(value):
    low, high = 0, 1 << (value.bit_length() // 3 + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**3 <= value else (low, middle - 1)
    return low


def _edwards(values):
    """Ed25519 over the payload itself."""
    key, content = Ed25519Key("sigstore-values"), values.content
    sound = key.sign(content)
    commitment, scalar = sound[:32], int.from_bytes(sound[32:], "little")

    def case(name, about, verdict, signature, content=None):
        values.case(f"ed25519-{name}", about, verdict, key, signature, content)

    case("right", "Ed25519 over the payload.", "accept", sound)
    # The neutral element as commitment: s = k·a. Strict verifiers refuse it; the reference does not.
    neutral = (1).to_bytes(32, "little")
    own = key.challenge(neutral, content) * key.material.scalar % key.order
    case("neutral-commitment", "The commitment may be the neutral element.", "accept", neutral + own.to_bytes(32, "little"))
    larger = (2**255 - 19 + 1).to_bytes(32, "little")
    own = key.challenge(larger, content) * key.material.scalar % key.order
    case("neutral-commitment-not-reduced", "The commitment is compared octet for octet.", "reject", larger + own.to_bytes(32, "little"))
    for name, about, signature in (
        ("over-hash", "The payload itself is signed, and not its hash.", key.sign(digest_of(content))),
        ("over-sha512", "The payload itself is signed, and not its hash.", key.sign(digest_of(content, "sha512"))),
        ("over-base64", "The payload's octets are signed.", key.sign(cosign.base_64(content).encode())),
        ("prehashed", "Ed25519ph is not taken.", _with_context(key, digest_of(content, "sha512"), 1)),
        ("with-context", "Ed25519ctx is not taken.", _with_context(key, content, 0)),
        ("scalar-one-more", "The scalar is smaller than the order.", commitment + (scalar + key.order).to_bytes(32, "little")),
        ("scalar-two-more", "The scalar is smaller than the order.", commitment + (scalar + 2 * key.order).to_bytes(32, "little")),
        ("scalar-high-bit", "The scalar's high bits are zero.", sound[:-1] + bytes([sound[-1] | 0x80])),
        ("scalar-bit-253", "The scalar's high bits are zero.", sound[:-1] + bytes([sound[-1] | 0x20])),
        ("scalar-minus", "The scalar has a sign.", commitment + (key.order - scalar).to_bytes(32, "little")),
        ("scalar-zero", "The scalar counts.", commitment + bytes(32)),
        ("commitment-flipped", "The commitment counts.", bytes([sound[0] ^ 1]) + sound[1:]),
        ("commitment-sign", "The commitment's sign counts.", sound[:31] + bytes([sound[31] ^ 0x80]) + sound[32:]),
        ("scalar-flipped", "The scalar counts.", sound[:32] + bytes([sound[32] ^ 1]) + sound[33:]),
        ("zeros", "Zeros are no signature.", bytes(64)),
        ("commitment-neutral-scalar-zero", "The neutral element and zero are no signature.", neutral + bytes(32)),
        ("short", "A signature has 64 octets.", sound[:-1]),
        ("long", "A signature has 64 octets.", sound + b"\0"),
        ("octet-before", "A signature has 64 octets.", b"\0" + sound),
        ("empty", "A signature has 64 octets.", b""),
        ("commitment-only", "A signature has 64 octets.", commitment),
        ("twice", "A signature has 64 octets.", sound + sound),
        ("swapped", "The commitment stands first.", sound[32:] + commitment),
        ("der", "A signature of Ed25519 is not DER.", ecdsa_value(int.from_bytes(commitment, "big"), int.from_bytes(sound[32:], "big"))),
        ("wrapped", "A signature of Ed25519 is not wrapped.", der.octet_string(sound)),
    ):
        case(name, about, "reject", signature)
    case("other-payload", "The signature is one of this payload.", "reject", sound, content + b" ")


def _with_context(key, message, flag):
    """A signature of Ed25519ph or Ed25519ctx with an empty context (RFC 8032, 5.1)."""
    head = b"SigEd25519 no Ed25519 collisions" + bytes([flag, 0])
    order, secret = key.order, key.material
    r = int.from_bytes(hashlib.sha512(head + secret.prefix + message).digest(), "little") % order
    commitment = public_keys.base_multiple(r)
    challenge = int.from_bytes(hashlib.sha512(head + commitment + secret.point + message).digest(), "little") % order
    return commitment + ((r + challenge * secret.scalar) % order).to_bytes(32, "little")


def _of_others(values):
    """The form of one kind's signatures under a key of another kind."""
    content = values.content
    every = {"p256": EcKey("nistp256", "sigstore-values"), "p384": EcKey("nistp384", "sigstore-values"), "rsa2048": rsa(2048),
             "ed25519": Ed25519Key("sigstore-values")}
    for name, key in every.items():
        for other_name, other in every.items():
            if other is not key:
                values.case(f"{name}-signed-by-{other_name}", f"A signature by a {other_name} key is none by a {name} key.", "reject", key, other.sign(content))


def _base64(values):
    """The annotation's text is Base64 as Go reads it."""
    signing, content = values.signing, values.content
    signer = signing.signer

    def case(name, about, verdict, text, key=signer, code="bad-signature"):
        values.case(f"base64-{name}", about, verdict, key, text, code=code)

    # One signature with padding, whose last letter has loose bits, and one without.
    key = Ed25519Key("sigstore-values")
    text = cosign.base_64(key.sign(content))
    assert text.endswith("==")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = letters.index(text[-3])
    for more in (1, 7, 15):
        case(f"loose-bits-{more}", "The bits that the last letter has too many do not count.", "accept", text[:-3] + letters[last | more] + "==", key)
    for name, about, changed in (
        ("line-feed-behind", "Line feeds do not count.", text + "\n"),
        ("line-feed-before", "Line feeds do not count.", "\n" + text),
        ("line-feeds", "Line feeds do not count.", "\n".join(text)),
        ("carriage-returns", "Carriage returns do not count.", text[:20] + "\r" + text[20:40] + "\r\n" + text[40:]),
        ("line-feed-in-padding", "Line feeds within the padding do not count.", text[:-1] + "\n="),
        ("line-feeds-around-padding", "Line feeds around the padding do not count.", text[:-2] + "\n==\r\n\n"),
    ):
        case(name, about, "accept", changed, key)
    for name, about, changed in (
        ("blank-behind", "Blanks count.", text + " "),
        ("blank-before", "Blanks count.", " " + text),
        ("blank-within", "Blanks count.", text[:20] + " " + text[20:]),
        ("tab-within", "Tabs count.", text[:20] + "\t" + text[20:]),
        ("form-feed-within", "Form feeds count.", text[:20] + "\f" + text[20:]),
        ("nul-behind", "A NUL counts.", text + "\0"),
        ("unpadded", "Padding is needed.", text[:-2]),
        ("half-padded", "Padding is needed.", text[:-1]),
        ("padded-too-much", "Padding is no longer than need be.", text + "="),
        ("padding-before", "Padding stands at the end.", "==" + text[:-2]),
        ("padding-only", "Padding alone is nothing.", "===="),
        ("letter-behind-padding", "Nothing follows the padding.", text + "A"),
        ("group-behind-padding", "Nothing follows the padding.", text + "AAAA"),
        ("twice", "Nothing follows the padding.", text + text),
        ("url-letters", "The alphabet is the standard one.", "-_" + text[2:]),
        ("foreign-letter", "Other letters are none.", "*" + text[1:]),
        ("letter-missing", "Every letter counts.", text[1:]),
        ("umlaut", "Letters are ASCII.", text[:10] + "\u00e4" + text[10:]),
        ("hex", "Hexadecimal is not Base64.", key.sign(content).hex()),
        ("empty", "Nothing is no signature.", ""),
        ("line-feed-only", "Nothing is no signature.", "\n"),
        ("of-base64", "Base64 of Base64 is no signature.", cosign.base_64(text.encode())),
        ("pem", "PEM is not Base64.", pem("SIGNATURE", key.sign(content)).decode()),
    ):
        case(name, about, "reject", changed, key)
    sound = cosign.base_64(signer.sign(content))
    for name, document in (("escaped-slash", sound.replace("/", "\\/")), ("escaped-letter", f"\\u{ord(sound[0]):04x}{sound[1:]}"),
                           ("escaped-line-feed", sound[:8] + "\\n" + sound[8:])):
        text = f'{{"mimeType":"{cosign.MIME_TYPE}","payload":"{cosign.base_64(content)}","annotations":{{"{cosign.SIGNATURE}":"{document}"}}}}'
        signing.case(f"base64-{name}", "Escapes of JSON are resolved first.", "accept", None, sigstore_signed(signing.signer_file), cosign.framed(text))
