# exposure.gp - the share of cards that go on using a leaked transfer key, from exposure.csv.
#   gnuplot -e "results='results/NAME'; out='results/NAME/exposure'; format='svg'" plots/exposure.gp
#
# A curve per leaked key, or of a sweep one per point, for all of them together; in the mean of the
# replications. The area under a curve, shaded, is what cards spend on the key: its card-days stand
# beside it.

chart = ARG0
plots = system(sprintf("dirname '%s'", chart))
needs = "exposure.csv"
columns = "time_s key generation share card_days"
program = "rows quantiles exposure"
axis = "share of cards that use a leaked key"
counted = "card-days"
reading = "Shaded: the time that cards spend on a leaked key, in card-days."
load plots."/shaded.gp"
