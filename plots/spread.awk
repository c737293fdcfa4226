# spread.awk - one key's generations over time in many replications: medians and 5 to 95 % bands.
#   awk -v pooled=1 -v key=transfer -f rows.awk -f quantiles.awk -f spread.awk < propagation.csv
# With `every` in the place of `pooled`: the newest generation of each point instead.
#
# Prints notes, lines that begin with #:
#   # generations COUNT  of all points together
#   # curves COUNT
#   # curve POINT GENERATION MEDIAN-AT-THE-END
# (one of the latter per curve, by point, then from the newest generation to the oldest), then per
# curve a block of rows, time and 5, 50 and 95 % quantile of share_at_least, two empty lines after
# it. A curve begins at 0 with the last sample before its generation appeared in any replication;
# a replication in which it has not appeared yet counts as 0. A generation that no card holds at any
# sample has no curve. Before that stands a row of NaN for
# the first sample, so that the time axis begins there.

column("key") == key {
    time = column("time_s") + 0
    generation = column("generation") + 0
    if (!((point, time) in known)) {
        known[point, time] = ++samples[point]
        time_of[point, samples[point]] = time
    }
    if (!(point in generations))
        point_of[++points] = point
    if (!((point, generation) in exists) && column("cards") > 0) {
        exists[point, generation] = 1
        insert(point, generation)
        all_generations++
    }
    if (!((point, replication) in counted)) {
        counted[point, replication] = 1
        runs[point]++
    }
    share[point, generation, time, ++held[point, generation, time]] = column("share_at_least")
    if (column("share_at_least") < 1)
        varies[point, generation] = 1
}

END {
    for (p = 1; p <= points; p++) {
        point = point_of[p]
        # All cards hold the oldest generation or a newer one: no news, unless it is the only one.
        for (g = 1; g <= (every ? 1 : generations[point]); g++) {
            if (g > 1 && !((point, generation_of[point, g]) in varies))
                continue
            curve_point[++curves] = point
            curve_generation[curves] = generation_of[point, g]
        }
    }
    note_rows()
    print "# generations", all_generations + 0
    print "# curves", curves + 0
    for (i = 1; i <= curves; i++)
        print "# curve", curve_point[i], curve_generation[i], \
            sprintf("%.9g", last_median(curve_point[i], curve_generation[i]))
    for (i = 1; i <= curves; i++)
        print_curve(curve_point[i], curve_generation[i])
}

# generation_of[point, 1..generations] stays sorted, the newest first.
function insert(point, generation,    i) {
    for (i = ++generations[point]; i > 1 && generation_of[point, i - 1] < generation; i--)
        generation_of[point, i] = generation_of[point, i - 1]
    generation_of[point, i] = generation
}

# No more rows than a page has pixels; the first, the last and that of the appearance are kept.
function print_curve(point, generation,    s, n, begin, stride) {
    n = samples[point]
    stride = int(n / 1000) + 1
    for (begin = 1; !held[point, generation, time_of[point, begin]]; begin++)
        ;
    if (begin > 1)
        begin--
    if (begin > 1)
        printf "%.9g NaN NaN NaN\n", time_of[point, 1]
    for (s = begin; s <= n; s++)
        if (s <= begin + 1 || s == n || s % stride == 0)
            print_row(point, generation, time_of[point, s])
    printf "\n\n"
}

function last_median(point, generation,    n, list) {
    n = sorted_shares(point, generation, time_of[point, samples[point]], list)
    return quantile(list, n, 0.5)
}

function sorted_shares(point, generation, time, list,    i) {
    for (i = 1; i <= runs[point]; i++)
        list[i] = share[point, generation, time, i] + 0
    sort_list(list, runs[point])
    return runs[point]
}

function print_row(point, generation, time,    n, list) {
    n = sorted_shares(point, generation, time, list)
    printf "%.9g %.6g %.6g %.6g\n", time, quantile(list, n, 0.05), quantile(list, n, 0.5), \
        quantile(list, n, 0.95)
}
