"""Name constraints: which alternative names an authority's certificate lets those below it have (RFC 5280, 4.2.1.10, as Go does it)."""

import der
from certificate_extensions import (directory_name, dns, email, ip, name_constraints, other_name, registered_id, subject_names, uri)
from certificates import name
from certified import EMAIL, FORBIDDEN, ISSUERS, LEAF, MIDDLE, OTHER_SIGNER, ROOT, STRANGER, Certified, authority, issued, signer
from workshop import Suite

HOST = "b.example"


def build(workshop):
    suite = Suite("sigstore-constraints")
    world = Certified(workshop, suite)
    for part in (_hosts, _mailboxes, _uris, _addresses, _kinds, _whose, _unreadable, _lists, _bounds):
        part(world)
    return suite


def below(*names, permitted=(), excluded=(), critical=True):
    """A signer's certificate with these names, and the chain to it: its issuer has these constraints."""
    above = MIDDLE.adding(name_constraints(permitted, excluded, critical))
    return {"leaf": signer(above, *names, extensions=ISSUERS), "chain": (above, ROOT)}


def _each(world, label, table, constraint, names):
    """Each row of a table: the constraint, the name, and whether it fits where that is permitted, and where it is excluded."""
    for number, (base, text, permitted, excluded) in enumerate(table, 1):
        for side, allowed in (("permitted", permitted), ("excluded", excluded)):
            if allowed is None:
                continue
            verdict = "accept" if allowed else "reject"
            about = f"{text!r} is {'' if allowed else 'not '}allowed where {base!r} is {side}: {label}."
            address = text if label == "mailboxes" else EMAIL
            world.pki(f"{label}-{number}-{side}", about, verdict, FORBIDDEN, email=address, **below(*names(text), **{side: [constraint(base)]}))


def _hosts(world):
    """Hosts: a suffix by label; a dot in front demands one label more; nothing matches all."""
    table = [
        (HOST, "b.example", True, False),
        (HOST, "a.b.example", True, False),
        (HOST, "z.a.b.example", True, False),
        (HOST, "B.EXAMPLE", True, False),
        ("B.Example", "b.example", True, False),
        (HOST, "c.example", False, True),
        (HOST, "example", False, True),
        (HOST, "ab.example", False, True),
        (HOST, "b.example.c", False, True),
        (HOST, "b-example", False, True),
        (HOST, "*.b.example", True, False),
        (HOST, "*.example", False, False),
        (HOST, "*.c.example", False, True),
        (HOST, "*", False, None),
        (HOST, "b_.example", False, True),
        ("." + HOST, "b.example", False, True),
        ("." + HOST, "a.b.example", True, False),
        ("." + HOST, "z.a.b.example", True, False),
        ("." + HOST, "*.b.example", True, False),
        ("." + HOST, "ab.example", False, True),
        ("", "b.example", True, False),
        ("", "*.b.example", True, False),
        ("", "localhost", True, False),
        ("a.b.example", "*.b.example", False, False),
        ("a.b.example", "b.example", False, True),
        ("a.b.example", "*.a.b.example", True, False),
        ("z.a.b.example", "*.b.example", False, True),
        ("z.a.b.example", "*.a.b.example", False, False),
        ("example", "b.example", True, False),
        ("b.example", "a.*.b.example", True, False),
        ("localhost", "localhost", True, False),
        ("localhost", "a.localhost", True, False),
        ("192.0.2.1", "192.0.2.1", True, False),
        ("xn--bcher-kva.example", "xn--bcher-kva.example", True, False),
        ("*.b.example", "a.b.example", False, None),
        ("*.b.example", "*.b.example", True, False),
        ("b.example", "a b.example", False, None),
        ("b.example", "a!.b.example", True, False),
    ]
    _each(world, "hosts", table, dns, lambda host: (email(EMAIL), dns(host)))


