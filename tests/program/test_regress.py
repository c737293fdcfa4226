#!/usr/bin/env python3
"""Every shipped scenario gives the bytes of its reference; what regress.py does when not."""

from harness import main, write_scenario
from regress import Refused, Regression, accept, report_all, shipped


def check_shipped(checks):
    regression = shipped()
    for name in regression.names():
        lines = regression.check(name)
        checks.check(not lines, f"{name} gives the results of its reference", *lines)
    for path in sorted(regression.references.glob("*/run.ini")):
        checks.check("[run]" not in path.read_text(), f"{path.parent.name}: run.ini has no [run]")


GOOD = """[scenario]
duration = {days}d
sample-interval = 4d
[cohort old]
cards = 30
transfer-key = 1
update-key = 1
"""


def make_regression(folder):
    """One scenario of its own."""
    for name in ("scenarios", "references"):
        (folder / name).mkdir()
    write_scenario(folder / "scenarios/small.ini", {
        "scenario": {"duration": "40d", "sample-interval": "4d", "seed": 3},
        "cohort old": {"cards": 30, "transfer-key": 1, "update-key": 1},
        "cohort new": {"cards": 2, "transfer-key": 2, "update-key": 1},
    })
    return Regression(folder / "scenarios", folder / "references", folder / "reruns")


def contents(regression):
    return {path.name: path.read_bytes() for path in (regression.references / "small").iterdir()}


def why_refused(regression, names, reason):
    try:
        return f"chosen: {regression.chosen(names, reason)}"
    except Refused as refusal:
        return str(refusal)


def check_refusals(checks, regression):
    checks.check("no reference" in regression.check("small")[0],
                 "a scenario without a reference fails")
    checks.check("expected a REASON" in why_refused(regression, "small", " "),
                 "no reason: nothing is accepted")
    checks.equal(why_refused(regression, "smal", "a slip"),
                 "expected SCENARIO=ALL or some of small; found 'smal'",
                 "a scenario that is not there is refused by name")
    checks.equal(accept(regression, "smal", "a slip"), 2, "... with exit status 2")
    checks.equal(accept(regression, "small smal", "a slip"), 2, "... and one beside it with it")
    checks.equal(why_refused(regression, " ", "a slip")[-10:], "; found ''", "no name is refused")
    checks.equal(list(regression.references.iterdir()), [], "what was refused leaves nothing")


def check_accepting(checks, regression):
    notes = regression.references / "CHANGES.md"
    checks.equal(regression.accept("small", "it is\nnew"), "new", "a first reference is accepted")
    checks.equal(regression.check("small"), [], "... and passes")
    checks.equal(notes.read_text(), "- **small**: it is new (`new`)\n", "... and is noted")
    first = contents(regression)
    checks.equal(regression.accept("small", "again"), "", "accepting again changes nothing")
    (regression.references / "small/run.ini").unlink()
    regression.accept("small", "once more")
    checks.equal(contents(regression), first, "accepting once more gives the same bytes")


def check_differences(checks, regression):
    reference = regression.references / "small"
    summary = reference / "summary.csv"
    good = summary.read_text()
    summary.write_text(good.replace("meetings,", "meetinks,", 1))
    checks.check(any("summary.csv: row " in line for line in regression.check("small")),
                 "a reference with another byte fails and names the row")
    (reference / "overrides").write_text("# another seed\n\nscenario.seed = 4\n")
    change = regression.accept("small", "another seed")
    checks.equal(change, 'run.ini: [scenario] seed: reference "3", result "4"',
                 "overrides change the run, the first difference is told")
    checks.check(change in (regression.references / "CHANGES.md").read_text(), "... and noted")
    checks.equal(regression.check("small"), [], "... and passes")
    checks.check((reference / "overrides").exists(), "... and the overrides stay")
    (regression.references / "left-over").mkdir()
    checks.check("without a scenario" in regression.check("left-over")[0],
                 "a reference without a scenario fails")
    checks.equal(report_all(regression), 1, "one failure fails them all")
    (regression.references / "left-over").rmdir()
    checks.equal(report_all(regression), 0, "no failure passes")
    (regression.scenarios / "small.ini").write_text("[scenario]\nduration = 0d\n")
    checks.check("small.ini:2: " in "\n".join(regression.check("small")),
                 "a scenario that does not run fails with its message")


def check_several(checks, regression):
    """A list, and all; one of three scenarios does not run."""
    small = regression.scenarios / "small.ini"
    for name in ("second", "third"):
        (regression.scenarios / f"{name}.ini").write_text(GOOD.format(days=20))
    small.write_text("[scenario]\nduration = 0d\n")
    checks.equal(regression.chosen(" scenarios/third.ini second ", "two"), ["third", "second"],
                 "a list: names or files, in its order")
    checks.equal(accept(regression, "second third", "two"), 0, "a list is accepted")
    checks.equal([regression.check(name) for name in ("second", "third")], [[], []],
                 "... and each passes")
    notes = (regression.references / "CHANGES.md").read_text()
    checks.check(notes.endswith("- **second**: two (`new`)\n- **third**: two (`new`)\n"),
                 "... and each is noted", notes)
    (regression.scenarios / "third.ini").write_text(GOOD.format(days=24))
    checks.equal(accept(regression, "ALL", "longer"), 2, "ALL with one that does not run: status 2")
    checks.equal(regression.check("third"), [], "... the others are accepted")
    small.write_text(GOOD.format(days=20))
    checks.equal(accept(regression, "ALL", "as it was"), 0, "ALL are accepted")
    checks.equal(report_all(regression), 0, "... and pass")


def test(checks, folder):
    check_shipped(checks)
    regression = make_regression(folder)
    check_refusals(checks, regression)
    check_accepting(checks, regression)
    check_differences(checks, regression)
    check_several(checks, regression)


if __name__ == "__main__":
    main(test)
