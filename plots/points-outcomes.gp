# points-outcomes.gp - how settlements ended at each point of a sweep, from outcomes.csv and
# points.csv.
#   gnuplot -e "results='results/NAME'; out='results/NAME/points-outcomes'; format='svg'" \
#       plots/points-outcomes.gp
#
# One bar per point, named by its value: shares of the meetings of the whole run, the paid ones by
# the update that went before, the others by reason. Replications are added up.

chart = ARG0
plots = system(sprintf("dirname '%s'", chart))
needs = "outcomes.csv"
further = "points.csv"
columns = "time_s outcome count"
load plots."/run.gp"
load plots."/points.gp"

notes = awk("-v every=1", "quantity rows outcomes", needs)
outcomes = int(noted(notes, "outcomes"))
if (outcomes == 0) { exit status NOTHING }
set print $rows
print notes
unset print

# --- Page --------------------------------------------------------------------------------------
ABOVE = 87
BELOW = 114
BAR = 46.0
high = BAR * points > 22 * outcomes ? BAR * points : 22 * outcomes
if (high < 200) { high = 200.0 }
height = ABOVE + high + BELOW
load plots."/style.gp"
load plots."/outcome_names.gp"
LETTERS = 33 # of a line of a name
longest = 8
do for [k = 1:points] { if (strlen(label(k)) > longest) { longest = strlen(label(k)) } }
if (longest > LETTERS) { longest = LETTERS }
LEFT = (24 + 7.0 * longest) / width
RIGHT = 0.765

reading = "Shares of all meetings of the run; arrivals that found a card busy are no meetings."
load plots."/page.gp"
unset key
set lmargin at screen LEFT
set rmargin at screen RIGHT
set bmargin at screen up(BELOW)
set tmargin at screen up(BELOW + high)
set xrange [0:100]
set xtics 0, 10, 100 format "%g %%"
set yrange [points + 0.5:0.5]
unset ytics
set label "share of the meetings" at graph 0.5, screen up(66) center textcolor rgb ink
set label compared ? "" : cut(swept, 90) at screen 0.012, up(BELOW + high + 12) font note_font \
    textcolor rgb faint
do for [k = 1:points] {
    set label name_of(k, "", LETTERS) at screen LEFT - 0.012, first k right \
        offset 0, strstrt(name_of(k, "", LETTERS), "\n") ? 0.5 : 0 \
        font note_font textcolor rgb ink
}
first = 1
final = outcomes
bottom = BELOW
shares = 0
load plots."/outcome_legend.gp"

lower(i) = i == 1 ? 0 : 100 * column(2 + i - 1)
upper(i) = 100 * column(2 + i)
half = 0.32
room = 100 * 54 / (width * (RIGHT - LEFT)) # for a figure
written(i) = upper(i) - lower(i) >= room ? (lower(i) + upper(i)) / 2 : NaN
figure(i) = per_cent(upper(i) - lower(i), 1)
plot for [i = 1:outcomes] $rows using (lower(i)):(place_of(strcol(1))):(lower(i)):(upper(i)): \
        (place_of(strcol(1)) - half):(place_of(strcol(1)) + half) with boxxyerror \
        dashtype 1 linewidth 1 fillcolor rgb outcome_tint(place(i)) \
        fillstyle solid border rgb ink, \
    for [i = 1:outcomes] $rows using (lower(i)):(place_of(strcol(1))):(lower(i)):(upper(i)): \
        (place_of(strcol(1)) - half):(place_of(strcol(1)) + half) with boxxyerror \
        dashtype 1 linewidth 1 fillcolor rgb ink \
        fillstyle transparent pattern outcome_hatch(place(i)) border rgb ink, \
    for [i = 1:outcomes] $rows using (written(i)):(place_of(strcol(1))):(figure(i)) with labels \
        boxed font note_font textcolor rgb ink
unset output
