# theory.awk - the logistic curve of a scenario that theory knows, from run.ini.
#   awk -f quantity.awk -f theory.awk < run.ini
# Prints a note, "# logistic X0 RATE", or nothing: the share of cards with the newer transfer key
# is x(t) = X0 e^(RATE t) / (1 - X0 + X0 e^(RATE t)), t in days.
#
# Theory knows: uniform mixing; every card pays at the same constant rate a, so it takes part in
# RATE = 2 a settlements; two transfer keys, both there at time 0; nothing planned, nothing torn,
# nothing that ends or limits an update, no update key in its way.

/^\[/ {
    group = $0
    gsub(/[][\r]/, "", group)
    if (group ~ /^cohort /)
        cohorts++
    else if (group !~ /^(scenario|scheme|(terminals|chip|interface) .*|mixing|amount|faults|output|run)$/)
        unknown = 1
}

/^[a-z0-9-]+ *=/ {
    equals = index($0, "=")
    key = substr($0, 1, equals - 1)
    value = substr($0, equals + 1)
    sub(/ +$/, "", key)
    gsub(/^ +|[ \r]+$/, "", value)
    if (group == "scheme" && key == "embodiment")
        embodiment = value
    if (group == "mixing" && key == "model" && value != "uniform")
        unknown = 1
    if (key ~ /-profile$/ || key == "rogue" && value != "none")
        unknown = 1
    if (group == "faults" && key ~ /^(payer-leaves|payee-leaves|terminal-fails|torn)$/ && value + 0 > 0)
        unknown = 1
    if (group == "faults" && key ~ /^(torn|payer-leaves|payee-leaves|terminal-fails)$/ && value + 0)
        unknown = 1
    if (group ~ /^cohort /)
        note_cohort(key, value)
}

function note_cohort(key, value) {
    if (key == "cards") # the first key of a group
        cards[cohorts] = value + 0
    else if (!cards[cohorts])
        return
    else if (key == "transfer-key") {
        transfer_key[cohorts] = value
        transfer_keys += !(value in known)
        known[value] = 1
        if (value + 0 > newest)
            newest = value + 0
    } else if (key == "update-key") {
        update_keys += !(value in update_key)
        update_key[value] = 1
    } else if (key == "activity") {
        activities += !(value in activity)
        activity[value] = 1
        law = value
    } else if (key == "preloaded")
        preloaded[cohorts] = "," value ","
    else if (key ~ /-limit$/ && value != "none" || key == "expiry" && value != "never")
        unknown = 1
}

END {
    for (i = 1; i <= cohorts; i++) {
        all += cards[i]
        holders += transfer_key[i] == newest ? cards[i] : 0
        gsub(/ /, "", preloaded[i])
        if (cards[i] && embodiment == 4 && !index(preloaded[i], "," newest ","))
            unknown = 1
    }
    if (embodiment !~ /^[1-5]$/ || embodiment !~ /^[23]$/ && update_keys != 1)
        unknown = 1
    if (!unknown && transfer_keys == 2 && activities == 1 && law ~ /^constant /)
        printf "# logistic %.9g %.9g\n", holders / all, 2 * per_day(substr(law, 10))
}
