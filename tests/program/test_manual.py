#!/usr/bin/env python3
"""What the READMEs repeat is what the program says."""

import re

from harness import ROOT, main, purseroll


def check_keys(checks):
    text = (ROOT / "scenarios/README.md").read_text()
    listed = re.search(r"<!-- keys -->\n(.*)<!-- end of keys -->\n", text, re.S).group(1)
    checks.equal(listed, purseroll("check", "--keys").stdout,
                 "scenarios/README.md lists the keys that the program has")


def check_scenarios(checks):
    text = (ROOT / "scenarios/README.md").read_text()
    for path in sorted((ROOT / "scenarios").glob("*.ini")):
        checks.check(f"`{path.name}`" in text, f"scenarios/README.md lists {path.name}")
        checks.equal(purseroll("check", path).returncode, 0, f"{path.name} passes check")


def update_micros(path):
    """What explain says that the key update took."""
    before, update = purseroll("explain", "--embodiment", "5", "--path", path).stdout.split(
        "Key update")
    update = update[:update.index("Value transfer")]
    start, end = (float(re.findall(r"total +([\d.]+) ms", part)[-1]) for part in (before, update))
    return round(1000 * (end - start))


def check_derived_times(checks):
    text = (ROOT / "README.md").read_text()
    derived = re.findall(r"one ([\w-]+) update\*\* \| \*\*([\d,]+)", text)
    checks.equal([path for path, _ in derived], ["symmetric", "public-key"],
                 "README.md derives a symmetric and a public-key update")
    for path, micros in derived:
        checks.equal(int(micros.replace(",", "")), update_micros(path),
                     f"README.md derives the time of a {path} update that explain prints")


def test(checks, _):
    check_keys(checks)
    check_scenarios(checks)
    check_derived_times(checks)


if __name__ == "__main__":
    main(test)
