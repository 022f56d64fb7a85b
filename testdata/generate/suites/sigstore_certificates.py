"""The fields of a certificate, as Go reads them: frame, version, serial number, algorithms, times, names. Keys and extensions have suites of their own."""

import der
from certificate_extensions import UNKNOWN
from certificates import ORGANIZATION, attribute, identifier, name
from certified import EMAIL, EXPIRED, LEAF, MALFORMED, MIDDLE, NO_AUTHORITY, OTHER_SIGNER, ROOT, UNTRUSTED, Certified, issued, text
from workshop import Suite

ECDSA = "1.2.840.10045.4.3.2"


def build(workshop):
    suite = Suite("sigstore-certificates")
    world = Certified(workshop, suite)
    for part in (_frame, _versions, _serials, _algorithms, _times, _names):
        part(world)
    return suite


def _everywhere(world, name, about, verdict, change, whole=False):
    """A certificate changed: the signer's, and if it is malformed a root; whole: in each place. change: what it is made of, or its octets."""
    def octets(certificate):
        return change(certificate) if callable(change) else certificate.but(**change).der

    is_malformed = verdict != "accept"
    world.pki(f"{name}-leaf", f"{about}: the signer's.", verdict, MALFORMED, leaf=text(octets(LEAF)), key=LEAF.key)
    if whole:
        world.pki(f"{name}-chain", f"{about}: the last of a chain.", verdict, MALFORMED, chain=text(MIDDLE, octets(ROOT)))
        world.fulcio(f"{name}-fulcio", f"{about}: the signer's, by fulcio.", verdict, MALFORMED, leaf=text(octets(LEAF)), key=LEAF.key)
    if is_malformed or whole:
        world.pki(f"{name}-root", f"{about}: a root.", verdict, NO_AUTHORITY, roots=text(octets(ROOT)))
    if is_malformed and whole:
        world.pki(f"{name}-beside-root", f"{about}: beside a root, it is passed over.", "accept", None, roots=text(octets(ROOT), ROOT))


def _reframed(tag, maker=der.element):
    """The certificate's outer element written otherwise."""
    def change(certificate):
        octets = certificate.der
        return maker(tag, octets[4:])
    return change


