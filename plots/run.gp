# run.gp - the run that a chart is about: checks what the chart was given, reads run.ini.
#
# Takes  results  the run's output folder
#        out      where the chart goes, without the extension
#        format   svg or png
#        chart    the script that draws, plots its folder
#        needs    the CSV file that it reads, columns those that it uses
#        further  more files that it reads; not every chart has any
# Gives  awk()    runs an awk program of this folder
#        title    the scenario's title
#        caption  the run in a few words: scenario, cards, seed; shown() adds the rows
# All that can be wrong with the input is found here, before an output file is opened.

NOTHING = 3 # exit status of a chart that would be empty

# --- What the chart was given ------------------------------------------------------------------
if (!exists("results") || !exists("out") || !exists("format")) {
    print chart.": set results, out and format, for example"
    print "  gnuplot -e \"results='results/uniform'; out='uniform'; format='svg'\" ".chart
    exit status 2
}
if (format ne "svg" && format ne "png") {
    print chart.": format: expected svg or png, found '".format."'"
    exit status 2
}

# Any text as one word for the shell, apostrophes included.
bare(s) = strstrt(s, "'") == 0 ? s : \
    s[1:strstrt(s, "'") - 1]."'\\''".bare(s[strstrt(s, "'") + 1:*])
quoted(s) = "'".bare(s)."'"

if (!exists("further")) { further = "" }
do for [file in needs." run.ini ".further] {
    path = quoted(results."/".file)
    if (system("test -f ".path." && test -r ".path." && echo yes") ne "yes") {
        print chart.": ".results."/".file.": cannot be read"
        exit status 1
    }
}
header = ",".system("head -n 1 < ".quoted(results."/".needs)." | tr -d '\\r'").","
do for [wanted in "point replication ".columns] {
    if (!strstrt(header, ",".wanted.",")) {
        print chart.": ".results."/".needs.": no column '".wanted."'"
        exit status 1
    }
}

# An awk program of this folder after those that it needs, on files of the results.
awk(options, programs, inputs) = system("{ ".read(inputs)." } | LC_ALL=C awk ".options.\
    files(programs))
read(inputs) = words(inputs) == 0 ? "" : "cat < ".quoted(results."/".word(inputs, 1))."; ".\
    read(words(inputs) == 1 ? "" : inputs[strstrt(inputs, " ") + 1:*])
files(programs) = words(programs) == 0 ? "" : " -f ".quoted(plots."/".word(programs, 1).".awk").\
    files(words(programs) == 1 ? "" : programs[strstrt(programs, " ") + 1:*])

# --- What run.ini says -------------------------------------------------------------------------
setting(group, key) = awk("-v group=".group." -v key=".key, "setting", "run.ini")

name = setting("scenario", "name")
title = setting("scenario", "title")
if (!strlen(title)) { title = strlen(name) ? name : results }

# 1234567 -> 1,234,567
grouped(digits) = strlen(digits) <= 3 ? digits : \
    grouped(digits[1:strlen(digits) - 3]).",".digits[strlen(digits) - 2:*]

# 98.96 with one decimal -> 98.9 %: rounded, but never up to a whole per cent that it does not reach.
rounded(p, decimals) = floor(p * 10.0**decimals + 0.5) / 10.0**decimals
falls_short(p, r) = r == floor(r) && p < r * (1 - 1e-9)
per_cent(p, decimals) = sprintf(sprintf("%%.%df %%%%", decimals), rounded(p, decimals) - \
    (falls_short(p, rounded(p, decimals)) ? 10.0**-decimals : 0))

# The caption is a list; what run.ini does not have is left out.
also(list, item) = strlen(list) && strlen(item) ? list."  ·  ".item : list.item
prefixed(text, value) = strlen(value) ? text.value : ""
# A sweep passes what all its points have in common.
described(cards, seed) = also(also(also(prefixed("Scenario ", name), \
    strlen(cards) ? grouped(cards)." cards" : ""), prefixed("seed ", seed)), \
    setting("run", "status") eq "partial" ? "interrupted, partial" : "")
caption = described(setting("run", "cards"), setting("run", "seed"))

# Which rows of the CSV file were drawn, as rows.awk has noted them.
replications = setting("run", "replications")
several(number) = (real(replications) == number ? "" : sprintf("%d of ", number)).\
    replications." replications"
replication(number) = replications eq "1" ? "1 replication" : \
    sprintf("replication %d of ", number).replications
shown(notes) = !strlen(replications) ? "" : also( \
    noted(notes, "points") > 1 ? sprintf("point %d of a sweep", noted(notes, "point")) : "", \
    noted(notes, "drawn") > 1 ? several(noted(notes, "drawn")) : \
    replication(noted(notes, "replication")))

# A number that an awk program has left among its notes, in a line "# key number".
noted(notes, key) = real(word(notes[strstrt(notes, "# ".key." "):*], 3))