def _mailboxes(world):
    """Mailboxes: one, whose local part is compared to the letter; a host; or the hosts below one. A host alone is exact where it is permitted, and a suffix
    where it is excluded."""
    table = [
        ("a@b.example", "a@b.example", True, False),
        ("a@b.example", "a@B.EXAMPLE", True, False),
        ("a@B.example", "a@b.example", True, False),
        ("a@b.example", "A@b.example", False, True),
        ("a@b.example", "c@b.example", False, True),
        ("a@b.example", "a@c.example", False, True),
        ("a@b.example", "a@z.b.example", False, True),
        ("a@b.example", '"a"@b.example', True, False),
        ('"a"@b.example', "a@b.example", True, False),
        ('"a b"@b.example', '"a b"@b.example', True, False),
        ('"a b"@b.example', "a@b.example", False, True),
        (HOST, "a@b.example", True, False),
        (HOST, "a@B.Example", True, False),
        (HOST, "a@z.b.example", False, False),
        (HOST, "a@y.z.b.example", False, False),
        (HOST, "a@c.example", False, True),
        (HOST, "a@ab.example", False, True),
        (HOST, "a@example", False, True),
        (HOST, "b.example@c.example", False, True),
        (HOST, '"b@b.example"@c.example', False, True),
        (HOST, '"b@c.example"@b.example', True, False),
        ("." + HOST, "a@b.example", False, True),
        ("." + HOST, "a@z.b.example", True, False),
        ("." + HOST, "a@y.z.b.example", True, False),
        ("." + HOST, "a@zb.example", False, True),
        ("", "a@b.example", True, False),
        ("", "a@localhost", True, False),
        ("example", "a@b.example", False, False),
        (".example", "a@b.example", True, False),
        (HOST, "a.b@b.example", True, False),
        (HOST, "a+b@b.example", True, False),
        (HOST, "a!#$%&'*/=?^_`{|}~-@b.example", True, False),
        (HOST, '"a\\"b"@b.example', True, False),
        (HOST, "a\\@c@b.example", True, False),
    ]
    _each(world, "mailboxes", table, email, lambda address: (email(address),))


def _uris(world):
    """URIs: their host, as with mailboxes."""
    table = [
        (HOST, "https://b.example", True, False),
        (HOST, "https://b.example/c", True, False),
        (HOST, "https://b.example:8080/c", True, False),
        (HOST, "https://B.EXAMPLE/c", True, False),
        (HOST, "https://user@b.example/c", True, False),
        (HOST, "//b.example/c", True, False),
        (HOST, "spiffe://b.example/c", True, False),
        (HOST, "https://z.b.example/c", False, False),
        (HOST, "https://y.z.b.example/c", False, False),
        (HOST, "https://c.example/b.example", False, True),
        (HOST, "https://b.example@c.example", False, True),
        (HOST, "https://c.example/?https://b.example", False, True),
        (HOST, "https://ab.example", False, True),
        (HOST, "https://example", False, True),
        ("." + HOST, "https://b.example", False, True),
        ("." + HOST, "https://z.b.example", True, False),
        ("." + HOST, "https://y.z.b.example:80", True, False),
        ("", "https://b.example", True, False),
        # Without a domain name as host there is nothing to compare.
        (HOST, "urn:uuid:123", False, False),
        (HOST, "mailto:a@b.example", False, False),
        (HOST, "b.example", False, False),
        (HOST, "/c", False, False),
        (HOST, "https:///c", False, False),
        (HOST, "https://192.0.2.1/c", False, False),
        (HOST, "https://192.0.2.1:80/c", False, False),
        (HOST, "https://[2001:db8::1]/c", False, False),
        (HOST, "https://[2001:db8::1]:80/c", False, False),
        ("", "urn:uuid:123", False, False),
        ("", "https://192.0.2.1", False, False),
    ]
    _each(world, "uris", table, uri, lambda text: (email(EMAIL), uri(text)))


