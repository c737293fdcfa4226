# points-till.gp - what updates cost at the tills over time at each point of a sweep, from till.csv
# and points.csv; propagation.csv says which intervals and replications there are.
#   gnuplot -e "results='results/NAME'; out='results/NAME/points-till'; format='svg'" \
#       plots/points-till.gp
#
# One curve per point, named by its value: the till seconds that updates added in each sample
# interval, those that were refused included; with several replications their median, and a band
# from 5 to 95 % of them as long as there are few curves.

chart = ARG0
plots = system(sprintf("dirname '%s'", chart))
needs = "till.csv"
further = "propagation.csv points.csv"
columns = "time_s till_seconds_added"
load plots."/run.gp"
load plots."/points.gp"
load plots."/till_words.gp"

key = "seconds"
notes = cost("-v every=1", "till_seconds_added")
text(key) = notes
if (noted(notes, "cost") == 0) { exit status NOTHING }
pooled = noted(notes, "drawn") > 1
curves = noted(notes, "curves")
set print $rows
print notes
unset print
more(column) = ""
load plots."/points_page.gp"

reading = per_interval(curves <= MOST_BANDS)
set yrange [0:*]
axis = "till seconds added"
last = "in all"
scale = 1
figure(value) = in_seconds(value)
load plots."/points_panel.gp"
