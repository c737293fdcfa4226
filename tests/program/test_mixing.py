#!/usr/bin/env python3
"""Who meets whom, against mean-field theory: cards of unequal activity, merchants,
communities.

N cards, of which m hold the new key at first. Mean-field figures hold to about 1 / sqrt(N m), here
with the mean over replications on the other side; seeds are fixed, so that what passes once passes
always.
"""

from math import exp, log, sqrt

from harness import main, purseroll, read_rows, write_scenario
from theory import Runs, mean_of, sd_of

SIGMAS = 4
TOLERANCE = 4  # in units of 1 / sqrt(N m)


def scenario(days, seed, replications, cohorts, interval="1d", **groups):
    return {"scenario": {"duration": f"{days}d", "sample-interval": interval, "seed": seed,
                         "replications": replications, "fidelity": "decision"},
            "scheme": {"embodiment": 1},
            **{f"cohort {name}": {"update-key": 1, **keys} for name, keys in cohorts.items()},
            **groups}


def shares_at(runs, name, day, generation=2):
    """share_at_least of each replication."""
    return [float(row["share_at_least"]) for row in runs.rows(name, "propagation.csv")
            if row["key"] == "transfer" and row["generation"] == str(generation)
            and float(row["time_s"]) == day * 86400]


# Gamma activity of shape k and mean 1: L(tau) = (1 + tau / k)^-k. THEORY counts the transfers that a
# card takes part in, a scenario those that it pays for: half of them.
ACTIVE_CARDS, ACTIVE_FIRST, ACTIVE_SHARE = 20_000, 200, 0.01
ACTIVE_REPLICATIONS = 20
UNREACHED = {0.5: {8: 0.2765, 32: 0.1273}, 1: {32: 0.0329}, 4: {8: 0.0596}}


def unreached(k, t, x0=ACTIVE_SHARE, steps=200_000):
    """tau' = 1 + (1 - x0) L'(tau), U = (1 - x0) L(tau)."""
    tau, dt = 0.0, t / steps

    def slope(at):
        return 1 - (1 - x0) * (1 + at / k) ** (-k - 1)

    for _ in range(steps):
        middle = tau + slope(tau) * dt / 2
        tau += slope(middle) * dt
    return (1 - x0) * (1 + tau / k) ** -k


def start_activity(runs):
    for k in UNREACHED:
        law = f"gamma {k} 0.5/d"
        runs.start(f"gamma-{k}", scenario(
            32, 11, ACTIVE_REPLICATIONS,
            {"new": {"cards": ACTIVE_FIRST, "transfer-key": 2, "activity": law},
             "old": {"cards": ACTIVE_CARDS - ACTIVE_FIRST, "transfer-key": 1, "activity": law}},
            interval="8d", mixing={"model": "activity"}))


def check_activity(checks, runs):
    spare = TOLERANCE / sqrt(ACTIVE_CARDS * ACTIVE_FIRST)
    for k, figures in UNREACHED.items():
        for day, expected in figures.items():
            checks.near(unreached(k, day), expected, 5e-5, f"gamma {k}: theory at {day} d")
            found = shares_at(runs, f"gamma-{k}", day)
            checks.near(1 - mean_of(found), expected, spare,
                        f"gamma {k}: cards without the new key after {day} d")


# Cards that pay, and cards that are paid, in proportion to their activity and to nothing else.
def start_dormant(runs):
    common = {"transfer-key": 1, "activity": "constant 4/d"}
    cohorts = {"first": {**common, "cards": 1, "transfer-key": 2},
               "awake": {**common, "cards": 199},
               "sleepers": {**common, "cards": 800, "dormant": "42%"}}
    for model in ("activity", "uniform"):
        runs.start(f"dormant-{model}", scenario(60, 3, 5, cohorts, mixing={"model": model}))


