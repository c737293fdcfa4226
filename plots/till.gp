# till.gp - what updates cost at the tills over time, from till.csv; propagation.csv says which
# intervals and replications there are.
#   gnuplot -e "results='results/NAME'; out='results/NAME/till'; format='svg'" plots/till.gp
#
# At the top the till seconds that updates added in each sample interval, those that were refused
# included; below it how many keys were written by them. With several replications their median,
# and a band from 5 to 95 % of them. One point.

chart = ARG0
plots = system(sprintf("dirname '%s'", chart))
needs = "till.csv"
further = "propagation.csv"
columns = "time_s till_seconds_added updates_symmetric updates_public_key"
load plots."/run.gp"
load plots."/till_words.gp"
load plots."/style.gp"

seconds = cost("-v pooled=1", "till_seconds_added")
updates = cost("-v pooled=1", "updates_symmetric updates_public_key")
if (noted(seconds, "cost") == 0) { exit status NOTHING }
notes = seconds
pooled = noted(notes, "drawn") > 1
text(key) = key eq "seconds" ? seconds : updates
set print $rows
print seconds
unset print
load plots."/time.gp"

# --- Drawing -----------------------------------------------------------------------------------
LEFT = 0.105
RIGHT = 0.730
FLOOR = 0.190
GAP = 0.090
high = (0.840 - FLOOR - GAP) / 2
pitch = 20.0
ends = 1
scale = 1
curve(t) = NaN
called(point, column) = column eq "till_seconds_added" ? "till seconds added" : \
    column eq "updates_symmetric" ? "symmetric updates" : "public-key updates"

reading = per_interval(1)
load plots."/page.gp"
set multiplot
set lmargin at screen LEFT
set rmargin at screen RIGHT
set yrange [0:*]
unset key
do for [key in "seconds updates"] {
    bottom = key eq "seconds" ? FLOOR + high + GAP : FLOOR
    set bmargin at screen bottom
    set tmargin at screen bottom + high
    set label key eq "seconds" ? "till seconds added" : "updates" \
        at screen 0.018, graph 0.5 center rotate textcolor rgb ink
    if (key eq "seconds") {
        set label "in all" at screen 0.988, screen bottom + high + up(14) right font note_font \
            textcolor rgb faint
    } else {
        set label unit_name." since the start" at graph 0.5, screen 0.110 center textcolor rgb ink
    }
    figure(value) = key eq "seconds" ? in_seconds(value) : grouped(sprintf("%.0f", value))
    set print $rows
    print text(key)
    unset print
    load plots."/medians.gp"
    unset label
    unset arrow
}
unset multiplot
unset output
