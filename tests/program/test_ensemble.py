#!/usr/bin/env python3
"""Ensembles and sweeps: ensemble.csv and points.csv against what the other files say.

Statistics are computed again here, Student's t by integrating its density.
"""

import math
import statistics
from pathlib import Path

from harness import main, purseroll, read_ini, read_rows, results_of, run, write_scenario

POINTS = ["1", "3", "5", "conventional"]
N_REPLICATIONS = 7


def make_scenario(folder, sweep=True):
    groups = {
        "scenario": {"name": "swept", "duration": "6d", "sample-interval": "2d", "seed": 11,
                     "replications": N_REPLICATIONS},
        "scheme": {"embodiment": 5},
        "cohort new": {"cards": 4, "transfer-key": 2, "update-key": 1, "activity": "constant 1/d"},
        "cohort old": {"cards": 30, "transfer-key": 1, "update-key": 1,
                       "activity": "constant 1/d"},
        "cohort other": {"cards": 30, "transfer-key": 1, "update-key": 2,
                         "activity": "constant 1/d", "balance": "uniform 0 60"},
        "amount": {"law": "uniform 1 9"},
    }
    if sweep:
        groups["sweep"] = {"scheme.embodiment": ", ".join(POINTS)}
    return write_scenario(folder / "swept.ini", groups)


def t_quantile(probability, freedom):
    """By bisection on the integral of the density (Simpson)."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2))
    scale /= math.sqrt(freedom * math.pi)

    def below(x, steps=2000):
        h = x / steps
        values = [(1 + (i * h) ** 2 / freedom) ** (-(freedom + 1) / 2) for i in range(steps + 1)]
        odd, even = sum(values[1:-1:2]), sum(values[2:-1:2])
        return 0.5 + scale * h / 3 * (values[0] + 4 * odd + 2 * even + values[-1])

    low, high = 0.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < probability else (low, middle)
    return low


def percentile(values, share):
    """Linear between order statistics; empty where it touches what never came."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = math.floor(place)
    part = place - below
    if part == 0:
        result = ordered[below]
    elif math.inf in (ordered[below], ordered[below + 1]):
        result = math.inf
    else:
        result = ordered[below] * (1 - part) + ordered[below + 1] * part
    return None if result == math.inf else result


def expected_row(values):
    reached = [value for value in values if value != math.inf]
    row = {"n": len(values), "n_reached": len(reached), "mean": None, "sd": None,
           "ci95_low": None, "ci95_high": None}
    if len(reached) == len(values):
        row["mean"] = statistics.fmean(values)
        row["sd"] = statistics.stdev(values)
        half = t_quantile(0.975, len(values) - 1) * row["sd"] / math.sqrt(len(values))
        row["ci95_low"], row["ci95_high"] = row["mean"] - half, row["mean"] + half
    for name, share in (("p05", 0.05), ("p50", 0.5), ("p95", 0.95)):
        row[name] = percentile(values, share)
    return row


def is_same(text, value):
    if value is None:
        return text == ""
    return text != "" and math.isclose(float(text), value, rel_tol=1e-7, abs_tol=1e-9)


def series_of(folder):
    """{(point, metric, key, generation, share, unit): values}, infinite where there is none."""
    series = {}
    for row in read_rows(folder / "summary.csv"):
        key = tuple(row[name] for name in ("point", "metric", "key", "generation", "share", "unit"))
        value = float(row["value"]) if row["value"] else math.inf
        series.setdefault(key, []).append(value)
    return series


def check_ensemble(checks, folder):
    series = series_of(folder)
    rows = read_rows(folder / "ensemble.csv")
    keys = [tuple(row[name] for name in ("point", "metric", "key", "generation", "share", "unit"))
            for row in rows]
    checks.equal(keys, list(series), "ensemble.csv: a row a metric, in the order of summary.csv")
    wrong = []
    for key, row in zip(keys, rows):
        for column, value in expected_row(series[key]).items():
            if not is_same(row[column], value):
                wrong.append(f"{key} {column}: expected {value}, found {row[column]!r}")
    checks.check(not wrong, "ensemble.csv: every figure is that of summary.csv", *wrong)
    partly = [row for row in rows if 0 < int(row["n_reached"]) < N_REPLICATIONS]
    checks.check(partly and all(row["mean"] == "" for row in partly),
                 "ensemble.csv: no mean where a replication did not get there",
                 f"{len(partly)} such rows")


