# quantiles.awk - quantiles of a list of numbers, for charts of several replications.

# Sorts list[1..n] in place, smallest first: Shell's sort.
function sort_list(list, n,    gap, i, k, value) {
    for (gap = int(n / 2); gap > 0; gap = int(gap / 2))
        for (i = gap + 1; i <= n; i++) {
            value = list[i]
            for (k = i; k > gap && list[k - gap] > value; k -= gap)
                list[k] = list[k - gap]
            list[k] = value
        }
}

# Of the sorted list[1..n], 0 <= p <= 1, between the two nearest values where it falls between
# them (Hyndman and Fan's type 7): the median of an even number of values lies in the middle.
function quantile(list, n, p,    at, below) {
    at = 1 + (n - 1) * p
    below = int(at)
    return below >= n ? list[n] : list[below] + (at - below) * (list[below + 1] - list[below])
}
