#!/usr/bin/env python3
"""The folder of results: its files and columns, what makes equal bytes, what failing leaves behind.

File names, columns, outcomes and metrics stand here in full: whoever reads results relies on them.
"""

import re
import resource
import shutil
import signal
import subprocess
from pathlib import Path

from harness import (
    PROGRAM,
    ROOT,
    computed,
    ended,
    main,
    purseroll,
    read_ini,
    read_rows,
    results_of,
    run,
    totals,
    wait_until,
    write_scenario,
)

COLUMNS = {
    "propagation.csv": "scenario,point,replication,time_s,key,generation,"
    "cards,share,share_at_least",
    "outcomes.csv": "scenario,point,replication,time_s,outcome,count",
    "latency.csv": "scenario,point,replication,path,phase,count,"
    "mean_ms,sd_ms,min_ms,p50_ms,p90_ms,p99_ms,max_ms",
    "value.csv": "scenario,point,replication,time_s,initial,loaded,unloaded,paid,destroyed,minted,"
    "stranded,residual",
    "summary.csv": "scenario,point,replication,metric,key,generation,share,unit,value",
    "terminals.csv": "scenario,point,replication,terminals,count,settlements,utilisation,"
    "share_waited,wait_mean_ms,wait_sd_ms,wait_p50_ms,wait_p90_ms,wait_p99_ms,wait_max_ms,"
    "unserved",
    "value.csv": "scenario,point,replication,time_s,initial,loaded,unloaded,paid,destroyed,minted,"
                 "stranded,residual",
    "till.csv": "scenario,point,replication,time_s,till_seconds_added,updates_symmetric,"
    "updates_public_key",
}
ENSEMBLE = "ensemble.csv"
ENSEMBLE_COLUMNS = (
    "scenario,point,metric,key,generation,share,unit,"
    "n,n_reached,mean,sd,ci95_low,ci95_high,p05,p50,p95"
)
FILES = sorted(COLUMNS) + ["run.ini"]
OUTCOMES = """paid paid-after-symmetric-update paid-after-public-key-update refused-expired
refused-revoked refused-update-key refused-update-key-order refused-update-key-limit refused-limit
refused-certificate refused-different-ids refused-authentication refused-balance torn-before-debit
torn-after-debit torn-after-credit card-busy""".split()
UNITS = {
    "meetings": "meetings", "paid": "meetings", "updates-symmetric": "updates",
    "updates-public-key": "updates", "refused": "meetings", "card-busy": "arrivals",
    "unserved": "arrivals",
    "value-paid": "minor-units", "value-destroyed": "minor-units",
    "books-residual": "minor-units", "ties": "events", "till-seconds-added": "s",
    "share-over-200ms": "share", "share-over-500ms": "share",
}
SHARES = ["0.1", "0.5", "0.9", "0.99", "0.999", "1"]
GENERATION_UNITS = {"time-to-share": "s", "doubling-time": "s", "meetings-to-share": "meetings", "final-share": "share"}

DURATION_DAYS = 12
N_CARDS = 120
N_ISSUED = 30
N_REPLICATIONS = 4


def make_scenario(folder):
    """Small, and with some of everything: three outcomes refused, queues, both kinds of update, a
    swap, cards that are issued, an end that is off the sample grid."""
    return write_scenario(folder / "small.ini", {
        "scenario": {"name": "small", "title": "Some of everything",
                     "duration": f"{DURATION_DAYS}d", "sample-interval": "5d", "seed": 11,
                     "replications": N_REPLICATIONS},
        "scheme": {"embodiment": 5},
        "cohort old": {"cards": 75, "transfer-key": 1, "update-key": 1, "chip": "jcop-2.4.1",
                       "activity": "constant 2/d", "balance": "uniform 0 3000",
                       "expiry": "fixed 9d"},
        "cohort limited": {"cards": 5, "transfer-key": 1, "update-key": 1,
                           "transfer-key-limit": 1,
                           "activity": "constant 1/d"},
        "cohort new": {"cards": 40, "transfer-key": 2, "update-key": 2,
                       "activity": "constant 1.5/d", "balance": "uniform 1000 5000"},
        "cohort later": {"cards": 0, "transfer-key": 2, "update-key": 2},
        "terminals shop": {"share": "60%", "count": 1, "kind": "pos", "interface": "14443-424"},
        "terminals vending": {"share": "40%", "interface": "7816-t1,14443-106"},
        "amount": {"law": "uniform 1 900"},
        "plan swap": {"at": "3d", "do": "swap", "cards": 10, "transfer-key": 3, "update-key": 2,
                      "transfer-key-limit": 9},
        "plan issue": {"at": "6d", "do": "issue", "cards": N_ISSUED, "cohort": "later"},
    })