def _addresses(world):
    """Addresses: networks of the same kind."""
    table = [
        ("192.0.2.0/24", "192.0.2.1", True, False),
        ("192.0.2.0/24", "192.0.2.255", True, False),
        ("192.0.2.0/24", "192.0.3.1", False, True),
        ("192.0.2.0/25", "192.0.2.127", True, False),
        ("192.0.2.0/25", "192.0.2.128", False, True),
        ("192.0.2.1/32", "192.0.2.1", True, False),
        ("192.0.2.1/32", "192.0.2.2", False, True),
        ("0.0.0.0/0", "192.0.2.1", True, False),
        ("192.0.2.77/24", "192.0.2.1", True, False),
        ("2001:db8::/32", "2001:db8::1", True, False),
        ("2001:db8::/32", "2001:db9::1", False, True),
        ("2001:db8::/33", "2001:db8:8000::1", False, True),
        ("::/0", "2001:db8::1", True, False),
        ("::/0", "192.0.2.1", False, True),
        ("0.0.0.0/0", "2001:db8::1", False, True),
        ("192.0.2.0/24", "::ffff:192.0.2.1", False, None),
        ("::ffff:192.0.2.0/120", "192.0.2.1", False, None),
        ("::ffff:192.0.2.0/120", "::ffff:192.0.2.1", True, False),
    ]
    _each(world, "addresses", table, ip, lambda address: (email(EMAIL), ip(address)))


def _kinds(world):
    """A constraint speaks of names of its own kind alone, and of those that are read."""
    kinds = {"hosts": (dns(HOST), dns("c.example")), "mailboxes": (email("b.example"), email("a@c.example")),
             "uris": (uri(HOST), uri("https://c.example")), "addresses": (ip("192.0.2.0/24"), ip("203.0.113.1"))}
    for of_constraint, (constraint, _) in kinds.items():
        for of_name, (_, other) in kinds.items():
            if "mailboxes" in (of_constraint, of_name) and of_constraint != of_name:
                names = (email(EMAIL), other) if of_constraint != "mailboxes" else (email("a@b.example"), other)
            else:
                names = (email(EMAIL), other)
            address = "a@b.example" if of_constraint == "mailboxes" and of_name != "mailboxes" else EMAIL
            verdict = "reject" if of_constraint == of_name else "accept"
            world.pki(f"kinds-{of_constraint}-{of_name}", f"What is permitted of {of_constraint} says {'' if verdict == 'reject' else 'nothing '}of {of_name}.",
                      verdict, FORBIDDEN, email=address, **below(*names, permitted=[constraint]))
    for name_, about, other in (("other-name", "names of somebody's own", other_name()), ("directory", "names of a directory", directory_name(name("a"))),
                                ("registered-id", "registered IDs", registered_id())):
        everything = [dns(HOST), email("example.org"), uri(HOST), ip("192.0.2.0/24")]
        world.pki(f"kinds-{name_}", f"Constraints of names that are read say nothing of {about}.", "accept", None,
                  **below(email(EMAIL), other, permitted=everything))
    subject = signer(MIDDLE.adding(name_constraints([dns(HOST)])), email(EMAIL), extensions=ISSUERS, subject=name("c.example"))
    world.pki("kinds-subject", "The subject's common name is no host.", "accept", None, leaf=subject, chain=(MIDDLE.adding(name_constraints([dns(HOST)])), ROOT))
    mail = der.sequence(der.set_of(der.sequence(der.oid("1.2.840.113549.1.9.1"), der.ia5("a@c.example"))))
    above = MIDDLE.adding(name_constraints([email("example.org")]))
    world.pki("kinds-subject-mail", "An e-mail address within the subject is no alternative name.", "accept", None,
              leaf=signer(above, email(EMAIL), extensions=ISSUERS, subject=mail), chain=(above, ROOT))
    for side in ("permitted", "excluded"):
        world.pki(f"kinds-no-names-{side}", "Constraints say nothing of a certificate without alternative names; it names nobody.", "reject", OTHER_SIGNER,
                  **below(**{side: [dns(HOST)]}))


