"""Makes the conformance suite and its fixtures: `generate.py FOLDER`. Run by `regenerate.sh`."""

import importlib
import pathlib
import sys

import bundle_verify
import divergences
import example
import mistakes
import probe
from gpg import Gpg
from workshop import Workshop

# A module makes the suite of its own name: `suites/key_files.py` makes `key-files.json`, whose cases begin with `key-files-`.
MODULES = sorted(path.stem for path in pathlib.Path(__file__).parent.joinpath("suites").glob("*.py"))


def main(folder):
    root = pathlib.Path(folder)
    conformance = root / "conformance"
    names = set()
    with Gpg() as gpg:
        workshop = Workshop(conformance, gpg)
        for module in MODULES:
            suite = importlib.import_module(f"suites.{module}").build(workshop)
            if suite.theme != module.replace("_", "-"):
                raise ValueError(f"suites/{module}.py makes {suite.theme}.json")
            duplicates = names.intersection(case["name"] for case in suite.cases)
            if duplicates or len({case["name"] for case in suite.cases}) != len(suite.cases):
                raise ValueError(f"{suite.theme}: case names are not unique: {duplicates}")
            names.update(case["name"] for case in suite.cases)
            conformance.joinpath(f"{suite.theme}.json").write_text(suite.text())
            print(f"{suite.theme}: {len(suite.cases)} cases")
        example.build(workshop, root / "example")
        mistakes.build(workshop, root / "mistakes")
        bundle_verify.build(workshop, root / "bundle-verify")
        probe.build(workshop, root / "probe")
    conformance.joinpath("divergences.json").write_text(divergences.text(names))
    print(f"{len(names)} cases in all")


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    main(sys.argv[1])
