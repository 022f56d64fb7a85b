"""Makes the octets of a case out of its recipe: the same octets for the same recipe in the same slot.

A recipe is plain JSON:

    {"keys": {ROLE: {"algo", "created", "version"}}, "files": [FILE, …], "message": FILE}

A FILE is {"packets": [STEP, …]} with optional "armor" (see `envelope.py`), "cut" (octets that are missing at the end) and "tail" (hex).
A STEP makes one packet; "p" says which, and the functions below what else it holds. Every step may have "header" (a form of
`packets.packet`), "claim" (the length that the header claims), "flip" ([place, mask]) and "cut". Times are seconds since `CREATED`.
"""

import hashlib
import json

from clock import CREATED
from envelope import enclose
from material import Keys
from openpgp import packets
from openpgp.algorithms import HASHES, mpi, new_hash
from openpgp.keys import user_id_octets
from openpgp.packets import packet, subpacket
from workshop import REFERENCE

# The manifest of every case is empty.
CONTENT = json.dumps({
    "critical": {
        "identity": {"docker-reference": REFERENCE},
        "image": {"docker-manifest-digest": f"sha256:{hashlib.sha256(b'').hexdigest()}"},
        "type": "atomic container signature",
    },
    "optional": {"creator": "campaign", "timestamp": 0},
}, separators=(",", ":")).encode()

HASHES.setdefault("ripemd160", (3, "ripemd160", "3021300906052b2403020105000414"))


