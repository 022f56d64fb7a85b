"""From a signer's certificate to a root: who may issue, and which candidates are tried (RFC 5280, 6, as Go does it). Times and purposes have suites of
their own."""

import der
from certificate_extensions import (CRL_SIGN, DIGITAL_SIGNATURE, KEY_CERT_SIGN, KEY_ENCIPHERMENT, UNKNOWN, authority_key_id, basic_constraints,
                                    email, extension, key_usage, subject_key_id, subject_names)
from certificates import BEGIN, name
from certified import EXPIRED, LEAF, MIDDLE, OTHER_SIGNER, ROOT, STRANGER, UNTRUSTED, Certified, authority, key, leaf_of
from clock import SIGNED, YEAR
from workshop import Suite


def build(workshop):
    suite = Suite("sigstore-paths")
    world = Certified(workshop, suite)
    for part in (_anchors, _candidates, _names, _key_ids, _limits, _authorities, _key_usage, _path_length, _order):
        part(world)
    return suite


def _anchors(world):
    """What is in the policy's file is an anchor, whatever it is."""
    direct = leaf_of(ROOT)
    world.both("direct", "A root may issue signers' certificates itself.", "accept", None, leaf=direct, chain=None)
    world.both("direct-needless-chain", "A chain that is not needed does no harm.", "accept", None, leaf=direct)
    world.both("one-intermediate", "One intermediate leads to the root.", "accept", None)
    second = authority("second intermediate", MIDDLE)
    third = authority("third intermediate", second)
    world.both("three-intermediates", "Several intermediates lead to the root, in any order.", "accept", None, leaf=leaf_of(third),
               chain=(second, MIDDLE, third, ROOT))
    world.both("gap", "A missing intermediate breaks the path.", "reject", UNTRUSTED, leaf=leaf_of(third), chain=(MIDDLE, third, ROOT))
    world.both("stranger", "A root that has issued nothing here is not the one.", "reject", UNTRUSTED, roots=[STRANGER])
    world.both("stranger-beside", "Of two roots, the right one will do.", "accept", None, roots=[STRANGER, ROOT])
    world.both("stranger-behind", "Of two roots, the right one will do, whichever comes first.", "accept", None, roots=[ROOT, STRANGER])
    world.both("root-twice", "A root that is there twice counts once.", "accept", None, roots=[ROOT, ROOT])
    world.both("anchored-intermediate", "A trusted intermediate is an anchor: its issuer is not looked for.", "accept", None, roots=[MIDDLE], chain=None)
    world.both("anchored-intermediate-and-root", "A trusted intermediate may stand beside its root.", "accept", None, roots=[MIDDLE, ROOT], chain=None)
    world.both("anchored-leaf", "A signer's certificate among the roots is trusted by itself.", "accept", None, roots=[LEAF], chain=None)
    world.both("anchored-leaf-of-stranger", "Nobody asks who has issued a signer's certificate that is a root.", "accept", None,
               leaf=leaf_of(STRANGER), roots=[leaf_of(STRANGER)], chain=None)
    forged = LEAF.but(signature=b"forged")
    world.both("anchored-leaf-forged", "Nobody looks at the signature on a signer's certificate that is a root.", "accept", None, leaf=forged, roots=[forged],
               chain=None)
    world.both("anchored-leaf-other-octets", "Only the same octets are the same certificate.", "reject", UNTRUSTED, leaf=LEAF, roots=[forged], chain=None)
    world.both("anchored-leaf-other-key", "A root of the same name and another key is another root.", "reject", UNTRUSTED, leaf=LEAF,
               roots=[LEAF.but(key=key("other"))], chain=None)
    own = LEAF.but(issuer=None, signer=None)
    world.both("self-signed-leaf", "A signer's certificate that signs itself proves nothing.", "reject", UNTRUSTED, leaf=own)
    world.both("self-signed-leaf-in-chain", "A signer's certificate that signs itself proves nothing, in the chain or not.", "reject", UNTRUSTED, leaf=own,
               chain=(own, own, ROOT))
    world.both("self-signed-leaf-anchored", "A signer's certificate that signs itself may be a root.", "accept", None, leaf=own, roots=[own], chain=None)
    world.both("self-signed-leaf-issuer-among-roots", "A root that is no authority issues nothing, not even to its own name.", "reject", UNTRUSTED, leaf=own,
               roots=[own.but(serial=2)], chain=None)
    lone = authority("lone", MIDDLE)
    world.both("authority-as-leaf", "An authority's certificate may sign an image if it says who it is.", "accept", None,
               leaf=LEAF.but(extensions=(basic_constraints(), *LEAF.extensions[1:])))
    world.both("authority-as-leaf-nameless", "An authority's certificate names nobody.", "reject", OTHER_SIGNER, leaf=lone, chain=(MIDDLE, ROOT))
    fake = ROOT.but(key=key("fake"))
    world.both("root-of-chain", "A root that comes with the signature is none.", "reject", UNTRUSTED, leaf=leaf_of(STRANGER), chain=(STRANGER, STRANGER))
    world.both("false-root-of-chain", "A root of the right name that comes with the signature is none.", "reject", UNTRUSTED, leaf=leaf_of(fake),
               chain=(fake, fake))
    world.pki("intermediates-of-policy", "Intermediates may come with the policy.", "accept", None, intermediates=[MIDDLE], chain=None)
    world.pki("intermediates-of-policy-and-chain", "Intermediates may come with the policy and with the signature.", "accept", None,
              leaf=leaf_of(second), intermediates=[MIDDLE], chain=(second, ROOT))
    world.pki("intermediates-of-policy-are-no-anchors", "Intermediates of the policy need a root above them.", "reject", UNTRUSTED, roots=[STRANGER],
              intermediates=[MIDDLE], chain=None)
    world.pki("intermediates-with-root", "A root among the policy's intermediates is none.", "reject", UNTRUSTED, roots=[STRANGER],
              intermediates=[MIDDLE, ROOT], chain=None)
    world.pki("intermediates-last-counts", "Of the policy's intermediates the last one counts, too.", "accept", None, intermediates=[STRANGER, MIDDLE],
              chain=None)
    world.pki("intermediates-twice", "An intermediate of the policy's that is there twice counts once.", "accept", None, intermediates=[MIDDLE, MIDDLE])


