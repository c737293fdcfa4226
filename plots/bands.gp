# bands.gp - a panel of stacked bands, the newest generation at the bottom.
#
# Takes  $rows     what generations.awk has printed
#        unit      of the time axis, in seconds
#        curve(t)  a share at a time in units, drawn dashed on top, NaN for none

set grid front linetype 1 linecolor rgb "#90ffffff" linewidth 0.7 dashtype solid # bands hide it

# The notes of generations.awk become texts and lines.
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
        with lines linecolor rgb ink linewidth 2 dashtype 1, \
    100 * curve(x) with lines linecolor rgb ink linewidth 2 dashtype 2
