# points_panel.gp - draws the curves of a chart with one per point of a sweep, and their names beside
# them.
#
# Takes  what points_page.gp, points.gp and page.gp say, and what medians.gp takes
#        axis  what the values are
#        last  what stands behind the names

load plots."/page.gp"
unset key
set lmargin at screen LEFT
set rmargin at screen RIGHT
set bmargin at screen bottom
set tmargin at screen bottom + high
set label axis at screen 0.022, graph 0.5 center rotate textcolor rgb ink
set label unit_name." since the start" at graph 0.5, screen up(66) center textcolor rgb ink
at = bottom + high + up(12)
set label cut(compared ? "" : swept, LETTERS) at screen RIGHT + 0.012, at font note_font \
    textcolor rgb faint
set label last at screen 0.988, at right font note_font textcolor rgb faint
curve(t) = NaN
load plots."/medians.gp"
unset output
