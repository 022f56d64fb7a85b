"""Policies as text: each member of an object sound, and broken in every way."""

import json

# What members may hold: for each JSON value, whether the member's kind takes it.
VALUES = {"number": 1, "boolean": True, "array": [], "object": {}, "null": None, "empty": ""}


def misspelt(member):
    """A spelling with two letters swapped."""
    return member[:-2] + member[-1] + member[-2]


def text_with_duplicate(value, member):
    """The object's text with one member twice, both times with the same value."""
    first = f"{json.dumps(member)}: {json.dumps(value[member])}, "
    return "{" + first + json.dumps(value)[1:]


def broken_members(case, label, value, members, around, sound=(), open_questions=()):
    """Every member of an object dropped, doubled, misspelt, in another case, and of every wrong kind.

    case: the suite's `case`; members: what leaving each out gives; around: puts the object (as text) into a policy; sound: a member and
    a kind that it takes all the same; open_questions: a member and a kind that nothing is said of.
    """
    def text(changed):
        return around(json.dumps(changed))

    case(label, f"A whole {label} is sound.", "accept", policy_text=text(value))
    for member, without in members.items():
        rest = {name: inner for name, inner in value.items() if name != member}
        case(f"{label}-without-{member}", f"{label} without {member}: " + ("it has a default." if without == "accept" else "it is required."),
             without, policy_text=text(rest))
        case(f"{label}-{member}-twice", f"{member} twice in {label} is an error, even with one value.", "error",
             policy_text=around(text_with_duplicate(value, member)))
        case(f"{label}-{member}-misspelt", f"A misspelt {member} in {label} is an unknown key.", "error",
             policy_text=text(rest | {misspelt(member): value[member]}))
        case(f"{label}-{member}-capitalized", f"Keys are case-sensitive: {member} in {label}.", "error",
             policy_text=text(rest | {member[0].upper() + member[1:]: value[member]}))
        for kind, wrong in VALUES.items():
            if (member, kind) in open_questions:
                continue
            takes = (member, kind) in sound
            case(f"{label}-{member}-{kind}", f"{member} in {label} {'may' if takes else 'must not'} be {json.dumps(wrong)}.", "accept" if takes else "error",
                 policy_text=text(rest | {member: wrong}))
    case(f"{label}-unknown-key", f"{label} takes no key that it does not know.", "error", policy_text=text(value | {"comment": "x"}))
    case(f"{label}-empty-key", f"{label} takes no empty key.", "error", policy_text=text(value | {"": "x"}))


def requirement_policy(text):
    return '{"default": [' + text + "]}"


def numbered(suite):
    """The suite's `case`, for kebab-case names whatever a label holds."""
    def case(name, about, verdict, **members):
        kebab = "".join(f"-{c.lower()}" if c.isupper() else c for c in name).replace("--", "-")
        # A file that is not there is an error, but not one of what it says.
        code = "policy-invalid" if verdict == "error" and not name.endswith("-missing") else None
        suite.case(kebab, about, verdict, code, image=None, **members)
    return case
