"""What RFC 9580 added to OpenPGP, and GnuPG does not read.

Keys of version 6 count, though not under the policy that takes what GnuPG takes. With keys of version 4, which GnuPG
reads, GnuPG has the last word: its algorithms, and no others.
"""

import functools

from bench import CertificateBench
from clock import CREATED, DAY, SIGNED
from openpgp import packets
from openpgp.algorithms import Ed25519, X25519
from openpgp.keys import CERTIFY, ENCRYPT, SIGN, Certificate, Key, key, user_id_octets
from openpgp.messages import data_signature, message, old_style
from openpgp.packets import packet, subpacket
from openpgp.parts import SOMEBODY
from workshop import NOBODY_CHECKS


def build(workshop):
    bench = CertificateBench(workshop, "rfc9580")
    for part in (_version_6, _version_4, _hashes):
        part(workshop, bench.case)
    return bench.suite


def certificate_of(primary):
    """A certificate of version 6: the direct key signature says what the key is for, and the user ID is an extra."""
    certificate = Certificate(primary, None)
    hashed = packets.created(CREATED) + subpacket(27, bytes([CERTIFY | SIGN])) + primary.issuer()
    certificate.packets.append(packets.signature(primary, packets.DIRECT_KEY, primary.hashed_body, hashed))
    certificate.user_id = SOMEBODY
    certificate.packets.append(packet(packets.USER_ID, SOMEBODY.encode()))
    hashed = packets.created(CREATED) + primary.issuer()
    certificate.packets.append(packets.signature(primary, packets.CERTIFICATION, primary.hashed_body + user_id_octets(SOMEBODY), hashed))
    return certificate


def _over(hash_name):
    """Signs with this hash."""
    return {"make": functools.partial(message, hash_name=hash_name), "variant": f"-{hash_name}"}


def _as_version(version):
    """Signs with a signature of another version than the key; a one-pass signature packet could not announce it."""
    return {"make": functools.partial(old_style, version=version), "variant": f"-version-{version}"}


def _version_6(_workshop, case):
    six = Key(Ed25519("version-6"), CREATED, version=6)
    case("version-6", "A version 6 Ed25519 key signs.", "accept", None, certificate_of(six))
    case("version-6-gnupg", "GnuPG reads no version 6 key, nor does its policy.", NOBODY_CHECKS, "unsupported-signature", certificate_of(six),
         crypto_policy="gnupg")
    case("version-6-sha3", "A version 6 key may sign over SHA3-256.", "accept", None, certificate_of(six), **_over("sha3-256"))
    subkey = Key(Ed25519("version-6-subkey"), CREATED, version=6)
    with_subkeys = certificate_of(six).add_subkey(subkey)
    with_subkeys.add_subkey(Key(X25519("version-6"), CREATED, version=6), flags=ENCRYPT, back_signature=None)
    case("version-6-subkey", "A version 6 subkey signs, beside one that decrypts.", "accept", None, with_subkeys, subkey)
    case("version-6-signs-as-version-4", "A version 6 key makes no version 4 signatures.", NOBODY_CHECKS, None, certificate_of(six), **_as_version(4))
    four = key("version-4-beside-version-6", CREATED)
    case("version-4-signs-as-version-6", "A version 4 key makes no version 6 signatures.", "reject", None, Certificate(four, SOMEBODY),
         **_as_version(6))
    six_first = certificate_of(six).public() + Certificate(four, SOMEBODY).public()
    for crypto_policy in ("standard", "gnupg"):
        case(f"version-6-before-version-4-{crypto_policy}", "A version 6 key does no harm to a key that follows.", "accept", None, None, four,
             key_file=six_first, crypto_policy=crypto_policy)
    case("version-6-before-version-4-armored", "The same, in ASCII armor.", "accept", None, None, four, key_file=packets.armored(six_first))
    case("version-6-after-version-4", "A version 6 key does no harm to a key before it.", "accept", None, None, four,
         key_file=Certificate(four, SOMEBODY).public() + certificate_of(six).public())
    for name, hashed in (("direct-signature", True), ("user-id", False)):
        lone = Certificate(Key(Ed25519(f"version-6-{name}"), CREATED, version=6), None)
        lone = lone.add_direct_signature(hash_name="sha256") if hashed else lone.add_user_id(SOMEBODY, hash_name="sha256")
        case(f"version-6-{name}-only", f"A {name.replace('-', ' ')} alone makes a good key of version 6.", "accept", None, lone, **_over("sha256"))
    announced = packets.body_of(packets.one_pass(six, hash_name="sha256"))
    other_salt = announced[:5] + bytes(octet ^ 1 for octet in announced[5:21]) + announced[21:]
    for name, about, body in (
        ("other-salt", "A one-pass packet with another salt than the signature's refuses.", other_salt),
        ("version-3", "A one-pass packet of version 3 does not announce a version 6 signature.", bytes([3, 0, 8, six.algorithm]) + six.key_id + b"\1"),
    ):
        def make(signer, content, time, body=body):
            return packet(packets.ONE_PASS, body) + packets.literal(content) + data_signature(signer, content, time, hash_name="sha256")

        case(f"version-6-one-pass-{name}", about, "reject", None, certificate_of(six), make=make, variant=f"-one-pass-{name}")
    certified = Certificate(key("certified-by-version-6", CREATED), SOMEBODY).add_user_id("Second <second@example.org>", signed_by=six)
    case("version-6-certifies", "A version 6 certification does no harm to its key, nor to others.", "accept", None, None, four,
         key_file=certified.public() + Certificate(four, SOMEBODY).public())