def check_dormant(checks, runs):
    awake = 1000 - round(0.42 * 800)
    checks.equal(set(runs.values("dormant-activity", "final-share", 2)), {awake / 1000},
                 "dormant: exactly 42 % of a cohort is never met by activity")
    checks.equal(set(runs.values("dormant-uniform", "final-share", 2)), {1},
                 "dormant: a uniform crowd pays those too who do not pay")
    meetings = [one["meetings"] + one["card-busy"] for one in runs.totals("dormant-uniform")]
    expected = 60 * 4 * awake
    checks.near(mean_of(meetings), expected, SIGMAS * sqrt(expected / len(meetings)),
                "dormant: the others pay at their rate")


# Consumers pay merchants, all equally popular: x_c' = a x_m (1 - x_c), x_m' = a C / M x_c (1 - x_m).
# The figures of theory begin with one consumer in a thousand.
CONSUMERS, MERCHANTS, CONSUMER_RATE, FIRST_CONSUMERS = 200_000, 2_000, 0.4, 200
CONSUMER_FIGURES = {2: 0.265, 8: 0.933}
MERCHANT_REPLICATIONS = 10


def consumers_and_merchants(t, steps=20_000):
    consumers, merchants, dt = FIRST_CONSUMERS / CONSUMERS, 0.0, t / steps

    def slopes(c, m):
        return (CONSUMER_RATE * m * (1 - c),
                CONSUMER_RATE * CONSUMERS / MERCHANTS * c * (1 - m))

    for _ in range(steps):
        c, m = slopes(consumers, merchants)
        c, m = slopes(consumers + c * dt / 2, merchants + m * dt / 2)
        consumers, merchants = consumers + c * dt, merchants + m * dt
    return consumers, merchants


def merchants_scenario(days, seed, replications, zipf=0, person_to_person=0, **groups):
    rate = f"constant {CONSUMER_RATE}/d"
    return scenario(
        days, seed, replications,
        {"new": {"cards": FIRST_CONSUMERS, "transfer-key": 2, "activity": rate},
         "old": {"cards": CONSUMERS - FIRST_CONSUMERS, "transfer-key": 1, "activity": rate},
         "shops": {"cards": MERCHANTS, "transfer-key": 1, "role": "merchant"}},
        mixing={"model": "merchants", "zipf": zipf, "person-to-person": person_to_person},
        **{"terminals tills": {"count": MERCHANTS, "kind": "pos"}}, **groups)


def start_merchants(runs):
    runs.start("merchants", merchants_scenario(8, 5, MERCHANT_REPLICATIONS))


def check_merchants(checks, runs):
    for day, figure in CONSUMER_FIGURES.items():
        consumers, merchants = consumers_and_merchants(day)
        checks.near(consumers, figure, 5e-4, f"merchants: theory at {day} d")
        found = shares_at(runs, "merchants", day)
        expected = (consumers * CONSUMERS + merchants * MERCHANTS) / (CONSUMERS + MERCHANTS)
        checks.near(mean_of(found), expected, SIGMAS * sd_of(found) / sqrt(len(found)) +
                    TOLERANCE / sqrt(CONSUMERS * FIRST_CONSUMERS),
                    f"merchants: share with the new key after {day} d")
    checks.equal(runs.rows("merchants", "terminals.csv")[0]["count"], str(MERCHANTS),
                 "merchants: everybody pays at their terminals")


# Merchants of known keys stand at terminals of known groups. The keys tell whom a person paid,
# as cards of a conventional scheme are refused by all others.
def start_tills(runs):
    """Two merchants, of whom the more popular one is drawn; one merchant of three has key 2."""
    cohorts = {"people": {"cards": 500, "transfer-key": 1, "activity": "constant 4/d"},
               "one": {"cards": 1, "transfer-key": 2, "role": "merchant"},
               "two": {"cards": 2, "transfer-key": 1, "role": "merchant"}}
    tills = {"terminals first": {"count": 2, "share": "50%"},
             "terminals free": {"share": "50%"},
             "terminals second": {"count": 1, "share": "0%"}}
    for share in (0, 0.25):
        groups = scenario(20, 6, 40, cohorts, **tills, mixing={
            "model": "merchants", "zipf": 1, "person-to-person": share})
        groups["scheme"] = {"embodiment": "conventional"}
        runs.start(f"tills-{share}", groups)


