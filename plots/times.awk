# times.awk - when the newest transfer key of each point of a sweep had got so far, from summary.csv.
#   awk -v every=1 -f rows.awk -f quantiles.awk -f times.awk < summary.csv
#
# Prints notes, lines that begin with #:
#   # reached COUNT    medians that are no NaN
#   # longest SECONDS  the largest time that is printed
# then per point a row: its number, and for shares of 50, 90 and 99 % the 5, 50 and 95 % quantile of
# the times in seconds, from the generation's appearance on. A replication that did not get so far
# counts as infinite, and what is infinite is NaN.

BEGIN {
    shares = split("0.5 0.9 0.99", wanted, " ")
    for (i = 1; i <= 3; i++)
        percentile[i] = i == 1 ? 0.05 : i == 2 ? 0.5 : 0.95
    infinite = 1e300
}

column("metric") == "time-to-share" && column("key") == "transfer" {
    generation = column("generation") + 0
    if (!(point in newest))
        point_of[++points] = point
    if (generation > newest[point])
        newest[point] = generation
    if (!((point, replication) in counted)) {
        counted[point, replication] = 1
        runs[point]++
    }
    if (column("value") != "")
        time[point, generation, column("share"), ++got[point, generation, column("share")]] = \
            column("value")
}

END {
    for (p = 1; p <= points; p++)
        add_row(point_of[p])
    note_rows()
    print "# reached", reached + 0
    printf "# longest %.9g\n", longest
    for (p = 1; p <= points; p++)
        print row[p]
}

function add_row(point,    i, k, n, list, result) {
    result = point
    for (i = 1; i <= shares; i++) {
        n = got[point, newest[point], wanted[i]]
        for (k = 1; k <= runs[point]; k++)
            list[k] = k <= n ? time[point, newest[point], wanted[i], k] + 0 : infinite
        sort_list(list, runs[point])
        for (k = 1; k <= 3; k++)
            result = result " " shown(quantile(list, runs[point], percentile[k]), k)
    }
    row[p] = result
}

# An interpolation with what is infinite is infinite.
function shown(seconds, k) {
    if (seconds > 1e15)
        return "NaN"
    if (seconds > longest)
        longest = seconds
    reached += k == 2
    return sprintf("%.9g", seconds)
}
