"""Draws recipes: a sound case of some kind, then a few changes. The same seed and number are the same recipe."""

import random

import certificate_changes
import message_changes
import steps
from clock import DAY
from material import COMMON

# What the primary key and the subkey may be, and what seldom.
ALGORITHMS = [COMMON] * 14 + ["ed25519"] * 3 + ["nistp256", "dsa1024", "rsa2048"]
RARE = ["ed25519", "nistp256", "nistp384", "dsa1024", "dsa2048", "dsa-q16", "dsa-q152", "dsa-q164", "dsa-q168", "ecdh", "unknown-curve", "nistp224",
        "number-99"]



def draw(seed, number):
    """The recipe and the names of the changes in it."""
    rng = random.Random(f"{seed}:{number}")
    recipe = _sound(rng)
    if rng.random() < 0.06:
        return recipe, ["sound"]
    done = []
    for _ in range(rng.choices([1, 2, 3, 4, 6], [40, 30, 17, 9, 4])[0]):
        change = message_changes.change if rng.random() < 0.15 else certificate_changes.change
        done.append(change(rng, recipe))
    return recipe, done


def _sound(rng):
    """A certificate or two, and a message that one of their keys has signed."""
    recipe = {"keys": {}, "files": [{"packets": []}], "message": {}}
    algorithm = rng.choice(ALGORITHMS if rng.random() < 0.97 else RARE)
    if algorithm != COMMON:
        recipe["keys"]["A"] = {"algo": algorithm}
    packets = [steps.key("A")]
    if rng.random() < 0.15:
        packets.append(steps.direct("A"))
    packets += [steps.uid("one"), steps.self_signature("A", "u:one")]
    if rng.random() < 0.2:
        packets += [steps.uid("two"), steps.self_signature("A", "u:two", at=rng.choice([0, DAY]))]
    signer = "A"
    if rng.random() < 0.7:
        if rng.random() < 0.3:
            recipe["keys"]["S"] = {"algo": rng.choice(ALGORITHMS + RARE)}
        packets += [steps.subkey("S"), steps.binding("A", "S")]
        signer = rng.choice(["S", "S", "S", "A"])
        if rng.random() < 0.2:
            packets += [steps.subkey("T"), steps.binding("A", "T")]
    recipe["files"][0]["packets"] = packets
    recipe["message"] = message_changes.sound(rng, signer)
    return recipe
