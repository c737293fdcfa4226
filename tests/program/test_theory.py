#!/usr/bin/env python3
"""Whole runs against what is known without simulating.

Uniform random pairs: a step from k to k + 1 holders has probability 2 k (N - k) / (N (N - 1)), so
that mean and variance of the meetings up to K holders are sums (Mocquard, Sericola, Anceaume,
INFORMS J. Computing 32(1), 2020). Other figures are exact counts. Seeds are fixed: what passes
once passes always. test_reference_figures.py has what can only be simulated.
"""

from math import ceil, sqrt

from harness import main
from theory import (SIGMAS, Runs, cohort, groups, mean_of, meetings_to, sd_of, variance_to)

SHARES = (0.1, 0.5, 0.9, 0.99, 0.999, 1)

N, M = 1000, 10
HALF_OF_REPLICATIONS = 50
UNIFORM_DAYS = 14


def start_uniform(runs):
    for half, seed in enumerate((101, 202)):
        runs.start(f"uniform-{half}", groups(
            1, {"holders": cohort(M, 2), "others": cohort(N - M, 1)}, UNIFORM_DAYS, seed,
            HALF_OF_REPLICATIONS))


def check_uniform(checks, runs):
    metrics = runs.totals("uniform-0") + runs.totals("uniform-1")
    replications = len(metrics)
    checks.equal(replications, 2 * HALF_OF_REPLICATIONS, "uniform: 100 replications")
    for share in SHARES:
        found = (runs.values("uniform-0", "meetings-to-share", 2, share)
                 + runs.values("uniform-1", "meetings-to-share", 2, share))
        if not checks.check(None not in found, f"uniform: all reach {share:.1%}"):
            continue
        k = ceil(share * N)
        checks.near(mean_of(found), meetings_to(N, M, k),
                    SIGMAS * sd_of(found) / sqrt(replications),
                    f"uniform: mean of meetings to {share:.1%}")
        ratio = sd_of(found) / sqrt(variance_to(N, M, k))
        checks.near(ratio, 1, 0.35, f"uniform: sd of meetings to {share:.1%} over the exact one")
    checks.equal({one["updates-symmetric"] for one in metrics}, {N - M},
                 "uniform: exactly N - m updates in each replication")
    checks.equal({one["updates-public-key"] + one["refused"] for one in metrics}, {0},
                 "uniform: nothing refused, no public key")
    expected = N * UNIFORM_DAYS * replications
    arrivals = sum(one["meetings"] + one["card-busy"] for one in metrics)
    checks.near(arrivals, expected, SIGMAS * sqrt(expected),
                "uniform: as many payments as rates say")
    check_share_in_time(checks, runs, replications)


def check_share_in_time(checks, runs, replications):
    """Payments in continuous time: the mean of time-to-share is that of the meetings / (N a)."""
    for share in (0.5, 0.99):
        found = (runs.values("uniform-0", "time-to-share", 2, share)
                 + runs.values("uniform-1", "time-to-share", 2, share))
        checks.near(mean_of(found) / 86400, meetings_to(N, M, ceil(share * N)) / N,
                    SIGMAS * sd_of(found) / 86400 / sqrt(replications),
                    f"uniform: mean days to {share:.1%}")


