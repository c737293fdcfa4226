# outcomes.gp - how settlements ended over time, from outcomes.csv.
#   gnuplot -e "results='results/NAME'; out='results/NAME/outcomes'; format='svg'" \
#       plots/outcomes.gp
#
# Shares of the meetings of each sample interval. At the top all of them, what was paid by the
# update that went before; below it, on an axis of its own, what was not paid, by reason; at the
# bottom card-busy, which is no meeting: as a share of the arrivals. Panels that would be empty are
# left out. One point; replications are added up.

chart = ARG0
plots = system(sprintf("dirname '%s'", chart))
needs = "outcomes.csv"
columns = "time_s outcome count"
load plots."/run.gp"

notes = awk("-v pooled=1 -v interval=".setting("scenario", "sample-interval"), \
    "quantity rows outcomes", needs)
outcomes = int(noted(notes, "outcomes"))
paid = int(noted(notes, "paid"))
meetings = noted(notes, "meetings")
busy = noted(notes, "busy")
step = noted(notes, "step")
if (meetings == 0) { exit status NOTHING }
set print $rows
print notes
unset print

# --- Panels, in pixels -------------------------------------------------------------------------
GAP = 54
BELOW = 114 # axis title, reading hint and caption
ABOVE = 80  # title
BUSY = 64
high = outcomes > paid ? 196 : 390
under = (outcomes > paid ? high + GAP : 0) + (busy > 0 ? BUSY + GAP : 0)
height = real(BELOW + under + high + ABOVE)
load plots."/style.gp"
load plots."/time.gp"
LEFT = 0.100
RIGHT = 0.700

# --- Drawing -----------------------------------------------------------------------------------
reading = "Shares of the meetings that started in an interval of ".duration(step).\
    "; beside each name, of all meetings of the run."
load plots."/page.gp"
set multiplot
set lmargin at screen LEFT
set rmargin at screen RIGHT
unset key

set ytics format "%g %%"
set grid front linetype 1 linecolor rgb "#90ffffff" linewidth 0.7 dashtype solid # areas hide it
load plots."/outcome_names.gp"
shares = 1

# The first panel, and for what was not paid the second.
bottom = BELOW + under
do for [panel = 1:(outcomes > paid ? 2 : 1)] {
    first = panel == 1 ? 1 : paid + 1
    final = panel == 1 && paid > 0 ? paid : outcomes # of those named beside the panel
    set bmargin at screen up(bottom)
    set tmargin at screen up(bottom + high)
    set yrange [0:*]
    if (panel == 1) { set yrange [0:100] }
    set label panel == 1 ? "all meetings" : "not paid" \
        at screen 0.018, graph 0.5 center rotate textcolor rgb ink
    if (under == 0 || panel == 2 && busy == 0) {
        set label unit_name." since the start" at graph 0.5, screen up(66) center textcolor rgb ink
    }
    load plots."/outcome_legend.gp"
    if (final < outcomes) {
        at = up(bottom + high - 10 - pitch * final)
        set label "above these: not paid" at screen RIGHT + 0.015, at font note_font \
            textcolor rgb ink
        set label percent(sum [i = paid + 1:outcomes] share(i)) at screen 0.988, at right \
            font note_font textcolor rgb ink
    }
    base(i) = first == 1 ? 0 * column(3) : column(2 + paid) # NaN where there are no meetings
    lower(i) = (i == 1 ? 0 * column(3) : column(2 + i - 1)) - base(i)
    upper(i) = column(2 + i) - base(i)
    plot for [i = first:outcomes] $rows using ($1 / unit):(100 * lower(i)):(100 * upper(i)) \
            with filledcurves fillcolor rgb outcome_tint(place(i)) fillstyle solid noborder, \
        for [i = first:outcomes] $rows using \
            (outcome_hatch(place(i)) ? $1 / unit : NaN):(100 * lower(i)):(100 * upper(i)) \
            with filledcurves fillcolor rgb ink \
            fillstyle transparent pattern outcome_hatch(place(i)) noborder, \
        for [i = first:outcomes] $rows using ($1 / unit):(100 * upper(i)) \
            with lines linecolor rgb ink linewidth 0.7 dashtype 1
    unset label
    unset object
    bottom = bottom - GAP - high
}

if (busy > 0) {
    set bmargin at screen up(BELOW)
    set tmargin at screen up(BELOW + BUSY)
    stats $rows using (100 * $2) name "busy" nooutput
    digit = 10 ** floor(log10(busy_max))
    tick = floor(busy_max / digit + 0.5) * digit
    set yrange [0:1.1 * (tick > busy_max ? tick : busy_max)]
    set ytics (0, tick) format "%g %%"
    set label "card busy" at screen 0.018, graph 0.5 center rotate textcolor rgb ink
    set label unit_name." since the start" at graph 0.5, screen up(66) center textcolor rgb ink
    set label "no meeting: ".grouped(sprintf("%.0f", busy))." of ".\
        grouped(sprintf("%.0f", busy + meetings))." arrivals" \
        at screen RIGHT + 0.015, graph 0.5 font note_font textcolor rgb ink
    plot $rows using ($1 / unit):(100 * $2) with filledcurves y1=0 \
        fillcolor rgb faint fillstyle solid noborder
}
unset multiplot
unset output
