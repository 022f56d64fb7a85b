"""Signed OpenPGP messages, packet by packet, for what gpg would not write."""

from openpgp.packets import BINARY, created, literal, one_pass, signature, signature_v3, subpacket


def data_signature(signer, content, time, kind=BINARY, extra=b"", hashed=None, unhashed=None, **options):
    """A signature over a literal's content, as gpg writes it: issuer fingerprint, then time, hashed; issuer unhashed.

    extra: more hashed subpackets. hashed, unhashed: these subpackets instead. Other options as in `packets.signature`.
    """
    if hashed is None:
        hashed = (options.get("claim") or signer).issuer() + created(time) + extra
    return signature(signer, kind, content, hashed, unhashed, **options)


def message(signer, content, time, kind=BINARY, header="new", literal_options=None, announced_hash=None, **options):
    """An uncompressed one-pass signed message; options as in `data_signature`."""
    announced = options.get("claim") or signer
    hash_name = announced_hash or options.get("hash_name")
    return (
        one_pass(announced, kind, hash_name, header=header)
        + literal(content, header=header, **(literal_options or {}))
        + data_signature(signer, content, time, kind, header=header, **options)
    )


def old_style(signer, content, time, **options):
    """The signature first, then the literal: how PGP 2 and 5 wrote it."""
    return data_signature(signer, content, time, **options) + literal(content)


def message_v3(signer, content, time, kind=BINARY, hash_name=None):
    """A one-pass signed message with a version 3 signature."""
    return one_pass(signer, kind, hash_name) + literal(content) + signature_v3(signer, kind, content, time, hash_name)


def expires_after(seconds, critical=False):
    """The signature expiration time subpacket."""
    return subpacket(3, seconds.to_bytes(4, "big"), critical)
