#!/usr/bin/env python3
"""Broken scenario files: each is refused with the line of its mistake, or rightly means something.

The files are made from the shipped scenarios. What the reader must say of each follows from the
list of keys that `check --keys` prints (which keys are required, what the others default to) and
from what was done to the file.
"""

import random
import re

from harness import ROOT, main, purseroll

# What the shipped ones leave out.
REST = """\
# Every other group and key.
[scenario]
name = rest
title = Every other group and key
duration = 20d
sample-interval = 12h
population-seed = 12
[scheme]
embodiment = 5
suite = p256
range = lower-inclusive
expired = allow-payer
update-ack = no
crl-scope = payee
overdraft = allow
max-balance = 5000000
uk-rule = bidirectional
fig4-mac = direction-and-cards
key-auth = issuer-signed
max-step = 9
nonce-bits = 64
update-cipher = malleable
uk-hint = cohort
[chip slate]
random = 1ms + 10ns
hash = 1500us + 10us
cipher = 0s + 36856ns
mac = 2100us + 3us
mac-check = 2200us
write = 3ms
write-key = 4ms
p256-sign = 27ms
p256-verify = 30ms
p256-envelope-seal = 50ms
p256-envelope-open = 25ms
source = a data sheet
[chip quill]
like = jcop3-p60
mac = 1ms
[interface string]
protocol = t=1
bit-time = 104170ns
byte-bits = 11
block-bytes = 32
block-overhead = 4
card-gap = 2300us
reader-gap = 1s
activation = 5ms
source = a manual
[interface tape]
like = 7816-t1
[cohort old]
cards = 1500
transfer-key = 1
update-key = 2
preloaded = 1,2
current = lowest
expiry = uniform 400d 4y
chip = slate
balance = uniform 10 2000000
[cohort new]
cards = 0
transfer-key = 4
update-key = 2
chip = quill
balance = constant 0
[terminals homes]
interface = string,tape
crl-source = network 2d
clock-skew = -90min
[plan release]
at = 10d
do = issue
cards = 500
cohort = new
[plan recall]
at = 12d
do = revoke
cards = 20
[amount]
law = constant 5
day-profile = 0,0.5,1,2
week-profile = 1,1,1,1,1.5,2,0
"""

SHIPPED = ("campus-rollover", "crossed", "uniform")
LINE_BYTES_MOST = 100_000

