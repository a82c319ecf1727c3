#!/usr/bin/env Rscript
# make.R - writes r.txt: R's results for the inputs below, for tests/unit/test_stats_golden.c.
#
#   Rscript tests/golden/stats/make.R >tests/golden/stats/r.txt
#
# Needs r-base-core and r-cran-coin; the tests themselves need neither. p values: wilcox.test(exact
# = TRUE) without ties; with ties, which wilcox.test does not support, coin's exact distribution, as
# twice the smaller of its two tails. Intervals: by their definition, from dwilcox() and
# dsignrank(); wilcox.test() must agree wherever it is exact and the confidence can be reached
# (where it cannot, wilcox.test() gives the whole range with a warning, and bench gives none).
suppressPackageStartupMessages(library(coin))
set.seed(20240607)

# The shorter of two texts that read back as the same double.
number <- function(x) {
    if (is.nan(x)) return("nan")
    short <- sprintf("%.15g", x)
    if (as.numeric(short) == x) short else sprintf("%.17g", x)
}
vector_out <- function(kind, ...) {
    fields <- list(...)
    cat(kind, "\n", sep = "")
    for (name in names(fields))
        cat(paste(c(name, sapply(fields[[name]], number)), collapse = " "), "\n", sep = "")
    cat("\n")
}
same <- function(a, b) stopifnot(max(abs(a - b) / pmax(abs(a), abs(b), 1e-300)) < 1e-12)

# The order statistic at which an interval begins, when `share(k)` is P(S = k).
cut_of <- function(last, share, confidence)
    sum(cumsum(share(0:last)) <= (1 - confidence) / 2 * (1 + 1e-9))
interval_of <- function(sums, cut) {
    sums <- sort(sums)
    if (cut == 0) c(NaN, NaN) else c(sums[cut], sums[length(sums) + 1 - cut])
}
twice_smaller_tail <- function(test) {
    tails <- sapply(c("less", "greater"), function(side) as.numeric(pvalue(test(side))))
    min(1, 2 * min(tails))
}

unpaired <- function(base, other, confidence = 0.95) {
    m <- length(base); n <- length(other)
    statistic <- sum(outer(other, base, ">")) + sum(outer(other, base, "==")) / 2
    differences <- outer(other, base, "-")
    cut <- cut_of(m * n, function(k) dwilcox(k, m, n), confidence)
    interval <- interval_of(differences, cut)
    if (anyDuplicated(c(base, other))) {
        data <- data.frame(value = c(other, base),
                           side = factor(rep(c("other", "base"), c(n, m))))
        p <- if (length(unique(data$value)) == 1) 1 else twice_smaller_tail(function(side)
            wilcox_test(value ~ side, data, distribution = "exact", alternative = side))
    } else {
        test <- wilcox.test(other, base, exact = TRUE)
        p <- test$p.value
        same(test$statistic, statistic)
        if (cut > 0 && cut == max(1, qwilcox((1 - confidence) / 2, m, n)))
            same(wilcox.test(other, base, exact = TRUE, conf.int = TRUE,
                             conf.level = confidence)$conf.int[1:2], interval)
    }
    vector_out("unpaired", base = base, other = other, statistic = statistic, p = p, exact = 1,
               confidence = confidence, interval = c(median(differences), interval))
}

paired <- function(differences, confidence = 0.95) {
    n <- length(differences)
    kept <- differences[differences != 0]
    statistic <- sum(rank(abs(kept))[kept > 0])
    walsh <- outer(differences / 2, differences / 2, "+")
    walsh <- walsh[lower.tri(walsh, diag = TRUE)]
    cut <- cut_of(n * (n + 1) / 2, function(k) dsignrank(k, n), confidence)
    interval <- interval_of(walsh, cut)
    if (length(kept) == 0) {
        p <- 1
    } else if (length(kept) < n || anyDuplicated(abs(kept))) {
        p <- twice_smaller_tail(function(side)
            wilcoxsign_test(kept ~ rep(0, length(kept)), distribution = "exact",
                            zero.method = "Wilcoxon", alternative = side))
    } else {
        p <- wilcox.test(kept, exact = TRUE)$p.value
        if (cut > 0 && cut == max(1, qsignrank((1 - confidence) / 2, n)))
            same(wilcox.test(kept, exact = TRUE, conf.int = TRUE,
                             conf.level = confidence)$conf.int[1:2], interval)
    }
    vector_out("paired", differences = differences, statistic = statistic, p = p, exact = 1,
               confidence = confidence, interval = c(median(walsh), interval))
}

# Beyond the exact sizes: p by the normal approximation, as in wilcox.test(). The interval still
# uses the exact distribution, which R has for any size. At these sizes and confidences the
# approximation gives the same order statistics; at others it is a few off.
unpaired_large <- function(base, other, confidence = 0.95) {
    m <- length(base); n <- length(other)
    test <- wilcox.test(other, base, exact = FALSE, correct = TRUE)
    differences <- outer(other, base, "-")
    cut <- cut_of(m * n, function(k) dwilcox(k, m, n), confidence)
    vector_out("unpaired", base = base, other = other, statistic = test$statistic,
               p = test$p.value, exact = 0, confidence = confidence,
               interval = c(median(differences), interval_of(differences, cut)))
}
paired_large <- function(differences, confidence = 0.95) {
    n <- length(differences)
    test <- wilcox.test(differences, exact = FALSE, correct = TRUE)
    walsh <- outer(differences / 2, differences / 2, "+")
    walsh <- walsh[lower.tri(walsh, diag = TRUE)]
    cut <- cut_of(n * (n + 1) / 2, function(k) dsignrank(k, n), confidence)
    vector_out("paired", differences = differences, statistic = test$statistic,
               p = test$p.value, exact = 0, confidence = confidence,
               interval = c(median(walsh), interval_of(walsh, cut)))
}

