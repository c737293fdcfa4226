#!/usr/bin/env python3
"""Traces: what a file of meetings comes to, against an oracle, at both levels; files that are wrong.

The oracle knows nothing but the rule: a card of the newer generation hands it to the other, every
row in turn. Published traces beside the project are run too where they are there.
"""

import csv
import gzip
import os
import random
import signal
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

from harness import (PROGRAM, ROOT, ended, main, purseroll, read_ini, read_rows, results_of, run,
                     totals, wait_until, write_scenario)
from test_run import has_written

LEVELS = ("apdu", "decision")
SHARES = (0.1, 0.5, 0.9, 0.99, 0.999, 1)
BALANCE = 1_000_000
COLUMNS = "time_s,from,to,amount"
PUBLISHED = ROOT.parent / "shared" / "data" / "traces"

Row = namedtuple("Row", "micros payer payee amount")
# first: the card that holds the new key; row: at which a share of the cards holds it, counted
# without rows from a card to itself
Published = namedtuple("Published", "first cards reached rows")
REFERENCES = {
    "bitcoin-otc": (Published(0, 5881, 5843, (2504, 16116, 31168)),
                    Published(23, 5881, 5833, (2568, 16163, 31227))),
    "thiers-2011": (Published(0, 126, 126, (157, 573, 7647)),),
}


class Oracle:
    """Newer wins, row by row. first: number of the card that holds the new key."""

    def __init__(self, rows, first=0, cards=0):
        self.numbers = {}
        for row in rows:
            for name in (row.payer, row.payee):
                self.numbers.setdefault(name, len(self.numbers))
        self.cards = max(len(self.numbers), cards)
        self.meetings = self.paid = self.ties = self.self_rows = 0
        self.reached = {}
        self.balances = [BALANCE] * self.cards
        self.holders = {first}
        self.run(rows)

    def run(self, rows):
        before = None
        for row in rows:
            if row.payer == row.payee:
                self.self_rows += 1
                continue
            pair = (self.numbers[row.payer], self.numbers[row.payee])
            self.meetings += 1
            self.ties += row.micros == before
            before = row.micros
            if self.holders & set(pair):
                self.holders |= set(pair)  # the update comes before the money
            if self.balances[pair[0]] >= row.amount:
                self.paid += row.amount
                self.balances[pair[0]] -= row.amount
                self.balances[pair[1]] += row.amount
            for share in SHARES:
                if len(self.holders) * 1000 >= share * 1000 * self.cards:
                    self.reached.setdefault(share, (self.meetings, row.micros))


def groups(file, first=0, columns=COLUMNS, **mixing):
    """A scenario: card number `first` holds key 2, all others key 1."""
    cohorts = {}
    if first > 0:
        cohorts["cohort before"] = {"cards": first, "transfer-key": 1}
    cohorts["cohort first"] = {"cards": 1, "transfer-key": 2}
    cohorts["cohort others"] = {"cards": "rest", "transfer-key": 1}
    for cohort in cohorts.values():
        cohort.update({"update-key": 1, "balance": f"constant {BALANCE}"})
    keys = {"model": "trace", "trace-file": file, **mixing}
    if columns:
        keys["trace-columns"] = columns
    return {"scenario": {"name": "traced"}, "scheme": {"embodiment": 1}, **cohorts,
            "mixing": keys}


def to_share(folder, metric):
    """{share: value} of key 2, without what was not reached."""
    return {float(row["share"]): float(row["value"]) for row in read_rows(folder / "summary.csv")
            if row["metric"] == metric and row["generation"] == "2" and row["key"] == "transfer"
            and row["value"] != ""}


def n_holders(folder):
    rows = [row for row in read_rows(folder / "propagation.csv")
            if row["key"] == "transfer" and row["generation"] == "2"]
    return int(rows[-1]["cards"])


def run_both(checks, scenario, folder, text, *arguments):
    """Runs at both levels, which must agree; returns a folder of results."""
    for level in LEVELS:
        run(scenario, folder / level, "--set", f"scenario.fidelity={level}", *arguments)
    checks.check(results_of(folder / "apdu") == results_of(folder / "decision"),
                 f"{text}: both levels write the same bytes")
    return folder / "decision"


