"""What people put in place of a key, a signature or a manifest."""

import base64
import struct
import zlib

import x509
from clock import CREATED, SIGNED, YEAR
from gpg import Gpg
from openpgp import packets, primes
from openpgp.algorithms import octet_mpi
from openpgp.keys import ENCRYPT, Certificate, decryption_key, key
from openpgp.packets import armored, packet

USER_ID = "Example Mistakes <mistakes@registry.example>"

PAGE = b"""<!DOCTYPE html>
<html><head><title>Sign in</title></head>
<body>Sign in to registry.example</body></html>
"""


def build(workshop, folder):
    """Writes the files into the folder."""
    folder.mkdir()
    for files in (_keys(), _signatures(workshop), _manifests(workshop.manifest_bytes)):
        for name, octets in files.items():
            folder.joinpath(name).write_bytes(octets)


def _signer():
    return Certificate(key("example-mistakes", CREATED), USER_ID)


def _keys():
    """A key, and what is none."""
    signer = _signer()
    decrypts = decryption_key("example-mistakes", CREATED)
    public = _signer().add_subkey(decrypts, flags=ENCRYPT, back_signature=None).public()
    fingerprint = signer.primary.fingerprint.hex().upper()
    fours = [fingerprint[place : place + 4] for place in range(0, 40, 4)]
    foreign = x509.signer("mistakes")
    return {
        "key.gpg": public,
        "key.asc": armored(public),
        "key.base64": base64.encodebytes(public),
        "secret-key.asc": armored(signer.secret(), "PGP PRIVATE KEY BLOCK"),
        "pubring.kbx": _keybox(public),
        "fingerprint.txt": f"{fingerprint}\n".encode(),
        # As gpg prints it.
        "fingerprint-in-groups.txt": f"{' '.join(fours[:5])}  {' '.join(fours[5:])}\n".encode(),
        "key-id.txt": f"{fingerprint[-16:]}\n".encode(),
        "cosign.pub": x509.pem("PUBLIC KEY", x509.public_key(foreign)),
        "certificate.pem": x509.pem("CERTIFICATE", x509.certificate(foreign, "registry.example", CREATED, CREATED + 10 * YEAR)),
        "id_ed25519.pub": _ssh(key("mistakes-ssh", CREATED).material.point),
        "login.html": PAGE,
        # As a program for the wrong purpose begins.
        "noise.bin": b"\x7fELF" + primes.stream("mistakes-noise", 508),
    }


def _keybox(public):
    """The store that gpg makes of a key."""
    with Gpg() as gpg:
        gpg.run("--import", stdin=public, at=SIGNED)
        keybox = gpg.home.joinpath("pubring.kbx").read_bytes()
    # When the file was made and last cleaned, which gpg takes from the true clock (kbx/keybox-blob.c).
    return keybox[:16] + struct.pack(">II", SIGNED, SIGNED) + keybox[24:]


def _ssh(point):
    """A public key for OpenSSH (RFC 8709)."""
    fields = b"".join(struct.pack(">I", len(field)) + field for field in (b"ssh-ed25519", point))
    return b"ssh-ed25519 " + base64.b64encode(fields) + b" builder@registry.example\n"


def _signatures(workshop):
    """What gpg signs, in ways that are no stored signature. Encrypted data are noise: nobody decrypts them."""
    signer = _signer()
    workshop.gpg.import_secret(signer, SIGNED)

    def signed(*options):
        return workshop.gpg.sign([signer.primary], workshop.manifest_bytes, SIGNED, *options)

    decrypts = decryption_key("example-mistakes", CREATED)
    session = octet_mpi(b"\x40" + primes.stream("mistakes-session", 32)) + b"\x30" + primes.stream("mistakes-wrapped", 48)
    encrypted = packet(packets.PKESK, b"\x03" + decrypts.key_id + bytes([decrypts.algorithm]) + session)
    encrypted += packet(packets.SEIPD, b"\x01" + primes.stream("mistakes-encrypted", 450))
    return {
        "signature.sig": signed("--detach-sign"),
        "signature.asc": signed("--detach-sign", "--armor"),
        "cleartext.asc": signed("--clearsign"),
        "message.gpg": signed("--sign"),
        "message.asc": signed("--sign", "--armor"),
        "encrypted.gpg": encrypted,
        "encrypted.asc": armored(encrypted, "PGP MESSAGE"),
    }


def _manifests(manifest):
    """A manifest in forms in which it is none."""
    return {
        "manifest-utf-16.json": b"\xff\xfe" + manifest.decode().encode("utf-16-le"),
        "manifest.json.gz": _gzip(manifest),
        "manifest.json.zst": _zstandard(manifest),
    }


def _gzip(content):
    """By RFC 1952, without a name and a time."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = compressor.compress(content) + compressor.flush()
    return b"\x1f\x8b\x08" + bytes(5) + b"\x02\x03" + body + struct.pack("<II", zlib.crc32(content), len(content))


def _zstandard(content):
    """By RFC 8878: a frame of one segment, whose one block is not compressed."""
    block = (len(content) << 3 | 1).to_bytes(3, "little")
    return b"\x28\xb5\x2f\xfd" + b"\x60" + struct.pack("<H", len(content) - 256) + block + content
