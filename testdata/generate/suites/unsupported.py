"""What not every implementation can check: curves, key sizes, algorithms and versions, alone and beside what all of them can.

It is not bad: who cannot check it says so. And where the signature is by a key that nobody trusts, that is all there is to say.
"""

from clock import AT, CREATED, DAY, SIGNED
from openpgp import packets
from openpgp.algorithms import Rsa
from openpgp.keys import CERTIFY, SIGN, Certificate, Key, key
from openpgp.messages import data_signature, message, message_v3
from openpgp.packets import literal, one_pass, packet
from openpgp.parts import SOMEBODY, Parts
from workshop import IMAGE, NOBODY_CHECKS, Suite, policy, signed_by

# What the pure-Rust backend of the sequoia engine cannot calculate with.
ELSEWHERE = ("secp256k1", "brainpoolP256r1", "rsa8192")


def build(workshop):
    suite = Suite("unsupported")

    def case(name, about, verdict, code, key_files, *blobs, at=AT):
        """One case: key_files are octets, or a list of them; each blob is a path, or octets."""
        files = key_files if isinstance(key_files, list) else [key_files]
        paths = [workshop.write(f"keys/unsupported/{name.lower()}{f'-{n}' if n > 1 else ''}.gpg", octets) for n, octets in enumerate(files, 1)]
        signatures = [blob if isinstance(blob, str) else workshop.blob(f"unsupported/{name.lower()}{f'-{n}' if n > 1 else ''}.sig", blob)
                      for n, blob in enumerate(blobs, 1)]
        suite.case(name, about, verdict, code, policy=policy(signed_by(paths if len(paths) > 1 else paths[0])), image=IMAGE,
                   manifest=workshop.manifest, signatures=signatures, at=at)

    for part in (_elsewhere, _algorithms, _hashes, _versions):
        part(workshop, case)
    return suite


def _elsewhere(workshop, case):
    """Keys that some can use and others cannot."""
    good, content = workshop.signer, workshop.payload()
    by_good = message(good.primary, content, SIGNED)
    bad = by_good.replace(b"1.4.2", b"1.4.3")
    for name in ELSEWHERE:
        signer = Key(Rsa(8192), CREATED) if name == "rsa8192" else key(name, CREATED)
        certificate = Certificate(signer, f"Signer with {name} <{name.lower()}@example.org>")
        by_it = message(signer, content, SIGNED)
        both = good.public() + certificate.public()
        case(f"{name}-alone", f"A key of {name} is a key.", "accept", None, certificate.public(), by_it)
        case(f"{name}-alone-signed-by-stranger", f"A signature by another key than the one of {name} that is trusted.", "reject", "unknown-key",
             certificate.public(), message(workshop.stranger.primary, content, SIGNED))
        case(f"{name}-beside-good", f"A key of {name} counts beside one of another algorithm.", "accept", None, both, by_it)
        case(f"{name}-beside-good-in-other-file", f"A key of {name} counts in a file of its own.", "accept", None, [good.public(), certificate.public()], by_it)
        case(f"{name}-good-beside", f"A key counts beside one of {name}.", "accept", None, both, by_good)
        case(f"{name}-good-beside-first", f"A key counts behind one of {name}.", "accept", None, certificate.public() + good.public(), by_good)
        case(f"{name}-not-trusted", f"A signature by a key of {name} that is not trusted.", "reject", "unknown-key", good.public(), by_it)
        for order, blobs in (("first", (by_it, by_good)), ("last", (by_good, by_it))):
            case(f"{name}-signed-{order}-of-two", f"An image that a key of {name} and another one signed.", "accept", None, both, *blobs)
        for order, blobs in (("first", (by_it, bad)), ("last", (bad, by_it))):
            case(f"{name}-signed-{order}-beside-bad", f"A signature by {name} counts beside one of something else.", "accept", None, both, *blobs)
        primary = Certificate(key(f"primary-of-{name}", CREATED), SOMEBODY, flags=CERTIFY).add_subkey(signer)
        case(f"{name}-subkey", f"A signing subkey of {name}.", "accept", None, primary.public(), by_it)
        subkey = key(f"subkey-of-{name}", CREATED + DAY)
        case(f"{name}-primary-of-signing-subkey", f"A signing subkey whose primary key is of {name}.", "accept", None,
             Certificate(signer, SOMEBODY).add_subkey(subkey).public(), message(subkey, content, SIGNED))
        case(f"{name}-primary-signs-beside-subkey", f"A primary key that signs beside a subkey of {name}.", "accept", None,
             Certificate(good.primary, SOMEBODY).add_subkey(signer).public(), by_good)


class _Unheard:
    """Key material of an algorithm that nobody knows."""

    number, default_hash = 99, "sha256"

    def public(self):
        return b"\n" * 40

    def secret(self):
        return b"\n"

    def sign(self, hash_name, digest):
        return digest


