#!/usr/bin/env python3
"""purseroll compare: what it finds, how it says so, how it ends."""

import json
import os
import re
import shutil
from pathlib import Path

from harness import ROOT, main, purseroll, read_rows

REFERENCE = ROOT / "results/reference/uniform"
DONE, COULD_NOT, WRONG_USAGE, DIFFERENT = 0, 1, 2, 3
NOBODY = 65534
KEYS = "kind row line column group key reference result".split()

COLUMNS = "scenario,point,replication,name,value\n"
ROWS = ["a,0,1,plain,0.5\n", 'a,0,1,"quoted, text",100\n', "a,0,1,,\n", 'a,0,1,"two\nlines",-2.5\n',
        "a,0,1,last,0\n"]
TABLE = COLUMNS + "".join(ROWS)
RUN_INI = "[scenario]\nname=a\nseed=7\n\n[cohort x]\ncards=3\n\n[cohort y]\ncards=4\n"


class Pair:
    """Two folders of results, equal at first."""

    def __init__(self, folder):
        self.count = 0
        self.folder = folder
        self.reference = self.result = None

    def renew(self, **files):
        """A fresh pair; @files are contents that the result has instead, None: no such file."""
        self.count += 1
        self.reference = self.folder / f"{self.count}/reference"
        self.result = self.folder / f"{self.count}/result"
        for side in (self.reference, self.result):
            side.mkdir(parents=True)
            write(side / "table.csv", TABLE)
            write(side / "run.ini", RUN_INI)
        for name, content in files.items():
            path = self.result / name.replace("_", ".")
            write(path, content) if content is not None else path.unlink()
        return self

    def swap(self):
        self.reference, self.result = self.result, self.reference
        return self

    def compare(self, *arguments):
        return purseroll("compare", self.reference, self.result, *arguments)

    def json(self, *arguments):
        return json.loads(self.compare("--json", *arguments).stdout)


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def first(**facts):
    return {**dict.fromkeys(KEYS), **facts}


def table(*rows):
    return COLUMNS + "".join(rows)


def changed(row, old, new):
    """The table with another text in row @row, from 1."""
    rows = list(ROWS)
    rows[row - 1] = rows[row - 1].replace(old, new)
    return table(*rows)


def check_finding(checks, pair, what, file, difference, count, text):
    """One difference, in text and in JSON."""
    done = pair.compare()
    lines = done.stdout.splitlines()
    checks.equal(done.returncode, DIFFERENT, f"{what}: exit status 3")
    checks.equal(lines[:1], [f"{file}: {text}"], f"{what}: the first line says where")
    checks.equal(lines[1:2], [f"{file}: {count} difference{'' if count == 1 else 's'}"],
                 f"{what}: how many in the file")
    found = pair.json()
    entry = next(entry for entry in found["files"] if entry["file"] == file)
    checks.equal((found["equal"], found["differences"], entry["differences"], entry["first"]),
                 (False, count, count, difference), f"{what}: JSON tells the same")


def check_one_digit(checks, folder):
    """A copy of a reference with one digit changed."""
    copy = folder / "copy"
    shutil.copytree(REFERENCE, copy)
    checks.equal(purseroll("compare", REFERENCE, copy).returncode, DONE, "a copy is equal")
    path = copy / "propagation.csv"
    number = 17
    old = read_rows(path)[number - 1]["share"]
    new = old[:-1] + ("8" if old[-1] != "8" else "3")
    lines = path.read_text().split("\n")
    lines[number] = lines[number].replace(f",{old},", f",{new},", 1)
    path.write_text("\n".join(lines))
    checks.equal(read_rows(path)[number - 1]["share"], new, "one digit of a copy is changed")
    done = purseroll("compare", REFERENCE, copy)
    checks.equal(done.returncode, DIFFERENT, "one digit: exit status 3")
    checks.equal(done.stdout,
                 f'propagation.csv: row {number}, line {number + 1}, column share: '
                 f'reference "{old}", result "{new}"\npropagation.csv: 1 difference\n'
                 f'in all: 1 difference in 1 of {len(list(REFERENCE.glob("*.csv"))) + 1} files\n',
                 "one digit: file, row, column and both values are named")


