#!/usr/bin/env python3
"""Runs commands in turns, and prints what each takes: the median of the time on the clock, and of the processor time
that it and everything it starts take.

    in_turns.py ROUNDS 'GROUP|NAME|COMMAND' ...

Within a group, ratios are to `gpgv` (or what comes first), `gpg --verify` and `skopeo standalone-verify`.
"""

import ctypes
import os
import resource
import shlex
import statistics
import subprocess
import sys
import time

PEERS = ["gpgv", "gpg --verify", "skopeo standalone-verify"]
PR_SET_CHILD_SUBREAPER = 36


def reap():
    """Waits for what a command has left behind: libgpgme starts gpg so that it is nobody's child."""
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def run(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    clock = time.perf_counter() - start
    reap()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"failed with {done.returncode}: {shlex.join(command)}")
    processor = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return clock * 1000, processor * 1000


def main():
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    rounds = int(sys.argv[1])
    commands = [argument.split("|", 2) for argument in sys.argv[2:]]
    took = {(group, name): [] for group, name, _ in commands}
    for number in range(rounds + 1):
        for group, name, command in commands:
            result = run(shlex.split(command))
            if number:
                took[group, name].append(result)
    medians = {key: [statistics.median(column) for column in zip(*rows)] for key, rows in took.items()}
    print(f"{'':10} {'':26} {'clock':>8} {'CPU':>8}   ÷ (clock, CPU)")
    for (group, name), (clock, processor) in medians.items():
        ratios = []
        for peer in PEERS:
            other = medians.get((group, peer))
            if other and peer != name and name not in PEERS:
                ratios.append(f"{peer} {clock / other[0]:.2f}, {processor / other[1]:.2f}")
        print(f"{group:10} {name:26} {clock:6.1f}ms {processor:6.1f}ms   {'; '.join(ratios)}")


main()
