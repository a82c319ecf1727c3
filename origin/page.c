/* page.c - see page.h. */
#include "origin/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/random.h"
#include "base/text.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *const adjectives[] = {
    "Silent",  "Last",    "Golden", "Hidden", "Burning", "Distant", "Broken",
    "Endless", "Crimson", "Paper",  "Frozen", "Second",  "Lonely",  "Electric",
};
static const char *const nouns[] = {
    "Harbour", "Winter", "Garden", "Station", "Letter", "River",      "Orchestra",
    "Mirror",  "Island", "Theory", "Highway", "Summer", "Lighthouse", "Machine",
};
static const char *const first_names[] = {
    "Ada", "Bruno", "Chen", "Dina", "Edgar", "Fatima", "Goran", "Hana", "Ivo", "Jun",
};
static const char *const last_names[] = {
    "Okafor", "Lindqvist", "Marchetti", "Tanaka", "Novak",
    "Haddad", "Oliveira",  "Petrov",    "Reyes",  "Sato",
};
static const char *const genres[] = {
    "Drama", "Comedy", "Thriller", "Documentary", "Science fiction", "Romance", "Crime",
};
static const char *const subjects[] = {
    "A clockmaker",           "The youngest of five sisters",
    "A retired detective",    "A night nurse",
    "The last projectionist", "A travelling cook",
    "An unlucky surveyor",    "A ferry pilot",
};
static const char *const actions[] = {
    "finds a letter that was never sent",    "is mistaken for somebody else",
    "has three days to cross the country",   "hears a voice on an unused frequency",
    "inherits a house with one locked room", "loses a bet that nobody remembers making",
    "waits for a train that does not come",  "discovers a map drawn by a child",
};
static const char *const places[] = {
    "in a town at the end of the line",
    "on the night of the great storm",
    "while the city sleeps",
    "in the year the river froze",
    "behind the old observatory",
    "between two wars",
};

/* Draws a word. Every compiler must make the same pages, but C does not fix the order in
 * which a call's arguments are evaluated: never draw twice within one call. */
static const char *pick(struct random *random, const char *const *words, size_t count)
{
    return words[random_below(random, count)];
}

#define PICK(random, array) pick(random, array, COUNT_OF(array))

static void write_name(FILE *out, struct random *random)
{
    (void)fprintf(out, "%s ", PICK(random, first_names));
    (void)fputs(PICK(random, last_names), out);
}

static void write_sentence(FILE *out, struct random *random)
{
    (void)fprintf(out, "%s ", PICK(random, subjects));
    (void)fprintf(out, "%s ", PICK(random, actions));
    (void)fprintf(out, "%s. ", PICK(random, places));
}

/* A number from `from` to `to`, as an entry of the list of facts. */
static void write_fact(FILE *out, struct random *random, const char *name, unsigned from,
                       unsigned to)
{
    (void)fprintf(out, "<dt>%s</dt><dd>%u</dd>\n", name,
                  from + (unsigned)random_below(random, to - from + 1));
}

static void write_head(FILE *out, const char *title)
{
    (void)fprintf(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<title>%s</title>\n</head>\n<body>\n",
        title);
}

/* At least `bytes` of it. */
static void write_detail(FILE *out, unsigned number, size_t bytes)
{
    struct random random = {number};
    const char *adjective = PICK(&random, adjectives);
    const char *noun = PICK(&random, nouns);
    unsigned paragraphs = 4 + (unsigned)random_below(&random, 8);
    char title[64];

    (void)snprintf(title, sizeof(title), "The %s %s", adjective, noun);
    write_head(out, title);
    (void)fprintf(out, "<article class=\"film\" id=\"film-%u\">\n<h1>%s</h1>\n<dl>\n",
                  number, title);
    (void)fputs("<dt>Director</dt><dd>", out);
    write_name(out, &random);
    (void)fprintf(out, "</dd>\n<dt>Genre</dt><dd>%s</dd>\n", PICK(&random, genres));
    write_fact(out, &random, "Year", 1950, 2019);
    write_fact(out, &random, "Minutes", 80, 159);
    write_fact(out, &random, "Score of 100", 50, 99);
    (void)fputs("</dl>\n<h2>Story</h2>\n", out);
    for (unsigned i = 0; i < paragraphs || ftello(out) < (off_t)bytes; i++) {
        (void)fputs("<p>", out);
        for (unsigned j = 0; j < 4; j++)
            write_sentence(out, &random);
        (void)fputs("</p>\n", out);
    }
    (void)fputs("<h2>Cast</h2>\n<ul>\n", out);
    for (unsigned i = 0; i < 8; i++) {
        (void)fputs("<li>", out);
        write_name(out, &random);
        (void)fputs("</li>\n", out);
    }
    (void)fputs(
        "</ul>\n</article>\n<p><a href=\"/\">All films</a></p>\n</body>\n</html>\n", out);
}

