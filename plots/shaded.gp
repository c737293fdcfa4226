# shaded.gp - shares over time with the area under them shaded, one point or a curve per point.
#
# Takes  chart, plots, needs, columns  see run.gp
#        program  awk programs that print curves as exposure.awk does
#        axis     what the share is of
#        counted  what stands with a curve's name, as a number
#        reading  a sentence on how to read the chart

further = "propagation.csv"
load plots."/run.gp"
swept_points = real(system("sh ".quoted(plots."/points.sh")." ".quoted(results)." | wc -l")) > 1
if (swept_points) { load plots."/points.gp" }
notes = awk(swept_points ? "-v every=1" : "-v pooled=1", program, further." ".needs)
key = ""
text(key) = notes
curves = noted(notes, "curves")
if (curves == 0) { exit status NOTHING }
set print $rows
print notes
unset print

# --- Words -------------------------------------------------------------------------------------
LETTERS = 33 # of a line beside the chart
generation(s) = s[1:strstrt(s, ":") - 1]
number_of(s) = grouped(s[strstrt(s, ":") + 1:*])." ".counted
named(point, s) = swept_points ? cut(label(place_of(point)), LETTERS) : \
    generation(s) eq "-" ? "" : "transfer key ".generation(s)
called(point, s) = named(point, s).(strlen(named(point, s)) ? "\n" : "").number_of(s)

# --- Page --------------------------------------------------------------------------------------
pitch = 38.0
ends = 0
pooled = 1 # medians.gp shades between the columns of a band
ABOVE = 87
BELOW = 114
area = 399.0
if (pitch * curves > area) { area = pitch * curves }
height = ABOVE + area + BELOW
load plots."/style.gp"
LEFT = 0.095
RIGHT = 0.655
bottom = up(BELOW)
high = up(area)
load plots."/time.gp"
load plots."/page.gp"
unset key
set lmargin at screen LEFT
set rmargin at screen RIGHT
set bmargin at screen bottom
set tmargin at screen bottom + high
set yrange [0:100]
set ytics 0, 10, 100 format "%g %%"
set label axis at screen 0.022, graph 0.5 center rotate textcolor rgb ink
set label unit_name." since the start" at graph 0.5, screen up(66) center textcolor rgb ink
if (swept_points) {
    set label cut(swept, LETTERS) at screen RIGHT + 0.012, bottom + high + up(12) font note_font \
        textcolor rgb faint
}
scale = 100
curve(t) = NaN
load plots."/medians.gp"
unset output
