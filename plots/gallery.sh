#!/bin/sh
# Draws the pictures that the READMEs show: runs shipped scenarios and keeps their charts as SVG
# files in plots/gallery/. Takes a minute.
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