def _algorithms(workshop, case):
    """Public-key algorithms that nobody knows."""
    signer, content = workshop.signer.primary, workshop.payload()
    for number, words in ((20, "Elgamal, which signs no more"), (27, "Ed25519, which keys of version 6 have"), (99, "one that nobody knows")):
        def blob(number=number, by=signer):
            return one_pass(by) + literal(content) + data_signature(by, content, SIGNED, algorithm=number)

        about = f"A signature of version 4 that names for its algorithm {words}"
        case(f"signature-algorithm-{number}", f"{about}.", NOBODY_CHECKS, "unsupported-signature", workshop.signer.public(), blob())
        case(f"signature-algorithm-{number}-by-stranger", f"{about}, by a key that is not trusted.", "reject", "unknown-key", workshop.stranger.public(),
             blob())
    parts = Parts(key("elgamal-primary", CREATED), key("elgamal-subkey", CREATED))
    for name, by, octets in (("self-signature", parts.primary, parts.certificate(algorithm=20)), ("binding", parts.subkey, parts.with_subkey(algorithm=20))):
        case(f"{name}-algorithm-20", f"A {name.replace('-', ' ')} that names Elgamal for its algorithm.", NOBODY_CHECKS, "unsupported-signature", octets,
             message(by, content, SIGNED))
    case("back-signature-algorithm-20", "A back signature may name any algorithm for its own, as in GnuPG.", "accept", None,
         parts.with_subkey(back_odd={"algorithm": 20}), message(parts.subkey, content, SIGNED))
    unheard = Key(_Unheard(), CREATED)
    certificate = Certificate(unheard, SOMEBODY)
    blob = message(unheard, content, SIGNED)
    case("key-algorithm-99", "A key of an algorithm that nobody knows.", NOBODY_CHECKS, "unsupported-signature", certificate.public(), blob)
    case("key-algorithm-99-beside-good", "The same beside a good key.", NOBODY_CHECKS, "unsupported-signature", workshop.signer.public() + certificate.public(),
         blob)
    case("key-algorithm-99-good-beside", "A good key before one of an algorithm that nobody knows.", "accept", None,
         workshop.signer.public() + certificate.public(), message(signer, content, SIGNED))
    primary = Certificate(key("primary-of-unheard", CREATED), SOMEBODY, flags=CERTIFY | SIGN)
    primary.add_subkey(unheard)
    case("subkey-algorithm-99", "A subkey of an algorithm that nobody knows.", NOBODY_CHECKS, "unsupported-signature", primary.public(), blob)
    case("subkey-algorithm-99-primary-signs", "A subkey of an algorithm that nobody knows does no harm to its primary key.", "accept", None, primary.public(),
         message(primary.primary, content, SIGNED))


def _hashes(workshop, case):
    """Hash algorithms that nobody knows."""
    signer, content = workshop.signer.primary, workshop.payload()
    for number in (4, 7, 110):
        announced, signature = one_pass(signer), data_signature(signer, content, SIGNED)
        other = announced + literal(content) + signature[:5] + bytes([number]) + signature[6:]
        same = announced[:4] + bytes([number]) + other[5:]
        case(f"hash-{number}", f"A signature over the hash algorithm {number}, which nobody knows.", NOBODY_CHECKS, "unsupported-signature",
             workshop.signer.public(), same)
        case(f"hash-{number}-by-stranger", "The same by a key that is not trusted.", "reject", "unknown-key", workshop.stranger.public(), same)
        case(f"hash-{number}-announced-otherwise", "The same under a one-pass packet that announces another hash.", NOBODY_CHECKS, "unsupported-signature",
             workshop.signer.public(), other)


def _versions(workshop, case):
    """Keys of version 3, which were RSA, and whose key ID is the end of the modulus."""
    content = workshop.payload()
    old = Key(Rsa(2048), CREATED, version=3)
    public = packet(packets.PUBLIC_KEY, old.public_body)
    self_signature = packets.signature_v3(old, packets.CERTIFICATION, b"\x99" + len(old.public_body).to_bytes(2, "big") + old.public_body + SOMEBODY.encode(),
                                          CREATED)
    certificate = public + packet(packets.USER_ID, SOMEBODY.encode()) + self_signature
    for name, key_file in (("alone", certificate), ("beside-good", certificate + workshop.signer.public())):
        case(f"key-version-3-{name}", f"A signature by a key of version 3 ({name.replace('-', ' ')}).", NOBODY_CHECKS, "unsupported-signature", key_file,
             message_v3(old, content, SIGNED))
    case("key-version-3-not-trusted", "A signature by a key of version 3 that is not trusted.", "reject", "unknown-key", workshop.signer.public(),
         message_v3(old, content, SIGNED))
    case("key-version-3-signed-by-stranger", "A signature by another key than the one of version 3 that is trusted.", "reject", "unknown-key", certificate,
         message(workshop.stranger.primary, content, SIGNED))
