/* url_template.c - see url_template.h. */
#include "harness/target/url_template.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/parse.h"
#include "base/text.h"

static int bad_brace(const char *text, struct err *err)
{
    return err_set(
        err,
        "the braces in '%s' are neither {id} nor a range such as {1..100} nor a "
        "list such as {a,b}; write a literal brace as %%7B or %%7D",
        text);
}

/* -- taking apart -------------------------------------------------------------- */

static int parse_list(struct url_template_brace *brace)
{
    brace->is_list = true;
    brace->count = 1;
    for (size_t i = 0; i < brace->inside_bytes; i++)
        brace->count += brace->inside[i] == ',';
    return 0;
}

static int parse_numbers(struct url_template_brace *brace, const char *text,
                         struct err *err)
{
    char inside[48];
    uint64_t to;
    char *dots;

    if (brace->inside_bytes >= sizeof(inside))
        return bad_brace(text, err);
    memcpy(inside, brace->inside, brace->inside_bytes);
    inside[brace->inside_bytes] = '\0';
    dots = strstr(inside, "..");
    if (!dots)
        return bad_brace(text, err);
    *dots = '\0';
    if (parse_count(inside, 0, UINT32_MAX, &brace->from, NULL) ||
        parse_count(dots + 2, 0, UINT32_MAX, &to, NULL))
        return bad_brace(text, err);
    if (brace->from > to)
        return err_set(err, "the range in '%s' goes down", text);
    brace->width = inside[0] == '0' ? (int)strlen(inside) : 0;
    brace->count = to - brace->from + 1;
    return 0;
}

static bool is_id(const struct url_template_brace *brace)
{
    return brace->inside_bytes == 2 && !memcmp(brace->inside, "id", 2);
}

static int parse_brace(struct url_template *template, struct url_template_brace *brace,
                       const char *text, struct err *err)
{
    if (is_id(brace)) {
        template->has_id = true;
        brace->from = 1;
        return 0;
    }
    if (memchr(brace->inside, ',', brace->inside_bytes) ? parse_list(brace)
                                                        : parse_numbers(brace, text, err))
        return -1;
    if (brace->count > TEMPLATE_COUNT_MAX / template->count)
        return err_set(err, "'%s' stands for more than %" PRIu64 " URLs", text,
                       TEMPLATE_COUNT_MAX);
    template->count *= brace->count;
    return 0;
}

int url_template_parse(struct url_template *template, const char *text, struct err *err)
{
    const char *at = text;
    const char *open;

    *template = (struct url_template){.count = 1};
    while ((open = strpbrk(at, "{}"))) {
        struct url_template_brace *brace = &template->braces[template->brace_count];
        const char *close = strpbrk(open + 1, "{}");

        if (*open != '{' || !close || *close != '}')
            return bad_brace(text, err);
        if (template->brace_count == TEMPLATE_BRACES_MAX)
            return err_set(err, "'%s' has more than %d pairs of braces", text,
                           TEMPLATE_BRACES_MAX);
        *brace = (struct url_template_brace){
            .before = at,
            .before_bytes = (size_t)(open - at),
            .inside = open + 1,
            .inside_bytes = (size_t)(close - open - 1),
        };
        if (parse_brace(template, brace, text, err))
            return -1;
        template->brace_count++;
        at = close + 1;
    }
    template->after = at;
    if (template->has_id && template->brace_count > 1)
        return err_set(err, "{id} in '%s' must be the only pair of braces", text);
    if (template->has_id)
        template->count = 0;
    return 0;
}

/* -- writing ------------------------------------------------------------------- */

static void write_choice(FILE *out, const struct url_template_brace *brace,
                         uint64_t choice)
{
    const char *at = brace->inside;
    const char *end = at + brace->inside_bytes;
    const char *comma;

    if (!brace->is_list) {
        (void)fprintf(out, "%0*" PRIu64, brace->width, brace->from + choice);
        return;
    }
    for (; choice; choice--)
        at = (const char *)memchr(at, ',', (size_t)(end - at)) + 1;
    comma = memchr(at, ',', (size_t)(end - at));
    (void)fwrite(at, 1, (size_t)((comma ? comma : end) - at), out);
}

char *url_template_write(const struct url_template *template, uint64_t index)
{
    uint64_t turn = template->count; /* after this many URLs a brace begins again */
    struct text text;

    if (text_open(&text, NULL))
        return NULL;
    for (size_t i = 0; i < template->brace_count; i++) {
        const struct url_template_brace *brace = &template->braces[i];
        uint64_t choice = index;

        if (!template->has_id) {
            choice = index % turn;
            turn /= brace->count;
            choice /= turn;
        }
        (void)fwrite(brace->before, 1, brace->before_bytes, text.out);
        write_choice(text.out, brace, choice);
    }
    (void)fputs(template->after, text.out);
    return text_close(&text, NULL, NULL);
}
