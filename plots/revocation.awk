# revocation.awk - the share of settlements with a revoked card that are accepted, interval by
# interval, replications added up.
#   { cat propagation.csv; cat revocation.csv; } | awk -v pooled=1 -f rows.awk -f revocation.awk
# With `every` in the place of `pooled`: of each point. propagation.csv says which replications there
# are: revocation.csv has none of one in which nobody is revoked.
#
# Prints what exposure.awk prints, with # curve POINT -:SETTLEMENTS-ACCEPTED SHARE-AT-THE-END.

"share_at_least" in place {
    if (!((point, replication) in counted)) {
        counted[point, replication] = 1
        runs[point]++
    }
    next
}

{
    if (!(point in number)) {
        number[point] = ++curves
        curve_point[curves] = point
    }
    c = number[point]
    time = column("time_s") + 0
    if (!((c, time) in tried))
        times[c, ++n_times[c]] = time
    tried[c, time] += column("settlements")
    accepted[c, time] += column("accepted")
    all[c] += column("accepted")
}

END {
    note_rows()
    print "# curves", curves + 0
    for (c = 1; c <= curves; c++)
        print "# curve", curve_point[c], "-:" sprintf("%.0f", all[c] / runs[curve_point[c]]), \
            share(c, times[c, n_times[c]])
    for (c = 1; c <= curves; c++)
        print_curve(c)
}

function share(c, time) {
    return tried[c, time] ? sprintf("%.6g", accepted[c, time] / tried[c, time]) : "NaN"
}

# No more rows than a page has pixels.
function print_curve(c,    k, stride) {
    stride = int(n_times[c] / 1000) + 1
    print "0 NaN NaN NaN"
    for (k = 1; k <= n_times[c]; k++)
        if (k == 1 || k == n_times[c] || k % stride == 0)
            print times[c, k], 0, share(c, times[c, k]), share(c, times[c, k])
    printf "\n\n"
}
