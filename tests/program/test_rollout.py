#!/usr/bin/env python3
"""What happens to a population while a key spreads: terms of validity that are drawn, hours at
which people pay, dormant cards that are woken; and what is said of active cards and of tills.

Seeds are fixed, so that what passes once passes always.
"""

from math import exp, sqrt

from harness import main, purseroll, results_of, write_scenario
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


# Hours and days. The arrivals of a run without profile, counted in operational time, are those of
# the run with one, counted by the clock: weights are such that every hour with a profile ends on a
# quarter of an hour without one.
DAYS_OF_PROFILE = 15
HOURS = [0, 0, 0.5, 0, 0, 1, 2, 3, 1, 1, 0, 1, 3, 1, 0.5, 1, 1, 1, 2, 2, 2, 1, 0, 0]
WEEKDAYS = [1, 1, 1, 1, 2, 1, 0]
FIRST_WEEKDAYS = {"2026-01-01": 3, "2026-02-02": 0, "2024-02-29": 3}


def start_profiles(runs):
    cohorts = {"a": {"cards": 300, "transfer-key": 2, "activity": "gamma 2 60/d"},
               "b": {"cards": 0, "transfer-key": 1, "activity": "constant 90/d"}}
    plan = {"plan more": {"at": "7d", "do": "issue", "cards": 100, "cohort": "b"}}
    amount = {"day-profile": ",".join(map(str, HOURS)), "week-profile": ",".join(map(str, WEEKDAYS))}
    runs.start("even", scenario(DAYS_OF_PROFILE, cohorts, interval="15min", **plan))
    for start in FIRST_WEEKDAYS:
        runs.start(f"profile-{start}", scenario(
            DAYS_OF_PROFILE, cohorts, interval="1h", amount=amount, more={"start": start}, **plan))


