#!/usr/bin/env python3
"""Traces in forms that are easily misread: what is read otherwise than it stands there, or may be
meant otherwise, is said by `check` and by a run."""

import bz2
import io
import lzma
import os
import zipfile
from pathlib import Path

from harness import main, purseroll, read_rows, results_of, write_scenario

TRACES = Path(__file__).parent / "traces"
ROWS = "time,payer,payee\n0,a,b\n5,b,c\n9,c,d\n"


def scenario(path, trace, others="rest", columns="time,payer,payee", **mixing):
    return write_scenario(path, {
        "scenario": {"name": path.stem, "seed": 1},
        "scheme": {"embodiment": 1},
        "cohort first": {"cards": 1, "transfer-key": 2, "update-key": 1},
        "cohort others": {"cards": others, "transfer-key": 1, "update-key": 1},
        "mixing": {"model": "trace", "trace-file": trace, "trace-columns": columns, **mixing},
    })


def written(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return name


def told(path, folder):
    """What check says in its last lines, and a run at its end."""
    checked = purseroll("check", path)
    ran = purseroll("run", path, "--output", folder / "out")
    return [line[2:] for line in checked.stdout.splitlines() if line.startswith("# ")], \
        ran.stdout.splitlines()


def says(checks, path, folder, line, text):
    for where, lines in zip(("check", "run"), told(path, folder)):
        checks.check(line in lines, f"{where}: {text}", *lines)


def is_silent(checks, path, folder, text):
    words = ("no row", "two cards", "fall")
    for where, lines in zip(("check", "run"), told(path, folder)):
        said = [line for line in lines if any(word in line for word in words)]
        checks.check(not said, f"{where}: silent where {text}", *said)


def check_unseen(checks, folder):
    columns = "time,payer,payee,amount"
    path = scenario(folder / "ids.ini", TRACES / "numbers-from-one.csv", columns=columns,
                    **{"trace-ids": "number"})
    says(checks, path, folder, "cards in no row of the trace: 1 of 10, the first of them number 0, "
         "in [cohort first]", "cards that are in no row")
    path = scenario(folder / "names.ini", written(folder, "rows.csv", ROWS), others=9)
    says(checks, path, folder, "cards in no row of the trace: 6 of 10, the first of them number 4, "
         "in [cohort others]", "more cards than names")
    is_silent(checks, scenario(folder / "all.ini", "rows.csv"), folder, "all cards are in rows")


def check_twins(checks, folder):
    for number, (one, other) in enumerate((("a", " a"), ("a", "a\t"), ("A7", "a7"), ("7", "007"))):
        text = f"time,payer,payee\n0,{one},x\n4,y,{other}\n"
        path = scenario(folder / "twins.ini", written(folder, "twins.csv", text))
        for where, lines in zip(("check", "run"), told(path, folder)):
            line = [line for line in lines if "which are two cards" in line]
            checks.check(len(line) == 1, f"{where}: {one!r} and {other!r} may be one, {number}",
                         *lines)
    text = "time,payer,payee\n0,A,07\n4, c,0\n"
    path = scenario(folder / "twins.ini", written(folder, "twins.csv", text))
    is_silent(checks, path, folder, "names have no twin")


def check_order(checks, folder):
    columns = "time,payer,payee,amount"
    newest = (TRACES / "newest-first.csv").read_text(encoding="utf-8").splitlines()
    oldest = "\n".join([newest[0], *reversed(newest[1:])]) + "\n"
    turned = scenario(folder / "log.ini", TRACES / "newest-first.csv", columns=columns,
                      **{"trace-sort": "yes"})
    says(checks, turned, folder,
         "the times of the trace fall: it was read from its last row to its first",
         "a trace that was turned round")
    found = results_of(folder / "out")
    meetings = {row["share"]: row["value"] for row in read_rows(folder / "out" / "summary.csv")
                if (row["metric"], row["generation"]) == ("meetings-to-share", "2")}
    checks.equal((meetings["0.5"], meetings["0.9"]), ("17", ""),
                 "turned round: half of the cards at meeting 17, 90 % never")
    plain = scenario(folder / "log.ini", written(folder, "log.csv", oldest), columns=columns)
    is_silent(checks, plain, folder, "times rise")
    checks.equal(found, results_of(folder / "out"),
                 "turned round: the same bytes as from the oldest row on")
    mixed = "time,payer,payee\n9,a,b\n9,b,c\n7,c,d\n7,d,e\n8,a,c\n3,a,e\n"
    path = scenario(folder / "mixed.ini", written(folder, "mixed.csv", mixed),
                    **{"trace-sort": "yes"})
    says(checks, path, folder, "the times of the trace mostly fall: rows of the same time keep the "
         "order of the file, which may be the opposite of theirs", "ties that may be backwards")


def zipped(data):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("log.csv", data)
    return packed.getvalue()


# What a file is, and what makes it of text.
FOREIGN = {
    "a file packed by xz": lzma.compress,
    "a file packed by bzip2": bz2.compress,
    "a file packed by zip": zipped,
    "text in UTF-16": lambda data: data.decode().encode("utf-16"),
    "text in UTF-16, without a mark": lambda data: data.decode().encode("utf-16-be"),
    "lines that end with CR alone": lambda data: data.replace(b"\n", b"\r"),
}


def refused_with(checks, path, found, text):
    for command in (("check",), ("run", "--output", path.parent / "never")):
        done = purseroll(command[0], path, *command[1:])
        checks.check(done.returncode == 2 and found in done.stderr, f"{command[0]}: {text}",
                     done.stderr)


def check_foreign(checks, folder):
    """What is no text is named, in a trace and in the small files of a scenario."""
    for what, pack in FOREIGN.items():
        kind = what.partition(",")[0]
        (folder / "log.csv").write_bytes(pack(ROWS.encode()))
        refused_with(checks, scenario(folder / "foreign.ini", "log.csv"),
                     "log.csv:1: expected text in UTF-8 with lines that end with LF or CRLF, "
                     f"plain or packed by gzip, found {kind}", f"a trace, {what}")
        (folder / "rates.csv").write_bytes(pack(b"0.5,1\n2,3\n"))
        path = write_scenario(folder / "law.ini", {
            "scenario": {"name": "law"},
            "cohort a": {"cards": 10, "transfer-key": 1, "update-key": 1,
                         "activity": "empirical rates.csv"}})
        refused_with(checks, path, f"rates.csv': {kind}", f"a law, {what}")


def check_blanks(checks, folder):
    path = scenario(folder / "blanks.ini",
                    written(folder, "blanks.csv", ROWS.replace(",", ", ")))
    refused_with(checks, path, "found 'time', ' payer', ' payee'", "blanks behind commas are shown")
    text = "# edges\n" + ROWS.partition("\n")[2]
    path = scenario(folder / "notes.ini", written(folder, "notes.csv", text), columns="1,2,3",
                    **{"trace-header": "no"})
    refused_with(checks, path, "found 1 in row 1, a comment perhaps, which is not skipped",
                 "a comment is guessed at")


def check_again(checks, folder):
    """A run.ini runs to the same bytes, from wherever: it leads to the trace of its scenario."""
    (folder / "deep").mkdir()
    written(folder / "deep", "log.csv", ROWS)
    written(folder / "deep", "rates.csv", "0.5,1\n2,3\n")
    for path in (scenario(folder / "deep" / "case.ini", "log.csv"),
                 write_scenario(folder / "deep" / "law.ini", {
                     "scenario": {"name": "law"},
                     "cohort a": {"cards": 10, "transfer-key": 1, "update-key": 1,
                                  "activity": "empirical rates.csv"}})):
        name = path.stem
        done = purseroll("run", f"deep/{path.name}", "--output", f"once-{name}", cwd=folder)
        checks.equal(done.returncode, 0, f"{name}: runs")
        for number, (before, after) in enumerate((("once", "twice"), ("twice", "thrice"))):
            done = purseroll("run", folder / f"{before}-{name}" / "run.ini", "--output",
                             folder / f"{after}-{name}")
            checks.equal((done.returncode, done.stderr), (0, ""), f"{name}: run.ini runs, {number}")
            checks.equal(results_of(folder / f"{after}-{name}"),
                         results_of(folder / f"once-{name}"),
                         f"{name}: run.ini, the same bytes, {number}")
        same = purseroll("compare", folder / f"once-{name}", folder / f"thrice-{name}")
        checks.equal(same.returncode, 0, f"{name}: compare finds no difference")
    done = purseroll("check", folder / "deep" / "case.ini", "--set", "run.folder=/tmp")
    checks.check(done.returncode == 2 and "found 'run'" in done.stderr,
                 "nobody sets what a run.ini says of its run", done.stderr)


def check_again_from_odd_places(checks, folder):
    """Also where the folder's name ends with a blank or has a backslash; one that is no text cannot
    stand in run.ini, which runs where nothing else hangs on it."""
    for name in (b"blank ", b"back\\slash;", b"caf\xe9"):
        deep = folder / os.fsdecode(name)
        deep.mkdir()
        written(deep, "log.csv", ROWS)
        path = scenario(deep / "case.ini",
                        "log.csv" if name.isascii() else folder / "blank " / "log.csv")
        before, after = (folder / f"{name.hex()}-{word}" for word in ("once", "twice"))
        purseroll("run", path, "--output", before)
        done = purseroll("run", before / "run.ini", "--output", after)
        checks.equal((done.returncode, done.stderr), (0, ""), f"{name}: run.ini runs")


def test(checks, folder):
    check_again(checks, folder)
    check_again_from_odd_places(checks, folder)
    check_foreign(checks, folder)
    check_blanks(checks, folder)
    check_unseen(checks, folder)
    check_twins(checks, folder)
    check_order(checks, folder)


if __name__ == "__main__":
    main(test)
