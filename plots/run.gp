# run.gp - the run that a chart is about: checks what the chart was given, reads run.ini.
#
# Takes  results  the run's output folder
#        out      where the chart goes, without the extension
#        format   svg or png
#        chart    the script that draws, plots its folder
#        needs    the CSV file that it reads, columns those that it uses
# Gives  table    the CSV file, as a word for the shell
#        title    the scenario's title
#        caption  the run in a few words: scenario, cards, seed; shown() adds the rows
# All that can be wrong with the input is found here, before an output file is opened.

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

table = quoted(results."/".needs)
ini = quoted(results."/run.ini")
do for [file in needs." run.ini"] {
    path = quoted(results."/".file)
    if (system("test -f ".path." && test -r ".path." && echo yes") ne "yes") {
        print chart.": ".results."/".file.": cannot be read"
        exit status 1
    }
}
header = ",".system("head -n 1 < ".table." | tr -d '\\r'").","
do for [wanted in "point replication ".columns] {
    if (!strstrt(header, ",".wanted.",")) {
        print chart.": ".results."/".needs.": no column '".wanted."'"
        exit status 1
    }
}

# --- What run.ini says -------------------------------------------------------------------------
setting(group, key) = system(sprintf("LC_ALL=C awk -v group=%s -v key=%s -f %s < %s", \
    group, key, quoted(plots."/setting.awk"), ini))

name = setting("scenario", "name")
title = setting("scenario", "title")
if (!strlen(title)) { title = strlen(name) ? name : results }

# 1234567 -> 1,234,567
grouped(digits) = strlen(digits) <= 3 ? digits : \
    grouped(digits[1:strlen(digits) - 3]).",".digits[strlen(digits) - 2:*]

# The caption is a list; what run.ini does not have is left out.
also(list, item) = strlen(list) && strlen(item) ? list."  ·  ".item : list.item
prefixed(text, value) = strlen(value) ? text.value : ""
cards = setting("run", "cards")
caption = prefixed("Scenario ", name)
caption = also(caption, strlen(cards) ? grouped(cards)." cards" : "")
caption = also(caption, prefixed("seed ", setting("run", "seed")))
caption = also(caption, setting("run", "status") eq "partial" ? "interrupted, partial" : "")

# Which rows of the CSV file were drawn, as rows.awk has noted them.
replications = setting("run", "replications")
replication(number) = replications eq "1" ? "1 replication" : number == 0 ? "" : \
    sprintf("replication %d", number).prefixed(" of ", replications)
shown(notes) = also( \
    noted(notes, "points") > 1 ? sprintf("point %d of a sweep", noted(notes, "point")) : "", \
    replication(noted(notes, "replication")))

# A number that an awk program has left among its notes, in a line "# key number".
noted(notes, key) = real(word(notes[strstrt(notes, "# ".key." "):*], 3))
