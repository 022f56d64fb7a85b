"""ML-DSA (FIPS 204) on Python's integers: deterministic signatures, slow and not side-channel safe. Good for test data only."""

import functools
import hashlib

Q, D, N = 8380417, 13, 256


def _reversed_bits(number):
    return int(f"{number:08b}"[::-1], 2)


ZETAS = [pow(1753, _reversed_bits(k), Q) for k in range(N)]


def _shake256(octets, size):
    return hashlib.shake_256(octets).digest(size)


def _ntt(polynomial):
    """Algorithm 41."""
    w, k, length = list(polynomial), 0, 128
    while length:
        for start in range(0, N, 2 * length):
            k += 1
            zeta = ZETAS[k]
            for j in range(start, start + length):
                t = zeta * w[j + length] % Q
                w[j + length], w[j] = (w[j] - t) % Q, (w[j] + t) % Q
        length //= 2
    return w


def _inverse_ntt(polynomial):
    """Algorithm 42."""
    w, k, length = list(polynomial), N, 1
    while length < N:
        for start in range(0, N, 2 * length):
            k -= 1
            zeta = -ZETAS[k]
            for j in range(start, start + length):
                t = w[j]
                w[j], w[j + length] = (t + w[j + length]) % Q, zeta * (t - w[j + length]) % Q
        length *= 2
    return [8347681 * value % Q for value in w]


def _times(one, other):
    return [a * b % Q for a, b in zip(one, other)]


def _plus(one, other):
    return [(a + b) % Q for a, b in zip(one, other)]


def _minus(one, other):
    return [(a - b) % Q for a, b in zip(one, other)]


def _around_zero(value, modulus):
    """The residue from -modulus / 2, exclusive, to modulus / 2."""
    value %= modulus
    return value - modulus if value > modulus // 2 else value


def _norm(vector):
    return max(abs(_around_zero(value, Q)) for polynomial in vector for value in polynomial)


