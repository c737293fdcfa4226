# page.gp - opens the output file and writes what stands around every chart.
#
# Takes  title, caption  from run.gp
#        notes           what rows.awk noted: which rows were drawn
#        reading         a sentence or two on how to read the chart
# Load it when all input has been read, right before the first plot: an output file that exists
# should be a chart.

set output out.".".format
lines = two_lines(title, TITLE_LETTERS)
set label 101 lines at screen 0.5, up(height - (strstrt(lines, "\n") ? 20 : 27)) center \
    font title_font textcolor rgb ink
set label 102 reading at screen 0.02, up(37) font caption_font textcolor rgb faint
set label 103 also(caption, shown(notes)) at screen 0.02, up(16) font caption_font \
    textcolor rgb faint
