# revocation.gp - the share of settlements with a revoked card that terminals accept, interval by
# interval, from revocation.csv.
#   gnuplot -e "results='results/NAME'; out='results/NAME/revocation'; format='svg'" \
#       plots/revocation.gp
#
# One curve, or of a sweep one per point; replications added up. Beside it how many were accepted in
# all, in the mean of the replications.

chart = ARG0
plots = system(sprintf("dirname '%s'", chart))
needs = "revocation.csv"
columns = "time_s settlements accepted"
program = "rows revocation"
axis = "settlements with a revoked card: accepted"
counted = "accepted"
reading = "Each interval from the first revocation on; at right how many were accepted in all."
load plots."/shaded.gp"
