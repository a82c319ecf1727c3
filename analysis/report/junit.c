/* junit.c - see junit.h. */
#include "analysis/report/junit.h"

#include "analysis/report/compare_text.h"
#include "analysis/report/xml.h"

/* -- properties ---------------------------------------------------------------- */

/* `role` is "base." or "new.", or "" for both sides. Writes nothing for an absent value.
 */
static void write_property(FILE *out, const char *role, const char *name,
                           const char *value)
{
    if (!value || !value[0])
        return;
    (void)fprintf(out, "      <property name=\"%s%s\"", role, name);
    xml_write_attribute(out, "value", value);
    (void)fputs("/>\n", out);
}

static void write_side(FILE *out, const char *role, const struct compare_side *side)
{
    write_property(out, role, "name", side->name);
    write_property(out, role, "run_id", side->run_id);
    write_property(out, role, "libcurl_version", side->libcurl_version);
    write_property(out, role, "tls_version", side->tls_version);
    write_property(out, role, "libevent_version", side->libevent_version);
}

static void write_number(FILE *out, const char *name, double number)
{
    char text[COMPARE_TEXT_SIZE];

    (void)snprintf(text, sizeof(text), "%g", number);
    write_property(out, "", name, text);
}

static void write_properties(FILE *out, const struct comparison *comparison)
{
    (void)fputs("    <properties>\n", out);
    write_side(out, "base.", &comparison->base);
    write_side(out, "new.", &comparison->head);
    write_property(out, "", "outcome", compare_outcome_word(compare_outcome(comparison)));
    write_number(out, "alpha", comparison->alpha);
    write_number(out, "confidence", comparison->confidence);
    write_number(out, "looks", comparison->analyses);
    write_number(out, "family", (double)comparison->family);
    (void)fputs("    </properties>\n", out);
}

/* -- test cases ---------------------------------------------------------------- */

/* Begins the test case of a strategy at a point; Jenkins takes the text before the last
 * dot for a package. `point` is NULL for a problem of the whole comparison. */
static void open_case(FILE *out, const char *strategy, enum point_kind kind,
                      const uint64_t *point, const char *what)
{
    char text[POINT_TEXT_SIZE];

    (void)fputs("    <testcase classname=\"bench.", out);
    xml_write_text(out, strategy);
    (void)fputs("\" name=\"", out);
    if (point)
        (void)fprintf(out, "%s %s: ", point_word(kind), point_text(kind, *point, text));
    xml_write_text(out, what);
    (void)fputc('"', out);
}

static void write_outcome(FILE *out, const char *element, const char *type,
                          const char *message)
{
    (void)fprintf(out, ">\n      <%s", element);
    xml_write_attribute(out, "type", type);
    xml_write_attribute(out, "message", message);
    (void)fputs("/>\n    </testcase>\n", out);
}

static const char *or_none(const char *text)
{
    return text[0] ? text : "none";
}

/* One line for those who do not open the report of bench itself. */
static void write_message(const struct compare_item *item, char *text, size_t size)
{
    char base[COMPARE_TEXT_SIZE];
    char head[COMPARE_TEXT_SIZE];
    char change[COMPARE_TEXT_SIZE];
    char p[COMPARE_TEXT_SIZE];
    const char *unit = metrics[item->metric].unit;

    compare_figure_text(item, item->base_median, base);
    compare_figure_text(item, compare_head_figure(item), head);
    compare_change_text(item, change);
    compare_p_text(item, p);
    (void)snprintf(text, size, "%s: base %s, head %s%s%s, change %s, adjusted p %s%s%s",
                   metrics[item->metric].title, or_none(base), or_none(head),
                   unit[0] ? " " : "", unit, or_none(change), or_none(p),
                   item->reason[0] ? ": " : "", item->reason);
}

static void write_item(FILE *out, const struct compare_item *item)
{
    char message[1024];

    write_message(item, message, sizeof(message));
    if (item->strategy[0])
        open_case(out, item->strategy, item->point_kind, &item->level,
                  metrics[item->metric].name);
    else
        open_case(out, "overall", item->point_kind, NULL, metrics[item->metric].name);
    if (item->verdict == COMPARE_SLOWER)
        write_outcome(out, "failure", "slower", message);
    else if (item->verdict == COMPARE_CANNOT_TELL)
        write_outcome(out, "skipped", "cannot tell", message);
    else
        (void)fputs("/>\n", out);
}

static void write_problem(FILE *out, const struct compare_problem *problem)
{
    const char *word = compare_problem_word(problem->kind);

    if (problem->strategy)
        open_case(out, problem->strategy, problem->point_kind, &problem->level, word);
    else
        open_case(out, "all", problem->point_kind, NULL, word);
    write_outcome(out, "error", word, problem->text);
}

int junit_write(const struct comparison *comparison, FILE *out, struct err *err)
{
    size_t failures = compare_count(comparison, COMPARE_SLOWER) +
                      compare_overall_count(comparison, COMPARE_SLOWER);
    size_t skipped = compare_count(comparison, COMPARE_CANNOT_TELL) +
                     compare_overall_count(comparison, COMPARE_CANNOT_TELL);
    size_t errors = compare_problem_count(comparison, COMPARE_INCOMPLETE) +
                    compare_problem_count(comparison, COMPARE_NOT_COMPARABLE);
    size_t tests = comparison->overall_count + compare_gating_count(comparison) + errors;
    bool nothing = !tests;

    tests += nothing;
    errors += nothing;
    (void)fprintf(out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<testsuites name=\"bench compare\" tests=\"%zu\" failures=\"%zu\" "
                  "errors=\"%zu\">\n"
                  "  <testsuite name=\"bench compare\" tests=\"%zu\" failures=\"%zu\" "
                  "errors=\"%zu\" skipped=\"%zu\">\n",
                  tests, failures, errors, tests, failures, errors, skipped);
    write_properties(out, comparison);
    for (size_t i = 0; i < comparison->overall_count; i++)
        write_item(out, &comparison->overall[i]);
    for (size_t i = 0; i < comparison->item_count; i++)
        if (comparison->items[i].gates)
            write_item(out, &comparison->items[i]);
    for (size_t i = 0; i < comparison->problem_count; i++)
        if (comparison->problems[i].kind != COMPARE_NOTED)
            write_problem(out, &comparison->problems[i]);
    if (nothing) {
        open_case(out, "all", POINT_LEVEL, NULL, "compared");
        write_outcome(out, "error", "nothing was compared", "nothing was compared");
    }
    (void)fputs("  </testsuite>\n</testsuites>\n", out);
    return ferror(out) ? err_errno(err, "cannot write the report") : 0;
}
