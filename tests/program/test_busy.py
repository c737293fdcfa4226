#!/usr/bin/env python3
"""card-busy against queueing theory, and by how much it is too high against what `check` says."""

import re
import sys

from harness import main, purseroll, read_rows, run, totals, write_scenario

CARDS = 2000
PER_CARD_S = 0.1  # payments
DURATION_S = 5000
KINDS = {"pos, 14443-106": ("pos", "14443-106"), "gate, 14443-848": ("gate", "14443-848")}
# Of about 40,000 arrivals that find a card busy: four standard deviations.
TOLERANCE = 0.02


def busy_in_theory(locked_s):
    """Arrivals that find one of their cards locked, if each settlement locks both for so long."""
    share = 0.0
    for _ in range(100):
        share = 2 * PER_CARD_S * locked_s * (1 - share) ** 2
    return CARDS * PER_CARD_S * DURATION_S * (1 - (1 - share) ** 2)


def test(checks, folder):
    for name, (kind, interface) in KINDS.items():
        path = write_scenario(folder / "busy.ini", {
            "scenario": {"duration": f"{DURATION_S}s", "sample-interval": "1h",
                         "fidelity": "decision"},
            "scheme": {"embodiment": 1},
            "cohort all": {"cards": CARDS, "transfer-key": 1, "update-key": 1,
                           "activity": f"constant {PER_CARD_S}/s"},
            "terminals all": {"kind": kind, "interface": interface}})
        said = re.search(r"^# card-busy up to (\S+) % too high.* takes (\S+) ms$",
                         purseroll("check", path).stdout, re.MULTILINE)
        if not checks.check(said is not None, f"{name}: check says by how much"):
            continue
        bound, shortest_ms = float(said[1]) / 100, float(said[2])
        results = run(path, folder / "results")
        paid = next(row for row in read_rows(results / "latency.csv") if row["phase"] == "total")
        busy = totals(read_rows(results / "summary.csv"))[1]["card-busy"]
        exact = busy_in_theory(float(paid["mean_ms"]) / 1000)
        checks.near(shortest_ms, float(paid["min_ms"]), 0.01, f"{name}: the shortest payment in ms")
        checks.near(busy / exact, 1 + bound, TOLERANCE,
                    f"{name}: card-busy to what it would be with exact ends")
        checks.near(busy, busy_in_theory(float(paid["mean_ms"]) / 1000 + 0.008192),
                    TOLERANCE * exact, f"{name}: card-busy with half a tick more")


if __name__ == "__main__":
    sys.exit(main(test))
