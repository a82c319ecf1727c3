/* html_run.c - see html_run.h. */
#include "analysis/report/html_run.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/report/html.h"
#include "analysis/rows/conditions.h"
#include "base/json.h"
#include "base/text.h"

enum { DEPTH_MAX = 8 }; /* deeper objects are shown as JSON */

/* -- tables of keys and values ------------------------------------------------- */

static void write_value(FILE *out, const json_t *value)
{
    char *text;

    if (json_is_string(value)) {
        html_text(out, json_string_value(value));
        return;
    }
    text = json_text(value);
    html_text(out, text ? text : "");
    free(text);
}

static void write_pair(FILE *out, const char *prefix, const char *key,
                       const json_t *value)
{
    (void)fputs("<tr><th scope=\"row\">", out);
    html_text(out, prefix);
    html_text(out, key);
    (void)fputs("</th><td>", out);
    write_value(out, value);
    (void)fputs("</td></tr>\n", out);
}

/* An object within the object has its name before its keys: "machine.kernel". */
static int write_pairs(FILE *out, const char *prefix, const json_t *object,
                       unsigned depth, struct err *err)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value)
    {
        char *inner = NULL;
        int result = 0;

        if (!json_object_size(value) || depth == DEPTH_MAX) {
            write_pair(out, prefix, key, value);
            continue;
        }
        if (asprintf(&inner, "%s%s.", prefix, key) < 0)
            return err_errno(err, "no memory for the report");
        result = write_pairs(out, inner, value, depth + 1, err);
        free(inner);
        if (result)
            return -1;
    }
    return 0;
}

static int write_object(FILE *out, const char *caption, const json_t *object,
                        struct err *err)
{
    html_table_begin(out, "pairs", caption);
    (void)fputs("<tbody>\n", out);
    if (write_pairs(out, "", object, 0, err))
        return -1;
    (void)fputs("</tbody>\n", out);
    html_table_end(out);
    return 0;
}

/* env.json without the plan and the strategies, which have tables themselves. */
static int write_env(FILE *out, const json_t *env, struct err *err)
{
    json_t *rest = json_copy((json_t *)env);
    int result;

    if (!rest)
        return err_set(err, "no memory for the report");
    (void)json_object_del(rest, "strategies");
    (void)json_object_del(rest, "plan");
    result = write_object(out, "Machine, program and libraries", rest, err);
    json_decref(rest);
    return result;
}

/* -- the fairness table -------------------------------------------------------- */

/* The names of the attributes of all strategies, in the order of first appearance. */
static json_t *attributes_of(const json_t *strategies)
{
    json_t *attributes = json_object();
    const char *name, *key;
    json_t *strategy, *value;

    json_object_foreach((json_t *)strategies, name, strategy)
        json_object_foreach(strategy, key, value) json_put(&attributes, key, json_true());
    return attributes;
}

static void write_words(FILE *out, const char *key)
{
    for (const char *at = key; *at; at++) {
        char letter[2] = {*at, '\0'};

        html_text(out, *at == '_' ? " " : letter);
    }
}

static void write_strategy(FILE *out, const char *name, const json_t *strategy,
                           const json_t *attributes)
{
    const char *key;
    json_t *unused;

    (void)fputs("<tr>", out);
    html_element(out, "th scope=\"row\"", NULL, name);
    json_object_foreach((json_t *)attributes, key, unused)
    {
        const json_t *value = json_object_get(strategy, key);

        (void)fputs("<td>", out);
        if (value)
            write_value(out, value);
        (void)fputs("</td>", out);
    }
    (void)fputs("</tr>\n", out);
}

static int write_fairness(FILE *out, const json_t *strategies, struct err *err)
{
    json_t *attributes, *unused;
    const char *key;

    if (!json_object_size(strategies))
        return 0;
    attributes = attributes_of(strategies);
    if (!attributes)
        return err_set(err, "no memory for the report");
    html_table_begin(out, "fairness", "What distinguishes the strategies");
    (void)fputs("<thead><tr><th scope=\"col\">strategy</th>", out);
    json_object_foreach(attributes, key, unused)
    {
        (void)fputs("<th scope=\"col\">", out);
        write_words(out, key);
        (void)fputs("</th>", out);
    }
    (void)fputs("</tr></thead>\n<tbody>\n", out);
    json_object_foreach((json_t *)strategies, key, unused)
        write_strategy(out, key, unused, attributes);
    (void)fputs("</tbody>\n", out);
    html_table_end(out);
    json_decref(attributes);
    return 0;
}

/* -- the run ------------------------------------------------------------------- */

int html_run_write(const char *path, const char *command, FILE *out, struct err *err)
{
    struct conditions conditions;
    int result = 0;

    if (conditions_read(&conditions, path, err))
        return -1;
    html_section_begin(out, "Conditions");
    html_element(out, "h3", NULL, path);
    if (!conditions.plan && !conditions.env)
        html_element(out, "p", "note",
                     "No plan.json and env.json beside the rows: conditions and machine "
                     "are not known.");
    if (conditions.plan && command) {
        html_element(out, "p", NULL, "This command measures the same again:");
        html_element(out, "pre", NULL, command);
    }
    if (conditions.env)
        result = write_fairness(out, json_object_get(conditions.env, "strategies"), err);
    if (!result && conditions.plan)
        result = write_object(out, "Plan", conditions.plan, err);
    if (!result && conditions.env)
        result = write_env(out, conditions.env, err);
    html_section_end(out);
    conditions_free(&conditions);
    return result;
}
