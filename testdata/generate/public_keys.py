"""Keys that sign for sigstore: their public halves as SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) and PKCS #1 (RFC 8017), and their signatures.

Each class holds the material of a secret key that is derived from a label. `spki()` and its parts take what is to be wrong as parameters.
"""

import hashlib
import math

import der
from openpgp import primes
from openpgp.algorithms import HASHES, Ecdsa, Ed25519, _Edwards25519
from x509 import pem

EC_PUBLIC_KEY, RSA_ENCRYPTION, ED25519 = "1.2.840.10045.2.1", "1.2.840.113549.1.1.1", "1.3.101.112"
X25519, X448, ED448, DSA = "1.3.101.110", "1.3.101.111", "1.3.101.113", "1.2.840.10040.4.1"
RSA_PSS, EC_DH = "1.2.840.113549.1.1.10", "1.3.132.1.12"
CURVE_OIDS = {"nistp224": "1.3.132.0.33", "nistp256": "1.2.840.10045.3.1.7", "nistp384": "1.3.132.0.34", "nistp521": "1.3.132.0.35",
              "secp256k1": "1.3.132.0.10", "brainpoolP256r1": "1.3.36.3.3.2.8.1.1.7"}


def digest_of(message, hash_name="sha256"):
    return hashlib.new(HASHES[hash_name][1], message).digest()


def key_info(algorithm, key, unused=0, after=b""):
    """A SubjectPublicKeyInfo of its two halves; algorithm: the AlgorithmIdentifier as it stands."""
    return der.sequence(algorithm, der.bit_string(key, unused), after)


def ecdsa_value(r, s):
    """The two numbers of an ECDSA signature in DER."""
    return der.sequence(der.integer(r), der.integer(s))


class EcKey:
    """ECDSA."""

    def __init__(self, curve, label="sigstore"):
        self.name, self.slug, self.material = curve, f"{curve}-{label}", Ecdsa(curve, label)
        self.curve = self.material.curve

    def point(self):
        """The point, uncompressed."""
        return b"\x04" + b"".join(coordinate.to_bytes(self.curve.size, "big") for coordinate in self.material.point)

    def algorithm(self):
        return der.sequence(der.oid(EC_PUBLIC_KEY), der.oid(CURVE_OIDS[self.name]))

    def spki(self, algorithm=None, point=None, **options):
        return key_info(algorithm or self.algorithm(), self.point() if point is None else point, **options)

    def pem(self):
        return pem("PUBLIC KEY", self.spki())

    def numbers(self, message, hash_name="sha256"):
        """r and s."""
        mpis, numbers = self.material.sign(hash_name, digest_of(message, hash_name)), []
        while mpis:
            size = (int.from_bytes(mpis[:2], "big") + 7) // 8
            numbers.append(int.from_bytes(mpis[2 : 2 + size], "big"))
            mpis = mpis[2 + size :]
        return tuple(numbers)

    def sign(self, message, hash_name="sha256"):
        return ecdsa_value(*self.numbers(message, hash_name))


class RsaKey:
    """RSA of any number of primes, so that a large key costs no search for large ones."""

    def __init__(self, factors, e=65537):
        self.factors, self.e = factors, e
        self.n = math.prod(factors)
        self.slug = f"rsa{self.bits}" + ("" if e == 65537 else f"-e{e}")
        self.d = None
        if all(math.gcd(e, prime - 1) == 1 for prime in factors):
            self.d = {prime: pow(e, -1, prime - 1) for prime in factors}

    @property
    def size(self):
        return (self.n.bit_length() + 7) // 8

    @property
    def bits(self):
        return self.n.bit_length()

    def pkcs1(self, n=None, e=None, after=b""):
        return der.sequence(der.integer(self.n if n is None else n), der.integer(self.e if e is None else e), after)

    def algorithm(self):
        return der.sequence(der.oid(RSA_ENCRYPTION), der.null())

    def spki(self, algorithm=None, key=None, **options):
        return key_info(algorithm or self.algorithm(), self.pkcs1() if key is None else key, **options)

    def pem(self):
        return pem("PUBLIC KEY", self.spki())

    def pkcs1_pem(self):
        return pem("RSA PUBLIC KEY", self.pkcs1())

    def padded(self, message, hash_name="sha256", prefix=None, kind=1):
        """What is raised to the secret power: EMSA-PKCS1-v1_5."""
        info = (bytes.fromhex(HASHES[hash_name][2]) if prefix is None else prefix) + digest_of(message, hash_name)
        return bytes([0, kind]) + b"\xff" * (self.size - 3 - len(info)) + b"\x00" + info

    def power(self, padded):
        """The signature of padded octets, by the Chinese remainder theorem."""
        value, result, modulus = int.from_bytes(padded, "big"), 0, 1
        for prime in self.factors:
            residue = pow(value % prime, self.d[prime], prime)
            result += modulus * ((residue - result) * pow(modulus, -1, prime) % prime)
            modulus *= prime
        return result

    def sign(self, message, hash_name="sha256", **options):
        return self.power(self.padded(message, hash_name, **options)).to_bytes(self.size, "big")


class Ed25519Key:
    """Ed25519 over the message itself."""

    order = _Edwards25519.order

    def __init__(self, label="sigstore"):
        self.slug, self.material = f"ed25519-{label}", Ed25519(label)

    def algorithm(self):
        return der.sequence(der.oid(ED25519))

    def spki(self, algorithm=None, point=None, **options):
        return key_info(algorithm or self.algorithm(), self.material.point if point is None else point, **options)

    def pem(self):
        return pem("PUBLIC KEY", self.spki())

    def sign(self, message):
        return self.material.sign(None, message)

    def challenge(self, commitment, message):
        return int.from_bytes(hashlib.sha512(commitment + self.material.point + message).digest(), "little") % self.order


def base_multiple(scalar):
    """A multiple of Ed25519's base point, as it is written."""
    return _Edwards25519.multiply_base(scalar)


def stored_primes(bits):
    """The primes that `primes.json` has for RSA of this size."""
    stored = primes.load()
    return [stored[f"rsa{bits}-p"], stored[f"rsa{bits}-q"]]


def rsa(bits, e=65537):
    """RSA of exactly so many bits: the stored primes where there are some, else of products of these and one more prime."""
    if e != 65537:
        return RsaKey([_fitting_prime(f"sigstore-rsa{bits}-e{e}-{part}", bits // 2, e) for part in "pq"], e)
    if bits in primes.RSA_BITS:
        return RsaKey(stored_primes(bits), e)
    if bits < 1024:
        factors = [_fitting_prime(f"sigstore-rsa{bits}-p", bits // 2, e)]
    else:
        factors = []
        for size in reversed(primes.RSA_BITS):
            if math.prod(factors).bit_length() + size + 24 <= bits:
                factors += stored_primes(size)
    rest = bits - math.prod(factors).bit_length()
    # The leading bits of a product decide whether it has one bit less than its factors together.
    for more in (0, 1):
        key = RsaKey([*factors, _fitting_prime(f"sigstore-rsa{bits}-q", rest + more, e)], e)
        if key.bits == bits:
            return key
    raise ValueError(f"no RSA key of {bits} bits")


def _fitting_prime(label, bits, e):
    """A prime of exactly so many bits, with one less than which the exponent has no divisor in common."""
    candidate = primes.number(label, bits) | 1
    while True:
        candidate = primes.next_prime(candidate)
        if math.gcd(candidate - 1, e) == 1:
            return candidate
        candidate += 2