def _frame(world):
    """Elements: minimal lengths, tags of one octet, nothing behind the certificate."""
    for name, about, verdict, change in (
        ("octet-behind", "A certificate with an octet behind it", "reject", lambda one: one.der + b"\0"),
        ("element-behind", "A certificate with an element behind it", "reject", lambda one: one.der + der.null()),
        ("certificate-behind", "A certificate with a certificate behind it", "reject", lambda one: one.der + one.der),
        ("octet-missing", "A certificate without its last octet", "reject", lambda one: one.der[:-1]),
        ("nothing", "A certificate of nothing", "reject", lambda one: b""),
        ("empty-sequence", "A certificate that is an empty SEQUENCE", "reject", lambda one: der.sequence()),
        ("null", "A certificate that is NULL", "reject", lambda one: der.null()),
        ("set", "A certificate that is a SET", "reject", _reframed(der.SET)),
        ("octet-string", "A certificate that is an OCTET STRING", "reject", _reframed(der.OCTET_STRING)),
        ("primitive-sequence", "A certificate with a SEQUENCE that is primitive", "reject", _reframed(0x10)),
        ("long-tag", "A certificate with a tag in two octets", "reject", _reframed(b"\x3f\x10")),
        ("indefinite", "A certificate of indefinite length", "reject", _reframed(der.SEQUENCE, der.indefinite)),
        ("length-of-three-octets", "A certificate with a length of three octets, where two do", "reject",
         _reframed(der.SEQUENCE, lambda tag, octets: der.long_length(tag, 3, octets))),
        ("length-of-four-octets", "A certificate with a length of four octets, where two do", "reject",
         _reframed(der.SEQUENCE, lambda tag, octets: der.long_length(tag, 4, octets))),
        ("length-of-five-octets", "A certificate with a length of five octets", "reject",
         _reframed(der.SEQUENCE, lambda tag, octets: der.long_length(tag, 5, octets))),
        ("element-at-end", "A certificate with an element more at its end", "accept", {"tail": der.null()}),
        ("noise-at-end", "A certificate with noise at its end, within its length", "accept", {"tail": b"\xff\xff\xff"}),
        ("element-behind-extensions", "A certificate with an element behind its extensions", "accept", {"signed_tail": der.null()}),
        ("noise-behind-extensions", "A certificate with noise behind its extensions", "accept", {"signed_tail": b"\xff\xff"}),
        ("signature-missing", "A certificate without a signature", "reject", {"signature_element": b""}),
        ("signature-octet-string", "A certificate whose signature is an OCTET STRING", "reject", {"signature_element": der.octet_string(bytes(70))}),
        ("signature-eight-unused-bits", "A certificate whose signature has eight unused bits", "reject", {"signature_element": der.bit_string(bytes(70), 8)}),
        ("signature-of-no-octets", "A certificate whose signature lacks the count of unused bits", "reject",
         {"signature_element": der.element(der.BIT_STRING)}),
        ("signature-unused-bits-set", "A certificate whose signature has an unused bit that is set", "reject",
         {"signature_element": der.bit_string(b"\xff" * 70, 1)}),
        ("signature-constructed", "A certificate whose signature is constructed", "reject",
         {"signature_element": der.element(0x23, der.bit_string(bytes(70)))}),
    ):
        _everywhere(world, f"frame-{name}", about, verdict, change, whole=name in ("octet-behind", "element-at-end"))
    for name, about, element in (
        ("empty", "empty", der.bit_string(b"")),
        ("zeros", "zeros", der.bit_string(bytes(70))),
        ("unused-bits", "good but for an unused bit", der.bit_string(bytes(69) + b"\xfe", 1)),
    ):
        world.pki(f"signature-{name}", f"A signature that is {about} can be read and proves nothing.", "reject", UNTRUSTED,
                  leaf=LEAF.but(signature_element=element))
        world.pki(f"root-signature-{name}", f"Nobody looks at a root's signature, and be it {about}.", "accept", None,
                  roots=[ROOT.but(signature_element=element)])


