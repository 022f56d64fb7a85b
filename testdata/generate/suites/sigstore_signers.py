"""Who has signed: Fulcio's issuer, e-mail addresses, host names; and which annotations it takes to know."""

import cosign
import der
import rekor
from certificate_extensions import (FULCIO_BUILD_SIGNER, FULCIO_ISSUER_V2, directory_name, dns, email, extension, fulcio_issuer, fulcio_issuer_v2,
                                    ip, other_name, subject_names, uri)
from certificates import name
from certified import EMAIL, ISSUER, ISSUERS, LEAF, MALFORMED, MIDDLE, OTHER_SIGNER, ROOT, STRANGER, UNTRUSTED, Certified, issued, key, signer, text
from clock import SIGNED
from workshop import Suite

HOST = "build.example"
INCOMPLETE, MISMATCH = "signature-incomplete", "log-entry-mismatch"


def build(workshop):
    suite = Suite("sigstore-signers")
    world = Certified(workshop, suite)
    for part in (_issuers, _emails, _hosts, _addresses, _subjects, _annotations, _several, _entries):
        part(world)
    return suite


def _issuers(world):
    """Fulcio's issuer: the older extension, which is the text itself, and the newer one, in DER; both must be equal."""
    def case(name_, about, verdict, *extensions, code=OTHER_SIGNER, issuer=ISSUER):
        world.fulcio(f"issuer-{name_}", about, verdict, code, leaf=signer(MIDDLE, email(EMAIL), extensions=extensions), issuer=issuer)

    other = "https://other.example"
    v1, v2 = fulcio_issuer(ISSUER), fulcio_issuer_v2(ISSUER)
    case("both", "Both extensions name the issuer.", "accept", v1, v2)
    case("both-backwards", "Both extensions name the issuer, the newer one first.", "accept", v2, v1)
    case("v1", "The older extension names the issuer.", "accept", v1)
    case("v2", "The newer extension names the issuer.", "accept", v2)
    case("none", "No extension names an issuer.", "reject")
    case("v1-other", "The older extension names another issuer.", "reject", fulcio_issuer(other))
    case("v2-other", "The newer extension names another issuer.", "reject", fulcio_issuer_v2(other))
    case("both-other", "Both extensions name another issuer.", "reject", fulcio_issuer(other), fulcio_issuer_v2(other))
    case("v1-alone-right", "The extensions differ, and the older one is right.", "reject", v1, fulcio_issuer_v2(other))
    case("v2-alone-right", "The extensions differ, and the newer one is right.", "reject", fulcio_issuer(other), v2)
    case("v1-in-der", "The older extension is no DER.", "reject", fulcio_issuer(der.utf8(ISSUER)))
    case("v1-in-der-beside-v2", "The older extension in DER is another text than the newer one's.", "reject", fulcio_issuer(der.utf8(ISSUER)), v2)
    case("v2-bare", "The newer extension is DER.", "reject", extension(FULCIO_ISSUER_V2, ISSUER.encode()), code=None)
    case("v2-bare-beside-v1", "The newer extension is DER, even where the older one is right.", "reject", v1, extension(FULCIO_ISSUER_V2, ISSUER.encode()),
         code=None)
    for string, tag, octets, verdict in (
        ("utf8", der.UTF8_STRING, ISSUER.encode(), "accept"), ("ia5", der.IA5_STRING, ISSUER.encode(), "accept"),
        ("printable", der.PRINTABLE_STRING, ISSUER.encode(), "accept"),
        ("t61", der.T61_STRING, ISSUER.encode(), "reject"), ("general", 0x1B, ISSUER.encode(), "reject"),
        ("bmp", der.BMP_STRING, ISSUER.encode("utf-16-be"), "reject"), ("universal", der.UNIVERSAL_STRING, ISSUER.encode("utf-32-be"), "reject"),
        ("visible", 0x1A, ISSUER.encode(), "reject"), ("octets", der.OCTET_STRING, ISSUER.encode(), "reject"), ("bits", der.BIT_STRING, b"\0" + ISSUER.encode(), "reject"),
        ("sequence", der.SEQUENCE, der.utf8(ISSUER), "reject"), ("context", 0x80, ISSUER.encode(), "reject"), ("constructed", 0x2C, der.utf8(ISSUER), "reject"),
        ("object", der.OBJECT, b"\x2a\x03", "reject"), ("null", der.NULL, b"", "reject"),
    ):
        case(f"v2-{string}", f"The newer extension as {string.replace('-', ' ')}.", verdict, extension(FULCIO_ISSUER_V2, der.element(tag, octets)), code=None)
    case("v2-numeric", "The newer extension as NumericString.", "reject", extension(FULCIO_ISSUER_V2, der.element(der.NUMERIC_STRING, b"123")), code=None,
         issuer="123")
    for name_, about, value in (
        ("octet-behind", "an octet behind it", der.utf8(ISSUER) + b"\0"), ("element-behind", "an element behind it", der.utf8(ISSUER) + der.null()),
        ("cut", "its end missing", der.utf8(ISSUER)[:-1]), ("nothing", "no octets", b""), ("long-length", "a length that is not minimal",
                                                                                        der.long_length(der.UTF8_STRING, 1, ISSUER.encode())),
        ("not-utf8", "octets that are no UTF-8", der.element(der.UTF8_STRING, ISSUER.encode() + b"\xff")),
        ("indefinite", "an indefinite length", der.indefinite(0x2C, der.utf8(ISSUER))),
    ):
        case(f"v2-{name_}", f"The newer extension with {about}.", "reject", extension(FULCIO_ISSUER_V2, value), code=None)
        case(f"v2-{name_}-beside-v1", f"The newer extension with {about}, though the older one is right.", "reject", v1, extension(FULCIO_ISSUER_V2, value),
             code=None)
    for name_, about, text_ in (
        ("upper-case", "in upper case", ISSUER.upper()), ("host-upper-case", "with its host in upper case", "https://ISSUER.example"),
        ("slash", "with a slash behind it", ISSUER + "/"), ("blank", "with a blank behind it", ISSUER + " "), ("http", "by http", ISSUER.replace("https", "http")),
        ("no-scheme", "without https", "issuer.example"), ("port", "with its port", ISSUER + ":443"), ("path", "with a path", ISSUER + "/a"),
        ("prefix", "cut off", ISSUER[:-1]), ("longer", "with more of a domain", ISSUER + ".org"), ("nul", "with a NUL behind it", ISSUER + "\0"),
        ("empty", "that is empty", ""), ("line-feed", "with a line feed behind it", ISSUER + "\n"), ("below", "below it", "https://a.issuer.example"),
    ):
        case(f"text-{name_}-v1", f"An issuer {about} is another: the older extension.", "reject", fulcio_issuer(text_))
        case(f"text-{name_}-v2", f"An issuer {about} is another: the newer extension.", "reject", fulcio_issuer_v2(text_))
    for name_, text_ in (("umlaut", "https://\u00fcber.example"), ("blank", "two words"), ("word", "x"), ("url-with-all", "https://u:p@issuer.example:1/a?b#c"),
                         ("kubernetes", "https://kubernetes.default.svc"), ("long", "https://issuer.example/" + "a" * 3000)):
        case(f"any-{name_}", "An issuer may be any text: it is compared octet for octet.", "accept", fulcio_issuer(text_), fulcio_issuer_v2(text_), issuer=text_)
    case("v1-not-utf8", "The older extension may hold octets that are no text; they are not the issuer.", "reject", fulcio_issuer(ISSUER.encode() + b"\xff"))
    case("v1-twice", "An extension twice makes the certificate unreadable.", "reject", v1, v1, code=MALFORMED)
    case("v2-twice", "An extension twice makes the certificate unreadable.", "reject", v2, v2, code=MALFORMED)
    case("elsewhere", "Another of Fulcio's extensions names no issuer.", "reject", extension("1.3.6.1.4.1.57264.1.2", ISSUER.encode()))
    case("in-name", "A name of somebody's own names no issuer.", "reject", subject_names(other_name(ISSUER)), code=MALFORMED)
    world.pki("issuer-none-pki", "pki asks for no issuer.", "accept", None, leaf=signer(MIDDLE, email(EMAIL)))
    world.pki("issuer-other-pki", "pki asks for no issuer.", "accept", None, leaf=signer(MIDDLE, email(EMAIL), extensions=(fulcio_issuer(other),)))
    world.pki("issuer-differing-pki", "pki does not look whether two issuers are equal.", "accept", None,
              leaf=signer(MIDDLE, email(EMAIL), extensions=(v1, fulcio_issuer_v2(other))))
    world.pki("issuer-noise-pki", "pki does not look into the issuer.", "accept", None,
              leaf=signer(MIDDLE, email(EMAIL), extensions=(extension(FULCIO_ISSUER_V2, b"\xff"),)))
    issuing = MIDDLE.adding(*ISSUERS)
    world.fulcio("issuer-of-intermediate", "An issuer that an intermediate names does not count.", "reject", OTHER_SIGNER,
                 leaf=signer(issuing, email(EMAIL)), chain=(issuing, ROOT))


