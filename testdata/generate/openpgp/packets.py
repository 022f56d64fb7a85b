"""Writes OpenPGP packets (RFC 4880, RFC 9580), also those that no sound program would write."""

import base64
import bz2
import zlib

from openpgp.algorithms import HASHES, new_hash

# Packet tags.
PKESK, SIGNATURE, SKESK, ONE_PASS, SECRET_KEY, PUBLIC_KEY, SECRET_SUBKEY, COMPRESSED = 1, 2, 3, 4, 5, 6, 7, 8
ENCRYPTED, MARKER, LITERAL, TRUST, USER_ID, PUBLIC_SUBKEY, USER_ATTRIBUTE, SEIPD, PADDING = 9, 10, 11, 12, 13, 14, 17, 18, 21

# Signature types.
BINARY, TEXT, STANDALONE = 0x00, 0x01, 0x02
CERTIFICATION, SUBKEY_BINDING, PRIMARY_KEY_BINDING, DIRECT_KEY = 0x13, 0x18, 0x19, 0x1F
KEY_REVOCATION, SUBKEY_REVOCATION, CERTIFICATION_REVOCATION, TIMESTAMP, CONFIRMATION = 0x20, 0x28, 0x30, 0x40, 0x50

# Compression algorithms.
UNCOMPRESSED, ZIP, ZLIB, BZIP2 = 0, 1, 2, 3


def packet(tag, body, header="new", length=None):
    """One packet.

    header: "new", "old", "old-indeterminate" (the length runs to the end of the file), "new-five-octets" or "old-four-octets"
    (longer length fields than needed), or "partial" (in chunks of at least 512 octets). length: what the header claims, where
    that is not the body's length.
    """
    size = len(body) if length is None else length
    if header == "new":
        return bytes([0xC0 | tag]) + _new_length(size) + body
    if header == "new-five-octets":
        return bytes([0xC0 | tag, 0xFF]) + size.to_bytes(4, "big") + body
    if header == "partial":
        return bytes([0xC0 | tag]) + _partial(body)
    if header == "old-indeterminate":
        return bytes([0x83 | tag << 2]) + body
    if header == "old-four-octets" or size > 0xFFFF:
        return bytes([0x82 | tag << 2]) + size.to_bytes(4, "big") + body
    if size > 0xFF:
        return bytes([0x81 | tag << 2]) + size.to_bytes(2, "big") + body
    return bytes([0x80 | tag << 2, size]) + body


def _new_length(size):
    if size < 192:
        return bytes([size])
    if size < 8384:
        return bytes([(size - 192 >> 8) + 192, size - 192 & 0xFF])
    return b"\xff" + size.to_bytes(4, "big")


def _partial(body, exponent=9):
    chunk, out = 1 << exponent, b""
    while len(body) > chunk:
        out, body = out + bytes([0xE0 | exponent]) + body[:chunk], body[chunk:]
    return out + _new_length(len(body)) + body


def body_of(octets):
    """The body of a packet that `packet` wrote with a new header."""
    first = octets[1]
    return octets[2 if first < 192 else 3 if first < 224 else 6 :]


def literal(content, kind=b"b", name=b"", date=0, header="new"):
    """A literal data packet."""
    return packet(LITERAL, kind + bytes([len(name)]) + name + date.to_bytes(4, "big") + content, header)


def compressed(content, algorithm=ZIP, header="old-indeterminate"):
    """A compressed data packet; GnuPG writes it with an indeterminate length."""
    if algorithm == ZIP:
        compressor = zlib.compressobj(9, zlib.DEFLATED, -13)
        data = compressor.compress(content) + compressor.flush()
    elif algorithm == ZLIB:
        data = zlib.compress(content, 9)
    elif algorithm == BZIP2:
        data = bz2.compress(content, 9)
    else:
        data = content
    return packet(COMPRESSED, bytes([algorithm]) + data, header)


