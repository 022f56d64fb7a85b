"""Keys in certificates: what is read, what signs images, and what signs certificates, by which algorithm."""

import der
from certificate_extensions import KEY_CERT_SIGN, UNKNOWN, basic_constraints, key_usage
from certificates import Certificate, DsaKey, identifier, name, pss_identifier, scheme_identifier, scheme_of, sign
from certified import LEAF, MALFORMED, MIDDLE, NO_AUTHORITY, ROOT, UNTRUSTED, Certified, issued, key
from public_keys import ED448, ED25519, EC_PUBLIC_KEY, RSA_ENCRYPTION, RSA_PSS, X448, X25519, EcKey, Ed25519Key, key_info, rsa
from workshop import Suite
from x509 import pem


def build(workshop):
    suite = Suite("sigstore-certificate-keys")
    world = Certified(workshop, suite)
    for part in (_keys, _issuer_keys, _key_kinds):
        part(world)
    return suite


def _keys(world):
    """The key within a certificate: malformed where it is of a kind that is known."""
    curve = key("signer")
    point = curve.point()
    size = curve.curve.size
    x, y = point[1 : 1 + size], point[1 + size :]
    p256 = der.oid("1.2.840.10045.3.1.7")
    ec = lambda octets, parameters=p256, **more: key_info(identifier(EC_PUBLIC_KEY, parameters), octets, **more)  # noqa: E731
    modulus = rsa(2048).n
    of_rsa = lambda n, e, parameters=der.null(), **more: key_info(  # noqa: E731
        identifier(RSA_ENCRYPTION, parameters), der.sequence(n if isinstance(n, bytes) else der.integer(n), e if isinstance(e, bytes) else der.integer(e)),
        **more)
    ed = Ed25519Key("certificate-ed25519")
    edwards = ed.material.point
    for name, about, spki in (
        ("ec-compressed", "a compressed point", ec(bytes([2 | y[-1] & 1]) + x)),
        ("ec-hybrid", "a hybrid point", ec(bytes([6 | y[-1] & 1]) + x + y)),
        ("ec-infinity", "the point at infinity", ec(b"\0")),
        ("ec-short", "a point that is an octet short", ec(point[:-1])),
        ("ec-long", "a point that is an octet long", ec(point + b"\0")),
        ("ec-empty", "a point of no octets", ec(b"")),
        ("ec-off-curve", "a point that is not on the curve", ec(point[:-1] + bytes([point[-1] ^ 1]))),
        ("ec-zero", "the point 0, 0", ec(b"\4" + bytes(64))),
        ("ec-other-curve", "a point of another curve", ec(EcKey("nistp384", "certificate-signer").point())),
        ("ec-secp256k1", "a point on secp256k1", EcKey("secp256k1", "certificate-signer").spki()),
        ("ec-brainpool", "a point on a curve by Brainpool", EcKey("brainpoolP256r1", "certificate-signer").spki()),
        ("ec-unknown-curve", "a curve that nobody knows", ec(point, der.oid("1.2.3"))),
        ("ec-no-curve", "no curve", ec(point, b"")),
        ("ec-null-curve", "NULL for the curve", ec(point, der.null())),
        ("ec-explicit-curve", "a curve that is spelt out", ec(point, der.sequence(der.integer(1)))),
        ("ec-curve-twice-in-one", "a curve with an element behind it", ec(point, der.sequence(p256))),
        ("rsa-no-parameters", "an RSA key without NULL", of_rsa(modulus, 65537, b"")),
        ("rsa-other-parameters", "an RSA key with an INTEGER for NULL", of_rsa(modulus, 65537, der.integer(0))),
        ("rsa-negative-modulus", "an RSA key with a negative modulus", of_rsa(-modulus, 65537)),
        ("rsa-zero-modulus", "an RSA key with the modulus 0", of_rsa(0, 65537)),
        ("rsa-modulus-not-minimal", "an RSA key whose modulus has zeros in front", of_rsa(der.element(der.INTEGER, b"\0\0" + der.number(modulus)), 65537)),
        ("rsa-negative-exponent", "an RSA key with a negative exponent", of_rsa(modulus, -3)),
        ("rsa-zero-exponent", "an RSA key with the exponent 0", of_rsa(modulus, 0)),
        ("rsa-exponent-not-minimal", "an RSA key whose exponent has a zero in front", of_rsa(modulus, der.element(der.INTEGER, b"\0\3"))),
        ("rsa-exponent-of-64-bits", "an RSA key whose exponent has 64 bits", of_rsa(modulus, (1 << 64) - 1)),
        ("rsa-exponent-of-65-bits", "an RSA key whose exponent has 65 bits", of_rsa(modulus, (1 << 64) + 1)),
        ("rsa-exponent-missing", "an RSA key without an exponent", of_rsa(modulus, b"")),
        ("rsa-noise", "noise for an RSA key", key_info(identifier(RSA_ENCRYPTION, der.null()), b"noise")),
        ("rsa-set", "a SET for an RSA key", key_info(identifier(RSA_ENCRYPTION, der.null()), der.set_of(der.integer(modulus), der.integer(3)))),
        ("ed25519-null", "an Ed25519 key with NULL for parameters", key_info(identifier(ED25519, der.null()), edwards)),
        ("ed25519-short", "an Ed25519 key of 31 octets", key_info(identifier(ED25519), edwards[:-1])),
        ("ed25519-long", "an Ed25519 key of 33 octets", key_info(identifier(ED25519), edwards + b"\0")),
        ("ed25519-empty", "an Ed25519 key of no octets", key_info(identifier(ED25519), b"")),
        ("dsa-no-parameters", "a DSA key without parameters", key_info(identifier("1.2.840.10040.4.1"), der.integer(5))),
        ("dsa-noise", "noise for a DSA key", key_info(identifier("1.2.840.10040.4.1", der.sequence(*[der.integer(7)] * 3)), b"noise")),
        ("dsa-negative", "a negative DSA key", key_info(identifier("1.2.840.10040.4.1", der.sequence(*[der.integer(7)] * 3)), der.integer(-5))),
        ("no-algorithm", "a key without an algorithm", key_info(b"", point)),
        ("algorithm-empty", "a key with an empty algorithm", key_info(der.sequence(), point)),
        ("algorithm-object-alone", "a key with an object for an algorithm", key_info(der.oid(EC_PUBLIC_KEY), point)),
        ("octet-string", "a key in an OCTET STRING", der.sequence(identifier(EC_PUBLIC_KEY, p256), der.octet_string(point))),
        ("no-key", "an algorithm without a key", der.sequence(identifier(EC_PUBLIC_KEY, p256))),
        ("eight-unused-bits", "a key with eight unused bits", ec(point, unused=8)),
        ("unused-bits", "a key with unused bits", ec(point[:-1] + b"\xfe", unused=1)),
        ("set", "a SET for a key", der.set_of(identifier(EC_PUBLIC_KEY, p256), der.bit_string(point))),
        ("null", "NULL for a key", der.null()),
        ("missing", "no key", b""),
        ("pem", "the text of a key", der.octet_string(pem("PUBLIC KEY", curve.spki()))),
    ):
        world.pki(f"key-{name}-leaf", f"A certificate with {about}: the signer's.", "reject", MALFORMED, leaf=LEAF.but(spki=spki))
        world.pki(f"key-{name}-root", f"A certificate with {about}: a root.", "reject", NO_AUTHORITY, roots=[ROOT.but(spki=spki)])
        if name.endswith(("compressed", "negative-modulus", "ed25519-null", "dsa-noise", "no-algorithm")):
            world.pki(f"key-{name}-chain", f"A certificate with {about}: the last of a chain.", "reject", MALFORMED, chain=(MIDDLE, ROOT.but(spki=spki)))
    for name, about, spki in (
        ("ec-element-in-algorithm", "an element more in its algorithm", key_info(der.sequence(der.oid(EC_PUBLIC_KEY), p256, der.null()), point)),
        ("ec-element-behind", "an element behind its key", ec(point, after=der.null())),
        ("ec-noise-behind", "noise behind its key", ec(point, after=b"\xff")),
    ):
        world.pki(f"key-{name}", f"A signer's certificate with {about}.", "accept", None, leaf=LEAF.but(spki=spki))
    # An unknown algorithm is no mistake, but such a key verifies nothing.
    for name, about, spki in (
        ("x25519", "an X25519 key", key_info(identifier(X25519), edwards)),
        ("x448", "an X448 key", key_info(identifier(X448), bytes(range(56)))),
        ("ed448", "an Ed448 key", key_info(identifier(ED448), bytes(range(57)))),
        ("dsa", "a DSA key", DsaKey().spki()),
        ("rsa-pss", "a key for RSA-PSS alone", key_info(identifier(RSA_PSS), rsa(2048).pkcs1())),
        ("ec-dh", "a key for ECDH alone", key_info(identifier("1.3.132.1.12", p256), point)),
        ("unknown", "a key of an unknown algorithm", key_info(identifier(UNKNOWN), b"key")),
        ("unknown-empty", "a key of an unknown algorithm, of no octets", key_info(identifier(UNKNOWN), b"")),
        ("unknown-unused-bits", "a key of an unknown algorithm with unused bits", key_info(identifier(UNKNOWN), b"\xf0", unused=4)),
    ):
        world.pki(f"unusable-{name}-leaf", f"A signer's certificate with {about} can be read, and verifies nothing.", "reject", None, leaf=LEAF.but(spki=spki))
        world.pki(f"unusable-{name}-chain", f"The last of a chain with {about} can be read.", "accept", None, chain=(MIDDLE, ROOT.but(spki=spki)))
        world.pki(f"unusable-{name}-intermediate", f"An intermediate with {about} issues nothing.", "reject", UNTRUSTED,
                  chain=(MIDDLE.but(spki=spki), ROOT))
        world.pki(f"unusable-{name}-beside-intermediate", f"An intermediate with {about} does not hurt the one behind it.", "accept", None,
                  chain=(MIDDLE.but(spki=spki), MIDDLE, ROOT))
        world.pki(f"unusable-{name}-root", f"A root with {about} is one, and issues nothing.", "reject", UNTRUSTED, roots=[ROOT.but(spki=spki)])
        world.pki(f"unusable-{name}-beside-root", f"A root with {about} does not hurt the one behind it.", "accept", None,
                  roots=[ROOT.but(spki=spki), ROOT])