def _emails(world):
    """E-mail addresses: one of the certificate's, octet for octet."""
    def case(name_, about, verdict, *names, wanted=EMAIL, code=OTHER_SIGNER, **fields):
        world.both(f"email-{name_}", about, verdict, code, leaf=signer(MIDDLE, *names, extensions=ISSUERS, **fields), email=wanted)

    case("right", "The address that is wanted.", "accept", email(EMAIL))
    case("other", "Another address.", "reject", email("other@example.org"))
    case("first", "The address that is wanted, before others.", "accept", email(EMAIL), email("other@example.org"))
    case("last", "The address that is wanted, behind others.", "accept", email("other@example.org"), email("a@b.example"), email(EMAIL))
    case("none", "No name at all.", "reject")
    case("host-alone", "A host is no address.", "reject", dns(EMAIL))
    case("uri-alone", "A URI is no address.", "reject", uri(f"mailto:{EMAIL}"))
    case("uri-as-it-stands", "A URI is no address, even if it is the same text.", "reject", uri(EMAIL))
    case("other-name", "A name of somebody's own is no address.", "reject", other_name(EMAIL), dns("a.example"))
    case("directory", "A name of a directory is no address.", "reject", directory_name(name(EMAIL)), dns("a.example"))
    case("subject", "A common name is no address.", "reject", dns("a.example"), subject=name(EMAIL))
    mail = der.sequence(der.set_of(der.sequence(der.oid("1.2.840.113549.1.9.1"), der.ia5(EMAIL))))
    case("subject-mail", "An address within the subject does not count.", "reject", dns("a.example"), subject=mail)
    case("constructed", "An address in a constructed tag does not count.", "reject", der.context(1, der.ia5(EMAIL)), dns("a.example"))
    for name_, about, there in (
        ("upper-case", "in upper case", EMAIL.upper()), ("local-upper-case", "with its local part in upper case", "Build@example.org"),
        ("domain-upper-case", "with its domain in upper case", "build@Example.org"), ("blank", "with a blank behind it", EMAIL + " "),
        ("blank-before", "with a blank before it", " " + EMAIL), ("nul", "with a NUL behind it", EMAIL + "\0"), ("nul-and-more", "with a NUL and more behind it",
                                                                                                           EMAIL + "\0.evil.example"),
        ("line-feed", "with a line feed behind it", EMAIL + "\n"), ("dot", "with a dot behind it", EMAIL + "."), ("brackets", "in angle brackets", f"<{EMAIL}>"),
        ("named", "with a name before it", f"Build <{EMAIL}>"), ("quoted", "with its local part quoted", '"build"@example.org'), ("plus", "with an extension",
                                                                                                                             "build+x@example.org"),
        ("mailto", "as a URI", f"mailto:{EMAIL}"), ("prefix", "cut off", EMAIL[:-1]), ("longer", "with more of a domain", EMAIL + ".evil.example"),
        ("before", "with more before it", "x" + EMAIL), ("empty", "that is empty", ""), ("two-in-one", "beside another in one name", f"{EMAIL},a@b.example"),
        ("domain-alone", "without its local part", "@example.org"), ("wildcard", "with a wildcard", "*@example.org"), ("below", "below its domain",
                                                                                                                "build@a.example.org"),
    ):
        case(f"text-{name_}", f"An address {about} is another.", "reject", email(there))
    for name_, wanted in (("wildcard", "*@example.org"), ("domain", "example.org"), ("at", "@"), ("word", "build"), ("quoted", '"build x"@example.org'),
                          ("upper-case", "BUILD@EXAMPLE.ORG"), ("blank", " "), ("long", "a" * 300 + "@example.org"), ("control", "a\tb@example.org")):
        case(f"any-{name_}", "Any text may be wanted as an address; it is compared octet for octet.", "accept", email(wanted), wanted=wanted)
        case(f"any-{name_}-other", "Any text may be wanted as an address; it is no pattern.", "reject", email("x@example.org"), wanted=wanted)
    case("umlaut-wanted", "No certificate has an address with an umlaut.", "reject", email(EMAIL), wanted="b\u00fcild@example.org")
    case("punycode", "An address with a domain in Punycode is not that with an umlaut.", "reject", email("build@xn--bcher-kva.example"),
         wanted="build@b\u00fccher.example")
    for place, above in (("intermediate", MIDDLE.adding(subject_names(email(EMAIL)))), ("root", None)):
        if above is not None:
            world.both(f"email-of-{place}", f"An address of the {place} does not count.", "reject", OTHER_SIGNER,
                       leaf=signer(above, dns("a.example"), extensions=ISSUERS), chain=(above, ROOT))
        else:
            root = ROOT.adding(subject_names(email(EMAIL)))
            world.both(f"email-of-{place}", f"An address of the {place} does not count.", "reject", OTHER_SIGNER,
                       leaf=signer(root, dns("a.example"), extensions=ISSUERS), roots=[root], chain=None)


