/* results_doc.c - prints docs/results.md from the lists that the program itself uses.
 * scripts/docs writes the file; a test holds that it is up to date. */
#include "results/column.h"
#include "results/words.h"

#include <stdio.h>

static void print_head(void)
{
    (void)printf(
        "# Results\n\n"
        "<!-- Written by scripts/docs from results/columns.def and results/words.h. "
        "-->\n\n"
        "A run leaves two files in its directory: `runs.csv`, one row for each cell and\n"
        "round, appended and flushed as the cell ends; and `env.json`, who measured "
        "what, on\n"
        "which machine, with which libraries, limits, options and seed.\n\n"
        "`runs.csv` is CSV as in RFC 4180, but with plain newlines. What is not known is "
        "an\n"
        "empty field, never a 0. Units are in the names. Read columns by their names: "
        "more\n"
        "may come. Only rows whose `status` is `valid` may be ranked or compared.\n");
}

static void print_columns(void)
{
    (void)printf("\n## Columns\n\n| column | type | meaning | empty when |\n"
                 "|---|---|---|---|\n");
    for (int i = 0; i < COLUMN_COUNT; i++)
        (void)printf("| `%s` | %s | %s | %s |\n", columns[i].name,
                     column_type_text(columns[i].type), columns[i].meaning,
                     columns[i].empty);
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
        "* Quantiles are observed values (nearest rank: the `ceil(q * n)`-th of n), and "
        "empty\n"
        "  where fewer than `1 / (1 - q)` fetches were good.\n"
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
    print_columns();
    print_words();
    print_formulas();
    return 0;
}
