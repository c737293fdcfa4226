# exposure.awk - the share of cards that use a leaked transfer key, in the mean of the replications.
#   awk -v pooled=1 -f rows.awk -f quantiles.awk -f exposure.awk < exposure.csv
# With `every` in the place of `pooled`: of each point all keys together.
#
# Prints notes, # curves COUNT and # curve POINT GENERATION:CARD-DAYS SHARE-AT-THE-END (or all: in
# the place of GENERATION:), in the order of the file, then per curve a block of rows, time, 0,
# share and share again (between which medians.gp shades), two empty lines after it. A replication in which the key has not leaked yet counts as 0.

column("key") == "transfer" {
    generation = column("generation") + 0
    if (!(point in first))
        first[point] = generation
    name = every ? "all" : generation
    if (!((point, name) in number)) {
        number[point, name] = ++curves
        curve_point[curves] = point
        curve_name[curves] = name
    }
    c = number[point, name]
    time = column("time_s") + 0
    if (!every || generation == first[point]) {
        if (!((c, time) in rows))
            times[c, ++n_times[c]] = time
        rows[c, time]++
    }
    sum[c, time] += column("share")
    days[c] += column("card_days") - last_days[c, generation, replication]
    last_days[c, generation, replication] = column("card_days")
}

!((point, replication) in counted) {
    counted[point, replication] = 1
    runs[point]++
}

END {
    note_rows()
    print "# curves", curves + 0
    for (c = 1; c <= curves; c++)
        print "# curve", curve_point[c], \
            curve_name[c] ":" sprintf("%.0f", days[c] / runs[curve_point[c]]), \
            sprintf("%.6g", sum[c, times[c, n_times[c]]] / runs[curve_point[c]])
    for (c = 1; c <= curves; c++)
        print_curve(c, runs[curve_point[c]])
}

# Times of single replications, at which each of them learned a key, are left out of many. No more
# rows than a page has pixels.
function print_curve(c, n,    i, list, k, kept, stride) {
    for (i = 1; i <= n_times[c]; i++)
        if (n == 1 || rows[c, times[c, i]] > 1)
            list[++kept] = times[c, i]
    sort_list(list, kept)
    stride = int(kept / 1000) + 1
    print "0 NaN NaN NaN"
    for (k = 1; k <= kept; k++)
        if (k == 1 || k == kept || k % stride == 0)
            printf "%.9g 0 %.6g %.6g\n", list[k], sum[c, list[k]] / n, sum[c, list[k]] / n
    printf "\n\n"
}
