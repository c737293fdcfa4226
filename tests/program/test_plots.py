#!/usr/bin/env python3
"""The charts: which ones a folder of results gets, what they say, how they refuse."""

import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from harness import HANGS_AFTER_S, ROOT, SKIPPED, main, read_rows, run, write_scenario

PLOTS = ROOT / "plots"
RUN = ["propagation", "outcomes", "latency", "till"]
LOSSES = ["books"]  # where money was destroyed, minted or stranded
SWEEP = ["points-propagation", "points-outcomes", "points-times", "points-till"]
COMPARISON = ["compared-propagation", "compared-outcomes"]


def call(*command, cwd=ROOT):
    return subprocess.run(list(map(str, command)), cwd=cwd, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                          timeout=HANGS_AFTER_S, check=False)


def draw(*folders):
    return call("sh", PLOTS / "draw.sh", *folders)


def texts(path):
    """All that a reader can read in an SVG file, in one line."""
    text = re.sub(r"<title>.*?</title>", "", path.read_text(encoding="utf-8"))
    parts = re.findall(r"<text[^>]*>(.*?)</text>", text, re.S)
    plain = " ".join(re.sub(r"<[^>]+>", "", part) for part in parts)
    for name, character in (("quot", '"'), ("lt", "<"), ("gt", ">"), ("amp", "&")):
        plain = plain.replace(f"&{name};", character)
    return " ".join(plain.split())


def is_chart(path):
    if not path.exists():
        return False
    if path.suffix == ".png":
        head = path.read_bytes()[:24]
        return head[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">I", head[16:20])[0] == 1000
    return path.read_text(encoding="utf-8").rstrip().endswith("</svg>") and texts(path) != ""


def charts_in(folder):
    return sorted(path.name for path in folder.iterdir() if path.suffix in (".svg", ".png"))


def both(names):
    return sorted(f"{name}.{format}" for name in names for format in ("svg", "png"))


def says(checks, path, *wanted):
    found = texts(path)
    for text in wanted:
        checks.check(text in found, f"{path.parent.name}/{path.name} says '{text}'", found)


def cohort(cards, transfer_key, update_key=1, **keys):
    return {"cards": cards, "transfer-key": transfer_key, "update-key": update_key,
            "activity": "constant 1/d", **keys}


def scenario(path, replications=1, embodiment=1, plan=None, sweep=None, **cohorts):
    groups = {"scenario": {"name": path.stem, "title": f"Title of \"{path.stem}\" <&>",
                           "duration": "6d", "sample-interval": "6h", "seed": 11,
                           "replications": replications},
              "scheme": {"embodiment": embodiment}}
    groups.update({f"cohort {name}": keys for name, keys in cohorts.items()})
    groups.update({"plan later": plan} if plan else {})
    groups.update({"sweep": sweep} if sweep else {})
    return write_scenario(path, groups)


def check_drawn(checks, folder, names):
    done = draw(folder)
    checks.equal(done.returncode, 0, f"{folder.name}: draw.sh succeeds")
    checks.equal(charts_in(folder), both(names), f"{folder.name}: gets {', '.join(names)}")
    for name in both(names):
        checks.check(is_chart(folder / name), f"{folder.name}/{name} is a chart", done.stdout)
    checks.equal(sorted(done.stdout.split()), sorted(str(folder / name) for name in both(names)),
                 f"{folder.name}: draw.sh names what it has written")
    return done


def shares_of(results):
    """What outcomes.csv amounts to: each outcome's share of the meetings, as charts write it."""
    counts = {}
    for row in read_rows(results / "outcomes.csv"):
        if row["outcome"] != "card-busy":
            counts[row["outcome"]] = counts.get(row["outcome"], 0) + int(row["count"])
    return sorted({f"{100 * count / sum(counts.values()):.2f} %" for count in counts.values()})


def times_of(results):
    """Days to 50 and 90 % of transfer key 2 at the points that got there, as charts write them."""
    days = [float(row["value"]) / 86400 for row in read_rows(results / "summary.csv")
            if (row["metric"], row["key"], row["generation"]) == ("time-to-share", "transfer", "2")
            and row["share"] in ("0.5", "0.9") and row["value"]]
    return sorted({f"{day:.2f}" if day < 10 else f"{day:.1f}" for day in days})