# Values that are none, by key; for each, what else is wrong with it does not matter.
BAD = {
    "name": ["a b", "../x", ".hidden", "-x", "x" * 101, "a/b", "a,b"],
    "start": ["2026-02-30", "26-01-01", "2026-1-1", "1969-12-31", "tomorrow", "2026-01-01T00"],
    "duration": ["0s", "-1d", "30", "30 d", "30dd", "101y", "30D", "1e3d", "0.5us", "30,5d",
                 "thirty days", "99999999999999999999d"],
    "sample-interval": ["0s", "6", "-6h", "36500d", "1us", "6hours"],
    "seed": ["-1", "1.5", "0x10", "18446744073709551616", "one", "1k", "+1"],
    "replications": ["0", "-1", "1000001", "two", "2.5", "1e3"],
    "embodiment": ["0", "6", "five", "5.0", "5,", "-5"],
    "suite": ["p-256", "P256", "rsa-4096", "rsa"],
    "cards": ["-1", "4000000001", "1.5", "10 k", "10K", "ten", "0x10", "1e4", "10k k", "1,000"],
    "transfer-key": ["0", "-1", "4294967295", "1.5", "A", "1d"],
    "update-key": ["0", "-1", "4294967295", "1.5", "none"],
    "transfer-key-limit": ["0", "4294967295", "unlimited", "-9"],
    "update-key-limit": ["0", "4294967295", "never", "9.9"],
    "chip": ["jcop4", "JCOP4-P71", "abacus", "jcop4-p71,jcop3-p60"],
    "expiry": ["210d", "fixed", "fixed 1.5d", "fixed 65535d", "fixed -1d", "fixed 12h", "forever",
               "fixed 210", "fixed 210 d", "uniform 9d 5d", "uniform 5d", "uniform 1d 65535d",
               "uniform 1.5d 3d", "uniform -1d 3d"],
    "activity": ["0.8/d", "constant", "constant 0.8", "constant -1/d", "constant 0.8/m",
                 "constant 0.8 /d", "constant nan/d", "constant inf/d", "constant 1000001/d",
                 "poisson 1/d", "constant 0x1/d", "constant 1e999/d"],
    "balance": ["500", "uniform 5", "uniform 9 5", "uniform -1 5", "constant 1.5",
                "constant 9000000000000001", "normal 1 2", "uniform 1 2 3"],
    "law": ["5", "constant", "uniform 5 1", "constant -1", "uniform 1 x", "uniform 1;500"],
    "day-profile": ["", "-1,2", "0,0", "1,,2", "1;2", "1,x", "1000001", "1," * 1440 + "1"],
    "week-profile": ["1", "1,1,1,1,1,1", "0,0,0,0,0,0,0", "1,1,1,1,1,1,1,1", "1,1,1,1,1,1,-1"],
    "share": ["-1%", "101%", "1.01", "50 %", "half", "nan", "0x1p-1", "%"],
    "count": ["0", "-1", "10000001", "infinite", "1.5"],
    "kind": ["desk", "POS", "pos,atm"],
    "interface": ["14443", "14443-106,", "7816-t0,7816-t1,7816-t0", "usb", ",14443-106",
                  "14443-106;7816-t0"],
    "model": ["unifrom", "random"],
    "at": ["30", "-1d", "100y", "2026-01-01", "noon"],
    "do": ["swop", "withdraw", "issue,swap"],
    "population-seed": ["-1", "1.5", "18446744073709551616", "none"],
    "range": ["Inclusive", "lower"],
    "expired": ["stops", "allow"],
    "update-ack": ["maybe", "true", "1"],
    "crl-scope": ["payer", "both,payee"],
    "overdraft": ["no", "yes"],
    "max-balance": ["0", "-1", "9000000000000001", "nothing", "1.5"],
    "uk-rule": ["lax", "per-fields"],
    "fig4-mac": ["specification", "tag"],
    "key-auth": ["issuer", "signed"],
    "max-step": ["0", "-1", "4294967295", "any"],
    "nonce-bits": ["0", "12", "136", "-8", "short"],
    "update-cipher": ["AEAD", "stream"],
    "uk-hint": ["yes", "id"],
    "preloaded": ["0", "1,1", "1,,2", "1 2", "1,2,x", ",".join(map(str, range(1, 18))), "1,"],
    "current": ["low", "0", "1.5", "lowest,highest"],
    "crl-source": ["network", "network 0s", "network 1", "factory 1d", "internet 1d",
                   "network 101y"],
    "clock-skew": ["90", "-101y", "+2h", "2 h", "--2h"],
    "cohort": ["newer", "old,new", "old new"],
    "like": ["jcop", "slate", "tape"],
    "random": ["1", "5s", "4000000001ns", "1ms+", "+1ms", "-1ms", "1ms + 11ms", "1ms 1us", "0.5ns",
               "1min", "1ms + 1us + 1ns"],
    "mac": ["none", "1 ms", "1ms - 1us"],
    "p256-sign": ["0s", "27", "4.1s", "27ms + 1us", "lacks"],
    "protocol": ["t=2", "t=CL", "T1", "t"],
    "bit-time": ["0s", "9us + 1us", "5ms", "0.5ps", "106k"],
    "byte-bits": ["7", "33", "9.5", "nine"],
    "block-bytes": ["0", "65536", "-1", "unlimited"],
    "block-overhead": ["256", "-1", "none"],
    "card-gap": ["1.1s", "86.4", "-1us", "0.1ns"],
    "activation": ["61s", "-1ms", "5", "0.5us"],
}

