# propagation.gp - the share of cards per key generation over time, from propagation.csv.
#   gnuplot -e "results='results/NAME'; out='results/NAME/propagation'; format='svg'" \
#       plots/propagation.gp
#
# Stacked bands, the newest generation at the bottom: the upper edge of a band is the share of
# cards that hold its generation or a newer one. One panel for the transfer keys and, if more
# than one generation of update keys exists, another one below. One point, one replication.

chart = ARG0
plots = system(sprintf("dirname '%s'", chart))
needs = "propagation.csv"
columns = "time_s key generation share_at_least"
load plots."/run.gp"
load plots."/style.gp"

# --- Panels ------------------------------------------------------------------------------------
# Edges of the drawing areas, as fractions of the page.
LEFT = 0.105
RIGHT = 0.965
FLOOR = 0.190
CEILING = 0.855
GAP = 0.120
whole = CEILING - FLOOR
half = (whole - GAP) / 2

# generations.awk places texts, so it has to know how large they are in a panel.
bands(key, height_of_panel) = system(sprintf( \
    "LC_ALL=C awk -v key=%s -v letter=%.6g -v line=%.6g -f %s -f %s < %s", key, \
    letter / (width * (RIGHT - LEFT)), line / (height * height_of_panel), \
    quoted(plots."/rows.awk"), quoted(plots."/generations.awk"), table))

transfer = bands("transfer", whole)
update = bands("update", half)
has_transfer = noted(transfer, "generations") > 0
has_update = noted(update, "generations") > (has_transfer ? 1 : 0)
if (!has_transfer && !has_update) {
    print chart.": ".results."/".needs.": no rows of transfer or update keys"
    exit status 1
}
panels = (has_transfer ? "transfer " : "").(has_update ? "update" : "")
high = words(panels) == 1 ? whole : half
if (high != whole) { transfer = bands("transfer", high) }
if (high != half) { update = bands("update", high) }
text(key) = key eq "transfer" ? transfer : update

# Names that found no room in their bands need a wider margin, and the bands get narrower.
all = (has_transfer ? transfer : "").(has_update ? update : "")
if (strstrt(all, "# outside ")) {
    RIGHT = 0.860
    transfer = bands("transfer", high)
    update = bands("update", high)
}

# --- Time axis ---------------------------------------------------------------------------------
# In the unit that gives a handful of ticks.
set print $rows
print text(word(panels, 1))
unset print
stats $rows using 1 name "time" nooutput
span = time_max - time_min
unit = span >= 3 * 86400 ? 86400 : span >= 3600 ? 3600 : span >= 60 ? 60 : 1
unit_name = unit == 86400 ? "days" : unit == 3600 ? "hours" : unit == 60 ? "minutes" : "seconds"
set xrange [time_min / unit:time_max / unit]
if (unit == 3600 && span > 12 * 3600) { set xtics 6 }

# --- Drawing -----------------------------------------------------------------------------------
notes = transfer
reading = "The upper edge of a band is the share of cards with its generation or a newer one."
if (strstrt(all, "# appears ")) { reading = reading." Dashed: a new generation appears." }
load plots."/page.gp"

set multiplot
set lmargin at screen LEFT
set rmargin at screen RIGHT
set yrange [0:100]
set ytics 0, words(panels) == 1 ? 10 : 25, 100 format "%g %%"
set grid front linetype 1 linecolor rgb "#90ffffff" linewidth 0.7 dashtype solid # bands hide it
unset key

do for [p = 1:words(panels)] {
    key = word(panels, p)
    bottom = p < words(panels) ? FLOOR + half + GAP : FLOOR
    set bmargin at screen bottom
    set tmargin at screen bottom + high
    set label key." keys" at screen 0.018, graph 0.5 center rotate textcolor rgb ink
    set label "share of cards" at screen 0.037, graph 0.5 center rotate textcolor rgb ink
    if (p == words(panels)) {
        set label unit_name." since the start" at graph 0.5, screen 0.110 center textcolor rgb ink
    }

    # The notes of generations.awk become texts and lines.
    set print $rows
    print text(key)
    unset print
    do for [i = 1:|$rows|] {
        note = $rows[i]
        if (note[1:1] ne "#") { break }
        kind = word(note, 2)
        if (kind eq "inside") {
            set label word(note, 5) at graph real(word(note, 3)), graph real(word(note, 4)) \
                center front font note_font textcolor rgb "#000000"
        }
        if (kind eq "outside") {
            set arrow from graph 1, graph real(word(note, 3)) \
                to graph 1.02, graph real(word(note, 4)) nohead front linecolor rgb faint
            set label word(note, 5) at graph 1.025, graph real(word(note, 4)) \
                left font note_font textcolor rgb ink
        }
        if (kind eq "appears") {
            set arrow from graph real(word(note, 3)), graph 0 \
                to graph real(word(note, 3)), graph 1.03 \
                nohead front linecolor rgb ink dashtype 2
            set label word(note, 5) at graph real(word(note, 4)), graph 1 offset 0, 0.9 \
                center font note_font textcolor rgb ink
        }
    }

    # Oldest first: each newer band is painted over the ones before.
    n = int(noted(text(key), "generations"))
    plot for [i = 1:n] $rows using ($1 / unit):(100 * column(i + 1)) \
            with filledcurves y1=0 fillcolor rgb tint(i) fillstyle solid noborder, \
        for [i = 2:n] $rows using ($1 / unit):(100 * column(i + 1)) \
            with lines linecolor rgb ink linewidth 2 dashtype 1
    unset label
    unset arrow
}
unset multiplot
unset output