def arrivals_by(runs, name, step):
    """Arrivals that began before each multiple of the step in seconds."""
    counts = counts_of(runs, name)
    sums, total = [0], 0
    for k in range(DAYS_OF_PROFILE * 86400 // step):
        total += sum(counts.get((k + 1) * step, {}).values())
        sums.append(total)
    return sums


def check_profiles(checks, runs):
    even = arrivals_by(runs, "even", 900)
    for start, weekday in FIRST_WEEKDAYS.items():
        found = arrivals_by(runs, f"profile-{start}", 3600)
        unit = 4 * 7 * 24 / sum(HOURS) / sum(WEEKDAYS)  # quarters of an hour to a weight of 1
        operational, expected = 0, [0]
        for hour in range(DAYS_OF_PROFILE * 24):
            operational += HOURS[hour % 24] * WEEKDAYS[(weekday + hour // 24) % 7] * unit
            whole = round(operational)
            expected.append(even[whole] if abs(whole - operational) < 1e-6 and whole < len(even)
                            else None)
        wrong = [(i, found[i], expected[i]) for i in range(len(found))
                 if expected[i] is not None and found[i] != expected[i]]
        checks.equal(wrong[:5], [], f"start {start}: as many arrivals up to each hour as up to its "
                     "operational time")
        checks.check(sum(x is not None for x in expected) > len(found) / 4,
                     f"start {start}: hours that can be compared")
        checks.equal(found[14 * 24], even[14 * 96],
                     f"start {start}: as many in two whole weeks as without a profile")
    summary = [runs.totals(f"profile-{start}")[0]["ties"] for start in FIRST_WEEKDAYS]
    checks.check(max(summary) < 100, "profiles: no heap of arrivals at one time", summary)


# Dormant cards: those who are awake decide how many payments there are.
CARDS, AWAKE, SLEEPERS, RATE, WAKING_DAY, WAKING_DAYS = 3000, 1000, 2000, 20, 10, 20
WAKINGS = {
    "all": {"at": "10d", "share": "100%"},
    "half": {"at": "10d", "share": "50%", "from": "sleepers"},
    "some": {"at": "10d", "cards": 700},
    "others": {"at": "10d", "cards": 700, "from": "awake"},
    "daily": {"every": "1d", "cards": 100},
    "rate": {"at": "10d", "rate": "0.2/d"},
}


def awake_on(name, day):
    """Cards that pay in a day, in the mean of it."""
    since = day - WAKING_DAY
    if name == "daily":
        return AWAKE + min(SLEEPERS, 100 * day)
    if since < 0:
        return AWAKE
    if name == "rate":
        return AWAKE + SLEEPERS * (1 - (exp(-0.2 * since) - exp(-0.2 * (since + 1))) / 0.2)
    return AWAKE + {"all": SLEEPERS, "half": SLEEPERS / 2, "some": 700, "others": 0}[name]


def start_waking(runs):
    cohorts = {"awake": {"cards": AWAKE, "transfer-key": 1, "activity": f"constant {RATE}/d"},
               "sleepers": {"cards": SLEEPERS, "transfer-key": 1, "dormant": "100%",
                            "activity": f"gamma 4 {RATE}/d"}}
    for name, keys in WAKINGS.items():
        runs.start(f"wake-{name}", scenario(WAKING_DAYS, cohorts, **{
            "plan wake": {"do": "wake", **keys}}))


def check_waking(checks, runs):
    worst = {name: 0 for name in WAKINGS}
    for name in WAKINGS:
        for day, (_, counts) in enumerate(sorted(counts_of(runs, f"wake-{name}").items())):
            n = awake_on(name, day)
            # of payments, of the rates that were drawn, and of who has been woken
            sd = sqrt(RATE * n + RATE ** 2 / 4 * (n - AWAKE) + (name == "rate") * RATE ** 2 * 500)
            worst[name] = max(worst[name], abs(sum(counts.values()) - RATE * n) / sd)
        checks.near(worst[name], 0, SIGMAS, f"wake {name}: payments of each day, the worst z")


def check_wake_mistakes(checks, folder):
    for keys, found in (({"at": "1d"}, "found nothing"), ({"at": "1d", "rate": "1/d", "cards": 5},
                        "found both"), ({"every": "1d", "rate": "1/d"}, "found both"),
                        ({"at": "1d", "cards": 3, "share": "5%"}, "found both")):
        path = write_scenario(folder / "mistake.ini", scenario(3, {
            "a": {"cards": 9, "transfer-key": 1}}, **{"plan wake": {"do": "wake", **keys}}))
        done = purseroll("check", path)
        checks.check(done.returncode == 2 and found in done.stderr and
                     done.stderr.count("\n") == 1, f"wake {keys}: refused", done.stderr)


# Active cards: those that somebody uses are all active soon, and there are so many of them.
SHARES = (0.1, 0.5, 0.9, 0.99, 0.999, 1)
IN_USE, UNUSED, PER_REPLICATION = 1500, 500, 3


def start_active(runs):
    cohorts = {"first": {"cards": 10, "transfer-key": 2, "activity": "constant 20/d"},
               "used": {"cards": IN_USE - 10, "transfer-key": 1, "activity": "constant 20/d"},
               "unused": {"cards": UNUSED, "transfer-key": 1, "dormant": "100%"}}
    runs.start("active", scenario(
        3, cohorts, interval="1h", mixing={"model": "activity"},
        more={"active-within": "1d", "replications": PER_REPLICATION}))


def check_active(checks, runs):
    samples = {}
    for row in runs.rows("active", "propagation.csv"):
        if (row["key"], row["generation"]) == ("transfer", "2"):
            samples.setdefault(row["replication"], []).append((float(row["time_s"]),
                                                               int(row["cards"])))
    for k, share in enumerate(SHARES):
        expected = [next((at for at, cards in rows if cards >= share * IN_USE and at > 0), None)
                    for rows in samples.values()]
        found = runs.values("active", "time-to-share-active", 2, share)
        if k > 0:  # at a tenth not everybody has been used yet
            checks.equal(found, expected, f"active cards: samples in which {share:.1%} had the key")
    checks.equal({one["active-cards"] for one in runs.totals("active")}, {IN_USE},
                 "active cards: those that are used")
    checks.equal(set(runs.values("active", "time-to-share", 2, 0.9)), {None},
                 "active cards: of all the key reaches no 90 %")


def check_till(checks, runs):
    for replication, one in enumerate(runs.totals("active"), start=1):
        rows = [row for row in runs.rows("active", "till.csv")
                if row["replication"] == str(replication)]
        checks.near(sum(float(row["till_seconds_added"]) for row in rows),
                    one["till-seconds-added"], 1e-6 * one["till-seconds-added"],
                    "till.csv adds up to the seconds of summary.csv")
        checks.equal(sum(int(row["updates_symmetric"]) for row in rows), one["updates-symmetric"],
                     "till.csv adds up to the updates of summary.csv")
        checks.check(len({float(row["till_seconds_added"]) / int(row["updates_symmetric"])
                          for row in rows}) < 3, "till.csv: each update takes the same time here")


def check_until(checks, folder):
    groups = scenario(3, {"a": {"cards": 9, "transfer-key": 1}},
                      more={"replications": "10..20 until time-to-share-active(transfer, 1, 99%) "
                            "+- 5%"})
    path = write_scenario(folder / "until.ini", groups)
    done = purseroll("check", path)
    checks.check(done.returncode == 2 and "expected active-within beside" in done.stderr,
                 "replications until active cards have a key: needs active-within", done.stderr)
    done = purseroll("check", path, "--set", "scenario.active-within=1d")
    checks.check(done.returncode == 0 and "until time-to-share-active(transfer, 1, 0.99)" in
                 done.stdout, "replications until active cards have a key", done)


def check_idle_merchants(checks, folder):
    """What says how often merchants pay is without effect, and said to be."""
    path = write_scenario(folder / "idle.ini", scenario(
        3, {"people": {"cards": 9, "transfer-key": 1, "activity": "constant 2/d"},
            "shops": {"cards": 3, "transfer-key": 1, "activity": "constant 2/d",
                      "dormant": "50%", "role": "merchant"}},
        mixing={"model": "merchants"}, **{"terminals tills": {"count": 3}}))
    for model, wanted in (("merchants", True), ("uniform", False)):
        done = purseroll("check", path, "--set", f"mixing.model={model}")
        for key in ("[cohort shops] activity", "[cohort shops] dormant"):
            checks.equal(any(line.startswith("#") and key in line
                             for line in done.stdout.splitlines()), wanted,
                         f"{model}: {key} is listed as without effect: {wanted}")
        checks.check("[cohort people] activity" not in done.stdout,
                     f"{model}: what people pay is not listed")


def test(checks, folder):
    runs = Runs(folder)
    start_expiry(runs)
    start_profiles(runs)
    start_waking(runs)
    start_active(runs)
    check_expiry(checks, runs)
    check_profiles(checks, runs)
    check_waking(checks, runs)
    check_wake_mistakes(checks, folder)
    check_active(checks, runs)
    check_till(checks, runs)
    check_until(checks, folder)
    check_idle_merchants(checks, folder)


if __name__ == "__main__":
    main(test)
