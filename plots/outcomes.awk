# outcomes.awk - how settlements ended, as shares of the meetings.
#   awk -v pooled=1 -v interval=12h -f quantity.awk -f rows.awk -f outcomes.awk < outcomes.csv
# over time: interval is the sample interval of run.ini;
#   awk -v every=1 -f quantity.awk -f rows.awk -f outcomes.awk < outcomes.csv
# per point of a sweep, over its whole run. Replications are added up.
#
# Prints notes, lines that begin with #:
#   # outcomes COUNT
#   # outcome PLACE SHARE "TEXT"   PLACE: see order below; SHARE of all meetings
#   # paid COUNT                   how many of these are paid, the first ones
#   # meetings COUNT
#   # busy COUNT                   arrivals that found a card busy: no meetings
#   # step SECONDS                 the length of a row's interval; several samples if there are many
# then rows: time, or point; card-busy as a share of the arrivals; the sums of the shares of the
# first 1, 2, ... outcomes. An interval has two rows, for its begin and its end. Without meetings
# it has NaN.

BEGIN {
    MOST_STEPS = 400 # more would be narrower than a line
    # From the bottom of a stack to its top; a place is what colour and hatching hang on.
    places = split("paid paid-after-symmetric-update paid-after-public-key-update " \
        "refused-limit refused-balance refused-expired refused-update-key-order " \
        "refused-update-key refused-different-ids refused-revoked refused-certificate " \
        "refused-update-key-limit refused-authentication " \
        "torn-before-debit torn-after-debit torn-after-credit", order, " ")
    for (p = 1; p <= places; p++)
        place_of[order[p]] = p
    step = seconds(interval)
}

{
    outcome = column("outcome")
    n = column("count") + 0
    if (every)
        group = point
    else {
        # Intervals end at multiples of the sample interval, the last one where the run does.
        time = column("time_s") + 0
        group = int(time / step + 0.999)
        if (time > end)
            end = time
    }
    if (!(group in known)) {
        known[group] = 1
        group_of[++groups] = group
        if (group > last)
            last = group
    }
    if (outcome == "card-busy") {
        busy[group] += n
        all_busy += n
        next
    }
    if (!(outcome in place_of)) {
        order[++places] = outcome
        place_of[outcome] = places
    }
    count[group, place_of[outcome]] += n
    total[place_of[outcome]] += n
    meetings[group] += n
    all_meetings += n
}

END {
    for (p = 1; p <= places; p++)
        if (total[p] > 0) {
            shown[++outcomes] = p
            paid += p <= 3
        }
    note_rows()
    note_outcomes()
    if (every)
        for (i = 1; i <= groups; i++)
            print group_of[i], shares(group_of[i], group_of[i])
    else
        print_intervals()
}

function note_outcomes(    i) {
    print "# outcomes", outcomes + 0
    print "# paid", paid + 0
    printf "# meetings %.0f\n", all_meetings
    printf "# busy %.0f\n", all_busy
    for (i = 1; i <= outcomes; i++)
        printf "# outcome %d %.9g \"%s\"\n", shown[i], total[shown[i]] / all_meetings, \
            in_words(order[shown[i]])
}

function in_words(outcome,    text) {
    text = outcome
    gsub(/-/, " ", text)
    sub(/public key/, "public-key", text)
    sub(/ ids$/, " IDs", text)
    sub(/^refused /, "refused: ", text)
    sub(/^torn /, "torn: ", text)
    return text == "paid" ? "paid without update" : text
}

function print_intervals(    g, final, wide, row) {
    wide = int((last - 1) / MOST_STEPS) + 1
    printf "# step %.9g\n", wide * step
    for (g = 1; g <= last; g += wide) {
        final = g + wide - 1 < last ? g + wide - 1 : last
        row = shares(g, final)
        printf "%.9g %s\n", (g - 1) * step, row
        printf "%.9g %s\n", final < last ? final * step : end, row
    }
}

# What the groups first..final have in common.
function shares(first, final,    g, i, all, arrivals, sum, row) {
    for (g = first; g <= final; g++) {
        all += meetings[g]
        arrivals += meetings[g] + busy[g]
    }
    row = share(busy_in(first, final), arrivals)
    for (i = 1; i <= outcomes; i++) {
        for (g = first; g <= final; g++)
            sum += count[g, shown[i]]
        row = row " " share(sum, all)
    }
    return row
}

function busy_in(first, final,    g, sum) {
    for (g = first; g <= final; g++)
        sum += busy[g]
    return sum + 0
}

function share(part, whole) {
    return whole > 0 ? sprintf("%.6g", part / whole) : "NaN"
}
