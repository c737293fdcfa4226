#!/usr/bin/env python3
"""The sources are as `make format` leaves them, `make tidy` finds nothing in them, and no macro of
GLib works out an argument with an effect, which it would do twice.

Another version of these tools formats and warns otherwise: without the one that is meant, a check
is skipped. clang-tidy runs without its analyzer, which takes nine tenths of the time; `make tidy`
runs it too.
"""

import re
import shutil
import subprocess
import sys

from harness import HANGS_AFTER_S, ROOT, Checks, make

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


def arguments(text, begin):
    """What stands from an opening parenthesis at @begin to the one that closes it."""
    depth = 0
    for end in range(begin, len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return text[begin:end]
    return text[begin:]


def effects_in_macros(text):
    """Uses of a macro that works its arguments out twice, where one draws or assigns."""
    macro = re.compile(r"\b(?:MIN|MAX|CLAMP|ABS)\(")
    effect = re.compile(r"\b(?:\w+_)?(?:draw|steal|pop)\w*\(|\bstream_\w+\(|\+\+|--|[^=!<>]=[^=]")
    found = (arguments(text, match.end() - 1) for match in macro.finditer(text))
    return [one for one in found if effect.search(one)]


def check_macros(checks):
    found = [f"{name}: {one}" for name in sources()
             for one in effects_in_macros((ROOT / name).read_text(encoding="utf-8"))]
    checks.check(not found, "no argument of MIN, MAX, CLAMP or ABS has an effect", *found)
    for wrong in ("MIN(scale * f(stream_next(&own)), most)", "MAX(a,\n  n++)", "ABS(law_draw(x))",
                  "CLAMP(x, 0, y = 3)"):
        checks.check(effects_in_macros(wrong), f"an effect is found in {wrong!r}")
    for right in ("MIN(n, MAX(a <= b, c == d)), draw(x)", "MIN(now, next_of(engine)) + stream_next(s)"):
        checks.equal(effects_in_macros(right), [], f"no effect is found in {right!r}")


def main():
    checks = Checks()
    check_macros(checks)
    for tool, check in (("clang-format", check_format), ("clang-tidy", check_tidy)):
        why = lacks(tool)
        if why:
            checks.skip(f"{tool} has nothing to say", why)
        else:
            check(checks)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