def _hosts(world):
    """Host names: labels without case; a wildcard is the whole first label, and stands for one."""
    table = (
        ("build.example", "build.example", True), ("build.example", "BUILD.example", True), ("BUILD.Example", "build.example", True),
        ("build.example.", "build.example", True), ("build.example..", "build.example", False), ("build.example", "build.example.", False),
        ("build.example.", "build.example.", True), ("a.build.example", "build.example", False), ("build.example", "a.build.example", False),
        ("a.build.example", "*.build.example", True), ("A.BUILD.example", "*.build.Example", True), ("a.build.example.", "*.build.example", True),
        ("build.example", "*.build.example", False), ("b.a.build.example", "*.build.example", False), (".build.example", "*.build.example", False),
        ("a.build.example", "a*.build.example", False), ("a.build.example", "*a.build.example", False), ("ab.build.example", "a*.build.example", False),
        ("a.build.example", "**.build.example", False), ("a.b.build.example", "*.*.build.example", False), ("a.b.build.example", "a.*.build.example", False),
        ("example", "*", False), ("build.example", "*", False), ("build.example", "*.example", True), ("build.example", "*.*", False),
        ("a.example", "*.", False), ("*.build.example", "*.build.example", True), ("*.build.example", "a.build.example", False),
        ("*", "*", True), ("a", "*", False), ("localhost", "localhost", True), ("localhost", "LOCALHOST", True), ("a_b.example", "a_b.example", True),
        ("_a.example", "*.example", True), ("-a.example", "-a.example", True), ("-a.example", "*.example", False), ("a-.example", "*.example", True),
        ("a!.example", "a!.example", True), ("a!.example", "A!.EXAMPLE", True), ("a!.example", "*.example", False), ("a b", "a b", True), ("a b", "A B", True),
        ("a b.", "a b", False), ("a..example", "a..example", True), ("a..example", "*..example", False), (".", ".", False), ("..", "..", True),
        ("xn--bcher-kva.example", "xn--bcher-kva.example", True), ("b\u00fccher.example", "xn--bcher-kva.example", False), ("1.example", "1.example", True),
        ("build.example:443", "build.example", False), ("build.example:443", "build.example:443", True), ("https://build.example", "build.example", False),
        ("build.example/a", "build.example", False), ("build.example ", "build.example", False), (" build.example", "build.example", False),
        ("build.example\n", "build.example", False), ("build.example", "build.example\0", False), ("build.example", "build.example\0.evil.example", False),
        ("build.example", "", False), ("build.example", ".", False), ("build.example", "build", False), ("build", "build.example", False),
        ("build.examplf", "build.example", False), ("build-example", "build.example", False), ("[build.example]", "build.example", False),
        ("[build.example]", "[build.example]", True), ("a" * 300 + ".example", "*.example", True), ("K.example", "k.example", True),
        ("\u212a.example", "k.example", False), ("1.2.3.4.5", "1.2.3.4.5", True), ("192.0.2", "192.0.2", True), ("192.0.2.1.", "192.0.2.1.", True),
    )
    for number, (wanted, there, fits) in enumerate(table, 1):
        verdict = "accept" if fits else "reject"
        world.pki(f"host-{number}", f"The host {wanted[:40]!r} is wanted, and {there!r} {'is it' if fits else 'is not it'}.", verdict, OTHER_SIGNER, email=None,
                  host=wanted, leaf=signer(MIDDLE, dns(there)))
    leaf = signer(MIDDLE, dns("a.example"), dns(HOST), dns("c.example"), email(EMAIL))
    world.pki("host-one-of-several", "One of several hosts will do.", "accept", None, email=None, host=HOST, leaf=leaf)
    world.pki("host-none-of-several", "None of several hosts.", "reject", OTHER_SIGNER, email=None, host="d.example", leaf=leaf)
    world.pki("host-and-email", "A host and an address, and both are there.", "accept", None, host=HOST, leaf=leaf)
    world.pki("host-and-other-email", "A host and an address, and the address is another.", "reject", OTHER_SIGNER, host=HOST, email="a@b.example", leaf=leaf)
    world.pki("email-and-other-host", "A host and an address, and the host is another.", "reject", OTHER_SIGNER, host="d.example", leaf=leaf)
    world.pki("host-and-no-email", "A host and an address, and there is no address.", "reject", OTHER_SIGNER, host=HOST, leaf=signer(MIDDLE, dns(HOST)))
    world.pki("email-and-no-host", "A host and an address, and there is no host.", "reject", OTHER_SIGNER, host=HOST, leaf=LEAF)
    world.pki("host-empty-and-email", "An empty host beside an address counts as none.", "accept", None, host="", leaf=LEAF)
    world.pki("email-empty-and-host", "An empty address beside a host counts as none.", "accept", None, host=HOST, email="", leaf=signer(MIDDLE, dns(HOST)))
    world.pki("host-common-name", "A common name is no host.", "reject", OTHER_SIGNER, email=None, host=HOST, leaf=signer(MIDDLE, email(EMAIL), subject=name(HOST)))
    world.pki("host-common-name-alone", "A common name is no host, even without alternative names.", "reject", OTHER_SIGNER, email=None, host=HOST,
              leaf=signer(MIDDLE, subject=name(HOST)))
    world.pki("host-of-email", "The domain of an address is no host.", "reject", OTHER_SIGNER, email=None, host="example.org", leaf=LEAF)
    world.pki("host-of-uri", "The host of a URI is no host of the signer's.", "reject", OTHER_SIGNER, email=None, host=HOST,
              leaf=signer(MIDDLE, uri(f"https://{HOST}")))
    above = MIDDLE.adding(subject_names(dns(HOST)))
    world.pki("host-of-intermediate", "A host of the intermediate does not count.", "reject", OTHER_SIGNER, email=None, host=HOST,
              leaf=signer(above, email(EMAIL)), chain=(above, ROOT))


