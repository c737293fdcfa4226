# points-propagation.gp - how the newest transfer key spreads at each point of a sweep, from
# propagation.csv and points.csv.
#   gnuplot -e "results='results/NAME'; out='results/NAME/points-propagation'; format='svg'" \
#       plots/points-propagation.gp
#
# One curve per point, named by its value: the share of cards with the newest generation that the
# point has; with several replications their median, and a band from 5 to 95 % of them as long as
# there are few curves.

chart = ARG0
plots = system(sprintf("dirname '%s'", chart))
needs = "propagation.csv"
further = "points.csv"
columns = "time_s key generation share_at_least"
load plots."/run.gp"
load plots."/points.gp"

key = "transfer"
notes = awk("-v every=1 -v key=".key, "rows quantiles spread", needs)
text(key) = notes
curves = noted(notes, "curves")
if (curves == 0) { exit status NOTHING }
pooled = noted(notes, "drawn") > 1
set print $rows
print notes
unset print

# --- Words -------------------------------------------------------------------------------------
# Where all points have the same newest generation, the axis names it, else each name does.
array generation[curves]
i = 0
do for [k = 1:|$rows|] {
    if (word($rows[k], 2) eq "curve") { i = i + 1; generation[i] = word($rows[k], 4) }
}
same = 1
do for [i = 2:curves] { if (generation[i] ne generation[1]) { same = 0 } }
LETTERS = 33 # of a line beside the chart
more(generation) = same ? "" : ", generation ".generation
called(point, generation) = name_of(place_of(point), more(generation), LETTERS)
tall = compared
longest = strlen(swept) + 3 # "at the end" beside it is longer than the figures below
do for [k = 1:points] {
    letters = strlen(label(k).more("1"))
    if (letters > LETTERS) { tall = 1 }
    if (letters > longest) { longest = letters }
}
if (tall || longest > LETTERS) { longest = LETTERS }

# --- Page --------------------------------------------------------------------------------------
pitch = tall ? 38.0 : 20.0
ends = 1
ABOVE = 87
BELOW = 114
area = 399.0
if (pitch * curves > area) { area = pitch * curves }
height = ABOVE + area + BELOW
load plots."/style.gp"
LEFT = 0.095
RIGHT = 1 - (114 + 7.0 * longest) / width
bottom = up(BELOW)
high = up(area)
load plots."/time.gp"

reading = "Where curves coincide, the last one lies on top. ".(pooled ? \
    "Lines: median of the replications".\
    (curves > MOST_BANDS ? "." : "; bands: 5 to 95 % of them.") : "")
load plots."/page.gp"
unset key
set lmargin at screen LEFT
set rmargin at screen RIGHT
set bmargin at screen bottom
set tmargin at screen bottom + high
set yrange [0:100]
set ytics 0, 10, 100 format "%g %%"
set label same ? "share of cards with transfer key ".generation[1] : \
    "share of cards with the newest transfer key" \
    at screen 0.022, graph 0.5 center rotate textcolor rgb ink
set label unit_name." since the start" at graph 0.5, screen up(66) center textcolor rgb ink
at = bottom + high + up(12)
set label cut(compared ? "" : swept, LETTERS) at screen RIGHT + 0.012, at font note_font \
    textcolor rgb faint
set label "at the end" at screen 0.988, at right font note_font textcolor rgb faint
curve(t) = NaN
load plots."/medians.gp"
unset output
