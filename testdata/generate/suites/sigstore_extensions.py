"""Extensions of certificates: their frame, what is inside of those that are known, and what critical means (RFC 5280, 4.2, as Go reads it)."""

import der
from certificate_extensions import (ANY_POLICY, AUTHORITY_ACCESS, AUTHORITY_KEY_ID, BASIC_CONSTRAINTS, CLIENT_AUTH, CODE_SIGNING, DISTRIBUTION_POINTS,
                                    EXTENDED_KEY_USAGE, FULCIO_ISSUER, INHIBIT_ANY_POLICY, ISSUER_NAME, KEY_USAGE, NAME_CONSTRAINTS, POLICIES,
                                    POLICY_CONSTRAINTS, POLICY_MAPPINGS, SUBJECT_KEY_ID, SUBJECT_NAME, UNKNOWN, basic_constraints, directory_name, dns,
                                    email, extension, ip, name_constraints, other_name, registered_id, subject_names, uri)
from certificates import name
from certified import EMAIL, ISSUERS, LEAF, MALFORMED, MIDDLE, NO_AUTHORITY, OTHER_SIGNER, ROOT, Certified, signer
from workshop import Suite

NETSCAPE_COMMENT, CERTIFICATE_TIMESTAMPS, SUBJECT_ACCESS = "2.16.840.1.113730.1.13", "1.3.6.1.4.1.11129.2.4.2", "1.3.6.1.5.5.7.1.11"
FRESHEST_LIST, PRIVATE_KEY_PERIOD, SUBJECT_DIRECTORY = "2.5.29.46", "2.5.29.16", "2.5.29.9"


def build(workshop):
    suite = Suite("sigstore-extensions")
    world = Certified(workshop, suite)
    for part in (_frames, _values, _uris, _critical, _twice, _unhandled):
        part(world)
    return suite


def replacing(certificate, dotted, *extensions):
    """The certificate with these extensions in place of those of a kind."""
    kept = tuple(one for one in certificate.extensions if der.oid(dotted) not in one[:20])
    return certificate.but(extensions=kept + extensions)


def _everywhere(world, name_, about, read, change, effective=False, whole=False):
    """A certificate changed; change: of a certificate; effective: whether it means something to a path, and not only to a reader; whole: in each place."""
    verdict = "accept" if read else "reject"
    if effective and read or whole:
        world.pki(f"{name_}-chain", f"{about}: in the last of a chain.", verdict, MALFORMED, chain=(MIDDLE, change(ROOT)))
    if not effective or not read:
        world.pki(f"{name_}-leaf", f"{about}: in the signer's certificate.", verdict, MALFORMED, leaf=change(LEAF))
    if not read or whole and not effective:
        world.pki(f"{name_}-root", f"{about}: in a root.", verdict, NO_AUTHORITY, roots=[change(ROOT)])
    if not read and whole:
        world.fulcio(f"{name_}-fulcio", f"{about}: in the signer's certificate, by fulcio.", verdict, MALFORMED, leaf=change(LEAF))
        world.pki(f"{name_}-intermediate", f"{about}: in an intermediate.", verdict, MALFORMED, chain=(change(MIDDLE), ROOT))
        world.pki(f"{name_}-intermediates", f"{about}: in the policy's intermediates.", verdict, NO_AUTHORITY, intermediates=[change(MIDDLE)], chain=None)