def _candidates(world):
    """Several certificates of one name: any path will do."""
    other = authority("root", label="root, second key")
    world.both("same-name-first", "A root of the same name and another key does not hide the right one.", "accept", None, roots=[other, ROOT])
    world.both("same-name-last", "A root of the same name and another key does not hide the right one.", "accept", None, roots=[ROOT, other])
    world.both("same-name-alone", "A root of the same name and another key has not issued it.", "reject", UNTRUSTED, roots=[other])
    twin = authority("intermediate", ROOT, label="intermediate, second key")
    world.both("same-intermediate-first", "An intermediate of the same name and another key does not hide the right one.", "accept", None,
               chain=(twin, MIDDLE, ROOT))
    world.both("same-intermediate-last", "An intermediate of the same name and another key does not hide the right one.", "accept", None,
               chain=(MIDDLE, twin, ROOT))
    world.both("same-intermediate-alone", "An intermediate of the same name and another key has not issued it.", "reject", UNTRUSTED, chain=(twin, ROOT))
    crossed = authority("intermediate", STRANGER)
    world.both("cross-signed", "An intermediate that two roots vouch for leads to either.", "accept", None, chain=(crossed, MIDDLE, ROOT))
    world.both("cross-signed-other-root", "An intermediate that two roots vouch for leads to either.", "accept", None, roots=[STRANGER],
               chain=(crossed, MIDDLE, ROOT))
    world.both("cross-signed-other-root-alone", "An intermediate that another root vouches for leads there alone.", "reject", UNTRUSTED,
               chain=(crossed, ROOT))
    lifted = authority("root", STRANGER)
    world.both("cross-signed-root", "A root that another one vouches for is an intermediate of that.", "accept", None, roots=[STRANGER],
               chain=(MIDDLE, lifted, ROOT))
    bad = MIDDLE.but(end=SIGNED - YEAR)
    world.both("expired-beside-good", "An expired certificate of an intermediate does not hide its good one.", "accept", None, chain=(bad, MIDDLE, ROOT))
    world.both("expired-root-beside-good", "An expired certificate of a root does not hide its good one.", "accept", None,
               roots=[ROOT.but(end=SIGNED - YEAR), ROOT])
    # Two that vouch for each other.
    one, two = authority("one", STRANGER), authority("two", authority("one"))
    back = authority("one", authority("two"))
    world.both("loop", "Two authorities that vouch for each other lead nowhere.", "reject", UNTRUSTED, leaf=leaf_of(back), chain=(two, back, ROOT))
    world.both("loop-with-way-out", "Two authorities that vouch for each other do not hide a way out.", "accept", None, leaf=leaf_of(back),
               chain=(back, two, one, ROOT), roots=[STRANGER])
    again = authority("intermediate", authority("intermediate"), label="intermediate")
    world.both("self-issued-same-key", "One that is in the path already is not tried again.", "accept", None, chain=(again, MIDDLE, ROOT))
    world.both("self-issued-same-key-alone", "One that vouches for itself leads nowhere.", "reject", UNTRUSTED, chain=(again, ROOT))
    rolled = authority("intermediate", MIDDLE, label="intermediate, second key")
    world.both("self-issued-new-key", "An authority may vouch for its new key.", "accept", None, leaf=leaf_of(rolled), chain=(rolled, MIDDLE, ROOT))
    named = MIDDLE.adding(subject_names(email("ca@example.org")))
    through = named.but(issuer=MIDDLE.subject, signer=MIDDLE.key)
    world.both("same-key-other-names", "The same key with other alternative names is another certificate.", "accept", None,
               leaf=leaf_of(through), chain=(through, MIDDLE, ROOT))
    forged = MIDDLE.but(signer=STRANGER.key)
    world.both("forged-intermediate", "An intermediate must be signed by the issuer that it names.", "reject", UNTRUSTED, chain=(forged, ROOT))
    world.both("forged-intermediate-beside-good", "A forged intermediate does not hide the good one.", "accept", None, chain=(forged, MIDDLE, ROOT))
    world.both("forged-leaf", "A signer's certificate must be signed by the issuer that it names.", "reject", UNTRUSTED, leaf=LEAF.but(signer=STRANGER.key))
    world.both("altered-leaf", "A signer's certificate must be what was signed.", "reject", UNTRUSTED,
               leaf=LEAF.but(serial=7, signature=MIDDLE.key.sign(LEAF.signed())))