def files_in(folder):
    return sorted(path.name for path in Path(folder).iterdir())


def check_contract(checks, folder):
    names = files_in(folder)
    checks.equal([name for name in names if name != ENSEMBLE], sorted(FILES),
                 "a run writes its files and leaves nothing else")
    for name, columns in COLUMNS.items():
        checks.equal((folder / name).read_text(encoding="utf-8").split("\n")[0], columns,
                     f"{name}: columns")
        text = (folder / name).read_bytes()
        checks.check(text.endswith(b"\n") and b"\r" not in text and b'"' not in text,
                     f"{name}: whole lines, LF, nothing quoted that need not be")
        rows = read_rows(folder / name)
        widths = {len(line.split(",")) for line in text.decode().splitlines()}
        checks.equal(widths, {columns.count(",") + 1}, f"{name}: every row has every column")
        checks.equal({(row["scenario"], row["point"]) for row in rows}, {("small", "0")},
                     f"{name}: scenario and point")
        checks.equal([int(row["replication"]) for row in rows],
                     sorted(int(row["replication"]) for row in rows), f"{name}: in order")
        checks.equal({int(row["replication"]) for row in rows},
                     set(range(1, N_REPLICATIONS + 1)), f"{name}: replications 1 to 4")
    if ENSEMBLE in names:
        checks.equal((folder / ENSEMBLE).read_text(encoding="utf-8").split("\n")[0],
                     ENSEMBLE_COLUMNS, f"{ENSEMBLE}: columns")
    else:
        checks.skip(f"{ENSEMBLE}: columns", "this version writes none")


def check_terminals(checks, folder, scratch):
    meetings = {str(number): metrics["meetings"]
                for number, metrics in totals(read_rows(folder / "summary.csv")).items()}
    settled = {}
    for row in read_rows(folder / "terminals.csv"):
        settled[row["replication"]] = settled.get(row["replication"], 0) + int(row["settlements"])
    checks.equal(settled, meetings, "terminals.csv: every meeting is a settlement somewhere")
    seconds = 600
    queue = run(write_scenario(scratch / "queue.ini", {
        "scenario": {"name": "queue", "duration": f"{seconds}s", "sample-interval": "60s"},
        "scheme": {"embodiment": 1},
        "cohort all": {"cards": 3000, "transfer-key": 1, "update-key": 1,
                       "activity": "constant 12/h"},
        "terminals tills": {"count": 2, "share": "80%"},
        "terminals handheld": {"share": "20%"},
    }), scratch / "queue")
    tills, handheld = read_rows(queue / "terminals.csv")
    rows = {row["phase"]: row for row in read_rows(queue / "latency.csv")}
    total, wait = rows["total"], rows["wait"]
    n = int(tills["settlements"])
    busy = n * float(total["mean_ms"]) / 1000 / (2 * seconds)
    checks.check(0 <= busy - float(tills["utilisation"]) < 2 * 0.2 / (2 * seconds) and busy > 0.2,
                 "terminals.csv: utilisation is settlements times their duration", busy, tills)
    checks.near(float(tills["wait_mean_ms"]) * n,
                float(wait["mean_ms"]) * int(wait["count"]), 1e-5 * n,
                "terminals.csv: the waits of latency.csv, all at the tills")
    checks.check(0.1 < float(tills["share_waited"]) < 1 and tills["count"] == "2",
                 "terminals.csv: some waited", tills)
    checks.check(n + int(handheld["settlements"]) == int(total["count"]) and handheld["count"] == ""
                 and handheld["utilisation"] == handheld["wait_mean_ms"] == "",
                 "terminals.csv: nobody waits where terminals are unlimited", handheld)


