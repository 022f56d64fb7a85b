"""A quick guess at what makes a difference: each odd thing in a recipe is taken out alone, and the judges are asked again.

Cheaper than shrinking, which is for one difference of each kind: those that go away with the same things are taken for alike.
"""

import copy

OPTIONS = ("header", "claim", "flip", "cut", "hash", "alg", "value", "wrong", "hflip", "v", "s2k")
USUAL = ("time", "flags", "issuer", "fpr", "embed", "reason")


def rough_kinds(judges, outcomes):
    """For each outcome the sorted names of the things without any of which its difference is gone."""
    asked = [(number, name, recipe) for number, outcome in enumerate(outcomes) for name, recipe in _without(outcome.recipe)]
    guilty = [[] for _ in outcomes]
    for start in range(0, len(asked), 100):
        part = asked[start : start + 100]
        answers = judges.judge([recipe for _, _, recipe in part])
        for (number, name, _), answer in zip(part, answers):
            if answer.difference() != outcomes[number].difference():
                guilty[number].append(name)
    return [tuple(sorted(names)) for names in guilty]


def _without(recipe):
    """(Name of the thing, the recipe without it)."""
    found = {}
    for role, about in recipe["keys"].items():
        if about.get("algo"):
            found.setdefault(f"algorithm {about['algo']}", []).append(lambda copied, role=role: copied["keys"].pop(role, None))
    for number, file in enumerate([*recipe["files"], recipe["message"]]):
        for option in ("armor", "cut", "tail"):
            if option in file:
                names = [f"armor {name}" for name in file["armor"]] if option == "armor" else [option]
                for name in names or ["armor"]:
                    found.setdefault(name, []).append(lambda copied, number=number, option=option: _files(copied)[number].pop(option, None))
        for place, step in enumerate(file["packets"]):
            _in_step(found, number, place, step, number == len(recipe["files"]))
    for name, edits in found.items():
        copied = copy.deepcopy(recipe)
        for edit in edits:
            edit(copied)
        for file in _files(copied):
            file["packets"] = [step for step in file["packets"] if step is not None]
        yield name, copied


def _files(recipe):
    return [*recipe["files"], recipe["message"]]


def _in_step(found, number, place, step, in_message):
    def change(act):
        return lambda copied: act(_files(copied)[number]["packets"][place])

    def gone(copied):
        _files(copied)[number]["packets"][place] = None

    where = "message " if in_message else ""
    if step["p"] in ("raw", "secret", "attr"):
        found.setdefault(f"{where}{step['p']} {step.get('tag', '')}", []).append(gone)
    elif step["p"] == "sig":
        found.setdefault(f"{where}sig {step['t']:02x}{'' if step['by'] in 'AST' else ' by other'}", []).append(gone)
        areas = [(area, item) for area in ("hashed", "unhashed") for item in step.get(area, ())]
        for area, item in areas:
            name = item[0].rstrip("!")
            if name not in USUAL or item[0].endswith("!"):
                found.setdefault(f"{where}subpacket {item[0]}", []).append(
                    change(lambda its, area=area, item=item: its and its[area].remove(item) if its and item in its[area] else None))
        if not any(area == "unhashed" and item == ["issuer", step["by"]] for area, item in areas):
            found.setdefault(f"{where}no issuer in sig", []).append(change(lambda its: its and its.setdefault("unhashed", []).append(["issuer", its["by"]])))
    for option in OPTIONS:
        if option in step:
            found.setdefault(f"{where}{option} {step[option] if option in ('v', 'alg', 'value', 'hash') else ''}", []).append(
                change(lambda its, option=option: its and its.pop(option, None)))