def costs_of(results, points):
    """Till seconds added in the whole run at points of one replication, as charts write them."""
    sums = dict.fromkeys(points, 0)
    for row in read_rows(results / "till.csv"):
        sums[row["point"]] += float(row["till_seconds_added"])
    return [f"{cost:.2f} s" if cost < 10 and cost > 0 else
            f"{cost:.1f} s" if cost else "0 s" for cost in sums.values()]


def check_one(checks, folder):
    planned = {"at": "2d", "do": "swap", "cards": 20, "transfer-key": 3,
               "transfer-key-limit": "none"}
    path = scenario(folder / "one.ini", plan=planned, old=cohort(150, 1, balance="constant 3"),
                    new=cohort(30, 2, **{"transfer-key-limit": 2}))
    results = run(path, folder / "one")
    check_drawn(checks, results, RUN + LOSSES)
    caption = "Scenario one · 180 cards · seed 11 · 1 replication"
    for name in RUN:
        says(checks, results / f"{name}.svg", 'Title of "one" <&>', caption)
    says(checks, results / "propagation.svg", "generation 3 appears", "days since the start")
    says(checks, results / "outcomes.svg", "refused: limit", "refused: balance",
         "paid after symmetric update", "an interval of 6 h")
    says(checks, results / "outcomes.svg", *shares_of(results))
    stranded = int(read_rows(results / "value.csv")[-1]["stranded"])
    says(checks, results / "books.svg", f"stranded {stranded:,}")
    says(checks, results / "till.svg", "till seconds added", "an interval of 6 h",
         *costs_of(results, ["0"]))
    checks.check("theory" not in texts(results / "propagation.svg"),
                 "theory is silent where a plan brings a generation")
    return results


def check_many(checks, folder):
    path = scenario(folder / "many.ini", 5, old=cohort(950, 1), new=cohort(50, 2))
    results = run(path, folder / "many")
    check_drawn(checks, results, RUN)
    says(checks, results / "propagation.svg", "1,000 cards · seed 11 · 5 replications",
         "median of the replications", "5 to 95 %",
         "theory: logistic curve from 5 %, r = 2 per day")
    says(checks, results / "outcomes.svg", "1,000 cards · seed 11 · 5 replications")
    says(checks, results / "latency.svg", "replication 1 of 5")
    says(checks, results / "till.svg", "1,000 cards · seed 11 · 5 replications",
         "median of the replications", "5 to 95 %")
    check_quantiles(checks, results)
    check_costs(checks, results)
    return results


def check_skipped(checks, folder):
    """A generation that nobody ever holds has rows, and neither a band nor a curve."""
    planned = {"at": "2d", "do": "swap", "cards": 20, "transfer-key": 4}
    for name, replications in (("skipped", 1), ("often-skipped", 3)):
        results = run(scenario(folder / f"{name}.ini", replications, plan=planned,
                               old=cohort(80, 1), new=cohort(10, 2), never=cohort(0, 3)),
                      folder / name)
        checks.check({"3", "4"} <= {row["generation"]
                                    for row in read_rows(results / "propagation.csv")},
                     f"{name}: generation 3 has rows")
        draw(results)
        found = texts(results / "propagation.svg")
        checks.check("generation 4" in found and "generation 3" not in found
                     and "3, 4" not in found, f"{name}: and no name in the chart", found)


def check_some_leak(checks, folder):
    """A key leaks in some of the replications: card-days in the mean of all of them."""
    lost = {"when": "share-at-least(transfer, 2) > 60%", "do": "leak", "leak": "transfer-key 1"}
    path = scenario(folder / "some.ini", 8, plan=lost, old=cohort(100, 1, activity="constant 0.4/d"),
                    new=cohort(2, 2))
    results = run(path, folder / "some")
    days = {row["replication"]: float(row["card_days"])
            for row in read_rows(results / "exposure.csv")}
    checks.check(1 < len(days) < 8, f"some: leaks in {len(days)} of 8 replications")
    draw(results)
    says(checks, results / "exposure.svg", f"{sum(days.values()) / 8:.0f} card-days",
         "8 replications")