def check_propagation(checks, folder):
    rows = read_rows(folder / "propagation.csv")
    samples = {}
    for row in rows:
        key = (row["replication"], row["key"], float(row["time_s"]) / 86400)
        samples.setdefault(key, []).append(row)
    times = sorted({time for _, _, time in samples})
    checks.equal(times, [0, 5, 10, DURATION_DAYS],
                 "propagation.csv: a sample at each interval and at the end")
    checks.equal({key for _, key, _ in samples}, {"transfer", "update"},
                 "propagation.csv: both kinds of key")
    wrong_sums, wrong_cards, wrong_at_least, first = [], [], [], {}
    for (replication, kind, time), group in samples.items():
        cards = [int(row["cards"]) for row in group]
        n = N_CARDS + (N_ISSUED if time >= 6 else 0)
        if sum(cards) != n:
            wrong_cards.append(f"{sum(cards)} of {n} at day {time}, replication {replication}")
        if abs(sum(float(row["share"]) for row in group) - 1) > 1e-8:
            wrong_sums.append(f"{kind} at day {time}, replication {replication}")
        for i, row in enumerate(group):
            if (row["share_at_least"] != f"{sum(cards[i:]) / n:.9g}"
                    or row["share"] != f"{cards[i] / n:.9g}"):
                wrong_at_least.append(str(row))
            first.setdefault((kind, row["generation"]), time)
    checks.check(not wrong_sums, "propagation.csv: shares sum to 1", *wrong_sums)
    checks.check(not wrong_cards, "propagation.csv: cards sum to those in circulation",
                 *wrong_cards)
    checks.check(not wrong_at_least, "propagation.csv: share and share_at_least to nine digits",
                 *wrong_at_least)
    checks.equal(first[("transfer", "3")], 5,
                 "propagation.csv: no row of a generation before it appears")


def check_summary(checks, folder):
    rows = read_rows(folder / "summary.csv")
    outcomes = read_rows(folder / "outcomes.csv")
    propagation = read_rows(folder / "propagation.csv")
    latency = read_rows(folder / "latency.csv")
    checks.equal({row["outcome"] for row in outcomes} - set(OUTCOMES), set(),
                 "outcomes.csv: known outcomes")
    checks.check(all(int(row["count"]) > 0 for row in outcomes), "outcomes.csv: no zero rows")
    checks.equal(sorted({float(row["time_s"]) / 86400 for row in outcomes}),
                 [5, 10, DURATION_DAYS], "outcomes.csv: the end of each interval")
    checks.equal({row["metric"]: row["unit"] for row in rows if row["generation"] == ""}, UNITS,
                 "summary.csv: metrics of the run and their units")
    checks.equal({row["metric"]: row["unit"] for row in rows if row["generation"] != ""},
                 GENERATION_UNITS, "summary.csv: metrics of a generation and their units")
    for replication, metrics in totals(rows).items():
        of = f"summary.csv, replication {replication}"
        counts = {}
        for row in outcomes:
            if int(row["replication"]) == replication:
                counts[row["outcome"]] = counts.get(row["outcome"], 0) + int(row["count"])
        sums = {word: sum(n for name, n in counts.items() if name.startswith(word))
                for word in ("paid", "refused", "torn")}
        checks.equal(metrics["paid"], sums["paid"], f"{of}: paid is the sum of paid*")
        checks.equal(metrics["refused"], sums["refused"], f"{of}: refused is that of refused-*")
        checks.equal(metrics["meetings"], sum(sums.values()),
                     f"{of}: meetings = paid + refused + torn")
        checks.equal(metrics["card-busy"], counts.get("card-busy", 0), f"{of}: card-busy")
        checks.check(
            metrics["updates-symmetric"] >= counts["paid-after-symmetric-update"] > 0
            and metrics["updates-public-key"] >= counts["paid-after-public-key-update"] > 0,
            f"{of}: no fewer updates than payments after one", metrics, counts,
        )
        checks.equal((metrics["books-residual"], metrics["value-destroyed"]), (0, 0),
                     f"{of}: the books are even")
        paid = {row["path"]: int(row["count"]) for row in latency
                if int(row["replication"]) == replication and row["phase"] == "total"}
        checks.equal(paid, {"none": counts["paid"],
                            "symmetric": counts["paid-after-symmetric-update"],
                            "public-key": counts["paid-after-public-key-update"]},
                     f"latency.csv, replication {replication}: as many as were paid")
        check_shares(checks, of, [row for row in rows if int(row["replication"]) == replication],
                     [row for row in propagation if int(row["replication"]) == replication],
                     metrics["meetings"])
    refused = {row["outcome"] for row in outcomes if row["outcome"].startswith("refused")}
    checks.check({"refused-expired", "refused-balance", "refused-limit"} <= refused,
                 "outcomes.csv: expired, poor and limited cards are refused", refused)