def _versions(world):
    version = lambda *parts: {"version": der.context(0, *parts)}  # noqa: E731
    for name, about, change in (
        ("4", "A certificate of version 4", version(der.integer(3))),
        ("256", "A certificate of version 256", version(der.integer(255))),
        ("huge", "A certificate of a version of nine octets", version(der.integer(1 << 64))),
        ("negative", "A certificate of a negative version", version(der.integer(-1))),
        ("not-minimal", "A certificate whose version has a zero in front", version(der.element(der.INTEGER, b"\0\2"))),
        ("empty", "A certificate whose version has no octets", version(der.element(der.INTEGER))),
        ("boolean", "A certificate whose version is a BOOLEAN", version(der.boolean())),
        ("twice", "A certificate with two versions in one", version(der.integer(2), der.integer(2))),
        ("nothing", "A certificate with a version that is not there", version()),
        ("primitive", "A certificate whose version has a primitive tag", {"version": der.implicit(0, b"\2")}),
        ("bare", "A certificate whose version has no tag of its own", {"version": der.integer(2)}),
        ("other-tag", "A certificate whose version has another tag", {"version": der.context(1, der.integer(2))}),
    ):
        _everywhere(world, f"version-{name}", about, "reject", change, whole=name == "4")
    # Only version 3 has extensions: without them there is no e-mail address.
    for name, about, change in (
        ("1", "A signer's certificate of version 1 has no extensions, and so names nobody.", {"version": 1, "extensions": ()}),
        ("1-written", "Version 1 may be written, which DER forbids.", {"version": der.context(0, der.integer(0)), "extensions": ()}),
        ("1-with-extensions", "What looks like extensions in version 1 is none.", {"version": 1}),
        ("1-written-with-extensions", "What looks like extensions in version 1 is none.", {"version": der.context(0, der.integer(0))}),
        ("2", "A signer's certificate of version 2 has no extensions, and so names nobody.", {"version": 2, "extensions": ()}),
        ("2-with-extensions", "What looks like extensions in version 2 is none.", {"version": 2}),
        ("3-without-extensions", "A signer's certificate without extensions names nobody.", {"extensions": ()}),
    ):
        world.pki(f"version-{name}", about, "reject", OTHER_SIGNER, leaf=LEAF.but(**change))
    for version_ in (1, 2):
        bad = LEAF.but(version=version_, extension_block=der.context(3, der.null()))
        world.pki(f"version-{version_}-noise-for-extensions", f"Nobody reads what stands for extensions in version {version_}.", "reject", OTHER_SIGNER,
                  leaf=bad)
    for name, about, change, verdict in (
        ("unique-id-issuer", "A certificate with an issuer's unique ID", {"unique_ids": der.implicit(1, b"\0\1")}, "accept"),
        ("unique-id-subject", "A certificate with a subject's unique ID", {"unique_ids": der.implicit(2, b"\0\1")}, "accept"),
        ("unique-ids", "A certificate with both unique IDs", {"unique_ids": der.implicit(1, b"\0\1") + der.implicit(2, b"\0\2")}, "accept"),
        ("unique-id-empty", "A certificate with an empty unique ID", {"unique_ids": der.implicit(1)}, "accept"),
        ("unique-id-noise", "A certificate with a unique ID that is no BIT STRING", {"unique_ids": der.implicit(1, b"\x09\xff")}, "accept"),
    ):
        _everywhere(world, name, about, verdict, change)
    for name, about, change in (
        ("constructed", "Extensions behind a constructed unique ID are not found.", der.context(1, der.bit_string(b"\1"))),
        ("order", "Extensions behind unique IDs in the wrong order are not found.", der.implicit(2, b"\0\1") + der.implicit(1, b"\0\1")),
    ):
        world.pki(f"unique-id-{name}", about, "reject", None, leaf=LEAF.but(unique_ids=change))


def _serials(world):
    for name, about, value in (
        ("zero", "A certificate with the serial number 0", 0),
        ("one-octet", "A certificate with the serial number 127", 127),
        ("leading-zero-needed", "A certificate with the serial number 255", 255),
        ("20-octets", "A certificate with a serial number of 20 octets", (1 << 159) - 1),
        ("21-octets", "A certificate with a serial number of 21 octets", 1 << 160),
        ("100-octets", "A certificate with a serial number of 100 octets", (1 << 799) - 1),
        ("1000-octets", "A certificate with a serial number of 1000 octets", (1 << 7999) - 1),
    ):
        _everywhere(world, f"serial-{name}", about, "accept", {"serial": value})
    for name, about, value in (
        ("negative", "A certificate with the serial number -1", der.integer(-1)),
        ("negative-long", "A certificate with a negative serial number of 20 octets", der.integer(-(1 << 159))),
        ("leading-zero", "A certificate whose serial number has a zero in front", der.element(der.INTEGER, b"\0\1")),
        ("leading-ones", "A certificate whose serial number has ones in front", der.element(der.INTEGER, b"\xff\x80")),
        ("empty", "A certificate whose serial number has no octets", der.element(der.INTEGER)),
        ("missing", "A certificate without a serial number", b""),
        ("enumerated", "A certificate whose serial number is an ENUMERATED", der.element(0x0A, b"\1")),
        ("octet-string", "A certificate whose serial number is an OCTET STRING", der.octet_string(b"\1")),
        ("long-length", "A certificate whose serial number has a length of two octets", der.long_length(der.INTEGER, 1, b"\1")),
    ):
        _everywhere(world, f"serial-{name}", about, "reject", {"serial": value}, whole=name in ("negative", "leading-zero"))


