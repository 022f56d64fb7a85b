"""Docker schema 1 manifests and their JSON Web Signatures, as libtrust writes them."""

import base64
import hashlib
import json

from openpgp.algorithms import Ecdsa, new_hash
from workshop import digest


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


class Schema1:
    """A Docker schema 1 manifest and its JSON Web Signatures, as libtrust writes them."""

    def __init__(self, tag="1.4.2"):
        document = {
            "schemaVersion": 1,
            "name": "app/web",
            "tag": tag,
            "architecture": "amd64",
            "fsLayers": [{"blobSum": digest(b"layer of web")}],
            "history": [{"v1Compatibility": '{"id":"' + "ab" * 32 + '"}'}],
        }
        self.payload = json.dumps(document, indent=3).encode()
        self.key = Ecdsa("nistp256")
        # What stands before the signatures, and the tail that closes the payload.
        self.format_length, self.format_tail = len(self.payload) - 2, b"\n}"

    def block(self, protected=None, header=None, signature=None):
        """One signature; each part can be replaced."""
        if protected is None:
            protected = {"formatLength": self.format_length, "formatTail": base64url(self.format_tail), "time": "2025-06-01T12:00:00Z"}
        protected = protected if isinstance(protected, str) else base64url(json.dumps(protected).encode())
        if header is None:
            header = {"jwk": self.jwk(), "alg": "ES256"}
        state = new_hash("sha256")
        state.update(f"{protected}.{base64url(self.payload)}".encode())
        return {"header": header, "signature": signature or base64url(self._raw(state.digest())), "protected": protected}

    def jwk(self, **members):
        """The public key; members can be added or replaced."""
        x, y = self._coordinates()
        return {"crv": "P-256", "kty": "EC", "x": base64url(x), "y": base64url(y)} | members

    def key_id(self):
        """The key's ID as libtrust makes it: base32 of a hash of the key in DER, in groups of four."""
        der = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200") + b"\x04" + b"".join(self._coordinates())
        text = base64.b32encode(hashlib.sha256(der).digest()[:30]).decode()
        return ":".join(text[at : at + 4] for at in range(0, len(text), 4))

    def _coordinates(self):
        size = self.key.curve.size
        return [coordinate.to_bytes(size, "big") for coordinate in self.key.point]

    def _raw(self, hashed):
        """The signature as r and s of 32 octets each."""
        octets, out = self.key.sign("sha256", hashed), b""
        while octets:
            size = (int.from_bytes(octets[:2], "big") + 7) // 8
            out, octets = out + octets[2 : 2 + size].rjust(32, b"\0"), octets[2 + size :]
        return out

    def signed(self, blocks):
        """The manifest with these signatures before its last brace."""
        text = json.dumps(blocks, indent=3).replace("\n", "\n   ")
        return self.payload[: self.format_length] + f',\n   "signatures": {text}\n}}'.encode()
