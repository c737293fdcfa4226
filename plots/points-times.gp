# points-times.gp - how long the newest transfer key took at each point of a sweep, from summary.csv
# and points.csv.
#   gnuplot -e "results='results/NAME'; out='results/NAME/points-times'; format='svg'" \
#       plots/points-times.gp
#
# A line per point, named by its value, with a mark where 50, 90 and 99 % of the cards hold its
# newest generation; beside it the times. With several replications these are medians, and bars go
# from 5 to 95 % of the replications.

chart = ARG0
plots = system(sprintf("dirname '%s'", chart))
needs = "summary.csv"
further = "points.csv"
columns = "metric key generation share value"
load plots."/run.gp"
load plots."/points.gp"

notes = awk("-v every=1", "rows quantiles times", needs)
# nothing to wait for where all cards have one key from the start
if (noted(notes, "reached") == 0 || noted(notes, "longest") == 0) { exit status NOTHING }
pooled = noted(notes, "drawn") > 1

# --- Page --------------------------------------------------------------------------------------
ABOVE = 87
BELOW = 114
LETTERS = 33 # of a line of a name
longest = 8
tall = 0
do for [k = 1:points] {
    if (strlen(label(k)) > longest) { longest = strlen(label(k)) }
}
if (longest > LETTERS) { longest = LETTERS; tall = 1 }
PITCH = tall ? 38.0 : 26.0
high = PITCH * points > 150 ? PITCH * points : 150.0
height = ABOVE + high + BELOW
load plots."/style.gp"
LEFT = (24 + 7.0 * longest) / width
RIGHT = 0.790
COLUMN = 0.068 # from one column of times to the next

set print $rows # for the time axis
print "0"
print noted(notes, "longest")
unset print
load plots."/time.gp"
set xrange [0:1.02 * noted(notes, "longest") / unit]
set print $rows
print notes
unset print

reading = "From the key's appearance on; a dash: not reached. ".(pooled ? \
    "Marks and figures: medians of the replications; bars: 5 to 95 % of them." : "")
load plots."/page.gp"
unset key
set lmargin at screen LEFT
set rmargin at screen RIGHT
set bmargin at screen up(BELOW)
set tmargin at screen up(BELOW + high)
set yrange [points + 0.5:0.5]
unset ytics
set label unit_name." until so many of the cards hold the newest transfer key" \
    at graph 0.5, screen up(66) center textcolor rgb ink
set label compared ? "" : cut(swept, 90) at screen 0.012, up(BELOW + high + 12) font note_font \
    textcolor rgb faint
do for [k = 1:points] {
    set label name_of(k, "", LETTERS) at screen LEFT - 0.012, first k right \
        offset 0, strstrt(name_of(k, "", LETTERS), "\n") ? 0.5 : 0 \
        font note_font textcolor rgb ink
}

# --- Marks and figures -------------------------------------------------------------------------
median(i) = column(3 * i) / unit
low(i) = column(3 * i - 1) / unit
# Beyond the axis where a twentieth of the replications did not get so far.
top(i) = valid(3 * i + 1) ? column(3 * i + 1) / unit : 10 * noted(notes, "longest") / unit
figure(t) = sprintf(t < 10 ? "%.2f" : t < 100 ? "%.1f" : "%.0f", t)
at(i) = RIGHT + COLUMN * i
do for [i = 1:3] {
    set label word("50 90 99", i)." %" at screen at(i) - 0.012, up(BELOW + high + 12) right \
        font note_font textcolor rgb ink
    set label "" at screen at(i) - 0.003, up(BELOW + high + 12) point linetype i pointsize 0.8
}
do for [k = 1:|$rows|] {
    if ($rows[k][1:1] eq "#") { continue }
    do for [i = 1:3] {
        time = word($rows[k], 3 * i)
        set label time eq "NaN" ? "–" : figure(real(time) / unit) \
            at screen at(i) - 0.012, first place_of(word($rows[k], 1)) right font note_font \
            textcolor rgb ink
    }
}

plot for [i = 1:3] $rows using (median(i)):(place_of(strcol(1))):(low(i)):(top(i)) \
        with xerrorbars linetype i dashtype 1 pointsize 1.2
unset output