def check_risk(checks, folder):
    groups = {"old": cohort(150, 1), "new": cohort(30, 2)}
    lost = {"at": "1d", "do": "leak", "leak": "whole-card", "from": "old", "taps": "9/d"}
    path = scenario(folder / "leak.ini", 2, 3, lost, **groups)
    results = run(path, folder / "leak")
    check_drawn(checks, results, [*RUN, "exposure"])
    days = {}
    for row in read_rows(results / "exposure.csv"):
        if row["key"] == "transfer":
            days.setdefault(row["generation"], {})[row["replication"]] = float(row["card_days"])
    checks.equal(sorted(days), ["1", "2"], "leak: the thief learns key 2")
    says(checks, results / "exposure.svg", "transfer key 1", "transfer key 2",
         *(f"{sum(each.values()) / 2:,.0f} card-days" for each in days.values()))
    stolen = {"at": "1d", "do": "revoke", "cards": 40}
    path = scenario(folder / "revoke.ini", 2, 3, stolen,
                    {"terminals tills.crl-source": "network 2d, factory"}, **groups)
    results = run(path, folder / "revoke")
    check_drawn(checks, results, [*SWEEP, "revocation"])
    accepted = [0, 0]
    for row in read_rows(results / "revocation.csv"):
        accepted[int(row["point"])] += int(row["accepted"])
    checks.check(0 < accepted[0] < accepted[1], "revoke: a list from the factory accepts more")
    says(checks, results / "revocation.svg", "network 2d", "factory",
         *(f"{round(count / 2)} accepted" for count in accepted))


