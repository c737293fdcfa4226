# points.gp - what the points of a sweep, or the folders of a comparison, are called.
#
# Gives  $points       what points.awk has printed
#        swept         the key that was swept, or several, separated by commas
#        points        how many points
#        number(k)     the number in the column point of the k-th one, counted from 1
#        place_of(point)  the other way about
#        name_of(k, more, letters)  its name, with more to it, and, of a folder, what it is about
#                      in a second line
#        longest       letters of the longest line of a name
#        compared      whether these are folders
#        caption       run.gp's, with what was swept

set print $points
print awk("-v every=1", "rows points", "points.csv")
unset print
swept = $points[1]
points = |$points| - 1
number(k) = word($points[k + 1], 1)
place_of(point) = sum [k = 1:points] (number(k) eq point ? k : 0)
label(k) = $points[k + 1][strlen(number(k)) + 2:*]

# The folders of a comparison have their cards, seeds and replications in their names.
compared = swept eq "folder"
common(key) = strstrt(swept.",", ".".key.",") ? "" : setting("run", key)
caption = compared ? "Below each name: cards, replications (n), seed" : \
    also(described(common("cards"), common("seed")), \
    sprintf("%d points", points).prefixed(" of ", swept))

# uniform (1,000 cards, n = 200, seed 1) in two lines
last_open(s, i) = i < 1 || s[i:i] eq "(" ? i : last_open(s, i - 1)
about(s) = last_open(s, strlen(s))
name_of(k, more, letters) = compared ? \
    cut(label(k)[1:about(label(k)) - 2].more, letters)."\n".\
    cut(label(k)[about(label(k)) + 1:strlen(label(k)) - 1], letters) : \
    two_lines(label(k).more, letters)
