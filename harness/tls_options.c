/* tls_options.c - see tls_options.h. */
#include "harness/tls_options.h"

#include "harness/option_values.h"

static int set_tls(void *target, const char *value, struct err *err)
{
    (void)value;
    (void)err;
    ((struct tls_options *)target)->origin = true;
    return 0;
}

static int set_sessions(void *target, const char *value, struct err *err)
{
    static const char *const words[] = {"off", "on", NULL};
    struct tls_options *options = target;
    int word;

    if (option_word(&word, value, words, err))
        return -1;
    options->sessions = word == 1;
    return 0;
}

static const struct option_spec specs[] = {
    {"tls", NULL, "fetch from the embedded origin over TLS; its certificate is verified",
     set_tls},
    {"tls-sessions", "off|on", "resume TLS sessions, where a handle has one  [off]",
     set_sessions},
};

const struct option_group tls_option_group = {
    .title = "TLS",
    .options = specs,
    .option_count = sizeof(specs) / sizeof(specs[0]),
};

int tls_options_complete(const struct tls_options *options, struct plan *plan,
                         struct err *err)
{
    if (options->origin && plan->url)
        return err_set(err,
                       "--tls is for the embedded origin; it means nothing with --url");
    if (options->sessions && !options->origin && !plan->url)
        return err_set(err, "--tls-sessions on needs --tls, or a --url with https");
    plan->tls = options->origin;
    plan->tls_sessions = options->sessions;
    return 0;
}
