#!/usr/bin/env python3
"""The sources are as `make format` leaves them, and `make tidy` finds nothing in them.

Another version of these tools formats and warns otherwise: without the one that is meant, a check
is skipped. clang-tidy runs without its analyzer, which takes nine tenths of the time; `make tidy`
runs it too.
"""

import re
import shutil
import subprocess
import sys

from harness import HANGS_AFTER_S, ROOT, SKIPPED, Checks, make

VERSION = 14
FOLDERS = ("model", "sim", "tests")


def lacks(tool):
    """Why a tool cannot be used, or nothing."""
    if shutil.which(tool) is None:
        return f"there is no {tool}"
    said = subprocess.run([tool, "--version"], stdout=subprocess.PIPE, encoding="utf-8",
                          check=True).stdout
    version = re.search(r"version (\d+)", said)
    found = int(version.group(1)) if version else 0
    return "" if found == VERSION else f"{tool} is of version {found}, not {VERSION}"


def sources():
    return sorted(str(path.relative_to(ROOT)) for folder in FOLDERS
                  for path in (ROOT / folder).rglob("*.[ch]"))


def check_format(checks):
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", "--style=file", *sources()],
                          cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8", timeout=HANGS_AFTER_S, check=False)
    checks.check(done.returncode == 0, "every source is as make format leaves it",
                 *re.findall(r"^\S+: error:", done.stdout, re.M))


def check_tidy(checks):
    done = make("tidy", "QUICK=1")
    checks.check(done.returncode == 0, "make tidy QUICK=1 finds nothing",
                 *re.findall(r".* error: .*", done.stdout), done.stdout[-1000:])
    looked_at = set(re.findall(r"^  TIDY (\S+)$", done.stdout, re.M))
    checks.equal({name for name in sources() if name.endswith(".c")} - looked_at, set(),
                 "make tidy looks at every source")


def main():
    checks = Checks()
    skipped = 0
    for tool, check in (("clang-format", check_format), ("clang-tidy", check_tidy)):
        why = lacks(tool)
        skipped += bool(why)
        if why:
            checks.skip(f"{tool} has nothing to say", why)
        else:
            check(checks)
    status = checks.finish()
    return SKIPPED if skipped == 2 else status


if __name__ == "__main__":
    sys.exit(main())