def _addresses(world):
    """IP addresses, also in brackets: compared with the certificate's, and never with its hosts."""
    table = (
        ("192.0.2.1", ip("192.0.2.1"), True), ("192.0.2.1", ip("192.0.2.2"), False), ("[192.0.2.1]", ip("192.0.2.1"), True),
        ("2001:db8::1", ip("2001:db8::1"), True), ("[2001:db8::1]", ip("2001:db8::1"), True), ("2001:DB8::1", ip("2001:db8::1"), True),
        ("2001:db8:0:0:0:0:0:1", ip("2001:db8::1"), True), ("2001:db8::2", ip("2001:db8::1"), False), ("2001:0db8::0001", ip("2001:db8::1"), True),
        ("192.0.2.1", dns("192.0.2.1"), False), ("2001:db8::1", dns("2001:db8::1"), False), ("[192.0.2.1]", dns("[192.0.2.1]"), False),
        ("192.0.2.1", dns("*.0.2.1"), False), ("192.0.2.1", uri("https://192.0.2.1"), False), ("192.0.2.1", email("192.0.2.1"), False),
        ("::ffff:192.0.2.1", ip("::ffff:192.0.2.1"), True), ("192.0.2.1", ip("::ffff:192.0.2.1"), False), ("::ffff:192.0.2.1", ip("192.0.2.1"), False),
        ("::192.0.2.1", ip("192.0.2.1"), False), ("0.0.0.0", ip("0.0.0.0"), True), ("::", ip("::"), True), ("::", ip("0.0.0.0"), False),
        ("192.0.2.01", ip("192.0.2.1"), False), ("192.0.2", ip("192.0.0.2"), False), ("0xc0.0.2.1", ip("192.0.2.1"), False),
        ("3221225985", ip("192.0.2.1"), False), ("192.0.2.1.", ip("192.0.2.1"), False), ("192.0.2.1/32", ip("192.0.2.1"), False),
        ("192.0.2.1:443", ip("192.0.2.1"), False), ("[2001:db8::1]:443", ip("2001:db8::1"), False), ("fe80::1%eth0", ip("fe80::1"), False),
        ("[]", ip("192.0.2.1"), False), ("[192.0.2.1", ip("192.0.2.1"), False), ("192.0.2.1]", ip("192.0.2.1"), False), ("[[192.0.2.1]]", ip("192.0.2.1"), False),
        (" 192.0.2.1", ip("192.0.2.1"), False), ("192.0.2.256", ip("192.0.3.0"), False), ("1.2.3.4.5", ip("1.2.3.4"), False),
    )
    for number, (wanted, there, fits) in enumerate(table, 1):
        verdict = "accept" if fits else "reject"
        world.pki(f"address-{number}", f"The host {wanted!r} is wanted, which {'fits' if fits else 'does not fit'} the name {there.hex()}.", verdict, OTHER_SIGNER,
                  email=None, host=wanted, leaf=signer(MIDDLE, there, extensions=()))
    world.pki("address-of-several", "One of several addresses will do.", "accept", None, email=None, host="192.0.2.3",
              leaf=signer(MIDDLE, ip("192.0.2.1"), ip("2001:db8::1"), ip("192.0.2.3")))


