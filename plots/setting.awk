# setting.awk - the value of one key of a key file, as GKeyFile reads it.
#   awk -v group=run -v key=cards -f setting.awk < run.ini
# Prints nothing if the key is not there.

/^\[.*\][ \t\r]*$/ {
    here = substr($0, 2)
    sub(/\][ \t\r]*$/, "", here)
    next
}

here == group && !/^#/ {
    equals = index($0, "=")
    name = substr($0, 1, equals - 1)
    sub(/[ \t]+$/, "", name)
    if (equals > 0 && name == key) {
        value = substr($0, equals + 1)
        sub(/^[ \t]+/, "", value)
        sub(/[ \t\r]+$/, "", value)
        print unescaped(value)
        exit
    }
}

# GKeyFile's escapes. All white space becomes a blank: the text goes into a line of a chart.
function unescaped(text,    result, i, c) {
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == "\\") {
            c = substr(text, ++i, 1)
            if (c ~ /[sntr]/)
                c = " "
        }
        result = result c
    }
    return result
}
