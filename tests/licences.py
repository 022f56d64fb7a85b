"""Checks the licence of every dependency, of all features and all targets and of the tests, by what deny.toml allows; and that the
engine native, on either of its libraries, brings nothing that is copyleft, and few crates.

`cargo deny check licenses` does the same and more (it reads the licences' texts), but is not to be had everywhere.
This reads only what a crate says of itself, as an SPDX expression.
"""

import json
import pathlib
import re
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
# The features for those who cannot take copyleft code, each alone; and the most crates that one of them may bring.
PERMISSIVE = ("native", "native-openssl")
MAX_CRATES = 100
TOKEN = re.compile(r"\s*(\(|\)|/|[A-Za-z0-9.+:-]+)")


def tokens_of(expression):
    tokens, end = [], 0
    expression = expression.strip()
    while end < len(expression):
        found = TOKEN.match(expression, end)
        if not found:
            raise ValueError(f"{expression[end:]!r} is not SPDX")
        # crates.io took a slash for "or" once.
        tokens.append("OR" if found[1] == "/" else found[1])
        end = found.end()
    return tokens


def is_met(expression, allowed):
    """Whether the licences of `allowed` are enough for an SPDX expression."""
    tokens = tokens_of(expression)

    def take(*expected):
        if tokens and tokens[0] in expected:
            return tokens.pop(0)
        return None

    def either():
        met = both()
        while take("OR"):
            met = both() or met
        return met

    def both():
        met = one()
        while take("AND"):
            met = one() and met
        return met

    def one():
        if take("("):
            met = either()
            if not take(")"):
                raise ValueError("a parenthesis is not closed")
            return met
        if not tokens or tokens[0] in ("OR", "AND", "WITH", ")"):
            raise ValueError("a licence is missing")
        licence = tokens.pop(0)
        if take("WITH"):
            if not tokens:
                raise ValueError("an exception is missing")
            licence = f"{licence} WITH {tokens.pop(0)}"
        return licence in allowed

    met = either()
    if tokens:
        raise ValueError(f"{tokens[0]!r} is left")
    return met


def check_oneself():
    """The reader of expressions, by examples: a check that never complains would look the same."""
    allowed = {"MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"}
    for expression, expected in {
        "MIT": True,
        "GPL-3.0": False,
        "GPL-3.0 OR MIT": True,
        "MIT/GPL-3.0": True,
        "MIT AND GPL-3.0": False,
        "(GPL-3.0 OR MIT) AND Zlib": True,
        "MIT AND (GPL-3.0 OR BSD-2-Clause)": False,
        "GPL-3.0 OR MIT AND BSD-2-Clause": False,
        "Apache-2.0": False,
        "Apache-2.0 WITH LLVM-exception": True,
    }.items():
        assert is_met(expression, allowed) == expected, expression
    for expression in ["", "MIT OR", "(MIT", "MIT MIT", "MIT WITH", "MIT; Zlib"]:
        try:
            is_met(expression, allowed)
        except ValueError:
            continue
        raise AssertionError(expression)


def brought_by(feature):
    """The crates, with their versions, that a program links or builds with for this feature alone, on this target."""
    command = ["cargo", "tree", "--locked", "--no-default-features", "--features", feature, "--edges", "normal,build", "--prefix", "none",
               "--format", "{p}"]
    lines = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    names = {tuple(line.split()[:2]) for line in lines if line}
    return {(name, version.removeprefix("v")) for name, version in names if name != "containers-sigpolicy"}


def check_permissive(packages, allowed):
    """What is wrong with those features. No exception of deny.toml counts."""
    licences = {(package["name"], package["version"]): package["license"] or "" for package in packages}
    wrong = []
    for feature in PERMISSIVE:
        crates = brought_by(feature)
        wrong += [f"{feature}: {name} {version} is under {licences[name, version]}" for name, version in sorted(crates)
                  if not is_met(licences[name, version], allowed)]
        if not 20 < len(crates) <= MAX_CRATES:
            wrong.append(f"{feature}: {len(crates)} crates, and there may be {MAX_CRATES}")
        print(f"{feature} alone brings {len(crates)} crates")
    return wrong


def main():
    check_oneself()
    rules = tomllib.loads(ROOT.joinpath("deny.toml").read_text())["licenses"]
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    exceptions = {}
    for rule in rules.get("exceptions", []):
        exceptions.setdefault(rule["crate"], set()).update(rule["allow"])
    wrong = []
    for package in metadata["packages"]:
        name = f"{package['name']} {package['version']}"
        allowed = set(rules["allow"]) | exceptions.get(package["name"], set())
        try:
            # Without an expression there is only a text, which nobody has judged.
            if not package["license"]:
                wrong.append(f"{name} names no licence")
            elif not is_met(package["license"], allowed):
                wrong.append(f"{name} is under {package['license']}")
        except ValueError as error:
            wrong.append(f"{name} is under {package['license']!r}: {error}")
    names = {package["name"] for package in metadata["packages"]}
    wrong += [f"an exception for {name}, which is no dependency" for name in sorted(exceptions.keys() - names)]
    wrong += check_permissive(metadata["packages"], set(rules["allow"]))
    for line in wrong:
        print(f"deny.toml: {line}", file=sys.stderr)
    print(f"the licences of {len(names)} crates are allowed" if not wrong else "not every licence is allowed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