def _algorithms(world):
    """The algorithm of the signature, which stands in a certificate twice."""
    plain, with_null = identifier(ECDSA), identifier(ECDSA, der.null())
    for name, about, inner, outer in (
        ("null-inside", "NULL for its parameters inside alone", with_null, plain),
        ("null-outside", "NULL for its parameters outside alone", plain, with_null),
        ("other-hash-outside", "another hash outside", plain, identifier("1.2.840.10045.4.3.3")),
        ("other-hash-inside", "another hash inside", identifier("1.2.840.10045.4.3.3"), plain),
        ("element-outside", "an element more outside", plain, der.sequence(der.oid(ECDSA), der.null(), der.null())),
        ("empty-outside", "nothing in it outside", plain, der.sequence()),
        ("missing-outside", "none outside", plain, b""),
        ("set-outside", "a SET outside", plain, der.set_of(der.oid(ECDSA))),
    ):
        _everywhere(world, f"algorithm-{name}", f"A certificate whose algorithm has {about}", "reject", {"algorithm": inner, "outer_algorithm": outer})
    for name, about, both, verdict in (
        ("null", "NULL for its parameters", with_null, "accept"),
        ("two-parameters", "two elements of parameters", der.sequence(der.oid(ECDSA), der.null(), der.null()), "accept"),
        ("integer", "an INTEGER for its parameters", identifier(ECDSA, der.integer(1)), "accept"),
        ("empty", "nothing in it", der.sequence(), "reject"),
        ("set", "a SET around it", der.set_of(der.oid(ECDSA)), "reject"),
        ("object-alone", "no SEQUENCE around it", der.oid(ECDSA), "reject"),
        ("object-empty", "an object of no octets", der.sequence(der.element(der.OBJECT)), "reject"),
        ("object-cut", "an object whose last octet says that more follow", der.sequence(der.element(der.OBJECT, b"\x2a\x86")), "reject"),
        ("object-not-minimal", "an object with a number that has zeros in front", der.sequence(der.element(der.OBJECT, b"\x2a\x80\x01")), "reject"),
        ("object-utf8", "a text for its object", der.sequence(der.utf8(ECDSA)), "reject"),
        ("parameters-cut", "parameters that end too early", der.sequence(der.oid(ECDSA), b"\x05\x01"), "reject"),
        ("parameters-long-tag", "parameters with a tag in two octets", der.sequence(der.oid(ECDSA), der.element(b"\xbf\x1f")), "reject"),
    ):
        _everywhere(world, f"algorithm-{name}", f"A certificate whose algorithm has {about}, twice the same", verdict, {"algorithm": both},
                    whole=name == "empty")


