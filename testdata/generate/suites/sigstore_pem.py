"""The texts that certificates come in: the signer's, the chain's and those of the policy's files (RFC 7468, as Go reads it)."""

import base64

from certified import LEAF, MALFORMED, MIDDLE, NO_AUTHORITY, ROOT, STRANGER, Certified, text
from workshop import Suite
from x509 import pem

BEGIN, END = b"-----BEGIN CERTIFICATE-----\n", b"-----END CERTIFICATE-----\n"


def build(workshop):
    suite = Suite("sigstore-pem")
    world = Certified(workshop, suite)
    _forms(world)
    _several(world)
    _chains(world)
    return suite


def _body(octets, width=64, end="\n"):
    coded = base64.b64encode(octets).decode()
    return "".join(coded[i : i + width] + end for i in range(0, len(coded), width)).encode()


def _wrapped(body, begin=BEGIN, end=END):
    return begin + body + end


def _texts(octets):
    """Ways to write a certificate: name, what is said of it, the text, whether it is read, and whether in a file of authorities."""
    body = _body(octets)
    good = _wrapped(body)
    coded = base64.b64encode(octets).decode()
    unpadded = coded.rstrip("=").encode()
    strange = text(STRANGER)

    for name, about, octets_, read, lax in (
        ("plain", "lines of 64 characters", good, True, True),
        ("carriage-returns", "line ends of Windows", good.replace(b"\n", b"\r\n"), True, True),
        ("carriage-returns-alone", "carriage returns for line feeds", good.replace(b"\n", b"\r"), False, False),
        ("no-last-line-feed", "no line feed at its end", good[:-1], True, True),
        ("one-line", "its Base64 in one line", _wrapped(coded.encode() + b"\n"), True, True),
        ("short-lines", "lines of five characters", _wrapped(_body(octets, 5)), True, True),
        ("lines-of-76", "lines of 76 characters", _wrapped(_body(octets, 76)), True, True),
        ("blanks-in-body", "blanks between its letters", _wrapped(b" " + body.replace(b"M", b"M ")), True, True),
        ("tabs-in-body", "tabs between its letters", _wrapped(body.replace(b"M", b"\tM")), True, True),
        ("empty-lines-in-body", "empty lines in its body", _wrapped(body.replace(b"\n", b"\n\n")), True, True),
        ("form-feed-in-body", "a form feed in its body", _wrapped(b"\x0c" + body), False, False),
        ("vertical-tab-in-body", "a vertical tab in its body", _wrapped(b"\x0b" + body), False, False),
        ("blank-before-begin", "a blank before its first line", b" " + good, True, False),
        ("tab-before-begin", "a tab before its first line", b"\t" + good, True, False),
        ("line-feeds-around", "line feeds around it", b"\n\n" + good + b"\n\n", True, True),
        ("white-space-behind", "white space behind it", good + b" \t\r\n \v\f\n", True, True),
        ("wide-white-space-behind", "white space of Unicode behind it", good + "\u00a0\u0085\u2003\u3000".encode(), True, True),
        ("zero-width-space-behind", "a zero width space behind it", good + "\u200b".encode(), False, True),
        ("byte-order-mark-behind", "a byte order mark behind it", good + "\ufeff".encode(), False, True),
        ("byte-order-mark-before", "a byte order mark before its first line", "\ufeff".encode() + good, False, False),
        ("byte-order-mark-line-before", "a byte order mark in a line before it", "\ufeff\n".encode() + good, True, True),
        ("letter-before-begin", "a letter before its first line", b"x" + good, False, False),
        ("text-before", "a line of text before it", b"Certificate:\n" + good, True, True),
        ("text-behind", "a line of text behind it", good + b"the end\n", False, True),
        ("dash-behind", "a dash behind it", good + b"-", False, True),
        ("nul-behind", "a NUL behind it", good + b"\0", False, True),
        ("label-x509", "the label X509 CERTIFICATE", pem("X509 CERTIFICATE", octets), True, False),
        ("label-trusted", "the label TRUSTED CERTIFICATE", pem("TRUSTED CERTIFICATE", octets), True, False),
        ("label-public-key", "the label PUBLIC KEY", pem("PUBLIC KEY", octets), True, False),
        ("label-lower-case", "the label certificate", pem("certificate", octets), True, False),
        ("label-longer", "the label CERTIFICATES", pem("CERTIFICATES", octets), True, False),
        ("label-with-blank", "a blank before its label", pem(" CERTIFICATE", octets), True, False),
        ("label-with-blank-behind", "a blank behind its label", pem("CERTIFICATE ", octets), True, False),
        ("label-empty", "an empty label", pem("", octets), True, False),
        ("header", "a header", _wrapped(b"Comment: made up\n\n" + body), True, False),
        ("header-without-empty-line", "a header without an empty line behind it", _wrapped(b"Comment: made up\n" + body), True, False),
        ("header-encrypted", "headers that say it is encrypted", _wrapped(b"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n" + body), True, False),
        ("header-empty", "a header of a colon alone", _wrapped(b":\n" + body), True, False),
        ("header-behind-body", "a header behind its body", _wrapped(body + b"Comment: made up\n"), False, False),
        ("header-without-colon", "a header without a colon", _wrapped(b"Comment made up\n\n" + body), False, False),
        ("end-label-other", "another label at its end", _wrapped(body, end=b"-----END CERTIFICATES-----\n"), False, False),
        ("end-label-lower-case", "its label in lower case at its end", _wrapped(body, end=b"-----END certificate-----\n"), False, False),
        ("end-label-shorter", "a shorter label at its end", _wrapped(body, end=b"-----END CERT-----\n"), False, False),
        ("end-missing", "no END line", BEGIN + body, False, False),
        ("end-cut", "half an END line", BEGIN + body + b"-----END CERTIFICATE--\n", False, False),
        ("end-four-dashes", "four dashes before END", _wrapped(body, end=END[1:]), False, False),
        ("end-six-dashes", "six dashes behind END", _wrapped(body, end=END[:-1] + b"-\n"), False, False),
        ("end-lower-case", "END in lower case", _wrapped(body, end=END.replace(b"END", b"end")), False, False),
        ("end-blank-behind", "blanks and tabs behind END", _wrapped(body, end=END[:-1] + b" \t \n"), True, True),
        ("end-letter-behind", "a letter behind END", _wrapped(body, end=END[:-1] + b" x\n"), False, False),
        ("end-not-at-line-start", "END in a line with its body", _wrapped(coded.encode(), end=END), False, False),
        ("end-blank-before", "a blank before END", _wrapped(body, end=b" " + END), False, False),
        ("begin-missing", "no BEGIN line", body + END, False, False),
        ("begin-four-dashes", "four dashes before BEGIN", _wrapped(body, begin=BEGIN[1:]), False, False),
        ("begin-four-dashes-behind", "four dashes behind BEGIN", _wrapped(body, begin=BEGIN[:-2] + b"\n"), False, False),
        ("begin-lower-case", "BEGIN in lower case", _wrapped(body, begin=BEGIN.replace(b"BEGIN", b"begin")), False, False),
        ("begin-blank-behind", "blanks and tabs behind BEGIN", _wrapped(body, begin=BEGIN[:-1] + b" \t \n"), True, True),
        ("begin-letter-behind", "a letter behind BEGIN", _wrapped(body, begin=BEGIN[:-1] + b" x\n"), False, False),
        ("begin-without-line-feed", "BEGIN in a line with its body", _wrapped(body, begin=BEGIN[:-1]), False, False),
        ("begin-twice", "two BEGIN lines", BEGIN + good, True, True),
        ("begin-twice-with-body", "a block that is not ended before it", BEGIN + _body(STRANGER.der) + good, True, True),
        ("end-twice", "two END lines", good + END, False, True),
        ("dashes-of-ssh2", "four dashes and a blank, as SSH2 has them", good.replace(b"-----", b"---- "), False, False),
        ("padding-missing", "no padding", _wrapped((coded.rstrip("=") + "\n").encode()) if coded.endswith("=") else None, False, False),
        ("padding-more", "one sign of padding more", _wrapped(coded.encode() + b"=\n"), False, False),
        ("padding-inside", "padding inside", _wrapped(coded[:4].encode() + b"==\n" + coded[4:].encode() + b"\n"), False, False),
        ("body-letter-more", "one letter more", _wrapped(unpadded[:8] + b"A" + unpadded[8:] + b"\n"), False, False),
        ("body-exclamation-mark", "an exclamation mark in its body", _wrapped(b"!" + body), False, False),
        ("body-of-urls", "the alphabet for URLs", _wrapped(body.replace(b"+", b"-").replace(b"/", b"_")), False, False),
        ("body-umlaut", "an umlaut in its body", _wrapped("\u00e4".encode() + body), False, False),
        ("body-nul", "a NUL in its body", _wrapped(b"\0" + body), False, False),
        ("body-comment", "a comment in its body", _wrapped(b"# made up\n" + body), False, False),
        ("body-empty", "nothing in it", BEGIN + END, False, False),
        ("body-half", "half of the certificate in it", pem("CERTIFICATE", octets[: len(octets) // 2]), False, False),
        ("body-twice", "the certificate twice in one block", pem("CERTIFICATE", octets + octets), False, False),
        ("body-octet-more", "an octet behind the certificate", pem("CERTIFICATE", octets + b"\0"), False, False),
        ("body-noise", "noise in it", pem("CERTIFICATE", b"noise"), False, False),
        ("body-text", "text in it", pem("CERTIFICATE", good), False, False),
        ("body-in-hex", "hexadecimal digits in it", _wrapped(octets.hex().encode() + b"\n"), False, False),
        ("base64-alone", "Base64 without BEGIN and END", body, False, False),
        ("broken-block-before", "a block of noise before it, whose Base64 is broken", _wrapped(b"!!!!\n") + good, True, True),
        ("broken-end-before", "a block before it whose END is another's", _wrapped(_body(STRANGER.der), end=b"-----END X-----\n") + good, True, True),
        ("broken-block-behind", "a block of noise behind it, whose Base64 is broken", good + _wrapped(b"!!!!\n"), False, True),
        ("noise-block-before", "a block before it that is no certificate", pem("CERTIFICATE", b"noise") + good, False, True),
        ("noise-block-behind", "a block behind it that is no certificate", good + pem("CERTIFICATE", b"noise"), False, True),
        ("key-block-before", "a public key before it", pem("PUBLIC KEY", ROOT.key.spki()) + good, False, True),
        ("key-block-behind", "a public key behind it", good + pem("PUBLIC KEY", ROOT.key.spki()), False, True),
        ("key-alone", "a public key instead", pem("PUBLIC KEY", ROOT.key.spki()), False, False),
        ("key-in-certificate", "a public key under the label CERTIFICATE", pem("CERTIFICATE", ROOT.key.spki()), False, False),
        ("empty", "nothing at all", b"", False, False),
        ("line-feed-alone", "a line feed alone", b"\n", False, False),
        ("blank-alone", "a blank alone", b" ", False, False),
        ("word-alone", "a word instead", b"certificate", False, False),
        ("json", "JSON instead", b"{}", False, False),
        ("stranger-behind-in-comment", "text of another certificate behind it, without its dashes", good + strange.replace(b"-----", b""), False, True),
    ):
        if octets_ is not None:
            yield name, about, octets_, read, lax


def _forms(world):
    """Each form in each of the four places."""
    # The certificate whose Base64 needs padding: all forms are different then.
    leaf, middle, root = _padded(LEAF), _padded(MIDDLE), _padded(ROOT)
    nothing = ("empty", "line-feed-alone", "blank-alone")
    for name, about, octets, read, _ in _texts(leaf.der):
        parts = {"leaf": octets, "key": leaf.key}
        world.pki(f"leaf-{name}", f"The signer's certificate with {about} {_is_read(read)}.", _verdict(read), MALFORMED, **parts)
    for name, about, octets, read, _ in _texts(middle.der):
        # One more certificate, for the last one does not count.
        if name in nothing:
            continue
        # What reads to its end is followed by the last certificate, and what is skipped stands before it.
        chain = octets + (b"" if octets.endswith(b"\n") else b"\n") + text(ROOT)
        if name in ("no-last-line-feed", "text-behind", "dash-behind", "nul-behind", "zero-width-space-behind", "byte-order-mark-behind", "end-twice",
                    "wide-white-space-behind", "broken-block-behind", "stranger-behind-in-comment", "blank-before-begin", "tab-before-begin"):
            continue
        if name in ("begin-missing", "base64-alone", "word-alone", "json", "end-missing", "end-cut", "end-four-dashes", "end-lower-case"):
            # It is text before the last certificate, or a block that is not ended.
            world.pki(f"chain-{name}", f"A chain with {about} for the intermediate lacks it.", "reject", None, chain=chain)
            continue
        world.pki(f"chain-{name}", f"An intermediate with {about} {_is_read(read)}.", _verdict(read), None, chain=chain)
    for name, about, octets, read, _ in _texts(root.der):
        # The last of a chain does not count, and yet it must be read.
        if name in nothing or read and not name.startswith(("label", "header", "white")) or name in ("blank-before-begin", "tab-before-begin"):
            continue
        world.pki(f"chain-last-{name}", f"A chain whose last certificate has {about} {_is_read(read)}.", _verdict(read), MALFORMED,
                  chain=text(MIDDLE) + octets)
    for name, about, octets, read, _ in _texts(middle.der):
        if name in nothing:
            continue
        world.pki(f"intermediates-{name}", f"A file of intermediates with {about} {_is_read(read)}.", _verdict(read), NO_AUTHORITY,
                  intermediates=octets, chain=None)
    for name, about, octets, _, lax in _texts(root.der):
        world.pki(f"roots-{name}", f"A file of roots with {about} {'holds one' if lax else 'holds none'}.", _verdict(lax), NO_AUTHORITY, roots=octets)
        if not lax and name not in nothing:
            world.pki(f"roots-{name}-before-good", f"Authorities with {about} do not hurt the one behind.", "accept", None,
                      roots=octets.rstrip(b"\n") + b"\n" + text(ROOT))


def _padded(certificate):
    """The same with a serial number such that its Base64 ends with padding."""
    serial = 1
    while len(certificate.der) % 3 == 0:
        serial = serial * 256 + 1
        certificate = certificate.but(serial=serial)
    return certificate


def _verdict(read):
    return "accept" if read else "reject"


def _is_read(read):
    return "is read" if read else "is not"


def _several(world):
    """How many certificates may stand where."""
    leaf = text(LEAF)
    for name, about, octets in (
        ("twice", "The signer's certificate twice is one too many.", leaf + leaf),
        ("and-intermediate", "The signer's certificate and its issuer's are one too many.", leaf + text(MIDDLE)),
        ("intermediate-first", "The issuer's certificate before the signer's is one too many.", text(MIDDLE) + leaf),
    ):
        world.pki(f"leaf-{name}-pki", about, "reject", MALFORMED, leaf=octets)
        # The log has recorded both.
        world.fulcio(f"leaf-{name}-fulcio", about, "reject", "log-entry-malformed", leaf=octets)
    world.both("leaf-trailing-bits", "Loose bits at the end of Base64 do no harm.", "accept", None, **_loose(LEAF))
    world.pki("leaf-empty-of-empty-body", "The signer's certificate and an empty block are one too many.", "reject", MALFORMED,
              leaf=leaf + BEGIN + END)


def _loose(certificate):
    """A certificate whose Base64 ends with bits that mean nothing, and are set."""
    certificate = _padded(certificate)
    coded = base64.b64encode(certificate.der).decode().rstrip("=")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = alphabet[alphabet.index(coded[-1]) | 1]
    coded = coded[:-1] + last
    body = coded + "=" * (-len(coded) % 4)
    lines = "".join(body[i : i + 64] + "\n" for i in range(0, len(body), 64))
    return {"leaf": BEGIN + lines.encode() + END, "key": certificate.key}


def _chains(world):
    """The chain of the annotation: its last certificate is meant to be the root, and never counts."""
    below = {"roots": [ROOT], "chain": (MIDDLE, ROOT)}
    world.both("chain-sound", "An intermediate and the root are a chain.", "accept", None, **below)
    world.both("chain-absent", "Without a chain, the intermediate is missing.", "reject", "certificate-untrusted", chain=None)
    world.both("chain-empty", "An empty chain counts as none.", "reject", "certificate-untrusted", chain=b"")
    world.both("chain-of-white-space", "A chain of white space holds nothing.", "reject", "certificate-untrusted", chain=b" \n\t\n")
    world.both("chain-without-root", "The last certificate of a chain is dropped, even if it is the only one.", "reject", "certificate-untrusted",
               chain=(MIDDLE,))
    world.both("chain-intermediate-twice", "Of an intermediate that is there twice, one is left.", "accept", None, chain=(MIDDLE, MIDDLE))
    world.both("chain-intermediate-last", "An intermediate behind the root is dropped.", "reject", "certificate-untrusted", chain=(ROOT, MIDDLE))
    world.both("chain-of-root-alone", "The root alone is no intermediate.", "reject", "certificate-untrusted", chain=(ROOT,))
    world.both("chain-with-leaf", "The signer's certificate may stand in the chain.", "accept", None, chain=(LEAF, MIDDLE, ROOT))
    world.both("chain-in-any-order", "The order of a chain does not matter but for its last.", "accept", None, chain=(MIDDLE, LEAF, STRANGER, ROOT))
    world.both("chain-with-stranger-last", "Which certificate is the last does not matter.", "accept", None, chain=(MIDDLE, STRANGER))
    world.both("chain-word", "A chain that is a word is malformed.", "reject", MALFORMED, chain=b"none")
    world.both("chain-null-text", "A chain that is the word null is malformed.", "reject", MALFORMED, chain=b"null")
    world.both("chain-broken-last", "The last of a chain must be read all the same.", "reject", MALFORMED, chain=text(MIDDLE, b"noise"))
    world.both("chain-broken-and-needless", "A broken chain refuses even where it is not needed.", "reject", MALFORMED, roots=[MIDDLE], chain=text(b"noise"))
    world.both("chain-needless-absent", "Below an anchor of its own, a signer's certificate needs no chain.", "accept", None, roots=[MIDDLE], chain=None)
    world.both("chain-needless-empty", "Below an anchor of its own, an empty chain does no harm.", "accept", None, roots=[MIDDLE], chain=b"")
    world.both("chain-needless-white-space", "Below an anchor of its own, a chain of white space does no harm.", "accept", None, roots=[MIDDLE],
               chain=b"\n \n")
    world.both("chain-white-space-around", "White space around a chain does no harm.", "accept", None, chain=b"\n  \n" + text(MIDDLE, ROOT) + b"\n\t \n")
    world.both("chain-text-between", "Text between the certificates of a chain is passed over.", "accept", None,
               chain=text(MIDDLE) + b"and the root:\n" + text(ROOT))
    world.both("chain-other-labels", "The labels in a chain do not matter.", "accept", None, chain=pem("X", MIDDLE.der) + pem("Y", ROOT.der))
