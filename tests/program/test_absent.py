#!/usr/bin/env python3
"""Keys that appear or leak in some replications only, that no card ever has, or that come and go
between two samples: their rows in propagation.csv and summary.csv, and what ensemble.csv and the
answer make of replications without them."""

import statistics

from harness import main, purseroll, read_rows, results_of, run, write_scenario

DAY = 86400
N_REPLICATIONS = 12
PLANNED = {"transfer": [1, 2, 3, 5, 6, 7], "update": [1]}
ZERO_IF_ABSENT = ("final-share", "exposure", "time-to-exposure-below")


def make_scenario(folder, has_last=True):
    """Key 2 is passed on by chance. Where half of the cards hold it at a sample, key 3 comes, and key
    2 leaks. Key 5 stands in the plan and on no card; 7 comes and goes between two samples. Without
    @has_last no card gets 6 or 7."""
    cards = {"update-key": 1, "activity": "constant 0.25/d", "balance": "constant 0"}
    last = {
        "plan guest": {"do": "swap", "at": "265h", "cards": 3, "transfer-key": 7, "update-key": 1},
        "plan all": {"do": "swap", "at": "266h", "cards": 61, "transfer-key": 6, "update-key": 1},
    }
    return write_scenario(folder / "absent.ini", {
        "scenario": {"name": "absent", "duration": "12d", "sample-interval": "2d", "seed": 5,
                     "replications": N_REPLICATIONS, "active-within": "1d"},
        "scheme": {"embodiment": 1},
        "cohort old": {"cards": 60, "transfer-key": 1, **cards},
        "cohort new": {"cards": 1, "transfer-key": 2, **cards},
        "cohort never": {"cards": 0, "transfer-key": 5, **cards},
        "plan third": {"do": "swap", "when": "share-at-least(transfer, 2) >= 50%", "cards": 2,
                       "transfer-key": 3, "update-key": 1},
        "plan leak": {"do": "leak", "when": "share-at-least(transfer, 2) >= 50%",
                      "leak": "transfer-key 2"},
        "plan early": {"do": "leak", "at": "1d", "leak": "transfer-key 1"},
        **(last if has_last else {}),
    })


def by_replication(rows):
    found = {}
    for row in rows:
        found.setdefault(int(row["replication"]), []).append(row)
    return found


# ---- Rows --------------------------------------------------------------------------------------

def wrong_rows(rows):
    """Generations without rows although they or newer ones have appeared, or with rows before."""
    for key, planned in PLANNED.items():
        mine = [row for row in rows if row["key"] == key]
        times = sorted({float(row["time_s"]) for row in mine})
        held = {generation: [float(row["time_s"]) for row in mine
                             if int(row["generation"]) == generation] for generation in planned}
        if {int(row["generation"]) for row in mine} - set(planned):
            yield f"{key}: keys that nobody planned"
        for generation in planned:
            newer = [held[other][0] for other in planned if other >= generation and held[other]]
            expected = [time for time in times if newer and time >= min(newer)]
            if held[generation] != expected:
                yield f"{key} {generation}: rows at {held[generation]}, expected {expected}"


def appearances(rows, generation):
    return [float(row["time_s"]) for row in rows
            if row["key"] == "transfer" and row["generation"] == generation][:1]


def check_rows(checks, folder):
    propagation = by_replication(read_rows(folder / "propagation.csv"))
    wrong = [f"{number}: {text}" for number, rows in propagation.items()
             for text in wrong_rows(rows)]
    checks.equal(wrong, [], "each planned generation has rows once it or a newer one has appeared")
    checks.equal({time for rows in propagation.values() for time in appearances(rows, "7")},
                 {12.0 * DAY}, "key 7 has rows though it came and went between two samples")
    checks.equal({row["cards"] for rows in propagation.values() for row in rows
                  if row["generation"] in ("5", "7")}, {"0"}, "in which nobody holds it, or key 5")
    last = {(int(row["replication"]), row["key"], row["generation"]): row["share_at_least"]
            for rows in propagation.values() for row in rows}
    final = {(int(row["replication"]), row["key"], row["generation"]): row["value"]
             for row in read_rows(folder / "summary.csv") if row["metric"] == "final-share"}
    checks.equal(final, last, "and a final share, of all that have rows")
    check_medians(checks, propagation)


def check_medians(checks, propagation):
    """A missing row is a share of 0."""
    times = sorted({float(row["time_s"]) for row in propagation[1]})
    shares = {(number, int(row["generation"]), float(row["time_s"])): float(row["share_at_least"])
              for number, rows in propagation.items() for row in rows if row["key"] == "transfer"}
    medians = {(generation, time): statistics.median(shares.get((number, generation, time), 0)
                                                     for number in propagation)
               for generation in PLANNED["transfer"] for time in times}
    wrong = [(old, new, time) for time in times for old in PLANNED["transfer"]
             for new in PLANNED["transfer"]
             if old < new and medians[old, time] < medians[new, time]]
    checks.equal(wrong, [], "the median of an older generation is never below that of a newer one")


