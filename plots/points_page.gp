# points_page.gp - the page of a chart with a curve per point of a sweep.
#
# Takes  curves    how many
#        $rows     what spread.awk or till.awk has printed
#        more(generation)  what a name says behind that of the point, or nothing
#        what points.gp gives
# Gives  LETTERS, longest  letters of a line of a name: at most, and of the longest one
#        what medians.gp takes but for $rows, pooled, scale, figure() and curve()

LETTERS = 33 # of a line beside the chart
called(point, generation) = name_of(place_of(point), more(generation), LETTERS)
tall = compared
longest = strlen(swept) + 3 # what stands behind the names is longer than the figures below
do for [k = 1:points] {
    letters = strlen(label(k).more("1"))
    if (letters > LETTERS) { tall = 1 }
    if (letters > longest) { longest = letters }
}
if (tall || longest > LETTERS) { longest = LETTERS }

# --- Page --------------------------------------------------------------------------------------
pitch = tall ? 38.0 : 20.0
ends = 1
ABOVE = 87
BELOW = 114
area = 399.0
if (pitch * curves > area) { area = pitch * curves }
height = ABOVE + area + BELOW
load plots."/style.gp"
LEFT = 0.095
RIGHT = 1 - (114 + 7.0 * longest) / width
bottom = up(BELOW)
high = up(area)
load plots."/time.gp"
