# generations.awk - the bands of a stacked chart: one key's generations over time.
#   awk -v key=transfer -v letter=0.009 -v line=0.04 -f rows.awk -f generations.awk \
#       < propagation.csv
# letter and line are the width and height of a letter, as fractions of the drawing area.
#
# The newest generation lies at the bottom, so the upper edge of a band is the share of cards
# that hold its generation or a newer one: the curve whose 90 % a rollout waits for.
#
# Prints notes, lines that begin with #:
#   # generations COUNT
#   # inside X Y "TEXT"             a band's name within the band
#   # outside Y Y-OF-TEXT "TEXT"    the name of a band too thin for that, right of the chart
#   # appears X X-OF-TEXT "TEXT"    a generation that was not there from the start
# (all as fractions of the drawing area), then rows: time, upper edge of each band from the
# oldest generation to the newest. An edge begins at 0 with the last sample before its
# generation appeared; before that it is NaN. A generation that no card holds at any sample has no
# band.

column("key") == key {
    time = column("time_s") + 0
    generation = column("generation") + 0
    if (!(time in row_of)) {
        row_of[time] = ++rows
        time_of[rows] = time
    }
    if (!(generation in first) && column("cards") > 0) {
        first[generation] = row_of[time]
        insert(generation)
    }
    at_least[generation, row_of[time]] = column("share_at_least") + 0
}

END {
    note_rows()
    print "# generations", bands + 0
    if (bands == 0)
        exit
    begin = time_of[1]
    span = time_of[rows] > begin ? time_of[rows] - begin : 1
    stack()
    note_appearances()
    note_names()
    print_rows()
}

# generation_of[1..bands] stays sorted.
function insert(generation,    i) {
    for (i = ++bands; i > 1 && generation_of[i - 1] > generation; i--)
        generation_of[i] = generation_of[i - 1]
    generation_of[i] = generation
}

# Upper edges from the newest band down. edge[bands + 1, r] is the axis.
function stack(    i, r, share) {
    for (r = 1; r <= rows; r++) {
        edge[bands + 1, r] = 0
        for (i = bands; i >= 1; i--) {
            share = at_least[generation_of[i], r] + 0
            edge[i, r] = share > edge[i + 1, r] ? share : edge[i + 1, r]
        }
    }
}

function x_of(r) {
    return (time_of[r] - begin) / span
}

# The edge of band i at x, linear between samples.
function edge_at(i, x,    low, high, middle, a, b) {
    low = 1
    high = rows
    while (high - low > 1) {
        middle = int((low + high) / 2)
        if (x_of(middle) <= x)
            low = middle
        else
            high = middle
    }
    a = x_of(low)
    b = x_of(high)
    return edge[i, low] + (b > a ? (edge[i, high] - edge[i, low]) * (x - a) / (b - a) : 0)
}

# A generation that appears is marked where its edge leaves the axis; generations that appear
# together share a mark. Its text is a sentence if there is room for all of them, else a number.
function note_appearances(    i, r, last) {
    for (r = 2; r <= rows; r++)
        for (i = 1; i <= bands; i++) {
            if (first[generation_of[i]] != r)
                continue
            if (r != last)
                mark[++marks] = x_of(r - 1)
            newcomers[marks] = newcomers[marks] (r == last ? ", " : "") generation_of[i]
            last = r
        }
    if (lay_out("generation ", " appears", 0) == marks)
        lay_out("generation ", " appears", 1)
    else
        lay_out("", "", 1)
}

# Centres the texts on their marks, as far as the chart's sides allow, and leaves out those that
# would run into the one before. Returns how many there is room for.
function lay_out(before, after, printing,    m, text, half, x, free_from, fit) {
    for (m = 1; m <= marks; m++) {
        text = before newcomers[m] after
        half = length(text) * letter / 2
        x = mark[m] < half ? half : mark[m] > 1 - half ? 1 - half : mark[m]
        if (m > 1 && x - half < free_from)
            text = ""
        else {
            free_from = x + half + letter
            fit++
        }
        if (printing)
            printf "# appears %.6g %.6g \"%s\"\n", mark[m], x, text
    }
    return fit + 0
}