def check_equal(checks, pair):
    done = pair.renew().compare()
    checks.equal((done.returncode, done.stdout, done.stderr), (DONE, "equal: 2 files\n", ""),
                 "equal folders")
    checks.equal(pair.json(), {
        "equal": True, "reference": str(pair.reference), "result": str(pair.result),
        "differences": 0, "files": [{"file": "run.ini", "differences": 0, "first": None},
                                    {"file": "table.csv", "differences": 0, "first": None}],
    }, "equal folders: JSON")
    pair.renew(run_ini=RUN_INI + "\n[run]\nversion=2\n", notes_txt="not of a run")
    checks.equal(pair.compare().returncode, DONE, "[run] and other files do not count")
    done = purseroll("compare", pair.result, pair.result)
    checks.equal(done.returncode, DONE, "a folder is equal to itself")


def check_values(checks, pair):
    for row, line, old, new, column, reference, result in (
        (1, 2, "0.5", "0.50", "value", "0.5", "0.50"),
        (1, 2, "plain", '"plain"', "name", "plain", '"plain"'),
        (2, 3, "quoted", "Quoted", "name", '"quoted, text"', '"Quoted, text"'),
        (3, 4, ",,\n", ",,0\n", "value", "", "0"),
        (4, 5, "lines", "rows", "name", '"two\nlines"', '"two\nrows"'),
        (5, 7, "last", "l\u00e4st\\", "name", "last", "l\u00e4st\\"),
    ):
        pair.renew(table_csv=changed(row, old, new))
        facts = first(kind="value", row=row, line=line, column=column, reference=reference,
                      result=result)
        quoted = [json.dumps(value, ensure_ascii=False) for value in (reference, result)]
        check_finding(checks, pair, f"row {row}, {new!r} for {old!r}", "table.csv", facts, 1,
                      f"row {row}, line {line}, column {column}: "
                      f"reference {quoted[0]}, result {quoted[1]}")


def check_rows(checks, pair):
    extra = "a,0,1,more,1\n"
    facts = first(kind="row", row=6, line=8, result=extra.strip())
    check_finding(checks, pair.renew(table_csv=TABLE + extra + extra), "a longer file",
                  "table.csv", facts, 2, 'row 6, line 8: reference nothing, result "a,0,1,more,1"')
    facts = first(kind="row", row=6, line=8, reference=extra.strip())
    check_finding(checks, pair.swap(), "a shorter file", "table.csv", facts, 2,
                  'row 6, line 8: reference "a,0,1,more,1", result nothing')
    facts = first(kind="row", row=1, line=2, reference="a,0,1,plain,0.5")
    check_finding(checks, pair.renew(table_csv=COLUMNS), "a file without rows", "table.csv",
                  facts, 5, 'row 1, line 2: reference "a,0,1,plain,0.5", result nothing')
    facts = first(kind="value", row=1, line=2, column="6", result="x")
    check_finding(checks, pair.renew(table_csv=changed(1, "0.5", "0.5,x")), "a longer row",
                  "table.csv", facts, 1,
                  'row 1, line 2, column 6: reference nothing, result "x"')
    facts = first(kind="value", row=1, line=2, column="value", reference="0.5")
    check_finding(checks, pair.renew(table_csv=changed(1, ",0.5", "")), "a shorter row",
                  "table.csv", facts, 1,
                  'row 1, line 2, column value: reference "0.5", result nothing')
    facts = first(kind="line-end", row=5, line=7, reference="\n", result="")
    check_finding(checks, pair.renew(table_csv=TABLE[:-1]), "no line end", "table.csv", facts, 1,
                  'row 5, line 7, line end: reference "\\n", result ""')
    pair.renew(table_csv=changed(2, "100", "101").replace("0.5", "0.6"))
    checks.equal(pair.json()["differences"], 2, "every field that differs counts")


def check_headers(checks, pair):
    other = TABLE.replace("name,value", "title,value,unit", 1)
    facts = first(kind="header", row=0, line=1, column="4", reference="name", result="title")
    check_finding(checks, pair.renew(table_csv=other), "another header line", "table.csv", facts,
                  2, 'header, column 4: reference "name", result "title"')
    facts = first(kind="header", row=0, line=1, reference=COLUMNS.strip())
    check_finding(checks, pair.renew(table_csv=""), "an empty file", "table.csv", facts, 1,
                  f'header: reference "{COLUMNS.strip()}", result nothing')
    facts = first(kind="line-end", row=0, line=1, reference="\n", result="\r\n")
    check_finding(checks, pair.renew(table_csv=TABLE.replace("\n", "\r\n", 1)),
                  "another line end below the header", "table.csv", facts, 1,
                  'header, line end: reference "\\n", result "\\r\\n"')