def _frames(world):
    """The list of extensions and the frame of each."""
    sound = lambda one: der.sequence(*one.extensions)  # noqa: E731
    more = lambda one, element: der.context(3, der.sequence(*one.extensions, element))  # noqa: E731
    value = der.octet_string(b"x")
    unknown = der.oid(UNKNOWN)
    for name_, about, read, block in (
        ("element-behind", "An element behind the list", True, lambda one: der.context(3, sound(one), der.null())),
        ("noise-behind", "Noise behind the list", True, lambda one: der.context(3, sound(one), b"\xff")),
        ("set", "A SET for the list", False, lambda one: der.context(3, der.set_of(*one.extensions))),
        ("list-missing", "No list within its tag", False, lambda one: der.context(3)),
        ("list-null", "NULL for the list", False, lambda one: der.context(3, der.null())),
        ("list-cut", "A list that ends too early", False, lambda one: der.context(3, b"\x30\x20")),
        ("list-long-length", "A list with a length of three octets, where two do", False,
         lambda one: der.context(3, der.long_length(der.SEQUENCE, 3, *one.extensions))),
        ("noise", "Noise in the list", False, lambda one: more(one, b"\xff")),
        ("null", "NULL for an extension", False, lambda one: more(one, der.null())),
        ("set-for-one", "A SET for an extension", False, lambda one: more(one, der.set_of(unknown, value))),
        ("empty", "An empty extension", False, lambda one: more(one, der.sequence())),
        ("no-value", "An extension without a value", False, lambda one: more(one, der.sequence(unknown))),
        ("no-value-critical", "An extension that is critical and without a value", False, lambda one: more(one, der.sequence(unknown, der.boolean(False)))),
        ("no-object", "An extension without an object", False, lambda one: more(one, der.sequence(value))),
        ("value-utf8", "An extension with a text for a value", False, lambda one: more(one, der.sequence(unknown, der.utf8("x")))),
        ("value-bare", "An extension whose value has no OCTET STRING around it", False, lambda one: more(one, der.sequence(unknown, der.null()))),
        ("value-constructed", "An extension whose value is constructed", False, lambda one: more(one, der.sequence(unknown, der.element(0x24, value)))),
        ("value-empty", "An extension of no octets", True, lambda one: more(one, extension(UNKNOWN, b""))),
        ("value-noise", "An unknown extension of noise", True, lambda one: more(one, extension(UNKNOWN, b"\xff\xff"))),
        ("value-large", "An unknown extension of 20,000 octets", True, lambda one: more(one, extension(UNKNOWN, bytes(20_000)))),
        ("tail", "An extension with an element behind its value", True, lambda one: more(one, extension(UNKNOWN, b"x", tail=der.null()))),
        ("tail-noise", "An extension with noise behind its value", True, lambda one: more(one, extension(UNKNOWN, b"x", tail=b"\xff"))),
        ("object-empty", "An extension with an object of no octets", False, lambda one: more(one, der.sequence(der.element(der.OBJECT), value))),
        ("object-not-minimal", "An extension whose object has a number with zeros in front", False,
         lambda one: more(one, der.sequence(der.element(der.OBJECT, b"\x55\x80\x1d"), value))),
        ("object-cut", "An extension whose object says that more follows", False,
         lambda one: more(one, der.sequence(der.element(der.OBJECT, b"\x55\x9d"), value))),
        ("critical-false", "An extension that says it is not critical", True, lambda one: more(one, extension(UNKNOWN, b"x", der.boolean(False)))),
        ("critical-1", "An extension whose critical is 01", False, lambda one: more(one, extension(UNKNOWN, b"x", der.element(der.BOOLEAN, b"\1")))),
        ("critical-80", "An extension whose critical is 80", False, lambda one: more(one, extension(UNKNOWN, b"x", der.element(der.BOOLEAN, b"\x80")))),
        ("critical-empty", "An extension whose critical has no octets", False, lambda one: more(one, extension(UNKNOWN, b"x", der.element(der.BOOLEAN)))),
        ("critical-long", "An extension whose critical has two octets", False,
         lambda one: more(one, extension(UNKNOWN, b"x", der.element(der.BOOLEAN, b"\0\0")))),
        ("critical-integer", "An extension whose critical is a number", False, lambda one: more(one, extension(UNKNOWN, b"x", der.integer(0)))),
        ("critical-twice", "An extension that says twice whether it is critical", False,
         lambda one: more(one, extension(UNKNOWN, b"x", der.boolean(False) * 2))),
        ("twice-unknown", "An unknown extension twice", False,
         lambda one: der.context(3, der.sequence(*one.extensions, extension(UNKNOWN, b"x"), extension(UNKNOWN, b"y")))),
        ("twice-unknown-equal", "An unknown extension twice, both times the same", False,
         lambda one: der.context(3, der.sequence(*one.extensions, *[extension(UNKNOWN, b"x")] * 2))),
        ("twice-apart", "An unknown extension first and last", False,
         lambda one: der.context(3, der.sequence(extension(UNKNOWN, b"x"), *one.extensions, extension(UNKNOWN, b"x")))),
        ("many", "A hundred unknown extensions", True,
         lambda one: der.context(3, der.sequence(*one.extensions, *(extension(f"{UNKNOWN}.{number}", b"x") for number in range(100))))),
        ("backwards", "Extensions in another order", True, lambda one: der.context(3, der.sequence(*reversed(one.extensions)))),
    ):
        _everywhere(world, f"frame-{name_}", about, read, lambda one, block=block: one.but(extension_block=block(one)), whole=name_.startswith("twice"))
    for name_, about, block in (
        ("empty-list", "An empty list of extensions is none: nobody is named.", der.context(3, der.sequence())),
        ("primitive-tag", "Extensions in a primitive tag are none.", der.implicit(3, der.sequence(*LEAF.extensions))),
        ("other-tag", "Extensions in another tag are none.", der.context(4, der.sequence(*LEAF.extensions))),
        ("behind-null", "Extensions behind another element are none.", der.null() + der.context(3, der.sequence(*LEAF.extensions))),
    ):
        world.pki(f"frame-{name_}", about, "reject", OTHER_SIGNER, leaf=LEAF.but(extension_block=block))


def _values(world):
    """What is inside of each extension that is known."""
    for dotted, label, effective, good, bad in _known():
        for name_, about, value in good:
            _everywhere(world, f"{label}-{name_}", f"{about} as {label.replace('-', ' ')}", True,
                        lambda one, value=value, dotted=dotted: replacing(one, dotted, extension(dotted, value)), effective)
        for number, (name_, about, value) in enumerate((*bad, *_common())):
            _everywhere(world, f"{label}-{name_}", f"{about} as {label.replace('-', ' ')}", False,
                        lambda one, value=value, dotted=dotted: replacing(one, dotted, extension(dotted, value)), whole=number == 0)


def _common():
    """What no extension is."""
    return ("nothing", "Nothing", b""), ("null", "NULL", der.null()), ("noise", "Noise", b"\xff"), ("set", "A SET", der.set_of())