def _names(world):
    """Issuer and subject are equal in octets, or not at all."""
    for name_, about, issuer in (
        ("printable", "the same letters in another type of string", name(der.printable("root"))),
        ("ia5", "the same letters in another type of string", name(der.ia5("root"))),
        ("upper-case", "the same letters in upper case", name("ROOT")),
        ("blank", "a blank behind it", name("root ")),
        ("twice", "the same name twice", name("root", "root")),
        ("empty", "nothing in it", der.sequence()),
        ("other", "another name", name("rood")),
    ):
        world.both(f"name-{name_}", f"A root's name with {about} is another name.", "reject", UNTRUSTED, leaf=leaf_of(ROOT, issuer=issuer), chain=None)
    for name_, about, subject in (
        ("printable", "PrintableString", name(der.printable("root"))), ("bmp", "BMPString", name(der.element(der.BMP_STRING, b"\0r\0t"))),
        ("empty", "an empty name", der.sequence()), ("t61", "T61String", name(der.element(der.T61_STRING, b"r\xff"))),
        ("several", "several attributes", name("a", "b", "c")),
    ):
        root = ROOT.but(subject=subject)
        world.both(f"name-same-{name_}", f"Names that are equal in octets are equal: {about}.", "accept", None, leaf=leaf_of(root), roots=[root], chain=None)


