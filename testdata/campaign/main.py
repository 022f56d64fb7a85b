"""The campaign: see `campaign.sh`."""

import argparse
import collections
import concurrent.futures
import json
import multiprocessing
import os
import pathlib
import signal
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "generate"))
sys.dont_write_bytecode = True

import culprits  # noqa: E402
import describe  # noqa: E402
import explanations  # noqa: E402
import material  # noqa: E402
import real_gpg  # noqa: E402
import recipes  # noqa: E402
from build import Case  # noqa: E402
from judging import Judges  # noqa: E402
from shrink import shrink  # noqa: E402

# The cases of one batch, which gpg gets together.
BATCH = 100

_judges = None
_options = None
# What explained the differences with the same culprits that were looked into.
_seen = collections.defaultdict(list)


def _begin(options, folder):
    """Sets up a process of its own with its judges."""
    global _judges, _options
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _options = options
    _judges = Judges(options.evaluate, options.engine, options.gpg, pathlib.Path(folder) / str(os.getpid()))


def _batch(numbers):
    """Judges the cases of these numbers; returns counts and findings."""
    started = time.monotonic()
    drawn = [recipes.draw(_options.seed, number) for number in numbers]
    outcomes = _judges.judge([recipe for recipe, _ in drawn])
    counts = collections.Counter(cases=len(outcomes))
    findings, unclear = [], []
    for number, outcome, (_, changes) in zip(numbers, outcomes, drawn):
        accepting = outcome.gpg_accepts()
        counts["accepted by a gpg"] += bool(accepting)
        counts["accepted by the library"] += outcome.ours.accepts
        for version, said in outcome.theirs.items():
            counts[f"put to gpg {version}"] += 1
            counts[f"accepted by gpg {version}"] += outcome.accepted_key(version) is not None
            counts[f"gpg {version} dies"] += said == f"({real_gpg.DIED})"
        if _options.check_batches:
            exact = _judges.judge_exactly(outcome.recipe, outcome.slot)
            if [exact.accepted_key(version) for version in exact.theirs] != [outcome.accepted_key(version) for version in outcome.theirs]:
                counts["batch and single differ"] += 1
                findings.append(_finding(number, exact, changes, f"batch {outcome.theirs}, single {exact.theirs}", None))
        if outcome.difference():
            counts["differences"] += 1
            row = explanations.explain(outcome, shrunk=False)
            if row is None:
                unclear.append((number, outcome, changes))
            else:
                counts[f"explained: {row}"] += 1
    for finding in _look_into_all(unclear, counts):
        findings.append(finding)
    counts["milliseconds"] = int((time.monotonic() - started) * 1000)
    return counts, findings


def _look_into_all(unclear, counts):
    """The findings among differences that nothing explains so far."""
    if _options.alike:
        roughly = culprits.rough_kinds(_judges, [outcome for _, outcome, _ in unclear])
    for place, (number, outcome, changes) in enumerate(unclear):
        rows = []
        if _options.alike:
            rows = _seen[outcome.difference(), roughly[place] or tuple(sorted(changes))]
            if len(rows) >= _options.alike:
                # What was looked into speaks for its like.
                counts[f"taken for alike, explained: {rows[0]}" if len(set(rows)) == 1 and rows[0] else "differences not looked into"] += 1
                continue
        row, finding = _look_into(number, outcome, changes, counts)
        rows.append(row)
        if finding:
            yield finding


def _look_into(number, outcome, changes, counts):
    """What explains the difference, or else a finding."""
    exact = _judges.judge_exactly(outcome.recipe, outcome.slot)
    if exact.difference() != outcome.difference():
        counts["differences of batches only"] += 1
        outcome = exact
        if not outcome.difference():
            return "no difference when asked alone", None
    small = shrink(_judges, outcome)
    exact = _judges.judge_exactly(small.recipe, small.slot)
    if exact.difference() == outcome.difference():
        outcome = exact
    row = explanations.explain(outcome, shrunk=True)
    if row is not None:
        counts[f"explained: {row}"] += 1
        return row, None
    return None, _finding(number, outcome, changes, *outcome.difference())


def _finding(number, outcome, changes, direction, versions):
    return {
        "number": number, "slot": outcome.slot, "difference": direction, "refusing": versions, "changes": changes, "kind": describe.kind(outcome.recipe),
        "code": outcome.ours.code, "library": outcome.ours.message, "gpg": outcome.theirs, "words": describe.lines(outcome.recipe), "recipe": outcome.recipe,
    }


