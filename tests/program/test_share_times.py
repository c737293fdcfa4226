#!/usr/bin/env python3
"""Times to a share where cards wait in queues: those of summary.csv against the curves of
propagation.csv and exposure.csv, sampled so finely that hardly two changes fall between two samples.

The scenarios are drawn at random, with fixed seeds: terminals of different speed, one of them with
more to do than it can, so that settlements begin in quite another order than their cards arrive in;
keys that appear on the way, cards that are swapped back to an older key, keys that leak.
"""

import random

from harness import main, read_rows, results_of, run, write_scenario

N_SCENARIOS = 12
DURATION = 500
SAMPLE = 0.25  # seconds; actions of the plan stand on samples, which precede them
SHARES = ("0.1", "0.5", "0.9", "0.99", "0.999", "1")
# One scenario has these waits at least, in seconds: as long as the spread itself.
LONG_WAIT = 100


# ---- Scenarios ---------------------------------------------------------------------------------

def add_shops(draw, groups):
    """Merchants by Zipf's law: the first of six has far more customers than the others."""
    groups["cohort shops"] = {"cards": 6, "transfer-key": 1, "update-key": 1, "role": "merchant"}
    groups["terminals shops"] = {"count": 6, "kind": "pos", "interface": "14443-106"}
    groups["mixing"] = {"model": "merchants", "zipf": draw.choice([0.5, 1, 2]),
                        "person-to-person": draw.choice(["0%", "20%"])}


def add_terminals(draw, groups):
    """Five terminals, and a slow one that nobody avoids."""
    groups["terminals quick"] = {"share": "70%", "count": 5, "kind": "pos",
                                 "interface": "14443-848"}
    groups["terminals slow"] = {"share": "30%", "count": 1, "kind": "pos", "interface": "7816-t0"}
    groups["mixing"] = {"model": draw.choice(["uniform", "activity"])}


def moment(draw, first, last):
    return f"{draw.randrange(int(first / SAMPLE), int(last / SAMPLE)) * int(SAMPLE * 1000)}ms"


def add_plan(draw, groups):
    """A third key, cards that go back to an older one, and leaks."""
    keys = {"update-key": 1}
    groups["plan third"] = {"do": "swap", "at": moment(draw, 20, 120), "cards": 3,
                            "transfer-key": 3, **keys}
    if draw.random() < 0.5:
        groups["plan back"] = {"do": "swap", "at": moment(draw, 60, 200),
                               "cards": draw.randrange(20, 90), "transfer-key": draw.choice([1, 2]),
                               **keys}
    if draw.random() < 0.5:
        groups["plan more"] = {"do": "issue", "at": moment(draw, 60, 200), "cohort": "late",
                               "cards": draw.randrange(20, 200)}
        groups["cohort late"] = {"cards": 0, "transfer-key": draw.choice([1, 2, 3]), **keys,
                                 "activity": "constant 2000/d"}
    for key in (1, 2):
        groups[f"plan leak-{key}"] = {"do": "leak", "at": moment(draw, 0, 100),
                                      "leak": f"transfer-key {key}"}


def draw_scenario(seed):
    draw = random.Random(seed)
    n = draw.randrange(800, 2500)
    rate = draw.choice([15, 30, 60]) * 86400 / n
    groups = {
        "scenario": {"name": f"queues-{seed}", "duration": f"{DURATION}s",
                     "sample-interval": f"{int(SAMPLE * 1000)}ms", "seed": seed,
                     "fidelity": "decision"},
        "scheme": {"embodiment": draw.choice([1, 2, 3, 5])},
        "cohort new": {"cards": draw.choice([1, 5, 30]), "transfer-key": 2, "update-key": 1,
                       "activity": f"constant {rate:.6g}/d"},
        "cohort old": {"cards": n, "transfer-key": 1, "update-key": 1,
                       "activity": f"constant {rate:.6g}/d"},
    }
    draw.choice([add_shops, add_terminals])(draw, groups)
    if draw.random() < 0.7:
        add_plan(draw, groups)
    return groups


# ---- What the curves say -----------------------------------------------------------------------

def curves(rows, column):
    """{generation: [(time, share)]} of transfer keys, in order of time."""
    found = {}
    for row in rows:
        if row["key"] == "transfer":
            found.setdefault(row["generation"], []).append(
                (float(row["time_s"]), float(row[column]), int(row["cards"])))
    return found


def span_before(time):
    """What changes there shows first in the sample at that time."""
    return (max(time - SAMPLE, 0), time)


