#!/usr/bin/env python3
"""Figures that a faithful simulation must give, at the decision level: uniform random pairs from
one holder, exactly known, and populations of cards with different keys, known from 200 runs of
another program.

`test_reference_figures.py SEED ...` tries other seeds than `make test` does.
"""

import sys
from collections import namedtuple
from math import ceil, sqrt

from harness import main
from theory import SIGMAS, Runs, cohort, groups, mean_of, meetings_to, sd_of, variance_to

SEEDS = (11, 12, 13)
REPLICATIONS = 100
DAY = 86400
OTHERS_RUNS = 200

Figure = namedtuple("Figure", "value error")


def exact(value):
    return Figure(value, 0)


def printed(value, digits, sd=0):
    """Of 200 runs with standard deviation @sd, rounded to so many digits."""
    return Figure(value, sqrt(sd**2 / OTHERS_RUNS + 10 ** (-2 * digits) / 12))


def check_figure(checks, found, figure, text):
    """Whether the mean of independent values is the figure, within what chance explains."""
    if len(found) < REPLICATIONS or None in found:
        checks.check(False, f"{text}: reached in each of {REPLICATIONS} replications", found)
        return
    mean, sd = mean_of(found), sd_of(found)
    error = sqrt(sd**2 / len(found) + figure.error**2)
    z = (mean - figure.value) / error
    checks.check(abs(z) < SIGMAS, f"{text}: {mean:.6g}, expected {figure.value:.6g}, z = {z:.2f}",
                 f"standard deviation {sd:.4g}, standard error {error:.4g}")


def start(runs, name, seed, embodiment, cohorts, days, activity="0.5/d", interval=None):
    scenario = groups(embodiment, cohorts, days, seed, REPLICATIONS, activity,
                      interval or f"{days}d")
    scenario["scenario"]["fidelity"] = "decision"
    runs.start(f"{name}-{seed}", scenario)


# ---- From one holder to all --------------------------------------------------------------------

UNIFORM_DAYS = {100: 40, 1000: 32, 10_000: 32}
SHARES = (0.5, 0.9, 0.99, 1)


def start_uniform(runs, seed):
    for n, days in UNIFORM_DAYS.items():
        start(runs, f"uniform-{n}", seed, 1, {"holder": cohort(1, 2), "others": cohort(n - 1, 1)},
              days, activity="1/d")


def check_uniform(checks, runs, seed):
    for n in UNIFORM_DAYS:
        name = f"uniform-{n}-{seed}"
        for share in SHARES:
            found = runs.values(name, "meetings-to-share", 2, share)
            check_figure(checks, found, exact(meetings_to(n, 1, ceil(share * n))),
                         f"seed {seed}: meetings of {n} cards to {share:.0%}")
        if None not in found:
            check_spread(checks, found, sqrt(variance_to(n, 1, n)),
                         f"seed {seed}: meetings of {n} cards to all")


def check_spread(checks, found, sd, text):
    """The standard error of a variance needs the fourth moment, which the sample gives."""
    mean = mean_of(found)
    squares = [(value - mean) ** 2 * len(found) / (len(found) - 1) for value in found]
    z = (mean_of(squares) - sd**2) / (sd_of(squares) / sqrt(len(squares)))
    checks.check(abs(z) < SIGMAS,
                 f"{text}: standard deviation {sd_of(found):.6g}, expected {sd:.6g}, z = {z:.2f}")


# ---- Cards whose keys do not fit together ------------------------------------------------------

