# exposure.awk - the share of cards that use a leaked transfer key, in the mean of the replications;
# from propagation.csv, which has all replications and samples, and behind it exposure.csv, which
# has none of a replication in which nothing leaks.
#   { cat propagation.csv; cat exposure.csv; } | awk -v pooled=1 -f rows.awk -f quantiles.awk \
#       -f exposure.awk
# With `every` in the place of `pooled`: of each point all keys together.
#
# Prints notes, # curves COUNT and # curve POINT GENERATION:CARD-DAYS SHARE-AT-THE-END (or all: in
# the place of GENERATION:), in the order of the file, then per curve a block of rows, time, 0,
# share and share again (between which medians.gp shades), two empty lines after it. A replication
# in which the key has not leaked, or not yet, counts as 0.

"share_at_least" in place {
    sample[point, column("time_s") + 0] = 1
    if (!((point, replication) in counted)) {
        counted[point, replication] = 1
        runs[point]++
    }
    next
}

column("key") == "transfer" {
    generation = column("generation") + 0
    name = every ? "all" : generation
    if (!((point, name) in number)) {
        number[point, name] = ++curves
        curve_point[curves] = point
        curve_name[curves] = name
    }
    c = number[point, name]
    time = column("time_s") + 0
    if (!((c, time) in sum))
        times[c, ++n_times[c]] = time
    sum[c, time] += column("share")
    days[c] += column("card_days") - last_days[c, generation, replication]
    last_days[c, generation, replication] = column("card_days")
}

END {
    note_rows()
    print "# curves", curves + 0
    for (c = 1; c <= curves; c++)
        keep_times(c, curve_point[c])
    for (c = 1; c <= curves; c++)
        print "# curve", curve_point[c], \
            curve_name[c] ":" sprintf("%.0f", days[c] / runs[curve_point[c]]), \
            sprintf("%.6g", sum[c, kept[c, n_kept[c]]] / runs[curve_point[c]])
    for (c = 1; c <= curves; c++)
        print_curve(c, runs[curve_point[c]])
}

# Leaves in kept[c, 1..n_kept[c]], sorted, the times of a curve. Those at which single replications
# learned a key are left out of many.
function keep_times(c, point,    i, k, list) {
    for (i = 1; i <= n_times[c]; i++)
        if (runs[point] == 1 || (point, times[c, i]) in sample)
            list[++n_kept[c]] = times[c, i]
    sort_list(list, n_kept[c])
    for (k = 1; k <= n_kept[c]; k++)
        kept[c, k] = list[k]
}

# No more rows than a page has pixels.
function print_curve(c, n,    k, stride, mean) {
    stride = int(n_kept[c] / 1000) + 1
    print "0 NaN NaN NaN"
    for (k = 1; k <= n_kept[c]; k++) {
        mean = sum[c, kept[c, k]] / n
        if (k == 1 || k == n_kept[c] || k % stride == 0)
            printf "%.9g 0 %.6g %.6g\n", kept[c, k], mean, mean
    }
    printf "\n\n"
}