def check_tills(checks, runs):
    n = 20 * 4 * 500
    weights = [1 / rank / (1 + 1 / 2 + 1 / 3) for rank in (1, 2, 3)]
    for share in (0, 0.25):
        name = f"tills-{share}"
        refused = [one["refused"] / (one["meetings"] * (1 - share)) for one in runs.totals(name)]
        ranks = [min(range(3), key=lambda k, x=x: abs(weights[k] - x)) for x in refused]
        checks.equal(sorted(set(ranks)), [0, 1, 2], f"{name}: each rank is dealt to a merchant")
        worst = max(abs(x - weights[k]) for x, k in zip(refused, ranks))
        checks.near(worst, 0, 5 * sqrt(0.25 / n / (1 - share)) + 0.005,
                    f"{name}: merchants are paid after Zipf's law")
        uses = {}
        for row in runs.rows(name, "terminals.csv"):
            uses.setdefault(row["terminals"], []).append(int(row["settlements"]))
        total = sum(map(sum, uses.values()))
        spare = SIGMAS * sqrt(0.25 / total)
        checks.near(sum(uses["free"]) / total, share / 2, spare,
                    f"{name}: persons meet at terminals drawn by share")
        # merchants 0 and 1 stand at the first group, merchant 2 at the second one
        third = [x / (total / 40) / (1 - share) for x in uses["second"]]
        worst = max(min(abs(x - w) for w in weights) for x in third)
        checks.near(worst, 0, 5 * sqrt(0.25 / n / (1 - share)) + 0.01,
                    f"{name}: each merchant stands at its own terminal")


def check_swapped_merchant(checks, folder):
    """A swap of a merchant's card waits until its terminal is free as known when it is due."""
    groups = scenario(1, 7, 1, {
        "people": {"cards": 2000, "transfer-key": 1, "activity": "constant 400/d"},
        "shop": {"cards": 1, "transfer-key": 1, "role": "merchant"}}, interval="1h",
        mixing={"model": "merchants"}, **{
            "terminals till": {"count": 1, "kind": "atm"},
            "plan swap": {"at": "12h", "do": "swap", "cards": 2001, "transfer-key": 2}})
    path = write_scenario(folder / "swapped.ini", groups)
    outcomes = []
    for level in ("decision", "apdu"):
        done = purseroll("run", path, "--output", folder / "swapped", "--set",
                         f"scenario.fidelity={level}")
        checks.equal(done.returncode, 0, f"{level}: a merchant's card is swapped")
        rows = read_rows(folder / "swapped/summary.csv")
        outcomes.append(rows)
    reached = {row["share"]: float(row["value"]) for row in outcomes[0]
               if (row["metric"], row["generation"]) == ("time-to-share", "2") and row["value"]}
    checks.equal(outcomes[0], outcomes[1], "a merchant's swap is the same at both levels")
    checks.check("1" in reached and 0 < reached["1"] < 3600,
                 "a merchant's swap waits for its queue, and not for who came later", reached)


# Two communities of N cards; the second lags by about (1/r) ln(1 / (eps r t_A)).
REGION, FIRST_IN_REGION, CROSS, PAIR_RATE = 20_000, 200, 1e-3, 2.0


def two_communities(levels, steps_a_day=2000):
    """Days at which the share of all cards reaches the levels, in the mean field."""
    a, b, t, dt, found = FIRST_IN_REGION / REGION, 0.0, 0.0, 1 / steps_a_day, []
    for level in levels:
        while (a + b) / 2 < level:
            da = PAIR_RATE * (1 - a) * ((1 - CROSS) * a + CROSS * b)
            db = PAIR_RATE * (1 - b) * ((1 - CROSS) * b + CROSS * a)
            a, b, t = a + da * dt, b + db * dt, t + dt
        found.append(t)
    return found


