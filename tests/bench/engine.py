#!/usr/bin/env python3
"""How fast the decision level is on this machine, as ratios to a bare loop.

  engine.py [--quick] [--rounds N]

`make bench` calls it. For each number of cards it runs build/tests/bench/bare_loop, `purseroll bench
engine` plain and full in turn, with a million cards also its other scenarios, several rounds of
them, and prints medians: times of each, and of the rounds' ratios. Then replications one after the other and two
side by side, in turn too. It measures and judges nothing: targets stand beside, and a busy machine
misses them. Exit status: 0 measured,
1 a program is missing or failed.

Writes build/bench/engine.csv, one row for each program and number of cards:

  program          bare, plain, full; with a million cards activity, merchants, communities, torn
  cards, transfers
  ns_per_transfer  processor time, median of the rounds
  ratio            speed against the bare loop of the same round, median; 1 of bare itself; of torn
                   against plain
  target           what the ratio is meant to be at least; empty of bare
  bytes_per_card   resident memory that cards and results take; empty of bare
"""

import argparse
import csv
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "program"))
from harness import BUILD, PROGRAM, ROOT  # noqa: E402

BARE = BUILD / "tests/bench/bare_loop"
TARGETS = {"plain": 0.5, "full": 0.4}
OTHERS_CARDS = 10**6
OTHERS_TARGETS = {"activity": 0.25, "merchants": 0.25, "communities": 0.25, "torn": 0.8}
AGAINST = {"torn": "plain"}
BYTES_PER_CARD = 16
SPARE_BYTES = 256 << 20
COLUMNS = ["program", "cards", "transfers", "ns_per_transfer", "ratio", "target", "bytes_per_card"]

JOBS_TARGET = 1.8
JOBS_CARDS = 100_000
JOBS_REPLICATIONS = 20


class Missing(Exception):
    """A program that is not there or does not do its work."""


def call(*command):
    try:
        done = subprocess.run([str(word) for word in command], cwd=ROOT, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", check=False)
    except OSError as error:
        raise Missing(f"{command[0]}: {error.strerror}; please run make bench") from error
    if done.returncode:
        raise Missing(f"{command[0]}: {done.stderr.strip()}")
    return done.stdout


def measure(program, cards, transfers):
    """Returns nanoseconds of a transfer and bytes of a card, the latter None of the bare loop."""
    if program == "bare":
        _, n, seconds, _ = call(BARE, cards, transfers).split()
        return 1e9 * float(seconds) / int(n), None
    out = call(PROGRAM, "bench", "engine", "--csv", "--scenario", program, "--cards", cards,
               "--transfers", transfers)
    row = next(csv.DictReader(out.splitlines()))
    return float(row["ns_per_transfer"]), float(row["bytes_per_card"])


def measure_rounds(cards, transfers, rounds):
    """Returns a row for each program."""
    targets = TARGETS | (OTHERS_TARGETS if cards == OTHERS_CARDS else {})
    programs = ["bare", *targets]
    times = {program: [] for program in programs}
    memory = dict.fromkeys(programs)
    for _ in range(rounds):
        for program in programs:
            nanoseconds, memory[program] = measure(program, cards, transfers)
            times[program].append(nanoseconds)
    return [{
        "program": program,
        "cards": cards,
        "transfers": transfers,
        "ns_per_transfer": round(statistics.median(times[program]), 3),
        "ratio": round(statistics.median(
            base / own for base, own in zip(times[AGAINST.get(program, "bare")], times[program])), 4),
        "target": targets.get(program, ""),
        "bytes_per_card": "" if memory[program] is None else round(memory[program], 2),
    } for program in programs]


def print_row(row):
    target = row["target"]
    verdict = "" if target == "" else \
        f"{target:g}" + (", missed" if row["ratio"] < target else "")
    nanoseconds = row["ns_per_transfer"]
    print(f"{row['cards']:>11} {row['program']:<11} {nanoseconds:>8.1f} {1e3 / nanoseconds:>8.1f} "
          f"{row['bytes_per_card']:>11} {row['ratio']:>7.2f}  {verdict}", flush=True)


def free_bytes():
    """What this machine has free; endless where nothing tells."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) << 10 for line in lines
                    if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return float("inf")


def measure_engine(sizes, least_transfers, rounds):
    print(f"\nSettlements at the decision level against the bare loop, torn ones against plain ones:\n"
          f"processor time, medians of {rounds} rounds, each of all programs in turn\n"
          f"{'cards':>11} {'program':<11} {'ns each':>8} {'M/s':>8} {'bytes/card':>11} {'ratio':>7}"
          f"  target", flush=True)
    rows = []
    for cards in sizes:
        needed = BYTES_PER_CARD * cards + SPARE_BYTES
        if needed > free_bytes():
            print(f"{cards:>11} skipped: needs {needed >> 20} MiB of free memory, there are "
                  f"{free_bytes() >> 20}", flush=True)
            continue
        for row in measure_rounds(cards, max(least_transfers, cards), rounds):
            print_row(row)
            rows.append(row)
    return rows


def time_jobs(jobs, days, folder):
    began = time.monotonic()
    sets = {"cohort holders.cards": JOBS_CARDS // 100,
            "cohort others.cards": JOBS_CARDS - JOBS_CARDS // 100, "scenario.duration": f"{days}d",
            "scenario.replications": JOBS_REPLICATIONS, "scenario.fidelity": "decision"}
    call(PROGRAM, "run", ROOT / "scenarios/uniform.ini", "--progress", "none", "--jobs", jobs,
         "--output", folder, *(word for key, value in sets.items()
                               for word in ("--set", f"{key}={value}")))
    return time.monotonic() - began


def measure_jobs(days, rounds):
    """Replications side by side, by the clock on the wall."""
    seconds = {1: [], 2: []}
    with tempfile.TemporaryDirectory(prefix="purseroll-bench-") as folder:
        for _ in range(rounds):
            for jobs, times in seconds.items():
                times.append(time_jobs(jobs, days, folder))
    ratio = statistics.median(one / two for one, two in zip(seconds[1], seconds[2]))
    print(f"\n{JOBS_REPLICATIONS} replications of {JOBS_CARDS} cards: {statistics.median(seconds[1]):.2f} s one "
          f"after the other, {statistics.median(seconds[2]):.2f} s two side by side;\nratio "
          f"{ratio:.2f}, target {JOBS_TARGET}{', missed' if ratio < JOBS_TARGET else ''}",
          flush=True)


def write(rows):
    path = BUILD / "bench/engine.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"\n{path.relative_to(ROOT)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="up to 10^7 cards, fewer transfers")
    parser.add_argument("--rounds", type=int, default=3, help="of each measurement (3)")
    options = parser.parse_args()
    sizes = [10**exponent for exponent in range(4, 8 if options.quick else 9)]
    try:
        rows = measure_engine(sizes, 10**7 if options.quick else 5 * 10**7, options.rounds)
        measure_jobs(30 if options.quick else 90, options.rounds)
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    write(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
