# books.gp - what torn settlements and refused swaps did to the sum of all money, from value.csv.
#   gnuplot -e "results='results/NAME'; out='results/NAME/books'; format='svg'" plots/books.gp
#
# Sums since the start: value destroyed (debited, never credited), minted (credited without a
# debit) and stranded (on cards that have expired or were replaced). What did not occur is left out.
# One point, one replication.

chart = ARG0
plots = system(sprintf("dirname '%s'", chart))
needs = "value.csv"
columns = "time_s paid destroyed minted stranded"
load plots."/run.gp"

notes = awk("", "rows books", needs)
names = "destroyed minted stranded"
final(i) = noted(notes, word(names, i))
if (final(1) + final(2) + final(3) == 0) { exit status NOTHING }
set print $rows
print notes
unset print
load plots."/style.gp"
load plots."/time.gp"

# --- Drawing -----------------------------------------------------------------------------------
paid = noted(notes, "paid")
part(i) = paid == 0 ? "" : sprintf(", %.3g %% of what was paid", 100 * final(i) / paid)
reading = "Sums since the start in minor units; behind each name its sum at the end."
set xlabel unit_name." since the start"
set format y "%.1s%c"
set yrange [0:*]
set key top left Left reverse
load plots."/page.gp"
plot for [i = 1:3] $rows using ($1 / unit):(column(i + 1)) with lines linetype i \
    title final(i) == 0 ? "" : sprintf("%s %s%s", word(names, i), grouped(sprintf("%.0f", final(i))), part(i))
