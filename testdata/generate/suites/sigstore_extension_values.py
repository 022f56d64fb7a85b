"""What is inside of extensions of certificates that are known: well-formed, or a mistake that makes the certificate unreadable (RFC 5280, 4.2, as Go
reads it)."""

import der
from certificate_extensions import (ANY_POLICY, AUTHORITY_ACCESS, AUTHORITY_KEY_ID, BASIC_CONSTRAINTS, CODE_SIGNING, DISTRIBUTION_POINTS,
                                    EXTENDED_KEY_USAGE, INHIBIT_ANY_POLICY, KEY_USAGE, NAME_CONSTRAINTS, POLICIES, POLICY_CONSTRAINTS, POLICY_MAPPINGS,
                                    SUBJECT_KEY_ID, SUBJECT_NAME, UNKNOWN, directory_name, dns, email, extension, ip, other_name, registered_id,
                                    subject_names, uri)
from certificates import name
from certified import EMAIL, LEAF, MALFORMED, Certified, everywhere, replacing
from workshop import Suite


def build(workshop):
    suite = Suite("sigstore-extension-values")
    world = Certified(workshop, suite)
    _values(world)
    _uris(world)
    return suite


def _values(world):
    """What is inside of each extension that is known."""
    for dotted, label, effective, good, bad in _known():
        for name_, about, value in good:
            everywhere(world, f"{label}-{name_}", f"{about} as {label.replace('-', ' ')}", True,
                        lambda one, value=value, dotted=dotted: replacing(one, dotted, extension(dotted, value)), effective)
        for number, (name_, about, value) in enumerate((*bad, *_common())):
            everywhere(world, f"{label}-{name_}", f"{about} as {label.replace('-', ' ')}", False,
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
            ("dns-dot-alone", "a dot alone as host", dns(".")),
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
        everywhere(world, f"uri-good-{index + 1}", f"The URI {text_!r} is read", True,
                    lambda one, text_=text_: replacing(one, SUBJECT_NAME, subject_names(email(EMAIL), uri(text_))), effective=True)
    for index, text_ in enumerate(bad):
        world.pki(f"uri-bad-{index + 1}-leaf", f"The URI {text_!r} is not read: in the signer's certificate.", "reject", MALFORMED,
                  leaf=replacing(LEAF, SUBJECT_NAME, subject_names(email(EMAIL), uri(text_))))