def check_published(checks, scratch):
    for name, references in REFERENCES.items():
        path = PUBLISHED / f"{name}.csv"
        if not path.exists():
            checks.skip(f"published trace {name}", f"there is no {path.name} beside the project")
            continue
        for reference in references:
            text = f"{name}, card {reference.first} first"
            folder = scratch / f"{name}-{reference.first}"
            scenario = write_scenario(scratch / "published.ini", groups(path, reference.first))
            result = run_both(checks, scenario, folder, text)
            found = to_share(result, "meetings-to-share")
            checks.equal(n_holders(result), reference.reached, f"{text}: cards reached")
            checks.equal(tuple(found[share] for share in SHARES[:3]), reference.rows,
                         f"{text}: meetings to 10, 50 and 90 % of the cards")
            checks.equal(int(read_ini(result / "run.ini")["run"]["cards"]), reference.cards,
                         f"{text}: cards")


def make_rows(n=4000, people=150, seed=7):
    """Rows with ties, decimals, cards that meet themselves, names with commas and quotes."""
    rng = random.Random(seed)
    names = [f'P{i}, the "{i % 7}th"' if i % 5 == 0 else f"née {i}" if i % 5 == 1 else str(i)
             for i in range(people)]
    names[3] = "a name that is longer than most, so that it is kept elsewhere"
    names[4] = "a name that is longer than most, so that it is kept elsewhere."
    rows, at = [], 250_000
    for _ in range(n):
        at += rng.choice((0, 0, 1, 999_999, 3_000_000, 40_000_000))
        payer = rng.choice(names)
        payee = payer if rng.random() < 0.01 else rng.choice(names)
        rows.append(Row(at, payer, payee, rng.choice((0, 1, 250, 900_000))))
    return rows


def seconds(micros):
    text = f"{micros // 1_000_000}.{micros % 1_000_000:06d}"
    return text.rstrip("0").rstrip(".")


def write_trace(path, rows, delimiter=",", header=COLUMNS.split(","), opener=open, **options):
    with opener(path, "wt", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter, **options)
        if header:
            writer.writerow(header)
        writer.writerows((seconds(row.micros), row.payer, row.payee, row.amount) for row in rows)
    return path


def check_oracle(checks, folder, oracle, rows, text):
    metrics = totals(read_rows(folder / "summary.csv"))[1]
    meetings = to_share(folder, "meetings-to-share")
    times = to_share(folder, "time-to-share")
    checks.equal(n_holders(folder), len(oracle.holders), f"{text}: cards reached")
    checks.equal(meetings, {share: float(n) for share, (n, _) in oracle.reached.items()},
                 f"{text}: meetings to each share")
    checks.equal(times, {share: float(f"{at / 1e6:.9g}")
                         for share, (_, at) in oracle.reached.items()},
                 f"{text}: time to each share")
    checks.equal([metrics[name] for name in ("meetings", "value-paid", "ties", "card-busy",
                                             "value-destroyed", "books-residual")],
                 [oracle.meetings, oracle.paid, oracle.ties, 0, 0, 0],
                 f"{text}: meetings, money, ties, books")
    found = read_ini(folder / "run.ini")["run"]
    checks.equal((found["rows"], found["self-rows"]), (str(len(rows)), str(oracle.self_rows)),
                 f"{text}: rows and self rows in run.ini")


def check_generated(checks, scratch):
    rows = make_rows()
    oracle = Oracle(rows)
    write_trace(scratch / "own.csv", rows)
    scenario = write_scenario(scratch / "own.ini", groups("own.csv"))
    result = run_both(checks, scenario, scratch / "own", "own trace")
    check_oracle(checks, result, oracle, rows, "own trace")
    checks.check(0 < oracle.self_rows and 0 < oracle.ties and
                 oracle.meetings > totals(read_rows(result / "summary.csv"))[1]["paid"],
                 "own trace: it has self rows, ties and refusals")
    waits = [row for row in read_rows(result / "latency.csv") if row["phase"] == "wait"]
    checks.check(waits and all(float(row["max_ms"]) == 0 for row in waits),
                 "own trace: nobody waits")
    checks.equal(read_ini(result / "run.ini")["scenario"]["duration"],
                 f"{rows[-1].micros // 1_000_000 + 1}s",
                 "own trace: it ends with the second of its last row")
    check_forms(checks, scratch, rows, results_of(result))
    check_runs(checks, scratch, scenario, rows, result)


