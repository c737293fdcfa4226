# points-attacks.gp - what attacks gained at each point of a sweep, and how far keys of the
# attackers' own spread, from attacks.csv and points.csv.
#   gnuplot -e "results='results/NAME'; out='results/NAME/points-attacks'; format='svg'" \
#       plots/points-attacks.gp
#
# One curve per point, named by its value, in one panel for money and one for cards; a panel in
# which nothing ever happens is left out. Means over the replications, all attackers together.

chart = ARG0
plots = system(sprintf("dirname '%s'", chart))
needs = "attacks.csv"
further = "points.csv"
columns = "time_s gained cards"
load plots."/run.gp"
load plots."/points.gp"

notes = awk("-v every=1", "rows attacks", needs)
curves = noted(notes, "curves")
gains = noted(notes, "gains")
spreads = noted(notes, "spreads")
if (curves == 0 || gains + spreads == 0) { exit status NOTHING }
set print $rows
print notes
unset print

# --- Page --------------------------------------------------------------------------------------
LETTERS = 36
PITCH = 40.0
ABOVE = 87
BELOW = 114
GAP = 60
panels = gains + spreads
area = panels * 260.0 + (panels - 1) * GAP
if (PITCH * curves > area) { area = PITCH * curves }
height = ABOVE + area + BELOW
panel = (area - (panels - 1) * GAP) / panels
load plots."/style.gp"
LEFT = 0.110
RIGHT = 0.640
load plots."/time.gp"
reading = "All attackers together".(noted(notes, "drawn") > 1 ? "; means of the replications. " : \
    ". ")."Where curves coincide, the last one lies on top."
load plots."/page.gp"
unset key
set lmargin at screen LEFT
set rmargin at screen RIGHT
set label unit_name." since the start" at screen 0.5 * (LEFT + RIGHT), screen up(66) center \
    textcolor rgb ink
set label cut(compared ? "" : swept, LETTERS) at screen RIGHT + 0.012, \
    up(BELOW + area + 12) font note_font textcolor rgb faint
do for [k = 1:curves] {
    place = BELOW + area - PITCH * (k - 0.5)
    set arrow from screen RIGHT + 0.012, up(place) to screen RIGHT + 0.046, up(place) nohead \
        linetype k front
    set label "" at screen RIGHT + 0.029, up(place) point linetype k pointsize 0.8
    set label name_of(k, "", LETTERS) at screen RIGHT + 0.052, up(place) \
        offset 0, strstrt(name_of(k, "", LETTERS), "\n") ? 0.5 : 0 \
        font note_font textcolor rgb ink
}

# --- Panels ------------------------------------------------------------------------------------
set multiplot
set yrange [0:*]
top = BELOW + area
do for [which = 2:3] {
    if (which == 2 ? gains : spreads) {
        set tmargin at screen up(top)
        set bmargin at screen up(top - panel)
        set label 201 which == 2 ? "gained, minor units" : "cards of attackers, or with their key" \
            at screen 0.020, up(top - panel / 2) center rotate textcolor rgb ink
        set format y which == 2 ? "%.1s%c" : "%.0f"
        plot for [k = 1:curves] $rows index k - 1 using ($1 / unit):(column(which)) \
            with linespoints linetype k pointnumber 8 pointsize 0.8
        top = top - panel - GAP
        unset label
        unset arrow
    }
}
unset multiplot
unset output
