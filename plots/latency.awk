# latency.awk - one line per update path, ready to be drawn as a stacked bar.
#   awk -v line=0.04 -f rows.awk -f latency.awk < latency.csv
# line is the height of a line of text as a fraction of the drawing area.
#
# Prints notes, lines that begin with #:
#   # paths COUNT
#   # top MS                        where the time axis ends
# then one row per path that settlements took:
#   "PATH" COUNT "PERCENT" SELECT INFORMATION UPDATE VALUE P50 P90 P99 Y50 Y90 Y99
# The phases are mean ms, p50 to p99 those of the total; Y50 to Y99 are heights for the texts
# beside them, pushed apart where the quantiles lie close together, as they mostly do.

BEGIN {
    BUDGET_MS = 500 # always in view, so that a fast scheme is seen to be one
    n_paths = split("none symmetric public-key", paths, " ")
}

{
    path = column("path")
    phase = column("phase")
    mean[path, phase] = column("mean_ms") + 0
    if (phase == "total") {
        count[path] = column("count") + 0
        all += count[path]
        p50[path] = column("p50_ms") + 0
        p90[path] = column("p90_ms") + 0
        p99[path] = column("p99_ms") + 0
        if (count[path] > 0 && p99[path] > slowest)
            slowest = p99[path]
        if (count[path] > 0 && mean[path, phase] > slowest)
            slowest = mean[path, phase]
    }
}

END {
    for (i = 1; i <= n_paths; i++)
        if (count[paths[i]] > 0)
            taken++
    # The texts reach at most four lines above the slowest figure.
    top = (slowest > BUDGET_MS ? slowest : BUDGET_MS) / (1 - 4 * line)
    note_rows()
    print "# paths", taken + 0
    printf "# top %.6g\n", top
    for (i = 1; i <= n_paths; i++)
        if (count[paths[i]] > 0)
            print_path(paths[i])
}

function print_path(path,    y50, y90, y99) {
    y50 = above(p50[path], 0)
    y90 = above(p90[path], y50)
    y99 = above(p99[path], y90)
    # %.0f for the count: a billion settlements are more than some awks hold in a %d
    printf "\"%s\" %.0f \"%s\" %.9g %.9g %.9g %.9g %.9g %.9g %.9g %.6g %.6g %.6g\n", path, \
        count[path], percent(count[path] / all), mean[path, "select"], \
        mean[path, "information"], mean[path, "update"], mean[path, "value"], \
        p50[path], p90[path], p99[path], y50, y90, y99
}

function above(wanted, y) {
    return wanted > y + line * top ? wanted : y + line * top
}

function percent(share) {
    if (share == 1)
        return "100 %"
    if (share > 0.9995)
        return "99.9 %"
    return share < 0.001 ? "below 0.1 %" : sprintf("%.1f %%", 100 * share)
}