def _key_ids(world):
    """The IDs of keys say whom to try first, and nothing else."""
    ids = {"none": None, "right": b"right", "wrong": b"wrong", "empty": b""}
    for of_issuer in ids:
        for of_leaf in ids:
            root = ROOT if ids[of_issuer] is None else ROOT.adding(subject_key_id(ids[of_issuer]))
            leaf = leaf_of(root) if ids[of_leaf] is None else leaf_of(root).adding(authority_key_id(ids[of_leaf]))
            world.pki(f"key-id-{of_issuer}-{of_leaf}", f"An issuer's ID ({of_issuer}) and what its certificate says of it ({of_leaf}) need not fit.", "accept",
                      None, leaf=leaf, roots=[root], chain=None)
    pair = extension("2.5.29.35", der.sequence(der.context(1, der.context(4, name("nobody"))), der.implicit(2, b"\7")))
    world.pki("key-id-other-serial", "Nobody looks at the serial number of the issuer.", "accept", None, leaf=LEAF.adding(pair))


def _limits(world):
    """At most a hundred signatures are checked for one signer's certificate; candidates whose ID fits come first."""
    def twins(count, ids=None):
        """Roots of the right name and other keys, which are told apart by their serial numbers."""
        wrong = key("one of many")
        extensions = () if ids is None else (subject_key_id(ids),)
        return [ROOT.but(key=wrong, signer=wrong, serial=number + 2).adding(*extensions) for number in range(count)]

    direct = leaf_of(ROOT)
    parts = {"leaf": direct, "chain": None}
    world.both("limit-99", "A hundredth root is still tried.", "accept", None, roots=[*twins(99), ROOT], **parts)
    world.both("limit-100", "A hundred and first root is tried no more.", "reject", UNTRUSTED, roots=[*twins(100), ROOT], **parts)
    world.both("limit-100-first", "What comes first is found, whatever follows.", "accept", None, roots=[ROOT, *twins(100)], **parts)
    with_id, wanted = ROOT.adding(subject_key_id(b"id")), direct.adding(authority_key_id(b"id"))
    world.pki("limit-id-fits", "A root whose ID fits is tried before a hundred without one.", "accept", None, leaf=wanted, roots=[*twins(100), with_id],
              chain=None)
    world.pki("limit-id-fits-before-others", "A root whose ID fits is tried before a hundred with another one.", "accept", None, leaf=wanted,
              roots=[*twins(100, b"other"), with_id], chain=None)
    world.pki("limit-id-missing-before-others", "A root without an ID is tried before a hundred with another one.", "accept", None, leaf=wanted,
              roots=[*twins(100, b"other"), ROOT], chain=None)
    world.pki("limit-id-other-behind-missing", "A root with another ID is tried after a hundred without one.", "reject", UNTRUSTED, leaf=wanted,
              roots=[ROOT.adding(subject_key_id(b"other")), *twins(100)], chain=None)
    world.pki("limit-id-unwanted", "Where no ID is wanted, a root with one is tried after a hundred without.", "reject", UNTRUSTED, leaf=direct,
              roots=[with_id, *twins(100)], chain=None)
    world.pki("limit-id-unwanted-file-order", "Among equals, the order is that of the file.", "accept", None, leaf=direct,
              roots=[with_id, *twins(100, b"other")], chain=None)
    below = [MIDDLE.but(key=key("one of many"), serial=number + 2) for number in range(98)]
    world.pki("limit-intermediates", "Intermediates count for the limit: 98 wrong ones, the right one and a root are a hundred.", "accept", None,
              chain=(*below, MIDDLE, ROOT))
    world.pki("limit-intermediates-one-more", "Intermediates count for the limit: 99 wrong ones, the right one and a root are too many.", "reject", UNTRUSTED,
              chain=(*below, below[0].but(serial=1000), MIDDLE, ROOT))
    world.pki("limit-duplicates", "The same certificate many times counts once.", "accept", None, chain=(*[below[0]] * 150, MIDDLE, ROOT))
    world.pki("limit-other-names", "Certificates of other names do not count.", "accept", None,
              chain=(*(STRANGER.but(serial=number + 2) for number in range(150)), MIDDLE, ROOT))
    unusable = der.sequence(der.sequence(der.oid(UNKNOWN)), der.bit_string(b"key"))
    world.pki("limit-unusable", "Keys of unknown algorithms cost no check.", "accept", None,
              chain=(*(MIDDLE.but(spki=unusable, serial=number + 2) for number in range(150)), MIDDLE, ROOT))
    world.pki("limit-no-authority", "A certificate that may not issue costs a check.", "reject", UNTRUSTED,
              chain=(*(MIDDLE.but(extensions=(), serial=number + 2) for number in range(100)), MIDDLE, ROOT))
    # A dozen levels of two each: thousands of paths, of which none leads to the root.
    levels = [STRANGER]
    chain = []
    for level in range(12):
        one = authority(f"level {level}", levels[-1])
        chain += [one, one.but(serial=2)]
        levels.append(one)
    world.both("limit-of-paths", "Thousands of paths are not walked to their end.", "reject", UNTRUSTED, leaf=leaf_of(levels[-1]), chain=(*chain, ROOT))
    world.both("long-path", "A path of a dozen intermediates is walked.", "accept", None, leaf=leaf_of(levels[-1]), chain=(*chain[::2], ROOT),
               roots=[STRANGER])


