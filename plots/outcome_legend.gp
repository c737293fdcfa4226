# outcome_legend.gp - the names of outcomes first..final beside a panel, in the order of a stack.
#
# Takes  RIGHT         the panel's right edge as a fraction of the page
#        bottom, high  its lower edge and height in pixels
#        shares        whether their shares of all meetings stand behind the names

pitch = 22.0
if (pitch * (final - first + 1) > high + 30) { pitch = (high + 30) / (final - first + 1) }
do for [i = first:final] {
    at = bottom + high - 10 - pitch * (final - i)
    do for [layer = 0:1] {
        set object 2 * i + layer rectangle from screen RIGHT + 0.015, up(at - 7) \
            to screen RIGHT + 0.041, up(at + 7) fillstyle solid border rgb ink
    }
    set object 2 * i rectangle fillcolor rgb outcome_tint(place(i))
    set object 2 * i + 1 rectangle fillcolor rgb ink \
        fillstyle transparent pattern outcome_hatch(place(i)) border rgb ink
    set label outcome_of(i) at screen RIGHT + 0.049, up(at) font note_font textcolor rgb ink
    if (shares) {
        set label percent(share(i)) at screen 0.988, up(at) right font note_font textcolor rgb ink
    }
}
