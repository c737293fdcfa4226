#!/usr/bin/env python3
"""The folder that a run writes into: what it replaces and takes away, what it must not touch, who
else may be at work there."""

import hashlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

from harness import PROGRAM, ROOT, ended, main, purseroll, read_ini, results_of, run, wait_until
from test_robust import ENDLESS, is_temporary, start, whole
from test_run import COLUMNS, ENSEMBLE, files_in, make_scenario

BRIEF = ("--replications", 1)
# every name that a run may give to a file
NAMES = sorted([*COLUMNS, ENSEMBLE, "points.csv", "exposure.csv", "revocation.csv", "attacks.csv",
                "run.ini"])
DRAW = ROOT / "plots/draw.sh"


def refused(done, path):
    """Whether a run ended because of a file that is none of ours."""
    return (done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1
            and done.stderr.startswith(f"{path}: ") and "--output" in done.stderr)


def check_list(checks, folder):
    listed = read_ini(folder / "run.ini")["run"]["files"].rstrip(";").split(";")
    expected = {f"{hashlib.sha256(content).hexdigest()}  {name}"
                for name, content in results_of(folder).items()}
    checks.equal(set(listed), expected, "run.ini lists the other files with their SHA-256")


def check_foreign(checks, scenario, scratch):
    """A user's own file under each of our names, in a new folder and beside results."""
    beside = run(scenario, scratch / "beside", *BRIEF)
    for name in NAMES:
        for folder, where in ((scratch / "own", "in a folder of its own"),
                              (beside, "beside results")):
            path = folder / name
            before = path.read_bytes() if path.exists() else None
            folder.mkdir(exist_ok=True)
            path.write_text("[notes]\nscenario=mine\n", encoding="utf-8")
            left = whole(folder)
            done = purseroll("run", scenario, "--output", folder, *BRIEF)
            checks.check(refused(done, path) and whole(folder) == left,
                         f"a user's {name} {where}: exit 2, and all stays", done.returncode,
                         done.stderr)
            path.unlink()
            if before is not None:
                path.write_bytes(before)
    for make, what in ((lambda path: path.mkdir(), "a folder"),
                       (lambda path: path.symlink_to(scenario), "a link")):
        folder = scratch / "odd"
        folder.mkdir()
        make(folder / "till.csv")
        done = purseroll("run", scenario, "--output", folder, *BRIEF)
        checks.check(refused(done, folder / "till.csv"), f"{what} with the name of a result",
                     done.stderr)
        shutil.rmtree(folder)
    run(scenario, beside, *BRIEF)


def check_changed(checks, scenario, scratch):
    folder = run(scenario, scratch / "changed", "--replications", 2)
    with open(folder / "till.csv", "a", encoding="utf-8") as file:
        file.write("a note\n")
    left = whole(folder)
    done = purseroll("run", scenario, "--output", folder, *BRIEF)
    checks.check(refused(done, folder / "till.csv") and "changed" in done.stderr
                 and whole(folder) == left, "a result that was edited stays: exit 2", done.stderr)
    (folder / "till.csv").unlink()
    copy = scratch / "copy"
    shutil.copytree(folder, copy)
    run(scenario, copy, *BRIEF)
    checks.equal(files_in(copy), sorted([*COLUMNS, "run.ini"]),
                 "a folder that was copied, one file less: replaced, ensemble.csv goes")


def check_without_list(checks, scenario, scratch):
    """Results of a version that wrote no list."""
    folder = run(scenario, scratch / "old", "--replications", 2)
    ini = folder / "run.ini"
    ini.write_text("".join(line for line in ini.read_text(encoding="utf-8").splitlines(True)
                           if not line.startswith("files=")), encoding="utf-8")
    (folder / "exposure.csv").write_text("day,lux\n1,2\n", encoding="utf-8")
    done = purseroll("run", scenario, "--output", folder, *BRIEF)
    checks.check(refused(done, folder / "exposure.csv"),
                 "beside results without a list a file with other columns is no result",
                 done.stderr)
    (folder / "exposure.csv").write_text("scenario,point\nsmall,0\n", encoding="utf-8")
    run(scenario, folder, *BRIEF)
    checks.equal(files_in(folder), sorted([*COLUMNS, "run.ini"]),
                 "results without a list are replaced, what is left over goes")


def check_list_of_the_future(checks, scenario, scratch):
    """A file that another version wrote and this one does not know."""
    folder = run(scenario, scratch / "future", *BRIEF)
    content = b"scenario,point\n"
    (folder / "tolls.csv").write_bytes(content)
    (folder / "notes.csv").write_bytes(b"mine\n")
    ini = folder / "run.ini"
    line = f"files={hashlib.sha256(content).hexdigest()}  tolls.csv;"
    ini.write_text(ini.read_text(encoding="utf-8").replace("files=", line), encoding="utf-8")
    run(scenario, folder, *BRIEF)
    checks.equal(files_in(folder), sorted([*COLUMNS, "run.ini", "notes.csv"]),
                 "what the list names and this version does not write goes; other files stay")


