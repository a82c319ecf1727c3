/* results_doc.c - prints docs/results.md from the lists that the program itself uses.
 * scripts/docs writes the file; a test holds that it is up to date. */
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
        "`bench run` writes three files to its directory, `results/<run id>` unless "
        "`--out` names one:\n\n"
        "* `runs.csv`: one row per cell and round, appended and flushed as the cell "
        "ends.\n"
        "* `plan.json`: what was measured, every [option](options.md) of the plan. It "
        "includes what\n"
        "  was chosen on this machine, such as seed, timeout, workers and CPUs. "
        "`bench run --plan\n"
        "  DIRECTORY` measures the same plan again; `bench plan` prints a plan "
        "without measuring.\n"
        "* `env.json`: the machine, its limits, the libraries and the build; of the "
        "sweep its start, its\n"
        "  state and what its budget has used.\n\n"
        "With `--raw` there is also `requests.csv`, one row per request. Directories "
        "of bench 0.1\n"
        "have no `plan.json`; summary and compare read them, `--resume` does not.\n\n"
        "The CSV files follow RFC 4180, but with plain newlines. What is not known is "
        "an\n"
        "empty field, never a 0. Units are in the names. Read columns by their names: "
        "more\n"
        "may come. Only rows whose `status` is `valid` may be ranked or compared, and "
        "only\n"
        "with rows of the same `conditions`: `bench summary` refuses to put others "
        "into one\n"
        "table, names what differs, and ends with 5.\n");
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
        "`--raw` writes it, when a cell has ended and never while one is measured. The "
        "rows of\n"
        "a cell stand together, in the order of its requests; run_id, variant, round, "
        "strategy\n"
        "and level say which row of `runs.csv` they belong to. Failed cells have theirs, "
        "a\n"
        "warm-up round, a skipped and an infeasible cell have none.\n\n"
        "The requests of a cell are written before its row of `runs.csv`, so that a row "
        "there\n"
        "has all its requests. After a crash `requests.csv` may end with requests of a "
        "cell\n"
        "that has no row in `runs.csv`, the last line perhaps cut off: they mean "
        "nothing, and\n"
        "may be dropped. The other way round, as a disk that lost its power may leave "
        "it, "
        "`--resume`\n"
        "refuses: it names the row whose requests are missing and changes nothing.\n\n"
        "`begin_us`, `start_us`, `first_byte_us` and `end_us` are moments, counted from "
        "the\n"
        "first begin of the cell. `queue_us`, `connect_us` and `tls_us` are how long "
        "something\n"
        "took.\n\n");
    print_columns(&request_column_list);
}

static void print_words(void)
{
    (void)printf("\n## Words in `status`\n\n| word | meaning |\n|---|---|\n");
    for (int i = 0; i < STATUS_COUNT; i++)
        (void)printf("| `%s` | %s |\n", status_word((enum row_status)i),
                     status_meaning((enum row_status)i));
    (void)printf("\n## Words in `notes`\n\n| word | meaning |\n|---|---|\n");
    for (int i = 0; i < NOTE_COUNT; i++)
        (void)printf("| `%s` | %s |\n", note_word((enum row_note)i),
                     note_meaning((enum row_note)i));
}

static void print_formulas(void)
{
    (void)printf(
        "\n## How figures come about\n\n"
        "* A fetch is **in flight** from its begin, when a worker is given it, to its "
        "end,\n"
        "  when the worker knows that it is done. Its **latency** is the time between; "
        "what\n"
        "  it waits for the CPU or inside libcurl counts.\n"
        "* A fetch **starts** when it is handed to libcurl. `queue`, from begin to "
        "start, and\n"
        "  `ttfb`, from begin to the first byte, are of the harness's own stamps. "
        "`connect` and\n"
        "  `tls` are of libcurl's clock, which begins when libcurl turns to the request; "
        "`tls`\n"
        "  is CURLINFO_APPCONNECT_TIME less CURLINFO_CONNECT_TIME, so that the two do "
        "not\n"
        "  overlap. Kept connections have neither.\n"
        "* Quantiles are observed values (nearest rank: the `ceil(q * n)`-th of n), and "
        "empty\n"
        "  where fewer than `1 / (1 - q)` good fetches have the figure: the median needs "
        "one, the\n"
        "  90th percentile ten, the 99th a hundred.\n"
        "* CPU times, context switches and faults are the difference between before "
        "`open`\n"
        "  and after `run`, over all threads and processes of the cell; starting the "
        "program\n"
        "  and loading its libraries do not count.\n"
        "* `peak_rss_bytes` is VmHWM of each process at the end of the run, added up.\n");
}

int main(void)
{
    print_head();
    (void)printf("\n## Columns of `runs.csv`\n\n");
    print_columns(&run_column_list);
    print_words();
    print_formulas();
    print_requests();
    return 0;
}
