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
more(generation) = same ? "" : ", generation ".generation
load plots."/points_page.gp"

reading = "Where curves coincide, the last one lies on top. ".(pooled ? \
    "Lines: median of the replications".\
    (curves > MOST_BANDS ? "." : "; bands: 5 to 95 % of them.") : "")
set yrange [0:100]
set ytics 0, 10, 100 format "%g %%"
axis = same ? "share of cards with transfer key ".generation[1] : \
    "share of cards with the newest transfer key"
last = "at the end"
scale = 100
figure(value) = per_cent(value, 1)
load plots."/points_panel.gp"