def _known():
    """For each kind: its object, a word, whether it means something to a path, what is well-formed, and what is not."""
    yield (KEY_USAGE, "key-usage", True, (
        ("signing", "The bit of signing", der.named_bits(0)),
        ("nothing-set", "No bit", der.bit_string(b"")),
        ("zeros", "Zeros that could be left out", der.bit_string(b"\0")),
        ("nine-bits", "Nine bits", der.named_bits(0, 8)),
        ("many-bits", "A hundred bits", der.named_bits(0, 99)),
        ("tail", "Bits with an element behind them", der.named_bits(0) + der.null()),
    ), (
        ("unused-8", "Eight unused bits", der.bit_string(b"\x80", 8)),
        ("unused-set", "Unused bits that are set", der.bit_string(b"\xff", 7)),
        ("unused-of-nothing", "Unused bits of nothing", der.bit_string(b"", 1)),
        ("no-count", "Bits without the count of unused ones", der.element(der.BIT_STRING)),
        ("octets", "An OCTET STRING", der.octet_string(b"\x80")),
        ("integer", "A number", der.integer(128)),
        ("constructed", "Bits in pieces", der.element(0x23, der.named_bits(0))),
    ))
    yield (BASIC_CONSTRAINTS, "basic-constraints", True, (
        ("empty", "An empty SEQUENCE", der.sequence()),
        ("false", "A CA flag that is written and false", der.sequence(der.boolean(False))),
        ("true", "A CA flag", der.sequence(der.boolean())),
        ("path-length", "A path length", der.sequence(der.boolean(), der.integer(0))),
        ("path-length-alone", "A path length without a CA flag", der.sequence(der.integer(3))),
        ("path-length-63-bits", "A path length of 63 bits", der.sequence(der.boolean(), der.integer((1 << 63) - 1))),
        ("tail-inside", "A CA flag with an element behind it", der.sequence(der.boolean(), der.integer(1), der.null())),
    ), (
        ("flag-01", "A CA flag of 01", der.sequence(der.element(der.BOOLEAN, b"\1"))),
        ("flag-long", "A CA flag of two octets", der.sequence(der.element(der.BOOLEAN, b"\xff\xff"))),
        ("flag-empty", "A CA flag of no octets", der.sequence(der.element(der.BOOLEAN))),
        ("path-length-negative", "A negative path length", der.sequence(der.boolean(), der.integer(-1))),
        ("path-length-very-negative", "A path length of -2", der.sequence(der.boolean(), der.integer(-2))),
        ("path-length-64-bits", "A path length of 64 bits", der.sequence(der.boolean(), der.integer(1 << 63))),
        ("path-length-not-minimal", "A path length with a zero in front", der.sequence(der.boolean(), der.element(der.INTEGER, b"\0\1"))),
        ("path-length-empty", "A path length of no octets", der.sequence(der.boolean(), der.element(der.INTEGER))),
        ("flag-alone", "A CA flag without a SEQUENCE", der.boolean()),
    ))
    names = [email(EMAIL)]
    yield (SUBJECT_NAME, "subject-names", True, (
        ("several", "Names of all kinds that are read", der.sequence(email("a@b.example"), dns("b.example"), uri("https://b.example/c"), ip("192.0.2.1"),
                                                                   ip("2001:db8::1"))),
        ("other-kinds", "Names of other kinds beside them", der.sequence(*names, other_name(), directory_name(name("a")), registered_id())),
        ("other-kind-noise", "Noise in a name of another kind", der.sequence(*names, der.implicit(0, b"\xff"))),
        ("tag-31", "A name of a kind that nobody knows", der.sequence(*names, der.implicit(30, b"a"))),
        ("universal", "A text of no kind beside them", der.sequence(*names, der.utf8("a"))),
        ("tail", "An element behind them", der.sequence(*names) + der.null()),
        ("email-empty", "An empty e-mail address", der.sequence(*names, email(""))),
        ("email-no-mailbox", "An e-mail address that is none", der.sequence(*names, email("not an address"))),
        ("email-control", "A control character in an e-mail address", der.sequence(*names, email("a\0b@c.example"))),
        ("dns-empty", "An empty host", der.sequence(*names, dns(""))),
        ("dns-noise", "A host that is none", der.sequence(*names, dns("a b..c!"))),
        ("uri-empty", "An empty URI", der.sequence(*names, uri(""))),
        ("constructed", "A constructed e-mail address, which is none", der.sequence(*names, der.context(1, der.ia5("a@b.example")))),
        ("many", "A thousand e-mail addresses", der.sequence(*names, *(email(f"a{number}@b.example") for number in range(1000)))),
        ("email-twice", "An e-mail address twice", der.sequence(*names, *names)),
    ), (
        ("email-umlaut", "An umlaut in an e-mail address", der.sequence(*names, email("\u00e4@b.example"))),
        ("email-latin-1", "The octet E4 in an e-mail address", der.sequence(*names, email(b"\xe4@b.example"))),
        ("email-80", "The octet 80 in an e-mail address", der.sequence(*names, email(b"\x80"))),
        ("dns-umlaut", "An umlaut in a host", der.sequence(*names, dns("b\u00fc.example"))),
        ("uri-umlaut", "An umlaut in a URI", der.sequence(*names, uri("https://b\u00fc.example"))),
        ("ip-nothing", "An address of no octets", der.sequence(*names, der.implicit(7))),
        ("ip-3", "An address of 3 octets", der.sequence(*names, der.implicit(7, bytes(3)))),
        ("ip-5", "An address of 5 octets", der.sequence(*names, der.implicit(7, bytes(5)))),
        ("ip-8", "An address of 8 octets, as constraints have it", der.sequence(*names, der.implicit(7, bytes(8)))),
        ("ip-15", "An address of 15 octets", der.sequence(*names, der.implicit(7, bytes(15)))),
        ("ip-32", "An address of 32 octets, as constraints have it", der.sequence(*names, der.implicit(7, bytes(32)))),
        ("ip-text", "An address as a text", der.sequence(*names, der.implicit(7, b"192.0.2.1"))),
        ("cut", "A name that ends too early", der.sequence(*names, b"\x81\x05a")),
        ("long-tag", "A name with a tag in two octets", der.sequence(*names, der.element(b"\x9f\x1f", b"a"))),
        ("long-length", "A name with a length of two octets where one does", der.sequence(*names, der.long_length(0x81, 1, b"a@b.example"))),
        ("email-alone", "An e-mail address without a SEQUENCE", email(EMAIL)),
    ))
    constraint = der.sequence(dns("b.example"))
    yield (NAME_CONSTRAINTS, "name-constraints", True, tuple(
        (f"{label}-{kind}", f"A {label} constraint: {about}", der.sequence(der.context(number, *map(der.sequence, bases))))
        for number, label in enumerate(("permitted", "excluded")) for kind, about, bases in (
            ("dns", "a host", [dns("b.example")]),
            ("dns-dot", "a host with a dot before it", [dns(".b.example")]),
            ("dns-empty", "the empty host", [dns("")]),
            ("dns-dot-alone", "a dot alone as host", [dns(".")]),
            ("email", "a mailbox", [email("a@b.example")]),
            ("email-quoted", "a quoted mailbox", [email('"a b"@b.example')]),
            ("email-no-host", "a mailbox without a host", [email("a@")]),
            ("email-two-at", "a mailbox with two @", [email("a@b@c.example")]),
            ("email-host", "the host of mailboxes", [email("b.example")]),
            ("email-dot", "the host of mailboxes with a dot before it", [email(".b.example")]),
            ("email-empty", "the empty host of mailboxes", [email("")]),
            ("uri", "the host of URIs", [uri("b.example")]),
            ("uri-dot", "the host of URIs with a dot before it", [uri(".b.example")]),
            ("ip", "a network", [ip("192.0.2.0/24")]),
            ("ip-6", "a network of IPv6", [ip("2001:db8::/32")]),
            ("ip-all", "the network of all", [ip("0.0.0.0/0")]),
            ("ip-one", "the network of one", [ip("192.0.2.1/32")]),
            ("ip-host-bits", "a network with bits behind its mask", [ip("192.0.2.77/24")]),
            ("directory", "a name of a directory", [directory_name(name("a"))]),
            ("several", "several", [dns("b.example"), email("b.example"), ip("192.0.2.0/24")]),
        )) + (
        ("minimum", "A constraint with a minimum", der.sequence(der.context(0, der.sequence(dns("b.example"), der.implicit(0, b"\0"))))),
        ("base-tail", "A constraint with noise behind its base", der.sequence(der.context(0, der.sequence(dns("b.example"), b"\xff")))),
        ("empty-permitted-beside-excluded", "Nothing permitted beside something excluded", der.sequence(der.context(0), der.context(1, constraint))),
    ), tuple(
        (f"bad-{kind}", f"A constraint that is malformed: {about}", der.sequence(der.context(0, der.sequence(base)))) for kind, about, base in (
            ("dns-umlaut", "an umlaut in a host", dns("b\u00fc.example")),
            ("dns-two-dots", "two dots in a host", dns("b..example")),
            ("dns-two-dots-before", "two dots before a host", dns("..example")),
            ("dns-dot-behind", "a dot behind a host", dns("b.example.")),
            ("dns-blank", "a blank in a host", dns("b .example")),
            ("dns-del", "DEL in a host", dns("b\x7f.example")),
            ("dns-nul", "a NUL in a host", dns("b\0.example")),
            ("email-umlaut", "an umlaut in a mailbox", email("\u00e4@b.example")),
            ("email-no-local", "a mailbox without a local part", email("@b.example")),
            ("email-blank", "a mailbox with a blank", email("a b@c.example")),
            ("email-host-two-dots", "two dots in the host of mailboxes", email("b..example")),
            ("email-host-dot-behind", "a dot behind the host of mailboxes", email("b.example.")),
            ("uri-umlaut", "an umlaut in the host of URIs", uri("b\u00fc.example")),
            ("uri-address", "an address as the host of URIs", uri("192.0.2.1")),
            ("uri-address-6", "an address of IPv6 as the host of URIs", uri("2001:db8::1")),
            ("uri-two-dots", "two dots in the host of URIs", uri("b..example")),
            ("uri-dot-behind", "a dot behind the host of URIs", uri("b.example.")),
            ("ip-4", "an address without a mask", ip("192.0.2.1")),
            ("ip-16", "an address of IPv6 without a mask", ip("2001:db8::1")),
            ("ip-7", "seven octets of a network", der.implicit(7, bytes(7))),
            ("ip-nothing", "a network of no octets", der.implicit(7)),
            ("ip-mask", "a mask with a gap", der.implicit(7, bytes([192, 0, 2, 0, 255, 0, 255, 0]))),
            ("ip-mask-inverted", "a mask that is inverted", der.implicit(7, bytes([192, 0, 2, 0, 0, 0, 0, 255]))),
            ("ip-mask-6", "a mask of IPv6 with a gap", der.implicit(7, bytes(16) + b"\xff\0\xff" + bytes(13))),
        )) + (
        ("empty", "Neither permitted nor excluded", der.sequence()),
        ("empty-permitted", "Nothing permitted, and no more", der.sequence(der.context(0))),
        ("empty-excluded", "Nothing excluded, and no more", der.sequence(der.context(1))),
        ("empty-both", "Nothing permitted and nothing excluded", der.sequence(der.context(0), der.context(1))),
        ("order", "Excluded before permitted", der.sequence(der.context(1, constraint), der.context(0, constraint))),
        ("twice", "Permitted twice", der.sequence(der.context(0, constraint), der.context(0, constraint))),
        ("third", "A third list", der.sequence(der.context(0, constraint), der.context(2, constraint))),
        ("tail-inside", "An element behind the lists", der.sequence(der.context(0, constraint), der.null())),
        ("tail", "An element behind it all", der.sequence(der.context(0, constraint)) + der.null()),
        ("primitive", "A list in a primitive tag", der.sequence(der.implicit(0, constraint))),
        ("base-missing", "A constraint without a base", der.sequence(der.context(0, der.sequence()))),
        ("base-alone", "A base without a SEQUENCE", der.sequence(der.context(0, dns("b.example")))),
        ("base-set", "A SET for a constraint", der.sequence(der.context(0, der.set_of(dns("b.example"))))),
        ("base-cut", "A base that ends too early", der.sequence(der.context(0, der.sequence(b"\x82\x09b")))),
    ))
    points = lambda *parts: der.sequence(der.sequence(*parts))  # noqa: E731
    yield (DISTRIBUTION_POINTS, "distribution-points", False, (
        ("uri", "A URI", points(der.context(0, der.context(0, uri("http://b.example/list"))))),
        ("empty-list", "No point", der.sequence()),
        ("empty-point", "An empty point", points()),
        ("issuer-alone", "A point that names an issuer alone", points(der.context(2, directory_name(name("a"))))),
        ("other-name", "A point with a name of another kind", points(der.context(0, der.context(0, dns("b.example"))))),
        ("names-empty", "A point with no names", points(der.context(0, der.context(0)))),
        ("uri-umlaut", "A URI with an umlaut", points(der.context(0, der.context(0, uri("http://b\u00fc.example"))))),
        ("uri-noise", "A URI that is none", points(der.context(0, der.context(0, uri("%zz"))))),
        ("tail", "A point with an element behind it all", points() + der.null()),
    ), (
        ("point-null", "NULL for a point", der.sequence(der.null())),
        ("relative", "A point that is relative to its issuer", points(der.context(0, der.context(1, attribute_set())))),
        ("name-empty", "A point of an empty name", points(der.context(0))),
        ("uri-cut", "A URI that ends too early", points(der.context(0, der.context(0, b"\x86\x09h")))),
    ))
    yield (EXTENDED_KEY_USAGE, "extended-key-usage", True, (
        ("signing", "Code signing", der.sequence(der.oid(CODE_SIGNING))),
        ("empty", "No purpose", der.sequence()),
        ("unknown", "A purpose that nobody knows", der.sequence(der.oid(UNKNOWN))),
        ("twice", "A purpose twice", der.sequence(der.oid(CODE_SIGNING), der.oid(CODE_SIGNING))),
        ("tail", "An element behind it all", der.sequence(der.oid(CODE_SIGNING)) + der.null()),
    ), (
        ("text", "A text for a purpose", der.sequence(der.utf8(CODE_SIGNING))),
        ("object-empty", "A purpose of no octets", der.sequence(der.element(der.OBJECT))),
        ("object-not-minimal", "A purpose with a number that has zeros in front", der.sequence(der.element(der.OBJECT, b"\x2b\x80\x06"))),
        ("object-cut", "A purpose that says that more follows", der.sequence(der.element(der.OBJECT, b"\x2b\x86"))),
        ("second-noise", "Noise behind a purpose", der.sequence(der.oid(CODE_SIGNING), b"\xff")),
        ("object-alone", "A purpose without a SEQUENCE", der.oid(CODE_SIGNING)),
    ))
    policy = lambda *parts: der.sequence(*parts)  # noqa: E731
    yield (POLICIES, "policies", False, (
        ("one", "A policy", der.sequence(policy(der.oid("1.2.3")))),
        ("any", "Any policy", der.sequence(policy(der.oid(ANY_POLICY)))),
        ("several", "Two policies", der.sequence(policy(der.oid("1.2.3")), policy(der.oid("1.2.4")))),
        ("qualified", "A policy with what is said of it", der.sequence(policy(der.oid("1.2.3"), der.sequence(der.null())))),
        ("tail", "An element behind it all", der.sequence(policy(der.oid("1.2.3"))) + der.null()),
        ("list-empty", "No policy", der.sequence()),
        ("large-number", "A policy with a number of 70 bits", der.sequence(policy(der.oid(f"1.2.{1 << 70}")))),
    ), (
        ("twice", "A policy twice", der.sequence(policy(der.oid("1.2.3")), policy(der.oid("1.2.3")))),
        ("twice-apart", "A policy twice, with another between", der.sequence(*(policy(der.oid(one)) for one in ("1.2.3", "1.2.4", "1.2.3")))),
        ("empty", "An empty policy", der.sequence(policy())),
        ("object-alone", "A policy without a SEQUENCE", der.sequence(der.oid("1.2.3"))),
        ("text", "A text for a policy", der.sequence(policy(der.utf8("1.2.3")))),
    ))
    pair = der.sequence(der.oid("1.2.3"), der.oid("1.2.4"))
    yield (POLICY_MAPPINGS, "policy-mappings", False, (
        ("one", "A mapping", der.sequence(pair)),
        ("list-empty", "No mapping", der.sequence()),
        ("twice", "A mapping twice", der.sequence(pair, pair)),
        ("element-more", "A mapping with an element more", der.sequence(der.sequence(der.oid("1.2.3"), der.oid("1.2.4"), der.null()))),
    ), (
        ("half", "A mapping to nothing", der.sequence(der.sequence(der.oid("1.2.3")))),
        ("empty", "An empty mapping", der.sequence(der.sequence())),
        ("text", "A mapping to a text", der.sequence(der.sequence(der.oid("1.2.3"), der.utf8("a")))),
    ))
    yield (POLICY_CONSTRAINTS, "policy-constraints", True, (
        ("explicit", "When a policy is required", der.sequence(der.implicit(0, b"\5"))),
        ("mapping", "When mapping is over", der.sequence(der.implicit(1, b"\0"))),
        ("both", "When a policy is required, and mapping is over", der.sequence(der.implicit(0, b"\5"), der.implicit(1, b"\0"))),
        ("empty", "An empty SEQUENCE", der.sequence()),
        ("tail", "An element behind it all", der.sequence(der.implicit(0, b"\5")) + der.null()),
        ("tail-inside", "An element at its end", der.sequence(der.implicit(0, b"\5"), der.null())),
    ), (
        ("explicit-empty", "A number of no octets", der.sequence(der.implicit(0))),
        ("explicit-not-minimal", "A number with a zero in front", der.sequence(der.implicit(0, b"\0\1"))),
        ("explicit-64-bits", "A number of 64 bits", der.sequence(der.implicit(0, der.number(1 << 63)))),
        ("mapping-empty", "A number of no octets for mapping", der.sequence(der.implicit(1))),
        ("mapping-64-bits", "A number of 64 bits for mapping", der.sequence(der.implicit(1, der.number(1 << 63)))),
    ))
    yield (INHIBIT_ANY_POLICY, "inhibit-any-policy", False, (
        ("zero", "The number 0", der.integer(0)),
        ("five", "The number 5", der.integer(5)),
        ("tail", "A number with an element behind it", der.integer(1) + der.null()),
    ), (
        ("not-minimal", "A number with a zero in front", der.element(der.INTEGER, b"\0\1")),
        ("empty", "A number of no octets", der.element(der.INTEGER)),
        ("64-bits", "A number of 64 bits", der.integer(1 << 63)),
        ("sequence", "A SEQUENCE", der.sequence(der.integer(1))),
    ))
    yield (SUBJECT_KEY_ID, "subject-key-id", False, (
        ("one", "An ID", der.octet_string(b"id")),
        ("empty", "An ID of no octets", der.octet_string(b"")),
        ("long", "An ID of 300 octets", der.octet_string(bytes(300))),
        ("tail", "An ID with an element behind it", der.octet_string(b"id") + der.null()),
    ), (
        ("bare", "An ID without an OCTET STRING", b"\x41\x42\x43"),
        ("text", "A text for an ID", der.utf8("id")),
        ("sequence", "A SEQUENCE", der.sequence(der.octet_string(b"id"))),
    ))
    yield (AUTHORITY_KEY_ID, "authority-key-id", False, (
        ("one", "An ID", der.sequence(der.implicit(0, b"id"))),
        ("empty", "No ID", der.sequence()),
        ("id-empty", "An ID of no octets", der.sequence(der.implicit(0))),
        ("with-issuer", "An ID with an issuer and a serial number",
         der.sequence(der.implicit(0, b"id"), der.context(1, directory_name(name("a"))), der.implicit(2, b"\1"))),
        ("issuer-alone", "An issuer and a serial number alone", der.sequence(der.context(1, directory_name(name("a"))), der.implicit(2, b"\1"))),
        ("tail", "An element behind it all", der.sequence(der.implicit(0, b"id")) + der.null()),
    ), (
        ("octets", "An OCTET STRING", der.octet_string(b"id")),
        ("cut", "An ID that ends too early", der.sequence(b"\x80\x05i")),
    ))
    access = lambda *parts: der.sequence(der.sequence(*parts))  # noqa: E731
    yield (AUTHORITY_ACCESS, "authority-access", False, (
        ("uri", "A URI", access(der.oid("1.3.6.1.5.5.7.48.2"), uri("http://b.example/issuer"))),
        ("unknown-method", "A method that nobody knows", access(der.oid(UNKNOWN), uri("http://b.example"))),
        ("other-name", "A name of another kind", access(der.oid("1.3.6.1.5.5.7.48.1"), dns("b.example"))),
        ("name-missing", "A method without a name", access(der.oid("1.3.6.1.5.5.7.48.1"))),
        ("list-empty", "No method", der.sequence()),
        ("tail", "An element behind it all", der.sequence() + der.null()),
    ), (
        ("method-missing", "A name without a method", access(uri("http://b.example"))),
        ("empty", "An empty method", access()),
        ("uri-cut", "A URI that ends too early", access(der.oid("1.3.6.1.5.5.7.48.1"), b"\x86\x09h")),
    ))


