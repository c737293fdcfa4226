#!/usr/bin/env python3
"""What the program says on the screen: times in a unit that shows them, what is known to a sample
as such, no powers of ten; what it guesses, gives as examples and lists is accepted."""

import re

from test_effects import crowd, other_values, said_in
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


# What is written, and what is meant, as the message guesses.
SLIPS = {
    "cohort.others.cards=5": "cohort others", "Cohort others.cards=5": "cohort others",
    "sweep.cohort.others.cards=3, 4": "cohort others", "plans.at=3d": "plan NAME",
    "plam swap.at=3d": "plan swap", "scenarios.seed=3": "scenario", "shceme.suite=p256": "scheme",
    "scenario.sed=3": "seed", "cohort others.crds=4": "cards",
    "cohort others.chip=jcop4-p17": "jcop4-p71", "terminals.kinds=pos": None,
}


def check_hints(checks, folder):
    """What a message guesses is accepted where it is put."""
    scenario = write_scenario(folder / "hints.ini", {
        "scenario": {"name": "hints"},
        "cohort others": {"cards": 10, "transfer-key": 1, "update-key": 1},
    })
    for slip, meant in SLIPS.items():
        message = purseroll("check", scenario, "--set", slip).stderr
        guess = re.search(r"found '([^']*)' \(did you mean '([^']*)'\?\)", message)
        checks.equal(guess and guess[2], meant, f"--set {slip}: what it says may be meant")
        if not guess:
            continue
        mended = (slip.replace(guess[1], guess[2]) if " " not in guess[2]
                  else re.sub(r"^(sweep\.)?[^=]*\.", rf"\1{guess[2]}.", slip))
        again = purseroll("check", scenario, "--set", mended).stderr
        checks.check("expected a group" not in again and "did you mean" not in again,
                     f"--set {mended}: the guess is accepted", again)


def check_examples(checks, folder):
    """What the list of keys gives as examples is accepted."""
    scenario = write_scenario(folder / "examples.ini", {
        "scenario": {"name": "examples"},
        "cohort a": {"cards": 10, "transfer-key": 1, "update-key": 1},
    })
    group, wrong, n = "", [], 0
    for line in purseroll("check", "--keys").stdout.splitlines():
        if line.startswith("### ["):
            group = line[5:].strip("]").replace("NAME", "a")
        cells = [cell.strip() for cell in line.split("|")]
        if not line.startswith("| `") or " such as " not in cells[2]:
            continue
        key = cells[1].strip("`")
        text = re.split(r", (?:in whole|above|at most|from)| in whole|; | \(", cells[2].split(
            " such as ")[1])[0]
        for value in re.split(r", | or ", text.replace("`", "")):
            n += 1
            value = f"constant {value}" if key == "activity" else value
            error = purseroll("check", scenario, "--set", f"{group}.{key}={value}").stderr
            if f"found '{value}'" in error:
                wrong.append(error)
    checks.check(n > 30 and not wrong, f"{n} examples in the list of keys are accepted", *wrong)


EMBODIMENTS = ["1", "2", "3", "4", "5", "conventional", "mondex"]
AXES = ("deliver", "authenticate", "update-key", "pays-with")


def keys_of_scheme():
    """{key: row of the list}, a row without its outer bars."""
    text = purseroll("check", "--keys").stdout
    text = text[text.index("### [scheme]"):text.index("### [chip")]
    rows = [re.split(r" \| ", line.strip("| ")) for line in text.splitlines()
            if line.startswith("| `")]
    return {row[0].strip("`"): row for row in rows}


def users_in(cell):
    """{embodiment: axis, or "" as it is}"""
    users = dict.fromkeys(EMBODIMENTS, "") if cell == "all" else {}
    for part in cell.split("; ") if cell != "all" else ():
        names, _, axis = part.partition(" by ")
        users.update(dict.fromkeys(names.split(", "), axis.strip("`")))
    return users


# Others would not go with the rest of the scenario.
OTHER_NUMBERS = {"max-balance": "450", "nonce-bits": "64"}


def other_value(key, row):
    if key in OTHER_NUMBERS:
        return OTHER_NUMBERS[key]
    return next(value for value in other_values("scheme", key, row[1])
                if value != row[2].strip("`"))


def check_users(checks, folder):
    """The list of keys says which embodiments use one; `check` says which do not, of other values
    than the defaults, where all of them could matter."""
    scenario = write_scenario(folder / "users.ini", crowd("5"))
    rows = keys_of_scheme()
    keys = {key: row for key, row in rows.items() if key not in AXES and key != "embodiment"}
    sets = {key: ("--set", f"scheme.{key}={other_value(key, row)}") for key, row in keys.items()}
    signed = sets.pop("key-auth")  # of itself a reason to ask for the suite
    lots = [sum(sets.values(), ()), signed]
    found = {key: {} for key in keys}
    for embodiment in EMBODIMENTS:
        for axis, value in [("", "")] + [
                (axis, value) for axis in AXES
                for value in rows[axis][1].split("one of ")[1].split(", ")]:
            axis_set = ["--set", f"scheme.{axis}={value}"] if axis else []
            done = [purseroll("check", scenario, *lot, "--set", f"scheme.embodiment={embodiment}",
                              *axis_set) for lot in lots]
            for key in keys if done[0].returncode == 0 else ():
                if f"[scheme] {key}" not in said_in(done[key == "key-auth"].stdout):
                    found[key].setdefault(embodiment, axis)
    wrong = [f"{key}: {users_in(row[3])}, found {found[key]}" for key, row in keys.items()
             if users_in(row[3]) != found[key]]
    checks.check(not wrong and len(keys) > 15, f"who uses each of {len(keys)} keys", *wrong)


# Options whose help lists all that they may be, and how each is tried.
CHOICES = {
    "--embodiment": ("explain",), "--path": ("explain",), "--suite": ("explain",),
    "--progress": ("run", "SCENARIO"),
    "--scenario": ("bench", "engine", "--cards", "1k", "--transfers", "1k"),
}


def check_help(checks, folder):
    scenario = of_trace(folder, "help", SECONDS)
    for option, command in CHOICES.items():
        words = [scenario if word == "SCENARIO" else word for word in command]
        more = ["--output", folder / "out"] if command[0] == "run" else []
        shown = purseroll(command[0], "--help").stdout
        text = re.search(rf"{option}=[A-Z]+ +(?:engine: )?([^:(\n]*)", shown)[1]
        names = re.split(r", | or ", text.strip())
        wrong = purseroll(*words, option, "nothing", *more)
        said = re.search(r"expected (?:one of )?([^\n]*), found 'nothing'", wrong.stderr)[1]
        checks.equal(sorted(re.split(r", | or ", said)), sorted(names),
                     f"{command[0]} {option}: --help lists what is accepted")
        refused = [name for name in names if purseroll(*words, option, name, *more).returncode == 2]
        checks.check(not refused, f"{command[0]} {option}: all of it is accepted", refused)
    silent = [command for command in ("run", "compare", "validate")
              if "exit status 3" not in purseroll(command, "--help").stdout]
    usage = purseroll("--help").stdout
    silent += [name for name in ("compare", "validate", "run", "130", "Exit status: 0 done, 1")
               if name not in usage[usage.find("Exit status"):]]
    checks.check(not silent, "--help says which commands end with 3, and all other ends", silent)


def test(checks, folder):
    check_help(checks, folder)
    check_users(checks, folder)
    check_hints(checks, folder)
    check_examples(checks, folder)
    check_times(checks, folder)
    check_samples(checks, folder)
    check_shares(checks, folder)


if __name__ == "__main__":
    main(test)
