# medians.gp - a panel of medians, each in a band from 5 to 95 % of the replications where there
# are several, and beside it their names.
#
# Takes  $rows     what spread.awk or till.awk has printed, text(key) the same
#        unit      of the time axis, in seconds
#        called(point, generation)  the name of a curve, of one or two lines
#        pooled    whether there are several replications
#        pitch     from name to name, in pixels
#        ends      whether what the notes say of a curve, its end or its sum, stands behind its name
#        MOST_BANDS  with more curves there are no bands
#        scale     what all values are multiplied with
#        figure(value)  what stands behind the name
#        curve(t)  a value at a time in units, drawn dashed on top, NaN for none
#        RIGHT, bottom, high  the panel, as fractions of the page

n = 0
fit = int(high * height / pitch)
do for [i = 1:|$rows|] {
    note = $rows[i]
    if (note[1:1] ne "#") { break }
    if (word(note, 2) ne "curve") { continue }
    n = n + 1
    at = bottom + high - up(pitch * (n - 0.5))
    if (n > fit) { continue }
    if (n == fit && noted(text(key), "curves") > fit) {
        set label sprintf("and %d more", noted(text(key), "curves") - fit + 1) \
            at screen RIGHT + 0.052, at font note_font textcolor rgb ink
        continue
    }
    set arrow from screen RIGHT + 0.012, at to screen RIGHT + 0.046, at nohead linetype n front
    set label "" at screen RIGHT + 0.029, at point linetype n pointsize 0.8
    set label called(word(note, 3), word(note, 4)) at screen RIGHT + 0.052, at \
        font note_font textcolor rgb ink
    if (ends) {
        set label figure(scale * real(word(note, 5))) at screen 0.988, at right \
            font note_font textcolor rgb ink
    }
}

plot for [i = 1:(pooled && n <= MOST_BANDS ? n : 0)] $rows index i - 1 \
        using ($1 / unit):(scale * $2):(scale * $4) \
        with filledcurves fillcolor rgb colour(i) fillstyle transparent solid veil noborder, \
    for [i = 1:n] $rows index i - 1 using ($1 / unit):(scale * $3) \
        with linespoints linetype i pointnumber 8 pointsize 0.8, \
    scale * curve(x) with lines linecolor rgb ink linewidth 2 dashtype 2
