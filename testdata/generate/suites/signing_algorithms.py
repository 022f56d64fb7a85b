"""Which hash goes with which key, and the numbers under which RSA has been written."""

import calendar
import functools

from bench import CertificateBench
from clock import CREATED, DAY
from openpgp.algorithms import Rsa
from openpgp.keys import CERTIFY, Certificate, Key, key
from openpgp.messages import message
from openpgp.parts import SOMEBODY

HASH_BITS = {"sha1": 160, "sha224": 224, "sha256": 256, "sha384": 384, "sha512": 512}

# As long as the order of its group has to be the hash that a key signs; GnuPG is content with 512 bits.
NEEDED = {"dsa1024": 160, "dsa2048": 256, "nistp256": 256, "nistp384": 384, "nistp521": 512, "ed25519": 0, "rsa2048": 0}


def build(workshop):
    bench = CertificateBench(workshop, "signing-algorithms")
    for part in (_hashes, _rsa, _strength):
        part(workshop, bench.case)
    return bench.suite


def _hashes(workshop, case):
    """Data signatures and self-signatures over each hash by each key, under the policy that minds no weakness."""
    for algorithm, needed in NEEDED.items():
        for hash_name, bits in HASH_BITS.items():
            good = bits >= needed
            make = functools.partial(message, hash_name=hash_name)
            about = f"A key of {algorithm} {'may' if good else 'may not'} sign {hash_name.upper()}."
            case(f"{algorithm}-{hash_name}", about, "accept" if good else "reject", None if good else "bad-signature", workshop.certificate(algorithm),
                 make=make, variant=f"-{hash_name}", crypto_policy="gnupg")
        short = [name for name, bits in HASH_BITS.items() if bits < needed]
        if short:
            certificate = workshop.certificate(algorithm, hash_name=short[-1])
            case(f"{algorithm}-self-signature-{short[-1]}", f"A self-signature by {algorithm} over {short[-1].upper()} is none.", "reject", None, certificate,
                 crypto_policy="gnupg")


class _NumberedRsa(Rsa):
    """RSA under the numbers that RFC 4880 deprecates: 2 only encrypts, 3 only signs."""

    def __init__(self, number):
        super().__init__(2048)
        self.number = number


def _rsa(_workshop, case):
    for number, use, verdict in ((2, "only encrypts", "reject"), (3, "only signs", "accept")):
        primary = Key(_NumberedRsa(number), CREATED)
        case(f"rsa-{number}", f"RSA by the number {number}, which {use}.", verdict, None, Certificate(primary, SOMEBODY))
        certificate = Certificate(key(f"primary-of-rsa-{number}", CREATED), SOMEBODY, flags=CERTIFY)
        subkey = Key(_NumberedRsa(number), CREATED)
        certificate.add_subkey(subkey)
        case(f"rsa-{number}-subkey", f"A subkey of RSA by the number {number}, which {use}.", verdict, None, certificate, subkey)


def _strength(_workshop, case):
    """Each key that takes part must be strong enough, whatever the hash and the year, under the standard policy."""
    for name, primary in (("weak-primary-key", "rsa1024"), ("weak-subkey", "strong-primary")):
        certificate = Certificate(key(primary, CREATED), SOMEBODY, flags=CERTIFY)
        subkey = key("strong-subkey" if primary == "rsa1024" else "rsa1024", CREATED)
        certificate.add_subkey(subkey)
        case(name, f"A {name.replace('-', ' ')} is too weak, though the other key is strong.", "reject", "weak-algorithm", certificate, subkey)
    case("weak-dsa-strong-hash", "A strong hash makes no weak key strong.", "reject", "weak-algorithm", Certificate(key("dsa1024", CREATED), SOMEBODY),
         make=functools.partial(message, hash_name="sha256"), variant="-sha256")
    old, then = (calendar.timegm((2012, month, 1, 0, 0, 0)) for month in (1, 6))
    case("weak-rsa-in-2012", "A key is judged by what is strong, not by what was strong in its time.", "reject", "weak-algorithm",
         Certificate(key("rsa1024", old), SOMEBODY), signed=then, at=then + DAY)