def _version_4(_workshop, case):
    """Version 4 keys with the octets of fixed length that RFC 9580 writes for Ed25519."""
    for crypto_policy in ("standard", "gnupg"):
        primary = Key(Ed25519("version-4"), CREATED)
        case(f"version-4-ed25519-{crypto_policy}", "GnuPG does not know algorithm 27, in a primary key.", NOBODY_CHECKS, "unsupported-signature",
             Certificate(primary, SOMEBODY), crypto_policy=crypto_policy)
        certificate = Certificate(key("primary-of-algorithm-27", CREATED), SOMEBODY, flags=CERTIFY)
        subkey = Key(Ed25519("version-4-subkey"), CREATED)
        certificate.add_subkey(subkey)
        case(f"version-4-ed25519-subkey-{crypto_policy}", "GnuPG does not know algorithm 27, in a subkey.", NOBODY_CHECKS, "unsupported-signature", certificate,
             subkey,
             crypto_policy=crypto_policy)
    certificate = Certificate(key("primary-beside-algorithm-27", CREATED), SOMEBODY).add_subkey(Key(Ed25519("subkey-beside"), CREATED))
    case("version-4-ed25519-subkey-beside", "A subkey of algorithm 27 does no harm to its primary key.", "accept", None, certificate)


def _hashes(workshop, case):
    """SHA-3 with version 4 keys."""
    for hash_name in ("sha3-256", "sha3-512"):
        for algorithm in ("rsa2048", "ed25519"):
            certificate = workshop.certificate(algorithm, SOMEBODY)
            case(f"{hash_name}-{algorithm}", f"GnuPG does not know {hash_name.upper()}, in a data signature.", NOBODY_CHECKS, "unsupported-signature",
                 certificate,
                 **_over(hash_name))
    certificate = workshop.certificate("sha3-self-signature", hash_name="sha3-256")
    case("sha3-self-signature", "GnuPG does not know SHA3-256, in a self-signature.", NOBODY_CHECKS, "unsupported-signature", certificate)
    for name, options in (("binding", {"hash_name": "sha3-256"}), ("back-signature", {"back_hash": "sha3-256"})):
        certificate = Certificate(key(f"sha3-{name}-primary", CREATED), SOMEBODY, flags=CERTIFY)
        subkey = key(f"sha3-{name}-subkey", CREATED)
        certificate.add_subkey(subkey, **options)
        case(f"sha3-{name}", f"GnuPG does not know SHA3-256, in a {name.replace('-', ' ')}.", NOBODY_CHECKS, "unsupported-signature", certificate, subkey)
    revoked = workshop.certificate("sha3-revocation").revoke(SIGNED + DAY, hash_name="sha3-256")
    case("sha3-revocation", "A revocation counts over whatever hash: its owner wants the key gone.", "reject", "key-revoked", revoked)