median_of <- function(values, confidence = 0.95) {
    n <- length(values)
    cut <- cut_of(n, function(k) dbinom(k, n, 0.5), confidence)
    vector_out("median", values = values, confidence = confidence,
               interval = c(median(values), interval_of(values, cut)))
}

cat("# Made by make.R with ", R.version.string, ", coin ", format(packageVersion("coin")),
    ".\n\n", sep = "")

skewed <- function(n, digits = 4) round(exp(rnorm(n, 0, 0.3)), digits)
for (sizes in list(c(1, 1), c(1, 2), c(2, 3), c(3, 3), c(4, 4), c(5, 5), c(6, 6), c(7, 5),
                   c(10, 10), c(12, 9), c(20, 20), c(35, 30)))
    unpaired(skewed(sizes[1]), skewed(sizes[2]) + 0.2)
unpaired(skewed(100, 9), skewed(100, 9) + 0.05)     # the largest exact one
unpaired(skewed(20), 3)                             # lopsided
unpaired(3, skewed(20))
unpaired(1.5, skewed(39), 0.9)
unpaired(skewed(40), skewed(3), 0.99)
unpaired(c(1, 2, 3), c(4, 5, 6), 0.9)               # reached exactly: 1 in 20 on each side
unpaired(c(1, 2, 2, 3), c(2, 3, 3, 5))              # ties
unpaired(c(1, 1, 1, 2), c(2, 2, 2, 2, 2))
unpaired(c(1), c(2, 2))
unpaired(c(0, 0, 0, 1, 1), c(0, 1, 1, 1, 1, 1))
unpaired(round(rnorm(12), 1), round(rnorm(9), 1))
unpaired(round(rnorm(30)), round(rnorm(30) + 1))
unpaired(round(rnorm(100), 1), round(rnorm(100) + 0.3, 1))
unpaired(rep(7, 5), rep(7, 6))                      # all equal
unpaired(rep(1, 6), rep(2, 6))
unpaired(c(0, 0, 0), c(0, -1, 1))
unpaired(skewed(6) * 1e300, skewed(7) * 1e300)      # magnitudes
unpaired(skewed(6) * 1e-300, skewed(7) * 1e-300)
unpaired(c(-1e300, -1, -1e-300, 1e-300, 1), c(-2, 2e-300, 2, 1e300, 3))
unpaired_large(skewed(110), skewed(95) + 0.03)
unpaired_large(skewed(60), skewed(200) + 0.03)
unpaired_large(round(rnorm(150), 1), round(rnorm(150) + 0.2, 1))
unpaired_large(rep(c(1, 2), 75), rep(c(1, 2, 2), 50))

for (n in c(1, 2, 3, 5, 6, 7, 8, 10, 12, 15, 20, 30, 50, 100))
    paired(round(rnorm(n, 0.2), 5))
paired(c(1, 2, 3, 4), 0.875)                        # reached exactly: 1 in 16 on each side
paired(c(-1, 1, 1, 2))                              # ties
paired(c(1, 1, 1, 1, 1, 1))
paired(round(rnorm(25, 0.3), 1))
paired(round(rnorm(100, 0.2), 1))
paired(c(0, 0, 0))                                  # zeros
paired(c(0, 1, -2, 3, 4, 5, 6, 7))
paired(c(0, 0, 1, 1, -1, 2, 2, 0, 3))
paired(round(rnorm(12), 3) * 1e300)                 # magnitudes
paired(round(rnorm(12), 3) * 1e-300)
paired(c(1e-300, -2, 3e300, 4, -5e-300, 6e300, 7))
paired_large(round(rnorm(503, 0.05), 5), 0.9)
paired_large(ceiling(rnorm(504, 0.05) * 10) / 10 - 0.05, 0.9)

for (n in c(1, 2, 5, 6, 8, 10, 12, 15, 20, 30, 101))
    median_of(sort(skewed(n)))
median_of(c(1, 2, 3, 4, 5), 0.9375)                 # reached exactly
median_of(sort(skewed(1200)), 0.99)                 # 2^-1200 is no double
median_of(rep(3, 9))
median_of(c(-5, 0, 0, 0, 0, 1, 1, 9), 0.9)

for (p in list(0.04, c(0.01, 0.04), c(0.04, 0.01, 0.03, 0.005), c(0.5, 0.5, 0.5), c(0, 1, 0.2),
               round(runif(20), 4)^3))
    vector_out("holm", p = p, adjusted = p.adjust(p, "holm"))

p <- c(1e-300, 1e-20, 1e-5, 0.001, 0.025, 0.0749, 0.0751, 0.3, 0.5, 0.7, 0.925, 0.975, 0.999, 1 - 1e-12)
vector_out("quantile", p = p, z = qnorm(p))

