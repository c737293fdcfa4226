#!/usr/bin/env python3
"""What happens to a population while a key spreads: terms of validity that are drawn.

Seeds are fixed, so that what passes once passes always.
"""

from math import sqrt

from harness import main, results_of
from theory import Runs

SIGMAS = 4


def scenario(days, cohorts, interval="1d", embodiment=1, **groups):
    return {"scenario": {"name": "rollout", "duration": f"{days}d", "sample-interval": interval, "seed": 21,
                         "fidelity": "decision", **groups.pop("more", {})},
            "scheme": {"embodiment": embodiment},
            **{f"cohort {name}": {"update-key": 1, **keys} for name, keys in cohorts.items()},
            **groups}


def counts_of(runs, name):
    """{end of the interval in s: {outcome: count}}"""
    counts = {}
    for row in runs.rows(name, "outcomes.csv"):
        counts.setdefault(float(row["time_s"]), {})[row["outcome"]] = int(row["count"])
    return counts


# Terms of validity: in the run's day d, from 0, those are over that were drawn as d or less.
FIRST, LAST, EXPIRING = 2, 11, 4000
SWAP_DAY, SWAP_FIRST, SWAP_LAST = 6, 1, 4


def start_expiry(runs):
    cards = {"cards": EXPIRING, "transfer-key": 1, "activity": "constant 20/d"}
    swap = {"at": f"{SWAP_DAY}d", "do": "swap", "cards": EXPIRING,
            "expiry": f"uniform {SWAP_FIRST}d {SWAP_LAST}d"}
    runs.start("expiry", scenario(12, {"a": {**cards, "expiry": f"uniform {FIRST}d {LAST}d"}}))
    runs.start("expiry-swapped", scenario(
        12, {"a": {**cards, "expiry": f"uniform {FIRST}d {LAST}d"}}, **{"plan swap": swap}))
    for name, law in (("fixed", "fixed 3d"), ("uniform", "uniform 3d 3d")):
        runs.start(f"expiry-{name}", scenario(5, {"a": {**cards, "expiry": law}}))


def share_over(day, first, last):
    return min(1, max(0, (day - first + 1) / (last - first + 1)))


def check_refusals(checks, runs, name, over):
    for day, (_, counts) in enumerate(sorted(counts_of(runs, name).items())):
        q = over(day)
        n = counts.get("paid", 0) + counts.get("refused-expired", 0)
        spare = SIGMAS * (2 * (1 - q) * sqrt(q * (1 - q) / EXPIRING) + sqrt(q * (1 - q) / n))
        checks.near(counts.get("refused-expired", 0) / n, 1 - (1 - q) ** 2, spare + 1e-12,
                    f"{name}: pairs with an expired card on day {day}")


def check_expiry(checks, runs):
    check_refusals(checks, runs, "expiry", lambda day: share_over(day, FIRST, LAST))
    check_refusals(checks, runs, "expiry-swapped",
                   lambda day: share_over(day, FIRST, LAST) if day < SWAP_DAY else
                   share_over(day - SWAP_DAY, SWAP_FIRST, SWAP_LAST))
    checks.equal(results_of(runs.started["expiry-uniform"].result()),
                 results_of(runs.started["expiry-fixed"].result()),
                 "uniform from a day to the same day is fixed")


def test(checks, folder):
    runs = Runs(folder)
    start_expiry(runs)
    check_expiry(checks, runs)


if __name__ == "__main__":
    main(test)