def _times(world):
    late = der.utc_time("480101000000Z")
    early = der.utc_time("910101000000Z")
    good = (
        ("utc", "UTCTime", early),
        ("utc-without-seconds", "UTCTime without seconds", der.utc_time("9101010000Z")),
        ("generalized", "GeneralizedTime", der.generalized_time("19910101000000Z")),
        ("leap-day", "a leap day", der.utc_time("920229000000Z")),
        ("leap-day-of-2000", "the leap day of 2000", der.generalized_time("20000229000000Z")),
        ("utc-50", "the year 50, which is 1950", der.utc_time("500101000000Z")),
        ("utc-68", "the year 68, which is 1968", der.utc_time("680101000000Z")),
        ("utc-69", "the year 69, which is 1969", der.utc_time("690101000000Z")),
        ("utc-00", "the year 00, which is 2000", der.utc_time("000101000000Z")),
        ("last-second-of-day", "the last second of a day", der.utc_time("911231235959Z")),
        ("year-0", "the year 0", der.generalized_time("00000101000000Z")),
        ("year-1", "the year 1", der.generalized_time("00010101000000Z")),
    )
    for name, about, time in good:
        _everywhere(world, f"time-{name}", f"A certificate that begins with {about}", "accept", {"validity": der.sequence(time, late)})
    for name, about, value in (
        ("utc-offset", "UTCTime with an offset", der.utc_time("910101000000+0100")),
        ("utc-offset-zero", "UTCTime with an offset of zero", der.utc_time("910101000000+0000")),
        ("utc-offset-west", "UTCTime with an offset to the west", der.utc_time("910101000000-0500")),
        ("utc-offset-without-seconds", "UTCTime without seconds and with an offset", der.utc_time("9101010000+0100")),
        ("utc-fraction", "UTCTime with a fraction", der.utc_time("910101000000.5Z")),
        ("utc-no-zone", "UTCTime without Z", der.utc_time("910101000000")),
        ("utc-lower-case", "UTCTime with z", der.utc_time("910101000000z")),
        ("utc-four-digits", "UTCTime with four digits of the year", der.utc_time("19910101000000Z")),
        ("utc-short", "UTCTime without minutes", der.utc_time("91010100Z")),
        ("utc-digit-more", "UTCTime with a digit more", der.utc_time("9101010000000Z")),
        ("utc-blank", "UTCTime with a blank", der.utc_time("910101 00000Z")),
        ("utc-blank-behind", "UTCTime with a blank behind it", der.utc_time("910101000000Z ")),
        ("utc-sign", "UTCTime with a sign", der.utc_time("+10101000000Z")),
        ("utc-empty", "UTCTime of no octets", der.utc_time("")),
        ("utc-z", "UTCTime of Z alone", der.utc_time("Z")),
        ("utc-nul", "UTCTime with a NUL behind it", der.utc_time("910101000000Z\0")),
        ("utc-constructed", "UTCTime that is constructed", der.element(0x37, early)),
        ("month-0", "month 0", der.utc_time("910001000000Z")),
        ("month-13", "month 13", der.utc_time("911301000000Z")),
        ("day-0", "day 0", der.utc_time("910100000000Z")),
        ("day-32", "day 32", der.utc_time("910132000000Z")),
        ("april-31", "April 31", der.utc_time("910431000000Z")),
        ("no-leap-day", "a leap day in 1991", der.utc_time("910229000000Z")),
        ("no-leap-day-of-1900", "a leap day in 1900", der.generalized_time("19000229000000Z")),
        ("hour-24", "hour 24", der.utc_time("910101240000Z")),
        ("minute-60", "minute 60", der.utc_time("910101006000Z")),
        ("second-60", "a leap second", der.utc_time("901231235960Z")),
        ("generalized-without-seconds", "GeneralizedTime without seconds", der.generalized_time("199101010000Z")),
        ("generalized-fraction", "GeneralizedTime with a fraction", der.generalized_time("19910101000000.5Z")),
        ("generalized-fraction-zero", "GeneralizedTime with a fraction of zero", der.generalized_time("19910101000000.0Z")),
        ("generalized-offset", "GeneralizedTime with an offset", der.generalized_time("19910101000000+0100")),
        ("generalized-no-zone", "GeneralizedTime without Z", der.generalized_time("19910101000000")),
        ("generalized-two-digits", "GeneralizedTime with two digits of the year", der.generalized_time("910101000000Z")),
        ("generalized-hour-24", "GeneralizedTime with hour 24", der.generalized_time("19910101240000Z")),
        ("text", "a text for a time", der.utf8("910101000000Z")),
        ("date", "a DATE for a time", der.element(b"\x1f\x1f", b"19910101")),
        ("integer", "a number for a time", der.integer(662688000)),
    ):
        _everywhere(world, f"time-{name}", f"A certificate that begins with {about}", "reject", {"validity": der.sequence(value, late)},
                    whole=name in ("month-13", "utc-offset"))
    for name, about, value in (
        ("utc-offset", "UTCTime with an offset", der.utc_time("480101000000+0100")),
        ("no-zone", "UTCTime without Z", der.utc_time("480101000000")),
        ("month-13", "month 13", der.utc_time("481301000000Z")),
        ("text", "a text for a time", der.utf8("480101000000Z")),
        ("missing", "no time", b""),
    ):
        _everywhere(world, f"time-end-{name}", f"A certificate that ends with {about}", "reject", {"validity": der.sequence(early, value)})
    _everywhere(world, "time-end-9999", "A certificate that ends in 9999", "accept",
                {"validity": der.sequence(early, der.generalized_time("99991231235959Z"))})
    _everywhere(world, "time-end-utc-49", "A certificate that ends with the year 49, which is 2049", "accept",
                {"validity": der.sequence(early, der.utc_time("491231235959Z"))})
    _everywhere(world, "time-third", "A certificate with a third time", "accept", {"validity": der.sequence(early, late, late)})
    _everywhere(world, "time-validity-set", "A certificate whose validity is a SET", "reject", {"validity": der.set_of(early, late)})
    _everywhere(world, "time-validity-empty", "A certificate whose validity is empty", "reject", {"validity": der.sequence()})
    for name, about, begin, end in (
        ("end-utc-50", "The year 50 of UTCTime is 1950, and over.", early, der.utc_time("500101000000Z")),
        ("end-utc-68", "The year 68 of UTCTime is 1968, and over.", early, der.utc_time("680101000000Z")),
        ("begin-utc-49", "The year 49 of UTCTime is 2049, and not yet.", der.utc_time("491231235959Z"), der.generalized_time("20510101000000Z")),
        ("end-before-begin", "Times in the wrong order leave no time.", late, early),
        ("end-year-1", "The year 1 is over.", early, der.generalized_time("00010101000000Z")),
        ("begin-9999", "The year 9999 is not yet.", der.generalized_time("99990101000000Z"), der.generalized_time("99991231235959Z")),
    ):
        world.both(f"time-{name}", about, "reject", EXPIRED, leaf=LEAF.but(validity=der.sequence(begin, end)))


