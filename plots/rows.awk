# rows.awk - what every tidy CSV file has in common; comes before a chart's own awk program:
#   awk -v pooled=1 -f rows.awk -f quantiles.awk -f spread.awk < propagation.csv
#
# Lets the rows through that a chart is about. As a rule these are one point's and one
# replication's, the first ones in the file: replication 1 of point 0, unless the program was
# asked for another one. With `pooled` set, all replications of the point pass, with `every` set,
# all replications of all points. Files of one run may follow one another, each with its header line.

BEGIN { FS = "," }

{ sub(/\r$/, "") }

index($0, "\"") { unquote() }

NR == 1 || $1 == "scenario" && $2 == "point" {
    split("", place)
    for (i = 1; i <= NF; i++)
        place[$i] = i
    next
}

{
    point = column("point")
    replication = column("replication")
    if (NR == 2) {
        first_point = point
        first_replication = replication
    }
    if (point != first_point) {
        several_points = 1
        if (!every)
            next
    }
    if (replication != first_replication && !pooled && !every)
        next
    if (!(replication in seen)) {
        seen[replication] = 1
        drawn++
    }
}

# Columns go by name.
function column(name) {
    return $place[name]
}

# Fields in quotes may hold commas and, doubled, quotes. Such commas are put aside while awk
# splits the line; words() brings them back, and makes typographic apostrophes of straight ones: a
# straight one alone would keep gnuplot from ending the line.
function unquote(    i, c, inside, result) {
    for (i = 1; i <= length($0); i++) {
        c = substr($0, i, 1)
        if (c == "\"" && inside && substr($0, i + 1, 1) == "\"") {
            result = result "\""
            i++
        } else if (c == "\"")
            inside = !inside
        else
            result = result (c == "," && inside ? "\034" : c)
    }
    $0 = result
}

function words(name,    result) {
    result = column(name)
    gsub(/\034/, ",", result)
    gsub(/'/, "’", result)
    return result
}

# For shown() in run.gp. With `every` set no single point is meant.
function note_rows() {
    print "# points", several_points && !every ? 2 : 1
    print "# point", first_point + 0
    print "# replication", first_replication + 0
    print "# drawn", drawn + 0
}