def start_communities(runs, folder):
    rate = f"constant {PAIR_RATE / 2}/d"
    cohorts = {"first": {"cards": FIRST_IN_REGION, "transfer-key": 2, "region": "north"},
               "north": {"cards": REGION - FIRST_IN_REGION, "transfer-key": 1, "region": "north"},
               "south": {"cards": REGION, "transfer-key": 1, "region": "south"}}
    cohorts = {name: {**keys, "activity": rate} for name, keys in cohorts.items()}
    (folder / "matrix.csv").write_text(
        f",south,north\nnorth,{100 * CROSS}%,{1 - CROSS}\nsouth,999,1\n", encoding="utf-8")
    for name, keys in (("cross", {"cross": CROSS}), ("matrix", {"matrix": "matrix.csv"})):
        runs.start(name, scenario(12, 8, 20, cohorts, interval="15min",
                                  mixing={"model": "communities", **keys}))
    runs.start("apart", scenario(12, 8, 2, cohorts,
                                 mixing={"model": "communities", "cross": 0}))


def day_of(rows, level):
    return next(float(row["time_s"]) for row in rows
                if float(row["share_at_least"]) >= level) / 86400


def check_communities(checks, runs):
    first, second = two_communities((0.25, 0.75))
    t_a = log((REGION - FIRST_IN_REGION) / FIRST_IN_REGION) / PAIR_RATE
    checks.near(second - first, log(1 / (CROSS * PAIR_RATE * t_a)) / PAIR_RATE, 0.1,
                "communities: theory, the lag of the second")
    for name in ("cross", "matrix"):
        rows = {}
        for row in runs.rows(name, "propagation.csv"):
            if (row["key"], row["generation"]) == ("transfer", "2"):
                rows.setdefault(row["replication"], []).append(row)
        for level, expected in ((0.25, first), (0.75, second)):
            found = [day_of(some, level) for some in rows.values()]
            checks.near(mean_of(found), expected + 7.5 / 1440,
                        SIGMAS * sd_of(found) / sqrt(len(found)) + 7.5 / 1440 + 0.02,
                        f"communities, {name}: day at which {level:.0%} of all have the new key")
    checks.equal(set(runs.values("apart", "final-share", 2)), {0.5},
                 "communities: without cross payments the second never gets it")


# A law from a file, and the other laws: their means decide how many payments there are.
RATES = "0.5,3\n 28/w , 1\n\n0.0\n"


def start_laws(runs, folder):
    (folder / "rates of cards.csv").write_text(RATES, encoding="utf-8")
    laws = {"empirical": ("empirical rates of cards.csv", (3 * 0.5 + 4) / 5, 2.16),
            "log-normal": ("log-normal 1.23 2/d", 2, 4 * (exp(1.23 ** 2) - 1)),
            "pareto": ("pareto 3 2/d", 2, 4 / 3), "gamma": ("gamma 0.25 2/d", 2, 16)}
    for name, (law, _, _) in laws.items():
        runs.start(name, scenario(20, 4, 10, {"a": {"cards": 5000, "transfer-key": 1,
                                                    "activity": law}}, interval="20d"))
    return laws


def check_laws(checks, runs, laws):
    for name, (_, mean, variance) in laws.items():
        found = [one["meetings"] + one["card-busy"] for one in runs.totals(name)]
        expected = mean * 5000 * 20
        sd = sqrt(expected + variance * 5000 * 20 ** 2)
        checks.near(mean_of(found), expected, SIGMAS * sd / sqrt(len(found)) + 1e-3 * expected,
                    f"{name}: mean of payments")
        checks.check(0.4 * sd < sd_of(found) < 2.5 * sd, f"{name}: payments vary as rates do",
                     f"sd {sd_of(found):.1f}, expected {sd:.1f}")