def check_points(checks, folder, scenario, scratch):
    checks.equal(read_rows(folder / "points.csv"),
                 [{"point": str(i), "key": "scheme.embodiment", "value": value}
                  for i, value in enumerate(POINTS)], "points.csv: a row a point")
    plain = make_scenario(scratch / "plain", sweep=False)
    for i, value in enumerate(POINTS):
        alone = run(plain, scratch / f"alone-{value}", "--set", f"scheme.embodiment={value}")
        for name, content in results_of(alone).items():
            lines = content.decode().splitlines()
            column = lines[0].split(",").index("point")
            of_point = [line for line in (folder / name).read_text().splitlines()[1:]
                        if line.split(",")[column] == str(i)]
            zeroed = [",".join("0" if k == column else field
                               for k, field in enumerate(line.split(","))) for line in of_point]
            checks.check(zeroed == lines[1:],
                         f"point {value}: {name} is that of a run with the value in the file")
    meetings = {row["point"]: row["value"] for row in read_rows(folder / "summary.csv")
                if row["metric"] == "meetings" and row["replication"] == "1"}
    checks.equal(len(set(meetings.values())), 1, "all points meet on the same random numbers")
    two = run(plain, scratch / "two", "--set", "sweep.scheme.embodiment=1,3",
              "--set", "sweep.cohort new.cards=4,5")
    checks.equal([(row["key"], row["value"]) for row in read_rows(two / "points.csv")],
                 [pair for a in "13" for b in "45"
                  for pair in (("scheme.embodiment", a), ("cohort new.cards", b))],
                 "two keys give every combination")


def check_selection(checks, folder, scenario, scratch):
    alone = run(scenario, scratch / "fifth", "--replication", 5)
    checks.check(not (alone / "ensemble.csv").exists(), "--replication: no ensemble.csv")
    for name in ("summary.csv", "propagation.csv", "outcomes.csv", "latency.csv"):
        lines = (folder / name).read_text().splitlines()
        mine = [line for line in lines[1:] if line.split(",")[2] == "5"]
        checks.equal((alone / name).read_text().splitlines()[1:], mine,
                     f"--replication 5: {name} is that of the batch")
    for jobs in (1, 2, 5):
        again = run(scenario, scratch / f"jobs-{jobs}", "--jobs", jobs)
        checks.check(results_of(again) == results_of(folder), f"--jobs {jobs}: the same bytes")
    run(make_scenario(scratch / "single", sweep=False), scratch / "jobs-1", "--replications", 1)
    checks.equal([name for name in ("ensemble.csv", "points.csv")
                  if (scratch / "jobs-1" / name).exists()], [],
                 "a run without sweep and ensemble leaves none of an older one")


def check_mistakes(checks, scenario, scratch):
    text = scenario.read_text()
    bad = scratch / "bad.ini"
    line = text.splitlines().index("[sweep]") + 2
    for new, words in (
        ("scheme.embodiment = 1, 9", ("[scheme] embodiment", "'9'")),
        ("scheme.embodiment = 1,, 3", ("[sweep] scheme.embodiment", "place 2")),
        ("scheme.embodiment = 1, 3, 1", ("'1' twice",)),
        ("scheme.embodimnt = 1, 3", ("embodimnt", "did you mean 'embodiment'?")),
        ("schem.embodiment = 1, 3", ("schem", "did you mean 'scheme'?")),
        ("embodiment = 1, 3", ("expected GROUP.KEY",)),
        ("scenario.replications = 1, 3", ("scenario.replications",)),
        ("sweep.scheme = 1, 3", ("expected GROUP.KEY",)),
        ("scheme. embodiment = 1, 3", ("expected GROUP.KEY",)),
        ("cohort nobody.cards = 1, 3", ("cohort nobody", "transfer-key")),
        ("scenario.seed = " + ", ".join(map(str, range(10001))), ("10000 points",)),
    ):
        bad.write_text(text.replace("scheme.embodiment = " + ", ".join(POINTS), new))
        done = purseroll("check", bad)
        place = f"{bad}:{line if 'points' not in words[0] else line - 1}:"
        checks.check(done.returncode == 2 and place in done.stderr
                     and all(word in done.stderr for word in words),
                     f"exit 2 and {words[0]!r}: {new[:40]}", done.returncode, done.stderr)
    done = purseroll("run", scenario, "--jobs", 0, "--output", scratch / "none")
    checks.check(done.returncode == 2 and "found 0" in done.stderr, "--jobs 0: exit 2", done.stderr)