def check_words(checks, scenario, scratch):
    folder = scratch / "words"

    def said(*arguments):
        done = purseroll("run", scenario, "--output", folder, *BRIEF, *arguments)
        return done.returncode, done.stderr

    def of(whose):
        return 0, f"{folder}: the results of {whose} will be replaced\n"

    checks.equal(said(), (0, ""), "a new folder: nothing is said")
    checks.equal(said(), (0, ""), "the same scenario and seed again: nothing is said")
    checks.equal(said("--seed", 12), of("seed 11"), "another seed: it is said")
    checks.equal(said("--seed", 12, "--set", "scenario.population-seed=3"), of("seed 12"),
                 "another population-seed: it is said")
    checks.equal(said(), of("seed 12 with population-seed 3"), "and which one it was")
    said("--set", "cohort old.cards=50")
    checks.equal(said(), of("another scenario, small with [cohort old] cards = 50 and seed 11"),
                 "another setting: it is said")
    said("--set", "scenario.name=other")
    checks.equal(said(), of("another scenario, other with seed 11"), "another name: it is said")
    said("--set", "terminals kiosk.share=0%")
    checks.equal(said(), of("another scenario, small with [terminals kiosk] and seed 11"),
                 "another group: it is said")


def check_charts(checks, scenario, scratch):
    if shutil.which("gnuplot") is None:
        checks.skip("a run takes the charts of the earlier one away", "there is no gnuplot")
        return
    folder = run(scenario, scratch / "charts", "--replications", 2)
    run_ini = folder / "run.ini"
    for words in ("as it was", "drawn otherwise"):
        run_ini.write_text(run_ini.read_text(encoding="utf-8").replace(
            "[scenario]\n", f"[scenario]\ntitle={words}\n"), encoding="utf-8")
        drawn = subprocess.run(["sh", str(DRAW), str(folder)], stdout=subprocess.PIPE, check=True,
                               encoding="utf-8").stdout.split()
        lines = (folder / "charts.sha256").read_text(encoding="utf-8").splitlines()
        checks.equal((sorted(lines[1:]), lines[0]),
                     (sorted(f"{hashlib.sha256(Path(path).read_bytes()).hexdigest()}  "
                             f"{Path(path).name}" for path in drawn), "# drawn by plots/draw.sh"),
                     "draw.sh lists its charts with their SHA-256")
    edited = folder / "outcomes.svg"
    edited.write_text(edited.read_text(encoding="utf-8") + "<!-- mine -->\n", encoding="utf-8")
    (folder / "photo.png").write_bytes(b"mine")
    done = purseroll("run", scenario, "--output", folder, *BRIEF)
    checks.equal(files_in(folder), sorted([*COLUMNS, "run.ini", "outcomes.svg", "photo.png"]),
                 "a run takes the charts of the earlier one away, and nobody else's pictures")
    checks.equal([line for line in done.stderr.splitlines() if "stays" in line],
                 [f"{folder}/{name}: stays, but may show the results that were replaced"
                  for name in ("outcomes.svg", "photo.png")], "and names those that stay")
    (folder / "charts.sha256").write_text(
        f"{hashlib.sha256(b'mine').hexdigest()}  photo.png\n", encoding="utf-8")
    run(scenario, folder, *BRIEF)
    checks.check({"charts.sha256", "photo.png"} <= set(files_in(folder)),
                 "a list that draw.sh has not begun counts for nothing")


def check_two_at_once(checks, scenario, scratch):
    folder = run(scenario, scratch / "two", *BRIEF)
    before = whole(folder)
    long = start(scenario, folder, *ENDLESS)
    wait_until(long, lambda: sum(map(is_temporary, files_in(folder))) >= len(COLUMNS))
    living = {name for name in files_in(folder) if is_temporary(name)}
    done = purseroll("run", scenario, "--output", folder, *BRIEF)
    checks.check(done.returncode == 1 and done.stdout == "" and done.stderr.count("\n") == 1
                 and done.stderr.startswith(f"{folder}: ") and "another run" in done.stderr,
                 "a second run into the folder: exit 1 and one line", done.returncode, done.stderr)
    checks.equal((living - set(files_in(folder)),
                  {name: content for name, content in whole(folder).items()
                   if name in before} == before), (set(), True),
                 "it touches nothing, neither results nor the first run's temporary files")
    long.send_signal(signal.SIGKILL)
    ended(long)
    run(scenario, folder, *BRIEF)
    checks.check(whole(folder) == before, "once the first is gone a run may write there")


