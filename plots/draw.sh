#!/bin/sh
# Draws what makes sense of each results folder, as SVG and PNG, into that folder; of several
# folders also charts that compare them, beside the first one.
#
#   plots/draw.sh RESULTS...
#
# Exit status: 0 drawn; 1 something is missing, unreadable, without data, or cannot be written;
# 2 wrong usage.
set -eu
export LC_ALL=C.UTF-8 # the charts' text is UTF-8
plots=$(dirname "$0")
RUN="propagation outcomes latency till books"
SWEEP="points-propagation points-outcomes points-times points-till"
ATTACKS=points-attacks # where somebody attacks
EXTRA="exposure revocation" # where there is such a file, of either kind
LIST=charts.sha256 # of the charts in a folder: by it the next run there knows which to take away
NOTHING=3 # exit status of a chart that would be empty

# For gnuplot, between apostrophes.
quoted() {
    printf '%s' "$1" | sed "s/'/''/g"
}

# XML allows ]]> in no text, and gnuplot writes it there.
escape() {
    sed 's/]]>/]]\&gt;/g' "$1" >"$1.escaped"
    mv -f "$1.escaped" "$1"
}

# list FOLDER NAME: puts a chart as it is now into the list, below the line by which a run knows it.
list() {
    {
        echo "# drawn by plots/draw.sh"
        [ ! -f "$1/$LIST" ] || grep -v "  $2\$" "$1/$LIST" || :
        (cd "$1" && sha256sum "$2")
    } | sort -u >"$1/.$LIST.draft"
    mv -f "$1/.$LIST.draft" "$1/$LIST"
}

# draw CHART RESULTS OUT: both formats, each one whole or absent.
draw() {
    for format in svg png; do
        draft=$(dirname "$3")/.$(basename "$3").drawing
        status=0
        gnuplot -e "results='$(quoted "$2")'; out='$(quoted "$draft")'; format='$format'" \
            "$plots/$1.gp" || status=$?
        [ "$status" -eq $NOTHING ] && return
        if [ "$status" -ne 0 ]; then
            rm -f "$draft.$format"
            exit 1
        fi
        [ "$format" != svg ] || escape "$draft.$format"
        mv -f "$draft.$format" "$3.$format"
        [ -z "$LIST" ] || list "$2" "$(basename "$3").$format"
        echo "$3.$format"
        drawn=yes
    done
}

# A sweep of several points is drawn point beside point.
charts_of() {
    if [ -f "$1/points.csv" ] && [ "$(sh "$plots/points.sh" "$1" | wc -l)" -gt 1 ]; then
        echo "$SWEEP$([ ! -f "$1/attacks.csv" ] || echo " $ATTACKS")"
    else
        echo "$RUN"
    fi
    for chart in $EXTRA; do
        [ ! -f "$1/$chart.csv" ] || echo "$chart"
    done
}

if [ $# -eq 0 ]; then
    echo "usage: plots/draw.sh RESULTS..., folders that runs have written" >&2
    exit 2
fi
if ! command -v gnuplot >/dev/null; then
    echo "plots/draw.sh: there is no gnuplot; make deps installs it" >&2
    exit 1
fi
for folder in "$@"; do
    shift # each comes back in a form that is no option and no home folder
    case $folder in
    -* | '~'*) folder=./$folder ;;
    esac
    set -- "$@" "$folder"
    drawn=
    for chart in $(charts_of "$folder"); do
        draw "$chart" "$folder" "$folder/$chart"
    done
    if [ -z "$drawn" ]; then
        echo "plots/draw.sh: $folder: nothing to draw" >&2
        exit 1
    fi
done
if [ $# -gt 1 ]; then
    LIST= # a comparison belongs to no single run
    merged=$(mktemp -d)
    trap 'rm -rf "$merged"' EXIT
    sh "$plots/merge.sh" "$merged" "$@"
    for chart in propagation outcomes; do
        draw "points-$chart" "$merged" "$(dirname "$1")/compared-$chart"
    done
fi