def check_files(checks, pair):
    pair.renew(extra_csv="a\n")
    check_finding(checks, pair, "an extra file", "extra.csv",
                  first(kind="file", result="extra.csv"), 1, "only in the result")
    check_finding(checks, pair.swap(), "a missing file", "extra.csv",
                  first(kind="file", reference="extra.csv"), 1, "only in the reference")
    check_finding(checks, pair.renew(run_ini=None), "a missing scenario", "run.ini",
                  first(kind="file", reference="run.ini"), 1, "only in the reference")
    pair.renew(a_csv="a\n", table_csv=changed(1, "0.5", "1"), run_ini=RUN_INI.replace("3", "5"))
    checks.equal([entry["file"] for entry in pair.json()["files"]],
                 ["run.ini", "a.csv", "table.csv"], "the scenario comes first, then files by name")
    checks.equal(pair.compare().stdout.splitlines()[-1], "in all: 3 differences in 3 of 3 files",
                 "the last line adds up")


def check_scenario(checks, pair):
    for what, old, new, group, key, reference, result in (
        ("a value", "seed=7", "seed=2", "scenario", "seed", "7", "2"),
        ("a key more", "seed=7", "seed=7\ntitle=t", "scenario", "title", None, "t"),
        ("a key less", "seed=7\n", "", "scenario", "seed", "7", None),
        ("a group more", "cards=4\n", "cards=4\n[z]\nb=c\n", "z", "b", None, "c"),
        ("a group less", "[cohort x]\ncards=3\n", "", "cohort x", "cards", "3", None),
    ):
        shown = [json.dumps(value) if value is not None else "nothing"
                 for value in (reference, result)]
        facts = first(kind="key", group=group, key=key, reference=reference, result=result)
        check_finding(checks, pair.renew(run_ini=RUN_INI.replace(old, new)), f"scenario, {what}",
                      "run.ini", facts, 1,
                      f"[{group}] {key}: reference {shown[0]}, result {shown[1]}")
    head, x, y = RUN_INI.split("\n\n")
    facts = first(kind="groups", reference="cohort x", result="cohort y")
    check_finding(checks, pair.renew(run_ini="\n\n".join((head, y, x))),
                  "cohorts in another order", "run.ini", facts, 1,
                  'order of the groups: reference "cohort x", result "cohort y"')
    swapped = RUN_INI.replace("name=a\nseed=7", "seed=7\nname=a")
    checks.equal(pair.renew(run_ini=swapped).compare().returncode, DONE,
                 "keys of the scenario in another order are equal")


def check_lacking_keys(checks, pair):
    """A key that one side lacks, on either side: its default is equal, all else is not."""
    for what, old, new, status in (
        ("a default", "seed=7", "seed=7\nduration=30d", DONE),
        ("another value", "seed=7", "seed=7\nduration=31d", DIFFERENT),
        ("a default, written otherwise", "seed=7", "seed=7\nduration=720h", DIFFERENT),
        ("a default that other keys make", "seed=7", "seed=7\npopulation-seed=7", DIFFERENT),
        ("a default of a member", "cards=3", "cards=3\nrogue=none", DONE),
        ("another value of a member", "cards=3", "cards=3\nrogue=poison", DIFFERENT),
        ("a key that nobody knows", "seed=7", "seed=7\nconstant=none", DIFFERENT),
        ("a key of another group", "seed=7", "seed=7\ntorn=0", DIFFERENT),
        ("a group of defaults", "[cohort y]", "[faults]\ntorn=0\n\n[cohort y]", DONE),
        ("a group of defaults and more", "[cohort y]", "[faults]\ntorn=1\n\n[cohort y]", DIFFERENT),
        ("an empty group", "cards=4\n", "cards=4\n\n[faults]\n", DONE),
        ("a group that nobody knows", "cards=4\n", "cards=4\n\n[z]\n", DIFFERENT),
        ("a member of defaults", "cards=4\n", "cards=4\n\n[cohort z]\nrogue=none\n", DIFFERENT),
        ("an empty member", "cards=4\n", "cards=4\n\n[cohort z]\n", DIFFERENT),
        ("an axis of a sweep", "cards=4\n", "cards=4\n\n[sweep]\nfaults.torn=0\n", DIFFERENT),
    ):
        pair.renew(run_ini=RUN_INI.replace(old, new))
        for side in ("reference", "result"):
            checks.equal(pair.compare().returncode, status, f"{what} that the {side} lacks")
            pair.swap()


