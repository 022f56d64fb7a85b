"""When the certificates of a path must be valid: by fulcio at the log's time, by pki now."""

from certificates import BEGIN, END
from certified import EXPIRED, LEAF, MIDDLE, ROOT, STRANGER, Certified, leaf_of
from clock import AT, SIGNED, YEAR
from workshop import Suite


def build(workshop):
    suite = Suite("sigstore-times")
    world = Certified(workshop, suite)
    _log_times(world)
    _times(world)
    return suite


def _log_times(world):
    """By fulcio, the time is the log's, to the second; both ends belong to it. It is that of the whole path."""
    ten = {"begin": SIGNED - 300, "end": SIGNED + 300}
    short = LEAF.but(**ten)
    for name_, about, shift, verdict in (
        ("middle", "within", 0, "accept"),
        ("begin", "in the first second", -300, "accept"),
        ("end", "in the last second", 300, "accept"),
        ("before", "a second before", -301, "reject"),
        ("behind", "a second after", 301, "reject"),
        ("long-before", "a year before", -YEAR, "reject"),
        ("long-behind", "a year after", YEAR, "reject"),
    ):
        world.fulcio(f"log-leaf-{name_}", f"Signed {about} the ten minutes of the signer's certificate.", verdict, EXPIRED, leaf=short, time=SIGNED + shift)
        world.fulcio(f"log-intermediate-{name_}", f"Signed {about} the time of an intermediate.", verdict, EXPIRED,
                     chain=(MIDDLE.but(**ten), ROOT), time=SIGNED + shift)
        world.fulcio(f"log-root-{name_}", f"Signed {about} the time of a root.", verdict, EXPIRED, roots=[ROOT.but(**ten)], time=SIGNED + shift)
    long_ago = LEAF.but(begin=SIGNED - 20 * YEAR, end=SIGNED - 20 * YEAR + 600)
    world.fulcio("log-long-ago", "What was signed in time stays so.", "accept", None, leaf=long_ago, time=SIGNED - 20 * YEAR + 300)
    world.fulcio("log-not-now", "That a certificate is good now does not matter to fulcio.", "reject", EXPIRED, leaf=LEAF.but(begin=SIGNED), time=SIGNED - 1)
    world.fulcio("log-in-future", "The log's time may be in the future: annotations are judged by it alone.", "accept", None,
                 leaf=LEAF.but(begin=AT + 15 * YEAR, end=AT + 15 * YEAR + 600), time=AT + 15 * YEAR + 300)
    world.fulcio("log-zero", "The log's time may be the beginning of 1970.", "accept", None, leaf=LEAF.but(begin=-300, end=300),
                 roots=[ROOT.but(begin=-YEAR)], chain=(MIDDLE.but(begin=-YEAR), ROOT), time=0)
    world.fulcio("log-negative", "The log's time may be before 1970.", "accept", None, leaf=LEAF.but(begin=-600, end=300),
                 roots=[ROOT.but(begin=-YEAR)], chain=(MIDDLE.but(begin=-YEAR), ROOT), time=-300)
    world.fulcio("log-year-1", "The year 1 is a time, and not now.", "reject", EXPIRED, time=-62135596800)
    world.fulcio("log-stranger", "A time by another log is none.", "reject", "log-entry-untrusted", leaf=short, log=world.strange_log_file)
    world.fulcio("log-none", "Without an entry of the log there is no time.", "reject", "signature-incomplete", leaf=short, entry=None)
    # By pki, nobody looks at the log.
    world.pki("log-pki", "pki does not look at the log.", "accept", None, entry=world.stamped(SIGNED))
    world.pki("log-pki-other", "pki does not take the log's time for now.", "reject", EXPIRED, leaf=LEAF.but(**ten), entry=world.stamped(SIGNED))
    world.pki("log-pki-noise", "pki does not read what the log says.", "accept", None, entry=lambda *_: "noise")


def _times(world):
    """By pki, the time is now."""
    past, future = {"begin": BEGIN, "end": SIGNED}, {"begin": END - YEAR, "end": END}
    for place, parts in (("leaf", lambda fields: {"leaf": LEAF.but(**fields)}), ("intermediate", lambda fields: {"chain": (MIDDLE.but(**fields), ROOT)}),
                         ("root", lambda fields: {"roots": [ROOT.but(**fields)]}),
                         ("anchored-intermediate", lambda fields: {"roots": [MIDDLE.but(**fields)], "chain": None}),
                         ("anchored-leaf", lambda fields: {"roots": [LEAF.but(**fields)], "leaf": LEAF.but(**fields), "chain": None})):
        where = {"leaf": "signer's certificate"}.get(place, place.replace("-", " "))
        world.pki(f"now-{place}-past", f"Over: the {where}.", "reject", EXPIRED, **parts(past))
        world.pki(f"now-{place}-future", f"Not yet: the {where}.", "reject", EXPIRED, **parts(future))
        world.pki(f"now-{place}-since-a-year", f"Since a year: the {where}.", "accept", None, **parts({"begin": AT - YEAR, "end": END}))
        world.pki(f"now-{place}-until-far", f"Since ever and for long: the {where}.", "accept", None, **parts({"begin": BEGIN - 40 * YEAR, "end": END + 900 * YEAR}))
        world.pki(f"now-{place}-first-second", f"From now on: the {where}.", "accept", None, **parts({"begin": AT, "end": END}))
        world.pki(f"now-{place}-shell", f"Never, for its end comes first: the {where}.", "reject", EXPIRED, **parts({"begin": END, "end": BEGIN}))
    world.pki("now-leaf-second-late", "Over since a second: the signer's certificate.", "reject", EXPIRED, leaf=LEAF.but(end=AT - 1))
    world.pki("now-leaf-second-early", "In a second, but not yet: the signer's certificate.", "reject", EXPIRED, leaf=LEAF.but(begin=AT + 1))
    world.pki("now-root-second-early", "In a second, but not yet: a root.", "reject", EXPIRED, roots=[ROOT.but(begin=AT + 1)])
    world.pki("now-intermediates-past", "Over: an intermediate of the policy's.", "reject", EXPIRED, intermediates=[MIDDLE.but(**past)], chain=None)
    world.pki("now-stranger-past", "That a certificate is over which is not in the path does not matter.", "accept", None,
              chain=(STRANGER.but(**past), MIDDLE, ROOT), roots=[ROOT, STRANGER.but(**past)])
    world.pki("now-last-of-chain-past", "That the last of a chain is over does not matter.", "accept", None, chain=(MIDDLE, ROOT.but(**past)))
    world.pki("now-outlives-issuer", "A signer's certificate may outlive its issuer's.", "accept", None, leaf=LEAF.but(end=END + 90 * YEAR))
    world.pki("now-leaf-before-path", "The signer's certificate is judged first: it is over, whoever has issued it.", "reject", EXPIRED,
              leaf=leaf_of(STRANGER, **past))