def _subjects(world):
    """A CI has a URI and no address."""
    workflow = "https://ci.example/o/r/.github/workflows/build.yml@refs/heads/main"
    leaf = signer(MIDDLE, uri(workflow), extensions=(*ISSUERS, extension(FULCIO_BUILD_SIGNER, der.utf8(workflow))))
    for name_, wanted in (("address", EMAIL), ("uri", workflow)):
        world.both(f"ci-{name_}", "A CI's certificate names a URI, which no member of a policy asks for.", "reject", OTHER_SIGNER, leaf=leaf, email=wanted)
    world.both("ci-with-address", "A certificate may name a URI beside the address that is wanted.", "accept", None,
               leaf=signer(MIDDLE, uri(workflow), email(EMAIL), extensions=ISSUERS))


def _annotations(world):
    """What a stored signature must have: in this order."""
    signature = LEAF.key.sign(world.content)
    certificate, chain = text(LEAF).decode(), text(MIDDLE, ROOT).decode()
    bundle = rekor.entry(world.log, text(LEAF), signature, world.content)
    whole = {"signature": signature, "bundle": bundle, "certificate": certificate, "chain": chain}

    def blob(**changes):
        return cosign.blob(world.content, cosign.annotations(**(whole | changes)))

    for missing in ("signature", "bundle", "certificate"):
        rest = {missing: None}
        world.fulcio(f"without-{missing}-fulcio", f"fulcio needs the annotation {missing}.", "reject", INCOMPLETE, blob=blob(**rest))
        needed = missing != "bundle"
        world.pki(f"without-{missing}-pki", f"pki {'needs' if needed else 'does not need'} the annotation {missing}.", "reject" if needed else "accept",
                  INCOMPLETE, blob=blob(**rest))
    for by, case in (("pki", world.pki), ("fulcio", world.fulcio)):
        case(f"whole-{by}", f"All annotations are there, by {by}.", "accept", None, blob=blob())
        case(f"signature-empty-{by}", "An empty signature is there, and is none.", "reject", "bad-signature" if by == "pki" else None, blob=blob(signature=""))
        case(f"signature-noise-{by}", "A signature that is no Base64 is none.", "reject", "bad-signature" if by == "pki" else None, blob=blob(signature="!"))
        case(f"certificate-empty-{by}", "An empty certificate is there, and is none.", "reject", MALFORMED if by == "pki" else None, blob=blob(certificate=""))
        case(f"certificate-word-{by}", "A word is no certificate.", "reject", MALFORMED if by == "pki" else None, blob=blob(certificate="certificate"))
        case(f"certificate-is-key-{by}", "A bare key in place of a certificate proves nothing.", "reject", MALFORMED if by == "pki" else None,
             blob=blob(certificate=LEAF.key.pem().decode()))
        case(f"certificate-is-chain-{by}", "A chain in place of a certificate is too many.", "reject", MALFORMED if by == "pki" else None,
             blob=blob(certificate=certificate + chain))
        case(f"certificate-in-chain-{by}", "A certificate in the chain's place is not looked for.", "reject", INCOMPLETE,
             blob=blob(certificate=None, chain=certificate + chain))
        case(f"certificate-named-otherwise-{by}", "Annotations are named to the letter.", "reject", INCOMPLETE,
             blob=cosign.blob(world.content, {name_.upper() if name_ == cosign.CERTIFICATE else name_: value
                                              for name_, value in cosign.annotations(**whole).items()}))
        case(f"chain-named-otherwise-{by}", "Annotations are named to the letter: a chain of another name is none.", "reject", UNTRUSTED,
             blob=cosign.blob(world.content, {name_ + "s" if name_ == cosign.CHAIN else name_: value
                                              for name_, value in cosign.annotations(**whole).items()}))
        case(f"more-annotations-{by}", "Other annotations do no harm.", "accept", None,
             blob=cosign.blob(world.content, cosign.annotations(**whole) | {"org.example.note": "x", "dev.sigstore.cosign/rfc3161timestamp": "x"}))
        case(f"signed-by-chain-{by}", "The signature is by the signer's key, not by its issuer's.", "reject", "bad-signature" if by == "pki" else None,
             blob=blob(signature=MIDDLE.key.sign(world.content)))
        case(f"other-payload-{by}", "A signature over another payload is bad.", "reject", "bad-signature" if by == "pki" else MISMATCH,
             blob=cosign.blob(world.payload(reference="registry.example/other:1"), cosign.annotations(**whole)))
    key_alone = cosign.blob(world.content, cosign.annotations(world.signer.sign(world.content)))
    world.pki("by-key", "A signature by a key alone has no certificate.", "reject", INCOMPLETE, blob=key_alone)
    world.fulcio("by-key-fulcio", "A signature by a key alone has no entry of the log.", "reject", INCOMPLETE, blob=key_alone)


