# bench.gp - how fast and how small the simulation is, from the engine.csv of `make bench`.
#   gnuplot -e "results='build/bench'; out='build/bench/engine'; format='svg'" plots/bench.gp
#
# Above, transfers a second against the number of cards: the bare loop, the plain and the full
# scenario. Below, resident memory per card. No scenario's run, so there is no run.ini to read.

chart = ARG0
plots = system(sprintf("dirname '%s'", chart))
if (!exists("results") || !exists("out") || !exists("format")) {
    print chart.": set results, out and format, for example"
    print "  gnuplot -e \"results='build/bench'; out='engine'; format='svg'\" ".chart
    exit status 2
}
if (format ne "svg" && format ne "png") {
    print chart.": format: expected svg or png, found '".format."'"
    exit status 2
}
file = results."/engine.csv"
if (system("test -r '".file."' && echo yes") ne "yes") {
    print chart.": ".file.": cannot be read"
    exit status 1
}
height = 760.0
load plots."/style.gp"

# The rows of the i-th program, below the header line.
rows(i) = "< awk -F, 'NR == 1 || $1 == \"".word("bare plain full", i)."\"' '".file."'"
name_of(i) = i == 1 ? "bare loop" : word("bare plain full", i)
set datafile separator ","
set datafile columnheaders
stats file using "cards" name "cards" nooutput
last(i) = column("cards") < cards_max ? "" : name_of(i) # a name stands at the end of its line

set output out.".".format
title = "Transfers a second and memory a card, by the number of cards"
reading = "One core; medians of rounds in turn. The bare loop draws a pair and a time, lets the newer \
key win and moves a balance: nothing else."
set label 101 title at screen 0.5, up(height - 27) center font title_font textcolor rgb ink
set label 102 reading at screen 0.02, up(16) font caption_font textcolor rgb faint

set multiplot
set lmargin at screen 0.090
set rmargin at screen 0.860
set logscale xy
set xrange [7e3:1.5e8]
set xtics ("10,000" 1e4, "100,000" 1e5, "1 million" 1e6, "10 million" 1e7, "100 million" 1e8)
unset key
mega = 1e3 # million transfers a second from nanoseconds a transfer

set tmargin at screen up(height - 60)
set bmargin at screen up(310)
set ylabel "million transfers a second"
set yrange [5:250]
set ytics (5, 10, 20, 50, 100, 200)
plot for [i = 1:3] rows(i) using "cards":(mega / column("ns_per_transfer")) \
        with linespoints linetype i pointsize 1.1, \
    for [i = 1:3] rows(i) using "cards":(mega / column("ns_per_transfer")): \
        (last(i)) with labels left offset 1.2, 0 textcolor rgb colour(i)

unset label 101
unset label 102
set tmargin at screen up(275)
set bmargin at screen up(95)
set xlabel "cards" offset 0, -0.2
set ylabel "bytes a card"
set yrange [10:500]
set ytics (10, 16, 50, 100, 200, 500)
plot for [i = 2:3] rows(i) using "cards":"bytes_per_card" \
        with linespoints linetype i pointsize 1.1, \
    for [i = 2:3] rows(i) using "cards":"bytes_per_card":(last(i)) \
        with labels left offset 1.2, i == 2 ? 0.5 : -0.5 textcolor rgb colour(i)
unset multiplot
unset output