function note_names(    i, outside) {
    for (i = 1; i <= bands; i++)
        if (!note_inside(i, "generation " generation_of[i]) && !note_inside(i, generation_of[i]))
            outside[++n_outside] = i
    note_outside(outside)
}

# Writes a text into band i at the middle of the largest box that fits between the band's edges
# and clear of the marks; of equal boxes the one next to the middle of the chart wins. False if
# not even the text itself fits.
function note_inside(i, text,    half, size, x, step, room, best, best_x, best_y) {
    for (size = 6; size >= 1; size -= 0.5) {
        half = size * (length(text) + 1) * letter / 2
        best = (3 * size - 2) * line
        best_x = ""
        for (step = 0; step <= 200; step++) {
            x = step / 200
            if (x < half || x > 1 - half || touches_mark(x - half, x + half))
                continue
            room = clear(i, x, half) - 0.1 * (x > 0.5 ? x - 0.5 : 0.5 - x)
            if (room > best) {
                best = room
                best_x = x
                best_y = (ceiling + floor) / 2
            }
        }
        if (best_x != "") {
            printf "# inside %.6g %.6g \"%s\"\n", best_x, best_y, text
            return 1
        }
    }
    return 0
}

# The height free in band i from x - half to x + half; leaves its bounds in floor and ceiling.
function clear(i, x, half,    k, y) {
    floor = 0
    ceiling = 1
    for (k = -4; k <= 4; k++) {
        y = edge_at(i, x + half * k / 4)
        if (y < ceiling)
            ceiling = y
        y = edge_at(i + 1, x + half * k / 4)
        if (y > floor)
            floor = y
    }
    return ceiling - floor
}

function touches_mark(left, right,    m) {
    for (m = 1; m <= marks; m++)
        if (mark[m] > left && mark[m] < right)
            return 1
    return 0
}

# Names beside the chart, each at its band's last height, pushed apart: upwards from the newest,
# then down again from the top. Those that do not fit, the oldest, are summed up in one line.
function note_outside(outside,    n, i, k, fit, at, text, limit) {
    n = n_outside
    fit = int(1 / line)
    for (k = 0; k < n && k < fit; k++) {
        i = outside[n - k]
        text[k] = "generation " generation_of[i]
        at[k] = at_end[k] = (edge[i, rows] + edge[i + 1, rows]) / 2
        if (k > 0 && at[k] < at[k - 1] + line)
            at[k] = at[k - 1] + line
    }
    if (n > fit)
        text[fit - 1] = "and " n - fit + 1 " older"
    limit = 1
    while (--k >= 0) {
        if (at[k] > limit)
            at[k] = limit
        limit = at[k] - line
        printf "# outside %.6g %.6g \"%s\"\n", at_end[k], at[k], text[k]
    }
}

# No more rows than a page has pixels; the first, the last and those at a mark are kept. A single
# sample is written twice, for a band needs a width.
function print_rows(    r, i, stride) {
    stride = int(rows / 1000) + 1
    for (i = 1; i <= bands; i++) {
        keep[first[generation_of[i]]] = 1
        keep[first[generation_of[i]] - 1] = 1
    }
    for (r = 1; r <= rows; r++)
        if (r % stride == 0 || r == 1 || r == rows || r in keep)
            print_row(r, time_of[r])
    if (rows == 1)
        print_row(1, time_of[1] + span)
}

function print_row(r, time,    i) {
    printf "%.9g", time
    for (i = 1; i <= bands; i++)
        printf " %s", (r < first[generation_of[i]] - 1 ? "NaN" : sprintf("%.6g", edge[i, r]))
    print ""
}
