#!/usr/bin/env python3
"""`validate`: theory and simulation agree, the same seeds print the same lines, and a program
whose update rule is broken is found out."""

import os
import shutil
import subprocess

from harness import BUILD, ROOT, main, purseroll

DIFFERENT = 3
RULE = "    if (payer_id != payee_id)\n        course = update("
SKIPS_ONE_IN_TEN = "    static guint n;\n\n    if (payer_id != payee_id && ++n % 10 != 0)\n        course = update("
FAILURES_LEAST = 3


def checks_of(text):
    """{name: verdict}"""
    lines = [line.split() for line in text.splitlines()[1:] if line.split()[-1] in ("pass", "fail")]
    return {" ".join(words[:-6]): words[-1] for words in lines}


def broken_program(folder):
    """The program, linked with a model in which one update in ten does not take place."""
    build = BUILD.relative_to(ROOT)
    for name in ("sim", "model", build / "sim", build / "model", build / "lib"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy2(ROOT / "Makefile", folder)
    path = folder / "model/decision/settle.c"
    text = path.read_text(encoding="utf-8")
    if text.count(RULE) != 1:
        return None, "model/decision/settle.c no longer holds the rule to break"
    path.write_text(text.replace(RULE, SKIPS_ONE_IN_TEN), encoding="utf-8")
    alone = {name: value for name, value in os.environ.items()
             if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "SAN")}
    done = subprocess.run(["make", f"{build}/purseroll", f"BUILD={build}"], cwd=folder, env=alone,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                          check=False)
    return (folder / build / "purseroll" if done.returncode == 0 else None), done.stdout


def check_usage(checks):
    for arguments in (("--seed", "x"), ("--seed", "-1"), ("--quick", "--long"), ("file",)):
        done = purseroll("validate", *arguments)
        checks.check(done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1,
                     f"validate {' '.join(arguments)}: refused in one line", done.stderr)


def check_broken(checks, folder):
    program, said = broken_program(folder)
    if not checks.check(program is not None, "a program with a broken rule is built", said[-2000:]):
        return
    done = purseroll("validate", "--seed", "1", program=program)
    failed = [name for name, verdict in checks_of(done.stdout).items() if verdict == "fail"]
    checks.equal(done.returncode, DIFFERENT, "one update in ten is skipped: exit status")
    checks.check(len(failed) >= FAILURES_LEAST,
                 f"one update in ten is skipped: {len(failed)} checks fail", done.stdout)


def test(checks, folder):
    done = purseroll("validate", "--quick")
    verdicts = checks_of(done.stdout)
    checks.equal(done.returncode, 0, "validate --quick: exit status")
    checks.equal({name for name, verdict in verdicts.items() if verdict != "pass"}, set(),
                 f"validate --quick: all of {len(verdicts)} checks pass")
    checks.equal(done.stdout.splitlines()[-1], f"{len(verdicts)} checks, 0 failed",
                 "validate --quick: says how many")
    one, again, other = (purseroll("validate", "--seed", seed).stdout for seed in (7, 7, 8))
    checks.equal(one, again, "the same seed prints the same lines")
    checks.check(one != other, "another seed prints others")
    check_usage(checks)
    check_broken(checks, folder)


if __name__ == "__main__":
    main(test)
