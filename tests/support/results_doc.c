/* results_doc.c - prints docs/results.md from the lists that the program itself uses.
 * scripts/docs writes the file; tests/e2e/docs.sh checks that it is up to date. */
#include "analysis/report/held.h"
#include "analysis/report/ranking.h"
#include "analysis/rows/column.h"
#include "analysis/rows/words.h"

#include <stdio.h>

static void print_head(void)
{
    (void)printf(
        "# Results\n\n"
        "<!-- Written by scripts/docs from analysis/rows/columns.def, "
        "analysis/rows/requests.def "
        "and analysis/rows/words.h. "
        "-->\n\n"
        "`bench run` writes three files to `results/<run id>`, or to the\n"
        "directory that `--out` names:\n\n"
        "* `runs.csv`: one row per cell and round, appended and flushed as the\n"
        "  cell ends.\n"
        "* `plan.json`: the plan of the run, with every [option](options.md) and\n"
        "  the values that were chosen on this machine, such as seed, timeout,\n"
        "  workers and CPUs. `bench run --plan DIRECTORY` measures the same plan\n"
        "  again; `bench plan` prints a plan without measuring.\n"
        "* `env.json`: the machine, its limits, the libraries and the build; also\n"
        "  the start of the sweep, its state and the used part of its budget.\n\n"
        "With `--raw` there is also `requests.csv`, one row per request.\n"
        "Directories of bench 0.1.0 have no `plan.json`; `bench summary` and\n"
        "`bench compare` read them, `--resume` does not.\n\n"
        "The CSV files follow RFC 4180, except that lines end in a plain newline.\n"
        "An unknown value is an empty field, never 0. Column names contain the\n"
        "unit. Read columns by name: later versions may add some.\n\n"
        "Rank or compare only rows whose `status` is `valid` and whose\n"
        "`conditions` are equal. `bench summary` refuses to put others into one\n"
        "table: it names the difference and ends with 5.\n");
}

static void print_columns(const struct column_list *list)
{
    (void)printf("| column | type | meaning | empty when |\n|---|---|---|---|\n");
    for (size_t i = 0; i < list->count; i++)
        (void)printf("| `%s` | %s | %s | %s |\n", list->columns[i].name,
                     column_type_text(list->columns[i].type), list->columns[i].meaning,
                     list->columns[i].empty);
}

static void print_requests(void)
{
    (void)printf(
        "\n## Columns of `requests.csv`\n\n"
        "`--raw` writes `requests.csv` after each cell, never while one is\n"
        "measured. The rows of a cell stand together, in the order of its\n"
        "requests; run_id, variant, round, strategy and level, or rate_rps, identify\n"
        "their row of `runs.csv`. Failed cells have such rows; warm-up rounds, skipped "
        "and\n"
        "infeasible cells have none.\n\n"
        "The requests of a cell are written before its row of `runs.csv`, so a\n"
        "row there has all its requests. After a crash `requests.csv` may end\n"
        "with requests of a cell that has no row in `runs.csv`, perhaps with an\n"
        "incomplete last line: ignore them. If a row of `runs.csv` lacks its\n"
        "requests, which a power failure can cause, `--resume` refuses, names the\n"
        "row and changes nothing.\n\n"
        "`begin_us`, `start_us`, `first_byte_us` and `end_us` are moments,\n"
        "counted from the first begin of the cell. `queue_us`, `connect_us` and\n"
        "`tls_us` are durations.\n\n");
    print_columns(&request_column_list);
}

static void print_words(void)
{
    (void)printf("\n## Values of `status`\n\n| word | meaning |\n|---|---|\n");
    for (int i = 0; i < STATUS_COUNT; i++)
        (void)printf("| `%s` | %s |\n", status_word((enum row_status)i),
                     status_meaning((enum row_status)i));
    (void)printf("\n## Values of `notes`\n\n| word | meaning |\n|---|---|\n");
    for (int i = 0; i < NOTE_COUNT; i++)
        (void)printf("| `%s` | %s |\n", note_word((enum row_note)i),
                     note_meaning((enum row_note)i));
}

