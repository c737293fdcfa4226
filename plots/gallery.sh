#!/bin/sh
# Draws the pictures that the READMEs show: runs shipped scenarios and keeps their charts as SVG
# files in plots/gallery/. Takes some minutes. What would take longer is drawn only where there are
# results of it: `make run SCENARIO=scenarios/octopus.ini`, `make bench`.
#
#   plots/gallery.sh PROGRAM FOLDER
#
# FOLDER takes the results of the runs, which are thrown away beforehand.
set -eu
program=$1
folder=$2
plots=$(dirname "$0")
gallery=$plots/gallery

run() {
    echo "$1"
    "$program" run "scenarios/$1.ini" --output "$folder/$1" >/dev/null
    sh "$plots/draw.sh" "$folder/$1" >/dev/null
}

# What has been measured or run before; without that the picture stays as it is.
keep_if_there() {
    if [ -f "$1/$2" ]; then
        "$3" "$1"
    else
        echo "$gallery: no $1/$2, so its pictures stay as they are"
    fi
}

# results/NAME of a big scenario and the one chart of it that is kept.
keep_big() {
    big_chart=$2
    keep_if_there "results/$1" run.ini keep_chart
}

keep_chart() {
    sh "$plots/draw.sh" "$1" >/dev/null
    cp "$1/$big_chart.svg" "$gallery/$(basename "$1")-$big_chart.svg"
    echo "$gallery/$(basename "$1")-$big_chart.svg"
}

keep_bench() {
    LC_ALL=C.UTF-8 gnuplot -e "results='$1'; out='$gallery/bench-engine'; format='svg'" \
        "$plots/bench.gp"
    echo "$gallery/bench-engine.svg"
}

# keep RESULTS CHART...
keep() {
    results=$1
    shift
    for chart in "$@"; do
        cp "$folder/$results/$chart.svg" "$gallery/$results-$chart.svg"
        echo "$gallery/$results-$chart.svg"
    done
}

rm -rf "$folder"
mkdir -p "$folder" "$gallery"
run campus-rollover
keep campus-rollover propagation outcomes latency
run uniform
keep uniform propagation
run five-embodiments
keep five-embodiments points-outcomes
run mondex-swindon
keep mondex-swindon points-outcomes
run merchant-hubs
keep merchant-hubs points-times
run seeding-sweep
keep seeding-sweep points-times
run leak-and-rollover
keep leak-and-rollover exposure
run poison-high-id
keep poison-high-id points-attacks
run stale-crl
keep stale-crl revocation
keep_big suica propagation
keep_big octopus points-propagation
keep_big oyster latency
keep_big proton points-propagation
keep_if_there "$(dirname "$program")/bench" engine.csv keep_bench