def one_pass(signer, kind=BINARY, hash_name=None, last=True, issuer=None, header="new"):
    """The one-pass signature packet that announces a signature by `signer`."""
    hash_number = HASHES[hash_name or signer.default_hash][0]
    if signer.version == 6:
        salt = signer.salt(hash_name or signer.default_hash)
        body = bytes([6, kind, hash_number, signer.algorithm, len(salt)]) + salt + signer.fingerprint + bytes([last])
    else:
        key_id = signer.key_id if issuer is None else issuer
        body = bytes([3, kind, hash_number, signer.algorithm]) + key_id + bytes([last])
    return packet(ONE_PASS, body, header)


def subpacket(number, body, critical=False):
    """One signature subpacket."""
    return _new_length(len(body) + 1) + bytes([number | critical << 7]) + body


def created(time):
    """The signature creation time subpacket."""
    return subpacket(2, time.to_bytes(4, "big"))


def notation(name, value, critical=False):
    """A human-readable notation data subpacket."""
    name, value = name.encode(), value.encode()
    flags = bytes([0x80, 0, 0, 0])
    return subpacket(20, flags + len(name).to_bytes(2, "big") + len(value).to_bytes(2, "big") + name + value, critical)


def signature(signer, kind, signed, hashed, unhashed=None, hash_name=None, header="new", corrupt=None, claim=None, version=None,
              algorithm=None, value=None):
    """A signature packet of the given version (4 or 6; by default the signer's) over `signed`, the octets that the type says.

    hashed, unhashed: subpackets; unhashed is by default the issuer's key ID. corrupt: "left16" for two wrong check octets,
    "value" for a signature value that fits other data. claim: a signer whose name the signature bears instead. algorithm: the
    number that the packet names instead of the signer's. value: a function that changes how the signature value is written.
    """
    hash_name = hash_name or signer.default_hash
    named = claim or signer
    version = version or signer.version
    if unhashed is None:
        unhashed = subpacket(16, named.key_id) if version == 4 else b""
    width = 4 if version == 6 else 2
    head = bytes([version, kind, named.algorithm if algorithm is None else algorithm, HASHES[hash_name][0]])
    head += len(hashed).to_bytes(width, "big") + hashed
    salt = signer.salt(hash_name) if version == 6 else b""
    state = new_hash(hash_name)
    state.update(salt)
    state.update(signed)
    state.update(head + bytes([version, 0xFF]) + len(head).to_bytes(4, "big"))
    if corrupt == "value":
        state.update(b"!")
    digest = state.digest()
    left = bytes(octet ^ 0x55 for octet in digest[:2]) if corrupt == "left16" else digest[:2]
    body = head + len(unhashed).to_bytes(width, "big") + unhashed + left
    if version == 6:
        body += bytes([len(salt)]) + salt
    written = signer.sign(hash_name, digest)
    return packet(SIGNATURE, body + (value(written) if value else written), header)


def signature_v3(signer, kind, signed, time, hash_name=None, header="old", version=3, hashed_length=5):
    """A version 3 signature packet: RFC 4880, 5.2.2. version, hashed_length: what its octets say instead of 3 and 5."""
    hash_name = hash_name or signer.default_hash
    hashed = bytes([kind]) + time.to_bytes(4, "big")
    state = new_hash(hash_name)
    state.update(signed + hashed)
    digest = state.digest()
    body = bytes([version, hashed_length]) + hashed + signer.key_id + bytes([signer.algorithm, HASHES[hash_name][0]]) + digest[:2]
    return packet(SIGNATURE, body + signer.sign(hash_name, digest), header)


def armored(octets, label="PGP PUBLIC KEY BLOCK", checksum="right", headers=(), newline="\n"):
    """ASCII armor; checksum: "right", "wrong" or "none"."""
    text = base64.b64encode(octets).decode()
    lines = [f"-----BEGIN {label}-----", *headers, "", *(text[i : i + 64] for i in range(0, len(text), 64))]
    if checksum != "none":
        crc = _crc24(octets) ^ (0x010101 if checksum == "wrong" else 0)
        lines.append("=" + base64.b64encode(crc.to_bytes(3, "big")).decode())
    lines += [f"-----END {label}-----", ""]
    return newline.join(lines).encode()


def _crc24(octets):
    crc = 0xB704CE
    for octet in octets:
        crc ^= octet << 16
        for _ in range(8):
            crc <<= 1
            if crc & 0x1000000:
                crc ^= 0x1864CFB
    return crc