def _whose(world):
    """Which certificates' constraints bind which names."""
    permit, forbid = name_constraints([email("example.org")]), name_constraints([email("example.com")])
    exclude = name_constraints([], [email("example.org")])
    for side, constraint, verdict in (("permitted", permit, "accept"), ("not-permitted", forbid, "reject"), ("excluded", exclude, "reject")):
        root = ROOT.adding(constraint)
        world.both(f"of-root-{side}", f"{side.replace('-', ' ').capitalize()} by a root.", verdict, FORBIDDEN, roots=[root])
        world.both(f"of-intermediate-{side}", f"{side.replace('-', ' ').capitalize()} by an intermediate.", verdict, FORBIDDEN,
                   chain=(MIDDLE.adding(constraint), ROOT))
        high = authority("high", ROOT, constraint)
        low = authority("low", high)
        world.both(f"of-higher-intermediate-{side}", f"{side.replace('-', ' ').capitalize()} by an intermediate's issuer.", verdict, FORBIDDEN,
                   leaf=issued(LEAF, low), chain=(low, high, ROOT))
        world.both(f"of-anchored-intermediate-{side}", f"{side.replace('-', ' ').capitalize()} by an intermediate among the roots.", verdict, FORBIDDEN,
                   roots=[MIDDLE.adding(constraint)], chain=None)
        world.both(f"of-leaf-{side}", f"{side.replace('-', ' ').capitalize()} by the signer's own certificate, which binds nobody.", "accept", None,
                   leaf=LEAF.adding(constraint))
        world.both(f"of-anchored-leaf-{side}", f"{side.replace('-', ' ').capitalize()} by a signer's certificate among the roots, which binds nobody.",
                   "accept", None, leaf=LEAF.adding(constraint), roots=[LEAF.adding(constraint)], chain=None)
        world.both(f"of-other-{side}", f"{side.replace('-', ' ').capitalize()} by an authority that is not in the path.", "accept", None,
                   chain=(STRANGER.adding(constraint), MIDDLE, ROOT))
        world.pki(f"of-old-root-{side}", f"{side.replace('-', ' ').capitalize()} by a root of version 1, which has no extensions.", "accept", None,
                  roots=[ROOT.but(version=1).adding(constraint)])
        relaxed = name_constraints([email("example.org")] if side == "permitted" else [email("example.com")] if side == "not-permitted" else [],
                                   [email("example.org")] if side == "excluded" else [], critical=False)
        world.pki(f"of-relaxed-intermediate-{side}", f"{side.replace('-', ' ').capitalize()} by an intermediate whose constraints are not critical.", verdict,
                  FORBIDDEN, chain=(MIDDLE.adding(relaxed), ROOT))
    # The names of authorities are bound as well.
    for name_, about, names, verdict in (("fits", "fits", [dns("b.example")], "accept"), ("fits-not", "does not fit", [dns("c.example")], "reject")):
        constrained = ROOT.adding(name_constraints([dns(HOST)]))
        middle = MIDDLE.adding(subject_names(*names))
        world.both(f"name-of-intermediate-{name_}", f"An intermediate's own name {about} what its issuer permits.", verdict, FORBIDDEN, roots=[constrained],
                   chain=(middle, ROOT))
        own = MIDDLE.adding(subject_names(*names), name_constraints([dns(HOST)]))
        world.both(f"own-name-of-intermediate-{name_}", f"An intermediate's own name {about} what it permits itself.", verdict, FORBIDDEN, chain=(own, ROOT))
        root = ROOT.adding(subject_names(*names), name_constraints([dns(HOST)]))
        world.both(f"own-name-of-root-{name_}", f"A root's own name {about} what it permits itself.", verdict, FORBIDDEN, roots=[root])
        above = ROOT.adding(subject_names(*names))
        world.both(f"name-of-root-{name_}", f"A root's name {about} what an intermediate permits, who does not bind it.", "accept", None, roots=[above],
                   chain=(MIDDLE.adding(name_constraints([dns(HOST)])), ROOT))
    both = {"roots": [ROOT.adding(name_constraints([email("org")]))]}
    world.pki("of-both-permitted", "Two that permit: each must.", "reject", FORBIDDEN, chain=(MIDDLE.adding(permit), ROOT), **both)
    both = {"roots": [ROOT.adding(name_constraints([email(".org")]))]}
    world.pki("of-both-permitted-below", "Two that permit, and both do.", "accept", None, chain=(MIDDLE.adding(permit), ROOT), **both)
    world.pki("of-both-one-excludes", "One that permits and one that excludes.", "reject", FORBIDDEN, chain=(MIDDLE.adding(exclude), ROOT), **both)
    world.both("other-path", "Of two certificates of an intermediate, one that permits it will do.", "accept", None, chain=(MIDDLE.adding(forbid), MIDDLE, ROOT))
    world.both("other-root", "Of two certificates of a root, one that permits it will do.", "accept", None, roots=[ROOT.adding(forbid), ROOT])
    world.both("no-other-path", "Of two certificates of an intermediate, neither permits it.", "reject", None,
               chain=(MIDDLE.adding(forbid), MIDDLE.adding(exclude), ROOT))


