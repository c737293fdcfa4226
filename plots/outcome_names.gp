# outcome_names.gp - the outcomes that outcomes.awk has noted in $rows, numbered from 1.

before = 0 # lines of the notes before the first outcome
while (word($rows[before + 1], 2) ne "outcome") { before = before + 1 }
place(i) = int(word($rows[before + i], 3))
share(i) = real(word($rows[before + i], 4))
outcome_of(i) = word($rows[before + i], 5)
percent(share) = share < 0.0001 ? "below 0.01 %" : per_cent(100 * share, 2)
