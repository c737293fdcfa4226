# till.awk - what updates cost at the tills, by interval, from propagation.csv, which has all samples
# of all replications, and behind it till.csv, which leaves out intervals without a cost.
#   { cat propagation.csv; cat till.csv; } | awk -v pooled=1 -v figures=till_seconds_added \
#       -f rows.awk -f quantiles.awk -f till.awk
# figures: columns of till.csv, a curve for each; with `every` in the place of `pooled` a curve for
# each point. Many intervals are added up by several, replication by replication.
#
# Prints notes, lines that begin with #:
#   # curves COUNT
#   # curve POINT COLUMN TOTAL  TOTAL: of the whole run, median of the replications
#   # cost SUM                  of all curves and replications together
#   # step SECONDS              the length of a row's interval at the first point
# then per curve a block of rows, the middle of an interval and 5, 50 and 95 % quantile of what it
# cost, two empty lines after it. Rows of NaN stand for begin and end of the run: the time axis.

BEGIN {
    MOST_STEPS = 400 # more would be narrower than a line
    columns = split(figures, figure, " ")
}

{ time = column("time_s") + 0 }

"generation" in place {
    if (!(point in runs))
        point_of[++points] = point
    if (!((point, time) in sample)) {
        sample[point, time] = samples[point] + 0
        time_of[point, samples[point]++] = time
    }
    if (!((point, replication) in counted)) {
        counted[point, replication] = 1
        run_of[point, ++runs[point]] = replication
    }
    next
}

{
    for (f = 1; f <= columns; f++) {
        cost[f, point, sample[point, time], replication] += column(figure[f])
        all += column(figure[f])
    }
}

END {
    for (f = 1; f <= columns; f++)
        for (p = 1; p <= points; p++)
            add_curve(f, point_of[p])
    note_rows()
    print "# curves", curves + 0
    printf "# cost %.9g\n", all
    printf "# step %.9g\n", stride(point_of[1]) * time_of[point_of[1], 1]
    printf "%s%s", notes, blocks
}

# Intervals that are drawn as one.
function stride(point) {
    return int((samples[point] - 2) / MOST_STEPS) + 1
}

# Interval i goes from sample i - 1 to sample i.
function add_curve(f, point,    i, final, wide) {
    curves++
    notes = notes sprintf("# curve %s %s %.9g\n", point, figure[f], \
        median_between(f, point, 1, samples[point] - 1))
    wide = stride(point)
    blocks = blocks sprintf("%.9g NaN NaN NaN\n", time_of[point, 0])
    for (i = 1; i < samples[point]; i += wide) {
        final = i + wide < samples[point] ? i + wide - 1 : samples[point] - 1
        median_between(f, point, i, final)
        blocks = blocks sprintf("%.9g %.9g %.9g %.9g\n", \
            (time_of[point, i - 1] + time_of[point, final]) / 2, \
            quantile(sums, runs[point], 0.05), quantile(sums, runs[point], 0.5), \
            quantile(sums, runs[point], 0.95))
    }
    blocks = blocks sprintf("%.9g NaN NaN NaN\n\n\n", time_of[point, samples[point] - 1])
}

# Leaves in sums[], sorted, what each replication cost in the intervals first..final.
function median_between(f, point, first, final,    i, k) {
    for (k = 1; k <= runs[point]; k++) {
        sums[k] = 0
        for (i = first; i <= final; i++)
            if ((f, point, i, run_of[point, k]) in cost)
                sums[k] += cost[f, point, i, run_of[point, k]]
    }
    sort_list(sums, runs[point])
    return quantile(sums, runs[point], 0.5)
}
