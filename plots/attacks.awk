# attacks.awk - what attackers gained and how far their keys spread, per point of a sweep.
#   awk -v every=1 -f rows.awk -f attacks.awk < attacks.csv
#
# Prints notes, lines that begin with #:
#   # curves COUNT   points
#   # gains 0 or 1   whether anybody gained anything at any point
#   # spreads 0 or 1 whether any card held a key of theirs
# then per point, in its order, a block of rows: time, mean over the replications of what all
# attackers together have gained, the same of the cards that hold a key of theirs; two empty
# lines after it.

{
    time = column("time_s") + 0
    if (!(point in samples))
        point_of[++points] = point
    if (!((point, time) in known)) {
        known[point, time] = 1
        time_of[point, ++samples[point]] = time
    }
    if (!((point, replication) in counted)) {
        counted[point, replication] = 1
        runs[point]++
    }
    gained[point, time] += column("gained")
    cards[point, time] += column("cards")
    gains = gains || column("gained") > 0
    spreads = spreads || column("cards") > 0
}

END {
    note_rows()
    print "# curves", points + 0
    print "# gains", gains + 0
    print "# spreads", spreads + 0
    for (p = 1; p <= points; p++)
        print_point(point_of[p])
}

# No more rows than a page has pixels.
function print_point(point,    s, stride) {
    stride = int(samples[point] / 1000) + 1
    for (s = 1; s <= samples[point]; s++)
        if (s == 1 || s == samples[point] || s % stride == 0)
            printf "%.9g %.9g %.9g\n", time_of[point, s], \
                gained[point, time_of[point, s]] / runs[point], \
                cards[point, time_of[point, s]] / runs[point]
    printf "\n\n"
}
