#!/usr/bin/env python3
"""Strange scenarios at both levels, and their files against one another: 50 of those that
`make crossing` takes by the thousand. `test_crossing.py SEED COUNT` takes others.

Then single figures are changed in what was read of their files: some claim must fail for each.
"""

import sys

import claims
from crossing import crossings
from harness import main

SEED, COUNT = 1, 50
# Columns of which each figure is claimed something, in one scenario or another.
COLUMNS = {
    "propagation": ("time_s", "cards", "share", "share_at_least"),
    "outcomes": ("time_s", "count"),
    "latency": ("count", "mean_ms", "min_ms", "max_ms"),
    "till": ("time_s", "till_seconds_added", "updates_symmetric", "updates_public_key"),
    "value": ("time_s", "initial", "loaded", "unloaded", "paid", "destroyed", "minted", "stranded",
              "residual"),
    "terminals": ("settlements", "unserved", "utilisation", "share_waited", "wait_mean_ms"),
    "exposure": ("time_s", "cards", "share", "cards_active", "share_active", "card_days"),
    "revocation": ("time_s", "settlements", "accepted", "refused_revoked"),
    "attacks": ("time_s", "attempts", "successes", "gained", "cards"),
}
METRICS = ("time-to-share", "meetings-to-share", "doubling-time", "final-share", "meetings", "paid",
           "refused", "card-busy", "updates-symmetric", "updates-public-key", "value-paid",
           "value-destroyed", "books-residual", "till-seconds-added", "share-over-200ms",
           "share-over-500ms", "exposure", "time-to-exposure-below", "active-cards",
           "revoked-settlements", "revoked-accepted", "unserved")
FIGURES = ("n", "n_reached", "mean", "sd", "ci95_low", "ci95_high", "p05", "p50", "p95")
TRIED = 50  # scenarios, at most


def changed(text):
    """A figure that is as long and far off."""
    return str(int(text) * 3 + 7) if text.lstrip("-").isdigit() else f"{float(text) * 3 + 7:.9g}"


def is_noticed(results, row, column):
    """Whether a claim fails when a figure is another one, which is put right again."""
    kept, row[column] = row[column], changed(row[column])
    for run in results.runs:
        run.close()
    noticed = not all(holds for _, holds, _ in claims.about(results))
    row[column] = kept
    for run in results.runs:
        run.close()
    return noticed


def last_with(rows, column):
    """The row that a change is made in: the last that has a figure there."""
    return next((row for row in reversed(rows) if row[column] != ""), None)


def candidates(results, name, column):
    """Rows of a file of each of the runs, or of ensemble.csv; of summary.csv by metric."""
    if name == "ensemble":
        yield last_with(results.ensemble, column)
        return
    for run in results.runs:
        if name == "summary":
            yield last_with([row for row in run.rows[name] if row["metric"] == column], "value")
        else:
            yield last_with(run.rows[name], column)


def some_scenario_notices(all_results, name, column):
    for results in all_results:
        row = next((row for row in candidates(results, name, column) if row is not None), None)
        if row is not None and is_noticed(results, row, "value" if name == "summary" else column):
            return True
    return False


def check_that_claims_can_fail(checks, all_results):
    places = [*((name, column) for name, columns in COLUMNS.items() for column in columns),
              *(("summary", metric) for metric in METRICS),
              *(("ensemble", figure) for figure in FIGURES)]
    missed = [place for place in places if not some_scenario_notices(all_results, *place)]
    checks.equal(missed, [], f"a claim fails when a figure is wrong, of {len(places)} kinds")


def test(checks, folder):
    seed, count = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (SEED, COUNT)
    agreeing = []
    for crossing in crossings(seed, count, folder):
        holds = checks.check(not crossing.complaints,
                             f"seed {crossing.seed}: both levels and all files agree, "
                             f"{sum(crossing.made.values())} claims")
        if not holds:
            print("".join(f"#   {line}\n" for line in crossing.text().splitlines()), end="")
        if holds and len(agreeing) < TRIED:
            agreeing.append(crossing.results)
    check_that_claims_can_fail(checks, agreeing)


if __name__ == "__main__":
    main(test)