# What is wrong without a key that may be missing: other keys need it. By file, group, key: where
# it is said.
NEEDED_BY = {
    ("campus-rollover", "scenario", "duration"): ("plan new-cards-summer", "at"),
    ("campus-rollover", "plan new-cards-spring", "transfer-key-limit"):
        ("plan new-cards-spring", "transfer-key"),
    ("campus-rollover", "plan new-cards-summer", "transfer-key-limit"):
        ("plan new-cards-summer", "transfer-key"),
    ("rest", "chip slate", "p256-sign"): ("chip slate", None),
    ("rest", "chip slate", "p256-verify"): ("chip slate", None),
    ("rest", "chip slate", "p256-envelope-seal"): ("chip slate", None),
    ("rest", "chip slate", "p256-envelope-open"): ("chip slate", None),
    ("rest", "cohort old", "balance"): ("cohort old", None),
    ("rest", "cohort new", "balance"): ("cohort new", None),
    ("rest", "interface string", "block-bytes"): ("interface string", None),
    ("rest", "interface string", "block-overhead"): ("interface string", None),
    ("campus-rollover", "terminals canteen", "share"): ("terminals canteen", None),
    ("campus-rollover", "terminals vending", "share"): ("terminals vending", None),
    ("campus-rollover", "terminals service-desk", "share"): ("terminals service-desk", None),
}


class Line:
    """One line of a scenario and where it belongs."""

    def __init__(self, number, text, group):
        self.number = number
        self.text = text
        self.group = group
        self.is_header = text.startswith("[")
        self.is_key = not self.is_header and "=" in text and not text.startswith("#")
        self.key, self.value = (part.strip() for part in (
            text.split("=", 1) if self.is_key else ("", "")))

    def kind(self):
        return self.group.split(" ")[0]


class Source:
    """A scenario that is right."""

    def __init__(self, name, text=None):
        self.name = name
        self.text = text or (ROOT / "scenarios" / f"{name}.ini").read_text(encoding="utf-8")
        self.lines = []
        group = ""
        for number, text in enumerate(self.text.splitlines(), 1):
            if text.startswith("["):
                group = text.strip("[]")
            self.lines.append(Line(number, text, group))

    def texts(self):
        return [line.text for line in self.lines]

    def with_line(self, line, *texts):
        """The text with @line replaced by any number of lines."""
        lines = self.texts()
        lines[line.number - 1:line.number] = texts
        return "\n".join(lines) + "\n"

    def fresh(self, seen):
        """The lines whose like has not been @seen in this scenario or another."""
        for line in self.lines:
            like = (line.kind(), line.key, line.is_header, line.text.startswith("#"))
            if like not in seen:
                seen.add(like)
                yield line

    def find(self, group, key):
        """The line of a key; of the group's header without one."""
        return next(line for line in self.lines if line.group == group
                    and (line.key == key if key else line.is_header))


class Vocabulary:
    """{kind: {key: default}} of `check --keys`."""

    def __init__(self):
        self.kinds = {}
        for line in purseroll("check", "--keys").stdout.splitlines():
            if line.startswith("### ["):
                kind = self.kinds.setdefault(line[5:].rstrip("]").split(" ")[0], {})
            elif line.startswith("| `"):
                cells = [cell.strip() for cell in line.strip("|").split(" | ")]
                kind[cells[0].strip("` ")] = cells[2]


class Found:
    """What `check` makes of a file."""

    def __init__(self, path, content):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.path = path
        done = purseroll("check", path)
        self.status = done.returncode
        self.stderr = done.stderr
        self.messages = done.stderr.splitlines()
        self.effective = effective(done.stdout)
        self.stdout = done.stdout

    def lines(self):
        """The line of each message; None where one is not as it should be."""
        pattern = re.escape(str(self.path)) + r":(\d+): (\[.*\].*: )?expected .+, found .+"
        matches = [re.fullmatch(pattern, message) for message in self.messages]
        return [int(match.group(1)) if match else None for match in matches]

    def __str__(self):
        return f"exit {self.status}\n{self.stderr}"


def effective(text):
    """{(group, key): value} of what `check` prints."""
    values, group = {}, ""
    for line in text.splitlines():
        if line.startswith("["):
            group = line[1:-1]
        elif "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            values[group, key] = value
    return values


