"""What a path is for: extended key usage, and certificate policies."""

from certificate_extensions import (ANY_POLICY, ANY_USAGE, CLIENT_AUTH, CODE_SIGNING, DIGITAL_SIGNATURE, EMAIL_PROTECTION, OCSP_SIGNING, SERVER_AUTH,
                                    TIME_STAMPING, UNKNOWN, extended_key_usage, inhibit_any_policy, key_usage, policies, policy_constraints,
                                    policy_mappings)
from certified import LEAF, MIDDLE, OTHER_PURPOSE, ROOT, STRANGER, UNTRUSTED, Certified, authority, issued, leaf_of
from workshop import Suite

CODE_SIGNING_PARENT = "1.3.6.1.5.5.7.3"


def build(workshop):
    suite = Suite("sigstore-purposes")
    world = Certified(workshop, suite)
    _purposes(world)
    _policies(world)
    return suite


def _purposes(world):
    """Extended key usage: code signing or any, or none at all, in each certificate down the path."""
    for name_, about, purposes, good in (
        ("signing", "Code signing", (CODE_SIGNING,), True),
        ("any", "Any purpose", (ANY_USAGE,), True),
        ("signing-and-others", "Code signing beside others", (SERVER_AUTH, CODE_SIGNING, CLIENT_AUTH), True),
        ("signing-last", "Code signing behind others", (SERVER_AUTH, UNKNOWN, CODE_SIGNING), True),
        ("any-and-others", "Any purpose beside others", (SERVER_AUTH, ANY_USAGE), True),
        ("none", "An empty list of purposes", (), True),
        ("server", "Servers", (SERVER_AUTH,), False),
        ("client", "Clients", (CLIENT_AUTH,), False),
        ("mail", "E-mail", (EMAIL_PROTECTION,), False),
        ("time-stamping", "Time stamps", (TIME_STAMPING,), False),
        ("ocsp", "OCSP", (OCSP_SIGNING,), False),
        ("unknown", "What nobody knows", (UNKNOWN,), False),
        ("server-and-client", "Servers and clients", (SERVER_AUTH, CLIENT_AUTH), False),
        ("close", "An object that begins like code signing's", (f"{CODE_SIGNING}.1",), False),
        ("parent", "An object that code signing's begins with", (CODE_SIGNING_PARENT,), False),
        ("microsoft", "Code signing by Microsoft's own objects", ("1.3.6.1.4.1.311.2.1.21", "1.3.6.1.4.1.311.2.1.22"), False),
    ):
        verdict = "accept" if good else "reject"
        own = (key_usage(DIGITAL_SIGNATURE), extended_key_usage(*purposes), *LEAF.extensions[2:])
        world.both(f"purpose-{name_}-leaf", f"{about}: of the signer.", verdict, OTHER_PURPOSE, leaf=LEAF.but(extensions=own))
        for critical in (True, False):
            what = f"purpose-{name_}{'-critical' if critical else ''}"
            more = extended_key_usage(*purposes, critical=critical)
            world.pki(f"{what}-intermediate", f"{about}: of an intermediate.", verdict, OTHER_PURPOSE, chain=(MIDDLE.adding(more), ROOT))
            world.pki(f"{what}-root", f"{about}: of a root.", verdict, OTHER_PURPOSE, roots=[ROOT.adding(more)])
        anchored = LEAF.but(extensions=own)
        world.pki(f"purpose-{name_}-anchored-leaf", f"{about}: of a signer among the roots.", verdict, OTHER_PURPOSE, leaf=anchored, roots=[anchored], chain=None)
        world.pki(f"purpose-{name_}-not-in-path", f"{about}: of a certificate that is not in the path.", "accept", None,
                  chain=(STRANGER.adding(extended_key_usage(*purposes)), MIDDLE, ROOT))
    none = LEAF.but(extensions=(LEAF.extensions[0], *LEAF.extensions[2:]))
    world.both("purpose-absent-leaf", "No word of purposes: of the signer.", "accept", None, leaf=none)
    server = extended_key_usage(SERVER_AUTH)
    world.both("purpose-other-root-beside", "Of two certificates of a root, one that may do so will do.", "accept", None, roots=[ROOT.adding(server), ROOT])
    world.both("purpose-other-intermediate-beside", "Of two certificates of an intermediate, one that may do so will do.", "accept", None,
               chain=(MIDDLE.adding(server), MIDDLE, ROOT))
    world.both("purpose-mixed", "Code signing below any purpose.", "accept", None, chain=(MIDDLE.adding(extended_key_usage(ANY_USAGE)), ROOT))
    world.both("purpose-of-version-1-root", "A root of version 1 has no purposes.", "accept", None, roots=[ROOT.but(version=1).adding(server)])