def check_shares(checks, of, rows, propagation, n_meetings):
    end = max(float(row["time_s"]) for row in propagation)
    wrong = []
    generations = {(row["key"], row["generation"]) for row in propagation}
    told = {(row["key"], row["generation"]) for row in rows if row["generation"] != ""}
    checks.equal(told, generations, f"{of}: every generation that appeared")
    for key, generation in sorted(generations):
        mine = [row for row in rows if (row["key"], row["generation"]) == (key, generation)]
        final = [row["value"] for row in mine if row["metric"] == "final-share"]
        last = [row["share_at_least"] for row in propagation
                if (row["key"], row["generation"]) == (key, generation)
                and float(row["time_s"]) == end]
        if final != last:
            wrong.append(f"{key} {generation}: final-share {final}, at the end {last}")
        for metric, most in (("time-to-share", end), ("meetings-to-share", n_meetings)):
            found = [(row["share"], row["value"]) for row in mine if row["metric"] == metric]
            reached = [float(value) for _, value in found if value != ""]
            if [share for share, _ in found] != SHARES:
                wrong.append(f"{key} {generation}: shares of {metric}: {found}")
            if reached != sorted(reached) or any(not 0 <= value <= most for value in reached):
                wrong.append(f"{key} {generation}: {metric}: {found}")
        sampled = max(float(row["share_at_least"]) for row in propagation
                      if (row["key"], row["generation"]) == (key, generation))
        for row in mine:
            if row["metric"] == "time-to-share" and row["value"] == "":
                if sampled >= float(row["share"]):
                    wrong.append(f"{key} {generation}: {row['share']} was reached: {sampled}")
    checks.check(not wrong, f"{of}: times and meetings to each share", *wrong)


def check_run_ini(checks, scenario, folder, scratch):
    ini = read_ini(folder / "run.ini")
    keys = ini.get("run", {})
    wanted = {"version", "date", "scenario-file", "fidelity", "status", "seed", "replications"}
    checks.check(wanted <= set(keys), "run.ini: [run] has its keys", wanted - set(keys))
    checks.equal((keys.get("status"), keys.get("fidelity"), keys.get("seed"),
                  keys.get("replications")), ("complete", "apdu", "11", str(N_REPLICATIONS)),
                 "run.ini: status, fidelity, seed, replications")
    checks.check({"scenario", "scheme", "cohort old", "terminals shop", "plan swap", "amount",
                  "mixing"} <= set(ini), "run.ini: the effective scenario", set(ini))
    text = (folder / "run.ini").read_text(encoding="utf-8")
    again = scratch / "again.ini"
    again.write_text(text[: text.index("[run]")], encoding="utf-8")
    checks.equal(results_of(run(again, scratch / "again")), results_of(folder),
                 "run.ini without [run] is a scenario that gives the same bytes")
    printed = purseroll("check", scenario).stdout
    effective = [line for line in printed.splitlines() if not line.startswith("#")]
    checks.equal("\n".join(effective).strip(), text[: text.index("[run]")].strip(),
                 "check prints the effective scenario that run.ini keeps")