class Case:
    """The files of one recipe in one slot."""

    def __init__(self, recipe, slot):
        self._keys = Keys(slot, recipe.get("keys", {}))
        self.key_files = [enclose(self._file(file), file, "PGP PUBLIC KEY BLOCK") for file in recipe["files"]]
        message = recipe["message"]
        self.message = enclose(self._file(message), message, "PGP MESSAGE")

    def _file(self, file):
        octets = b"".join(self.packet(step) for step in file["packets"])
        if file.get("cut"):
            octets = octets[: -file["cut"]]
        return octets + bytes.fromhex(file.get("tail", ""))

    def packet(self, step):
        """The octets of one step."""
        kind = step["p"]
        if kind == "octets":
            return bytes.fromhex(step["hex"])
        tag, body = getattr(self, f"_{kind.replace('-', '_')}")(step)
        header = step.get("header", "new")
        if tag > 15 and header.startswith("old"):
            header = "new"
        octets = packet(tag, body, header, step.get("claim"))
        if "flip" in step and octets:
            place, mask = step["flip"]
            place %= len(octets)
            octets = octets[:place] + bytes([octets[place] ^ mask]) + octets[place + 1 :]
        return octets[: -step["cut"]] if step.get("cut") else octets

    def _key(self, step):
        """A primary key; k: whose."""
        return packets.PUBLIC_KEY, self._keys[step["k"]].public_body

    def _subkey(self, step):
        return packets.PUBLIC_SUBKEY, self._keys[step["k"]].public_body

    def _secret(self, step):
        """A secret key or, with "sub", subkey; "s2k": the octet of its protection."""
        key = self._keys[step["k"]]
        try:
            body = key.secret_body()
        except ValueError:
            body = key.public_body + b"\0"
        if "s2k" in step:
            place = len(key.public_body)
            body = body[:place] + bytes([step["s2k"]]) + body[place + 1 :]
        return packets.SECRET_SUBKEY if step.get("sub") else packets.SECRET_KEY, body

    def _uid(self, step):
        return packets.USER_ID, step["text"].encode()

    def _attr(self, step):
        return packets.USER_ATTRIBUTE, bytes.fromhex(step["hex"])

    def _raw(self, step):
        """A packet of any type; hex: its body; fill: [octet, count] behind that, with line feeds in between: gpg's filter for armor loses octets
        of a binary file that has no line feed in 20,000 octets."""
        octet, count = step.get("fill", (0, 0))
        return step["tag"], bytes.fromhex(step.get("hex", "")) + (bytes([octet]) * 99 + b"\n") * (count // 100)

    def _literal(self, step):
        """The signed content; mode: a letter. text: other content."""
        octets = packets.literal(self._content(step), step.get("mode", "b").encode(), step.get("name", "").encode(), step.get("date", 0))
        return packets.LITERAL, packets.body_of(octets)

    def _onepass(self, step):
        """by: a role; t, hash, alg, issuer: what it says; last: whether it is the last."""
        key = self._keys[step["by"]]
        number = HASHES[step.get("hash", key.default_hash)][0]
        head = bytes([step.get("v", 3), step.get("t", 0), number, step.get("alg", key.algorithm)])
        issuer = self._keys[step["issuer"]].key_id if "issuer" in step else key.key_id
        return packets.ONE_PASS, head + issuer[-8:] + bytes([step.get("last", 1)])

    def _compressed(self, step):
        """algo: 0 to 3; inside: steps."""
        inside = b"".join(self.packet(inner) for inner in step["inside"])
        if step["algo"] not in (0, 1, 2, 3):
            return packets.COMPRESSED, bytes([step["algo"]]) + inside
        return packets.COMPRESSED, packets.compressed(inside, step["algo"], "old-indeterminate")[1:]

    def _sig(self, step):
        return packets.SIGNATURE, self._signature_body(step)

    @staticmethod
    def _content(step):
        return step["text"].encode() if "text" in step else CONTENT

    def _signed(self, step):
        """The octets under a signature: "over" names keys by role, "u:TEXT" a user ID, "a:HEX" an attribute, "content" the document."""
        out = b""
        for name in step.get("over", ()):
            if name.startswith("u:"):
                out += user_id_octets(name[2:])
            elif name.startswith("a:"):
                octets = bytes.fromhex(name[2:])
                out += b"\xd1" + len(octets).to_bytes(4, "big") + octets
            elif name == "content":
                content = self._content(step)
                out += content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if step["t"] == packets.TEXT else content
            else:
                out += self._keys[name].hashed_body
        return out

    def _signature_body(self, step):
        """t: the type; by: the signer; over: what it signs; v: the version; hash, alg: algorithms; hashed, unhashed: subpackets;
        value: how the integers are written; wrong: "left16" or "value"; hflip: a flip in the hashed subpackets before signing."""
        signer, version, signed = self._keys[step["by"]], step.get("v", 4), self._signed(step)
        hash_name = step.get("hash", signer.default_hash)
        value = _WRITINGS[step["value"]] if "value" in step else None
        if version in (2, 3):
            time = CREATED + next((item[1] for item in step.get("hashed", ()) if item[0].rstrip("!") == "time"), 0)
            body = packets.body_of(packets.signature_v3(signer, step["t"], signed, max(time, 0), hash_name, "new", version, step.get("hlen", 5)))
            return body
        hashed = b"".join(map(self._subpacket, step.get("hashed", ())))
        if "hflip" in step and hashed:
            place, mask = step["hflip"]
            place %= len(hashed)
            hashed = hashed[:place] + bytes([hashed[place] ^ mask]) + hashed[place + 1 :]
        unhashed = b"".join(map(self._subpacket, step.get("unhashed", ())))
        if version == 5:
            return self._version_5(step, signer, signed, hashed, unhashed, hash_name)
        if version == 6 and hash_name not in ("sha256", "sha384", "sha512"):
            hash_name = "sha256"
        octets = packets.signature(signer, step["t"], signed, hashed, unhashed, hash_name, corrupt=step.get("wrong"), version=version,
                                   algorithm=step.get("alg"), value=value)
        return packets.body_of(octets)

    @staticmethod
    def _version_5(step, signer, signed, hashed, unhashed, hash_name):
        """draft-ietf-openpgp-rfc4880bis, 5.2.4: what is added differs, and holds the literal's own data."""
        head = bytes([5, step["t"], step.get("alg", signer.algorithm), HASHES[hash_name][0]]) + len(hashed).to_bytes(2, "big") + hashed
        state = new_hash(hash_name)
        state.update(signed + head)
        if step["t"] in (packets.BINARY, packets.TEXT):
            state.update(b"b\0" + bytes(4))
        state.update(b"\x05\xff" + len(head).to_bytes(8, "big"))
        digest = state.digest()
        return head + len(unhashed).to_bytes(2, "big") + unhashed + digest[:2] + signer.sign(hash_name, digest)

    def _subpacket(self, item):
        """One subpacket: [NAME, argument…]; an exclamation mark behind the name makes it critical."""
        name, critical = item[0].rstrip("!"), item[0].endswith("!")
        if name == "octets":
            return bytes.fromhex(item[1])
        number, body = self._subpacket_body(name, item)
        return subpacket(number, body, critical)

    def _subpacket_body(self, name, item):
        argument = item[1]
        if name == "time":
            return 2, (max(CREATED + argument, 0) & 0xFFFFFFFF).to_bytes(4, "big")
        if name in _SECONDS:
            return _SECONDS[name], (argument & 0xFFFFFFFF).to_bytes(4, "big")
        if name in _OCTETS:
            return _OCTETS[name], bytes([argument])
        if name == "issuer":
            return 16, self._keys[argument].key_id
        if name == "fpr":
            key = self._keys[argument]
            return 33, bytes([item[2] if len(item) > 2 else key.version]) + key.fingerprint
        if name == "revoker":
            key = self._keys[argument]
            return 12, bytes([item[2] if len(item) > 2 else 0x80, key.algorithm]) + key.fingerprint
        if name == "reason":
            return 29, bytes([argument])
        if name == "embed":
            return 32, self._signature_body(argument)
        if name == "notation":
            return 20, packets.notation(argument, "value")[2:]
        if name == "raw":
            return argument, bytes.fromhex(item[2])
        raise ValueError(f"there is no subpacket {name}")


_SECONDS = {"sexp": 3, "kexp": 9}
_OCTETS = {"flags": 27, "export": 4, "revocable": 7, "primary": 25, "features": 30}


def _first(change):
    """Changes the first integer of a signature."""
    def write(octets):
        size = (int.from_bytes(octets[:2], "big") + 7) // 8 + 2
        return change(octets[:size]) + octets[size:]
    return write


_WRITINGS = {
    "empty": lambda octets: bytes(4),
    "first-empty": _first(lambda _: bytes(2)),
    "zero": _first(lambda _: b"\0\x08\0"),
    "leading-zero": _first(lambda one: (int.from_bytes(one[:2], "big") // 8 * 8 + 16).to_bytes(2, "big")
                           + b"\0" * (1 + (int.from_bytes(one[:2], "big") % 8 == 0)) + one[2:]),
    "bits-less": _first(lambda one: (int.from_bytes(one[:2], "big") - 1).to_bytes(2, "big") + one[2:]),
    "bits-more": _first(lambda one: (int.from_bytes(one[:2], "big") + 1).to_bytes(2, "big") + one[2:]),
    "long": _first(lambda one: b"\x40\x01" + one[2:] + bytes(2049 - len(one) + 2)),
    "cut": lambda octets: octets[:-3],
    "more": lambda octets: octets + b"\0\x01\x01",
    "doubled": lambda octets: octets * 2,
    "one": _first(lambda _: mpi(1)),
}
