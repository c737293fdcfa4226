# page.gp - opens the output file and writes what stands around every chart.
#
# Takes  title, caption  from run.gp
#        notes           what rows.awk noted: which rows were drawn
#        reading         a sentence or two on how to read the chart
# Load it when all input has been read, right before the first plot: an output file that exists
# should be a chart.

set output out.".".format
lines = title_lines(title)
set label 101 lines at screen 0.5, (strstrt(lines, "\n") ? 0.967 : 0.955) center \
    font title_font textcolor rgb ink
set label 102 reading at screen 0.02, 0.062 font caption_font textcolor rgb faint
set label 103 also(caption, shown(notes)) at screen 0.02, 0.027 font caption_font \
    textcolor rgb faint