static void print_formulas(void)
{
    (void)printf(
        "\n## Definitions\n\n"
        "* A fetch is **in flight** from its begin, when a worker receives it, to\n"
        "  its end, when the worker knows that it is done. Its **latency** is the\n"
        "  time between; time spent waiting for the CPU or inside libcurl counts.\n"
        "* A fetch **starts** when it is handed to libcurl. `queue` (from begin\n"
        "  to start) and `ttfb` (from begin to the first byte) come from the\n"
        "  harness's stamps. `connect` and `tls` come from libcurl's clock, which\n"
        "  begins when libcurl turns to the request; `tls` is\n"
        "  CURLINFO_APPCONNECT_TIME less CURLINFO_CONNECT_TIME, so that the two\n"
        "  do not overlap. Kept connections have neither.\n"
        "* Quantiles are observed values (nearest rank: the `ceil(q * n)`-th of\n"
        "  n). They are empty if fewer than `1 / (1 - q)` good fetches have the\n"
        "  figure: the median needs one, the 90th percentile ten, the 99th a\n"
        "  hundred.\n"
        "* CPU times, context switches and faults count from the begin of `open`\n"
        "  to the end of `run`, over all threads and processes of the cell;\n"
        "  starting the program and loading its libraries do not count.\n"
        "* With `--rates` a fetch has a moment at which it is **due**. Its latency\n"
        "  counts from then, so that waiting in the client is part of it. Its\n"
        "  **lateness** is the part until it starts. Fetches that never ended are\n"
        "  longer than all others: a quantile among them is empty in a row, and\n"
        "  `endless` in tables. They are not failed, and figures per request leave\n"
        "  them out.\n"
        "* `peak_rss_bytes` is the sum of VmHWM over the processes at the end of\n"
        "  the run.\n");
}

/* The numbers come from the headers that the program is built from. */
static void print_conclusion(void)
{
    (void)printf(
        "\n## Conclusion\n\n"
        "`bench run` and `bench summary` end with a conclusion, as does their Markdown\n"
        "and JSON. It is about the highest level with a valid row. `--goal` chooses the\n"
        "figure that ranks: cost time, CPU per request, memory per request in flight,\n"
        "p99 latency, or throughput.\n\n"
        "* The **best** is the cell with the lowest median. Another cell is **behind**\n"
        "  it if both have at least %d rounds and it was worse in each of them than the\n"
        "  best in any, or if the exact rank-sum test tells them apart at 1 %%. With 3\n"
        "  rounds, two equal strategies differ that clearly once in 10 comparisons; "
        "with\n"
        "  5, once in 126. In cost time a cell is also behind if its own theoretical\n"
        "  minimum exceeds the worst round of the best. Memory is read once; a cell is\n"
        "  behind if it needs %.0f %% more.\n"
        "* All others **cannot be told apart** from the best.\n"
        "* References, and cells with the notes `origin-bound`, `libcurl-queue` or\n"
        "  `rate-not-held`, are not ranked. With fewer than %d rounds, the conclusion "
        "says so instead.\n"
        "* The **counters** behind a distance are those in which a strategy exceeds the\n"
        "  best by at least half (CPU: by a fifth), in each round: processes, threads,\n"
        "  page faults, context switches, CPU and memory per request. Of processes and\n"
        "  threads also those in which the best exceeds the strategy by as much.\n"
        "* A **knee** is the first level after which throughput grows, up to the next\n"
        "  level, less than half as fast as the level, in every pair of rounds.\n"
        "* **With `--rates`** the conclusion is about the highest rate that a candidate\n"
        "  held, and p99 latency ranks, since the cost time is the duration. If one\n"
        "  alone held it, the highest rate that two held is ranked too. It names the\n"
        "  strategies that did not hold this rate, or the highest one, with the "
        "rate\n"
        "  that they reached: the median of the rounds that did not hold it. Behind it\n"
        "  stands what these rows show to be used up: CPU time per second from %.1f of "
        "a\n"
        "  core on, the origin's --capacity, if more requests were in flight in each of\n"
        "  them, all places in flight in each, requests without a connection.\n"
        "  The **highest rate held** by a strategy is one with only valid rounds, none "
        "of\n"
        "  which has the note `rate-not-held`; a lower rate may not have been held.\n"
        "* **With `--duration` and levels** throughput ranks.\n"
        "* `--allow-errors PERCENT` keeps rows with failed requests valid and shows the\n"
        "  share beside each figure. Their overhead is empty, since a failed request\n"
        "  may have ended early.\n",
        RANKING_ROUNDS, 100 * RANKING_MEMORY_MARGIN, RANKING_ROUNDS, HELD_BUSY_CORES);
}

int main(void)
{
    print_head();
    (void)printf("\n## Columns of `runs.csv`\n\n");
    print_columns(&run_column_list);
    print_words();
    print_formulas();
    print_conclusion();
    print_requests();
    return 0;
}