def check_pairs(checks, scenario, scratch):
    """Pairs of runs that start together: the folder is always of one of them."""
    folder = scratch / "pairs"
    seeds = (21, 22)
    expected = {str(seed): results_of(run(scenario, scratch / str(seed), *BRIEF, "--seed", seed))
                for seed in seeds}
    mixed, statuses = 0, []
    for _ in range(20):
        pair = [start(scenario, folder, *BRIEF, "--seed", seed) for seed in seeds]
        statuses.append(sorted(ended(process)[0] for process in pair))
        mixed += results_of(folder) != expected[read_ini(folder / "run.ini")["run"]["seed"]]
    checks.equal(mixed, 0, "20 pairs of runs into one folder: files of one run each time")
    checks.check(all(status in ([0, 0], [0, 1]) for status in statuses),
                 "one after the other, or the second is refused", statuses)


def check_folder_taken_away(checks, scenario, scratch):
    """The folder is replaced by another run's under a run: the latter's results stay whole."""
    folder = scratch / "replaced"
    long = start(scenario, folder, *ENDLESS)
    wait_until(long, lambda: folder.is_dir() and len(files_in(folder)) >= len(COLUMNS))
    shutil.rmtree(folder)
    before = whole(run(scenario, folder, *BRIEF))
    long.send_signal(signal.SIGINT)
    status, out, errors = ended(long)
    checks.check(status == 1 and out == "" and errors.count("\n") == 1 and str(folder) in errors,
                 "the folder is replaced during a run: exit 1 and one line", status, errors)
    checks.check(whole(folder) == before, "and what is there now stays")


def check_inputs(checks, scenario, scratch):
    """A run never replaces a file that it reads, not even one that a run wrote."""
    folder = run(scenario, scratch / "inputs", *BRIEF)
    mine = scratch / "inputs.ini"
    link = scratch / "link.csv"
    link.symlink_to(folder / "outcomes.csv")
    for file in ("inputs/outcomes.csv", "link.csv"):
        mine.write_text(f"""[scenario]
name = inputs
[scheme]
embodiment = 1
[mixing]
model = trace
trace-file = {file}
trace-columns = time_s,replication,point
[cohort all]
cards = rest
transfer-key = 1
update-key = 1
""", encoding="utf-8")
        before = whole(folder)
        done = purseroll("run", mine, "--output", folder)
        checks.check(refused(done, folder / "outcomes.csv") and str(scratch / file) in done.stderr
                     and whole(folder) == before, f"its trace is {file} of that folder: exit 2",
                     done.returncode, done.stderr)
    checks.equal(purseroll("run", mine, "--output", scratch / "elsewhere").returncode, 0,
                 "which it reads into another folder")
    for name in ("run.ini", "points.csv"):
        own = scratch / "own-scenario"
        own.mkdir()
        shutil.copy(scenario, own / name)
        done = purseroll("run", own / name, "--output", own)
        checks.check(refused(done, own / name) and files_in(own) == [name],
                     f"its scenario stands there as {name}: exit 2", done.stderr)
        shutil.rmtree(own)


def status_without(numbers, *arguments):
    """Runs the program without some of its first three descriptors; returns its exit status."""
    def close():
        for number in numbers:
            os.close(number)

    return subprocess.run([str(PROGRAM), *map(str, arguments)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
                          preexec_fn=close).returncode


def check_descriptors(checks, scenario, scratch):
    """Without some of the first three descriptors nothing is printed into a result."""
    folder = scratch / "closed"
    expected = results_of(run(scenario, scratch / "open", *BRIEF))
    for numbers in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)):
        run(scenario, folder, *BRIEF, "--seed", 12)  # of which something is said on stderr
        status = status_without(numbers, "run", scenario, "--output", folder, *BRIEF)
        checks.equal((status, results_of(folder) == expected), (1 if 1 in numbers else 0, True),
                     f"descriptors {numbers} closed: results as ever, exit 1 without stdout")
        checks.equal(status_without(numbers, "check", scenario, "--seed", "x"), 2,
                     f"descriptors {numbers} closed: wrong usage is exit 2")


def test(checks, scratch):
    scenario = make_scenario(scratch)
    check_list(checks, run(scenario, scratch / "list"))
    check_foreign(checks, scenario, scratch)
    check_changed(checks, scenario, scratch)
    check_without_list(checks, scenario, scratch)
    check_list_of_the_future(checks, scenario, scratch)
    check_words(checks, scenario, scratch)
    check_charts(checks, scenario, scratch)
    check_two_at_once(checks, scenario, scratch)
    check_pairs(checks, scenario, scratch)
    check_folder_taken_away(checks, scenario, scratch)
    check_inputs(checks, scenario, scratch)
    check_descriptors(checks, scenario, scratch)


if __name__ == "__main__":
    main(test)