def check_memory(checks, scenario, scratch):
    done = purseroll("run", scenario, "--set", "cohort old.cards=3999M", "--jobs", 1000,
                     "--output", scratch / "huge")
    checks.check(done.returncode == 1 and "MiB of free memory" in done.stderr
                 and done.stderr.count("\n") == 1 and not (scratch / "huge").exists(),
                 "what does not fit into memory is refused before it begins",
                 done.returncode, done.stderr)


def check_answer(checks, scenario, scratch):
    done = purseroll("run", scenario, "--output", scratch / "answer")
    for value in POINTS:
        checks.check(f"scheme.embodiment = {value}: {N_REPLICATIONS} replications" in done.stdout,
                     f"the answer names the point {value}", done.stdout)
    checks.check(" to " in done.stdout and "in the end" in done.stdout,
                 "the answer has intervals", done.stdout)
    keys = read_ini(scratch / "answer/run.ini")
    checks.equal(keys["sweep"], {"scheme.embodiment": ", ".join(POINTS)}, "run.ini has the sweep")
    copy = scratch / "copy.ini"
    text = (scratch / "answer/run.ini").read_text()
    copy.write_text(text[: text.index("[run]")])
    again = run(copy, scratch / "again")
    checks.check(results_of(again) == results_of(scratch / "answer"),
                 "the effective scenario in run.ini gives the same bytes")


RULE = "20..80 until time-to-share(transfer, 2, 90%) +- {}"


def check_stopping(checks, scratch):
    """Replications until an interval is small enough, at each point of a sweep by itself."""
    cohort = {"update-key": 1, "activity": "constant 2/d"}
    path = write_scenario(scratch / "stopping.ini", {
        "scenario": {"duration": "20d", "replications": 80},
        "scheme": {"embodiment": 1},
        "cohort old": {"cards": 60, "transfer-key": 1, **cohort},
        "cohort new": {"cards": 1, "transfer-key": 2, **cohort},
        "sweep": {"cohort new.cards": "1, 20"},
    })
    full = run(path, scratch / "all-of-them")
    some = run(path, scratch / "some", "--jobs", 1, "--replications", RULE.format("8%"))
    again = run(path, scratch / "some-again", "--jobs", 4, "--replications", RULE.format("8%"))
    checks.check(results_of(some) == results_of(again), "a stopped run does not depend on --jobs")
    needed = [int(n) for n in read_ini(some / "run.ini")["run"]["replications-needed"]
              .strip(";").split(";")]
    found = [int(row["n"]) for row in read_rows(some / "ensemble.csv")
             if row["metric"] == "meetings"]
    checks.equal(needed, found, "run.ini says how many replications were enough")
    checks.check(found[0] % 10 == 0 and 20 < found[0] < 80 and found[1] == 20,
                 f"a wide spread needs more than a narrow one: {found}")
    check_interval(checks, full, found[0])
    rows = [row for row in read_rows(full / "summary.csv")
            if int(row["replication"]) <= found[int(row["point"])]]
    checks.check(rows == read_rows(some / "summary.csv"),
                 "the replications of a stopped run are those of the whole")
    checks.equal(read_ini(some / "run.ini")["run"]["replications-enough"], "yes;yes;",
                 "run.ini says that they were")
    check_shortfall(checks, path, full, scratch)


def check_shortfall(checks, path, full, scratch):
    """Rules that are not met: at both points, at one, and for want of an interval."""
    for name, rule, enough, said in (
            ("never", RULE.format("0.01%"), "no;no;", "+- 0.01 % was asked"),
            ("once", RULE.format("3%"), "no;yes;", "+- 3 % was asked"),
            ("unreached", RULE.format("8%"), "no;no;", "has no interval"),
    ):
        limit = 1 if name == "unreached" else 9
        done = purseroll("run", path, "--output", scratch / name, "--replications", rule,
                         "--set", f"cohort old.transfer-key-limit={limit}")
        keys = read_ini(scratch / name / "run.ini")["run"]
        checks.equal((done.returncode, keys["status"], keys["replications-enough"]),
                     (3, "complete", enough), f"{name}: exit and run.ini say that it was not met")
        checks.equal((done.stdout.count("not enough replications"), done.stdout.count(said)),
                     (enough.count("no"),) * 2, f"{name}: the answer says what is missing")
    checks.check(results_of(scratch / "never") == results_of(full),
                 "a rule that is never met runs them all")
    one = purseroll("run", path, "--output", scratch / "one", "--replications",
                    RULE.format("0.01%"), "--replication", 3)
    checks.equal((one.returncode, one.stdout.count("not enough")), (0, 0),
                 "a replication that is run alone has no precision to reach")


