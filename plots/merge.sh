#!/bin/sh
# Makes one folder of several, which reads like a sweep over them: each point of each folder gets
# a number of its own, and points.csv says where it is from.
#
#   plots/merge.sh INTO RESULTS...
#
# INTO is an empty folder. Exit status: 0 merged, 1 something is missing or does not fit.
set -eu
plots=$(dirname "$0")
into=$1
shift

setting() {
    LC_ALL=C awk -v group="$2" -v key="$3" -f "$plots/setting.awk" <"$1/run.ini"
}

# The folder's own name where no other folder has the same one.
name_of() {
    wanted=$1
    shift
    same=0
    for other in "$@"; do
        if [ "$(basename "$other")" = "$(basename "$wanted")" ]; then same=$((same + 1)); fi
    done
    if [ $same -gt 1 ]; then echo "$wanted"; else basename "$wanted"; fi
}

# What a single run's caption would say: 1,000 cards, n = 200, seed 1.
about() {
    cards=$(setting "$1" run cards |
        sed -e ':more' -e 's/^\([0-9][0-9]*\)\([0-9][0-9][0-9]\)/\1,\2/' -e 't more')
    echo "$cards cards, n = $(setting "$1" run replications), seed $(setting "$1" run seed)"
}

points=0
names=
titles=
echo "point,key,value" >"$into/points.csv"
for folder in "$@"; do
    for file in propagation.csv outcomes.csv; do
        header=$(head -n 1 "$folder/$file")
        if [ "$points" -eq 0 ]; then
            printf '%s\n' "$header" >"$into/$file"
        elif [ "$header" != "$(head -n 1 "$into/$file")" ]; then
            echo "plots/merge.sh: $folder/$file: other columns than in $1/$file" >&2
            exit 1
        fi
        awk -v offset="$points" 'BEGIN { FS = OFS = "," } NR > 1 { $2 += offset; print }' \
            <"$folder/$file" >>"$into/$file"
    done
    name=$(name_of "$folder" "$@")
    sh "$plots/points.sh" "$folder" >"$into/list"
    name=$name about=$(about "$folder") awk -v offset="$points" '{
        at = index($0 " ", " ")
        label = ENVIRON["name"] (at < length($0) ? ": " substr($0, at + 1) : "")
        label = label " (" ENVIRON["about"] ")"
        gsub(/"/, "\"\"", label)
        printf "%d,folder,\"%s\"\n", $1 + offset, label
    }' <"$into/list" >>"$into/points.csv"
    points=$((points + $(wc -l <"$into/list")))
    names="$names${names:+, }$name"
    title=$(setting "$folder" scenario title)
    case $folder in "$1") titles=$title ;; *) [ "$title" = "$titles" ] || titles= ;; esac
done

# A title that all of them have, else their names. GKeyFile wants backslashes doubled.
title=$(printf '%s' "${titles:-$names compared}" | sed 's/\\/\\\\/g')
printf '[scenario]\ntitle = %s\n' "$title" >"$into/run.ini"
