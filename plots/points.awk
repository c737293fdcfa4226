# points.awk - what makes the points of a sweep, from points.csv.
#   awk -v every=1 -f rows.awk -f points.awk < points.csv
#
# Prints the keys that were swept, separated by commas, then per point a line with its number, a
# blank and what names it: p256, or with several keys embodiment 5, suite p256.

{
    key = words("key")
    if (!(point in name))
        point_of[++points] = point
    if (!(key in known)) {
        known[key] = 1
        swept = swept (keys++ ? ", " : "") key
    }
    last = key
    sub(/^.*\./, "", last)
    value[point] = words("value")
    name[point] = name[point] (name[point] == "" ? "" : ", ") last " " value[point]
}

END {
    print swept
    for (i = 1; i <= points; i++)
        print point_of[i], (keys == 1 ? value[point_of[i]] : name[point_of[i]])
}