def _several(world):
    """Several signatures: each on its own."""
    good = world.certified(entry=world.stamped())
    others = {
        "stranger": world.certified(leaf=issued(LEAF, STRANGER), entry=world.stamped()),
        "noise": world.certified(leaf=b"noise", key=LEAF.key, entry=world.stamped()),
        "incomplete": cosign.blob(world.content, cosign.annotations(LEAF.key.sign(world.content))),
        "other-signer": world.certified(leaf=signer(MIDDLE, email("other@example.org"), extensions=ISSUERS), entry=world.stamped()),
        "bad": world.certified(key=key("other"), entry=world.stamped()),
    }
    for name_, other in others.items():
        for by, case in (("pki", world.pki), ("fulcio", world.fulcio)):
            case(f"several-{name_}-first-{by}", f"A good signature behind another ({name_}) will do.", "accept", None, blob=[other, good])
            case(f"several-{name_}-last-{by}", f"A good signature before another ({name_}) will do.", "accept", None, blob=[good, other])
    for by, case in (("pki", world.pki), ("fulcio", world.fulcio)):
        case(f"several-none-{by}", "Of several bad signatures none will do.", "reject", None, blob=list(others.values()))
        case(f"no-signatures-{by}", "Without a signature there is none.", "reject", "no-signature", blob=[])
        case(f"other-type-{by}", "What is of another type is passed over.", "reject", "no-signature",
             blob=cosign.blob(world.content, cosign.annotations(LEAF.key.sign(world.content), None, text(LEAF).decode()), "application/json"))
    # The intermediate of one signature is not another's.
    lone = world.certified(chain=None, entry=world.stamped())
    carrier = world.certified(leaf=issued(LEAF, STRANGER), entry=world.stamped())
    for by, case in (("pki", world.pki), ("fulcio", world.fulcio)):
        case(f"several-chain-of-another-{by}", "What one signature's chain holds is nothing to another.", "reject", UNTRUSTED, blob=[carrier, lone])