static void write_index(FILE *out)
{
    write_head(out, "Films");
    (void)fputs("<h1>Films</h1>\n<ol>\n", out);
    for (unsigned i = 1; i <= PAGE_DETAIL_COUNT; i++)
        (void)fprintf(out, "<li><a href=\"/detail/%u\">Film %u</a></li>\n", i, i);
    (void)fputs("</ol>\n</body>\n</html>\n", out);
}

static int write_page(struct page *page, unsigned number, const struct body_form *form,
                      struct err *err)
{
    struct text text;

    if (text_open(&text, err))
        return -1;
    if (number) {
        (void)snprintf(page->path, sizeof(page->path), "/detail/%u", number);
        write_detail(text.out, number, form->bytes);
    } else {
        (void)snprintf(page->path, sizeof(page->path), "/");
        write_index(text.out);
    }
    page->body = text_close(&text, &page->body_bytes, err);
    if (!page->body)
        return -1;
    if (number && form->bytes)
        page->body_bytes = form->bytes; /* cut off, wherever that is */
    return 0;
}

static int make_page(struct page *page, unsigned number, const struct body_form *form,
                     struct err *err)
{
    if (write_page(page, number, form, err))
        return -1;
    page->crc32 = (uint32_t)crc32(0, (const Bytef *)page->body, (uInt)page->body_bytes);
    for (int gzip = 0; gzip <= form->gzip; gzip++)
        for (int chunked = 0; chunked <= form->chunked; chunked++)
            if (wire_make(&page->wires[gzip][chunked], page->body, page->body_bytes, gzip,
                          chunked, err))
                return -1;
    return 0;
}

int page_set_create(struct page_set **out, const struct body_form *form, struct err *err)
{
    struct page_set *set = calloc(1, sizeof(*set));

    if (!set)
        return err_errno(err, "no memory for the pages");
    if (form)
        set->form = *form;
    for (unsigned i = 0; i <= PAGE_DETAIL_COUNT; i++)
        if (make_page(&set->pages[i], i, &set->form, err)) {
            page_set_destroy(set);
            return -1;
        }
    *out = set;
    return 0;
}

void page_set_destroy(struct page_set *set)
{
    if (!set)
        return;
    for (unsigned i = 0; i <= PAGE_DETAIL_COUNT; i++) {
        for (int j = 0; j < 4; j++)
            wire_free(&set->pages[i].wires[j / 2][j % 2]);
        free(set->pages[i].body);
    }
    free(set);
}

const struct wire *page_wire(const struct page_set *set, const struct page *page,
                             bool takes_gzip, bool takes_chunks)
{
    return &page->wires[takes_gzip && set->form.gzip][takes_chunks && set->form.chunked];
}

const struct page *page_find(const struct page_set *set, const char *path, size_t length)
{
    static const char prefix[] = "/detail/";
    const char *query = memchr(path, '?', length);
    unsigned number = 0;

    if (query)
        length = (size_t)(query - path);
    if (length == 1 && path[0] == '/')
        return &set->pages[0];
    if (length < sizeof(prefix) || length > sizeof(prefix) + 2 ||
        memcmp(path, prefix, sizeof(prefix) - 1) != 0)
        return NULL;
    for (size_t i = sizeof(prefix) - 1; i < length; i++) {
        if (path[i] < '0' || path[i] > '9' || (!number && path[i] == '0'))
            return NULL; /* "/detail/07" is not a page */
        number = number * 10 + (unsigned)(path[i] - '0');
    }
    return number <= PAGE_DETAIL_COUNT ? &set->pages[number] : NULL;
}
