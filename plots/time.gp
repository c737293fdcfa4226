# time.gp - the time axis, in the unit that gives a handful of ticks.
#
# Takes  $rows      a table with the time in seconds in its first column
# Gives  unit       seconds in a unit, unit_name, the axis' range and ticks
#        duration(s)  so many seconds as text

stats $rows using 1 name "time" nooutput
span = time_max > time_min ? time_max - time_min : 1
unit = span >= 3 * 86400 ? 86400 : span >= 3600 ? 3600 : span >= 60 ? 60 : 1
unit_name = unit == 86400 ? "days" : unit == 3600 ? "hours" : unit == 60 ? "minutes" : "seconds"
set xrange [time_min / unit:(time_min + span) / unit]
if (unit == 3600 && span > 12 * 3600) { set xtics 6 }

duration(s) = s >= 86400 && s / 86400 == floor(s / 86400) ? sprintf("%g d", s / 86400) : \
    s >= 3600 ? sprintf("%g h", s / 3600) : s >= 60 ? sprintf("%g min", s / 60) : \
    sprintf("%g s", s)