def _issuer_keys(world):
    """Kinds of keys that issue, with each of the algorithms."""
    issuers = {
        "p224": EcKey("nistp224", "certificate-issuer"), "p256": EcKey("nistp256", "certificate-issuer"),
        "p384": EcKey("nistp384", "certificate-issuer"), "p521": EcKey("nistp521", "certificate-issuer"),
        "rsa1024": rsa(1024), "rsa2048": rsa(2048), "rsa4096": rsa(4096), "ed25519": Ed25519Key("certificate-issuer"),
    }
    for kind, issuer in issuers.items():
        root = Certificate(name(f"root {kind}"), issuer, extensions=(basic_constraints(), key_usage(KEY_CERT_SIGN)))
        schemes = {"p": ["ecdsa-sha1", "ecdsa-sha224", "ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512"], "e": ["ed25519"],
                   "r": ["rsa-md5", "rsa-sha1", "rsa-sha224", "rsa-sha256", "rsa-sha384", "rsa-sha512", "pss-sha256", "pss-sha384", "pss-sha512"]}[kind[0]]
        for scheme in schemes:
            # One does not fit, and for another size one algorithm will do.
            if (kind, scheme) == ("rsa1024", "pss-sha512") or kind == "rsa4096" and scheme not in ("rsa-sha256", "pss-sha256"):
                continue
            strong = scheme == "ed25519" or scheme[-3:] in ("256", "384", "512")
            about = f"{scheme.upper()} by a key {kind.upper()} {'proves' if strong else 'does not prove'} who issued."
            leaf = issued(LEAF, root).but(scheme=scheme)
            world.pki(f"issuer-{kind}-{scheme}", about, "accept" if strong else "reject", UNTRUSTED, leaf=leaf, roots=[root], chain=None)
            if strong:
                world.pki(f"issuer-{kind}-{scheme}-altered", f"{scheme.upper()} by a key {kind.upper()} over something else proves nothing.", "reject",
                          UNTRUSTED, leaf=leaf.but(signature=_signature_of(leaf.but(serial=2))), roots=[root], chain=None)
    weak = Certificate(name("root rsa1023"), rsa(1023), extensions=(basic_constraints(), key_usage(KEY_CERT_SIGN)))
    for scheme in ("rsa-sha256", "pss-sha256"):
        world.pki(f"issuer-rsa1023-{scheme}", "A key of fewer than 1024 bits proves nothing, whatever the algorithm.", "reject", UNTRUSTED,
                  leaf=issued(LEAF, weak).but(scheme=scheme), roots=[weak], chain=None)
    _mismatches(world, issuers)
    _ecdsa_forms(world)
    _pss_forms(world)


