"""DER (ITU-T X.690) element by element: a tag, a length, what is inside. What is malformed on purpose is written with these as well."""

import re
import time

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OBJECT = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
UTF8_STRING, NUMERIC_STRING, PRINTABLE_STRING, T61_STRING, IA5_STRING = 0x0C, 0x12, 0x13, 0x14, 0x16
UTC_TIME, GENERALIZED_TIME, UNIVERSAL_STRING, BMP_STRING = 0x17, 0x18, 0x1C, 0x1E
SEQUENCE, SET = 0x30, 0x31


def element(tag, *parts):
    """An element: its tag as a number of one octet (or as octets, for tags that are longer), its length as short as it can be."""
    body = b"".join(parts)
    return _tag(tag) + length(len(body)) + body


def length(size):
    """A length in as few octets as possible."""
    if size < 0x80:
        return bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def long_length(tag, octets, *parts):
    """An element whose length takes so many octets, though fewer would do."""
    body = b"".join(parts)
    return _tag(tag) + bytes([0x80 | octets]) + len(body).to_bytes(octets, "big") + body


def indefinite(tag, *parts):
    """An element of indefinite length, which DER does not have."""
    return _tag(tag) + b"\x80" + b"".join(parts) + b"\x00\x00"


def context(number, *parts):
    """A tag of the context around other elements."""
    return element(0xA0 | number, *parts)


def implicit(number, octets=b""):
    """A tag of the context in place of a primitive element's own."""
    return element(0x80 | number, octets)


def sequence(*parts):
    return element(SEQUENCE, *parts)


def set_of(*parts):
    """A SET, in the order given."""
    return element(SET, *parts)


def boolean(value=True):
    return element(BOOLEAN, b"\xff" if value else b"\x00")


def integer(value):
    return element(INTEGER, number(value))


def number(value):
    """The octets of an INTEGER: two's complement, as few as possible."""
    bits = value.bit_length() if value >= 0 else (-value - 1).bit_length()
    return value.to_bytes(bits // 8 + 1, "big", signed=True)


def bit_string(octets, unused=0):
    return element(BIT_STRING, bytes([unused]), octets)


def named_bits(*numbers):
    """A BIT STRING with these bits set, without zeros at its end."""
    if not numbers:
        return bit_string(b"")
    size = max(numbers) + 1
    value = sum(1 << (size - 1 - bit) for bit in set(numbers))
    unused = -size % 8
    return bit_string((value << unused).to_bytes((size + unused) // 8, "big"), unused)


def octet_string(octets):
    return element(OCTET_STRING, octets)


def null():
    return element(NULL)


def oid(dotted):
    """An OBJECT IDENTIFIER of its numbers: `2.5.29.15`."""
    first, second, *rest = map(int, dotted.split("."))
    return element(OBJECT, *map(base_128, [first * 40 + second, *rest]))


def base_128(value):
    """A number seven bits at a time, as OBJECT IDENTIFIERs and long tags write it."""
    octets = [value & 0x7F]
    while value := value >> 7:
        octets.append(value & 0x7F | 0x80)
    return bytes(reversed(octets))


def utf8(text):
    return element(UTF8_STRING, text.encode())


def printable(text):
    return element(PRINTABLE_STRING, text.encode())


def ia5(text):
    return element(IA5_STRING, text.encode())


def utc_time(moment):
    """A UTCTime: of seconds since 1970, or the text as it stands."""
    return element(UTC_TIME, _time("%y%m%d%H%M%SZ", moment))


def generalized_time(moment):
    """A GeneralizedTime: of seconds since 1970, or the text as it stands."""
    return element(GENERALIZED_TIME, _time("%Y%m%d%H%M%SZ", moment))


def moment(seconds):
    """A time as certificates write it (RFC 5280, 4.1.2.5): from 2050 on, and before 1950, with four digits of the year."""
    year = time.gmtime(seconds).tm_year
    return utc_time(seconds) if 1950 <= year < 2050 else generalized_time(seconds)


def ecdsa_numbers(mpis):
    """The SEQUENCE of the numbers of a signature, each of which OpenPGP writes behind its length in bits."""
    numbers = []
    while mpis:
        size = (int.from_bytes(mpis[:2], "big") + 7) // 8
        numbers.append(integer(int.from_bytes(mpis[2 : 2 + size], "big")))
        mpis = mpis[2 + size :]
    return sequence(*numbers)


def _tag(tag):
    return tag if isinstance(tag, bytes) else bytes([tag])


def _time(form, moment):
    if isinstance(moment, bytes):
        return moment
    if isinstance(moment, str):
        return moment.encode()
    text = time.strftime(form, time.gmtime(moment))
    # Years before 1000 without zeros in front are an accident of the C library's.
    return (re.sub(r"^\d+(?=\d{10}Z)", lambda year: year[0].zfill(4), text) if form.startswith("%Y") else text).encode()
