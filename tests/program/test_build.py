#!/usr/bin/env python3
"""The build: the same bytes whatever the compiler, nothing built twice, rooms that only look down.

Works on a copy of the sources in a temporary folder.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from harness import HANGS_AFTER_S, PROGRAM, ROOT, SKIPPED, main, make, results_of, run
from test_run import COLUMNS, make_scenario

COMMAND = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT,
           "encoding": "utf-8", "check": False, "timeout": HANGS_AFTER_S}
# Flags of the project that a user's own must not displace: results and warnings hang on them.
ALWAYS = ["-std=c11", "-ffp-contract=off"]


BUILT = ("BUILD=build-O3-gcc", "CC=gcc", "CFLAGS=-O3")


def copy_sources(folder):
    tree = folder / "tree"
    tree.mkdir()
    shutil.copy(ROOT / "Makefile", tree)
    for name in ("model", "sim"):
        shutil.copytree(ROOT / name, tree / name)
    return tree


def build(checks, tree, name, compiler, flags):
    """Builds into a folder of its own; returns the program or None."""
    done = make(f"-j{os.cpu_count() or 1}", f"BUILD={name}", f"CC={compiler}", f"CFLAGS={flags}",
                folder=tree)
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
    done = make(*arguments, folder=tree)
    return done, sorted(name for name, time in times_of(folder).items() if before.get(name) != time)


def check_incremental(checks, tree):
    folder = tree / "build-O3-gcc"
    done, names = rebuilt(tree, folder, *BUILT)
    checks.check(done.returncode == 0 and names == [], "a second make rebuilds nothing",
                 done.stdout, names)
    (tree / "model/protocol/link.c").touch()
    done, names = rebuilt(tree, folder, *BUILT)
    checks.equal(names, ["lib/model-protocol.a", "model/protocol/link.o", "purseroll"],
                 "a file that changed is compiled again, and nothing else")
    (tree / "sim/base/table.h").touch()
    done, names = rebuilt(tree, folder, *BUILT)
    users = [str(path.relative_to(tree).with_suffix(".o"))
             for path in sorted((tree / "sim").glob("*/*.c"))
             if "sim/base/table.h" in included(tree, path)]
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


def lacking(line, flags):
    """Those of the flags that a command has not got; one that ends in = has any value."""
    words = line.split()
    return [f"{flag} in {line}" for flag in flags
            if flag not in words and not (flag[-1] == "=" and any(word.startswith(flag)
                                                                  for word in words))]


def check_own_flags(checks, tree):
    """What a user sets on the command line joins what the project needs and displaces nothing."""
    own = ("CPPFLAGS=-DX", "LDLIBS=-lz", "LDFLAGS=-Wl,-O1", "CFLAGS=-O1")
    to_compile = ["-DX", "-O1", "-I.", "-MMD", "-DPURSEROLL_VERSION=", *ALWAYS]
    to_link = ["-lz", "-Wl,-O1", "-O1", "-lglib-2.0", "-lsodium", "-lgsl", "-lcsv", "-lm"]
    for sanitizer in ((), ("address",)):
        arguments = (*own, *(f"SAN={name}" for name in sanitizer))
        always = [f"-fsanitize={name}" for name in sanitizer]
        lines = make("-n", "V=1", "BUILD=own", *arguments, folder=tree).stdout.splitlines()
        compiled = [line for line in lines if " -c " in line]
        linked = [line for line in lines if line.endswith("-o own/purseroll")]
        missing = [what for line in compiled for what in lacking(line, to_compile + always)]
        missing += [what for line in linked for what in lacking(line, to_link + always)]
        checks.check(len(compiled) > 20 and len(linked) == 1 and not missing,
                     f"{' '.join(arguments)} on the command line leaves the rest in place",
                     *missing[:5])


def check_flags(checks, tree):
    printed = make("-n", "V=1", "BUILD=other", "CFLAGS=-O1", folder=tree).stdout
    commands = [line for line in printed.splitlines() if " -c " in line]
    checks.check(
        len(commands) > 20
        and all("-O1" in line and flag in line for line in commands for flag in ALWAYS),
        f"CFLAGS=-O1 on the command line leaves {' '.join(ALWAYS)} in place", *commands[:1],
    )
    printed = make("-n", "V=1", "SAN=address", folder=tree).stdout
    commands = [line for line in printed.splitlines() if " -c " in line]
    checks.check(
        commands and all("-fsanitize=address" in line and "-o build/address/" in line
                         for line in commands),
        "SAN=address builds with that sanitizer into a folder of its own", *commands[:1],
    )


def check_hardened(checks):
    """What the compiler and the linker were asked for stands in the program."""
    if shutil.which("readelf") is None:
        checks.skip("the program is hardened", "there is no readelf")
        return
    listed = subprocess.run(["readelf", "--wide", "--dynamic", "--dyn-syms", "--program-headers",
                             str(PROGRAM)], check=True, stdout=subprocess.PIPE, encoding="utf-8")
    for sign, what in (("__stack_chk_fail", "stacks are guarded"),
                       ("_chk@GLIBC", "calls of the C library are guarded where sizes are known"),
                       ("BIND_NOW", "symbols are bound at the start"),
                       ("GNU_RELRO", "and cannot be changed afterwards")):
        checks.check(sign in listed.stdout, f"{what}: {sign}")


def check_help(checks, tree):
    done = make("help", folder=tree)
    targets = re.findall(r"^ *(\w+) {2,}\S", done.stdout, re.M)
    checks.check(done.returncode == 0 and {"run", "test", "plots"} <= set(targets),
                 "make help lists run, test and plots", done.stdout)
    makefile = (tree / "Makefile").read_text(encoding="utf-8").replace("\\\n", "")
    phony = re.findall(r"^\.PHONY: (.*)", makefile, re.M)
    checks.equal(sorted(set(targets) - set(" ".join(phony).split())), [],
                 "make help lists targets that there are")


def rooms_of(output):
    """What `make house` says that each room may see."""
    return {room: set(seen.split()) for room, seen in
            re.findall(r"^((?:model|sim)/\w+) links over(?:: (.*)| nothing)$", output, re.M)}


def strays(tree, rooms):
    """Includes of a room that it may not see, and those that name none."""
    found = []
    for room, seen in rooms.items():
        for path in sorted((tree / room).glob("*.[ch]")):
            for what in re.findall(r'^#\s*include\s+"([^"]+)"', path.read_text(encoding="utf-8"),
                                   re.M):
                if what.rpartition("/")[0] not in seen | {room}:
                    found.append(f"{path.relative_to(tree)}: {what}")
    return found


def brackets_of(folder):
    return {what for path in folder.glob("*/*.[ch]") for what in
            re.findall(r"^#\s*include\s+<([^>]+)>", path.read_text(encoding="utf-8"), re.M)}


def check_house(checks, tree):
    done = make("house", *BUILT, folder=tree)
    rooms = rooms_of(done.stdout)
    folders = {str(path.relative_to(tree)) for top in ("model", "sim")
               for path in (tree / top).iterdir() if path.is_dir()}
    checks.check(done.returncode == 0, "every room links over what it may see", done.stdout)
    checks.equal(set(rooms), folders, "make house links every room that there is")
    order = list(rooms)
    checks.equal([room for room in order if not rooms[room] <= set(order[:order.index(room)])], [],
                 "a room sees only those that are linked before it")
    checks.equal([rooms["model/wire"], rooms["model/decision"]], [{"model/protocol"}] * 2,
                 "neither level of the model sees the other")
    checks.equal([seen for room, seen in rooms.items() if room.startswith("model/")
                  and any(name.startswith("sim/") for name in seen)], [],
                 "no room of model/ sees one of sim/")
    checks.equal(strays(tree, rooms), [], "no file includes what its room may not see")
    checks.equal(sorted(brackets_of(tree / "model") &
                        {"time.h", "sys/time.h", "stdio.h", "fcntl.h", "unistd.h", "gio/gio.h",
                         "glib-unix.h"}), [],
                 "model/ includes neither clock nor file nor main loop")
    # What a room may not see: a function of it, called without its header, and a type of it.
    for path, symbol in (("model/wire/terminal.c", "settle_learn"),
                         ("sim/base/engine.c", "world_note_cards")):
        whole = (tree / path).read_text(encoding="utf-8")
        (tree / path).write_text(f"{whole}\nvoid {symbol}(void);\nvoid climb(void);\n"
                                 f"void climb(void) {{ {symbol}(); }}\n", encoding="utf-8")
        done = make("house", *BUILT, folder=tree)
        checks.check(done.returncode != 0 and symbol in done.stdout,
                     f"{path} that calls {symbol} breaks the house", done.stdout[-2000:])
        (tree / path).write_text(whole, encoding="utf-8")
    path = tree / "sim/base/stream.h"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole + '#include "sim/world/world.h"\n', encoding="utf-8")
    checks.equal(strays(tree, rooms), ["sim/base/stream.h: sim/world/world.h"],
                 "an include upwards is seen")
    path.write_text(whole, encoding="utf-8")


def test(checks, folder):
    tree = copy_sources(folder)
    check_help(checks, tree)
    check_flags(checks, tree)
    check_hardened(checks)
    check_own_flags(checks, tree)
    check_same_bytes(checks, tree, folder)
    if checks.check((tree / "build-O3-gcc/purseroll").exists(), "there is a build to go on with"):
        check_incremental(checks, tree)
        check_house(checks, tree)


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
