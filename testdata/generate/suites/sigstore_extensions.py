"""Extensions of certificates: their frame, and what critical means (RFC 5280, 4.2, as Go reads it). What is inside of them has a suite of its own."""

import der
from certificate_extensions import (AUTHORITY_ACCESS, AUTHORITY_KEY_ID, BASIC_CONSTRAINTS, CODE_SIGNING, DISTRIBUTION_POINTS, EXTENDED_KEY_USAGE,
                                    FULCIO_ISSUER, INHIBIT_ANY_POLICY, ISSUER_NAME, KEY_USAGE, NAME_CONSTRAINTS, POLICIES, POLICY_CONSTRAINTS,
                                    POLICY_MAPPINGS, SUBJECT_KEY_ID, SUBJECT_NAME, UNKNOWN, directory_name, dns, email, extension, ip, name_constraints,
                                    other_name, registered_id, subject_names, uri)
from certificates import name
from certified import EMAIL, ISSUERS, LEAF, MALFORMED, MIDDLE, OTHER_SIGNER, ROOT, UNTRUSTED, Certified, everywhere, replacing, signer
from workshop import Suite

NETSCAPE_COMMENT, CERTIFICATE_TIMESTAMPS, SUBJECT_ACCESS = "2.16.840.1.113730.1.13", "1.3.6.1.4.1.11129.2.4.2", "1.3.6.1.5.5.7.1.11"
FRESHEST_LIST, PRIVATE_KEY_PERIOD, SUBJECT_DIRECTORY = "2.5.29.46", "2.5.29.16", "2.5.29.9"


def build(workshop):
    suite = Suite("sigstore-extensions")
    world = Certified(workshop, suite)
    for part in (_frames, _critical, _twice, _unhandled):
        part(world)
    return suite


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
        everywhere(world, f"frame-{name_}", about, read, lambda one, block=block: one.but(extension_block=block(one)), whole=name_.startswith("twice"))
    for name_, about, block in (
        ("empty-list", "An empty list of extensions is none: nobody is named.", der.context(3, der.sequence())),
        ("primitive-tag", "Extensions in a primitive tag are none.", der.implicit(3, der.sequence(*LEAF.extensions))),
        ("other-tag", "Extensions in another tag are none.", der.context(4, der.sequence(*LEAF.extensions))),
        ("behind-null", "Extensions behind another element are none.", der.null() + der.context(3, der.sequence(*LEAF.extensions))),
    ):
        world.pki(f"frame-{name_}", about, "reject", OTHER_SIGNER, leaf=LEAF.but(extension_block=block))


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
        everywhere(world, f"critical-{label}", f"A critical {label.replace('-', ' ')}", False,
                    lambda one, dotted=dotted, value=value: replacing(one, dotted, extension(dotted, value, True)))
        everywhere(world, f"critical-false-{label}", f"A {label.replace('-', ' ')} that says it is not critical", True,
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
            world.pki(f"{what}-leaf", f"{said}: in the signer's certificate.", verdict, UNTRUSTED, leaf=LEAF.adding(one(flag)))
            if not flag and not name_.startswith(("unknown", "constraint")):
                continue
            world.pki(f"{what}-intermediate", f"{said}: in an intermediate.", verdict, UNTRUSTED, chain=(MIDDLE.adding(one(flag)), ROOT))
            world.pki(f"{what}-root", f"{said}: in a root.", verdict, UNTRUSTED, roots=[ROOT.adding(one(flag))])
            if verdict == "reject" and name_ in ("unknown", "constraint-of-directory"):
                world.fulcio(f"{what}-leaf-fulcio", f"{said}: in the signer's certificate, by fulcio.", verdict, UNTRUSTED, leaf=LEAF.adding(one(flag)))
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
            world.both(f"nameless-{name_}-{place}", f"{about} that is critical: in {'an intermediate' if place[0] == 'i' else 'a root'}.", "reject", UNTRUSTED,
                       **parts(nameless))
            world.both(f"nameless-{name_}-{place}-not-critical", f"{about} that is not critical: in {'an intermediate' if place[0] == 'i' else 'a root'}.",
                       "accept", None, **parts(relaxed))
        leaf = signer(MIDDLE, extensions=(*ISSUERS, nameless))
        world.pki(f"nameless-{name_}-leaf-pki", f"{about} that is critical: in the signer's certificate.", "reject", UNTRUSTED, leaf=leaf)
        world.fulcio(f"nameless-{name_}-leaf-fulcio", f"{about} that is critical: forgiven by fulcio, who is then not who was wanted.", "reject",
                     OTHER_SIGNER, leaf=leaf)
        world.fulcio(f"nameless-{name_}-leaf-and-unknown", f"{about} that is critical: forgiven by fulcio, but no other extension is.", "reject", UNTRUSTED,
                     leaf=leaf.adding(extension(UNKNOWN, b"x", True)))
        world.both(f"nameless-{name_}-leaf-not-critical", f"{about} that is not critical: the signer is not who was wanted.", "reject", OTHER_SIGNER,
                   leaf=signer(MIDDLE, extensions=(*ISSUERS, relaxed)))
    for name_, names in (("uri", [uri("https://a.example/b")]), ("address", [ip("192.0.2.1")]), ("host", [dns("a.example")])):
        world.both(f"critical-names-{name_}-intermediate", "Alternative names of each kind that is read may be critical.", "accept", None,
                   chain=(MIDDLE.adding(subject_names(*names, critical=True)), ROOT))
    world.both("critical-names-leaf", "Alternative names may be critical, as Fulcio writes them.", "accept", None,
               leaf=signer(MIDDLE, extensions=(*ISSUERS, subject_names(email(EMAIL), critical=True))))
    world.both("critical-fulcio-issuer", "Fulcio's issuer may not be critical: nobody understands it in a path.", "reject", UNTRUSTED,
               leaf=signer(MIDDLE, email(EMAIL), extensions=(extension(FULCIO_ISSUER, b"https://issuer.example", True),)))