def _pack(values, bits):
    """Algorithm 16, and 17 once the values are not negative: the lowest bits first."""
    number = sum(value << bits * position for position, value in enumerate(values))
    return number.to_bytes(N * bits // 8, "little")


def _unpack(octets, bits):
    number = int.from_bytes(octets, "little")
    return [number >> bits * position & (1 << bits) - 1 for position in range(N)]


def _uniform(seed):
    """Algorithm 30: a polynomial with uniform values."""
    octets, values = hashlib.shake_128(seed).digest(3 * 2 * N), []
    for position in range(0, len(octets), 3):
        value = int.from_bytes(octets[position : position + 3], "little") & 0x7FFFFF
        if value < Q:
            values.append(value)
    return values[:N]


class MlDsa:
    """A key pair. eta, tau, omega, collision strength and dimensions: FIPS 204, table 1."""

    gamma1, gamma2 = 1 << 19, (Q - 1) // 32

    def __init__(self, seed, k, l, eta, tau, strength, omega):
        self.seed, self.k, self.l, self.eta, self.tau, self.strength, self.omega = seed, k, l, eta, tau, strength, omega
        self.beta = tau * eta
        # Algorithm 6.
        expanded = _shake256(seed + bytes([k, l]), 128)
        rho, secrets, self.nonce_key = expanded[:32], expanded[32:96], expanded[96:]
        self.matrix = [[_uniform(rho + bytes([s, r])) for s in range(l)] for r in range(k)]
        short = [self._short(secrets + r.to_bytes(2, "little")) for r in range(l + k)]
        self.s1, self.s2 = [_ntt(p) for p in short[:l]], [_ntt(p) for p in short[l:]]
        t = [_plus(product, s2) for product, s2 in zip(self._by_matrix(self.s1), short[l:])]
        low = [[_around_zero(value, 1 << D) for value in p] for p in t]
        high = [[(value - below) >> D for value, below in zip(p, q)] for p, q in zip(t, low)]
        self.t0 = [_ntt(p) for p in low]
        self.public = rho + b"".join(_pack(p, 10) for p in high)

    def _short(self, seed):
        """Algorithm 31: a polynomial with values up to eta."""
        values = []
        for octet in _shake256(seed, 2 * N):
            for half in (octet & 0xF, octet >> 4):
                if self.eta == 2 and half < 15:
                    values.append(2 - half % 5)
                elif self.eta == 4 and half < 9:
                    values.append(4 - half)
        return values[:N]

    def _by_matrix(self, vector):
        """The product of the matrix and a transformed vector, transformed back."""
        rows = ([_times(a, v) for a, v in zip(row, vector)] for row in self.matrix)
        return [_inverse_ntt(functools.reduce(_plus, products)) for products in rows]

    def _mask(self, seed, count):
        """Algorithm 34."""
        octets = (_shake256(seed + (count + r).to_bytes(2, "little"), 32 * 20) for r in range(self.l))
        return [[self.gamma1 - value for value in _unpack(part, 20)] for part in octets]

    def _decompose(self, value):
        """Algorithm 36."""
        value %= Q
        low = _around_zero(value, 2 * self.gamma2)
        return (0, low - 1) if value - low == Q - 1 else ((value - low) // (2 * self.gamma2), low)

    def _high(self, vector):
        return [[self._decompose(value)[0] for value in p] for p in vector]

    def _ball(self, seed):
        """Algorithm 29: a polynomial with tau values that are 1 or -1."""
        octets = _shake256(seed, 8 + 4 * N)
        signs, octets = int.from_bytes(octets[:8], "little"), iter(octets[8:])
        values = [0] * N
        for position in range(N - self.tau, N):
            other = next(octet for octet in octets if octet <= position)
            values[position], values[other] = values[other], 1 - 2 * (signs >> position + self.tau - N & 1)
        return values

    @functools.lru_cache(None)
    def sign(self, message):
        """Algorithms 2 and 7, without a context and with 32 zeros for the random octets."""
        mu = _shake256(_shake256(self.public, 64) + bytes(2) + message, 64)
        seed, count = _shake256(self.nonce_key + bytes(32) + mu, 64), 0
        while True:
            y = self._mask(seed, count)
            count += self.l
            w = self._by_matrix([_ntt(p) for p in y])
            commitment = _shake256(mu + b"".join(_pack(p, 4) for p in self._high(w)), self.strength // 4)
            c = _ntt(self._ball(commitment))
            z = [_plus(p, _inverse_ntt(_times(c, s))) for p, s in zip(y, self.s1)]
            r = [_minus(p, _inverse_ntt(_times(c, s))) for p, s in zip(w, self.s2)]
            low = [[self._decompose(value)[1] for value in p] for p in r]
            if _norm(z) >= self.gamma1 - self.beta or _norm(low) >= self.gamma2 - self.beta:
                continue
            ct0 = [_inverse_ntt(_times(c, t)) for t in self.t0]
            with_ct0 = [_plus(p, q) for p, q in zip(r, ct0)]
            hints = [[a != b for a, b in zip(p, q)] for p, q in zip(self._high(r), self._high(with_ct0))]
            if _norm(ct0) >= self.gamma2 or sum(map(sum, hints)) > self.omega:
                continue
            packed = (_pack([self.gamma1 - _around_zero(value, Q) for value in p], 20) for p in z)
            return commitment + b"".join(packed) + self._pack_hints(hints)

    def _pack_hints(self, hints):
        """Algorithm 20."""
        places, ends = [], []
        for row in hints:
            places += [position for position, hint in enumerate(row) if hint]
            ends.append(len(places))
        return bytes(places).ljust(self.omega, b"\0") + bytes(ends)


@functools.lru_cache(None)
def ml_dsa_65(seed):
    return MlDsa(seed, k=6, l=5, eta=4, tau=49, strength=192, omega=55)


@functools.lru_cache(None)
def ml_dsa_87(seed):
    return MlDsa(seed, k=8, l=7, eta=2, tau=60, strength=256, omega=75)