def _authorities(world):
    """Who may issue: basic constraints with the CA flag; roots of version 1 and 2 do without."""
    def case(name_, about, as_root, as_intermediate, *extensions, **fields):
        root = ROOT.but(extensions=extensions, **fields)
        world.pki(f"{name_}-root", f"{about}, as a root.", as_root, UNTRUSTED, leaf=leaf_of(root), roots=[root], chain=None)
        middle = MIDDLE.but(extensions=extensions, **fields)
        world.pki(f"{name_}-intermediate", f"{about}, as an intermediate.", as_intermediate, UNTRUSTED, chain=(middle, ROOT))
        world.fulcio(f"{name_}-root-fulcio", f"{about}, as a root, by fulcio.", as_root, UNTRUSTED, leaf=leaf_of(root), roots=[root], chain=None)
        world.pki(f"{name_}-anchored-intermediate", f"{about}, as an intermediate among the roots.", as_root, UNTRUSTED, roots=[middle], chain=None)

    bare = extension("2.5.29.19", der.sequence())
    false = extension("2.5.29.19", der.sequence(der.boolean(False)))
    case("authority-sound", "A CA flag lets a certificate issue", "accept", "accept", basic_constraints())
    case("authority-not-critical", "A CA flag that is not critical lets a certificate issue", "accept", "accept", basic_constraints(critical=False))
    case("authority-no-extensions", "Nothing that says so lets no certificate of version 3 issue", "reject", "reject")
    case("authority-key-usage-alone", "The usage of signing certificates alone lets no certificate issue", "reject", "reject", key_usage(KEY_CERT_SIGN))
    case("authority-no-flag", "Basic constraints without the CA flag let no certificate issue", "reject", "reject", bare, key_usage(KEY_CERT_SIGN))
    case("authority-false", "A CA flag that is false lets no certificate issue", "reject", "reject", false, key_usage(KEY_CERT_SIGN))
    case("authority-path-length-alone", "A path length without the CA flag lets no certificate issue", "reject", "reject", basic_constraints(False, 5))
    for version in (1, 2):
        case(f"authority-version-{version}", f"Version {version} lets a root issue", "accept", "reject", version=version)
        case(f"authority-version-{version}-with-extensions", f"Version {version} lets a root issue, and its extensions are none", "accept", "reject", bare,
             version=version)
    world.both("leaf-as-issuer", "A signer's certificate issues nothing.", "reject", UNTRUSTED, leaf=leaf_of(LEAF), chain=(LEAF, MIDDLE, ROOT))
    world.both("leaf-as-root", "A signer's certificate issues nothing, though it is among the roots.", "reject", UNTRUSTED, leaf=leaf_of(LEAF), roots=[LEAF],
               chain=None)
    for version in (1, 2):
        old = LEAF.but(version=version, extensions=(), subject=name("old"), key=key("old"))
        world.both(f"old-leaf-as-issuer-{version}", f"A certificate of version {version} issues nothing unless it is a root.", "reject", UNTRUSTED,
                   leaf=leaf_of(old), chain=(old, MIDDLE, ROOT))
    world.both("no-authority-beside-good", "Another certificate of the intermediate will do.", "accept", None,
               chain=(MIDDLE.but(extensions=()), MIDDLE, ROOT))
    world.both("no-authority-beside-good-root", "Another certificate of the root will do.", "accept", None, roots=[ROOT.but(extensions=()), ROOT])


