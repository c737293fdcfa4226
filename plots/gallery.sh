#!/bin/sh
# Draws the pictures that the READMEs show: runs shipped scenarios and keeps their charts as SVG
# files in plots/gallery/. Takes a minute. What would take longer is drawn only where there are
# results of it: `make run SCENARIO=scenarios/suica.ini`, `make bench`.
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

keep_suica() {
    sh "$plots/draw.sh" "$1" >/dev/null
    cp "$1/propagation.svg" "$gallery/suica-propagation.svg"
    echo "$gallery/suica-propagation.svg"
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
keep_if_there results/suica run.ini keep_suica
keep_if_there "$(dirname "$program")/bench" engine.csv keep_bench
