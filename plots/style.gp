# style.gp - how every chart looks: colours, dashes, marks, fonts, frame, page.
#
# Charts say what they draw and take the rest from here, so that all of them change together.
# Needs: format (svg or png).

# Titles are UTF-8 whatever the locale. (In the C locale gnuplot grumbles here about its degree
# sign, to no effect; LC_ALL=C.UTF-8 keeps it quiet.)
set encoding utf8

# --- Page ------------------------------------------------------------------------------------
# One size for both formats, in pixels. pngcairo counts font sizes in points at 96 dpi, SVG in
# pixels: 0.75 makes them equal. Enhanced text is off, so that _ ^ { } & @ in a title stay
# themselves. SVG asks for the reader's sans-serif, because a viewer that lacks a named font
# falls back to a serif one; PNG for the font that gnuplot-nox brings along on Debian.
width = 1000.0
height = 600.0
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
# order in which neighbours differ in lightness (L* 46 71 58 89 54 70), so that they stay apart
# in grey print too. Dash, mark and hatching change along with the colour: nothing is told by
# colour alone.
palette = "#0072b2 #e69f00 #009e73 #f0e442 #d55e00 #56b4e9"
colour(i) = word(palette, (i - 1) % words(palette) + 1)

# The same for areas, mixed with white: black text can be read on them and black lines stand out.
# Ready-mixed, because SVG takes a fill strength for an opacity, and stacked areas would mix.
# L* 61 79 69 92 67 78; black on them has a contrast of 6.9 or more.
tints = "#4c9cc9 #eebc4c #4cbb9d #f4ec7b #e28e4c #89caf0"
tint(i) = word(tints, (i - 1) % words(tints) + 1)

ink = "#222222"   # curves, marks, text
faint = "#666666" # frame, caption
rule = "#d8d8d8"  # grid

set linetype 1 linecolor rgb colour(1) dashtype 1 pointtype 7  linewidth 2
set linetype 2 linecolor rgb colour(2) dashtype 2 pointtype 9  linewidth 2
set linetype 3 linecolor rgb colour(3) dashtype 4 pointtype 5  linewidth 2
set linetype 4 linecolor rgb colour(4) dashtype 3 pointtype 13 linewidth 2
set linetype 5 linecolor rgb colour(5) dashtype 5 pointtype 11 linewidth 2
set linetype 6 linecolor rgb colour(6) dashtype 1 pointtype 6  linewidth 2
set linetype cycle 6

hatch = 4 # pattern for the one area that a chart wants to be seen first

# --- Type --------------------------------------------------------------------------------------
# A long title takes two lines, and what is still too long is cut.
TITLE_LETTERS = 84 # of a line
blank_before(s, i) = i < 2 ? 0 : s[i:i] eq " " ? i : blank_before(s, i - 1)
title_break(s) = blank_before(s, TITLE_LETTERS) ? blank_before(s, TITLE_LETTERS) : TITLE_LETTERS
title_line(s) = strlen(s) <= TITLE_LETTERS ? s : s[1:TITLE_LETTERS - 1]."…"
title_lines(s) = strlen(s) <= TITLE_LETTERS ? s : \
    s[1:title_break(s)]."\n".title_line(s[title_break(s) + 1:*])
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
