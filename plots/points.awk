# points.awk - what makes the points of a sweep, from points.csv.
#   awk -v every=1 -f rows.awk -f points.awk < points.csv
#
# Prints the name of the one key that was swept, or an empty line if there are several, then per
# point a line with its number, a blank and what names it: p256, or with several keys
# embodiment 5, suite p256.

{
    key = words("key")
    if (!(point in name))
        point_of[++points] = point
    if (!(key in known)) {
        known[key] = 1
        keys++
        only = key
    }
    last = key
    sub(/^.*\./, "", last)
    value[point] = words("value")
    name[point] = name[point] (name[point] == "" ? "" : ", ") last " " value[point]
}

END {
    print (keys == 1 ? only : "")
    for (i = 1; i <= points; i++)
        print point_of[i], (keys == 1 ? value[point_of[i]] : name[point_of[i]])
}