def attribute_set():
    return der.set_of(der.sequence(der.oid("2.5.4.3"), der.utf8("a")))


def _uris(world):
    """URIs among the alternative names: those that Go's `url.Parse` reads, with a domain name as host if there is one."""
    good = ("https://b.example", "https://b.example/", "https://b.example/c?d=e#f", "https://b.example:8080/c", "https://user@b.example/c",
            "https://user:word@b.example/c", "HTTPS://B.EXAMPLE", "spiffe://b.example/ns/c", "mailto:a@b.example", "urn:uuid:123", "b.example", "/c/d", "c/d",
            "//b.example/c", "?d", "#f", "https:", "https://", "https:///c", "a:b", "https://b.example/%20", "https://b_c.example", "https://-b-.example",
            "https://192.0.2.1/c", "https://b.example/a b", "https://[2001:db8::1]/c", "https://[2001:db8::1]:8080/c", "https://b.example:/c",
            "https://b.example/a%2fb", "https://github.example/o/r/.github/workflows/w.yml@refs/heads/main", "x-y.z+1:a", "https://b.example/\"<>",
            "https://b!.example", "https://b<.example")
    bad = ("%zz", "https://b.example/%zz", "https://b.example/%2", ":a", "1a:b", "a b:c/", "https://b .example", "https://b.example:port", "https://b.example:80a",
           "https://[2001:db8::1", "https://2001:db8::1]/", "https://.b.example", "https://b..example", "https://b.example.", "https://b.example./c",
           "https://user name@b.example", "https://b%00.example", "https://b\x7f.example", "https://b.example/\x00", "https://b.example/\n", "\x01",
           "https://b%20c.example", "https://b%41.example", "https://b%zz.example", "https://./c", "https://b\\c.example", "https://b^.example",
           "https://[fe80::1%en0]/", "https://u<@b.example", "a/b:c%", "https://.", "https://b.example:-1/")
    for index, text_ in enumerate(good):
        _everywhere(world, f"uri-good-{index + 1}", f"The URI {text_!r} is read", True,
                    lambda one, text_=text_: replacing(one, SUBJECT_NAME, subject_names(email(EMAIL), uri(text_))), effective=True)
    for index, text_ in enumerate(bad):
        world.pki(f"uri-bad-{index + 1}-leaf", f"The URI {text_!r} is not read: in the signer's certificate.", "reject", MALFORMED,
                  leaf=replacing(LEAF, SUBJECT_NAME, subject_names(email(EMAIL), uri(text_))))


