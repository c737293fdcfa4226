#!/usr/bin/env python3
"""What a run does where memory, threads or open files run out, and where nobody reads any more."""

import os
import resource
import signal

from harness import ended, main, purseroll, read_ini, results_of, run, wait_until
from test_robust import is_temporary, start
from test_run import files_in, has_written, make_scenario

MIB = 1 << 20
# Too little for a worker's stack, enough for that but not for the records of a million cards, which
# are 16 MiB, and enough for all.
DATA_LIMITS_MIB = (1, 4, 12, 14, 16, 18, 20, 22, 96)
DECISIONS = ("--set", "scenario.fidelity=decision")


def limited(*limits):
    """Options of a process for which @limits hold: (resource, soft, hard)."""
    def limit():
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for what, soft, hard in limits:
            resource.setrlimit(what, (soft, hard))
    return {"preexec_fn": limit}


def check_memory(checks, scenario, scratch):
    """Private memory runs out at many places; it is no part of what a run looks at beforehand."""
    statuses, odd = set(), []
    for mib in DATA_LIMITS_MIB:
        output = scratch / f"data-{mib}"
        done = purseroll("run", scenario, "--output", output, "--jobs", 1, "--replications", 2,
                         "--set", "cohort old.cards=1M",
                         "--set", "cohort old.activity=constant 0.001/d", *DECISIONS,
                         **limited((resource.RLIMIT_DATA, mib * MIB, mib * MIB)))
        statuses.add(done.returncode)
        whole = [] if not output.exists() else [
            name for name in files_in(output) if not is_temporary(name)]
        if done.returncode == 1 and (done.stderr.count("\n") != 1 or whole):
            odd.append((mib, done.stderr, whole))
        if "cannot go on: no memory" in done.stderr or "failed to allocate" in done.stderr:
            statuses.add("in the middle")
    checks.equal(odd, [], "memory runs out: one line, and no file of results")
    checks.equal(statuses, {0, 1, "in the middle"},
                 f"memory limited to {DATA_LIMITS_MIB} MiB: exit 1 or 0, no signal")
    done = purseroll("run", scenario, "--output", scratch / "as",
                     **limited((resource.RLIMIT_AS, 60 * MIB, 60 * MIB)))
    checks.check(done.returncode == 1 and "of free memory" in done.stderr,
                 "a limit of address space is seen before the run", done.stderr)


def check_files(checks, scenario, scratch):
    arguments = (scenario, *DECISIONS, "--replications", 300)
    one = run(*arguments[:1], scratch / "one", *arguments[1:], "--jobs", 1)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    many = scratch / "many"
    done = purseroll("run", *arguments, "--output", many, "--jobs", 256,
                     **limited((resource.RLIMIT_NOFILE, min(hard, 1024), min(hard, 1024))))
    checks.equal((done.returncode, done.stderr), (0, ""), "256 jobs under 1,024 open files")
    checks.check(results_of(many) == results_of(one), "256 jobs write the same bytes as one")
    done = purseroll("run", *arguments, "--output", scratch / "few", "--jobs", 256,
                     **limited((resource.RLIMIT_NOFILE, 100, 200)))
    checks.check(done.returncode == 1 and done.stdout == "" and done.stderr.count("\n") == 1
                 and "open files, the system allows 200" in done.stderr,
                 "256 jobs under 200 open files: exit 1 and one line", done.stderr)


def check_threads(checks, scenario, scratch):
    """Each takes its stack out of the private memory that is limited here."""
    done = purseroll("run", scenario, "--output", scratch / "threads", "--jobs", 256, *DECISIONS,
                     "--replications", 300,
                     **limited((resource.RLIMIT_DATA, 500 * MIB, 500 * MIB)))
    checks.check(done.returncode == 1 and done.stdout == "" and done.stderr.count("\n") == 1
                 and "256 replications side by side need a thread each" in done.stderr,
                 "no room for the stacks of 256 threads: exit 1 and one line", done.stderr)


def start_long(scenario, output, *arguments, **options):
    """A run of very many replications, of which the first are written."""
    process = start(scenario, output, "--replications", 1_000_000, *arguments, **options)
    wait_until(process, lambda: has_written(output, 8192))
    return process


def check_reader_gone(checks, scenario, scratch):
    """Progress goes into a pipe whose other end is closed; the run goes on and can be ended."""
    output = scratch / "gone"
    theirs, ours = os.pipe()
    os.close(theirs)
    process = start_long(scenario, output, "--progress", "plain", stderr=ours)
    os.close(ours)
    spent = len(files_in(output))
    process.send_signal(signal.SIGPIPE)
    process.send_signal(signal.SIGTERM)
    status, out, _ = ended(process)
    checks.check(status == 130 and "partial results" in out and spent > 0,
                 "nobody reads the progress: the run goes on until it is ended", status, out)
    checks.equal(read_ini(output / "run.ini")["run"]["status"], "partial", "its results are there")


def check_ignored(checks, scenario, scratch):
    """As nohup starts it: the terminal may go."""
    output = scratch / "nohup"
    process = start_long(
        scenario, output, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    status, out, _ = ended(process)
    checks.check(status == 130 and "partial results" in out,
                 "SIGHUP is no signal to a run that was started to ignore it", status, out)


def test(checks, scratch):
    scenario = make_scenario(scratch)
    check_memory(checks, scenario, scratch)
    check_files(checks, scenario, scratch)
    check_threads(checks, scenario, scratch)
    check_reader_gone(checks, scenario, scratch)
    check_ignored(checks, scenario, scratch)


if __name__ == "__main__":
    main(test)
