"""What the scripts of this folder share: running the program, scenario files, tables, TAP.

Each script prints one TAP line per check and the plan at its end. Exit status: 0 if every check
passed, 1 if one failed, 77 if the script cannot run here.
"""

import csv
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get("BUILD", "build")
PROGRAM = BUILD / "purseroll"
SKIPPED = 77
# Against a program that hangs, and nothing else: on the busiest machine nothing takes so long.
HANGS_AFTER_S = 1800

MAKE_VARIABLES = ("MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES BUILD CC CFLAGS CPPFLAGS LDFLAGS "
                  "LDLIBS SAN V QUICK SECONDS RUNS SEED COUNT SCENARIO RESULTS").split()
MICROS_PER_SECOND = 1_000_000


class Checks:
    """Counts checks and says what each one found."""

    def __init__(self):
        self.count = 0
        self.failures = 0

    def check(self, holds, text, *details):
        self.count += 1
        if not holds:
            self.failures += 1
        print(f"{'ok' if holds else 'not ok'} {self.count} - {text}")
        if not holds:
            for detail in details:
                for line in str(detail).splitlines()[:20]:
                    print(f"#   {line}")
        sys.stdout.flush()
        return bool(holds)

    def equal(self, found, expected, text):
        return self.check(
            found == expected, text, f"expected {shorten(expected)}", f"found    {shorten(found)}"
        )

    def near(self, found, expected, tolerance, text):
        return self.check(
            abs(found - expected) <= tolerance,
            f"{text}: {found:.6g} within {tolerance:.3g} of {expected:.6g}",
        )

    def skip(self, text, why):
        self.count += 1
        print(f"ok {self.count} - {text} # SKIP {why}")

    def finish(self):
        print(f"1..{self.count}")
        return 0 if self.failures == 0 and self.count > 0 else 1


def shorten(value, most=600):
    text = repr(value)
    return text if len(text) <= most else text[:most] + " ..."


def main(test):
    """Runs test(checks, folder) in a folder of its own and exits with its status."""
    if not PROGRAM.exists():
        print(f"1..0 # SKIP {Path(sys.argv[0]).name}: there is no {PROGRAM}; please run make")
        sys.exit(SKIPPED)
    # a shell that runs tests in the background makes them ignore ^C, and what they start inherits it
    signal.signal(signal.SIGINT, signal.default_int_handler)
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="purseroll-test-") as folder:
        test(checks, Path(folder))
    sys.exit(checks.finish())


def purseroll(*arguments, program=PROGRAM, cwd=ROOT, timeout=HANGS_AFTER_S, **options):
    """Runs the program; stdout and stderr are text."""
    return subprocess.run(
        [str(program), *map(str, arguments)],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=timeout,
        check=False,
        **options,
    )


def make(*arguments, folder=ROOT):
    """make as from a shell of its own: nothing of a make that runs the tests reaches it. stdout is
    all that it says."""
    environment = {key: value for key, value in os.environ.items() if key not in MAKE_VARIABLES}
    return subprocess.run(["make", "-C", str(folder), "--no-print-directory", *arguments],
                          env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
                          timeout=HANGS_AFTER_S, check=False)


def wait_until(process, condition):
    """Returns once condition() holds; whether it did before the process ended."""
    deadline = time.monotonic() + HANGS_AFTER_S
    while not condition():
        if process.poll() is not None:
            return condition()
        if time.monotonic() > deadline:
            process.kill()
            raise TimeoutError(f"{process.args}: nothing happens")
        time.sleep(0.002)
    return True


def computed(process):
    """Seconds of processor time that a process has used, which no other process lengthens."""
    try:
        stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return 0
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def ended(process):
    """Waits for the end of a process; returns its exit status, stdout and stderr."""
    try:
        out, errors = process.communicate(timeout=HANGS_AFTER_S)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return process.returncode, out, errors


def run(scenario, output, *arguments, program=PROGRAM):
    """Runs a scenario that must succeed; returns its folder of results."""
    done = purseroll("run", scenario, "--output", output, *arguments, program=program)
    if done.returncode != 0:
        raise RuntimeError(f"run {scenario} {arguments}: {done.returncode}: {done.stderr}")
    return Path(output)


def write_scenario(path, groups):
    """groups: {group: {key: value}}"""
    with open(path, "w", encoding="utf-8") as file:
        for group, keys in groups.items():
            file.write(f"[{group}]\n")
            file.writelines(f"{key} = {value}\n" for key, value in keys.items())
    return Path(path)


def read_rows(path):
    """Rows of a CSV file as dictionaries of text."""
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_ini(path):
    """{group: {key: value}}; GKeyFile is not quite what configparser reads."""
    groups = {}
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            keys = groups.setdefault(line.strip("[]"), {})
        elif "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            keys[key.strip()] = value.strip()
    return groups


def totals(rows):
    """{replication: {metric: number}} of the rows of summary.csv that concern the whole run."""
    metrics = {}
    for row in rows:
        if row["generation"] == "":
            metrics.setdefault(int(row["replication"]), {})[row["metric"]] = float(row["value"])
    return metrics


def results_of(folder):
    """{name: bytes} of the CSV files in a folder of results."""
    return {path.name: path.read_bytes() for path in sorted(Path(folder).glob("*.csv"))}