def _signature_of(certificate):
    """The signature that a certificate would have."""
    signer = certificate.signer or certificate.key
    return sign(signer, certificate.signed(), certificate.scheme or scheme_of(signer))


def _mismatches(world, issuers):
    """Algorithms that do not fit the issuer's key, or are none."""
    for kind, stated in (("p256", "rsa-sha256"), ("p256", "ed25519"), ("p256", "pss-sha256"), ("rsa2048", "ecdsa-sha256"), ("rsa2048", "ed25519"),
                         ("ed25519", "ecdsa-sha256"), ("ed25519", "rsa-sha256"), ("p256", "dsa-sha256")):
        root = Certificate(name(f"root {kind}"), issuers[kind], extensions=(basic_constraints(), key_usage(KEY_CERT_SIGN)))
        leaf = issued(LEAF, root).but(algorithm=scheme_identifier(stated))
        world.pki(f"issuer-{kind}-stated-{stated}", f"{stated.upper()} is nothing that a key {kind.upper()} signs with.", "reject", UNTRUSTED, leaf=leaf,
                  roots=[root], chain=None)
    root = Certificate(name("root rsa2048"), issuers["rsa2048"], extensions=(basic_constraints(), key_usage(KEY_CERT_SIGN)))
    for stated, made in (("rsa-sha384", "rsa-sha256"), ("pss-sha256", "rsa-sha256"), ("rsa-sha256", "pss-sha256"), ("pss-sha384", "pss-sha256")):
        leaf = issued(LEAF, root).but(algorithm=scheme_identifier(stated), scheme=made)
        world.pki(f"issuer-rsa2048-{made}-stated-{stated}", f"A signature by {made.upper()} is none by {stated.upper()}.", "reject", UNTRUSTED, leaf=leaf,
                  roots=[root], chain=None)
    for kind, stated, made in (("p256", "ecdsa-sha384", "ecdsa-sha256"), ("p256", "ecdsa-sha1", "ecdsa-sha256")):
        root = Certificate(name(f"root {kind}"), issuers[kind], extensions=(basic_constraints(), key_usage(KEY_CERT_SIGN)))
        leaf = issued(LEAF, root).but(algorithm=scheme_identifier(stated), scheme=made)
        world.pki(f"issuer-{kind}-{made}-stated-{stated}", f"A signature by {made.upper()} is none by {stated.upper()}.", "reject", UNTRUSTED, leaf=leaf,
                  roots=[root], chain=None)
    leaf = LEAF.but(algorithm=identifier(UNKNOWN))
    world.pki("issuer-unknown-algorithm", "An unknown algorithm can be read and proves nothing.", "reject", UNTRUSTED, leaf=leaf)
    world.pki("issuer-unknown-algorithm-root", "Which algorithm has signed a root does not matter.", "accept", None,
              roots=[ROOT.but(algorithm=identifier(UNKNOWN))])
    world.pki("issuer-sha1-root", "That a root is signed with SHA-1 does not matter.", "accept", None, roots=[ROOT.but(scheme="ecdsa-sha1")])
    world.pki("issuer-sha1-intermediate", "An intermediate that is signed with SHA-1 is not.", "reject", UNTRUSTED,
              chain=(MIDDLE.but(scheme="ecdsa-sha1"), ROOT))
    world.pki("issuer-sha1-beside-good", "Of two certificates of one intermediate, one that is signed with SHA-1 does not hurt.", "accept", None,
              chain=(MIDDLE.but(scheme="ecdsa-sha1"), MIDDLE, ROOT))
    ed = Certificate(name("root ed25519"), issuers["ed25519"], extensions=(basic_constraints(), key_usage(KEY_CERT_SIGN)))
    world.pki("issuer-ed25519-null", "Ed25519 has no parameters.", "reject", UNTRUSTED, leaf=issued(LEAF, ed).but(algorithm=identifier(ED25519, der.null())),
              roots=[ed], chain=None)
    root = Certificate(name("root rsa2048"), issuers["rsa2048"], extensions=(basic_constraints(), key_usage(KEY_CERT_SIGN)))
    for name_, parameters in (("no-parameters", b""), ("other-parameters", der.integer(1))):
        world.pki(f"issuer-rsa2048-{name_}", "Nobody looks at the parameters of RSA's algorithms but PSS.", "accept", None,
                  leaf=issued(LEAF, root).but(algorithm=identifier("1.2.840.113549.1.1.11", parameters)), roots=[root], chain=None)


