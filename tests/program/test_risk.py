#!/usr/bin/env python3
"""What is at risk while a key spreads: leaked keys, an attacker's reader, revoked cards, cards at
their limit, clocks that stand; against what is known without simulating. Seeds are fixed."""

from math import exp, log, sqrt

from harness import main
from theory import SIGMAS, Runs, cohort, groups, harmonic, mean_of, sd_of

DAY = 86400
N, M = 500, 5
RATE = 1.0  # transfers that a card takes part in, a day: it pays in every other


def decided(scenario):
    scenario["scenario"]["fidelity"] = "decision"
    return scenario


def pair(m=M, n=N, **more):
    return {"holders": cohort(m, 2), "others": cohort(n - m, 1, **more)}


def leak(what, at="0s", **more):
    return {"do": "leak", "leak": what, "at": at, **more}


# ---- Exposure ----------------------------------------------------------------------------------

def start_exposure(runs):
    scenario = decided(groups(1, pair(), 60, 5, 200, "0.5/d"))
    scenario["plan old"] = leak("transfer-key 1")
    scenario["plan new"] = leak("transfer-key 2", "36h")
    runs.start("exposure", scenario)


def check_exposure(checks, runs):
    days = [value / N for value in runs.values("exposure", "exposure", 1)]
    exact = (N - 1) / N * (harmonic(N - 1) - harmonic(M - 1)) / RATE
    checks.near(mean_of(days), exact, SIGMAS * sd_of(days) / sqrt(len(days)),
                "exposure: mean days of a card on the leaked old key")
    checks.near(exact, log(N / M) / RATE, 0.15, "exposure: which is nearly ln(1 / x0) / r")
    below = runs.values("exposure", "time-to-exposure-below", 1, 0.01)
    checks.check(all(a <= b <= c for a, b, c in zip(
        runs.values("exposure", "time-to-share", 2, 0.99), below,
        runs.values("exposure", "time-to-share", 2, 0.999))),
        "exposure: below 1 % between 99 and 99.9 % of cards with the new key")
    checks.equal(runs.values("exposure", "time-to-exposure-below", 1, 0.001),
                 runs.values("exposure", "time-to-share", 2, 1),
                 "exposure: below 0.1 % of 500 cards is none")
    checks.equal(set(runs.values("exposure", "time-to-exposure-below", 2, 0.01)), {None},
                 "exposure: the newest key stays in use")
    rows = [row for row in runs.rows("exposure", "exposure.csv") if row["replication"] == "1"]
    check_integral(checks, [row for row in rows if row["generation"] == "1"])
    newest = [float(row["share"]) for row in rows if row["generation"] == "2"]
    checks.check(newest[0] < 0.1 and newest == sorted(newest) and newest[-1] == 1,
                 "exposure: of a leaked newest key it rises as the key spreads")
    checks.equal(float([row for row in rows if row["generation"] == "2"][0]["time_s"]), 1.5 * DAY,
                 "exposure: the first row stands at the leak")


def check_integral(checks, rows):
    """The share only falls, so that each interval lies between two rectangles."""
    fits = True
    for before, after in zip(rows, rows[1:]):
        days = (float(after["time_s"]) - float(before["time_s"])) / DAY
        grown = float(after["card_days"]) - float(before["card_days"])
        fits = fits and (int(after["cards"]) * days - 1e-4 <= grown
                         <= int(before["cards"]) * days + 1e-4)
    checks.check(fits and float(rows[-1]["card_days"]) > 0,
                 "exposure: card-days lie between the sums by samples")


# ---- Extraction --------------------------------------------------------------------------------

CARDS, HOLDERS, TAPS = 4000, 40, 0.5
TIMES = (1, 2, 4, 6)


