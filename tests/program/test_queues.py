#!/usr/bin/env python3
"""Terminals that have more to do than they can: who never has their turn is counted, and said."""

import re
from math import floor

from harness import main, purseroll, read_rows, results_of, run, totals, write_scenario

LEVELS = ("decision", "apdu")
MINUTES = 30
PEOPLE = 40000
# A payment takes 75 ms, so that two tills with half of them have a load of 2.
RATE_PER_HOUR = 10


def scenario(path, count=2, rate=RATE_PER_HOUR, newest=1, **groups):
    """People who pay each other, half of them at tills, and half anywhere."""
    return write_scenario(path, {
        "scenario": {"name": "queues", "duration": f"{MINUTES}min",
                     "sample-interval": "10min"},
        "scheme": {"embodiment": 1},
        "cohort one": {"cards": PEOPLE * 3 // 4, "transfer-key": 1, "update-key": 1,
                       "activity": f"constant {rate}/h"},
        "cohort two": {"cards": PEOPLE // 4, "transfer-key": newest, "update-key": 1,
                       "activity": f"constant {rate}/h", "chip": "jcop3-p60"},
        "terminals tills": {"share": "50%", **({"count": count} if count else {})},
        "terminals anywhere": {"share": "50%"},
        **groups,
    })


def merchants(path, count, rate):
    return scenario(path, count, rate, **{
        "mixing": {"model": "merchants"},
        "cohort shops": {"cards": 4, "transfer-key": 1, "update-key": 1, "role": "merchant"},
    })


def arrivals_in(metrics):
    return metrics["meetings"] + metrics["card-busy"] + metrics["unserved"]


def check_counted(checks, scratch):
    """What an arrival draws does not depend on what becomes of it, so there are as many of them
    with queues as without."""
    path = scenario(scratch / "overload.ini", newest=2)
    folders = [run(path, scratch / level, "--set", f"scenario.fidelity={level}")
               for level in LEVELS]
    checks.equal(*map(results_of, folders), "unserved: the same bytes at both levels")
    free = run(scenario(scratch / "free.ini", count=0, newest=2), scratch / "free")
    crowded, unlimited = (totals(read_rows(folder / "summary.csv"))[1]
                          for folder in (folders[0], free))
    checks.check(crowded["unserved"] > 1000 and unlimited["unserved"] == 0,
                 "unserved: some at double load, none where nobody waits", crowded, unlimited)
    checks.equal(arrivals_in(crowded), arrivals_in(unlimited),
                 "meetings, card-busy and unserved are all arrivals")
    tills, anywhere = read_rows(folders[0] / "terminals.csv")
    checks.equal((int(tills["unserved"]), int(anywhere["unserved"])), (crowded["unserved"], 0),
                 "terminals.csv: unserved at the tills")


def loads_in(text):
    return {name: float(load)
            for name, load in re.findall(r"^(?:# )?\[terminals (\w+)\]: its load is ([0-9.]+),",
                                         text, re.MULTILINE)}


def check_said(checks, scratch):
    path = scenario(scratch / "said.ini")
    answer = purseroll("run", path, "--output", scratch / "said").stdout
    metrics = totals(read_rows(scratch / "said" / "summary.csv"))[1]
    share = floor(1e4 * metrics["unserved"] / arrivals_in(metrics)) / 100
    checks.check(f"unserved arrivals: {metrics['unserved']:.0f} ({share:.2f} %)" in answer,
                 "answer: how many had no turn", answer)
    checks.check(re.search(r"mean wait for a terminal was [0-9.]+ min", answer),
                 "answer: the mean wait, above a minute", answer)
    checks.check(", which found a card in another settlement" in answer,
                 "answer: many cards were busy", answer)
    checks.check(loads_in(answer).get("tills", 0) > 0.95, "answer: the load", answer)
    checks.check(loads_in(purseroll("check", path).stdout).get("tills", 0) > 1.5,
                 "check: the load", answer)
    calm = scenario(scratch / "calm.ini", rate=RATE_PER_HOUR / 4)
    for text in (purseroll("check", calm).stdout,
                 purseroll("run", calm, "--output", scratch / "calm").stdout):
        checks.check(not loads_in(text) and "mean wait" not in text
                     and "card-busy arrivals" not in text,
                     "nothing of it where the load is a half", text)


def check_estimated(checks, scratch):
    """What check says is twice what the terminals are used at half the rate."""
    for name, write, rate in (("uniform", scenario, 7), ("merchants", merchants, 3)):
        text = purseroll("check", write(scratch / "whole.ini", 2, rate)).stdout
        folder = run(write(scratch / "half.ini", 2, rate / 2), scratch / "half")
        used = float(read_rows(folder / "terminals.csv")[0]["utilisation"])
        busy = totals(read_rows(folder / "summary.csv"))[1]
        used *= arrivals_in(busy) / busy["meetings"]
        checks.near(loads_in(text).get("tills", 0), 2 * used, 0.08 * used,
                    f"{name}: the load that check expects is that of the run")


def check_updates(checks, scratch):
    """An update of each old card is among what check expects: 0.033 s of work at least."""
    one, two = (loads_in(purseroll("check", scenario(scratch / "keys.ini", newest=newest)).stdout)
                for newest in (1, 2))
    work = PEOPLE * 3 / 4 * 0.033 / 2 / (2 * MINUTES * 60)
    checks.check(two["tills"] - one["tills"] > work, "check counts updates", one, two, work)


def check_busiest(checks, scratch):
    """A group may be idle while its most popular merchant is not."""
    path = merchants(scratch / "busiest.ini", 4, 4)
    for zipf, is_said in ((0, False), (2, True)):
        text = purseroll("check", path, "--set", f"mixing.zipf={zipf}").stdout
        checks.check(("the most popular merchant has a load" in text) == is_said,
                     f"zipf {zipf}: check {'names' if is_said else 'does not name'} the busiest "
                     "terminal", text)
        checks.check(not loads_in(text), f"zipf {zipf}: the group as a whole is not overloaded",
                     text)


def check_nobody(checks, scratch):
    path = scenario(scratch / "nobody.ini", rate=0)
    text = purseroll("run", path, "--output", scratch / "nobody").stdout
    checks.check("\nno meetings\n" in text and "every meeting" not in text,
                 "no meetings are not all paid", text)


def test(checks, scratch):
    check_counted(checks, scratch)
    check_said(checks, scratch)
    check_estimated(checks, scratch)
    check_updates(checks, scratch)
    check_busiest(checks, scratch)
    check_nobody(checks, scratch)


if __name__ == "__main__":
    main(test)
