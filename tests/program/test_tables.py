#!/usr/bin/env python3
"""What is added to a table by half: nothing of it is lost in silence.

In a copy of the sources with their objects a value of a choice, a mixing model with a key of its
own and an action of the plan are added one place at a time. What is missing is named by the
compiler or by the program as soon as it starts; what is there shows up in what it prints.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from harness import BUILD, ROOT, SKIPPED, main, purseroll, read_ini, write_scenario

OWN_VARIABLES = "MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES BUILD SAN V".split()
FOLDERS = ("model", "sim")


class Tree:
    """A copy of the sources and of what was built from them, so that little is compiled."""

    def __init__(self, folder):
        self.folder = folder / "tree"
        for name in FOLDERS:
            shutil.copytree(ROOT / name, self.folder / name)
            shutil.copytree(BUILD / name, self.folder / "build" / name)
        shutil.copytree(BUILD / "lib", self.folder / "build/lib")
        shutil.copy2(ROOT / "Makefile", self.folder)
        self.program = self.folder / "build/purseroll"

    def replace(self, path, old, new):
        text = (self.folder / path).read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise RuntimeError(f"{path}: expected once, found {text.count(old)} times: {old}")
        (self.folder / path).write_text(text.replace(old, new), encoding="utf-8")

    def make(self):
        environment = {key: value for key, value in os.environ.items() if key not in OWN_VARIABLES}
        done = subprocess.run(["make", f"-j{os.cpu_count() or 1}", "build/purseroll"],
                              cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                              timeout=170, check=False)
        return done.returncode == 0, done.stdout

    def must_build(self, checks, text):
        built, output = self.make()
        if not checks.check(built, f"{text}: it builds", output[-2000:]):
            raise RuntimeError(f"{text}: does not build")

    def run(self, *arguments):
        return purseroll(*arguments, program=self.program, cwd=self.folder)


def row_of(output, key):
    return [line for line in output.splitlines() if line.startswith(f"| `{key}` |")]


def check_stops(checks, done, words, text):
    """That the program has stopped by itself and said why."""
    checks.check(done.returncode not in (0, -11) and words in done.stderr, text,
                 f"status {done.returncode}", f"expected {words}", done.stderr[-500:])


def write_small(folder, name, **groups):
    return write_scenario(folder / f"{name}.ini", {
        "scenario": {"duration": "2d", "fidelity": "decision"},
        "scheme": {"embodiment": 5},
        "cohort all": {"cards": 20, "transfer-key": 1, "update-key": 1},
        **groups,
    })


def check_value_without_a_name(checks, tree, scenario):
    row = '    [RANGE_LIMIT_EXCLUSIVE] = "limit-exclusive",\n'
    tree.replace("model/protocol/scheme.c", row, "")
    tree.must_build(checks, "a value of [scheme] range has no name")
    check_stops(checks, tree.run("check", scenario), "[scheme] range: value 1 of 3 has no name",
                "check stops and says which value it is")
    check_stops(checks, tree.run("check", "--keys"), "[scheme] range: value 1 of 3 has no name",
                "so does the manual")
    tree.replace("model/protocol/scheme.c", '    [RANGE_INCLUSIVE] = "inclusive",\n',
                 '    [RANGE_INCLUSIVE] = "inclusive",\n' + row.replace("limit-ex", "in"))
    tree.must_build(checks, "two values of [scheme] range have one name")
    check_stops(checks, tree.run("check", scenario),
                "[scheme] range: values 0 and 1 are both called inclusive",
                "check stops and says which")
    tree.replace("model/protocol/scheme.c", row.replace("limit-ex", "in"), row)


def check_new_values(checks, tree, scenario):
    """A mixing model and an action, each in the middle of its enum, and nothing else of them."""
    tree.replace("sim/scenario/scenario.h", "    MIXING_TRACE,\n",
                 "    MIXING_RINGS,\n    MIXING_TRACE,\n")
    tree.replace("sim/scenario/scenario.h", "    double zipf;\n",
                 "    double zipf;\n    double radius;\n")
    tree.replace("sim/scenario/plan.h", "    PLAN_SWAP,\n", "    PLAN_RENAME,\n    PLAN_SWAP,\n")
    tree.must_build(checks, "a mixing model and an action are added to their enums")
    check_stops(checks, tree.run("check", scenario), "[mixing] model: value 4 of 6 has no name",
                "check stops at the model without a name")


def check_new_model(checks, tree, folder):
    tree.replace("sim/input/keys.c", "[MIXING_TRACE] = ",
                 '[MIXING_RINGS] = "rings", [MIXING_TRACE] = ')
    tree.must_build(checks, "the model has a name")
    check_stops(checks, tree.run("check", folder / "small.ini"),
                "[plan] do: value 1 of 13 has no name", "check stops at the action without a row")
    tree.replace("sim/scenario/plan_actions.c", "    [PLAN_SWAP] = {",
                 '    [PLAN_RENAME] = { .name = "rename", .meaning = "cards change their name",\n'
                 "                      .needs = PLAN_KEY_CARDS },\n    [PLAN_SWAP] = {")
    text = (tree.folder / "sim/input/keys.c").read_text(encoding="utf-8")
    begin = re.search(r'    \{ GROUP_MIXING, OF\(\w+\), "zipf"', text).start()
    (tree.folder / "sim/input/keys.c").write_text(
        text[:begin] + '    { GROUP_MIXING, OF(TYPE_EXPONENT), "radius", IN_SCENARIO(radius),\n'
        '      .preset = "3", .meaning = "rings: how far a payment goes" },\n' + text[begin:],
        encoding="utf-8")
    tree.must_build(checks, "the model has a key, the action a row")
    keys = tree.run("check", "--keys").stdout
    checks.check(row_of(keys, "radius") and "rings" in row_of(keys, "model")[0],
                 "the manual has the model and its key", row_of(keys, "model"))
    checks.check("issue: new cards of a cohort; rename: cards change their name; swap:"
                 in row_of(keys, "do")[0], "and the action's sentence in its place",
                 row_of(keys, "do"))
    for model in ("rings", "trace"):
        own = {"trace-file": ROOT / "scenarios/trace.csv"} if model == "trace" else {}
        groups = {"mixing": {"model": model, "radius": 4, **own}}
        if model == "trace":
            groups["cohort all"] = {"cards": "rest", "transfer-key": 1, "update-key": 1}
        done = tree.run("check", write_small(folder, model, **groups))
        checks.check(done.returncode == 0 and f"model={model}\n" in done.stdout
                     and "radius=4" in done.stdout and "without effect" not in done.stdout,
                     f"model = {model} is read as {model}, with its key", done.stdout, done.stderr)


def check_new_action(checks, tree, folder):
    action = {"at": "1d", "do": "rename", "cards": 3}
    scenario = write_small(folder, "rename", **{"plan late": action})
    check_stops(checks, tree.run("check", scenario), "do = rename is not counted",
                "check stops at an action whose work is not counted")
    tree.replace("sim/runs/workload.c", "    [PLAN_ISSUE] = ",
                 "    [PLAN_RENAME] = count_nothing,\n    [PLAN_ISSUE] = ")
    tree.must_build(checks, "it is counted")
    done = tree.run("check", scenario)
    checks.check(done.returncode == 0 and "do=rename" in done.stdout,
                 "an action with a row is read", done.stderr)
    done = tree.run("check", scenario, "--set", "plan late.chip=jcop4-p71")
    checks.check(done.returncode == 2 and "do = swap, campaign, replace, rotate only, found "
                 "do = rename" in done.stderr, "it has no keys but those of its row", done.stderr)
    done = tree.run("run", scenario, "--output", folder / "rename")
    check_stops(checks, done, "nothing is done for do = rename",
                "run stops at an action that nothing is done for")
    row = "    [PLAN_RENAME] = revoke_cards,\n    [PLAN_ISSUE] = "
    tree.replace("sim/world/plan_run.c", "    [PLAN_ISSUE] = ", row)
    tree.must_build(checks, "something is done for it")
    done = tree.run("run", folder / "rings.ini", "--output", folder / "rings")
    ini = folder / "rings/run.ini"
    checks.check(ini.exists() and read_ini(ini)["mixing"].get("radius") == "4",
                 "run runs, and run.ini keeps the key of the new model", done.stderr)
    tree.replace("sim/world/plan_run.c", row, "    [PLAN_ISSUE] = ")
    tree.replace("sim/scenario/plan.h", "    PLAN_RENAME,\n", "")
    tree.replace("sim/scenario/plan.h", "    N_PLAN_DO\n", "    PLAN_RENAME,\n    N_PLAN_DO\n")
    built, output = tree.make()
    checks.check(not built and "plan_run.c" in output and "N_PLAN_DO" in output,
                 "without it, as the last one of the enum, it does not even build", output[-2000:])


def test(checks, folder):
    tree = Tree(folder)
    scenario = write_small(folder, "small")
    tree.must_build(checks, "the copy as it is")
    checks.equal(tree.run("check", scenario).stdout, purseroll("check", scenario).stdout,
                 "it prints what the program prints")
    check_value_without_a_name(checks, tree, scenario)
    check_new_values(checks, tree, scenario)
    check_new_model(checks, tree, folder)
    check_new_action(checks, tree, folder)


if __name__ == "__main__":
    if shutil.which("make") is None or shutil.which("gcc") is None:
        print(f"1..0 # SKIP {Path(sys.argv[0]).name}: there is no make or no gcc")
        sys.exit(SKIPPED)
    main(test)
