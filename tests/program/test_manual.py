#!/usr/bin/env python3
"""What the READMEs repeat is what the program says."""

import pathlib
import re
import subprocess
import sys

import harness

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def program(*arguments):
    return subprocess.run([harness.PROGRAM, *arguments], check=True, capture_output=True,
                          text=True).stdout


@check
def list_of_keys_is_what_the_program_prints():
    text = pathlib.Path("scenarios/README.md").read_text()
    listed = re.search(r"<!-- keys -->\n(.*)<!-- end of keys -->\n", text, re.S).group(1)
    return listed == program("check", "--keys")


@check
def every_scenario_is_listed_and_passes_check():
    text = pathlib.Path("scenarios/README.md").read_text()
    files = sorted(pathlib.Path("scenarios").glob("*.ini"))
    return files and all(f"`{path.name}`" in text and program("check", str(path))
                         for path in files)


@check
def hand_derived_times_of_the_readme_are_those_of_explain():
    text = pathlib.Path("README.md").read_text()
    derived = [int(n.replace(",", "")) for n in re.findall(r"one [\w-]+ update\*\* \| \*\*([\d,]+)",
                                                            text)]
    told = []
    for path in ("symmetric", "public-key"):
        explained = program("explain", "--embodiment", "5", "--path", path)
        totals = [round(1000 * float(total)) for total in
                  re.findall(r"total +([\d.]+) ms", explained)]
        phases = explained.split("\n\n")
        update = next(part for part in phases if part.startswith("Key update"))
        before = explained[:explained.index("Key update")]
        start = re.findall(r"total +([\d.]+) ms", before)[-1]
        end = re.findall(r"total +([\d.]+) ms", update)[-1]
        told.append(round(1000 * (float(end) - float(start))))
        assert totals == sorted(totals)
    return len(derived) == 2 and derived == told


def main():
    failed = 0
    for number, function in enumerate(CHECKS, 1):
        passed = bool(function())
        failed += not passed
        print(f"{'ok' if passed else 'not ok'} {number} - {function.__name__.replace('_', ' ')}")
    print(f"1..{len(CHECKS)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