def _entries(world):
    """fulcio: the log's entry must be about this certificate, signature and payload."""
    other = LEAF.but(serial=99)
    for name_, about, verdict, code, entry in (
        ("sound", "The entry holds the certificate.", "accept", None, lambda leaf, signature, content: rekor.entry(world.log, leaf, signature, content)),
        ("other-certificate", "The entry holds another certificate of the same key.", "reject", MISMATCH,
         lambda leaf, signature, content: rekor.entry(world.log, text(other), signature, content)),
        ("key-alone", "The entry holds the key, and not the certificate.", "reject", MISMATCH,
         lambda leaf, signature, content: rekor.entry(world.log, LEAF.key.pem(), signature, content)),
        ("other-signature", "The entry holds another signature.", "reject", MISMATCH,
         lambda leaf, signature, content: rekor.entry(world.log, leaf, LEAF.key.sign(b"x"), content)),
        ("other-payload", "The entry is about another payload.", "reject", MISMATCH,
         lambda leaf, signature, content: rekor.entry(world.log, leaf, signature, b"x")),
        ("white-space", "The certificate in the entry may be written otherwise.", "accept", None,
         lambda leaf, signature, content: rekor.entry(world.log, leaf.replace(b"\n", b"\r\n"), signature, content)),
        ("other-label", "The certificate in the entry may have another label.", "accept", None,
         lambda leaf, signature, content: rekor.entry(world.log, leaf.replace(b"CERTIFICATE", b"X"), signature, content)),
        ("chain-in-entry", "The entry holds the chain.", "reject", None,
         lambda leaf, signature, content: rekor.entry(world.log, leaf + text(MIDDLE), signature, content)),
        ("strange-log", "Another log has signed it.", "reject", "log-entry-untrusted",
         lambda leaf, signature, content: rekor.entry(world.strange_log, leaf, signature, content)),
        ("time-is-signed", "The time of the entry is part of what the log signs.", "reject", "log-entry-untrusted",
         lambda leaf, signature, content: rekor.entry(world.log, leaf, signature, content).replace(str(SIGNED), str(SIGNED + 1))),
        ("noise", "What the log is said to have signed is noise.", "reject", "log-entry-malformed", lambda *_: "noise"),
        ("empty", "What the log is said to have signed is empty.", "reject", "log-entry-malformed", lambda *_: ""),
    ):
        world.fulcio(f"entry-{name_}", about, verdict, code, entry=entry)
    two = [world.strange_log_file, world.log_file]
    for order, logs in (("last", two), ("first", two[::-1])):
        world.fulcio(f"entry-log-{order}", "Any of the policy's logs may have signed the entry.", "accept", None, log=logs)
    world.fulcio("entry-log-neither", "None of the policy's logs has signed the entry.", "reject", "log-entry-untrusted",
                 log=[world.strange_log_file, world.signer_file])