def check_reproducible(checks, scenario, folder, scratch):
    results = results_of(folder)
    checks.check(results_of(run(scenario, scratch / "same")) == results,
                 "the same scenario gives the same bytes")
    other = results_of(run(scenario, scratch / "other", "--seed", 12))
    checks.check(all(other[name] != results[name] for name in COLUMNS),
                 "another seed gives other bytes in every file")
    checks.equal(results_of(run(scenario, scratch / "set", "--set", "scenario.seed=12")), other,
                 "--seed is short for --set scenario.seed")
    fewer = run(scenario, scratch / "fewer", "--replications", 2)
    for name in COLUMNS:
        checks.equal(
            (fewer / name).read_text(encoding="utf-8").splitlines(),
            [line for line in results[name].decode().splitlines()
             if line.split(",")[2] in ("replication", "1", "2")],
            f"--replications 2: {name} is the beginning of four",
        )
    for number in (1, 3, N_REPLICATIONS):
        alone = run(scenario, scratch / "alone", "--replication", number)
        checks.check(
            all((alone / name).read_text(encoding="utf-8").splitlines()
                == [line for line in results[name].decode().splitlines()
                    if line.split(",")[2] in ("replication", str(number))] for name in COLUMNS),
            f"--replication {number} writes the rows of {number} in the batch",
        )
        checks.equal((read_ini(alone / "run.ini")["run"]["replications"],
                      (alone / ENSEMBLE).exists()), (str(N_REPLICATIONS), False),
                     f"--replication {number}: replications are kept, no {ENSEMBLE}")
    population = results_of(run(scenario, scratch / "population", "--set",
                                "scenario.population-seed=99"))
    checks.check(population["outcomes.csv"] != results["outcomes.csv"],
                 "population-seed draws other cards")


def check_set(checks, scenario, scratch):
    before = results_of(scratch / "set")  # of the check before
    output = run(scenario, scratch / "set", "--set", "scheme.embodiment=3", "-s",
                 "cohort old.cards=50", "--set", "amount.law=constant 7")
    after = results_of(output)
    checks.check(after.keys() == before.keys()
                 and all(after[name] != before[name] for name in after),
                 "an older result in the folder is written over, file by file")
    ini = read_ini(output / "run.ini")
    checks.equal((ini["scheme"]["embodiment"], ini["cohort old"]["cards"], ini["amount"]["law"]),
                 ("3", "50", "constant 7"), "--set overrides and adds keys")
    odd = [metrics for metrics in totals(read_rows(output / "summary.csv")).values()
           if metrics["value-paid"] != 7 * metrics["paid"]]
    checks.equal(odd, [], "--set: each payment is of 7")
    text = scenario.read_text(encoding="utf-8").replace("name = small", "name = others")
    here = scratch / "here"
    here.mkdir()
    (here / "others.ini").write_text(text, encoding="utf-8")
    done = purseroll("run", "others.ini", "--replications", 1, cwd=here)
    made = here / "results/others"
    checks.equal((done.returncode, files_in(made) if made.is_dir() else done.stderr),
                 (0, sorted(FILES)), "without --output results go to results/NAME")


