/* behaviour.c - see behaviour.h. */
#include "origin/behaviour.h"

#include <stdio.h>
#include <string.h>

#include "base/suggest.h"

bool behaviour_has_delay(const struct behaviour *behaviour)
{
    return behaviour->delay.kind != DELAY_FIXED || behaviour->delay.ns;
}

const char *overload_word(enum overload overload)
{
    static const char *const words[] = {
        [OVERLOAD_QUEUE] = "queue",
        [OVERLOAD_REFUSE] = "refuse",
        [OVERLOAD_SLOW] = "slow",
    };

    return words[overload];
}

const char *body_word(const struct body_form *form)
{
    if (form->gzip)
        return form->chunked ? "gzip,chunked" : "gzip";
    return form->chunked ? "chunked" : "plain";
}

/* Equal, except for spaces after a comma? */
static bool is_word(const char *text, const char *word)
{
    while (*word && *text == *word) {
        text++;
        if (*word++ == ',')
            text += strspn(text, " ");
    }
    return *text == *word;
}

int body_parse(struct body_form *form, const char *text, struct err *err)
{
    const char *words[5] = {NULL};

    for (int i = 0; i < 4; i++) {
        struct body_form one = {.bytes = form->bytes, .gzip = i & 1, .chunked = i & 2};

        words[i] = body_word(&one);
        if (!is_word(text, words[i]))
            continue;
        *form = one;
        return 0;
    }
    return suggest_one_of(err, text, words);
}

int behaviour_check(const struct behaviour *behaviour, struct err *err)
{
    if (behaviour->overload != OVERLOAD_QUEUE && !behaviour->capacity)
        return err_set(err, "--overload applies to requests beyond --capacity; give "
                            "--capacity");
    if (behaviour->body.chunked && (behaviour->faults.percent[FAULT_LENGTH_TOO_LONG] ||
                                    behaviour->faults.percent[FAULT_LENGTH_TOO_SHORT]))
        return err_set(err, "--fault length-too-long and length-too-short need a "
                            "Content-Length; drop chunked from --body");
    return 0;
}

const char *behaviour_text(const struct behaviour *behaviour,
                           char text[BEHAVIOUR_TEXT_SIZE])
{
    static const char *const rest[] = {
        [OVERLOAD_QUEUE] = "",
        [OVERLOAD_REFUSE] = ", the rest refused",
        [OVERLOAD_SLOW] = ", more slow it down",
    };
    const struct body_form *body = &behaviour->body;
    char limit[64] = "";
    char size[48] = "";

    if (behaviour->capacity)
        (void)snprintf(limit, sizeof(limit), ", %zu at a time%s", behaviour->capacity,
                       rest[behaviour->overload]);
    if (body->bytes)
        (void)snprintf(size, sizeof(size), ", pages of %zu bytes", body->bytes);
    (void)snprintf(
        text, BEHAVIOUR_TEXT_SIZE, "a delay of %s%s%s%s%s%s%s", behaviour->delay.text,
        limit, size, body->gzip || body->chunked ? ", bodies " : "",
        body->gzip || body->chunked ? body_word(body) : "",
        behaviour->faults.text[0] ? ", with faults " : "", behaviour->faults.text);
    return text;
}
