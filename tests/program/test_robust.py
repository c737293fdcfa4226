#!/usr/bin/env python3
"""What a run leaves behind when it is killed, when its folder goes away, fills up or may not be
written; and that nothing of where it runs reaches its results.

test_run.py has the rest: interrupts, limits on the size of a file, wrong names of folders.
"""

import os
import pty
import random
import re
import shutil
import signal
import stat
import subprocess
import threading
import time
from pathlib import Path

from harness import (HANGS_AFTER_S, PROGRAM, ROOT, ended, main, purseroll, read_ini, results_of,
                     run, wait_until)
from test_run import COLUMNS, files_in, limit_files, make_scenario

NOBODY = 65534
KILLS = 25
KILL_ATTEMPTS = 40
OLD_SEED, NEW_SEED = 11, 12
BRIEF = ("--replications", 1)
# ten minutes of computing
ENDLESS = (*BRIEF, "--set", "scenario.duration=100y",
           "--set", "cohort new.activity=constant 1000/d")


def start(scenario, output, *arguments, program=PROGRAM, **options):
    return subprocess.Popen(
        [str(program), "run", str(scenario), "--output", str(output), *map(str, arguments)],
        cwd=ROOT, stdin=subprocess.DEVNULL, encoding="utf-8",
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


def whole(folder):
    """{name: bytes} of everything in a folder, without the date in run.ini."""
    files = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
    if "run.ini" in files:
        files["run.ini"] = b"\n".join(line for line in files["run.ini"].split(b"\n")
                                      if not line.startswith(b"date="))
    return files


def is_temporary(name):
    return re.fullmatch(r"\..+\.\w{6}\.part", name) is not None


def kill_at_random(rng, usual, scenario, output, *arguments):
    """Kills a run somewhere before its end, at the first attempt if it takes as long as usual."""
    most = usual
    for _ in range(KILL_ATTEMPTS):
        process = start(scenario, output, *arguments)
        time.sleep(rng.uniform(0, most))
        process.kill()
        if ended(process)[0] == -signal.SIGKILL:
            return True
        most /= 2
    return False


def kill_while_renaming(rng, scenario, output, *arguments):
    """Kills a run once its files get their names; whether that was before its end."""
    before = (output / "summary.csv").stat().st_ino
    process = start(scenario, output, *arguments)
    wait_until(process, lambda: changes(output, before))
    time.sleep(rng.uniform(0, 0.0005))
    process.kill()
    return ended(process)[0] == -signal.SIGKILL


def check_kills(checks, scenario, scratch):
    """Killed at random moments; the later half of them near the end, where names change."""
    rng = random.Random(4)
    output = scratch / "killed"
    old = whole(run(scenario, output, *BRIEF, "--seed", OLD_SEED))
    new = whole(run(scenario, scratch / "new", *BRIEF, "--seed", NEW_SEED))
    began = time.monotonic()
    run(scenario, scratch / "new", *BRIEF, "--seed", NEW_SEED)
    usual = time.monotonic() - began
    killed = halves = mixed = 0
    for i in range(KILLS):
        arguments = (scenario, output, *BRIEF, "--seed", NEW_SEED)
        if i % 2 == 0:
            killed += kill_at_random(rng, usual, *arguments)
        else:
            killed += kill_while_renaming(rng, *arguments)
        left = whole(output)
        files = {name: content for name, content in left.items() if not is_temporary(name)}
        halves += sum(content not in (old[name], new[name]) for name, content in files.items())
        halves += sum(name not in old for name in files)
        series = {name: content == new[name] for name, content in files.items()}
        if "run.ini" in series and len(set(series.values())) > 1:
            mixed += 1
        if i % 5 == 4:
            run(scenario, output, *BRIEF, "--seed", OLD_SEED)
            checks.equal(sorted(old), files_in(output),
                         f"after {i + 1} kills: the next run removes what they left")
            checks.check(whole(output) == old, f"after {i + 1} kills: the next run is whole")
    checks.check(killed >= (KILLS + 1) // 2, f"{killed} of {KILLS} runs were killed")
    checks.equal(halves, 0, "killed runs: every file is the old one or the new one, or is absent")
    checks.equal(mixed, 0, "killed runs: where there is a run.ini, all files are of its run")


def changes(output, inode):
    """Whether the files of a result are getting their new names."""
    try:
        return (output / "summary.csv").stat().st_ino != inode or not (output / "run.ini").exists()
    except FileNotFoundError:
        return True


def check_leftovers(checks, scenario, scratch):
    """What killed runs have left goes; files that are nobody's stay always."""
    output = scratch / "shared"
    run(scenario, output)
    others = [".mine", ".rows.csv.backup", "notes.part", ".part"]
    for name in others:
        (output / name).write_text("mine\n", encoding="utf-8")
    (output / ".summary.csv.abcdef.part").write_text("left by a killed run\n", encoding="utf-8")
    long = start(scenario, output, *ENDLESS)
    wait_until(long, lambda: sum(map(is_temporary, files_in(output))) >= len(COLUMNS))
    living = {name for name in files_in(output) if is_temporary(name)}
    checks.check(".summary.csv.abcdef.part" not in living,
                 "a run removes what a killed one has left", living)
    long.send_signal(signal.SIGINT)
    status, _, errors = ended(long)
    checks.equal((status, errors.count("\n")), (130, 1), "which ends as it should")
    checks.equal(set(others) - set(files_in(output)), set(),
                 "a run leaves files with other names")
    checks.equal(sorted(set(files_in(output)) - set(others)), sorted([*COLUMNS, "run.ini"]),
                 "and no temporary file of its own")


def check_removed_folder(checks, scenario, scratch):
    output = scratch / "removed"
    process = start(scenario, output, *ENDLESS)
    wait_until(process, lambda: output.is_dir() and len(files_in(output)) >= len(COLUMNS))
    shutil.rmtree(output)
    process.send_signal(signal.SIGINT)  # it writes what it has
    status, out, errors = ended(process)
    checks.check(
        status == 1 and out == "" and errors.count("\n") == 1
        and str(output) in errors and "cannot write" in errors,
        "the folder is removed during a run: exit 1 and one line", status, out, errors)
    checks.check(not output.exists(), "the folder is removed during a run: it stays away")


def as_nobody():
    """How to run as a user who may not write everywhere; None if that is impossible."""
    if os.getuid() != 0:
        return {}
    options = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    try:
        done = subprocess.run([str(PROGRAM), "--version"], check=False, timeout=HANGS_AFTER_S,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    except OSError:
        return None
    return options if done.returncode == 0 else None


def check_read_only(checks, scenario, scratch):
    options = as_nobody()
    what = "a folder that may not be written: exit 1 and one line"
    if options is None:
        checks.skip(what, "nobody may not run the program here")
        return
    output = run(scenario, scratch / "read-only")
    before = whole(output)
    scratch.chmod(0o755)
    scenario.chmod(0o644)
    for path, mode in ((output, 0o555), (scratch / "closed", 0o555)):
        path.mkdir(exist_ok=True)
        path.chmod(mode)
    for path, text in ((output, what), (scratch / "closed/new", "nor may one be made in it")):
        done = purseroll("run", scenario, "--output", path, **options)
        checks.check(
            done.returncode == 1 and done.stdout == "" and done.stderr.count("\n") == 1
            and str(path) in done.stderr and "ermission denied" in done.stderr,
            text, done.returncode, done.stdout, done.stderr)
    checks.check(whole(output) == before, "and an older result stays as it was")
    output.chmod(0o755)
    (output / "summary.csv").chmod(0o444)
    run(scenario, output)
    checks.check(whole(output) == before, "a read-only file gives way in a folder that is not")
    unreadable = scratch / "unreadable.ini"
    shutil.copy(scenario, unreadable)
    unreadable.chmod(0)
    done = purseroll("check", unreadable, **options)
    checks.check(done.returncode == 1 and done.stderr.count("\n") == 1 and done.stdout == ""
                 and str(unreadable) in done.stderr,
                 "a scenario that may not be read: exit 1 and one line", done.stderr)


def check_full_disk(checks, scenario, scratch):
    """A file system of one's own, with room for some files, then for no name."""
    disk = scratch / "disk"
    disk.mkdir()
    for size, what in (("size=24k", "bytes"), ("nr_inodes=4", "names")):
        mounted = shutil.which("mount") and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", size, "none", str(disk)], check=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
        if not mounted:
            checks.skip(f"a disk full of {what}: exit 1 and one line", "cannot mount a tmpfs here")
            continue
        try:
            output = disk / "out"
            done = purseroll("run", scenario, "--output", output)
            checks.check(
                done.returncode == 1 and done.stdout == "" and done.stderr.count("\n") == 1
                and "No space left" in done.stderr,
                f"a disk full of {what}: exit 1 and one line", done.stdout, done.stderr)
            checks.equal(files_in(output) if output.exists() else [], [],
                         f"a disk full of {what}: nothing is left")
        finally:
            subprocess.run(["umount", str(disk)], check=False)


def check_no_room(checks, scenario, scratch):
    """What cannot fit is known before hours of work: at once, after one replication of very many,
    or with the one that finds no room."""
    many = "1000000"
    until = f"2..{many} until time-to-share(transfer, 2, 50%) +- 0.0000001%"
    for arguments, most, words, what in (
        ((*ENDLESS, "--set", "scenario.sample-interval=1h"), 1 << 20, "MiB at least that are to",
         "one long replication"),
        (("--replications", many), 20 << 20, "MiB at least that are to", "many replications"),
        (("--replications", until), 200_000, "cannot write: ", "as many as need be"),
    ):
        output = scratch / "room"
        done = purseroll("run", scenario, "--output", output, *arguments, restore_signals=False,
                         preexec_fn=lambda most=most: limit_files(most))
        checks.check(done.returncode == 1 and done.stdout == "" and done.stderr.count("\n") == 1
                     and words in done.stderr and files_in(output) == [],
                     f"no room for {what}: exit 1, one line and nothing left, long before the end",
                     done.returncode, done.stderr)


def check_full_output(checks, scenario, scratch):
    if not Path("/dev/full").exists():
        checks.skip("standard output that takes nothing: exit 1", "there is no /dev/full")
        return
    for command in (["check", scenario], ["chips"], ["--help"], ["explain"],
                    ["run", scenario, "--output", scratch / "unread", *BRIEF]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([str(PROGRAM), *map(str, command)], stdout=full, cwd=ROOT,
                                  stderr=subprocess.PIPE, encoding="utf-8", check=False)
        checks.check(done.returncode == 1 and done.stderr.count("\n") == 1
                     and "standard output" in done.stderr,
                     f"{command[0]}: standard output that takes nothing: exit 1 and one line",
                     done.returncode, done.stderr)
    checks.equal(files_in(scratch / "unread"), sorted([*COLUMNS, "run.ini"]),
                 "run: its results are there all the same")


def has_terminals():
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError:
        return False
    return True


def on_terminal(command):
    """Runs a command whose stderr is a terminal; returns status, stdout and what was shown."""
    ours, theirs = pty.openpty()
    shown = []

    def read():
        try:
            while data := os.read(ours, 4096):
                shown.append(data)
        except OSError:  # the other end is closed
            pass

    with subprocess.Popen(command, cwd=ROOT, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs,
                          encoding="utf-8", start_new_session=True) as process:
        os.close(theirs)
        reader = threading.Thread(target=read)
        reader.start()
        status, out, _ = ended(process)
    reader.join()
    os.close(ours)
    return status, out, b"".join(shown).decode()


def check_surroundings(checks, scenario, scratch):
    """The same bytes whoever looks on."""
    output = scratch / "seen"
    arguments = ["run", scenario, "--output", output, "--replications", 8]
    expected = None
    for mode in ("none", "plain", "auto"):
        done = purseroll(*arguments, "--progress", mode)
        found = (done.returncode, done.stdout, results_of(output))
        expected = expected or found
        checks.check(found == expected and done.returncode == 0 and "\033" not in done.stderr,
                     f"--progress {mode}: the same results and answer, no control characters",
                     done.stderr)
    for mode in ("none", "plain", "auto"):
        if not has_terminals():
            checks.skip(f"--progress {mode} on a terminal", "this machine lends no terminal")
            continue
        status, out, shown = on_terminal(list(map(str, [PROGRAM, *arguments, "--progress", mode])))
        checks.check((status, out, results_of(output)) == expected,
                     f"--progress {mode} on a terminal: the same results and answer", out)
        checks.check(("events/s" in shown and shown.endswith("\r\033[K")) if mode == "auto"
                     else "\033" not in shown,
                     f"--progress {mode} on a terminal: shows what it should", repr(shown[-200:]))
    for options, text in (
        ({"start_new_session": True}, "in a session of its own"),
        ({"env": {}}, "in an empty environment"),
        ({"env": {"LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Tokyo", "COLUMNS": "20"}},
         "in another locale and time zone"),
        ({"umask": 0o077}, "with a narrow umask"),
    ):
        done = purseroll(*arguments, **options)
        checks.check((done.returncode, done.stdout, results_of(output)) == expected,
                     f"{text}: the same results and answer", done.stdout, done.stderr)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in output.iterdir()}
    checks.equal(modes, {0o600}, "with a narrow umask: only the owner may read the results")
    checks.equal(read_ini(output / "run.ini")["run"].get("status"), "complete",
                 "run.ini says complete")


def test(checks, scratch):
    scenario = make_scenario(scratch)
    check_kills(checks, scenario, scratch)
    check_leftovers(checks, scenario, scratch)
    check_removed_folder(checks, scenario, scratch)
    check_read_only(checks, scenario, scratch)
    check_full_disk(checks, scenario, scratch)
    check_no_room(checks, scenario, scratch)
    check_full_output(checks, scenario, scratch)
    check_surroundings(checks, scenario, scratch)


if __name__ == "__main__":
    main(test)