def check_defaults(checks, folder):
    """Without any one line of its run.ini: equal just where the manual has that default."""
    manual = purseroll("check", "--keys").stdout
    presets = dict(re.findall(r"^\| `(\S+)` \|[^|]*\| `(.+?)` \|", manual, re.MULTILINE))
    path = folder / "defaults.ini"
    path.write_text("[scenario]\nduration = 2h\nsample-interval = 1h\n"
                    "[cohort all]\ncards = 2\ntransfer-key = 1\nupdate-key = 1\n")
    run = folder / "defaults"
    checks.equal(purseroll("run", path, "--output", run, "--progress", "none").returncode, DONE,
                 "a run of nearly only defaults")
    lines = (run / "run.ini").read_text().partition("[run]")[0].splitlines()
    lacking = shutil.copytree(run, folder / "lacking")
    wrong, unlike = [], []
    for line in filter(lambda line: "=" in line, lines):
        key, value = line.split("=", 1)
        write(lacking / "run.ini", "\n".join(other for other in lines if other != line))
        equal = purseroll("compare", run, lacking).returncode == DONE
        wrong += [line] * (equal != (presets.get(key) == value))
        unlike += [key] * (presets.get(key) not in (None, value))
    checks.equal(wrong, [], "what the manual has as a default may be lacking, and nothing else")
    checks.equal(unlike, ["duration", "sample-interval"],
                 "defaults are written in the manual as run.ini has them")


def check_tolerance(checks, pair):
    for old, new, tolerance, status in (
        ("100", "101", "0.01", DONE), ("100", "99", "0.01", DONE),
        ("100", "102", "0.01", DIFFERENT), ("100", "98.9", "0.01", DIFFERENT),
        ("100", "1e2", "0", DONE), ("100", "1.00e+02", "0", DONE),
        ("-2.5", "-2.6", "0.05", DONE), ("-2.5", "-2.7", "0.05", DIFFERENT),
        ("-2.5", "2.5", "1", DIFFERENT), ("last,0", "last,0.0", "0", DONE),
        ("last,0", "last,1e-9", "1000", DIFFERENT), ("100", "", "1000", DIFFERENT),
        ("100", "x", "1000", DIFFERENT), ("100", "0x64", "1000", DIFFERENT),
        ("100", "nan", "1000", DIFFERENT), ("100", "inf", "1000", DIFFERENT),
        ("100", "100 ", "1000", DIFFERENT), ("100", '"100"', "0", DONE),
        (",,\n", ",,0\n", "1000", DIFFERENT),
    ):
        pair.renew(table_csv=TABLE.replace(old, new, 1))
        checks.equal(pair.compare("--tolerance", f"value={tolerance}").returncode, status,
                     f"tolerance {tolerance}: {old!r} against {new!r}")
    pair.renew(table_csv=changed(2, "100", "1e999")).swap()
    checks.equal(pair.compare("--tolerance", "value=1").returncode, DIFFERENT,
                 "what no double holds is no number")
    pair.renew(table_csv=changed(2, "100", "101").replace("0.5", "0.6"))
    checks.equal(pair.compare("--tolerance", "point=1").returncode, DIFFERENT,
                 "a tolerance concerns its own column")
    checks.equal(pair.json("--tolerance=value=0.01")["files"][1]["differences"], 1,
                 "what a tolerance accepts does not count")
    pair.renew(table_csv=changed(2, "100", "101"), extra_csv="a,b\n1,2\n")
    checks.equal(pair.json("-t", "value=0.01", "-t", "b=1")["differences"], 1,
                 "a column of a file that one folder lacks is known")