def _critical(world):
    """Known extensions that are critical: understood, but for those that must not be."""
    for dotted, label, value in (
        (KEY_USAGE, "key-usage", der.named_bits(0)), (BASIC_CONSTRAINTS, "basic-constraints", der.sequence()),
        (SUBJECT_NAME, "subject-names", der.sequence(email(EMAIL))),
        (NAME_CONSTRAINTS, "name-constraints", der.sequence(der.context(0, der.sequence(dns("b.example"))))),
        (DISTRIBUTION_POINTS, "distribution-points", der.sequence()), (EXTENDED_KEY_USAGE, "extended-key-usage", der.sequence(der.oid(CODE_SIGNING))),
        (POLICIES, "policies", der.sequence(der.sequence(der.oid("1.2.3")))), (POLICY_MAPPINGS, "policy-mappings", der.sequence()),
        (POLICY_CONSTRAINTS, "policy-constraints", der.sequence()), (INHIBIT_ANY_POLICY, "inhibit-any-policy", der.integer(5)),
    ):
        for flag in (True, False):
            said = "" if flag else " not"
            world.pki(f"critical-{label}-{'yes' if flag else 'no'}", f"{label.replace('-', ' ').capitalize()} may{said} be critical.", "accept", None,
                      leaf=replacing(LEAF, dotted, extension(dotted, value, flag)))
    for dotted, label, value in ((SUBJECT_KEY_ID, "subject-key-id", der.octet_string(b"id")), (AUTHORITY_KEY_ID, "authority-key-id", der.sequence()),
                                 (AUTHORITY_ACCESS, "authority-access", der.sequence())):
        _everywhere(world, f"critical-{label}", f"A critical {label.replace('-', ' ')}", False,
                    lambda one, dotted=dotted, value=value: replacing(one, dotted, extension(dotted, value, True)))
        _everywhere(world, f"critical-false-{label}", f"A {label.replace('-', ' ')} that says it is not critical", True,
                    lambda one, dotted=dotted, value=value: replacing(one, dotted, extension(dotted, value, der.boolean(False))))