def appearance(curve):
    """When the first card had it: a span of time."""
    time = next(time for time, _, cards in curve if cards > 0)
    return (0, 0) if time == 0 else span_before(time)


def crossing(curve, share):
    """When that share of the cards held it or a newer one; None: never."""
    for time, at_least, _ in curve:
        if at_least >= share - 1e-9:
            return (0, 0) if time == 0 else span_before(time)
    return None


def last_fall(curve, share):
    """When it fell below that share for good; None: it did not."""
    if curve[-1][1] >= share:
        return None
    last = max((i for i, row in enumerate(curve) if row[1] >= share), default=None)
    return (curve[0][0],) * 2 if last is None else span_before(curve[last + 1][0])


def agrees(text, span, begin):
    """Whether an empty value or a number of seconds from the span @begin on falls into a span."""
    if span is None or text == "":
        return span is None and text == ""
    return (span[0] - begin[1] - 1e-6 <= float(text) <= span[1] - begin[0] + 1e-6)


# ---- Checks ------------------------------------------------------------------------------------

def summary_of(folder):
    return {(row["metric"], row["generation"], row["share"]): row["value"]
            for row in read_rows(folder / "summary.csv") if row["key"] == "transfer"}


def wrong_shares(folder, summary):
    """Figures of summary.csv that are not those of propagation.csv."""
    for generation, curve in curves(read_rows(folder / "propagation.csv"), "share_at_least").items():
        begin = appearance(curve)
        for share in SHARES:
            value = summary["time-to-share", generation, share]
            span = crossing(curve, float(share))
            if not agrees(value, span, begin):
                yield f"{folder.name}: key {generation}, {share}: {value}, curve {span} {begin}"
        value = summary["doubling-time", generation, ""]
        half, whole = crossing(curve, 0.05), crossing(curve, 0.1)
        if value != "" and not agrees(value, whole, half):
            yield f"{folder.name}: key {generation} doubled in {value}, curve {half} {whole}"
        if value == "" and whole is not None and half[0] > begin[1]:
            yield f"{folder.name}: key {generation} has no doubling time"


def wrong_exposures(folder, summary):
    if not (folder / "exposure.csv").exists():
        return
    for generation, curve in curves(read_rows(folder / "exposure.csv"), "share").items():
        begin = (curve[0][0],) * 2
        for share in ("0.01", "0.001"):
            value = summary["time-to-exposure-below", generation, share]
            span = last_fall(curve, float(share))
            if not agrees(value, span, begin):
                yield f"{folder.name}: leak {generation}, {share}: {value}, curve {span} {begin}"


def out_of_order(summary):
    """Shares that are reached after larger ones."""
    for generation in sorted({key[1] for key in summary if key[0] == "time-to-share"}):
        values = [summary["time-to-share", generation, share] for share in SHARES]
        times = [float(value) for value in values if value != ""]
        if times != sorted(times) or "" in values[:len(times)]:
            yield f"key {generation}: {values}"


def longest_wait(folder):
    return max(float(row["max_ms"]) for row in read_rows(folder / "latency.csv")
               if row["phase"] == "wait") / 1000


def check_scenarios(checks, folder, seeds):
    shares, exposures, order, waits = [], [], [], []
    for seed in seeds:
        path = write_scenario(folder / f"queues-{seed}.ini", draw_scenario(seed))
        results = run(path, folder / f"queues-{seed}")
        summary = summary_of(results)
        shares += wrong_shares(results, summary)
        exposures += wrong_exposures(results, summary)
        order += out_of_order(summary)
        waits.append(longest_wait(results))
    checks.equal(shares, [], "times to shares are those at which the curves get there")
    checks.equal(exposures, [], "and times until cards have left a leaked key")
    checks.equal(order, [], "a larger share is reached later")
    checks.check(max(waits) > LONG_WAIT, f"some wait {max(waits):.0f} s of {DURATION}")


def check_levels(checks, folder, seed):
    path = write_scenario(folder / "levels.ini", draw_scenario(seed))
    decided = run(path, folder / "decided")
    wired = run(path, folder / "wired", "--set", "scenario.fidelity=apdu")
    checks.equal(results_of(wired), results_of(decided), "both levels write the same")


def test(checks, folder):
    check_scenarios(checks, folder, range(1, N_SCENARIOS + 1))
    check_levels(checks, folder, 1)


if __name__ == "__main__":
    main(test)