def check_census(checks, scratch):
    """Idle cards, cards that meet all the time, and cards that stop at their limit."""
    cards = {"update-key": 1, "activity": "constant 0/d"}
    path = write_scenario(scratch / "census.ini", {
        "scenario": {"duration": "20d", "active-within": "5d"},
        "scheme": {"embodiment": 1},
        "cohort busy": {"cards": 30, "transfer-key": 2, **cards, "activity": "constant 20/d",
                        "transfer-key-limit": 4},
        "cohort limited": {"cards": 10, "transfer-key": 1, "transfer-key-limit": 1, **cards},
        "cohort late": {"cards": 0, "transfer-key": 3, **cards},
        "plan new": {"do": "issue", "at": "19d", "cards": 10, "cohort": "late"},
        "plan last": {"do": "issue", "at": "479h", "cards": 20, "cohort": "late"},
    })
    overrides = ("--set", "cohort busy.transfer-key-limit=2", "--set", "plan last.at=1d")
    for level in ("apdu", "decision"):
        rows = read_rows(run(path, scratch / level, "--set", f"scenario.fidelity={level}")
                         / "summary.csv")
        found = {(row["metric"], row["generation"]): float(row["value"]) for row in rows
                 if row["value"] and row["key"] != "update" and not row["share"]}
        active = found["active-cards", ""]
        checks.check(50 <= active <= 70, f"{level}: idle cards are active as payees: {active:g}")
        checks.equal(found["due-for-reclamation", ""], 10, f"{level}: limits below the newest key")
        checks.equal(found["final-share-active", "1"], 1, f"{level}: all active cards hold a key")
        checks.near(found["final-share-active", "2"], (active - 10) / active, 1e-8,
                    f"{level}: of the active cards, all but the limited ones hold key 2")
    rows = read_rows(run(path, scratch / "short", "--set", "scenario.active-within=0s", *overrides)
                     / "summary.csv")
    found = {row["metric"]: row["value"] for row in rows}
    checks.check(int(found["active-cards"]) <= 4 and found["due-for-reclamation"] == "40",
                 "nearly nobody is in a settlement at the end", found)
    plain = run(path, scratch / "no-census", "--set", "scenario.active-within=1y")
    checks.check("active-cards" in (plain / "summary.csv").read_text(), "a year is accepted")


def check_interval(checks, full, needed):
    """The first tenth replication from the 20th on at which the rule is met, by hand."""
    values = [float(row["value"]) for row in read_rows(full / "summary.csv")
              if (row["point"], row["metric"], row["generation"], row["share"])
              == ("0", "time-to-share", "2", "0.9") and row["key"] == "transfer"]
    t = {20: 2.093, 30: 2.045, 40: 2.023, 50: 2.010, 60: 2.001, 70: 1.995, 80: 1.990}

    def half(n):
        return t[n] * statistics.stdev(values[:n]) / n**0.5 / statistics.mean(values[:n])

    checks.equal([n for n in t if half(n) <= 0.08][0], needed,
                 "replications stop once the interval is small enough")


def test(checks, scratch):
    for name in ("plain", "single"):
        (scratch / name).mkdir()
    scenario = make_scenario(scratch)
    folder = Path(run(scenario, scratch / "results"))
    check_ensemble(checks, folder)
    check_points(checks, folder, scenario, scratch)
    check_selection(checks, folder, scenario, scratch)
    check_mistakes(checks, scenario, scratch)
    check_memory(checks, scenario, scratch)
    check_answer(checks, scenario, scratch)
    check_stopping(checks, scratch)
    check_census(checks, scratch)


if __name__ == "__main__":
    main(test)