def check_forms(checks, scratch, rows, expected):
    """The same rows in other clothes give the same bytes."""
    def same(text, file, columns=COLUMNS, **mixing):
        scenario = write_scenario(scratch / "form.ini", groups(file, columns=columns, **mixing))
        found = results_of(run(scenario, scratch / "form"))
        checks.check(found == expected, f"own trace, {text}: the same results")

    write_trace(scratch / "own.txt", rows, opener=gzip.open)
    same("packed by gzip, whatever its name", "own.txt")
    packed = (scratch / "own.txt").read_bytes()
    plain = (scratch / "own.csv").read_bytes()
    middle = len(plain) // 2
    (scratch / "members").write_bytes(gzip.compress(plain[:middle]) + gzip.compress(b"") +
                                      gzip.compress(plain[middle:]))
    same("packed in several members", "members")
    checks.check(packed[:2] == b"\x1f\x8b", "own trace, packed: it is packed")
    (scratch / "marked.csv").write_bytes(b"\xef\xbb\xbf" + plain.replace(b"\r\n", b"\n") + b"\n\n")
    same("with a byte order mark, LF and blank lines", "marked.csv")
    for name, delimiter in (("semicolon", ";"), ("tab", "\t"), ("space", " "), ("|", "|")):
        write_trace(scratch / "other.csv", rows, delimiter, ("x", "x", "x", "x"))
        lines = (scratch / "other.csv").read_bytes().split(b"\r\n", 1)[1]
        (scratch / "other.csv").write_bytes(lines)
        same(f"delimiter {name}, no header", "other.csv", "1,2,3,4",
             **{"trace-delimiter": name, "trace-header": "no"})
    turned = [(row.amount, "t", row.payee, row.payer, seconds(row.micros)) for row in rows]
    with open(scratch / "turned.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("how much", "note", "to", "who", "when"), *turned])
    same("columns in another order", "turned.csv", "when, who, to, how much")
    numbers = Oracle(rows).numbers
    write_trace(scratch / "numbers.csv",
                [row._replace(payer=numbers[row.payer], payee=numbers[row.payee]) for row in rows])
    same("with numbers", "numbers.csv", **{"trace-ids": "number"})
    check_sorting(checks, scratch, rows, expected)


def check_sorting(checks, scratch, rows, expected):
    """Rows of one time keep their order; cards are numbered in that of the sorted rows."""
    by_time = {}
    for row in rows:
        by_time.setdefault(row.micros, []).append(row)
    times = list(by_time)
    random.Random(1).shuffle(times)
    write_trace(scratch / "shuffled.csv", [row for at in times for row in by_time[at]])
    scenario = write_scenario(scratch / "sort.ini",
                              groups("shuffled.csv", **{"trace-sort": "yes"}))
    found = results_of(run(scenario, scratch / "sorted"))
    checks.check(found == expected, "own trace, shuffled: sorted it gives the same results")
    refused = purseroll("run", scenario, "--set", "mixing.trace-sort=no", "--output",
                        scratch / "no")
    checks.check(refused.returncode == 2 and "trace-sort" in refused.stderr,
                 "own trace, shuffled: refused unless it is to be sorted", refused.stderr)


def check_runs(checks, scratch, scenario, rows, result):
    """Replications, sweeps, plans, a duration, amounts that the trace does not say."""
    many = ("--replications", 3, "--set", "amount.law=uniform 1 900", "--set",
            "mixing.trace-columns=time_s,from,to")
    run_both(checks, scenario, scratch / "many", "three replications", *many)
    alone = run(scenario, scratch / "jobs", *many, "--jobs", 1)
    checks.check(results_of(alone) == results_of(scratch / "many" / "apdu"),
                 "three replications: one job or two, the same bytes")
    sums = totals(read_rows(alone / "summary.csv"))
    checks.check(len({sums[i]["value-paid"] for i in sums}) == 3 and
                 len({sums[i]["meetings"] for i in sums}) == 1,
                 "without a column of amounts they are drawn, differently in each replication")
    swept = run(scenario, scratch / "swept", "--set",
                "sweep.scenario.duration=1h, 5h", "--set", "scenario.sample-interval=30min")
    expected = [len(Oracle([row for row in rows if row.micros < hours * 3_600_000_000],
                           cards=len(Oracle(rows).numbers)).holders) for hours in (1, 5)]
    found = [int([row for row in read_rows(swept / "propagation.csv")
                  if row["point"] == str(point) and row["key"] == "transfer" and
                  row["generation"] == "2"][-1]["cards"]) for point in (0, 1)]
    checks.equal(found, expected, "a duration: rows at its end or behind are dropped")
    check_plan(checks, scratch, scenario, rows)
    check_terminals(checks, scratch, rows)
    effective = (result / "run.ini").read_text(encoding="utf-8").partition("[run]")[0]
    (scratch / "effective.ini").write_text(effective, encoding="utf-8")
    again = run(scratch / "effective.ini", scratch / "again")
    checks.check(results_of(again) == results_of(result),
                 "the effective scenario in run.ini gives the same results")


def check_plan(checks, scratch, scenario, rows):
    """All cards are replaced at the time of a row, before it, though most have just met."""
    at = rows[2000].micros
    cards = len(Oracle(rows).numbers)
    plan = ("--set", f"plan all.at={at}us", "--set", "plan all.do=swap", "--set",
            f"plan all.cards={cards}", "--set", "plan all.transfer-key=3", "--set",
            "plan more.do=issue", "--set", f"plan more.at={at}us", "--set", "plan more.cards=5",
            "--set", "plan more.cohort=others", "--set", "scenario.sample-interval=1h")
    result = run_both(checks, scenario, scratch / "plan", "a plan", *plan)
    found = [row for row in read_rows(result / "summary.csv")
             if row["metric"] == "time-to-share" and row["generation"] == "3"]
    meetings = [row for row in read_rows(result / "propagation.csv")
                if row["generation"] == "3" and float(row["time_s"]) * 1e6 >= at]
    checks.equal(found[0]["value"], "0", "a plan: busy cards are swapped at once")
    checks.equal(int(meetings[0]["cards"]), cards, "a plan: all of them, and no issued one")


def check_terminals(checks, scratch, rows):
    kinds = ("gate", "shop, big")
    with open(scratch / "places.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("time_s", "from", "to", "place"))
        writer.writerows((seconds(row.micros), row.payer, row.payee, kinds[i % 3 == 0])
                         for i, row in enumerate(rows))
    content = groups("places.csv", columns="time_s,from,to,,place")
    for name, kind in zip(kinds, ("gate", "atm")):
        content[f"terminals {name}"] = {"kind": kind, "count": 1}
    scenario = write_scenario(scratch / "places.ini", content)
    run_both(checks, scenario, scratch / "places", "a column of terminals")
    without = {key: value for key, value in content.items() if key != f"terminals {kinds[1]}"}
    refused = purseroll("check", write_scenario(scratch / "place.ini", without))
    checks.check(refused.returncode == 2 and "places.csv:2: expected the NAME of a group" in
                 refused.stderr, "a column of terminals: an unknown one is refused", refused.stderr)
    places = scratch / "places.csv"
    places.write_text(places.read_text(encoding="utf-8").replace(kinds[0], f"{kinds[0]}\0x", 1),
                      encoding="utf-8")
    refused = purseroll("check", scenario)
    checks.check(refused.returncode == 2 and "expected the NAME of a group" in refused.stderr,
                 "a column of terminals: one with a NUL in it is refused", refused.stderr)


# name: what stands in the file, or is done with it; keys beside; how the message goes on
BAD = {
    "unsorted": ("0,a,b,1\n5,a,c,1\n4.999999,a,d,1\n", {},
                 "4: expected times in ascending order, or trace-sort = yes, in column time_s, "
                 "found '4.999999' in row 3"),
    "a negative time": ("-1,a,b,1\n", {}, "2: expected seconds from 0"),
    "a missing time": (",a,b,1\n", {}, "2: expected seconds from 0"),
    "a time in words": ("0,a,b,1\nsoon,a,b,1\n", {}, "3: expected seconds from 0"),
    "too many decimals": ("0.0000001,a,b,1\n", {}, "2: expected seconds from 0"),
    "a point without decimals": ("1.,a,b,1\n", {}, "2: expected seconds from 0"),
    "a time past all runs": ("3153600000,a,b,1\n", {}, "2: expected seconds from 0"),
    "an amount with decimals": ("0,a,b,1.5\n", {}, "2: expected an amount in whole minor units"),
    "a negative amount": ("0,a,b,-1\n", {}, "2: expected an amount in whole minor units"),
    "an amount past all money": ("0,a,b,99999999999999999999\n", {},
                                 "2: expected an amount in whole minor units"),
    "too few fields": ("0,a,b,1\n\n0,a,b\n", {}, "4: expected at least 4 fields, found 3 in row 2"),
    "no name": ("0,,b,1\n", {}, "2: expected the name of a card in column from, found nothing"),
    "a name for a number": ("0,1,b,1\n", {"trace-ids": "number"},
                            "2: expected the number of a card, from 0 to 3999999999, in column to"),
    "no row": ("", {}, "1: expected at least one row, found none"),
    "a missing column": ("0,a,b,1\n", {"trace-columns": "time_s,from,towards"},
                         "1: expected one column with the name 'towards', found 'time_s', 'from', "
                         "'to', 'amount'"),
    "a stray quote": ("0,a,b\"c,1\n", {}, "2: not CSV: a quote where none may stand"),
    "an open quote": ("0,a,\"b,1\n", {}, "2: not CSV: a quoted field that does not end"),
    "an unknown card": ("0,a,b,1\n1,a,c,1\n2,d,a,1\n", {"#others": "2"},
                        "4: expected at most the 3 cards of all cohorts, found card number 3 in "
                        "row 3"),
    "an unknown card, sorted": ("0,a,b,1\n2,a,c,1\n1,d,a,1\n",
                                {"#others": "2", "trace-sort": "yes"},
                                "3: expected at most the 3 cards of all cohorts, found card "
                                "number 3"),
}


def check_refusal(checks, scratch, text, content, message, where=None):
    path = write_scenario(scratch / "bad.ini", content)
    for command in (("check",), ("run", "--output", scratch / "refused"), ("explain",)):
        done = purseroll(command[0], path, *command[1:])
        expected = f"{where or path}:{message}"
        checks.check(done.returncode == 2 and done.stderr.startswith(expected) and
                     done.stderr.count("\n") == 1 and done.stdout == "",
                     f"{text}: {command[0]} refuses it", done.returncode, expected, done.stderr)
    checks.check(not (scratch / "refused").exists(), f"{text}: nothing is written")


def check_bad(checks, scratch):
    file = scratch / "bad.csv"
    for text, (rows, mixing, message) in BAD.items():
        mixing = dict(mixing)
        others = mixing.pop("#others", None)
        content = groups("bad.csv", columns=mixing.pop("trace-columns", COLUMNS), **mixing)
        if others:
            content["cohort others"]["cards"] = others
        file.write_text(COLUMNS + "\n" + rows, encoding="utf-8")
        check_refusal(checks, scratch, text, content, message, file)
    file.write_bytes(b"")
    check_refusal(checks, scratch, "an empty file", groups("bad.csv"), "1: expected a header with "
                  "the names of the columns, found no row at all", file)
    rows = make_rows(2000)
    write_trace(file, rows, opener=gzip.open)
    whole = file.read_bytes()
    file.write_bytes(whole[:-200])
    lines = len(gzip.decompress(whole).split(b"\n"))
    check_cut(checks, scratch, file, "gzip cut short", lines, "found the end of the file")
    file.write_bytes(whole[:-8] + bytes(4) + whole[-4:])  # of the checksum
    check_cut(checks, scratch, file, "gzip damaged", lines, "found other bytes")
    file.write_bytes(whole + b"and more")
    check_cut(checks, scratch, file, "gzip with more behind", lines + 1, "found other bytes")


def check_cut(checks, scratch, file, text, lines, found):
    done = purseroll("check", write_scenario(scratch / "bad.ini", groups("bad.csv")))
    where, _, message = done.stderr.partition(": ")
    checks.check(done.returncode == 2 and where.rpartition(":")[0] == str(file) and
                 1 <= int(where.rpartition(":")[2]) <= lines and found in message and
                 done.stderr.count("\n") == 1, f"{text}: refused at its line", done.stderr)


def check_unreadable(checks, scratch):
    file = scratch / "bad.csv"
    content = groups("bad.csv")
    line = 1 + (scratch / "bad.ini").read_text(encoding="utf-8").splitlines().index(
        "trace-file = bad.csv")
    message = f"{line}: [mixing] trace-file: expected a file that can be read, found '{file}': "
    file.unlink()
    check_refusal(checks, scratch, "no file", content, message + "No such file or directory")
    file.mkdir()
    check_refusal(checks, scratch, "a folder", content, message + "that is a folder")
    file.rmdir()
    os.mkfifo(file)
    check_refusal(checks, scratch, "a pipe", content, message + "that is no plain file")
    file.unlink()
    if os.geteuid() == 0:
        checks.skip("a file that may not be read", "root may read everything")
    else:
        file.write_text(COLUMNS, encoding="utf-8")
        file.chmod(0)
        check_refusal(checks, scratch, "a secret file", content, message + "Permission denied")
        file.chmod(0o600)


KEYS = (
    ({"mixing.model": "uniform"}, "cards: expected a number of cards, found rest without a trace"),
    ({"cohort more.cards": "rest", "cohort more.transfer-key": "1", "cohort more.update-key": "1"},
     "expected a number of cards, found rest again (as in [cohort others])"),
    ({"mixing.trace-columns": "time_s,from"}, "expected three to five different columns"),
    ({"mixing.trace-columns": "time_s,from,from"}, "expected three to five different columns"),
    ({"mixing.trace-header": "no"}, "expected numbers of columns from 1 to 10000"),
    ({"mixing.trace-delimiter": "comma,"}, "expected comma, semicolon, tab, space"),
    ({"mixing.trace-delimiter": "a"}, "expected comma, semicolon, tab, space"),
    ({"mixing.trace-ids": "letters"}, "expected one of names, number"),
    ({"mixing.model": "traces"}, "expected one of uniform, activity, merchants, communities, trace"),
)


def check_shipped(checks):
    made = subprocess.run([sys.executable, str(ROOT / "scenarios/make_trace.py")], check=True,
                          stdout=subprocess.PIPE).stdout
    checks.check(made == (ROOT / "scenarios/trace.csv").read_bytes(),
                 "make_trace.py makes the shipped trace again")


def check_keys(checks, scratch):
    write_trace(scratch / "own.csv", make_rows(50))
    scenario = write_scenario(scratch / "own.ini", groups("own.csv"))
    for sets, message in KEYS:
        words = [word for key, value in sets.items() for word in ("--set", f"{key}={value}")]
        done = purseroll("check", scenario, *words)
        checks.check(done.returncode == 2 and message in done.stderr and
                     done.stderr.count("\n") == 1, f"{sets}: refused with one line", done.stderr)
    missing = groups("x")
    del missing["mixing"]["trace-file"]
    done = purseroll("check", write_scenario(scratch / "none.ini", missing))
    checks.check(done.returncode == 2 and "trace-file: expected a file with the trace, found "
                 "nothing" in done.stderr and done.stderr.count("\n") == 1,
                 "no trace-file: refused with one line", done.stderr)
    done = purseroll("check", scenario, "--set", "cohort first.activity=constant 2/d")
    checks.check(done.returncode == 0 and "own.csv: 50 rows" in done.stdout and
                 "[cohort first] activity" in done.stdout,
                 "check tells of the trace, and that activity has no effect", done.stdout)
    done = purseroll("explain", scenario)
    checks.check(done.returncode == 0 and "first" in done.stdout and "others" in done.stdout,
                 "explain knows such a scenario", done.stdout, done.stderr)


def start(scenario, output, *arguments):
    return subprocess.Popen(
        [str(PROGRAM), "run", str(scenario), "--output", str(output), *map(str, arguments)],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8")


def position_in(process, path):
    """How far a process has read a file; None where it does not have it open."""
    folder = Path("/proc") / str(process.pid)
    try:
        for number in os.listdir(folder / "fd"):
            if os.readlink(folder / "fd" / number) == str(path):
                return int((folder / "fdinfo" / number).read_text(encoding="ascii").split()[1])
    except OSError:  # closed meanwhile
        pass
    return None


def wait_for_run(process, path):
    """The first pass over a trace checks it, the second one runs it: stops the process there."""
    seen = [0]

    def is_in_second_pass():
        position = position_in(process, path)
        seen.append(max(seen[-1], position or 0))
        return position is not None and position < seen[-1]

    if wait_until(process, is_in_second_pass):
        process.send_signal(signal.SIGSTOP)


def check_interrupt(checks, scratch):
    """An interrupted run is a run of that duration; a file that changes under one ends it."""
    rng = random.Random(3)
    long = [Row(at * 1_000_000, f"a{rng.randrange(900)}", f"b{rng.randrange(900)}", 1)
            for at in range(700_000)]
    write_trace(scratch / "long.csv", long)
    scenario = write_scenario(scratch / "long.ini", groups("long.csv"))
    sets = ("--set", "scenario.sample-interval=1h", "--set", "scenario.fidelity=apdu")
    running = start(scenario, scratch / "cut", *sets)
    wait_for_run(running, (scratch / "long.csv").resolve())
    running.send_signal(signal.SIGINT)
    running.send_signal(signal.SIGCONT)
    checks.equal(ended(running)[0], 130, "a trace interrupted: exit status")
    end = read_rows(scratch / "cut" / "propagation.csv")[-1]["time_s"]
    whole = run(scenario, scratch / "short", *sets, "--set", f"scenario.duration={end}s")
    checks.check(results_of(whole) == results_of(scratch / "cut"),
                 "a trace interrupted: as if its duration had been that short")
    running = start(scenario, scratch / "changed", *sets)
    wait_for_run(running, (scratch / "long.csv").resolve())
    with open(scratch / "long.csv", "r+b") as file:
        file.seek(20_000_000 // 2)
        file.write(b"\n" * 5_000_000)
    running.send_signal(signal.SIGCONT)
    status, _, errors = ended(running)
    checks.check(status == 1 and errors.startswith(f"{scratch / 'long.csv'}:") and
                 errors.count("\n") == 1 and not (scratch / "changed" / "run.ini").exists(),
                 "a trace that changes under a run: one line, exit status 1, no results",
                 status, errors)


def rewritten_as_old(path):
    """Blank lines in place of the last row: neither size nor time tell of it."""
    before = path.stat()
    text = path.read_bytes()
    last = text.rstrip(b"\n").rindex(b"\n") + 1
    with open(path, "r+b") as file:
        file.seek(last)
        file.write(b"\n" * (len(text) - last))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def rewritten(path):
    with open(path, "r+b") as file:
        file.seek(-2, os.SEEK_END)
        file.write(b"2")


def extended(path):
    with open(path, "ab") as file:
        file.write(b"99,a1,b1,1\n")


def replaced(path):
    other = path.with_suffix(".new")
    other.write_bytes(path.read_bytes())
    other.rename(path)


def change_under_run(scratch, change, **mixing):
    """Changes a trace while the run is halted, which sees the change whole; returns exit status,
    stdout and stderr."""
    file = scratch / "changing.csv"
    write_trace(file, [Row(at * 1_000_000, f"a{at % 9}", f"b{at % 11}", 1) for at in range(60)])
    scenario = write_scenario(scratch / "changing.ini", groups(file.name, **mixing))
    running = start(scenario, scratch / "changing", "--replications", 1_000_000)
    wait_until(running, lambda: has_written(scratch / "changing", 4096))
    running.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, running.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    change(file)
    running.send_signal(signal.SIGCONT)
    if "trace-sort" in mixing:
        wait_until(running, lambda: has_written(scratch / "changing", 65536))
        running.send_signal(signal.SIGINT)
    return ended(running)


def check_changes(checks, scratch):
    """A file that changes or goes between two replications ends the run by its name."""
    for change, words in ((Path.unlink, "found no file"), (extended, " bytes\n"),
                          (rewritten, "written since"), (replaced, "written since"),
                          (rewritten_as_old, "found 59 rows")):
        status, out, errors = change_under_run(scratch, change)
        checks.check(status == 1 and out == "" and errors.count("\n") == 1
                     and errors.startswith(f"{scratch / 'changing.csv'}: ") and words in errors
                     and not list((scratch / "changing").iterdir()),
                     f"a trace that is {change.__name__} under a run: exit 1, no results",
                     status, errors)
    status, _, errors = change_under_run(scratch, Path.unlink, **{"trace-sort": "yes"})
    checks.equal((status, errors), (130, ""), "one that was sorted is needed no more")


def test(checks, scratch):
    check_published(checks, scratch)
    check_generated(checks, scratch)
    check_shipped(checks)
    check_bad(checks, scratch)
    check_unreadable(checks, scratch)
    check_keys(checks, scratch)
    check_interrupt(checks, scratch)
    check_changes(checks, scratch)


if __name__ == "__main__":
    main(test)