N = 20_000
HALVES = {"newer-transfer-key": cohort(N // 2, 2, 1), "newer-update-key": cohort(N // 2, 1, 2)}
REPAIRED = {"newer-transfer-key": cohort(N * 495 // 1000, 2, 1),
            "newer-update-key": cohort(N * 495 // 1000, 1, 2), "both": cohort(N // 100, 2, 2)}
FOUR_KINDS = {"old": cohort(N * 4 // 10, 1, 1), "newer-transfer-key": cohort(N // 10, 2, 1),
              "newer-update-key": cohort(N * 4 // 10, 1, 2), "both": cohort(N // 10, 2, 2)}
NEWEST_AT_5 = {1: printed(0.753, 3, 0.004), 2: printed(0.974, 3, 0.0012),
               3: printed(0.974, 3, 0.0012), 5: printed(0.933, 3, 0.002)}


def start_crossed(runs, seed):
    for embodiment in (2, 3):
        start(runs, f"halves-{embodiment}", seed, embodiment, HALVES, 25)
    start(runs, "halves-5", seed, 5, HALVES, 10)
    start(runs, "repaired", seed, 5, REPAIRED, 60)
    for embodiment in NEWEST_AT_5:
        start(runs, f"four-{embodiment}", seed, embodiment, FOUR_KINDS, 5)


def days_to(runs, name, share):
    return [value and value / DAY for value in runs.values(name, "time-to-share", 2, share)]


def refused_shares(runs, name):
    return [one["refused"] / one["meetings"] for one in runs.totals(name)]


def check_crossed(checks, runs, seed):
    per_day = N / 2
    for embodiment in (2, 3):
        name = f"halves-{embodiment}-{seed}"
        text = f"seed {seed}: halves with a newer key each, embodiment {embodiment}"
        for share, figure in ((0.999, printed(6.9, 1)), (1, printed(10.5, 1, 1.4))):
            found = days_to(runs, name, share)
            check_figure(checks, found, figure, f"{text}: days to {share:.1%}")
            # nobody is refused, so that the newer key spreads like any other
            check_figure(checks, found, exact(meetings_to(N, N // 2, ceil(share * N)) / per_day),
                         f"{text}: days to {share:.1%} by the formula")
    name, text = f"halves-5-{seed}", f"seed {seed}: halves with a newer key each, embodiment 5"
    check_figure(checks, refused_shares(runs, name), exact(N / 2 / (N - 1)),
                 f"{text}: share refused")
    checks.equal(runs.values(name, "final-share", 2), [0.5] * REPLICATIONS,
                 f"{text}: half have the newest transfer key, in each replication")
    name, text = f"repaired-{seed}", f"seed {seed}: halves and 1 % with both, embodiment 5"
    check_figure(checks, days_to(runs, name, 0.999), printed(20.0, 1), f"{text}: days to 99.9 %")
    check_figure(checks, days_to(runs, name, 1), printed(27.4, 1, 2.5), f"{text}: days to all")
    for embodiment, figure in NEWEST_AT_5.items():
        check_figure(checks, runs.values(f"four-{embodiment}-{seed}", "final-share", 2), figure,
                     f"seed {seed}: four kinds of card, embodiment {embodiment}: newest transfer "
                     "key after 5 days")
    checks.check(runs.outcomes(f"four-1-{seed}").get("refused-update-key", 0) > 0,
                 f"seed {seed}: four kinds of card, embodiment 1: different update keys are refused")


# ---- Cards that must not take the new key ------------------------------------------------------

LIMITED = 0.3
LIMITED_DAYS, LIMITED_SPREAD_DAYS = 64, 60


def start_limited(runs, seed):
    limited = round(LIMITED * N)
    start(runs, "limited", seed, 5, {
        "holders": cohort(N // 100, 2), "free": cohort(N - N // 100 - limited, 1),
        "limited": cohort(limited, 1, **{"transfer-key-limit": 1}),
    }, LIMITED_DAYS, interval="1d")


def late_refused_shares(runs, name):
    """From the day on when all have the key that may have it, by replication."""
    refused, meetings = {}, {}
    for row in runs.rows(name, "outcomes.csv"):
        if float(row["time_s"]) > LIMITED_SPREAD_DAYS * DAY and row["outcome"] != "card-busy":
            replication, count = row["replication"], int(row["count"])
            meetings[replication] = meetings.get(replication, 0) + count
            if row["outcome"] == "refused-limit":
                refused[replication] = refused.get(replication, 0) + count
    return [refused.get(replication, 0) / n for replication, n in meetings.items()]


def check_limited(checks, runs, seed):
    name, text = f"limited-{seed}", f"seed {seed}: 30 % limited"
    checks.equal(runs.values(name, "final-share", 2), [1 - LIMITED] * REPLICATIONS,
                 f"{text}: 70 % have the new key in the end, in each replication")
    check_figure(checks, late_refused_shares(runs, name),
                 exact(2 * LIMITED * (1 - LIMITED) * N / (N - 1)), f"{text}: share refused")


def test(checks, folder):
    runs = Runs(folder)
    seeds = tuple(map(int, sys.argv[1:])) or SEEDS
    parts = ((start_uniform, check_uniform), (start_crossed, check_crossed),
             (start_limited, check_limited))
    for seed in seeds:
        for begin, _ in parts:
            begin(runs, seed)
    for seed in seeds:
        for _, check in parts:
            check(checks, runs, seed)


if __name__ == "__main__":
    main(test)
