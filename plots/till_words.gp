# till_words.gp - what the charts of till.csv have in common.
#
# Takes  run.gp; when the last one is called, time.gp, notes and pooled
# Gives  cost(rows, figures)  what till.awk prints of these columns
#        in_seconds(s)        a time at the tills
#        per_interval(bands)  the reading hint; bands: whether there are some

cost(rows, figures) = awk(rows." -v figures=".quoted(figures), "rows quantiles till", \
    "propagation.csv till.csv")
in_seconds(s) = s == 0 ? "0 s" : s < 10 ? sprintf("%.2f s", s) : s < 1000 ? sprintf("%.1f s", s) : \
    grouped(sprintf("%.0f", s))." s"
per_interval(bands) = "What updates cost in an interval of ".duration(noted(notes, "step"))."; beside ".\
    "the names, in the whole run.".(!pooled ? "" : " Lines: median of the replications".\
    (bands ? "; bands: 5 to 95 % of them." : "."))