def check_wrong_usage(checks, scenario, scratch):
    bad = scratch / "bad.ini"
    output = scratch / "nothing"
    text = scenario.read_text(encoding="utf-8")
    for arguments, word in (
        ([], "Usage"),
        (["conjure"], "conjure"),
        (["run"], "scenario"),
        (["run", scenario, scenario], "scenario"),
        (["run", scenario, "--conjure"], "--conjure"),
        (["run", scenario, "--output"], "--output"),
        (["run", scenario, "--progress", "loud"], "loud"),
        (["run", scenario, "--replication", "0"], "found 0"),
        (["run", scenario, "--replication=-1"], "found -1"),
        (["run", scenario, "--replication", str(N_REPLICATIONS + 1)], "found 5"),
        (["run", scenario, "--replication", "two"], "two"),
        (["run", scenario, "--replications", "0"], "'0'"),
        (["run", scenario, "--seed", "odd"], "odd"),
        (["run", scenario, "--set", "nonsense"], "nonsense"),
        (["run", scenario, "--set", "scheme.embodiment=9"], "'9'"),
        (["run", scenario, "--set", "scheme.embodimen=3"], "embodiment"),
        (["run", scenario, "--set", "conjurers.n=1"], "conjurers"),
        (["check"], "scenario"),
        (["check", scenario, "--conjure"], "--conjure"),
        (["chips", "surplus"], "surplus"),
        (["explain", "--conjure"], "--conjure"),
    ):
        if arguments[:1] == ["run"] and len(arguments) > 1:
            arguments = [*arguments[:1], "--output", output, *arguments[1:]]
        done = purseroll(*arguments)
        shown = " ".join(Path(word).name for word in map(str, arguments))
        checks.check(
            done.returncode == 2 and done.stdout == "" and word in done.stderr,
            f"exit 2, nothing on stdout, stderr says {word!r}: {shown or 'no command'}",
            f"exit {done.returncode}", done.stdout, done.stderr,
        )
    for old, new, place in (
        ("cards = 75", "cards = -3", ":11: "),
        ("cards = 75", "cards = 75\ncards = 75", ":12: "),
        ("cards = 75", "cards 60", ":11: "),
        ("cards = 75", "crads = 60", ":11: "),
        ("[amount]", "[amuont]", "amount"),
        ("duration = 12d", "duration = 12", ":4: "),
        ("chip = jcop-2.4.1", "chip = abacus", "abacus"),
        ("at = 3d", "at = 13d", "13d"),
        ("cohort = later", "cohort = never", "never"),
    ):
        bad.write_text(text.replace(old, new, 1), encoding="utf-8")
        for command in (["check"], ["run", "--output", output]):
            done = purseroll(*command, bad)
            checks.check(
                done.returncode == 2 and done.stdout == "" and f"{bad}:" in done.stderr
                and place in done.stderr and "expected" in done.stderr,
                f"{command[0]}: exit 2 and file, line, what was expected: {new.splitlines()[-1]}",
                f"exit {done.returncode}", done.stdout, done.stderr,
            )
    checks.check(not output.exists(), "wrong usage makes no folder of results")


def check_could_not(checks, scenario, folder, scratch):
    before = results_of(folder) | {"run.ini": (folder / "run.ini").read_bytes()}
    for command in (["run"], ["check"], ["explain"]):
        for path, what in ((scratch / "missing.ini", "a file that is not there"),
                           (scratch, "a folder")):
            done = purseroll(*command, path)
            checks.check(
                done.returncode == 1 and done.stdout == "" and str(path) in done.stderr
                and done.stderr.count("\n") == 1,
                f"{command[0]}: exit 1 and one line for {what}",
                f"exit {done.returncode}", done.stdout, done.stderr,
            )
    regular = scratch / "regular"
    regular.write_text("a file\n", encoding="utf-8")
    for output, what in ((regular, "is"), (regular / "below", "is below")):
        done = purseroll("run", scenario, "--output", output)
        checks.check(
            done.returncode == 1 and done.stdout == "" and str(output) in done.stderr
            and done.stderr.count("\n") == 1,
            f"exit 1 and one line if the output folder {what} a file",
            f"exit {done.returncode}", done.stdout, done.stderr,
        )
    checks.equal(regular.read_text(encoding="utf-8"), "a file\n", "that file stays as it is")

    # No more than so many bytes fit into a file: as on a full disk.
    other = results_of(scratch / "other")
    sizes = sorted(len(content) for content in other.values())
    for most, what in ((256, "into no file"), (sizes[0], "into one file"),
                       (sizes[-1] - 1, "into all files but one")):
        full = {"restore_signals": False, "preexec_fn": lambda most=most: limit_files(most)}
        done = purseroll("run", scenario, "--output", folder, "--seed", 12, **full)
        said = [line for line in done.stderr.splitlines() if "will be replaced" not in line]
        checks.check(
            done.returncode == 1 and done.stdout == "" and len(said) == 1
            and "cannot write" in said[0],
            f"results fit {what}: exit 1 and one line", f"exit {done.returncode}", done.stdout,
            done.stderr,
        )
        left = {path.name: path.read_bytes() for path in folder.iterdir()}
        checks.equal(sorted(left), sorted(before), f"results fit {what}: no temporary file is left")
        checks.equal([name for name in before if left.get(name) != before[name]], [],
                     f"results fit {what}: an older result stays as it was")
        for name, content in before.items():
            (folder / name).write_bytes(content)
        fresh = scratch / "fresh"
        purseroll("run", scenario, "--output", fresh, "--seed", 12, **full)
        halves = [name for name in files_in(fresh)
                  if (fresh / name).read_bytes() != other.get(name)]
        checks.equal(halves, [], f"results fit {what}: no half file in a new folder, no run.ini")
        shutil.rmtree(fresh)