# Amounts: the mean decides what is paid.
def start_amounts(runs):
    laws = {"exponential 90": 90, "log-normal 60 1.2": 60 * exp(1.2 ** 2 / 2)}
    for law in laws:
        runs.start(law.replace(" ", "-"), scenario(20, 9, 1, {
            "a": {"cards": 5000, "transfer-key": 1, "balance": "log-normal 1000000000 0.1"}},
            amount={"law": law}))
    return laws


def check_amounts(checks, runs, laws):
    for law, mean in laws.items():
        total, = runs.totals(law.replace(" ", "-"))
        sd = mean if law.startswith("exp") else mean * sqrt(exp(1.2 ** 2) - 1)
        checks.near(total["value-paid"] / total["paid"], mean,
                    SIGMAS * sd / sqrt(total["paid"]) + 2e-3 * mean, f"{law}: mean of amounts")


def check_mistakes(checks, folder):
    """Files that are not what they should be."""
    path = folder / "mistake.ini"
    cases = {"0.5\nx\n": "{rates}:2: expected a rate such as 0.5 or 3/w, at most 1000000/d, and "
                         "perhaps a weight, found 'x'\n",
             "0.5,1,1\n": "{rates}:1: expected a rate such as 0.5 or 3/w, at most 1000000/d, and "
                          "perhaps a weight, found '0.5,1,1'\n",
             "1\n-1\n": "{rates}:2: expected a rate such as 0.5 or 3/w, at most 1000000/d, and "
                        "perhaps a weight, found '-1'\n",
             "1\n0.5\0,7\n": "{rates}:2: expected text, found a NUL as byte 4 of the row\n",
             "1,0\n": "{ini}:9: [cohort a] activity: expected a file with a rate of weight above "
                      "0, found none in it\n",
             None: "{ini}:9: [cohort a] activity: expected a file that can be read, found "
                   "'{rates}': there is none\n"}
    rates = folder / "mistaken.csv"
    for text, expected in cases.items():
        write_scenario(path, {"scenario": {"duration": "1d"}, "scheme": {"embodiment": 1},
                              "cohort a": {"cards": 2, "transfer-key": 1, "update-key": 1,
                                           "activity": "empirical mistaken.csv"}})
        rates.unlink(missing_ok=True)
        if text is not None:
            rates.write_text(text, encoding="utf-8")
        done = purseroll("check", path)
        checks.equal((done.returncode, done.stderr),
                     (2, expected.format(rates=rates, ini=path)),
                     f"rates {text!r}: refused with their line")


