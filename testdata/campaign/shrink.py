"""Makes a recipe smaller while the same difference stays: what is left is what matters."""

import copy

# What a step or a file may lose. Whatever else there is belongs to it.
OPTIONS = ("header", "claim", "flip", "cut", "hash", "alg", "value", "wrong", "hflip", "v", "hlen", "fill", "s2k", "armor", "tail", "name", "date", "mode",
           "text", "last", "issuer", "created")
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
    """An outcome smaller by as many of the edits as possible, or None."""
    wanted = outcome.difference()
    # The library is asked first: it is faster, and says of most that they are something else.
    answers = judges.ask_library([_apply(best.recipe, [edit]) for edit in edits])
    hopeful = [edit for edit, ours in zip(edits, answers) if ours.accepts == outcome.ours.accepts]
    # All together, in parts, and alone, in one question: what gpg costs is its start.
    recipes = []
    for size in (len(hopeful), -(-len(hopeful) // 2), -(-len(hopeful) // 4), -(-len(hopeful) // 8)):
        if size > 1:
            recipes += [_together(best.recipe, hopeful[start : start + size]) for start in range(0, len(hopeful), size)]
    recipes += [_apply(best.recipe, [edit]) for edit in hopeful]
    recipes = [recipe for recipe in recipes if recipe is not None]
    for start in range(0, len(recipes), BATCH):
        for smaller in judges.judge(recipes[start : start + BATCH]):
            if smaller.difference() == wanted:
                return smaller
    return None


def _together(recipe, edits):
    """The recipe with all of these edits, or None where one takes away what another is about."""
    try:
        return _apply(recipe, edits)
    except (KeyError, IndexError, TypeError):
        return None


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
    for path, value in sorted(edits, key=lambda edit: [(isinstance(part, int), part) if isinstance(part, int) else (False, part) for part in edit[0]],
                              reverse=True):
        target = changed
        for part in path[:-1]:
            target = target[part]
        if value is GONE:
            del target[path[-1]]
        else:
            target[path[-1]] = copy.deepcopy(value)
    return changed
