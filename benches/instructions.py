#!/usr/bin/env python3
"""Compares counts of instructions with those on record: lines `ENGINE WORKLOAD COUNT` in, a table out.

    instructions.py [--record]
"""

import json
import os
import pathlib
import platform
import subprocess
import sys

RECORD = pathlib.Path(__file__).with_suffix(".json")
TOLERANCE = 0.05


def circumstances():
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True)
    flags = pathlib.Path("/proc/cpuinfo").read_text().split()
    return {
        "rustc": rustc.stdout.strip(),
        "features": os.environ.get("FEATURES", ""),
        "libc": " ".join(platform.libc_ver()),
        "machine": platform.machine() + (" with AVX2" if "avx2" in flags else ""),
    }


def main():
    counted = {}
    for line in sys.stdin:
        engine, workload, count = line.split()
        counted[f"{engine} {workload}"] = int(count)
    if not counted:
        sys.exit("nothing was counted")
    now = circumstances()
    if sys.argv[1:] == ["--record"]:
        record = {**now, "instructions": counted}
        RECORD.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n")
        return
    record = json.loads(RECORD.read_text())
    for name, value in now.items():
        if record[name] != value:
            print(f"WARNING: the record is for {record[name]}, and this is {value}.")
    worse = False
    for name, count in counted.items():
        known = record["instructions"].get(name)
        if known is None:
            print(f"{name:24} {count:>12}  NOT ON RECORD")
            worse = True
            continue
        change = count / known - 1
        mark = "  MORE" if change > TOLERANCE else "  less: put it on record" if change < -TOLERANCE else ""
        worse |= change > TOLERANCE
        print(f"{name:24} {count:>12}  {change:+7.1%}{mark}")
    sys.exit(worse)


main()