def _arguments():
    parser = argparse.ArgumentParser(prog="campaign.sh", description="Puts random key files and messages to the library and to real gpgs.")
    parser.add_argument("--cases", type=int, default=1000, help="how many (default: 1000)")
    parser.add_argument("--seconds", type=int, help="stop after so many seconds, whatever --cases says")
    parser.add_argument("--first", type=int, default=0, help="the number of the first case (default: 0)")
    parser.add_argument("--seed", default="1", help="the same seed and number give the same case (default: 1)")
    parser.add_argument("--gpg", action="append", default=[], help="a gpg to ask; may be repeated")
    parser.add_argument("--engine", default="sequoia", help="the library's engine: sequoia, gpg or gpgme (default: sequoia)")
    parser.add_argument("--evaluate", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--out", default="target/campaign", help="where findings go (default: target/campaign)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes (default: one for each processor)")
    parser.add_argument("--alike", type=int, default=0, help="of differences with the same culprits, look into so many in each process (default: all)")
    parser.add_argument("--check-batches", action="store_true", help="put each case to gpg alone as well, and compare")
    parser.add_argument("--replay", help="judge the recipe in this file, and say what comes of it")
    parser.add_argument("--show", type=int, help="print the recipe of this number, and end")
    return parser.parse_args()


def main():
    options = _arguments()
    real_gpg.check_options(ROOT)
    # Each release once.
    options.gpg = list({real_gpg.version(program): program for program in reversed(options.gpg)}.values())[::-1]
    if not options.gpg:
        raise SystemExit("campaign: no gpg was named")
    explanations.check(ROOT)
    if options.show is not None:
        recipe, changes = recipes.draw(options.seed, options.show)
        print(json.dumps(recipe), *changes, *describe.lines(recipe), sep="\n")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="campaign-", dir=_folder()) as folder:
        return _replay(options, folder) if options.replay else _run(options, folder)


def _folder():
    """Where the judges' files go: TMPDIR if it is set, else memory, where gpg is faster."""
    return None if "TMPDIR" in os.environ or not os.access("/dev/shm", os.W_OK) else "/dev/shm"


def _replay(options, folder):
    _begin(options, folder)
    finding = json.loads(pathlib.Path(options.replay).read_text())
    outcome = _judges.judge_exactly(finding["recipe"], finding.get("slot", 0))
    print(*describe.lines(outcome.recipe), sep="\n")
    print(f"the library: {'accepts' if outcome.ours.accepts else outcome.ours.code}: {outcome.ours.message}")
    for version, said in outcome.theirs.items():
        print(f"gpg {version}: {said}")
    difference = outcome.difference()
    print(f"difference: {difference}, explained: {difference and explanations.explain(outcome, shrunk=True)}")
    _judges.close()
    return 1 if difference else 0


def _run(options, folder):
    started = time.monotonic()
    total, kinds = collections.Counter(), {}
    out = ROOT / options.out
    print(f"campaign: seed {options.seed}, cases {options.first} to {options.first + options.cases - 1}", flush=True)
    material.prepare()
    context = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(options.jobs, context, _begin, (options, folder)) as pool:
        last = options.first + options.cases
        starts = iter(range(options.first, last, BATCH))
        pending = set()
        stopped = False
        while True:
            while not stopped and len(pending) < options.jobs * 2:
                start = next(starts, None)
                stopped = start is None or bool(options.seconds and time.monotonic() - started > options.seconds)
                if not stopped:
                    pending.add(pool.submit(_batch, range(start, min(start + BATCH, last))))
            if not pending:
                break
            done, pending = concurrent.futures.wait(pending, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in done:
                counts, findings = future.result()
                total += counts
                for finding in findings:
                    _record(out, options, kinds, finding, total)
    return _report(options, total, kinds, time.monotonic() - started)


def _record(out, options, kinds, finding, total):
    """Writes the first finding of each kind into a folder of its own."""
    key = (finding["difference"], tuple(finding["refusing"] or ()), finding["kind"])
    known = kinds.setdefault(key, [0, finding])
    known[0] += 1
    if known[0] > 1:
        return
    folder = out / f"{options.seed}-{finding['number']}"
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath("recipe.json").write_text(json.dumps(finding, indent=1) + "\n")
    case = Case(finding["recipe"], finding["slot"])
    for number, octets in enumerate(case.key_files):
        folder.joinpath(f"key-{number}").write_bytes(octets)
    folder.joinpath("message").write_bytes(case.message)
    print(f"\nafter {total['cases']} cases, number {finding['number']}: the library {finding['difference']} {', '.join(finding['refusing'] or ())}")
    print(*(f"  {line}" for line in finding["words"]), sep="\n")
    print(f"  the library: {finding['code'] or 'accepts'}: {finding['library']}")
    print(*(f"  gpg {version}: {said}" for version, said in finding["gpg"].items()), sep="\n")
    print(f"  testdata/campaign.sh --replay {folder}/recipe.json", flush=True)


def _report(options, total, kinds, seconds):
    cases = total["cases"]
    print(f"\n{cases} cases in {seconds:.0f} s, {cases / max(seconds, 0.001):.0f} a second; "
          f"accepted by at least one gpg: {total['accepted by a gpg'] / max(cases, 1):.0%}")
    for name, count in sorted(total.items()):
        print(f"  {name}: {count}")
    complaints = []
    if kinds:
        complaints.append(f"{sum(count for count, _ in kinds.values())} differences of {len(kinds)} kinds have no explanation")
    if total["differences not looked into"]:
        complaints.append(f"{total['differences not looked into']} differences were not looked into")
    if cases < (1 if options.seconds else options.cases):
        complaints.append(f"only {cases} of {options.cases} cases were judged")
    # A judge that refuses everything, or nearly, is broken.
    complaints += [f"{name} {total[name]} of {cases} cases" for name in _judges_of(options) if total[name] < cases // 4 or not total[name]]
    for complaint in complaints:
        print(f"campaign: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


def _judges_of(options):
    return ["accepted by the library", *(f"accepted by gpg {real_gpg.version(program)}" for program in options.gpg)]


if __name__ == "__main__":
    sys.exit(main())