def _unreadable(world):
    """Names that cannot be compared refuse as soon as there is any constraint."""
    for kind, constraint in (("hosts", dns("c.example")), ("mailboxes", email("c.example")), ("uris", uri("c.example")), ("addresses", ip("203.0.113.0/24"))):
        for name_, about, text in (
            ("no-at", "without @", "b.example"), ("no-local", "without a local part", "@b.example"), ("empty", "that is empty", ""),
            ("dots", "with two dots", "a..b@b.example"), ("dot-first", "with a dot in front", ".a@b.example"), ("dot-last", "with a dot behind", "a.@b.example"),
            ("blank", "with a blank", "a b@b.example"), ("host-dot", "whose host ends with a dot", "a@b.example."), ("host-dots", "whose host has two dots",
                                                                                                                "a@b..example"),
            ("quote-open", "with an open quotation", '"a@b.example'), ("host-blank", "whose host has a blank", "a@b .example"),
        ):
            if kind not in ("mailboxes", "hosts") and name_ != "no-at":
                continue
            world.pki(f"unreadable-mailbox-{name_}-{kind}", f"A mailbox {about} refuses where {kind} are excluded.", "reject", FORBIDDEN,
                      **below(email(EMAIL), email(text), excluded=[constraint]))
            if kind == "mailboxes":
                world.pki(f"unreadable-mailbox-{name_}-free", f"A mailbox {about} does no harm where nothing is constrained.", "accept", None,
                          leaf=signer(MIDDLE, email(EMAIL), email(text), extensions=ISSUERS))
            if kind == "mailboxes" and text:
                world.pki(f"unreadable-mailbox-{name_}-wanted", f"A mailbox {about} may be the one that is wanted.", "accept", None,
                          email=text, leaf=signer(MIDDLE, email(text), extensions=ISSUERS))
        for name_, about, text in (("empty-label", "an empty label", "b..example"), ("dot-last", "a dot behind", "b.example."),
                                   ("dot-first", "a dot in front", ".b.example"), ("dot-alone", "a dot alone", "."),
                                   ("blank", "a blank", "b .example"), ("nul", "a NUL", "b\0.example")):
            if kind not in ("mailboxes", "hosts") and name_ != "empty-label":
                continue
            world.pki(f"unreadable-host-{name_}-{kind}", f"A host with {about} refuses where {kind} are excluded.", "reject", FORBIDDEN,
                      **below(email(EMAIL), dns(text), excluded=[constraint]))
            if kind == "hosts":
                world.pki(f"unreadable-host-{name_}-free", f"A host with {about} does no harm where nothing is constrained.", "accept", None,
                          leaf=signer(MIDDLE, email(EMAIL), dns(text), extensions=ISSUERS))
        for name_, text in (("urn", "urn:uuid:123"), ("address", "https://192.0.2.1/c"), ("address-6", "https://[2001:db8::1]/c"), ("path", "/c"),
                            ("mail", "mailto:a@b.example"), ("empty", "")):
            world.pki(f"unreadable-uri-{name_}-{kind}", f"The URI {text!r} has no domain name as host, and refuses where {kind} are excluded.", "reject",
                      FORBIDDEN, **below(email(EMAIL), uri(text), excluded=[constraint]))
            if kind == "uris":
                world.pki(f"unreadable-uri-{name_}-free", f"The URI {text!r} does no harm where nothing is constrained.", "accept", None,
                          leaf=signer(MIDDLE, email(EMAIL), uri(text), extensions=ISSUERS))
    for kind, constraint in (("hosts", dns("c.example")), ("uris", uri("c.example"))):
        world.pki(f"readable-uri-{kind}", f"A URI with a domain name as host does no harm where other {kind} are excluded.", "accept", None,
                  **below(email(EMAIL), uri("https://b.example"), excluded=[constraint]))


