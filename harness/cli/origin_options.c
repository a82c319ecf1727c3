/* origin_options.c - see origin_options.h. */
#include "harness/cli/origin_options.h"

#include <string.h>

#include "base/clock.h"
#include "base/parse.h"
#include "harness/cli/option_values.h"

/* The harness keeps all hundred pages in memory. */
enum { CAPACITY_MAX = 1000000, BODY_BYTES_MAX = 1 << 20 };

/* -- values -------------------------------------------------------------------- */

static int set_delay(void *target, const char *value, struct err *err)
{
    struct origin_choice *choice = target;

    choice->typed = "--delay";
    return delay_parse(&choice->behaviour.delay, value, err);
}

static int set_capacity(void *target, const char *value, struct err *err)
{
    struct origin_choice *choice = target;
    uint64_t capacity;

    choice->typed = "--capacity";
    if (parse_count(value, 1, CAPACITY_MAX, &capacity, err))
        return -1;
    choice->behaviour.capacity = capacity;
    return 0;
}

static int set_overload(void *target, const char *value, struct err *err)
{
    static const char *const words[] = {"queue", "refuse", "slow", NULL};
    struct origin_choice *choice = target;
    int word;

    choice->typed = "--overload";
    choice->has_overload = true;
    if (option_word(&word, value, words, err))
        return -1;
    choice->behaviour.overload = (enum overload)word;
    return 0;
}

static int set_body(void *target, const char *value, struct err *err)
{
    static const char *const words[] = {"plain", "gzip", "chunked", "gzip,chunked", NULL};
    struct origin_choice *choice = target;
    struct body_form *form = &choice->behaviour.body;
    int word;

    choice->typed = "--body";
    if (option_word(&word, value, words, err))
        return -1;
    form->gzip = word & 1;
    form->chunked = word & 2;
    return 0;
}

static int set_body_bytes(void *target, const char *value, struct err *err)
{
    struct origin_choice *choice = target;
    uint64_t bytes;

    choice->typed = "--body-bytes";
    if (parse_count(value, 1, BODY_BYTES_MAX, &bytes, err))
        return -1;
    choice->behaviour.body.bytes = bytes;
    return 0;
}

static int set_fault(void *target, const char *value, struct err *err)
{
    struct origin_choice *choice = target;

    choice->typed = "--fault";
    return fault_parse(&choice->behaviour.faults, value, err);
}

static int set_tls(void *target, const char *value, struct err *err)
{
    struct origin_choice *choice = target;

    (void)value;
    (void)err;
    choice->typed = "--tls";
    choice->tls = true;
    return 0;
}

/* -- the table ----------------------------------------------------------------- */

static const struct option_spec specs[] = {
    {"delay", "DELAY",
     "how long every page waits: 50ms or 5s, or drawn for each one:\n"
     "uniform:20ms..80ms, normal:50ms,10ms (mean and standard\n"
     "deviation), lognormal:50ms,0.5 (median and sigma)  [50ms]",
     set_delay},
    {"capacity", "N", "pages served at a time  [no limit]", set_capacity},
    {"overload", "queue|refuse|slow",
     "what becomes of more than these: they wait, get a 503, or all\n"
     "are served more slowly  [queue]",
     set_overload},
    {"body", "FORM",
     "how pages are sent: plain, gzip, chunked or gzip,chunked; the\n"
     "client then offers to take gzip  [plain]",
     set_body},
    {"body-bytes", "N", "the length of every page  [some 4000]", set_body_bytes},
    {"fault", "KIND[:RATE]",
     "spoils so many pages in a hundred, the same in every cell; may\n"
     "be given more than once; KINDs are in the help of bench serve\n"
     "[none; RATE 100]",
     set_fault},
    {"tls", NULL, "over TLS, with a certificate that bench run verifies", set_tls},
};

const struct option_group origin_option_group = {
    .title = "Of the embedded origin",
    .options = specs,
    .option_count = sizeof(specs) / sizeof(specs[0]),
};

struct origin_choice origin_choice_default(void)
{
    return (struct origin_choice){
        .behaviour = {.delay = delay_fixed(50 * CLOCK_NS_PER_MS)}};
}

int origin_choice_check(const struct origin_choice *choice, struct err *err)
{
    const struct behaviour *behaviour = &choice->behaviour;

    if (choice->has_overload && !behaviour->capacity)
        return err_set(err, "--overload says what becomes of requests beyond --capacity: "
                            "give one");
    if (behaviour->body.chunked && (behaviour->faults.percent[FAULT_LENGTH_TOO_LONG] ||
                                    behaviour->faults.percent[FAULT_LENGTH_TOO_SHORT]))
        return err_set(err, "--fault length-too-long and length-too-short are for bodies "
                            "with a Content-Length: leave out chunked");
    return 0;
}
