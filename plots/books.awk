# books.awk - value that left the books or came into them without being loaded.
#   awk -f rows.awk -f books.awk < value.csv
#
# Prints notes, lines that begin with #:
#   # destroyed VALUE, # minted VALUE, # stranded VALUE, # paid VALUE   at the end
# then rows: time, destroyed, minted, stranded.

{
    destroyed = column("destroyed")
    minted = column("minted")
    stranded = column("stranded")
    paid = column("paid")
    row[++rows] = column("time_s") " " destroyed " " minted " " stranded
}

END {
    note_rows()
    printf "# destroyed %.0f\n", destroyed
    printf "# minted %.0f\n", minted
    printf "# stranded %.0f\n", stranded
    printf "# paid %.0f\n", paid
    for (i = 1; i <= rows; i++)
        print row[i]
}