def check_models(checks, folder):
    """Models that lack what they need."""
    people = {"cards": 5, "transfer-key": 1}
    shop = {**people, "role": "merchant"}
    tills = {"terminals tills": {"count": 1}}
    merchants, communities = {"model": "merchants"}, {"model": "communities"}
    regions = {"a": {**people, "region": "north"}, "b": {**people, "region": "south"}}
    matrix = {**communities, "matrix": "m.csv"}
    cases = (
        ({"a": people}, merchants, tills, None, "{ini}:{model}: [mixing] model: expected a merchant "
         "(a cohort with role = merchant and cards), found none"),
        ({"a": shop}, merchants, tills, None, "{ini}:{model}: [mixing] model: expected a person (a "
         "cohort with role = person and cards), found merchants alone"),
        ({"a": people, "b": shop}, merchants, {}, None, "{ini}:{model}: [mixing] model: expected a "
         "group of terminals with a count, where merchants stand, found unlimited ones alone"),
        ({"a": people}, {**communities, "cross": "1%"}, {}, None, "{ini}:9: [cohort a] region: "
         "expected the name of a region ([mixing] model = communities), found nothing"),
        (regions, communities, {}, None, "{ini}:{mixing}: [mixing] cross: expected a share, or a "
         "matrix, found neither"),
        (regions, {**matrix, "cross": "1%"}, {}, None, "{ini}:{cross}: [mixing] cross: expected no "
         "share beside a matrix, found both"),
        (regions, matrix, {}, ",north\n", "{csv}:1: expected a corner and 2 regions, found 2 fields"),
        (regions, matrix, {}, ",north,sooth\n", "{csv}:1: expected a region, one of north, "
         "south, found 'sooth' (did you mean 'south'?)"),
        (regions, matrix, {}, ",north,south\nnorth,1,x\n", "{csv}:2: expected a weight such as 3, "
         "0.4 or 40%, found 'x'"),
        (regions, matrix, {}, ",north,south\nnorth,1\0,2\n", "{csv}:2: expected text, found a NUL "
         "as byte 8 of the row"),
        (regions, matrix, {}, ",north,south\nnorth,0,0\n", "{csv}:2: expected a weight above 0, "
         "found none"),
        (regions, matrix, {}, ",north,south\nnorth,0,1\nnorth,0,1\n", "{csv}:3: expected each "
         "region once, found 'north' again"),
        (regions, matrix, {}, ",north,south\nnorth,0,1\n", "{ini}:{matrix}: [mixing] matrix: "
         "expected a file with a row for each of 2 regions, found 1 rows"),
    )
    for cohorts, mixing, more, text, expected in cases:
        path = write_scenario(folder / "models.ini",
                              scenario(1, 1, 1, cohorts, mixing=mixing, **more))
        (folder / "m.csv").write_text(text or "", encoding="utf-8")
        lines = {"mixing" if line == "[mixing]" else line.split(" ")[0]: i
                 for i, line in enumerate(path.read_text().splitlines(), start=1)}
        done = purseroll("check", path)
        checks.equal((done.returncode, done.stderr), (2, expected.format(
            ini=path, csv=folder / "m.csv", **lines) + "\n"), f"{mixing}, {text!r}: refused")


def check_memory(checks, folder):
    """A column of a table for each card whose activity is its own."""
    def bytes_of(activity):
        path = write_scenario(folder / "memory.ini", scenario(
            1, 1, 1, {"a": {"cards": 10**8, "transfer-key": 1, "activity": activity}}))
        line = next(line for line in purseroll("check", path).stdout.splitlines()
                    if "of memory" in line)
        return float(line.split()[2]) * 2**20

    checks.near((bytes_of("gamma 1 1/d") - bytes_of("constant 1/d")) / 10**8, 16, 0.1,
                "check: 16 bytes for each card with an activity of its own, while they are made")
    path = write_scenario(folder / "queues.ini", scenario(
        1, 1, 1, {"a": {"cards": 10, "transfer-key": 1}},
        **{f"terminals t{i}": {"count": 1} for i in range(400)}))
    found = [float(line.split()[2])
             for level in ("apdu", "decision")
             for line in purseroll("check", path, "--set",
                                   f"scenario.fidelity={level}").stdout.splitlines()
             if "of memory" in line]
    checks.near(found[1] - found[0], 400 * (2 * 512 * 8 + 530) / 2**20, 0.2,
                "check: a histogram of waits for each group with queues, two when deciding")


def test(checks, folder):
    runs = Runs(folder)
    start_activity(runs)
    start_dormant(runs)
    start_merchants(runs)
    start_tills(runs)
    start_communities(runs, folder)
    laws = start_laws(runs, folder)
    amounts = start_amounts(runs)
    check_mistakes(checks, folder)
    check_models(checks, folder)
    check_memory(checks, folder)
    check_swapped_merchant(checks, folder)
    check_merchants(checks, runs)
    check_tills(checks, runs)
    check_communities(checks, runs)
    check_dormant(checks, runs)
    check_laws(checks, runs, laws)
    check_amounts(checks, runs, amounts)
    check_activity(checks, runs)


if __name__ == "__main__":
    main(test)
