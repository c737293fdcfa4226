#!/usr/bin/env python3
"""purseroll bench engine: what it counts, not how fast it is."""

import csv
import math

from harness import main, purseroll

COLUMNS = ["scenario", "cards", "transfers", "seconds", "ns_per_transfer", "setup_seconds",
           "bytes_per_card", "paid_share"]


def engine(*arguments):
    return purseroll("bench", "engine", *arguments)


def rows_of(*arguments):
    done = engine("--csv", *arguments)
    return list(csv.DictReader(done.stdout.splitlines())) if done.returncode == 0 else []


# Where not all cards pay, and where what all together pay varies: 2,000 gamma variates of shape 0.5.
EXPECTED = {"merchants": (0.99, 0), "activity": (1, math.sqrt(2 / 2000))}
SCENARIOS = ["plain", "full", "activity", "merchants", "communities", "torn"]


def all_scenarios(checks):
    asked = 200_000
    rows = rows_of("--cards", "2k", "--transfers", asked)
    checks.equal([row["scenario"] for row in rows], SCENARIOS, "all run by default")
    for row in rows:
        checks.equal(list(row), COLUMNS, f"{row['scenario']}: the columns")
        expected, spread = EXPECTED.get(row["scenario"], (1, 0))
        checks.near(int(row["transfers"]), expected * asked,
                    5 * math.sqrt(asked + (spread * asked) ** 2),
                    f"{row['scenario']}: transfers are as many as asked for, but for chance")
        checks.near(float(row["ns_per_transfer"]) * int(row["transfers"]),
                    1e9 * float(row["seconds"]), 1e3 + 1e-4 * 1e9 * float(row["seconds"]),
                    f"{row['scenario']}: nanoseconds and seconds agree")
    checks.equal([row["paid_share"] for row in rows[:1]], ["1.000000"], "plain: all is paid")
    # one card in a hundred expires half-way: it is in 2 % of the meetings of the second half
    checks.near(float(rows[1]["paid_share"]) if len(rows) > 1 else 0, 0.99, 0.004,
                "full: about 1 % is refused")


def memory(checks):
    row = rows_of("--cards", "4M", "--transfers", "100k", "--scenario", "plain")
    checks.near(float(row[0]["bytes_per_card"]) if row else 0, 16, 1.5,
                "four million cards: 16 bytes each and little besides")


def refusals(checks):
    for arguments, wanted in [
        (["--cards", "999"], "--cards: expected a number from 1000 to 4000000000, found '999'"),
        (["--cards", "many"], "found 'many'"),
        (["--transfers", "0"], "--transfers: expected a number from 1, found '0'"),
        (["--scenario", "empty"], "--scenario: expected plain, full, activity, merchants, communities, torn or all, found 'empty'"),
        (["--cards", "1k", "--transfers", "1G"], "duration: expected"),
    ]:
        done = engine(*arguments)
        checks.equal(done.returncode, 2, f"{' '.join(arguments)} is refused")
        checks.check(wanted in done.stderr, f"and says '{wanted}'", done.stderr)
    checks.equal(purseroll("bench", "crypto", "--csv").returncode, 2,
                 "bench crypto takes no options of bench engine")
    checks.equal(purseroll("bench").returncode, 2, "bench needs to know what")


def test(checks, _):
    all_scenarios(checks)
    memory(checks)
    refusals(checks)


main(test)