def start_extraction(runs):
    scenario = decided(groups(1, pair(HOLDERS, CARDS), 14, 9, 400, "0.5/d"))
    scenario["plan lost"] = leak("whole-card", **{"from": "others", "taps": f"{TAPS}/d"})
    runs.start("extraction", scenario)
    preloaded = groups(4, {"holders": cohort(10, 2, preloaded="2,3"),
                           "others": cohort(190, 1, preloaded="1,2,3"),
                           "newest": cohort(5, 4)}, 6, 9, 1, "2/d")
    preloaded["plan lost"] = leak("whole-card", "1d", **{"from": "others", "taps": "50/d"})
    runs.start("preloaded", preloaded)
    for name, what, embodiment in (("secret-5", "card-secret", 5), ("key-5", "update-key 1", 5),
                                   ("key-2", "update-key 1", 2), ("secret-1", "card-secret", 1)):
        scenario = groups(embodiment, {"holders": cohort(100, 2, 2), "others": cohort(100, 1, 1)},
                          2, 9, 1, "0/d")
        scenario["plan lost"] = leak(what, taps="50/d", **(
            {} if "key" in what else {"from": "others"}))
        runs.start(name, scenario)


def check_extraction(checks, runs):
    found = runs.values("extraction", "time-to-extraction", 2)
    x0 = HOLDERS / CARDS
    for day in TIMES:
        not_yet = sum(value is None or value > day * DAY for value in found) / len(found)
        exact = (1 + x0 * (exp(RATE * day) - 1)) ** (-TAPS / RATE)
        checks.near(not_yet, exact, SIGMAS * sqrt(exact * (1 - exact) / len(found)) + x0,
                    f"extraction: share of attackers without the next key on day {day}")
    leaked = {row["generation"]: float(row["time_s"]) / DAY
              for row in reversed(runs.rows("preloaded", "exposure.csv"))
              if row["key"] == "transfer"}
    checks.equal(leaked, {"1": 1, "2": 1, "3": 1},
                 "extraction: a preloaded card gives all its keys at once, and no other")
    told = {name: [row for row in runs.rows(name, "exposure.csv") if row["key"] == "transfer"]
            for name in ("secret-5", "key-5", "key-2", "secret-1")}
    checks.equal({row["generation"] for row in told["secret-5"]}, {"1", "2"},
                 "extraction: a card's secret opens the keys of every card by public key")
    checks.check("2" in {row["generation"] for row in runs.rows("secret-5", "exposure.csv")
                         if row["key"] == "update"},
                 "extraction: in embodiment 5 their update keys as well")
    checks.equal({row["generation"] for row in told["key-5"]}, {"1"},
                 "extraction: an update key those of cards that have it alone")
    checks.equal((told["key-2"], told["secret-1"]), ([], []),
                 "extraction: neither helps in an embodiment that does not use it")


# ---- Revocation --------------------------------------------------------------------------------

REVOKED_DAYS, PERIOD = 30, 8


def start_revocation(runs):
    for name, source in (("network", f"network {PERIOD}d"), ("factory", "factory")):
        scenario = decided(groups(3, {"all": cohort(2000, 1)}, REVOKED_DAYS, 6, 20, "1/d"))
        scenario["terminals tills"] = {"crl-source": source}
        scenario["plan stolen"] = {"do": "revoke", "at": "10d", "cards": 100}
        runs.start(name, scenario)


def check_revocation(checks, runs):
    accepted = sum(one["revoked-accepted"] for one in runs.totals("network"))
    tried = sum(one["revoked-settlements"] for one in runs.totals("network"))
    delay = accepted / (tried / (REVOKED_DAYS - 10))
    checks.near(delay, PERIOD / 2, SIGMAS * delay / sqrt(accepted),
                "revocation: terminals learn half a period later in the mean")
    rows = runs.rows("network", "revocation.csv")
    checks.equal({int(row["accepted"]) for row in rows if float(row["time_s"]) > 19 * DAY}, {0},
                 "revocation: after a whole period nobody is accepted")
    checks.equal({row["revoked_cards"] for row in rows}, {"100"}, "revocation: 100 cards")
    checks.equal(sum(int(row["accepted"]) for row in rows), accepted,
                 "revocation: rows add up to the total")
    checks.check(all(one["revoked-accepted"] == one["revoked-settlements"] > 0
                     for one in runs.totals("factory")),
                 "revocation: a list from the factory never learns")


# ---- Limits, clocks ----------------------------------------------------------------------------