def drawn(results, setting, program, *names):
    """The rows that a chart of several replications draws of these files."""
    programs = [word for name in ("rows", "quantiles", program)
                for word in ("-f", PLOTS / f"{name}.awk")]
    text = "".join((results / name).read_text(encoding="utf-8") for name in names)
    printed = subprocess.run(
        ["awk", "-v", "pooled=1", "-v", setting, *map(str, programs)], input=text,
        stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout
    return [tuple(map(float, line.split())) for line in printed.splitlines()
            if line and line[0] != "#"]


def same_rows(found, expected):
    return len(found) == len(expected) and all(
        abs(x - y) < 1e-5 for one, other in zip(found, expected) for x, y in zip(one, other))


def of_five(values):
    """5, 50 and 95 %: of five values in order, 5 % lies a fifth of the way to the second."""
    a, b, median, d, e = sorted(values)
    return a + (b - a) / 5, median, e - (e - d) / 5


def check_quantiles(checks, results):
    """Median and quantiles that are drawn, against those reckoned here."""
    found = drawn(results, "key=transfer", "spread", "propagation.csv")
    shares = {}
    for row in read_rows(results / "propagation.csv"):
        if (row["key"], row["generation"]) == ("transfer", "2"):
            shares.setdefault(float(row["time_s"]), []).append(float(row["share_at_least"]))
    expected = [(time, *of_five(values)) for time, values in sorted(shares.items())]
    checks.check(len(found) == 25 and same_rows(found, expected),
                 "medians and quantiles of five replications", found[:3], expected[:3])


def check_costs(checks, results):
    """What updates cost in five replications; an interval without a row in till.csv cost nothing."""
    step = 6 * 3600
    for column in ("till_seconds_added", "updates_symmetric"):
        found = drawn(results, f"figures={column}", "till", "propagation.csv", "till.csv")
        costs = {(row["replication"], float(row["time_s"])): float(row[column])
                 for row in read_rows(results / "till.csv")}
        checks.check(len(costs) < 5 * 24, "some intervals cost nothing", len(costs))
        expected = [((i - 0.5) * step, *of_five(costs.get((str(k), i * step), 0)
                                                for k in range(1, 6))) for i in range(1, 25)]
        checks.check(same_rows(found[1:-1], expected), f"{column} of five replications",
                     found[:3], expected[:3])
        checks.equal((found[0][0], found[-1][0]), (0, 24 * step), "from begin to end")


def check_theory(checks, folder):
    """Whether the logistic curve is drawn, by what run.ini says."""
    new, old = cohort(5, 2), cohort(95, 1)
    cases = [
        ("embodiment 5, one update key", 5, {}, {}, True),
        ("embodiment 3, two update keys", 3, {"update-key": 2}, {}, True),
        ("embodiment 5, two update keys", 5, {"update-key": 2}, {}, False),
        ("conventional", "conventional", {}, {}, False),
        ("embodiment 4, each card its own key", 4, {}, {}, False),
        ("embodiment 4, the newer key preloaded", 4, {"preloaded": "1,2"}, {"preloaded": "1,2"},
         True),
        ("two activities", 1, {"activity": "constant 2/d"}, {}, False),
        ("a limit", 1, {}, {"transfer-key-limit": 1}, False),
        ("an expiry", 1, {}, {"expiry": "fixed 3d"}, False),
        ("one transfer key", 1, {"transfer-key": 1}, {}, False),
    ]
    for text, embodiment, newer, older, known in cases:
        path = scenario(folder / "theory.ini", embodiment=embodiment, new={**new, **newer},
                        old={**old, **older}, none=cohort(0, 9))
        results = run(path, folder / "theory", "--set", "scenario.duration=1h",
                      "--set", "scenario.sample-interval=1h")
        with open(results / "run.ini", encoding="utf-8") as file:
            said = subprocess.run(
                ["awk", "-f", PLOTS / "quantity.awk", "-f", PLOTS / "theory.awk"], stdin=file,
                stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout
        checks.equal(said, "# logistic 0.05 2\n" if known else "",
                     f"theory {'knows' if known else 'does not know'} {text}")


def check_sweep(checks, folder):
    path = scenario(folder / "sweep.ini", embodiment=2, old=cohort(90, 1, 2), new=cohort(10, 2, 1),
                    sweep={"scheme.embodiment": "2, 5, conventional"})
    results = run(path, folder / "sweep")
    check_drawn(checks, results, SWEEP)
    caption = "100 cards · seed 11 · 3 points of scheme.embodiment · 1 replication"
    for name in SWEEP:
        says(checks, results / f"{name}.svg", caption, "scheme.embodiment", "conventional")
    says(checks, results / "points-propagation.svg", "share of cards with transfer key 2",
         "10.0 %", "days since the start")
    says(checks, results / "points-times.svg", "days until so many of the cards hold",
         *times_of(results))
    says(checks, results / "points-till.svg", "till seconds added",
         *costs_of(results, ["0", "1", "2"]))
    says(checks, results / "points-outcomes.svg", "paid after public-key update",
         "refused: update key order", "refused: different IDs", "share of the meetings")


def check_shares(checks, folder):
    """98.96 % are not 99.0 %, which the chart of times says is not reached."""
    idle = {"activity": "constant 0/d"}
    path = scenario(folder / "shares.ini", old=cohort(104, 1, **idle), new=cohort(9896, 2, **idle),
                    sweep={"scheme.embodiment": "1, 3"})
    results = run(path, folder / "shares")
    draw(results)
    says(checks, results / "points-propagation.svg", "98.9 %")
    checks.check("99.0 %" not in texts(results / "points-propagation.svg"),
                 "a share is not rounded up to a whole per cent")


def check_attacks(checks, folder):
    """Money alone, cards alone, and no chart where a sweep has no attackers or they come to nothing."""
    mint = {"share": 1, "rogue": "mint"}
    inject = {"at": "0s", "do": "inject", "cards": 3, "transfer-key": 9, "update-key": 1}
    cases = (
        ("minted", {"terminals bad": mint}, "scheme.fig4-mac", "spec, direction-tag",
         "gained, minor units", "cards of attackers, or with their key"),
        ("poisoned", {"plan attacker": inject}, "scheme.key-auth", "peer, issuer-signed",
         "cards of attackers, or with their key", "gained, minor units"),
    )
    for name, attack, key, values, said, unsaid in cases:
        path = write_scenario(folder / f"{name}.ini", {
            "scenario": {"duration": "10d", "seed": 3},
            "scheme": {"embodiment": 1}, "cohort all": cohort(60, 1), **attack,
            "sweep": {key: values}})
        results = run(path, folder / name)
        done = draw(results)
        chart = results / "points-attacks.svg"
        checks.check(done.returncode == 0 and is_chart(chart) and
                     is_chart(chart.with_suffix(".png")), f"{name}: gets points-attacks",
                     done.stdout)
        says(checks, chart, said, *values.split(", "))
        checks.check(unsaid not in texts(chart), f"{name}: no empty panel")


def check_two(checks, folder, one, many):
    """Drawn a second time, with a comparison, into names that are not simple."""
    before = {path: path.read_bytes() for results in (one, many)
              for path in results.iterdir() if path.suffix in (".svg", ".png")}
    parent = folder / "it's here"
    parent.mkdir()
    first, second = parent / "one", parent / "many"
    shutil.copytree(one, first)
    shutil.copytree(many, second)
    done = draw(first, second)
    checks.equal(done.returncode, 0, "two folders: draw.sh succeeds")
    checks.check(done.stdout.count("\n") == 22, "two folders: 22 files", done.stdout)
    checks.equal(charts_in(parent), both(COMPARISON), "two folders: a comparison beside them")
    for name in both(COMPARISON):
        checks.check(is_chart(parent / name), f"{name} is a chart")
    for name in COMPARISON:
        says(checks, parent / f"{name}.svg", "one, many compared", "180 cards, n = 1, seed 11",
             "1,000 cards, n = 5, seed 11")
    says(checks, parent / "compared-propagation.svg", "one, generation 3", "many, generation 2")
    changed = [path.name for path, content in before.items()
               if (parent / path.parent.name / path.name).read_bytes() != content]
    checks.equal(changed, [], "equal input gives equal bytes")


def gnuplot(chart, *settings):
    return call("gnuplot", "-e", "; ".join(settings), PLOTS / f"{chart}.gp")


def check_refusals(checks, folder, results, swept):
    out = folder / "refused"
    given = [f"results='{results}'", f"out='{out}'", "format='svg'"]
    for chart in RUN + SWEEP:
        broken = folder / f"broken-{chart}"
        shutil.copytree(swept, broken)
        name = f"{chart.split('-')[-1]}.csv".replace("times", "summary")
        here = [f"results='{broken}'", *given[1:]]
        header = (broken / name).read_text(encoding="utf-8").split("\n")[0]
        (broken / name).write_text(header + "\n", encoding="utf-8")
        checks.equal(gnuplot(chart, *here).returncode, 3, f"{chart}.gp: status 3 without rows")
        if chart not in ("latency", "points-outcomes"):
            continue
        (broken / name).write_text("scenario,point\n", encoding="utf-8")
        done = gnuplot(chart, *here)
        checks.check(done.returncode == 1 and f"{name}: no column" in done.stdout,
                     f"{chart}.gp: status 1 without a column", done.stdout)
        (broken / name).unlink()
        done = gnuplot(chart, *here)
        checks.check(done.returncode == 1 and f"{name}: cannot be read" in done.stdout,
                     f"{chart}.gp: status 1 without {name}", done.stdout)
    for setting in given:
        rest = [other for other in given if other != setting]
        checks.equal(gnuplot("latency", *rest).returncode, 2,
                     f"status 2 without {setting.split('=')[0]}")
    checks.equal(gnuplot("latency", *given[:2], "format='pdf'").returncode, 2,
                 "status 2 for another format")
    checks.equal(gnuplot("latency", given[0], "out='/nowhere/at/all'", given[2]).returncode, 1,
                 "status 1 if the output cannot be written")
    checks.equal([path.name for path in folder.glob("refused*")], [], "a refusal writes nothing")
    checks.equal(draw().returncode, 2, "draw.sh: status 2 without a folder")
    checks.equal(draw(folder / "nowhere").returncode, 1, "draw.sh: status 1 without the folder")


def check_empty(checks, folder, results):
    """What has no data is left out."""
    bare = folder / "bare"
    bare.mkdir()
    for path in [*results.glob("*.csv"), results / "run.ini"]:
        shutil.copy(path, bare)
    for name in ("latency", "value", "outcomes", "till"):
        header = (bare / f"{name}.csv").read_text(encoding="utf-8").split("\n")[0]
        (bare / f"{name}.csv").write_text(header + "\n", encoding="utf-8")
    check_drawn(checks, bare, ["propagation"])
    header = (bare / "propagation.csv").read_text(encoding="utf-8").split("\n")[0]
    (bare / "propagation.csv").write_text(header + "\n", encoding="utf-8")
    done = draw(bare)
    checks.check(done.returncode == 1 and "nothing to draw" in done.stdout,
                 "draw.sh: status 1 if there is nothing to draw", done.stdout)


ODD = "it's ]]> <b> & \"q\" `x` $HOME % @ {x} _y ^z ü"


def check_odd_names(checks, folder):
    """Titles, cohorts, terminals and folders whose names mean something to a shell, awk, gnuplot or
    XML."""
    name = "o'ld & <it> `touch z` {x} _y"
    groups = {
        "scenario": {"name": "odd", "title": ODD, "duration": "2d", "replications": 2},
        "scheme": {"embodiment": 1}, f"cohort {name}": cohort(20, 1), "cohort new": cohort(2, 2),
        "terminals ti'll <x>": {"count": 2, "kind": "pos"},
    }
    one = run(write_scenario(folder / "odd.ini", groups), folder / "odd-one")
    groups["sweep"] = {f"cohort {name}.cards": "20, 30"}
    swept = run(write_scenario(folder / "odd.ini", groups), folder / "odd-sweep")
    for results, charts, names in ((swept, SWEEP, ("~", "-x")), (one, RUN, ("a'b ]]> c",))):
        place = folder / "places" / results.name
        for odd in names:
            shutil.copytree(results, place / odd)
        done = call("sh", PLOTS / "draw.sh", *sorted(path.name for path in place.iterdir()),
                    cwd=place)
        checks.check(done.returncode == 0, f"{results.name}: folders with odd names are drawn",
                     done.stdout)
        for odd in place.iterdir():
            if odd.is_dir():
                checks.equal(charts_in(odd), both(charts), f"'{odd.name}' gets its charts")
        for chart in place.glob("**/*.svg"):
            try:
                ElementTree.parse(chart)
            except ElementTree.ParseError as error:
                checks.check(False, f"'{chart.parent.name}/{chart.name}' is XML", error)
            if chart.parent != place:
                says(checks, chart, ODD)
    says(checks, folder / "places" / "odd-sweep" / "~" / "points-outcomes.svg",
         f"cohort {name}.cards".replace("'", "’"))


def check_bench(checks, folder):
    """What `make bench` leaves, here made up."""
    measured = folder / "bench"
    measured.mkdir()
    rows = [f"{program},{cards},1000,{nanoseconds},1,,{'' if program == 'bare' else 16}"
            for cards in (10**4, 10**8)
            for program, nanoseconds in (("bare", 10), ("plain", 20), ("full", 40))]
    (measured / "engine.csv").write_text("\n".join(
        ["program,cards,transfers,ns_per_transfer,ratio,target,bytes_per_card", *rows, ""]),
        encoding="utf-8")
    for format in ("svg", "png"):
        done = gnuplot("bench", f"results='{measured}'", f"out='{measured}/engine'",
                       f"format='{format}'")
        checks.check(done.returncode == 0 and is_chart(measured / f"engine.{format}"),
                     f"bench.gp draws engine.{format}", done.stdout)
    says(checks, measured / "engine.svg", "bare loop", "plain", "full", "100 million",
         "bytes a card")
    done = gnuplot("bench", f"results='{folder}'", f"out='{folder}/engine'", "format='svg'")
    checks.check(done.returncode == 1 and "engine.csv: cannot be read" in done.stdout,
                 "bench.gp: status 1 without engine.csv", done.stdout)
    checks.equal(gnuplot("bench", f"results='{measured}'").returncode, 2,
                 "bench.gp: status 2 without out")


def test(checks, folder):
    one = check_one(checks, folder)
    many = check_many(checks, folder)
    check_theory(checks, folder)
    check_sweep(checks, folder)
    check_shares(checks, folder)
    check_attacks(checks, folder)
    check_skipped(checks, folder)
    check_some_leak(checks, folder)
    check_risk(checks, folder)
    check_two(checks, folder, one, many)
    check_refusals(checks, folder, one, folder / "sweep")
    check_empty(checks, folder, one)
    check_odd_names(checks, folder)
    check_bench(checks, folder)


if __name__ == "__main__":
    if shutil.which("gnuplot") is None:
        print(f"1..0 # SKIP {Path(sys.argv[0]).name}: there is no gnuplot")
        sys.exit(SKIPPED)
    main(test)