def _lists(world):
    """Several constraints, and several names."""
    for name_, about, names, permitted, excluded, verdict in (
        ("one-of-two", "One of two that are permitted will do.", [email(EMAIL)], [email("example.com"), email("example.org")], [], "accept"),
        ("none-of-two", "None of two that are permitted.", [email(EMAIL)], [email("example.com"), email("example.net")], [], "reject"),
        ("one-excluded-of-two", "One of two that are excluded is enough.", [email(EMAIL)], [], [email("example.com"), email("example.org")], "reject"),
        ("none-excluded-of-two", "None of two that are excluded.", [email(EMAIL)], [], [email("example.com"), email("example.net")], "accept"),
        ("permitted-and-excluded", "What is excluded is so, though it is permitted.", [email(EMAIL)], [email("example.org")], [email("example.org")], "reject"),
        ("hole", "A hole in what is permitted.", [email(EMAIL)], [email(".org")], [email(EMAIL)], "reject"),
        ("beside-hole", "Beside a hole in what is permitted.", [email(EMAIL)], [email(".org")], [email("other@example.org")], "accept"),
        ("two-names-fit", "Two names that are permitted.", [email(EMAIL), email("a@example.org")], [email("example.org")], [], "accept"),
        ("second-name-fits-not", "A second name that is not permitted.", [email(EMAIL), email("a@example.com")], [email("example.org")], [], "reject"),
        ("first-name-fits-not", "A first name that is not permitted.", [email("a@example.com"), email(EMAIL)], [email("example.org")], [], "reject"),
        ("second-name-excluded", "A second name that is excluded.", [email(EMAIL), dns("a.b.example")], [], [dns(HOST)], "reject"),
        ("kinds-each", "Names of several kinds, each permitted.", [email(EMAIL), dns("a.b.example"), uri("https://b.example"), ip("192.0.2.1")],
         [email("example.org"), dns(HOST), uri(HOST), ip("192.0.2.0/24")], [], "accept"),
        ("kinds-one-not", "Names of several kinds, one of which is not permitted.", [email(EMAIL), dns("a.b.example"), ip("203.0.113.1")],
         [email("example.org"), dns(HOST), ip("192.0.2.0/24")], [], "reject"),
        ("all-hosts-excluded", "All hosts are excluded, and there is none.", [email(EMAIL)], [], [dns("")], "accept"),
        ("all-addresses-excluded", "All addresses are excluded, and there is one.", [email(EMAIL), ip("192.0.2.1")], [], [ip("0.0.0.0/0"), ip("::/0")], "reject"),
        ("all-mailboxes-excluded", "All mailboxes are excluded.", [email(EMAIL)], [], [email("")], "reject"),
    ):
        world.both(f"lists-{name_}", about, verdict, FORBIDDEN, **below(*names, permitted=permitted, excluded=excluded))


def _bounds(world):
    """Comparisons have a bound: 250,000."""
    many = [dns(f"h{number}.c.example") for number in range(500)]
    hosts = lambda count: [email(EMAIL), *(dns(f"n{number}.b.example") for number in range(count))]  # noqa: E731
    world.pki("bound-below", "A hundred thousand comparisons are made.", "accept", None, **below(*hosts(200), excluded=many))
    world.pki("bound-above", "A quarter of a million comparisons are too many.", "reject", None, **below(*hosts(501), excluded=many))
