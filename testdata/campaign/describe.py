"""A recipe in words, for people and for telling kinds apart."""


def lines(recipe):
    """A line for each file, and one for the message."""
    keys = ", ".join(f"{role}: {' '.join(f'{name} {value}' for name, value in about.items())}" for role, about in recipe.get("keys", {}).items())
    out = [f"keys: {keys}"] if keys else []
    out += [f"file {number}: {_file(file)}" for number, file in enumerate(recipe["files"])]
    return [*out, f"message: {_file(recipe['message'])}"]


def kind(recipe):
    """The same for every recipe with the same parts, whatever their values."""
    shapes = [_shape(file) for file in recipe["files"]]
    algorithms = sorted({about.get("algo", "") for about in recipe.get("keys", {}).values()})
    return " ; ".join([*shapes, _shape(recipe["message"]), ",".join(algorithms)])


def _file(file):
    about = [f"{name} {file[name]}" for name in ("armor", "cut", "tail") if file.get(name) is not None and name in file]
    return " | ".join([_step(step) for step in file["packets"]] + about)


def _step(step):
    if step["p"] == "compressed":
        text = f"compressed {step['algo']} ({' | '.join(map(_step, step['inside']))})"
    elif step["p"] == "sig":
        text = _signature(step)
    else:
        text = " ".join([step["p"], *(f"{name}={_short(value)}" for name, value in step.items() if name not in ("p", "header", "claim", "flip", "cut"))])
    return text + "".join(f" {name}={step[name]}" for name in ("header", "claim", "flip", "cut") if name in step)


def _short(value):
    text = str(value)
    return text if len(text) < 50 else f"{text[:40]}…({len(text)})"


def _signature(step):
    options = [f"{name}={step[name]}" for name in ("v", "hlen", "hash", "alg", "value", "wrong", "hflip", "text") if name in step]
    areas = ["[" + ", ".join(map(_item, step.get(area, ()))) + "]" for area in ("hashed", "unhashed")]
    return " ".join([f"sig-{step['t']:02x} by {step['by']} over {'+'.join(step.get('over', ()))}", *options, *areas])


def _item(item):
    if item[0].rstrip("!") == "embed":
        return f"{item[0]} ({_signature(item[1])})"
    return " ".join(map(str, item))


def _shape(file):
    parts = [_step_shape(step) for step in file["packets"]]
    parts += sorted(file.get("armor", ())) if "armor" in file else []
    return " ".join(parts + [name for name in ("armor", "cut", "tail") if name in file])


def _step_shape(step):
    name = step["p"]
    if name == "compressed":
        name = f"compressed({' '.join(map(_step_shape, step['inside']))})"
    elif name == "raw":
        name = f"raw{step['tag']}"
    elif name == "sig":
        name = _signature_shape(step)
    elif "k" in step:
        name += step["k"]
    return name + "".join(f"+{option}" for option in ("header", "claim", "flip", "cut", "fill", "s2k") if option in step)


def _signature_shape(step):
    items = [item for area in ("hashed", "unhashed") for item in step.get(area, ())]
    names = sorted({item[0] if item[0] != "embed" else f"embed({_signature_shape(item[1])})" for item in items})
    options = [f"{name}={step[name]}" for name in ("v", "hash", "alg", "value", "wrong") if name in step]
    return f"{step['t']:02x}{step['by']}[{','.join(names + options)}]"