def check_escapes(checks, pair):
    strange = b"\x01\t\xff\xc3\x28"
    pair.renew(table_csv=TABLE.encode().replace(b"plain", strange))
    found = pair.json()["files"][1]["first"]["result"]
    checks.equal(found.encode("utf-8", "surrogateescape"), strange,
                 "JSON: bytes that are no UTF-8 can be had again")
    checks.check("\n" not in pair.compare("--json").stdout[:-1], "JSON stands on one line")
    strange = pair.folder / 'say "no", \u00e4\\'
    shutil.copytree(pair.reference, strange)
    found = json.loads(purseroll("compare", strange, pair.reference, "--json").stdout)
    checks.equal(found["reference"], str(strange), "JSON: names of folders are escaped")


def check_failures(checks, pair):
    pair.renew()
    gone = pair.folder / "gone"
    empty = pair.folder / "empty"
    empty.mkdir()
    for what, arguments in (
        ("a folder that is not there", (pair.reference, gone)),
        ("a reference that is not there", (gone, pair.reference)),
        ("a file instead of a folder", (pair.reference, pair.reference / "table.csv")),
        ("two folders without results", (empty, empty)),
    ):
        check_failure(checks, what, purseroll("compare", *arguments), arguments)
    for name, content in (("table_csv", table('a"b\n')), ("run_ini", "no group\n")):
        pair.renew(**{name: content})
        check_failure(checks, f"a malformed {name}", pair.compare(), [pair.result])
    pair.renew(table_csv=None)
    (pair.result / "table.csv").mkdir()
    check_failure(checks, "a folder instead of a file", pair.compare(), [pair.result / "table.csv"])
    for name in ("table.csv", "run.ini"):
        pair.renew(**{name.replace(".", "_"): None})
        (pair.result / name).symlink_to("/dev/null")
        check_failure(checks, f"a device instead of {name}", pair.compare(), [pair.result / name])
        (pair.result / name).unlink()
        os.mkfifo(pair.result / name)
        check_failure(checks, f"a pipe instead of {name}", pair.compare(), [pair.result / name])
    pair.renew(table_csv=table('"a'))
    check_failure(checks, "a quote without end", pair.compare(), [f"{pair.result}/table.csv:2: "])
    check_unreadable(checks, pair.renew())


def check_unreadable(checks, pair):
    """Root may read everything, so nobody tries."""
    path = pair.result / "table.csv"
    path.chmod(0)
    pair.folder.chmod(0o755)
    user = {"user": NOBODY} if os.geteuid() == 0 else {}
    try:
        done = purseroll("compare", pair.reference, pair.result, **user)
    except PermissionError:
        checks.skip("an unreadable file", "nobody may run the program here")
        return
    check_failure(checks, "an unreadable file", done, [path])


def check_failure(checks, what, done, named):
    checks.equal((done.returncode, done.stdout), (COULD_NOT, ""), f"{what}: exit status 1")
    checks.check(done.stderr.count("\n") == 1 and any(str(name) in done.stderr for name in named),
                 f"{what}: one line that names it", done.stderr)


def check_usage(checks, pair):
    pair.renew()
    both = (pair.reference, pair.result)
    for arguments in (
        (), both[:1], (*both, pair.result), (*both, "--nonsense"), (*both, "--tolerance"),
        (*both, "--tolerance", "value"), (*both, "--tolerance", "value="),
        (*both, "--tolerance", "=1"), (*both, "--tolerance", "value=-1"),
        (*both, "--tolerance", "value=1%"), (*both, "--tolerance", "value=nan"),
        (*both, "--tolerance", "vlaue=1"), (*both, "-t", "value=1", "-t", "value=2"),
    ):
        done = purseroll("compare", *arguments)
        shown = " ".join(Path(str(argument)).name for argument in arguments)
        checks.equal((done.returncode, done.stdout), (WRONG_USAGE, ""), f"usage: compare {shown}")
        checks.check(done.stderr.startswith("purseroll") and done.stderr.count("\n") == 1,
                     f"usage: compare {shown}: one line", done.stderr)
    done = purseroll("compare", "--help")
    checks.check(done.returncode == DONE and "COLUMN=REL" in done.stdout, "compare --help")


def test(checks, folder):
    check_one_digit(checks, folder)
    check_defaults(checks, folder)
    pair = Pair(folder)
    for check in (check_equal, check_values, check_rows, check_headers, check_files,
                  check_scenario, check_lacking_keys, check_tolerance, check_escapes,
                  check_failures, check_usage):
        check(checks, pair)


if __name__ == "__main__":
    main(test)
