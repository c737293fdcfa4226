# latency.gp - how long a settlement takes at the terminal, per update path, from latency.csv.
#   gnuplot -e "results='results/NAME'; out='results/NAME/latency'; format='svg'" plots/latency.gp
#
# One bar per path, the mean stacked by phase; beside it p50, p90 and p99 of the total; across
# all of them what gates allow. Waiting for a free terminal is not part of it.

chart = ARG0
plots = system(sprintf("dirname '%s'", chart))
needs = "latency.csv"
columns = "path phase count mean_ms p50_ms p90_ms p99_ms"
load plots."/run.gp"
load plots."/style.gp"

# Edges of the drawing area, as fractions of the page.
LEFT = 0.090
RIGHT = 0.835
FLOOR = 0.235
CEILING = 0.835
line_of_area = line / (height * (CEILING - FLOOR)) # a line of text, as a fraction of it

notes = awk(sprintf("-v line=%.6g", line_of_area), "rows latency", needs)
paths = noted(notes, "paths")
if (paths == 0) { exit status NOTHING }
top = noted(notes, "top")
set print $paths
print notes
unset print

# --- Words -------------------------------------------------------------------------------------
phase(n) = word("select information update value", n)
UPDATE = 3 # the phase that costs: hatched
path_name(path) = path eq "none" ? "no update" : path." update"
below(path, count, percent) = sprintf("%s\n%s settlement%s\n%s of all", path_name(path), \
    grouped(count), count eq "1" ? "" : "s", percent)
# Whole milliseconds, one decimal where that would be rough.
ms(t) = sprintf(t < 10 ? "%.1f ms" : "%.0f ms", t)

# --- Drawing -----------------------------------------------------------------------------------
# Room for two paths at least: a single bar should not fill the page.
slots = paths < 2 ? 2 : paths
middle(i) = i + 1 + (slots - paths) / 2.0 - 0.15 # of bar i, counted from 0
bar = 0.17                                       # half of its width
mark(i) = middle(i) + bar + 0.08                 # where its quantiles stand

reading = "Bars: mean of the completed settlements. Marks: quantiles of their total. ".\
    "Waiting for a free terminal is left out."
load plots."/page.gp"
set lmargin at screen LEFT
set rmargin at screen RIGHT
set bmargin at screen FLOOR
set tmargin at screen CEILING
set xrange [0.45:slots + 0.55]
set yrange [0:top]
unset key
unset xtics
set grid noxtics ytics
set label "time at the terminal, ms" at screen 0.022, graph 0.5 center rotate textcolor rgb ink

# The two budgets, named in the margin. Should the axis reach so far that 200 and 500 ms all but
# meet, the upper name gives way.
tolerant = 200 + top * line_of_area > 500 ? 200 + top * line_of_area : 500
set arrow from graph 0, first 200 to graph 1.01, first 200 nohead \
    linecolor rgb ink linewidth 1.5 dashtype 2
set arrow from graph 0, first 500 to graph 1.01, first 500 nohead \
    linecolor rgb ink linewidth 1.5 dashtype 4
set label "200 ms: strict gate" at graph 1.018, first 200 font note_font textcolor rgb ink
set label "500 ms: tolerant gate" at graph 1.018, first tolerant font note_font textcolor rgb ink

# The key, drawn by hand: gnuplot's own has no swatch that is tinted and hatched.
do for [n = 1:4] {
    at = LEFT + 0.10 + 0.14 * (n - 1)
    set object n rectangle from screen at, screen 0.868 to screen at + 0.03, screen 0.892 \
        fillcolor rgb tint(n) fillstyle solid border rgb ink
    if (n == UPDATE) {
        set object 10 rectangle from screen at, screen 0.868 to screen at + 0.03, screen 0.892 \
            fillcolor rgb ink fillstyle transparent pattern hatch border rgb ink
    }
    set label phase(n) at screen at + 0.037, screen 0.880 textcolor rgb ink
}

mean(n) = (n > 0 ? column(4) : 0) + (n > 1 ? column(5) : 0) + (n > 2 ? column(6) : 0) + \
    (n > 3 ? column(7) : 0) # of the first n phases together
quantile(k) = word("p50 p90 p99", k)
plot for [n = 1:4] $paths using (middle($0)):(0):(middle($0) - bar):(middle($0) + bar): \
        (mean(n - 1)):(mean(n)) with boxxyerror dashtype 1 linewidth 1 \
        fillcolor rgb tint(n) fillstyle solid border rgb ink, \
    $paths using (middle($0)):(0):(middle($0) - bar):(middle($0) + bar): \
        (mean(UPDATE - 1)):(mean(UPDATE)) with boxxyerror dashtype 1 linewidth 1 \
        fillcolor rgb ink fillstyle transparent pattern hatch border rgb ink, \
    $paths using (middle($0)):(mean(4)):("mean ".ms(mean(4))) with labels boxed \
        offset 0, 0.8 font note_font textcolor rgb ink, \
    $paths using (mark($0)):8:(0):($10 - $8) with vectors nohead \
        linecolor rgb ink linewidth 2 dashtype 1, \
    for [k = 1:3] $paths using (mark($0)):(column(7 + k)):(0.07): \
        (column(10 + k) - column(7 + k)) with vectors nohead \
        linecolor rgb faint linewidth 1 dashtype 1, \
    for [k = 1:3] $paths using (mark($0)):(column(7 + k)) with points \
        linecolor rgb ink pointtype (5 + 2 * k) pointsize 0.9, \
    for [k = 1:3] $paths using (mark($0) + 0.075):(column(10 + k)): \
        (quantile(k)." ".ms(column(7 + k))) with labels left boxed \
        font note_font textcolor rgb ink, \
    $paths using (middle($0) + 0.13):(0):(below(strcol(1), strcol(2), strcol(3))) \
        with labels offset 0, -1.4 textcolor rgb ink
unset output