def _twice(world):
    """Extensions that are known, twice."""
    for certificate, place in ((LEAF, "leaf"), (MIDDLE, "intermediate")):
        for index, one in enumerate(certificate.extensions):
            changed = certificate.adding(one)
            parts = {"leaf": changed} if place == "leaf" else {"chain": (changed, ROOT)}
            world.pki(f"twice-{place}-{index + 1}", "An extension twice makes a certificate unreadable, even if both are equal.", "reject", MALFORMED, **parts)


def _unhandled(world):
    """Critical and not understood: no use in a path, but no mistake."""
    for name_, about, one, unhandled in (
        ("unknown", "An unknown extension", lambda flag: extension(UNKNOWN, b"x", flag), True),
        ("netscape-comment", "A comment of Netscape's", lambda flag: extension(NETSCAPE_COMMENT, der.ia5("a"), flag), True),
        ("timestamps", "Timestamps of certificate transparency", lambda flag: extension(CERTIFICATE_TIMESTAMPS, der.octet_string(b"x"), flag), True),
        ("issuer-names", "The issuer's alternative names", lambda flag: extension(ISSUER_NAME, der.sequence(dns("b.example")), flag), True),
        ("freshest-list", "Where the freshest list is", lambda flag: extension(FRESHEST_LIST, der.sequence(), flag), True),
        ("private-key-period", "For how long the private key is used", lambda flag: extension(PRIVATE_KEY_PERIOD, der.sequence(), flag), True),
        ("subject-directory", "Attributes of the subject", lambda flag: extension(SUBJECT_DIRECTORY, der.sequence(), flag), True),
        ("subject-access", "Access to the subject", lambda flag: extension(SUBJECT_ACCESS, der.sequence(), flag), True),
        ("close-to-known", "An object that begins like a known one", lambda flag: extension("2.5.29.15.1", der.named_bits(0), flag), True),
        ("close-to-known-arc", "An object of three numbers", lambda flag: extension("2.5.29", b"x", flag), True),
        ("constraint-of-directory", "A constraint of names of a directory",
         lambda flag: name_constraints([directory_name(name("a"))], critical=flag), True),
        ("constraint-of-other-name", "A constraint of names of somebody's own", lambda flag: name_constraints([other_name()], critical=flag), True),
        ("constraint-of-registered-id", "A constraint of registered IDs", lambda flag: name_constraints([], [registered_id()], critical=flag), True),
        ("constraint-mixed", "A constraint of names of a directory beside one of hosts",
         lambda flag: name_constraints([dns("c.example"), directory_name(name("a"))], critical=flag), True),
        ("constraint-constructed", "A constraint of a host in a constructed tag",
         lambda flag: name_constraints([der.context(2, der.ia5("b.example"))], critical=flag), True),
        ("constraint-of-hosts", "A constraint of hosts alone", lambda flag: name_constraints([dns("c.example")], critical=flag), False),
    ):
        for flag in (True, False):
            verdict = "reject" if flag and unhandled else "accept"
            said = f"{about}{' that is critical' if flag else ''}"
            what = f"unhandled-{name_}{'' if flag else '-not-critical'}"
            world.pki(f"{what}-leaf", f"{said}: in the signer's certificate.", verdict, None, leaf=LEAF.adding(one(flag)))
            if not flag and not name_.startswith(("unknown", "constraint")):
                continue
            world.pki(f"{what}-intermediate", f"{said}: in an intermediate.", verdict, None, chain=(MIDDLE.adding(one(flag)), ROOT))
            world.pki(f"{what}-root", f"{said}: in a root.", verdict, None, roots=[ROOT.adding(one(flag))])
            if verdict == "reject" and name_ in ("unknown", "constraint-of-directory"):
                world.fulcio(f"{what}-leaf-fulcio", f"{said}: in the signer's certificate, by fulcio.", verdict, None, leaf=LEAF.adding(one(flag)))
                world.pki(f"{what}-chain", f"{said}: where it is not in the path.", "accept", None, chain=(MIDDLE, ROOT.adding(one(flag))))
                world.pki(f"{what}-beside-intermediate", f"{said}: another certificate of the intermediate will do.", "accept", None,
                          chain=(MIDDLE.adding(one(flag)), MIDDLE, ROOT))
                world.pki(f"{what}-beside-root", f"{said}: another root will do.", "accept", None, roots=[ROOT.adding(one(flag)), ROOT])
    # Alternative names without one that is read.
    for name_, about, names in (("none", "No alternative name", ()), ("other-name", "An alternative name of somebody's own", (other_name(),)),
                                ("directory", "An alternative name of a directory", (directory_name(name("a")),)),
                                ("registered-id", "A registered ID as alternative name", (registered_id(),))):
        nameless = extension(SUBJECT_NAME, der.sequence(*names), True)
        relaxed = extension(SUBJECT_NAME, der.sequence(*names), False)
        for place, parts in (("intermediate", lambda one: {"chain": (MIDDLE.adding(one), ROOT)}), ("root", lambda one: {"roots": [ROOT.adding(one)]})):
            world.both(f"nameless-{name_}-{place}", f"{about} that is critical: in {'an intermediate' if place[0] == 'i' else 'a root'}.", "reject", None,
                       **parts(nameless))
            world.both(f"nameless-{name_}-{place}-not-critical", f"{about} that is not critical: in {'an intermediate' if place[0] == 'i' else 'a root'}.",
                       "accept", None, **parts(relaxed))
        leaf = signer(MIDDLE, extensions=(*ISSUERS, nameless))
        world.pki(f"nameless-{name_}-leaf-pki", f"{about} that is critical: in the signer's certificate.", "reject", None, leaf=leaf)
        world.fulcio(f"nameless-{name_}-leaf-fulcio", f"{about} that is critical: forgiven by fulcio, who is then not who was wanted.", "reject",
                     OTHER_SIGNER, leaf=leaf)
        world.fulcio(f"nameless-{name_}-leaf-and-unknown", f"{about} that is critical: forgiven by fulcio, but no other extension is.", "reject", None,
                     leaf=leaf.adding(extension(UNKNOWN, b"x", True)))
        world.both(f"nameless-{name_}-leaf-not-critical", f"{about} that is not critical: the signer is not who was wanted.", "reject", OTHER_SIGNER,
                   leaf=signer(MIDDLE, extensions=(*ISSUERS, relaxed)))
    world.both("critical-names-leaf", "Alternative names may be critical, as Fulcio writes them.", "accept", None,
               leaf=signer(MIDDLE, extensions=(*ISSUERS, subject_names(email(EMAIL), critical=True))))
    world.both("critical-fulcio-issuer", "Fulcio's issuer may not be critical: nobody understands it in a path.", "reject", None,
               leaf=signer(MIDDLE, email(EMAIL), extensions=(extension(FULCIO_ISSUER, b"https://issuer.example", True),)))