class Broken:
    """Breaks files and judges what `check` says."""

    def __init__(self, checks, folder):
        self.checks = checks
        self.path = folder / "broken.ini"
        self.count = 0

    def find(self, content):
        self.count += 1
        return Found(self.path, content)

    def refused(self, content, lines, text, *words):
        """Refused with one message for each of @lines, and @words in the messages."""
        found = self.find(content)
        self.checks.check(
            found.status == 2 and found.stdout == "" and found.lines() == sorted(lines)
            and all(word in found.stderr for word in words),
            f"{text}: {len(lines)} of line {', '.join(str(line) for line in sorted(lines))}",
            found, f"wanted: {words}",
        )

    def means(self, content, wanted, text):
        """Accepted; @wanted is the effective scenario."""
        found = self.find(content)
        differing = sorted(set(found.effective.items()) ^ set(wanted.items()))
        self.checks.check(found.status == 0 and found.stderr == "" and not differing,
                          f"{text}: means what it should", found, differing)


def misspell(word):
    """Two neighbours exchanged, the first that differ."""
    for i in range(len(word) - 1):
        if word[i] != word[i + 1]:
            return word[:i] + word[i + 1] + word[i] + word[i + 2:]
    return word + word


def without(source, line, was, vocabulary):
    """The effective scenario without a key, or None if the key is required."""
    default = vocabulary.kinds[line.kind()][line.key]
    wanted = dict(was)
    if line.key == "seed":
        wanted[line.group, "population-seed"] = default.strip("`")
    if default.startswith("required") or default.endswith("without it required"):
        return None
    if default.startswith("`"):
        wanted[line.group, line.key] = default.strip("`")
    elif default in ("as it was", "none"):
        del wanted[line.group, line.key]
    elif line.key == "population-seed":
        wanted[line.group, line.key] = wanted[line.group, "seed"]
    elif line.key == "name":
        wanted[line.group, line.key] = "broken"
    elif line.key == "title":
        wanted[line.group, line.key] = wanted["scenario", "name"]
    elif line.key not in ("share", "current"):
        raise LookupError(f"{source.name}: what is the default of {line.key}?")
    return wanted


def check_removed(broken, source, was, vocabulary, seen):
    needed = [line for line in source.lines if (source.name, line.group, line.key) in NEEDED_BY]
    for line in dict.fromkeys([*source.fresh(seen), *needed]):
        text = f"{source.name} without line {line.number}, {line.text[:40]!r}"
        content = source.with_line(line)
        needed = NEEDED_BY.get((source.name, line.group, line.key))
        if line.is_header:
            check_headless(broken, source, line, content, vocabulary, text)
        elif line.key == "like" or line.group == "chip quill":
            check_like(broken, source, line, content, vocabulary, text)
        elif not line.is_key:
            broken.means(content, was, text)
        elif needed:
            at = source.find(*needed).number
            broken.refused(content, [at - (at > line.number)], text)
        else:
            wanted = without(source, line, was, vocabulary)
            if wanted is None:
                broken.refused(content, [source.find(line.group, None).number], text,
                               f"[{line.group}] {line.key}: expected ", ", found nothing")
            else:
                broken.means(content, wanted, text)


def check_like(broken, source, line, content, vocabulary, text):
    """Without `like` everything is missing that is required; without a cost, that of `like`."""
    if line.key == "like":
        given = {other.key for other in source.lines if other.group == line.group}
        missing = [key for key, default in vocabulary.kinds[line.kind()].items()
                   if default.endswith("without it required") and key not in given]
        header = source.find(line.group, None).number
        found = broken.find(content)
        broken.checks.check(
            found.status == 2 and set(found.lines()) >= {header}
            and all(f":{header}: [{line.group}] {key}: expected " in found.stderr
                    for key in missing),
            f"{text}: {', '.join(missing)} missing", found)
        return
    found, other = broken.find(content), broken.find(
        source.with_line(line, "mac = 9.14ms + 4.613us"))
    broken.checks.check(
        found.status == 0 and found.effective == other.effective and
        found.effective[line.group, line.key] == "9140us + 4613ns", f"{text}: as jcop3-p60", found)


