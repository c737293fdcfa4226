#!/bin/sh
# Prints the points of a results folder, a line each: its number and what names it. A run without
# a sweep is one point, number 0 without a name.
#
#   plots/points.sh RESULTS
set -eu
plots=$(dirname "$0")
if [ -f "$1/points.csv" ]; then
    LC_ALL=C awk -v every=1 -f "$plots/rows.awk" -f "$plots/points.awk" <"$1/points.csv" |
        tail -n +2
else
    echo 0
fi
