# quantity.awk - durations and rates as run.ini writes them: 12h, 0.5/d.

BEGIN {
    per_unit["us"] = 1e-6
    per_unit["ms"] = 1e-3
    per_unit["s"] = 1
    per_unit["min"] = 60
    per_unit["h"] = 3600
    per_unit["d"] = 86400
    per_unit["w"] = 7 * 86400
    per_unit["y"] = 365 * 86400
}

# 0 if the text is no duration.
function seconds(text,    unit) {
    unit = text
    sub(/^[0-9.]+/, "", unit)
    return unit in per_unit ? text * per_unit[unit] : 0
}

# 0 if the text is no rate.
function per_day(text,    slash) {
    slash = index(text, "/")
    if (!slash || seconds(1 substr(text, slash + 1)) == 0)
        return 0
    return substr(text, 1, slash - 1) * 86400 / seconds(1 substr(text, slash + 1))
}
