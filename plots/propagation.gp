# propagation.gp - the share of cards per key generation over time, from propagation.csv.
#   gnuplot -e "results='results/NAME'; out='results/NAME/propagation'; format='svg'" \
#       plots/propagation.gp
#
# One replication: stacked bands, the newest generation at the bottom, so that the upper edge of a
# band is the share of cards that hold its generation or a newer one. Several: per generation the
# median of that share and a band from 5 to 95 % of the replications. Dashed, what theory says
# where it knows. One panel for the transfer keys and, if more than one generation of update keys
# exists, another one below. One point.

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
NARROW = 0.840 # the right edge where names stand beside the chart
FLOOR = 0.190
CEILING = 0.855
GAP = 0.120
whole = CEILING - FLOOR
half = (whole - GAP) / 2

spread(key) = awk("-v pooled=1 -v key=".key, "rows quantiles spread", needs)
# generations.awk places texts, so it has to know how large they are in a panel.
bands(key, height_of_panel) = awk(sprintf("-v key=%s -v letter=%.6g -v line=%.6g", key, \
    letter / (width * (RIGHT - LEFT)), line / (height * height_of_panel)), \
    "rows generations", needs)

transfer = spread("transfer")
update = spread("update")
has_transfer = noted(transfer, "curves") > 0
has_update = noted(update, "generations") > (has_transfer ? 1 : 0)
if (!has_transfer && !has_update) { exit status NOTHING }
panels = (has_transfer ? "transfer " : "").(has_update ? "update" : "")
high = words(panels) == 1 ? whole : half

notes = transfer
called(point, generation) = "generation ".generation
pitch = 20.0
ends = 0
scale = 100 # per cent
most_curves = noted(transfer, "curves") > noted(update, "curves") ? \
    noted(transfer, "curves") : noted(update, "curves")
pooled = noted(has_transfer ? transfer : update, "drawn") > 1
if (pooled) {
    RIGHT = NARROW
} else {
    transfer = bands("transfer", high)
    update = bands("update", high)
    # Names that found no room in their bands need a wider margin, and the bands get narrower.
    if (strstrt((has_transfer ? transfer : "").(has_update ? update : ""), "# outside ")) {
        RIGHT = NARROW
        transfer = bands("transfer", high)
        update = bands("update", high)
    }
}
text(key) = key eq "transfer" ? transfer : update

set print $rows
print text(word(panels, 1))
unset print
load plots."/time.gp"

# --- Theory ------------------------------------------------------------------------------------
theory = has_transfer ? awk("", "quantity theory", "run.ini") : ""
if (strlen(theory)) {
    x0 = real(word(theory, 3))
    rate = real(word(theory, 4))
    # Divided by e^(rate t), which would grow beyond any number.
    logistic(t) = x0 / (x0 + (1 - x0) * exp(-rate * t))
}

# --- Drawing -----------------------------------------------------------------------------------
reading = pooled ? "Share of cards with a generation or a newer one. Lines: median of the ".\
    "replications".(most_curves > MOST_BANDS ? "." : "; bands: 5 to 95 % of them.") : \
    "The upper edge of a band is the share of cards with its generation or a newer one."
if (strstrt(transfer.update, "# appears ")) {
    reading = reading." Dashed: a new generation appears."
}
load plots."/page.gp"

set multiplot
set lmargin at screen LEFT
set rmargin at screen RIGHT
set yrange [0:100]
set ytics 0, words(panels) == 1 ? 10 : 25, 100 format "%g %%"
unset key
set samples 500

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
    curve(t) = NaN
    if (key eq "transfer" && strlen(theory)) {
        set arrow from graph 0.02, graph 1.05 to graph 0.07, graph 1.05 nohead \
            linecolor rgb ink linewidth 2 dashtype 2
        curve(t) = logistic(t * unit / 86400)
        set label sprintf("theory: logistic curve from %g %%, r = %g per day", 100 * x0, rate) \
            at graph 0.08, graph 1.05 font note_font textcolor rgb ink
    }
    set print $rows
    print text(key)
    unset print
    if (pooled) { load plots."/medians.gp" } else { load plots."/bands.gp" }
    unset label
    unset arrow
}
unset multiplot
unset output