def check_headless(broken, source, header, content, vocabulary, text):
    """The keys of a group without its header go to the group before, and its name is unknown."""
    before = source.lines[header.number - 2].group if header.number > 1 else ""
    taken = {line.key for line in source.lines if line.is_key and line.group == before}
    known = vocabulary.kinds.get(before.split(" ")[0], {})
    keys = [line for line in source.lines if line.is_key and line.group == header.group]
    member = header.group.partition(" ")[2]
    naming = {line.number - (line.number > header.number) for line in source.lines
              if member and member in line.value.split(",")}
    must = {line.number - 1 for line in keys if line.key in taken or line.key not in known}
    must |= naming
    if header.group == "cohort old":  # nobody else has cards
        naming.add(source.find("cohort new", "cards").number - 1)
    if not before:
        must = {keys[0].number - 1}
    found = broken.find(content)
    lines = found.lines()
    broken.checks.check(
        found.status == 2 and None not in lines and must <= set(lines)
        and set(lines) <= {line.number - 1 for line in keys} | naming,
        f"{text}: {len(must)} keys in the wrong place", found, f"wanted {sorted(must)}",
    )


def check_doubled(broken, source, was, seen):
    for line in source.fresh(seen):
        text = f"{source.name} with line {line.number} twice, {line.text[:40]!r}"
        content = source.with_line(line, line.text, line.text)
        if line.is_header or line.is_key:
            broken.refused(content, [line.number + 1], text, f"first in line {line.number}",
                           f"[{line.group}]" if line.is_header else f"'{line.key}'")
        else:
            broken.means(content, was, text)


def check_misspelt(broken, source, vocabulary, seen):
    """Keys, groups and names among values, each with the nearest name in the message."""
    for line in source.fresh(seen):
        text = f"{source.name}, line {line.number}, {line.text[:40]!r}"
        if line.is_header:
            kind, _, member = line.group.partition(" ")
            header = f"[{misspell(kind)}{' ' if member else ''}{member}]"
            broken.refused(source.with_line(line, header), [line.number], f"{text} as {header}",
                           f"did you mean '{line.group}'?")
            broken.refused(source.with_line(line, line.text.rstrip("]")), [line.number],
                           f"{text} without ]", "expected [GROUP] alone on its line")
        elif line.is_key:
            wrong = misspell(line.key)
            assert wrong not in vocabulary.kinds[line.kind()]
            broken.refused(source.with_line(line, f"{wrong} = {line.value}"), [line.number],
                           f"{text} as {wrong}", f"found '{wrong}' (did you mean '{line.key}'?)")
            broken.refused(source.with_line(line, line.text.replace("=", " ")), [line.number],
                           f"{text} without =", "expected KEY = VALUE")
            broken.refused(source.with_line(line, f"{line.key} ="), [line.number],
                           f"{text} without value", "expected a value, found nothing")
            if line.key in ("chip", "kind", "suite", "model", "do") or (
                    line.key == "interface" and "," not in line.value):
                wrong = misspell(line.value)
                broken.refused(source.with_line(line, f"{line.key} = {wrong}"), [line.number],
                               f"{text} as {wrong}",
                               f"found '{wrong}' (did you mean '{line.value}'?)")


def check_values(broken, sources):
    """Out of range, a wrong unit or none, no value at all."""
    tried = set()
    for source in sources:
        for line in source.lines:
            if not line.is_key or line.key in tried or line.key not in BAD:
                continue
            tried.add(line.key)
            for value in BAD[line.key]:
                broken.refused(source.with_line(line, f"{line.key} = {value}"), [line.number],
                               f"{source.name} with {line.key} = {value[:30]}",
                               f":{line.number}: [{line.group}] {line.key}: ")
    broken.checks.equal(set(BAD) - tried, set(), "each key with bad values is in some scenario")


JUNK = (
    (b"\x00", "0x00"),
    (b"seed\x00 = 1", "0x00"),
    (b"\xff\xfe\xfd", "0xff"),
    (b"\x7fELF\x02\x01\x01", "0x7f"),
    (b"\x1b[31mred\x1b[0m", "0x1b"),
    (b"caf\xe9 = 1", "0xe9"),
    (b"\xc0\xaf", "0xc0"),
    (b"\xed\xa0\x80", "0xed"),
    (b"# \xf5\x80\x80\x80", "0xf5"),
    (b"a\x0bb = 1", "0x0b"),
    (b"title = one\rtwo", "0x0d"),
    (b"; comment", "'#'"),
    (b"//", "KEY = VALUE"),
    (b"]", "KEY = VALUE"),
    (b"= 1", "KEY = VALUE"),
    (b"[]", "[GROUP]"),
    (b"[", "[GROUP]"),
    (b"[[scenario]]", "[GROUP]"),
    (b"[scenario] # once more", "[GROUP]"),
)


