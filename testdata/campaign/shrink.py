"""Makes a recipe smaller while the same difference stays: what is left is what matters."""

import copy

# What a step or a file may lose. Whatever else there is belongs to it.
OPTIONS = ("header", "claim", "flip", "cut", "hash", "alg", "value", "wrong", "hflip", "v", "hlen", "fill", "s2k", "armor", "tail", "name", "date", "mode", "text", "last", "issuer", "created")
GONE = object()
# More rounds than any recipe needs.
ROUNDS = 60
BATCH = 60


def shrink(judges, outcome):
    """The smallest outcome found with the same difference; the outcome itself if nothing can go.

    First whole packets and files go, then what is in them: most goes with the first, and each question costs time.
    """
    best = outcome
    for edits_of in (_large_edits, _edits):
        for _ in range(ROUNDS):
            smaller = _round(judges, best, list(edits_of(best.recipe)), outcome)
            if smaller is None:
                break
            best = smaller
    return best


def _round(judges, best, edits, outcome):
    """An outcome smaller by some of the edits, or None."""
    wanted = outcome.difference()
    recipes = [_apply(best.recipe, [edit]) for edit in edits]
    # The library is asked first: it is faster, and says of most that they are something else.
    hopeful = [place for place, ours in enumerate(judges.ask_library(recipes)) if ours.accepts == outcome.ours.accepts]
    kept = []
    for start in range(0, len(hopeful), BATCH):
        places = hopeful[start : start + BATCH]
        outcomes = judges.judge([recipes[place] for place in places])
        kept += [(edits[place], one) for place, one in zip(places, outcomes) if one.difference() == wanted]
    return _together(judges, best.recipe, kept, wanted) if kept else None


def _together(judges, recipe, kept, wanted):
    """All edits at once if that keeps the difference, else half of them, at last one."""
    while len(kept) > 1:
        try:
            outcome = judges.judge([_apply(recipe, [edit for edit, _ in kept])])[0]
        except (KeyError, IndexError, TypeError, ValueError):
            outcome = None
        if outcome is not None and outcome.difference() == wanted:
            return outcome
        kept = kept[: len(kept) // 2]
    return kept[0][1]


def _large_edits(recipe):
    """Files and packets that could go."""
    for number, file in enumerate(recipe["files"]):
        if len(recipe["files"]) > 1:
            yield ("files", number), GONE
        for place in range(len(file["packets"])):
            yield ("files", number, "packets", place), GONE


def _edits(recipe):
    """Each single thing that could go: (path, new value or GONE)."""
    for role in recipe.get("keys", {}):
        yield ("keys", role), GONE
    for number in range(len(recipe["files"])):
        if len(recipe["files"]) > 1:
            yield ("files", number), GONE
    for path, file in [(("files", number), file) for number, file in enumerate(recipe["files"])] + [(("message",), recipe["message"])]:
        yield from _options(path, file)
        for name in file.get("armor", ()):
            yield (*path, "armor", name), GONE
        yield from _list_edits((*path, "packets"), file["packets"])


def _options(path, value):
    for name in OPTIONS:
        if name in value and not (value.get("p") == "uid" and name == "text"):
            yield (*path, name), GONE


def _list_edits(path, steps):
    for place, step in enumerate(steps):
        here = (*path, place)
        yield here, GONE
        if step["p"] == "compressed":
            if len(step["inside"]) == 1:
                yield here, step["inside"][0]
            yield from _list_edits((*here, "inside"), step["inside"])
        yield from _step_edits(here, step)


def _step_edits(here, step):
    yield from _options(here, step)
    for area in ("hashed", "unhashed"):
        for place, item in enumerate(step.get(area, ())):
            there = (*here, area, place)
            yield there, GONE
            if item[0].endswith("!"):
                yield (*there, 0), item[0][:-1]
            if item[0].rstrip("!") == "embed":
                yield from _step_edits((*there, 1), item[1])
    if step.get("p") == "secret":
        yield here, {"p": "subkey" if step.get("sub") else "key", "k": step["k"]}
    if step.get("p") == "raw" and step.get("hex"):
        yield (*here, "hex"), ""


def _apply(recipe, edits):
    """The recipe with these edits; those further behind go first, so that places stay true."""
    changed = copy.deepcopy(recipe)
    for path, value in sorted(edits, key=lambda edit: [(isinstance(part, int), part) if isinstance(part, int) else (False, part) for part in edit[0]], reverse=True):
        target = changed
        for part in path[:-1]:
            target = target[part]
        if value is GONE:
            del target[path[-1]]
        else:
            target[path[-1]] = copy.deepcopy(value)
    return changed