PAIR = 400
CROSSED_SERIES = {"newer-transfer-key": cohort(PAIR // 2, 2, 1),
                  "newer-update-key": cohort(PAIR // 2, 1, 2)}


def start_crossed(runs):
    for embodiment, replications, days in (("5", 2, 10), ("3", 10, 16), ("2", 10, 16)):
        runs.start(f"crossed-{embodiment}", groups(
            embodiment, CROSSED_SERIES, days, 7, replications))
    runs.start("crossed-5-repaired", groups(
        "5", {"newer-transfer-key": cohort(198, 2, 1), "newer-update-key": cohort(198, 1, 2),
              "both": cohort(4, 2, 2)}, 30, 7, 2))


def check_crossed(checks, runs):
    name = "crossed-5"
    counts = runs.outcomes(name)
    n = sum(counts.values())
    p = (PAIR / 2) / (PAIR - 1)
    checks.equal(runs.values(name, "final-share", 2), [0.5, 0.5],
                 "crossed, embodiment 5: the newest transfer key stays at 50 %")
    checks.equal(runs.values(name, "final-share", 2, key="update"), [0.5, 0.5],
                 "crossed, embodiment 5: so does the newest update key")
    checks.equal(set(counts), {"paid", "refused-update-key-order"},
                 "crossed, embodiment 5: crossed pairs are refused by the order of update keys")
    checks.near(counts["refused-update-key-order"] / n, p, SIGMAS * sqrt(p * (1 - p) / n),
                "crossed, embodiment 5: half of the meetings are refused")
    checks.equal({one["updates-symmetric"] + one["updates-public-key"]
                  for one in runs.totals(name)}, {0}, "crossed, embodiment 5: no update")
    for embodiment in ("3", "2"):
        name = f"crossed-{embodiment}"
        text = f"crossed, embodiment {embodiment}"
        metrics = runs.totals(name)
        checks.equal(set(runs.values(name, "final-share", 2)), {1},
                     f"{text}: coverage ends at 100 %")
        checks.equal({one["refused"] for one in metrics}, {0}, f"{text}: nothing is refused")
        checks.equal({one["updates-symmetric"] + one["updates-public-key"] for one in metrics},
                     {PAIR / 2}, f"{text}: exactly N - m updates")
        found = runs.values(name, "meetings-to-share", 2, 1)
        if checks.check(None not in found, f"{text}: every card is reached"):
            sd = sqrt(variance_to(PAIR, PAIR // 2, PAIR))
            checks.near(mean_of(found), meetings_to(PAIR, PAIR // 2, PAIR),
                        SIGMAS * sd / sqrt(len(found)), f"{text}: mean of meetings to 100 %")
    checks.equal(set(runs.values("crossed-3", "final-share", 2, key="update")), {0.5},
                 "crossed, embodiment 3: update keys stay")
    checks.check(all(one["updates-symmetric"] > 0 and one["updates-public-key"] > 0
                     for one in runs.totals("crossed-3")),
                 "crossed, embodiment 3: updates of both kinds")
    checks.equal({one["updates-symmetric"] for one in runs.totals("crossed-2")}, {0},
                 "crossed, embodiment 2: public key alone")
    checks.equal(set(runs.values("crossed-5-repaired", "final-share", 2)), {1},
                 "crossed, embodiment 5: one card in a hundred with both keys ends the deadlock")
    checks.equal(set(runs.values("crossed-5-repaired", "final-share", 2, key="update")),
                 {(198 + 4) / PAIR},
                 "crossed, embodiment 5: cards with the newest transfer key take no update key")


LIMITED_SHARE = 0.3


def start_limited(runs):
    runs.start("limited", groups(
        1, {"holders": cohort(10, 2), "others": cohort(690, 1),
            "limited": cohort(300, 1, **{"transfer-key-limit": 1})}, 40, 3, 5))
    runs.start("conventional", groups(
        "conventional", {"holders": cohort(100, 2), "others": cohort(900, 1)}, 10, 4, 2))
    runs.start("preloaded", groups(
        4, {"a": cohort(50, 2, preloaded="2,3"), "b": cohort(50, 1, preloaded="1,2"),
            "c": cohort(100, 1, preloaded="1")}, 20, 4, 1))
    runs.start("islands", groups(
        1, {"holders": cohort(20, 2, 1), "same": cohort(180, 1, 1), "island": cohort(200, 1, 2)},
        30, 4, 1))


def check_limited(checks, runs):
    q = LIMITED_SHARE
    checks.equal(set(runs.values("limited", "final-share", 2)), {1 - q},
                 "30 % limited: coverage ends at 70 %")
    counts = runs.outcomes("limited", from_day=20)
    n = sum(counts.values())
    p = 2 * q * (1 - q) * 1000 / 999
    checks.equal(set(counts), {"paid", "refused-limit"}, "30 % limited: refused by the limit alone")
    checks.near(counts["refused-limit"] / n, p, SIGMAS * sqrt(p * (1 - p) / n),
                "30 % limited: share of meetings refused in the end")
    reached = runs.values("limited", "meetings-to-share", 2, 0.9)
    checks.equal(set(reached), {None}, "30 % limited: 90 % is never reached")


def check_conventional(checks, runs):
    counts = runs.outcomes("conventional")
    n = sum(counts.values())
    p = 2 * 0.1 * 0.9 * 1000 / 999
    checks.equal(set(runs.values("conventional", "final-share", 2)), {0.1},
                 "conventional: the new key stays where it was")
    checks.equal({one["updates-symmetric"] + one["updates-public-key"]
                  for one in runs.totals("conventional")}, {0}, "conventional: never updates")
    checks.equal(set(counts), {"paid", "refused-different-ids"},
                 "conventional: cards with different IDs are refused")
    checks.near(counts["refused-different-ids"] / n, p, SIGMAS * sqrt(p * (1 - p) / n),
                "conventional: share of meetings refused")


def check_islands(checks, runs):
    checks.equal(runs.values("islands", "final-share", 2), [0.5],
                 "embodiment 1, two update keys: the new key stays on its island")
    checks.equal(runs.values("preloaded", "final-share", 2), [0.5],
                 "embodiment 4: a card takes no ID that is not preloaded")
    counts = runs.outcomes("preloaded")
    checks.equal(set(counts), {"paid", "paid-after-symmetric-update", "refused-limit"},
                 "embodiment 4: paid, updated, or refused by what is preloaded")
    checks.equal({one["updates-symmetric"] for one in runs.totals("preloaded")}, {50},
                 "embodiment 4: each card that holds the ID moves to it once")


def test(checks, folder):
    runs = Runs(folder)
    for start in (start_crossed, start_uniform, start_limited):
        start(runs)
    for check in (check_uniform, check_crossed, check_limited, check_conventional,
                  check_islands):
        check(checks, runs)


if __name__ == "__main__":
    main(test)