def check_junk(broken, source, rng):
    for junk, word in JUNK:
        lines = [text.encode() for text in source.texts()]
        at = rng.randrange(1, len(lines))
        # behind a line that is junk may stand nothing that would make it worse
        while source.lines[at - 1].group == "" or (junk.startswith(b"[") and at < len(lines)
                                                   and not source.lines[at].is_header
                                                   and source.lines[at].text):
            at = rng.randrange(1, len(lines))
        lines.insert(at, junk)
        broken.refused(b"\n".join(lines) + b"\n", [at + 1],
                       f"{source.name} with {junk!r} as line {at + 1}", word)


def check_noise(broken, source, rng, seen):
    for line in source.fresh(seen):
        if not line.text:
            continue
        noise = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 40))) + b"\xff"
        noise = noise.replace(b"\n", b"\x01")
        found = broken.find(source.with_line(line, "@@").encode().replace(b"@@", noise))
        lines = found.lines()
        broken.checks.check(
            found.status == 2 and None not in lines and line.number in lines,
            f"{source.name} with noise as line {line.number}: refused there", found,
        )


def check_truncated(broken, source, was, rng):
    """Cut in the middle of a line: no newline at the end, what follows is missing."""
    at = 0
    for line in source.lines:
        if len(line.text) > 1:
            length = rng.randrange(1, len(line.text))
            found = broken.find(source.text[:at + length])
            rest = line.text[:length]
            lines = found.lines()
            text = f"{source.name} up to {rest[-40:]!r} in line {line.number}"
            cut_open = line.is_header or (line.is_key and not rest.partition("=")[2].strip())
            if found.status == 0:
                whole = {(other.group, other.key) for other in source.lines[:line.number - 1]
                         if other.is_key}
                lost = sorted(key for key in whole if found.effective[key] != was[key])
                broken.checks.check(not cut_open and not lost, f"{text}: the rest holds", lost)
            else:
                broken.checks.check(
                    found.status == 2 and lines and None not in lines
                    and all(1 <= number <= line.number for number in lines)
                    and (not cut_open or line.number in lines),
                    f"{text}: refused", found,
                )
        at += len(line.text) + 1


def check_line_ends(broken, source, was, rng):
    lines = source.texts()
    mixed = "".join(text + rng.choice(["\n", "\r\n"]) for text in lines)
    broken.means(mixed, was, f"{source.name} with line ends of two systems")
    broken.means("\r\n".join(lines) + "\r\n", was, f"{source.name} with CRLF")
    broken.means("\n".join(lines), was, f"{source.name} without the last newline")
    broken.means("\ufeff" + source.text, was, f"{source.name} with a byte order mark")
    broken.means("".join(f"  \t{text}  \n\n" for text in lines), was,
                 f"{source.name} with blanks around each line")
    broken.refused("\r".join(lines) + "\r", [1], f"{source.name} with CR alone", "0x0d")
    broken.refused(source.text.splitlines()[0].encode("utf-16"), [1],
                   f"the first line of {source.name}.ini in UTF-16", "0xff")
    at = rng.randrange(len(lines))
    for wrong in ("\r\r\n", "\r \n"):
        ends = ["\n"] * len(lines)
        ends[at] = wrong
        content = "".join(text + end for text, end in zip(lines, ends))
        found = broken.find(content)
        broken.checks.check(
            found.status == 2 and found.lines() and found.lines()[0] == at + 1,
            f"{source.name} with {wrong!r} at the end of line {at + 1}", found)


