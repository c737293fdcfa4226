#!/usr/bin/env python3
"""What the program says on the screen: times in a unit that shows them, what is known to a sample as
such, no powers of ten."""

import re

from harness import main, purseroll, write_scenario

POWER_OF_TEN = re.compile(r"\b[0-9.]+e[+-]?[0-9]+\b")

# A gate at rush hour: three rows in nine seconds.
SECONDS = "time,payer,payee\n0,1,2\n4,2,3\n9,1,4\n"
SELF = "time,payer,payee\n0,1,1\n4,2,2\n"


def of_trace(folder, name, rows):
    (folder / f"{name}.csv").write_text(rows, encoding="utf-8")
    return write_scenario(folder / f"{name}.ini", {
        "scenario": {"name": name},
        "scheme": {"embodiment": 1},
        "cohort first": {"cards": 1, "transfer-key": 2, "update-key": 1},
        "cohort others": {"cards": "rest", "transfer-key": 1, "update-key": 1},
        "mixing": {"model": "trace", "trace-file": f"{name}.csv"},
    })


def answer_of(folder, scenario, *arguments):
    return purseroll("run", scenario, "--output", folder / "out", *arguments).stdout


def check_times(checks, folder):
    answer = answer_of(folder, of_trace(folder, "seconds", SECONDS))
    checks.check("50 % from the start, 90 % after 9 s, 99 % after 9 s, 100.00 %" in answer,
                 "seconds are told in seconds", answer)
    answer = answer_of(folder, of_trace(folder, "self", SELF))
    checks.check("\nno meetings\n" in answer and "paid" not in answer,
                 "no meetings are not all paid", answer)


def check_samples(checks, folder):
    scenario = write_scenario(folder / "active.ini", {
        "scenario": {"name": "active", "duration": "6d", "active-within": "2d",
                     "replications": 4},
        "cohort new": {"cards": 60, "transfer-key": 2, "update-key": 1,
                       "activity": "constant 200/d"},
        "cohort old": {"cards": 60, "transfer-key": 1, "update-key": 1,
                       "activity": "constant 200/d"},
    })
    answer = answer_of(folder, scenario)
    active = [line for line in answer.splitlines() if line.startswith("  of active cards")]
    checks.check(active and "looked at every 24.00 h:" in active[0]
                 and "90 % within 24.00 h," in active[0] and " to " not in active[0],
                 "what is known to the sample is told so, without an interval", answer)
    checks.check(re.search(r"^transfer key 2:.* 90 % after [0-9.]+ \([0-9.]+ to [0-9.]+\) min",
                           answer, re.MULTILINE), "what is known exactly has one", answer)
    shown = purseroll("check", scenario).stdout + answer
    checks.check(not POWER_OF_TEN.search(shown) and "constant 200/d" in shown,
                 "no powers of ten on the screen", shown)


def check_shares(checks, folder):
    """99,996 cards of 100,000 are not all."""
    scenario = write_scenario(folder / "shares.ini", {
        "scenario": {"name": "shares", "duration": "1d"},
        "cohort new": {"cards": 99996, "transfer-key": 2, "update-key": 1,
                       "activity": "constant 0/d"},
        "cohort old": {"cards": 4, "transfer-key": 1, "update-key": 1,
                       "activity": "constant 0/d"},
    })
    answer = answer_of(folder, scenario)
    checks.check("99.99 % in the end" in answer, "a share is not rounded up to all", answer)


def test(checks, folder):
    check_times(checks, folder)
    check_samples(checks, folder)
    check_shares(checks, folder)


if __name__ == "__main__":
    main(test)
