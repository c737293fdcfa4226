#!/usr/bin/env python3
"""Breaks one rule after another in a copy of the code and sees that a test catches each.

    make mutants             all of table.py
    python3 tests/mutants/run.py WORD...    those whose rule has all of these words

Copies lie in a temporary folder; nothing here is written to. Only what a mutant changes is compiled
again. A mutant is caught if its test fails on it; test_settle runs on few worlds first, which is
quick and mostly enough, then on more. Exit status: 0 if all were caught, 1 if one survived or could
not be tried.
"""

import concurrent.futures
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from table import FEW, MUTANTS

ROOT = Path(__file__).resolve().parents[2]
BUILD = os.environ.get("BUILD", "build")
FOLDERS = ("model", "sim")
WORLDS = (2, 12, 50, None)  # of each row of test_settle; None: all
WORKERS = 2
HANGS_AFTER_CPU_S = 300  # that of all others on the machine does not count
HANGS_AFTER_S = 3600  # as a last resort, if it waits for something that never comes


class Broken(Exception):
    """A mutant that cannot be tried: a fault of the table, or the copy does not build."""


def home(mutant):
    """The test that must catch it, by its path below the build folder."""
    found = sorted(ROOT.glob(f"tests/**/{mutant.test}.c"))
    if len(found) != 1:
        raise Broken(f"expected one {mutant.test}.c in tests/, found {len(found)}")
    return str(found[0].relative_to(ROOT).with_suffix(""))


def copy_of(folder, tests):
    """A copy of what @tests are built from, objects included, so that little is compiled."""
    for code in (*FOLDERS, "lib"):
        for name in (code, f"{BUILD}/{code}", f"tests/{code}", f"{BUILD}/tests/{code}"):
            without = ("test_*", "*.py", "__pycache__") if "tests" in name else ()
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name,
                                ignore=shutil.ignore_patterns(*without))
    parts = [part for test in tests
             for part in (f"{test}.c", f"{BUILD}/{test}.o", f"{BUILD}/{test}.d")]
    for name in ("Makefile", *parts):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def definitions(text, name):
    """Where the functions, tables and macros called @name begin and end in a file's @text."""
    function = rf"^(?:[\w \*]*\b)?{name}\([^;{{}}]*?\)\n\{{\n.*?^\}}\n"
    table = rf"^[^\n;{{()]*?\b{name}\[[^\n]*\] = \{{\n.*?^\}};\n"
    macro = rf"^#define {name}\b[^\n]*\n"
    return [match.span()
            for match in re.finditer(f"{function}|{table}|{macro}", text, re.M | re.S)]


def places(text, name, old):
    """Where @old stands in what is called @name, whatever the spaces and line ends in it."""
    pattern = r"\s*".join(map(re.escape, re.sub(r"\s+", "", old)))
    return [(begin + match.start(), begin + match.end())
            for begin, end in definitions(text, name)
            for match in re.finditer(pattern, text[begin:end])]


def find(folder, mutant):
    """The file that it changes, and where."""
    found = [(path, place) for path in sorted((folder / mutant.room).glob("*.[ch]"))
             for place in places(path.read_text(encoding="utf-8"), mutant.function, mutant.old)]
    if len(found) != 1:
        raise Broken(f"expected the text to replace once in {mutant.function} of {mutant.room}, "
                     f"found it {len(found)} times:\n{mutant.old}")
    return found[0]


def build(folder, test):
    alone = {name: value for name, value in os.environ.items()
             if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "SAN")}
    done = subprocess.run(["make", f"{BUILD}/{test}", f"BUILD={BUILD}"], cwd=folder, env=alone,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                          check=False)
    if done.returncode != 0:
        raise Broken("does not build:\n" + done.stdout[-2000:])


def limit_time():
    resource.setrlimit(resource.RLIMIT_CPU, (HANGS_AFTER_CPU_S, HANGS_AFTER_CPU_S))


def fails(folder, test, worlds):
    environment = dict(os.environ)
    environment.pop("SETTLE_WORLD", None)
    environment.pop("SETTLE_WORLDS", None)
    if worlds is not None:
        environment["SETTLE_WORLDS"] = str(worlds)
    try:
        done = subprocess.run([str(folder / BUILD / test)], cwd=folder, env=environment,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              timeout=HANGS_AFTER_S, check=False, preexec_fn=limit_time)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def try_mutant(folder, mutant):
    """Whether it is caught, and on how many worlds of each row of test_settle."""
    path, (begin, end) = find(folder, mutant)
    text = path.read_text(encoding="utf-8")
    path.write_text(text[:begin] + mutant.new + text[end:], encoding="utf-8")
    try:
        test = home(mutant)
        build(folder, test)
        for worlds in WORLDS if mutant.test == "test_settle" else (None,):
            if fails(folder, test, worlds):
                return True, worlds
        return False, None
    finally:
        path.write_text(text, encoding="utf-8")


def try_all(mutants, say):
    """Calls say(mutant, caught, details) for each as it is done."""
    with tempfile.TemporaryDirectory(prefix="purseroll-mutants-") as scratch:
        tests = sorted({home(mutant) for mutant in mutants})
        first = copy_of(Path(scratch) / "0", tests)
        for test in tests:
            build(first, test)
            if fails(first, test, WORLDS[0]):
                raise Broken(f"{test} fails on the code as it is")
        mine = threading.local()
        folders = [first]
        for number in range(1, WORKERS):
            folders.append(Path(shutil.copytree(first, Path(scratch) / str(number))))

        def one(mutant):
            if not hasattr(mine, "folder"):
                mine.folder = folders.pop()
            try:
                caught, worlds = try_mutant(mine.folder, mutant)
            except Broken as fault:
                return False, str(fault)
            if not caught:
                return False, "SURVIVED"
            if mutant.test != "test_settle":
                return True, f"caught by {mutant.test}"
            return True, f"caught on {'all' if worlds is None else worlds} worlds of each scheme"

        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            for mutant, result in zip(mutants, pool.map(one, mutants)):
                say(mutant, *result)


def few():
    chosen = []
    for rule in FEW:
        chosen += [mutant for mutant in MUTANTS if mutant.rule == rule][:1]
    return chosen


def main(words):
    mutants = [mutant for mutant in MUTANTS if all(word in mutant.rule for word in words)]
    failures = []

    def say(mutant, caught, details):
        print(f"{'caught  ' if caught else 'NOT CAUGHT'} {mutant.room}: {mutant.rule}"
              f" ({details})", flush=True)
        if not caught:
            failures.append(mutant)

    try:
        try_all(mutants, say)
    except Broken as fault:
        print(f"mutants: {fault}", file=sys.stderr)
        return 1
    print(f"{len(mutants) - len(failures)} of {len(mutants)} mutants caught")
    return 1 if failures or not mutants else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