def check_long_lines(broken, source, was):
    at = source.find("scenario", "name").number
    lines = source.texts()
    room = LINE_BYTES_MOST - len("# ")
    for extra in (0, 1, 1_000_000):
        content = "\n".join([*lines[:at], "# " + "x" * (room + extra), *lines[at:]])
        if extra == 0:
            broken.means(content, was, f"{source.name} with a comment of 100,000 bytes")
        else:
            broken.refused(content, [at + 1],
                           f"{source.name} with a comment of {room + 2 + extra} bytes",
                           f"found {room + 2 + extra}")
    value = "9" * 5000
    line = source.find("amount", "law")
    for text in (f"law = constant {value}", f"law{value} = constant 1", f"{value} = {value}"):
        broken.refused(source.with_line(line, text), [line.number],
                       f"{source.name} with a line of {len(text)} bytes")


def check_emptiness(broken, source):
    for content, text in ((b"", "an empty file"), (b"\n\n\n", "three blank lines"),
                          (b"# nothing\n", "a comment alone"),
                          (b"\xef\xbb\xbf", "a byte order mark"),
                          (b" ", "a blank")):
        broken.refused(content, [1], text, "at least one group [cohort NAME], found none")
    broken.refused(b"\x00" * 5000, [1], "5,000 NUL bytes", "0x00")
    broken.refused(b"\xff" * 5000, [1], "5,000 bytes 0xff", "0xff")
    broken.refused(b"[scenario]", [1], "a header alone", "at least one group [cohort NAME]")
    broken.refused(b"\x00\n" * 3, [1, 2, 3], "three NUL bytes, each on its line", "0x00")
    broken.refused(source.text.encode().replace(b"=", b"\x00="),
                   [line.number for line in source.lines if "=" in line.text],
                   f"{source.name} with a NUL before each =", "0x00")


def one_mistake(source, line, rng):
    """@line with a mistake of its own; None if none is at hand."""
    if not line.is_key:
        return None
    choices = [f"{misspell(line.key)} = {line.value}", f"{line.key} =", f"{line.key} {line.value}",
               f"{line.key} = \x01"]
    if line.key in BAD:
        choices += [f"{line.key} = {value}" for value in BAD[line.key] if value.isprintable()
                    and value not in ("36500d", "1us", "100y")]
    return rng.choice(choices)


def check_several(broken, source, rng):
    """Three mistakes, three messages, each with its line."""
    for _ in range(25):
        keys = [line for line in source.lines if line.is_key]
        chosen = sorted(rng.sample(keys, 3), key=lambda line: line.number)
        lines = source.texts()
        for line in chosen:
            lines[line.number - 1] = one_mistake(source, line, rng)
        wrong = [lines[line.number - 1][:30] for line in chosen]
        broken.refused("\n".join(lines) + "\n", [line.number for line in chosen],
                       f"{source.name} with {wrong!r}")
    header = rng.choice([line for line in source.lines if line.is_header])
    others = rng.sample([line for line in source.lines
                         if line.is_key and line.group != header.group], 2)
    lines = source.texts()
    lines[header.number - 1] = f"[{misspell(header.group)}]"
    for line in others:
        lines[line.number - 1] = f"{misspell(line.key)} = {line.value}"
    broken.refused("\n".join(lines) + "\n", [header.number, *(line.number for line in others)],
                   f"{source.name} with a group and two keys misspelt")


def test(checks, folder):
    rng = random.Random(20260301)
    vocabulary = Vocabulary()
    broken = Broken(checks, folder)
    seen = {part: set() for part in ("removed", "doubled", "misspelt", "noise")}
    sources = [Source(name) for name in SHIPPED] + [Source("rest", REST)]
    for source in sources:
        good = broken.find(source.text)
        if not checks.check(good.status == 0, f"{source.name} as it is", good):
            return
        was = good.effective
        check_removed(broken, source, was, vocabulary, seen["removed"])
        check_doubled(broken, source, was, seen["doubled"])
        check_misspelt(broken, source, vocabulary, seen["misspelt"])
        check_noise(broken, source, rng, seen["noise"])
        check_junk(broken, source, rng)
        check_line_ends(broken, source, was, rng)
        check_long_lines(broken, source, was)
        check_several(broken, source, rng)
        if source.name in ("campus-rollover", "rest"):
            check_truncated(broken, source, was, rng)
    check_values(broken, sources)
    check_emptiness(broken, sources[0])
    checks.check(broken.count >= 200, f"{broken.count} broken files")


if __name__ == "__main__":
    main(test)
