# rows.awk - what every tidy CSV file has in common; comes before a chart's own awk program:
#   awk -f rows.awk -f generations.awk < propagation.csv
#
# Lets only the rows of the first point and replication in the file pass: a chart draws one run.
# It is replication 1 of point 0, unless the program was asked for another one.

BEGIN { FS = "," }

{ sub(/\r$/, "") }

# Columns go by name. They are counted from the right: the scenario's name stands in the first
# column, may hold commas in its quotes, and is the only text that may.
NR == 1 {
    for (i = 1; i <= NF; i++)
        from_end[$i] = i - NF
    next
}

{
    if (NR == 2) {
        point = column("point")
        replication = column("replication")
    }
    if (column("point") != point)
        several_points = 1
    if (column("point") != point || column("replication") != replication)
        next
}

function column(name) {
    return $(NF + from_end[name])
}

# For shown() in run.gp.
function note_rows() {
    print "# points", several_points ? 2 : 1
    print "# point", point + 0
    print "# replication", replication + 0
}
