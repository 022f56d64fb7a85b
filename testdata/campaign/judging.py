"""Puts cases to all judges and names the differences."""

from build import Case
from engine import Engine
from real_gpg import Gpg


class Outcome:
    """What all judges say to one recipe in one slot."""

    def __init__(self, recipe, slot, ours, theirs):
        self.recipe, self.slot, self.ours, self.theirs = recipe, slot, ours, theirs

    def accepted_key(self, version):
        """The primary key that this gpg accepts, or None."""
        said = self.theirs[version]
        return None if said.startswith("(") else said

    def gpg_accepts(self):
        """The releases of gpg that accept."""
        return [version for version in self.theirs if self.accepted_key(version)]

    def difference(self):
        """None, or what differs: a direction with the releases that make it one.

        "accepts": the library accepts, and these refuse. "refuses": it refuses, and all accept. "other key": these name another primary key.
        Where releases differ, refusing is right.
        """
        accepting = self.gpg_accepts()
        refusing = [version for version in self.theirs if version not in accepting]
        if self.ours.code == "engine-dies":
            return "dies", ()
        if self.ours.accepts and refusing:
            return "accepts", tuple(refusing)
        if not self.ours.accepts and not refusing:
            return "refuses", ()
        others = [version for version in accepting if self.ours.primary_key not in (None, self.theirs[version])]
        return ("other key", tuple(others)) if self.ours.accepts and others else None


class Judges:
    """The library's engine and the releases of gpg, with a folder for their files."""

    def __init__(self, evaluate, engine, programs, folder):
        self.gpgs = [Gpg(program, folder) for program in programs]
        self._engine = Engine(evaluate, engine, folder)

    def judge(self, recipes, slots=None):
        """The outcomes of recipes that are put to gpg together, each in a slot of its own."""
        slots = slots or range(len(recipes))
        cases = [Case(recipe, slot) for recipe, slot in zip(recipes, slots)]
        ours = self._engine.judge(cases)
        theirs = {gpg.version: gpg.judge(cases) for gpg in self.gpgs}
        return [Outcome(recipe, slot, ours[place], {version: said[place] for version, said in theirs.items()})
                for place, (recipe, slot) in enumerate(zip(recipes, slots))]

    def ask_library(self, recipes):
        """What the library alone says to these recipes."""
        return self._engine.judge([Case(recipe, slot) for slot, recipe in enumerate(recipes)])

    def judge_exactly(self, recipe, slot):
        """The outcome of one recipe, gpg asked as the library's engines ask it."""
        case = Case(recipe, slot)
        return Outcome(recipe, slot, self._engine.judge([case])[0], {gpg.version: gpg.judge_exactly(case) for gpg in self.gpgs})

    def close(self):
        self._engine.close()
