/* html_report.c - see html_report.h. */
#include "analysis/report/html_report.h"

#include <string.h>

#include "analysis/report/conclusion.h"
#include "analysis/report/html.h"
#include "analysis/report/html_latency.h"
#include "analysis/report/html_pictures.h"
#include "analysis/report/html_run.h"
#include "analysis/report/html_style.h"
#include "analysis/report/html_table.h"
#include "analysis/report/html_verdicts.h"
#include "analysis/report/summary_query.h"

/* The policy is in the page, since a file has no headers. */
static void write_head(FILE *out)
{
    (void)fputs(
        HTML_REPORT_HEAD
        "<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
        "'none'; style-src 'unsafe-inline'; script-src 'sha256-" HTML_SCRIPT_SHA256
        "'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<title>Report of bench</title>\n<style>\n" HTML_STYLE,
        out);
    html_plot_style(out);
    (void)fputs("</style>\n</head>\n<body>\n<main>\n", out);
}

static void write_title(const struct html_report *report, FILE *out)
{
    (void)fputs("<h1>What fetching pages costs, per concurrency model</h1>\n"
                "<p class=\"note\">Measured by bench; ",
                out);
    for (size_t i = 0; i < report->path_count; i++) {
        (void)fputs(i ? ", " : "", out);
        html_text(out, report->paths[i]);
    }
    (void)fputs("</p>\n", out);
}

static int write_conclusion(const struct summary *summary, const char *variant, FILE *out,
                            struct err *err)
{
    struct conclusion conclusion;

    if (conclusion_make(&conclusion, summary, variant, GOAL_time, err))
        return -1;
    if (summary_has_variants(summary)) {
        (void)fputs("<h3>Variant ", out);
        html_text(out, variant);
        (void)fputs("</h3>\n", out);
    }
    (void)fputs("<div class=\"conclusion\">\n", out);
    for (char *rest = conclusion.sentences, *line; (line = strsep(&rest, "\n"));)
        if (*line)
            html_element(out, "p", NULL, line);
    (void)fputs("</div>\n", out);
    conclusion_free(&conclusion);
    return 0;
}

static int write_conclusions(const struct summary *summary, FILE *out, struct err *err)
{
    html_section_begin(out, "Conclusion");
    for (size_t i = 0; i < summary->count; i = summary_variant_end(summary, i))
        if (write_conclusion(summary, summary->cells[i].variant, out, err))
            return -1;
    html_section_end(out);
    return 0;
}

static int write_runs(const struct html_report *report, FILE *out, struct err *err)
{
    for (size_t i = 0; i < report->path_count; i++)
        if (html_run_write(report->paths[i], report->commands[i], out, err))
            return -1;
    return 0;
}

int html_report_write(const struct html_report *report, FILE *out, struct err *err)
{
    const struct summary *summary = report->summary;

    write_head(out);
    write_title(report, out);
    if (write_conclusions(summary, out, err))
        return -1;
    if (report->comparison &&
        html_verdicts_write(report->comparison, report->basis, out, err))
        return -1;
    html_plots_write(summary, report->show, report->order, out);
    html_timelines_write(summary, report->paths, report->path_count, report->order, out);
    html_tables_write(summary, report->order, out);
    if (html_latency_write(summary, report->order, out, err))
        return -1;
    html_invalid_write(summary, out);
    if (write_runs(report, out, err))
        return -1;
    (void)fputs("</main>\n<script>" HTML_SCRIPT "</script>\n</body>\n</html>\n", out);
    return ferror(out) ? err_errno(err, "cannot write the report") : 0;
}