def _policies(world):
    """Certificate policies: they bite only where a policy is required."""
    one, other = "1.2.3.1", "1.2.3.2"
    require = policy_constraints(explicit=0)

    def case(name_, about, verdict, root=(), middle=(), leaf=(), more=()):
        """more: the extensions of a second intermediate."""
        top = ROOT.adding(*root)
        above = issued(MIDDLE, top).adding(*middle)
        chain = [above]
        if more:
            above = authority("second intermediate", above, *more)
            chain.append(above)
        world.pki(f"policy-{name_}", about, verdict, UNTRUSTED, leaf=leaf_of(above).adding(*leaf), chain=(*chain, ROOT), roots=[top])

    case("none", "Without policies nothing is required.", "accept")
    case("everywhere", "A policy in each certificate does no harm.", "accept", (policies(one),), (policies(one),), (policies(one),))
    case("differing", "Policies that differ do no harm where none is required.", "accept", (policies(one),), (policies(other),), (policies(one),))
    case("critical", "A critical policy does no harm.", "accept", (), (policies(one, critical=True),), (policies(one, critical=True),))
    case("required-and-there", "A policy that is required, and there.", "accept", (), (policies(one), require), (policies(one),))
    case("required-any", "Any policy is one.", "accept", (), (policies(ANY_POLICY), require), (policies(one),))
    case("required-any-in-leaf", "The signer's any policy is that of its issuer.", "accept", (), (policies(one), require), (policies(ANY_POLICY),))
    case("required-any-everywhere", "Any policy everywhere is one.", "accept", (), (policies(ANY_POLICY), require), (policies(ANY_POLICY),))
    case("required-missing-in-leaf", "A policy that is required and that the signer lacks.", "reject", (), (policies(one), require))
    case("required-missing-in-intermediate", "A policy that is required and that an intermediate lacks.", "reject", (), (require,), (policies(one),))
    case("required-missing-everywhere", "A policy that is required and nowhere.", "reject", (), (require,))
    case("required-other", "A policy that is required, and another one there.", "reject", (), (policies(one), require), (policies(other),))
    case("required-one-of-two", "Of two policies, one that is left will do.", "accept", (), (policies(one, other), require), (policies(other),))
    case("required-by-leaf", "The signer's own certificate may require a policy.", "reject", (), (), (require,))
    case("required-by-leaf-and-there", "The signer's own certificate may require a policy, and have it.", "accept", (), (policies(one),), (policies(one), require))
    case("required-later", "A policy that is required after five certificates is not required in so short a path.", "accept", (),
         (policy_constraints(explicit=5),))
    case("required-after-two", "A policy that is required after two certificates more, and there is one.", "accept", (), (policy_constraints(explicit=2),))
    case("required-after-one", "A policy that is required after one certificate more: that is the signer's.", "reject", (), (policy_constraints(explicit=1),))
    case("required-after-one-and-there", "A policy that is required after one certificate more, and there.", "accept", (),
         (policies(one), policy_constraints(explicit=1)), (policies(one),))
    case("required-after-one-more", "A policy that is required after one certificate more, and there is one.", "reject", (),
         (policy_constraints(explicit=1),), (), (policy_constraints(explicit=9),))
    case("required-by-root", "What a root requires is not looked at: it is an anchor.", "accept", (require,))
    case("required-mapped", "A policy that an intermediate maps is the mapped one.", "accept", (), (policies(one), policy_mappings((one, other)), require),
         (policies(other),))
    case("required-mapped-old", "A policy that an intermediate maps is no longer the old one.", "reject", (),
         (policies(one), policy_mappings((one, other)), require), (policies(one),))
    case("mapping-inhibited", "A policy may not be mapped where that is over.", "reject", (), (policies(one), policy_constraints(explicit=0, mapping=0)),
         (policies(other),), (policies(one), policy_mappings((one, other))))
    case("mapping-inhibited-not-required", "Where no policy is required, mapping does not matter.", "accept", (), (policies(one), policy_constraints(mapping=0)),
         (policies(other),), (policies(one), policy_mappings((one, other))))
    case("mapping-of-any", "Any policy may not be mapped.", "reject", (), (policies(ANY_POLICY), policy_mappings((ANY_POLICY, one)), require), (policies(one),))
    case("mapping-to-any", "Nothing may be mapped to any policy.", "reject", (), (policies(one), policy_mappings((one, ANY_POLICY)), require), (policies(one),))
    case("mapping-of-any-policies", "A mapping of a policy that any policy covers.", "accept", (),
         (policies(ANY_POLICY), policy_mappings((one, other)), require), (policies(other),))
    case("any-inhibited", "Any policy is none where that is over.", "reject", (), (policies(one), inhibit_any_policy(0), require), (policies(ANY_POLICY),))
    case("any-inhibited-later", "Any policy is one until that is over.", "accept", (), (policies(one), inhibit_any_policy(5), require), (policies(ANY_POLICY),))
    case("any-inhibited-in-itself", "Where any policy is over begins below the certificate that says so.", "accept", (),
         (policies(ANY_POLICY), inhibit_any_policy(0), require), (policies(one),))
    case("required-through-two", "A policy goes down through two intermediates.", "accept", (), (policies(one), require), (policies(one),), (policies(one),))
    case("required-lost-between", "A policy that is lost between does not come back.", "reject", (), (policies(one), require), (policies(one),), (policies(other),))
    anchored = LEAF.adding(require)
    world.pki("policy-required-by-anchored-leaf", "What an anchored signer's certificate requires of itself is not looked at.", "accept", None, leaf=anchored,
              roots=[anchored], chain=None)
    good = MIDDLE.adding(policies(one), require)
    world.pki("policy-other-path", "Of two paths, one without the requirement will do.", "accept", None, chain=(good, MIDDLE, ROOT))