def _ecdsa_forms(world):
    """The signature on a certificate: strict DER, where one over a payload may be less."""
    r, s = ROOT.key.numbers(issued(LEAF, ROOT).signed())
    order = ROOT.key.curve.n
    for name_, about, verdict, octets in (
        ("high-s", "A high S is as good as a low one.", "accept", der.sequence(der.integer(r), der.integer(order - s))),
        ("halves", "Two halves are no signature of a certificate.", "reject", r.to_bytes(32, "big") + s.to_bytes(32, "big")),
        ("octet-behind", "Nothing may stand behind the numbers.", "reject", der.sequence(der.integer(r), der.integer(s)) + b"\0"),
        ("third-number", "There is no third number.", "reject", der.sequence(der.integer(r), der.integer(s), der.integer(1))),
        ("not-minimal", "Numbers are minimal.", "reject", der.sequence(der.element(der.INTEGER, b"\0\0" + der.number(r)), der.integer(s))),
        ("negative", "Numbers are positive.", "reject", der.sequence(der.integer(r - order), der.integer(s))),
        ("r-zero", "r is not 0.", "reject", der.sequence(der.integer(0), der.integer(s))),
        ("s-zero", "s is not 0.", "reject", der.sequence(der.integer(r), der.integer(0))),
        ("r-more", "r is less than the order.", "reject", der.sequence(der.integer(r + order), der.integer(s))),
        ("s-more", "s is less than the order.", "reject", der.sequence(der.integer(r), der.integer(s + order))),
        ("set", "A SET is no signature.", "reject", der.set_of(der.integer(r), der.integer(s))),
        ("long-length", "Lengths are minimal.", "reject", der.long_length(der.SEQUENCE, 1, der.integer(r), der.integer(s))),
    ):
        world.pki(f"ecdsa-{name_}", f"{about} The issuer's ECDSA.", verdict, UNTRUSTED, leaf=issued(LEAF, ROOT).but(signature=octets), chain=None)