# ---- Replications without a key ----------------------------------------------------------------

def values_of(summary):
    """{(metric, key, generation, share): {replication: value}}"""
    values = {}
    for row in summary:
        name = (row["metric"], row["key"], row["generation"], row["share"])
        values.setdefault(name, {})[int(row["replication"])] = row["value"]
    return values


def wrong_figures(values, rows):
    for row in rows:
        name = (row["metric"], row["key"], row["generation"], row["share"])
        absent = "0" if row["metric"] in ZERO_IF_ABSENT else ""
        texts = [values[name].get(number, absent) for number in range(1, N_REPLICATIONS + 1)]
        found = [float(text) for text in texts if text != ""]
        mean = statistics.fmean(found) if len(found) == N_REPLICATIONS else None
        right = row["mean"] == "" if mean is None else row["mean"] != "" and abs(
            float(row["mean"]) - mean) <= 1e-8 * (1 + abs(mean))
        if not right or int(row["n_reached"]) != len(found) or int(row["n"]) != N_REPLICATIONS:
            yield f"{name}: n_reached {row['n_reached']} mean {row['mean']}, expected {mean} of {texts}"


def check_ensemble(checks, folder):
    values = values_of(read_rows(folder / "summary.csv"))
    rows = read_rows(folder / "ensemble.csv")
    leaked = [row for row in read_rows(folder / "exposure.csv") if row["generation"] == "2"]
    n_leaked = len({row["replication"] for row in leaked})
    checks.check(0 < n_leaked < N_REPLICATIONS,
                 f"key 2 leaks in {n_leaked} of {N_REPLICATIONS} replications")
    exposure = values["exposure", "transfer", "2", ""]
    checks.equal((len(exposure), sum(float(value) == 0 for value in exposure.values())),
                 (N_REPLICATIONS, N_REPLICATIONS - n_leaked),
                 "in the others its exposure is 0, and summary.csv says so")
    checks.equal(list(wrong_figures(values, rows)), [],
                 "ensemble.csv counts a key that is absent as 0 where it is 0")
    checks.equal([row["metric"] for row in rows
                  if row["metric"] in ("final-share", "exposure") and row["mean"] == ""], [],
                 "so that these always have a mean")


def check_unknown(checks, folder):
    """Without key 6 and 7, in some replications nobody ever holds 3 or a newer one."""
    scenario = make_scenario(folder, has_last=False)
    done = purseroll("run", scenario, "--output", folder / "some")
    rows = read_rows(folder / "some/summary.csv")
    have = {row["replication"] for row in rows
            if (row["metric"], row["generation"]) == ("final-share", "3")}
    checks.check(0 < len(have) < N_REPLICATIONS, f"key 3 appears in {len(have)} replications")
    checks.equal(list(wrong_figures(values_of(rows), read_rows(folder / "some/ensemble.csv"))), [],
                 "its final share is 0 in the others")
    checks.check(done.returncode == 0 and "nan" not in done.stdout and "inf" not in done.stdout
                 and any(line.startswith("transfer key 3:") and "% in the end" in line
                         for line in done.stdout.splitlines()),
                 "and the answer says so in figures", done.stdout, done.stderr)


def check_rule(checks, folder):
    """Where nobody ever held key 3, its shares are those of the key that everybody went on to."""
    done = purseroll("run", make_scenario(folder), "--output", folder / "rule", "--replications",
                     "10..12 until time-to-share(transfer, 3, 90%) +- 100%")
    checks.equal((done.returncode, "not enough" in done.stdout), (0, False),
                 "a rule can be met though a key was skipped in some replications")


def check_inactive(checks, folder):
    """Nobody meets any more in some replications."""
    done = purseroll("run", make_scenario(folder), "--output", folder / "inactive",
                     "--set", "scenario.active-within=10min")
    rows = [row for row in read_rows(folder / "inactive/summary.csv")
            if row["metric"] == "active-cards"]
    idle = sum(row["value"] == "0" for row in rows)
    checks.check(0 < idle < N_REPLICATIONS and "nan" not in done.stdout and
                 f"no card active in the end in {idle} of {N_REPLICATIONS}" in done.stdout,
                 f"no card is active at the end of {idle} replications: no nan", done.stdout)


def test(checks, folder):
    scenario = make_scenario(folder)
    results = run(scenario, folder / "results")
    check_rows(checks, results)
    check_ensemble(checks, results)
    check_unknown(checks, folder)
    check_rule(checks, folder)
    check_inactive(checks, folder)
    other = run(scenario, folder / "decided", "--set", "scenario.fidelity=decision", "--jobs", 2)
    checks.equal(results_of(other), results_of(results), "both levels write the same")


if __name__ == "__main__":
    main(test)