def limit_files(most):
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def has_written(output, least):
    """Whether a run under way has put so many bytes of rows into summary.csv."""
    sizes = [path.stat().st_size for path in output.glob(".summary.csv.*.part")]
    return any(size >= least for size in sizes)


def interrupt(scenario, output, *arguments, ready, number=signal.SIGINT):
    """Starts a run, interrupts it once ready(process) says so; returns its exit status, stdout and
    stderr."""
    process = subprocess.Popen(
        [str(PROGRAM), "run", str(scenario), "--output", str(output), *map(str, arguments)],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    wait_until(process, lambda: ready(process))
    process.send_signal(number)
    return ended(process)


def check_interrupt(checks, scenario, scratch):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        output = scratch / number.name
        long = ["--set", "scenario.duration=100y", "--set", "scenario.sample-interval=1d",
                "--set", "cohort old.balance=constant 1000000000", "--replications", 1,
                "--set", "cohort new.activity=constant 1000/d",
                "--set", "scenario.fidelity=decision"]
        status, out, err = interrupt(
            scenario, output, *long, number=number, ready=lambda process: computed(process) > 0.3)
        name = number.name
        checks.equal(status, 130, f"{name}: exit 130")
        checks.check(re.search(r"^interrupted at [0-9.]+ d of 36500.00 d; partial results in ", out,
                               re.MULTILINE) and err == "",
                     f"{name}: the end says that it is partial, and how far it came", out, err)
        checks.equal(files_in(output), sorted(FILES), f"{name}: every file complete or absent")
        checks.equal(read_ini(output / "run.ini")["run"].get("status"), "partial",
                     f"{name}: run.ini says partial")
        last = max(float(row["time_s"]) for row in read_rows(output / "propagation.csv"))
        checks.check(last > 0 and last % 86400 == 0, f"{name}: rows end at a full interval",
                     f"the last row is of {last} s")
        checks.equal(read_ini(output / "run.ini")["run"].get("end"), f"{last / 86400:.0f}d",
                     f"{name}: run.ini says when it ends")
        wholes = [(output / name).read_bytes().endswith(b"\n") for name in COLUMNS]
        checks.check(all(wholes), f"{name}: no half line")
    days = int(last // 86400)
    whole = run(scenario, scratch / "whole", *long, "--set", f"scenario.duration={days}d")
    for name in COLUMNS:
        partial = (output / name).read_text(encoding="utf-8").splitlines()
        complete = (whole / name).read_text(encoding="utf-8").splitlines()
        checks.check(partial == complete,
                     f"interrupted after day {days}: {name} is that of a run of {days} days",
                     *difference(partial, complete))


def difference(found, expected):
    """The first lines in which two texts differ."""
    pairs = [pair for pair in zip(found, expected) if pair[0] != pair[1]][:3]
    return [f"{len(found)} lines, expected {len(expected)}",
            *(f"found {a}, expected {b}" for a, b in pairs)]


def check_interrupted_batch(checks, scenario, scratch):
    output = scratch / "batch"
    status, out, _ = interrupt(scenario, output, "--replications", 1_000_000,
                             ready=lambda _: has_written(output, 8192))
    checks.equal(status, 130, "an interrupted batch: exit 130")
    keys = read_ini(output / "run.ini")["run"]
    n = len(totals(read_rows(output / "summary.csv")))
    checks.check(f"\ninterrupted after {n} of 1000000 replications; partial results" in out,
                 "an interrupted batch says how many replications it kept", out[-300:])
    checks.check(n >= 2 and keys["status"] == "partial", "an interrupted batch: partial",
                 f"{n} replications", keys)
    whole = run(scenario, scratch / "whole", "--replications", n)
    checks.check(all((whole / name).read_bytes() == (output / name).read_bytes()
                     for name in COLUMNS),
                 f"an interrupted batch keeps its {n} finished replications whole")


def check_help(checks):
    for command, options in (
        ("run", ["--set", "--seed", "--replications", "--replication", "--output", "--progress"]),
        ("check", ["--set"]),
        ("explain", ["--embodiment", "--path", "--crossed", "--suite", "--chip", "--interface",
                     "--payer", "--payee", "--terminals", "--set"]),
        ("chips", ["--help"]),
        ("bench", ["--help"]),
        ("validate", ["--quick", "--long", "--seed"]),
    ):
        done = purseroll(command, "--help")
        missing = [option for option in options if option not in done.stdout]
        checks.check(
            done.returncode == 0 and not missing and done.stderr == ""
            and f"purseroll {command}" in done.stdout,
            f"{command} --help: exit 0 and its options", done.stdout, done.stderr, missing,
        )
    done = purseroll("--help")
    missing = [word for word in ("run", "check", "explain", "chips", "Exit status")
               if word not in done.stdout]
    checks.check(done.returncode == 0 and done.stderr == "" and not missing,
                 "--help: exit 0 and the commands", missing)
    done = purseroll("--version")
    checks.check(done.returncode == 0 and done.stdout.startswith("purseroll "), "--version")


def check_check(checks, scenario):
    done = purseroll("check", scenario, "--set", "scheme.embodiment=1",
                     "--set", "scheme.suite=rsa-1024",
                     "--set", "cohort limited.update-key-limit=9")
    unused = [line for line in done.stdout.splitlines() if "without effect" in line]
    checks.equal((done.returncode, done.stderr), (0, ""), "check: exit 0, nothing on stderr")
    checks.check(
        any("suite" in line for line in unused)
        and any("cohort limited" in line and "update-key-limit" in line for line in unused),
        "check lists keys without effect", *unused,
    )
    checks.check(not any("[cohort limited] transfer-key-limit" in line for line in unused),
                 "check does not list keys that have one", *unused)
    done = purseroll("check", scenario)
    checks.check("without effect" not in done.stdout, "check lists none where all have one",
                 done.stdout)
    comments = " ".join(line for line in done.stdout.splitlines() if line.startswith("#"))
    checks.check("MiB" in comments and " s " in comments 
                 and f"{N_CARDS + N_ISSUED} cards" in comments,
                 "check says what memory and time it takes", comments)


def check_streams(checks, scenario, scratch):
    """The answer goes to stdout, progress and messages to stderr."""
    done = purseroll("run", scenario, "--output", scratch / "plain", "--progress", "none")
    checks.check(done.stderr == "" and str(scratch / "plain") in done.stdout,
                 "run: nothing on stderr if all is well; the end names the folder", done.stderr)
    checks.check("transfer key 2" in done.stdout and "updates" in done.stdout,
                 "run: ends with the answer", done.stdout)
    slow = purseroll("run", scenario, "--output", scratch / "plain", "--progress", "plain",
                     "--replications", 1, "--set", "scenario.duration=60d")
    checks.equal(slow.returncode, 0, "run --progress plain")
    checks.check("events/s" not in slow.stdout, "run: no progress on stdout")


def test(checks, scratch):
    scenario = make_scenario(scratch)
    folder = run(scenario, scratch / "results")
    check_contract(checks, folder)
    check_propagation(checks, folder)
    check_summary(checks, folder)
    check_terminals(checks, folder, scratch)
    check_run_ini(checks, scenario, folder, scratch)
    check_reproducible(checks, scenario, folder, scratch)
    check_set(checks, scenario, scratch)
    check_wrong_usage(checks, scenario, scratch)
    check_could_not(checks, scenario, folder, scratch)
    check_interrupt(checks, scenario, scratch)
    check_interrupted_batch(checks, scenario, scratch)
    check_help(checks)
    check_check(checks, scenario)
    check_streams(checks, scenario, scratch)


if __name__ == "__main__":
    main(test)
