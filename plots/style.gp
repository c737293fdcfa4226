# style.gp - how every chart looks: colours, dashes, marks, fonts, frame, page.
#
# Charts say what they draw and take the rest from here, so that all of them change together.
# Needs: format (svg or png).

# Titles are UTF-8 whatever the locale. (In the C locale gnuplot grumbles here about its degree
# sign, to no effect; LC_ALL=C.UTF-8 keeps it quiet.)
set encoding utf8

# --- Page ------------------------------------------------------------------------------------
# One size for both formats, in pixels; a chart of many rows may set another height before it
# loads this file. pngcairo counts font sizes in points at 96 dpi, SVG in pixels: 0.75 makes them
# equal. Enhanced text is off, so that _ ^ { } & @ in a title stay themselves. SVG asks for the
# reader's sans-serif, because a viewer that lacks a named font falls back to a serif one; PNG for
# the font that gnuplot-nox brings along on Debian.
width = 1000.0
up(y) = y / height # pixels from the lower edge as a fraction of the page
if (!exists("height")) { height = 600.0 }
if (format eq "png") {
    face = "DejaVu Sans"
    set terminal pngcairo size width, height noenhanced font face.",13" fontscale 0.75 \
        background rgb "#ffffff"
} else {
    face = "sans-serif"
    set terminal svg size width, height noenhanced font face.",13" background rgb "#ffffff"
}

# --- Colours, dashes, marks --------------------------------------------------------------------
# Okabe and Ito's palette, which stays distinct for every common kind of colour blindness, in an
# order in which neighbours differ in lightness (L* 46 71 58 0 54 70), so that they stay apart in
# grey print too. Dash, mark and hatching change along with the colour: nothing is told by colour
# alone. For lines black stands in for their yellow (L* 89), which is lost on white.
palette = "#0072b2 #e69f00 #009e73 #000000 #d55e00 #56b4e9"
colour(i) = word(palette, (i - 1) % words(palette) + 1)

# The same for areas, with yellow, mixed with white: black text can be read on them and black
# lines stand out. Ready-mixed, because SVG takes a fill strength for an opacity, and stacked areas
# would mix. L* 61 79 69 92 67 78; black on them has a contrast of 6.9 or more.
tints = "#4c9cc9 #eebc4c #4cbb9d #f4ec7b #e28e4c #89caf0"
tint(i) = word(tints, (i - 1) % words(tints) + 1)
veil = 0.22    # opacity of a band around a line; bands may overlap
MOST_BANDS = 6 # more would lie on top of each other

# Outcomes, by the places that outcomes.awk gives them: what was paid in three blues, the darker
# the dearer (L* 89 78 61); what was not in the other tints and the palette's purple, five reasons
# plain, five hatched, the rest cross-hatched.
paid_tints = "#cfe3f1 #89caf0 #4c9cc9"
unpaid_tints = "#e28e4c #f4ec7b #4cbb9d #eebc4c #dba1c1"
outcome_tint(place) = place <= 3 ? word(paid_tints, place) : \
    word(unpaid_tints, (place - 4) % words(unpaid_tints) + 1)
outcome_hatch(place) = place <= 3 ? (place == 3 ? hatch : 0) : \
    place <= 8 ? 0 : place <= 13 ? 5 : 1

ink = "#222222"   # curves, marks, text
faint = "#666666" # frame, caption
rule = "#d8d8d8"  # grid

dash(i) = int(word("1 2 4 3 5", (i - 1) % 5 + 1))
mark(i) = int(word("7 9 5 13 11 6 8 4", (i - 1) % 8 + 1))
do for [i = 1:120] { # after 6 colours, 5 dashes and 8 marks
    set linetype i linecolor rgb colour(i) dashtype dash(i) pointtype mark(i) linewidth 2
}

hatch = 4 # pattern for the one area that a chart wants to be seen first

# --- Type --------------------------------------------------------------------------------------
# A long text takes two lines of n letters, and what is still too long is cut.
TITLE_LETTERS = 84
blank_before(s, i) = i < 2 ? 0 : s[i:i] eq " " ? i : blank_before(s, i - 1)
break_at(s, n) = blank_before(s, n + 1) ? blank_before(s, n + 1) : n
cut(s, n) = strlen(s) <= n ? s : s[1:n - 1]."…"
two_lines(s, n) = strlen(s) <= n ? s : s[1:break_at(s, n)]."\n".cut(s[break_at(s, n) + 1:*], n)
title_font = face." Bold,17"
caption_font = face.",11"
note_font = face.",12"
letter = 7.6 # width of an average letter of the plain font, in pixels: what labels reckon with
line = 18.0  # height of a line of text, in pixels

# --- Frame -------------------------------------------------------------------------------------
# Two sides of a frame, ticks outwards, a grid that stays behind the data. The lower margin has
# room for the axis title and two lines of caption.
set border 3 linecolor rgb faint linewidth 1
set tics nomirror out scale 0.6 textcolor rgb ink
set grid xtics ytics linetype 1 linecolor rgb rule linewidth 1 dashtype solid
set xlabel textcolor rgb ink
set ylabel textcolor rgb ink
set style textbox opaque noborder fillcolor rgb "#ffffff" margins 0.8, 1.0
set lmargin at screen 0.090
set rmargin at screen 0.965
set tmargin at screen 0.880
set bmargin at screen 0.185