def _pss_forms(world):
    """RSA-PSS: one hash for everything, and a salt of its length."""
    root = Certificate(name("root rsa2048"), rsa(2048), extensions=(basic_constraints(), key_usage(KEY_CERT_SIGN)))
    leaf = issued(LEAF, root).but(scheme="pss-sha256")

    def case(name_, about, verdict, algorithm, salt=None, **changes):
        one = leaf.but(algorithm=algorithm)
        one = one.but(signature=sign(root.key, one.signed(), "pss-sha256", salt))
        world.pki(f"pss-{name_}", about, verdict, UNTRUSTED, leaf=one, roots=[root], chain=None)

    hash_256 = identifier("2.16.840.1.101.3.4.2.1", der.null())
    mask_256 = identifier("1.2.840.113549.1.1.8", hash_256)
    pss = lambda *parts: identifier(RSA_PSS, der.sequence(*parts))  # noqa: E731
    case("no-null", "The hashes' parameters may be missing.", "accept", pss_identifier("sha256", parameters=b""))
    case("hash-null-alone", "The hashes' parameters may be there once.", "accept",
         pss(der.context(0, hash_256), der.context(1, identifier("1.2.840.113549.1.1.8", identifier("2.16.840.1.101.3.4.2.1"))), der.context(2, der.integer(32))))
    case("trailer-1", "The trailer may be written.", "accept", pss_identifier("sha256", trailer=1))
    case("trailer-2", "There is one trailer.", "reject", pss_identifier("sha256", trailer=2))
    case("other-mask-hash", "The mask's hash is the message's.", "reject", pss_identifier("sha256", mask_hash="sha384"))
    case("mask-sha1", "The mask's hash is the message's, and not SHA-1.", "reject", pss_identifier("sha256", mask_hash="sha1"))
    case("other-mask", "There is one kind of mask.", "reject", pss_identifier("sha256", mask=UNKNOWN))
    case("salt-20-stated", "The salt is as long as the hash.", "reject", pss_identifier("sha256", salt=20))
    case("salt-20", "A salt of 20 octets is too short, stated or not.", "reject", pss_identifier("sha256", salt=20), salt=20)
    case("salt-20-made", "A salt of another length than stated proves nothing.", "reject", pss_identifier("sha256"), salt=20)
    case("salt-0-made", "No salt proves nothing.", "reject", pss_identifier("sha256"), salt=0)
    case("salt-48-made", "A longer salt than stated proves nothing.", "reject", pss_identifier("sha256"), salt=48)
    case("salt-64", "A salt of 64 octets is too long for SHA-256.", "reject", pss_identifier("sha256", salt=64), salt=64)
    case("hash-sha1", "SHA-1 proves nothing.", "reject", pss_identifier("sha1"))
    case("no-parameters", "The parameters are required.", "reject", identifier(RSA_PSS))
    case("null", "NULL is no parameters.", "reject", identifier(RSA_PSS, der.null()))
    case("empty", "Empty parameters mean SHA-1.", "reject", pss())
    case("no-hash", "Without a hash it is SHA-1.", "reject", pss(der.context(1, mask_256), der.context(2, der.integer(32))))
    case("no-mask", "Without a mask it is one with SHA-1.", "reject", pss(der.context(0, hash_256), der.context(2, der.integer(32))))
    case("no-salt", "Without a length, the salt has 20 octets.", "reject", pss(der.context(0, hash_256), der.context(1, mask_256)))
    case("salt-negative", "A salt has no negative length.", "reject", pss_identifier("sha256", salt=-32))
    case("hash-integer", "The hashes' parameters are NULL.", "reject", pss_identifier("sha256", parameters=der.integer(1)))
    case("set", "Parameters are a SEQUENCE.", "reject", identifier(RSA_PSS, der.set_of(der.context(0, hash_256), der.context(1, mask_256))))


def _key_kinds(world):
    """Kinds of keys that sign images by a certificate."""
    signers = {
        "p224": EcKey("nistp224", "certificate-leaf"), "p256": EcKey("nistp256", "certificate-leaf"), "p384": EcKey("nistp384", "certificate-leaf"),
        "p521": EcKey("nistp521", "certificate-leaf"), "rsa1024": rsa(1024), "rsa2048": rsa(2048), "rsa3072": rsa(3072), "rsa4096": rsa(4096),
        "ed25519": Ed25519Key("certificate-leaf"),
    }
    stranger = key("stranger")
    for kind, signer in signers.items():
        leaf = LEAF.but(key=signer)
        world.both(f"signer-{kind}", f"A key {kind.upper()} in a certificate signs images.", "accept", None, leaf=leaf)
        world.pki(f"signer-{kind}-other-key", f"A signature by another key than the {kind.upper()} in the certificate is bad.", "reject", "bad-signature",
                  leaf=leaf, key=stranger)
    other = world.certified(leaf=LEAF, content=world.payload(reference="registry.example/app/web:2"))
    world.pki("signer-other-payload", "What is signed must be the image's name, whatever the certificate.", "reject", "identity-mismatch", blob=other)