def _key_usage(world):
    """Key usage, if there is any, must let a certificate issue."""
    for name_, about, bits, good in (
        ("cert-sign", "Signing certificates", (KEY_CERT_SIGN,), True),
        ("cert-and-list", "Signing certificates and lists", (KEY_CERT_SIGN, CRL_SIGN), True),
        ("everything", "Every usage", range(9), True),
        ("cert-sign-and-unknown", "Signing certificates and what nobody knows", (KEY_CERT_SIGN, 20), True),
        ("nothing", "A usage of no bits, which says nothing", (), True),
        ("unknown", "What nobody knows alone, which says nothing", (20,), True),
        ("list", "Signing lists alone", (CRL_SIGN,), False),
        ("signature", "Digital signatures alone", (DIGITAL_SIGNATURE,), False),
        ("encipherment", "Encipherment alone", (KEY_ENCIPHERMENT,), False),
        ("everything-else", "Every usage but signing certificates", (0, 1, 2, 3, 4, 6, 7, 8), False),
        ("decipher-only", "Deciphering alone", (8,), False),
    ):
        for critical in (True, False):
            extensions = (basic_constraints(), key_usage(*bits, critical=critical))
            verdict = "accept" if good else "reject"
            what = f"usage-{name_}{'' if critical else '-not-critical'}"
            world.pki(f"{what}-intermediate", f"{about}: of an intermediate.", verdict, UNTRUSTED, chain=(MIDDLE.but(extensions=extensions), ROOT))
            world.pki(f"{what}-root", f"{about}: of a root.", verdict, UNTRUSTED, roots=[ROOT.but(extensions=extensions)])
        old = ROOT.but(extensions=(key_usage(*bits),), version=1)
        world.pki(f"usage-{name_}-version-1", f"{about}: of a root of version 1, which has no extensions.", "accept", None, roots=[old])
        changed = (key_usage(*bits), *LEAF.extensions[1:])
        world.pki(f"usage-{name_}-leaf", f"{about}: of the signer, where it does not matter.", "accept", None, leaf=LEAF.but(extensions=changed))
    world.pki("usage-absent-intermediate", "No usage: of an intermediate.", "accept", None, chain=(MIDDLE.but(extensions=(basic_constraints(),)), ROOT))
    world.pki("usage-absent-root", "No usage: of a root.", "accept", None, roots=[ROOT.but(extensions=(basic_constraints(),))])
    world.pki("usage-absent-leaf", "No usage: of the signer.", "accept", None, leaf=LEAF.but(extensions=LEAF.extensions[1:]))
    world.both("usage-list-fulcio-intermediate", "Signing lists alone: of an intermediate.", "reject", UNTRUSTED,
               chain=(MIDDLE.but(extensions=(basic_constraints(), key_usage(CRL_SIGN))), ROOT))