def _names(world):
    """Names: types of string, each of which is checked, and what is around them."""
    allowed = "ABCXYZabcxyz0189 '()+,-./:=?*&"
    good = (
        ("utf8", "a UTF8String", der.utf8("\u00fcber \U0001f600")),
        ("utf8-empty", "an empty UTF8String", der.utf8("")),
        ("utf8-nul", "a NUL in a UTF8String", der.utf8("a\0b")),
        ("utf8-replacement", "the replacement character in a UTF8String", der.utf8("\ufffd")),
        ("printable", "a PrintableString", der.printable(allowed)),
        ("printable-empty", "an empty PrintableString", der.printable("")),
        ("ia5", "an IA5String", der.ia5("a@b_\x7f")),
        ("ia5-nul", "a NUL in an IA5String", der.ia5("a\0b")),
        ("numeric", "a NumericString", der.element(der.NUMERIC_STRING, b"0189 ")),
        ("numeric-empty", "an empty NumericString", der.element(der.NUMERIC_STRING)),
        ("t61", "a T61String", der.element(der.T61_STRING, b"a\xe4b")),
        ("t61-escape", "any octets in a T61String", der.element(der.T61_STRING, b"\x00\x1b\xff")),
        ("bmp", "a BMPString", der.element(der.BMP_STRING, "\u00fcber".encode("utf-16-be"))),
        ("bmp-empty", "an empty BMPString", der.element(der.BMP_STRING)),
        ("bmp-terminated", "a BMPString with a NUL at its end", der.element(der.BMP_STRING, "ab\0".encode("utf-16-be"))),
    )
    bad = (
        ("utf8-latin-1", "Latin-1 in a UTF8String", der.element(der.UTF8_STRING, b"\xfcber")),
        ("utf8-cut", "half a character in a UTF8String", der.element(der.UTF8_STRING, b"\xc3")),
        ("utf8-overlong", "an overlong form in a UTF8String", der.element(der.UTF8_STRING, b"\xc0\x80")),
        ("utf8-surrogate", "a surrogate in a UTF8String", der.element(der.UTF8_STRING, b"\xed\xa0\x80")),
        ("utf8-too-large", "a character beyond Unicode in a UTF8String", der.element(der.UTF8_STRING, b"\xf4\x90\x80\x80")),
        ("printable-at", "@ in a PrintableString", der.printable("a@b")),
        ("printable-underscore", "an underscore in a PrintableString", der.printable("a_b")),
        ("printable-quote", "a quotation mark in a PrintableString", der.printable('a"b')),
        ("printable-semicolon", "a semicolon in a PrintableString", der.printable("a;b")),
        ("printable-exclamation-mark", "an exclamation mark in a PrintableString", der.printable("a!")),
        ("printable-number-sign", "# in a PrintableString", der.printable("a#")),
        ("printable-less-than", "< in a PrintableString", der.printable("a<b")),
        ("printable-umlaut", "an umlaut in a PrintableString", der.printable("\u00fc")),
        ("printable-nul", "a NUL in a PrintableString", der.printable("a\0")),
        ("ia5-umlaut", "an umlaut in an IA5String", der.element(der.IA5_STRING, b"\xfcber")),
        ("ia5-80", "the octet 80 in an IA5String", der.element(der.IA5_STRING, b"\x80")),
        ("numeric-letter", "a letter in a NumericString", der.element(der.NUMERIC_STRING, b"1a")),
        ("numeric-minus", "a minus in a NumericString", der.element(der.NUMERIC_STRING, b"-1")),
        ("bmp-odd", "an odd number of octets in a BMPString", der.element(der.BMP_STRING, b"\0a\0")),
        ("universal", "a UniversalString", der.element(der.UNIVERSAL_STRING, "ab".encode("utf-32-be"))),
        ("general", "a GeneralString", der.element(0x1B, b"ab")),
        ("visible", "a VisibleString", der.element(0x1A, b"ab")),
        ("graphic", "a GraphicString", der.element(0x19, b"ab")),
        ("videotex", "a VideotexString", der.element(0x15, b"ab")),
        ("octet-string", "an OCTET STRING", der.octet_string(b"ab")),
        ("bit-string", "a BIT STRING", der.bit_string(b"ab")),
        ("integer", "an INTEGER", der.integer(1)),
        ("null", "NULL", der.null()),
        ("boolean", "a BOOLEAN", der.boolean()),
        ("utc-time", "a UTCTime", der.utc_time("910101000000Z")),
        ("generalized-time", "a GeneralizedTime", der.generalized_time("19910101000000Z")),
        ("object", "an OBJECT IDENTIFIER", der.oid("1.2.3")),
        ("sequence", "a SEQUENCE", der.sequence(der.utf8("ab"))),
        ("utf8-constructed", "a UTF8String that is constructed", der.element(0x2C, der.utf8("ab"))),
        ("context", "a tag of the context", der.implicit(0, b"ab")),
        ("long-tag", "a tag in two octets", der.element(b"\x1f\x1f", b"ab")),
        ("long-length", "a length of two octets where one does", der.long_length(der.UTF8_STRING, 1, b"ab")),
        ("cut", "a length beyond its end", b"\x0c\x05ab"),
    )
    for name_, about, value in good:
        _name(world, name_, about, name(value), True)
    for name_, about, value in bad:
        _name(world, name_, about, name(value), False)
    for name_, about, whole in (
        ("empty", "nothing in it", der.sequence()),
        ("empty-set", "an empty SET", der.sequence(der.set_of())),
        ("several-in-set", "two attributes in one SET", der.sequence(der.set_of(attribute(der.utf8("a")), attribute(der.utf8("b"), ORGANIZATION)))),
        ("unsorted-set", "a SET that is not sorted", der.sequence(der.set_of(attribute(der.utf8("b"), ORGANIZATION), attribute(der.utf8("a"))))),
        ("unknown-attribute", "an attribute that nobody knows", der.sequence(der.set_of(attribute(der.utf8("a"), UNKNOWN)))),
        ("twice", "a common name twice", name("a", "a")),
        ("element-more", "an element more in an attribute", der.sequence(der.set_of(der.sequence(der.oid("2.5.4.3"), der.utf8("a"), der.null())))),
        ("noise-more", "noise at the end of an attribute", der.sequence(der.set_of(der.sequence(der.oid("2.5.4.3"), der.utf8("a"), b"\xff")))),
        ("mail-address", "the attribute of an e-mail address", der.sequence(der.set_of(attribute(der.ia5(EMAIL), "1.2.840.113549.1.9.1")))),
        ("long", "a text of 5,000 letters", name("a" * 5000)),
    ):
        _name(world, f"form-{name_}", about, whole, True)
    for name_, about, whole in (
        ("set-outside", "a SET around it", der.set_of(der.set_of(attribute(der.utf8("a"))))),
        ("sequence-for-set", "a SEQUENCE for a SET", der.sequence(der.sequence(attribute(der.utf8("a"))))),
        ("set-for-attribute", "a SET for an attribute", der.sequence(der.set_of(der.set_of(der.oid("2.5.4.3"), der.utf8("a"))))),
        ("attribute-alone", "an attribute without a SET", der.sequence(attribute(der.utf8("a")))),
        ("value-missing", "an attribute without a value", der.sequence(der.set_of(der.sequence(der.oid("2.5.4.3"))))),
        ("object-missing", "an attribute without an object", der.sequence(der.set_of(der.sequence(der.utf8("a"))))),
        ("attribute-empty", "an empty attribute", der.sequence(der.set_of(der.sequence()))),
        ("order", "the value before the object", der.sequence(der.set_of(der.sequence(der.utf8("a"), der.oid("2.5.4.3"))))),
        ("object-not-minimal", "an object with a number that has zeros in front",
         der.sequence(der.set_of(der.sequence(der.element(der.OBJECT, b"\x55\x80\x04"), der.utf8("a"))))),
        ("object-empty", "an object of no octets", der.sequence(der.set_of(der.sequence(der.element(der.OBJECT), der.utf8("a"))))),
        ("noise", "noise behind its SETs", der.sequence(der.set_of(attribute(der.utf8("a"))), b"\xff")),
        ("missing", "no element at all", b""),
        ("null", "NULL for it", der.null()),
        ("text", "a text for it", der.utf8("a")),
    ):
        _name(world, f"form-{name_}", about, whole, False)


def _name(world, name_, about, whole, read):
    """A name as a signer's and as an issuer's."""
    verdict = "accept" if read else "reject"
    world.pki(f"name-{name_}-subject", f"A signer's certificate whose subject has {about}.", verdict, MALFORMED, leaf=LEAF.but(subject=whole))
    above = ROOT.but(subject=whole)
    if read:
        world.pki(f"name-{name_}-issuer", f"A signer's certificate whose issuer has {about}.", verdict, None, leaf=issued(LEAF, above), roots=[above],
                  chain=None)
    elif whole:
        world.pki(f"name-{name_}-issuer", f"A signer's certificate whose issuer has {about}.", verdict, MALFORMED, leaf=LEAF.but(issuer=whole))
    if name_ in ("utf8-latin-1", "universal", "bmp", "form-empty", "form-value-missing"):
        world.pki(f"name-{name_}-chain", f"The last of a chain, whose subject has {about}.", verdict, MALFORMED, chain=(MIDDLE, above))