def start_limits(runs):
    cards = {"holders": cohort(10, 2), "others": cohort(690, 1),
             "limited": cohort(300, 1, **{"transfer-key-limit": 1}, successor="fresh"),
             "fresh": cohort(0, 1)}
    for rule, delay in (("never", "2d"), ("on-refuse", "2d"), ("on-reach", "2d")):
        scenario = decided(groups(1, cards, 40, 3, 2, "1/d"))
        scenario["scheme"].update({"reclaim": rule, "reclaim-delay": delay})
        runs.start(f"limit-{rule}", scenario)
    reached = decided(groups(1, {
        "holders": cohort(50, 2), "others": cohort(150, 1, **{"transfer-key-limit": 2},
                                                   successor="fresh"),
        "fresh": cohort(0, 2)}, 40, 3, 1, "1/d"))
    reached["scheme"].update({"reclaim": "on-reach", "reclaim-delay": "1d"})
    reached["plan next"] = {"do": "swap", "at": "25d", "cards": 10, "transfer-key": 3,
                            "transfer-key-limit": "none"}
    runs.start("limit-reached", reached)
    refused = decided(groups(1, {"holder": cohort(1, 2), "limited": cohort(
        1, 1, **{"transfer-key-limit": 1}, successor="fresh"), "fresh": cohort(0, 5)}, 4, 3, 3, "24/d", "1min"))
    refused["scheme"].update({"reclaim": "on-refuse", "reclaim-delay": "2d"})
    runs.start("limit-delay", refused)
    expired = decided(groups(1, {"all": cohort(300, 1, expiry="fixed 2d")}, 12, 3, 1, "5/d"))
    expired["terminals tills"] = {"count": 10, "stale-clock-share": "40%"}
    runs.start("stale", expired)


def check_limits(checks, runs):
    checks.equal(set(runs.values("limit-never", "final-share", 2)), {0.7},
                 "limits: without reclamation 30 % stay behind")
    checks.equal(set(runs.values("limit-on-refuse", "final-share", 2)), {1},
                 "limits: called in when they refuse, none stays behind")
    checks.equal({one["reclaimed"] for one in runs.totals("limit-on-refuse")}, {300},
                 "limits: each of them once")
    checks.equal({one["reclaimed"] for one in runs.totals("limit-on-reach")}, {0},
                 "limits: who was issued at the limit never comes to it")
    checks.equal([(one["reclaimed"], one["refused"]) for one in runs.totals("limit-reached")],
                 [(150, 0)], "limits: called in when they reach it, nobody ever refuses")
    for replication in "123":
        first = [min(float(row["time_s"]) for row in runs.rows("limit-delay", file)
                     if row["replication"] == replication and wanted in row.values())
                 for file, wanted in (("outcomes.csv", "refused-limit"), ("propagation.csv", "5"))]
        checks.check(first[1] - first[0] in (2 * DAY, 2 * DAY + 60),
                     "limits: called in so long after the refusal", str(first))
    outcomes = runs.outcomes("stale", from_day=2)
    n = sum(outcomes.values())
    checks.near(outcomes["paid"] / n, 0.4, SIGMAS * sqrt(0.24 / n),
                "clocks: where they stand, expired cards go on paying")


# ---- What comes later changes nothing before ----------------------------------------------------

def start_later(runs):
    cards = {"holders": cohort(10, 2), "others": cohort(390, 1), "late": cohort(0, 3)}
    plain = groups(5, cards, 40, 8, 1, "1/d")
    plain["scenario"]["name"] = "later"
    plain["terminals tills"] = {"count": 2}
    plain["plan new"] = {"do": "swap", "at": "31d", "cards": 20, "transfer-key": 3}
    runs.start("plain", plain)
    runs.start("leaking", {**plain, "plan lost": leak("whole-card", "30d", taps="20/d")})


def check_later(checks, runs):
    for file in ("propagation.csv", "outcomes.csv"):
        checks.equal(runs.rows("leaking", file), runs.rows("plain", file),
                     f"a leak and an attacker's reader change nothing in {file}")
    checks.check("3" in {row["generation"] for row in runs.rows("leaking", "exposure.csv")},
                 "though the reader learns the key that is brought out after the leak")


def test(checks, folder):
    runs = Runs(folder)
    parts = ((start_exposure, check_exposure), (start_extraction, check_extraction),
             (start_revocation, check_revocation), (start_limits, check_limits),
             (start_later, check_later))
    for start, _ in parts:
        start(runs)
    for _, check in parts:
        check(checks, runs)


if __name__ == "__main__":
    main(test)