def _path_length(world):
    """How many authorities may stand between a certificate and the signer's."""
    for limit in (0, 1, 2, 3):
        for between in (0, 1, 2, 3):
            root = authority("root", path_length=limit)
            chain, above = [], root
            for number in range(between):
                above = authority(f"between {number}", above)
                chain.append(above)
            fits = between <= limit
            world.pki(f"path-length-{limit}-root-{between}", f"A root's path length of {limit} {'lets' if fits else 'does not let'} {between} stand between.",
                      "accept" if fits else "reject", UNTRUSTED, leaf=leaf_of(above), chain=(*chain, ROOT), roots=[root])
    for limit, between in ((0, 0), (0, 1), (1, 1), (1, 2)):
        top = authority("limited", ROOT, path_length=limit)
        chain, above = [top], top
        for number in range(between):
            above = authority(f"between {number}", above)
            chain.append(above)
        fits = between <= limit
        world.both(f"path-length-{limit}-intermediate-{between}",
                   f"An intermediate's path length of {limit} {'lets' if fits else 'does not let'} {between} stand between.",
                   "accept" if fits else "reject", UNTRUSTED, leaf=leaf_of(above), chain=(*chain, ROOT))
    zero = authority("root", path_length=0)
    rolled = authority("root", zero, label="root, new key")
    world.both("path-length-self-issued", "A certificate that an authority issued to itself counts for the path length.", "reject", UNTRUSTED,
               leaf=leaf_of(rolled), chain=(rolled, ROOT), roots=[zero])
    world.both("path-length-no-authority-counts", "Of two certificates of a root, the one whose path length fits will do.", "accept", None, roots=[zero, ROOT])
    world.both("path-length-of-leaf", "The signer's own path length does not matter.", "accept", None,
               leaf=LEAF.adding(extension("2.5.29.19", der.sequence(der.boolean(), der.integer(0)))))
    world.both("path-length-anchored-leaf", "The path length of an anchored signer's certificate does not matter.", "accept", None,
               leaf=LEAF.adding(basic_constraints(path_length=0)), roots=[LEAF.adding(basic_constraints(path_length=0))], chain=None)
    huge = authority("root", path_length=(1 << 63) - 1)
    world.both("path-length-huge", "A huge path length is no limit.", "accept", None, roots=[huge])


def _order(world):
    """What is told first where several things are wrong."""
    past = {"begin": BEGIN, "end": SIGNED - YEAR}
    world.both("order-leaf-time-before-path", "The signer's certificate is judged first: it is over.", "reject", EXPIRED, leaf=leaf_of(STRANGER, **past))
    world.both("order-path-before-signer", "The path is judged before who has signed.", "reject", UNTRUSTED, leaf=leaf_of(STRANGER), email="other@example.org")
    world.both("order-signer-before-signature", "Who has signed is judged before the signature.", "reject", OTHER_SIGNER, email="other@example.org",
               key=key("other"))
    world.both("order-path-before-signature", "The path is judged before the signature.", "reject", UNTRUSTED, leaf=leaf_of(STRANGER), key=key("other"))
    world.both("order-signature-before-payload", "The signature is judged before the payload.", "reject", "bad-signature", key=key("other"), content=b"{}")
    world.both("order-payload", "A payload must be one, whoever has signed it.", "reject", "payload-invalid", content=b"{}")
    world.both("order-digest", "A payload must be about this image.", "reject", "digest-mismatch", content=world.payload(manifest_digest="sha256:" + "00" * 32))
    world.both("order-identity", "A payload must name this image.", "reject", "identity-mismatch", content=world.payload(reference="registry.example/other:1"))
    world.both("order-chain-before-path", "The chain is read before anything is asked of the signer's certificate.", "reject", "certificate-malformed",
               leaf=LEAF.but(**past), chain=b"noise")
    world.fulcio("order-log-before-chain", "The log's entry is judged before the chain is read.", "reject", "log-entry-untrusted", log=world.strange_log_file,
                 chain=b"noise")
    world.fulcio("order-log-before-leaf", "The log's entry is judged before the signer's certificate is read.", "reject", "log-entry-malformed", leaf=b"noise",
                 key=LEAF.key)
    world.fulcio("order-log-before-path", "The log's entry is judged before the path.", "reject", "log-entry-untrusted", log=world.strange_log_file,
                 leaf=leaf_of(STRANGER))
