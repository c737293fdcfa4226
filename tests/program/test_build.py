#!/usr/bin/env python3
"""The build: the same bytes whatever the compiler, nothing built twice, includes one way.

Works on a copy of the sources in a temporary folder.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from harness import PROGRAM, ROOT, SKIPPED, main, results_of, run
from test_run import COLUMNS, make_scenario

OWN_VARIABLES = (
    "MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES BUILD CC CFLAGS CPPFLAGS LDFLAGS SAN V".split()
)
COMMAND = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT,
           "encoding": "utf-8", "check": False, "timeout": 170}
# Flags of the project that a user's own must not displace: results and warnings hang on them.
ALWAYS = ["-std=c11", "-ffp-contract=off"]


def make(tree, *arguments):
    environment = {key: value for key, value in os.environ.items() if key not in OWN_VARIABLES}
    return subprocess.run(["make", "-C", str(tree), *arguments], env=environment, **COMMAND)


def copy_sources(folder):
    tree = folder / "tree"
    tree.mkdir()
    shutil.copy(ROOT / "Makefile", tree)
    for name in ("model", "sim"):
        shutil.copytree(ROOT / name, tree / name)
    return tree


def build(checks, tree, name, compiler, flags):
    """Builds into a folder of its own; returns the program or None."""
    done = make(tree, f"-j{os.cpu_count() or 1}", f"BUILD={name}", f"CC={compiler}",
                f"CFLAGS={flags}")
    program = tree / name / "purseroll"
    built = done.returncode == 0 and program.exists()
    checks.check(built, f"{compiler} {flags}: builds", done.stdout[-2000:])
    checks.check("warning:" not in done.stdout, f"{compiler} {flags}: without a warning",
                 *re.findall(r".*warning:.*", done.stdout))
    return program if built else None


def check_same_bytes(checks, tree, folder):
    scenario = make_scenario(folder)
    expected = results_of(run(scenario, folder / "reference"))
    checks.check(set(COLUMNS) <= set(expected), "the program that is tested writes its files")
    for compiler, flags in (("gcc", "-O3"), ("clang", "-O0")):
        if shutil.which(compiler) is None:
            checks.skip(f"{compiler} {flags}: the same bytes", f"there is no {compiler}")
            continue
        name = f"build{flags}-{compiler}"
        program = build(checks, tree, name, compiler, flags)
        if program is None:
            continue
        found = results_of(run(scenario, folder / name, program=program))
        checks.equal([file for file in expected if found.get(file) != expected[file]], [],
                     f"{compiler} {flags}: the same bytes as {Path(PROGRAM).name} has written")
        checks.equal(sorted(found), sorted(expected), f"{compiler} {flags}: the same files")


def times_of(folder):
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns
            for path in folder.rglob("*") if path.is_file() and path.suffix != ".d"}


def rebuilt(tree, folder, *arguments):
    before = times_of(folder)
    done = make(tree, *arguments)
    return done, sorted(name for name, time in times_of(folder).items() if before.get(name) != time)


def check_incremental(checks, tree):
    arguments = ("BUILD=build-O3-gcc", "CC=gcc", "CFLAGS=-O3")
    folder = tree / "build-O3-gcc"
    done, names = rebuilt(tree, folder, *arguments)
    checks.check(done.returncode == 0 and names == [], "a second make rebuilds nothing",
                 done.stdout, names)
    (tree / "model/link.c").touch()
    done, names = rebuilt(tree, folder, *arguments)
    checks.equal(names, ["libmodel.a", "model/link.o", "purseroll"],
                 "a file that changed is compiled again, and nothing else")
    (tree / "sim/table.h").touch()
    done, names = rebuilt(tree, folder, *arguments)
    users = [f"sim/{path.stem}.o" for path in sorted((tree / "sim").glob("*.c"))
             if "sim/table.h" in included(tree, path)]
    objects = [name for name in names if name.endswith(".o")]
    checks.check(users and objects == users,
                 "a header that changed: the files that include it are compiled again",
                 f"expected {users}", f"found {objects}")


def included(tree, path, seen=None):
    """Every header of ours that @path includes, directly or not."""
    seen = set() if seen is None else seen
    for name in re.findall(r'^#include "([^"]+)"', path.read_text(encoding="utf-8"), re.M):
        if name not in seen:
            seen.add(name)
            included(tree, tree / name, seen)
    return seen


def check_flags(checks, tree):
    printed = make(tree, "-n", "V=1", "BUILD=other", "CFLAGS=-O1").stdout
    commands = [line for line in printed.splitlines() if " -c " in line]
    checks.check(
        len(commands) > 20
        and all("-O1" in line and flag in line for line in commands for flag in ALWAYS),
        f"CFLAGS=-O1 on the command line leaves {' '.join(ALWAYS)} in place", *commands[:1],
    )
    printed = make(tree, "-n", "V=1", "SAN=address").stdout
    commands = [line for line in printed.splitlines() if " -c " in line]
    checks.check(
        commands and all("-fsanitize=address" in line and "-o build/address/" in line
                         for line in commands),
        "SAN=address builds with that sanitizer into a folder of its own", *commands[:1],
    )


def check_help(checks, tree):
    done = make(tree, "help")
    targets = re.findall(r"^ *(\w+) {2,}\S", done.stdout, re.M)
    checks.check(done.returncode == 0 and {"run", "test", "plots"} <= set(targets),
                 "make help lists run, test and plots", done.stdout)
    makefile = (tree / "Makefile").read_text(encoding="utf-8").replace("\\\n", "")
    phony = re.findall(r"^\.PHONY: (.*)", makefile, re.M)
    checks.equal(sorted(set(targets) - set(" ".join(phony).split())), [],
                 "make help lists targets that there are")


def check_includes(checks, tree):
    for name, allowed in (("model", {"model"}), ("sim", {"sim", "model"})):
        strays, quoted, brackets = [], 0, set()
        for path in sorted((tree / name).glob("*.[ch]")):
            for what in re.findall(r"^#\s*include\s+(\S+)", path.read_text(encoding="utf-8"), re.M):
                if what.startswith("<"):
                    brackets.add(what.strip("<>"))
                elif what.strip('"').split("/")[0] in allowed and "/" in what:
                    quoted += 1
                else:
                    strays.append(f"{path.name}: {what}")
        checks.check(quoted > 0 and not strays,
                     f"{name}/ includes {' and '.join(sorted(allowed))}/ alone, by path", *strays)
        if name == "model":
            checks.equal(sorted(brackets & {"time.h", "sys/time.h", "stdio.h", "fcntl.h",
                                            "unistd.h", "gio/gio.h", "glib-unix.h"}), [],
                         "model/ includes neither clock nor file nor main loop")


def check_archive(checks, tree):
    if shutil.which("nm") is None:
        checks.skip("model/ needs no symbol of sim/", "there is no nm")
        return

    def symbols(archive, *arguments):
        done = subprocess.run(["nm", *arguments, str(tree / "build-O3-gcc" / archive)], **COMMAND)
        return {line.split()[-1] for line in done.stdout.splitlines() if len(line.split()) >= 2}

    defined = symbols("libsim.a", "--defined-only", "--extern-only")
    checks.check(len(defined) > 50, "libsim.a defines symbols")
    checks.equal(sorted(symbols("libmodel.a", "--undefined-only") & defined), [],
                 "model/ needs no symbol of sim/")


def test(checks, folder):
    tree = copy_sources(folder)
    check_includes(checks, tree)
    check_help(checks, tree)
    check_flags(checks, tree)
    check_same_bytes(checks, tree, folder)
    if checks.check((tree / "build-O3-gcc/purseroll").exists(), "there is a build to go on with"):
        check_incremental(checks, tree)
        check_archive(checks, tree)


def reason_to_skip():
    for tool in ("make", "gcc", "pkg-config"):
        if shutil.which(tool) is None:
            return f"there is no {tool}"
    packages = ["pkg-config", "--exists", "glib-2.0", "libsodium"]
    if subprocess.run(packages, **COMMAND).returncode != 0:
        return "pkg-config knows no glib-2.0 or no libsodium"
    return None


if __name__ == "__main__":
    reason = reason_to_skip()
    if reason is not None:
        print(f"1..0 # SKIP test_build: {reason}")
        sys.exit(SKIPPED)
    main(test)
