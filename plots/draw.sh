#!/bin/sh
# Draws every chart of a results folder, as SVG and PNG, into that folder.
#
#   plots/draw.sh RESULTS
set -eu
results=${1:?"usage: plots/draw.sh RESULTS, a folder that a run has written"}
plots=$(dirname "$0")
export LC_ALL=C.UTF-8 # the charts' text is UTF-8
for chart in propagation latency; do
    for format in svg png; do
        out=$results/.$chart.drawing
        if ! gnuplot -e "results='$results'; out='$out'; format='$format'" "$plots/$chart.gp"; then
            rm -f "$out.$format"
            exit 1
        fi
        mv -f "$out.$format" "$results/$chart.$format"
        echo "$results/$chart.$format"
    done
done
