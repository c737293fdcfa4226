#!/usr/bin/env python3
"""Sums of money up to the largest that a scenario may bring: exact at both levels, or refused.

Where there is a program under the address and undefined sanitizers, which end it when a sum wraps,
it runs too.
"""

import sys

from harness import (BUILD, PROGRAM, main, purseroll, read_rows, results_of, run, totals,
                     write_scenario)

MOST = 9_000_000_000_000_000  # on a card, or in one payment
MOST_IN_ALL = 1000 * MOST
LARGEST = 2**63 - 1
SANITIZED = BUILD / "address,undefined" / "purseroll"
PROGRAMS = [PROGRAM] + [SANITIZED] * SANITIZED.exists()
LEVELS = ("apdu", "decision")


def at(level):
    return ("--set", f"scenario.fidelity={level}")


def write(path, cohort, **groups):
    return write_scenario(path, {
        "scenario": {"duration": "3d", "sample-interval": "7h"},
        "scheme": {"embodiment": 1, "overdraft": "allow"},
        "cohort one": {"transfer-key": 1, "update-key": 1, **cohort},
        **groups})


def sums_that_fit(checks, folder):
    """As many cards and as much on them as may be, and payments up to the largest."""
    full = write(folder / "full.ini", {"cards": 1000, "balance": f"constant {MOST}",
                                       "activity": "constant 0.3/d"},
                 amount={"law": f"constant {MOST}"})
    first = None
    for program in PROGRAMS:
        for level in LEVELS:
            results = run(full, folder / "results", *at(level), program=program)
            books = read_rows(results / "value.csv")[-1]
            paid = totals(read_rows(results / "summary.csv"))[1]["paid"]
            kind = f"{level}, {program.parent.name}"
            first = first or results_of(results)
            checks.equal(results_of(results), first, f"{kind}: the same bytes")
            checks.equal(int(books["initial"]), MOST_IN_ALL, f"{kind}: all that is on the cards")
            checks.check(paid > 500, f"{kind}: {paid:.0f} payments")
            checks.equal(int(books["paid"]), int(paid) * MOST, f"{kind}: all that was paid")


def sums_that_grow(checks, folder):
    """A trace says its amounts as it is settled: the 1,025th of the largest ones is too much."""
    rows = [f"{60 * minute},{minute % 2},{1 - minute % 2},{MOST}\n" for minute in range(1025)]
    head = "time_s,payer,payee,amount\n"
    trace = folder / "trace.csv"
    path = write(folder / "grows.ini", {"cards": "rest", "balance": "constant 1"},
                 mixing={"model": "trace", "trace-file": trace.name,
                         "trace-columns": "time_s,payer,payee,amount"})

    for program in PROGRAMS:
        for level in LEVELS:
            kind = f"{level}, {program.parent.name}"
            trace.write_text(head + "".join(rows[:-1]), encoding="utf-8")
            results = run(path, folder / "fits", *at(level), program=program)
            checks.equal(int(read_rows(results / "value.csv")[-1]["paid"]), 1024 * MOST,
                         f"{kind}: 1,024 payments")
            trace.write_text(head + "".join(rows), encoding="utf-8")
            done = purseroll("run", path, "--output", folder / "grown", *at(level), program=program)
            checks.equal(
                (done.returncode, done.stderr),
                (1, f"{path}: replication 1: expected at most {LARGEST} minor units to be paid, "
                    "destroyed, minted and stranded in all, found more by 21h\n"),
                f"{kind}: one payment more ends the run")
            checks.check(not list(folder.glob("grown/*.csv")), f"{kind}: without results")


def test(checks, folder):
    sums_that_fit(checks, folder)
    sums_that_grow(checks, folder)


if __name__ == "__main__":
    sys.exit(main(test))
