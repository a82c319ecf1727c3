/* timeline_read.c - see timeline_read.h. */
#include "analysis/report/timeline_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/rows/grouping.h"
#include "analysis/rows/request_rows.h"
#include "base/text.h"

struct reading {
    struct timeline_cells cells;
    size_t room;
    size_t last; /* the cell of the last row: those of a cell stand together */
};

/* -- the cells of the file ----------------------------------------------------- */

static bool is_same(const struct timeline_cell *a, const struct timeline_cell *b)
{
    return a->strategy == b->strategy && a->point == b->point && a->round == b->round &&
           a->variant == b->variant && a->run_id == b->run_id;
}

static struct timeline_cell *find_cell(struct reading *reading,
                                       const struct timeline_cell *key)
{
    for (size_t i = 0; i < reading->cells.count; i++) {
        size_t at = (reading->last + i) % reading->cells.count;

        if (is_same(&reading->cells.items[at], key)) {
            reading->last = at;
            return &reading->cells.items[at];
        }
    }
    return NULL;
}

static struct timeline_cell *add_cell(struct reading *reading,
                                      const struct timeline_cell *key, struct err *err)
{
    if (reading->cells.count == reading->room) {
        size_t room = reading->room ? 2 * reading->room : 64;
        struct timeline_cell *cells = realloc(reading->cells.items,
                                              room * sizeof(*cells));

        if (!cells) {
            (void)err_errno(err, "no memory for %zu cells", room);
            return NULL;
        }
        reading->cells.items = cells;
        reading->room = room;
    }
    reading->last = reading->cells.count;
    reading->cells.items[reading->cells.count] = *key;
    return &reading->cells.items[reading->cells.count++];
}

static int intern_to(const struct reading *reading, const char **kept, const char *text,
                     struct err *err)
{
    *kept = intern_text(reading->cells.timeline->texts, text, err);
    return *kept ? 0 : -1;
}

static int key_of(const struct reading *reading, struct timeline_cell *key,
                  const char *run_id, const char *variant, const char *strategy,
                  struct err *err)
{
    key->panel = SIZE_MAX;
    key->all_ok = true;
    key->reason = "";
    return intern_to(reading, &key->run_id, run_id, err) ||
                   intern_to(reading, &key->variant, variant, err) ||
                   intern_to(reading, &key->strategy, strategy, err)
               ? -1
               : 0;
}

static int key_of_request(const struct reading *reading, struct timeline_cell *key,
                          const struct field *fields, struct err *err)
{
    *key = (struct timeline_cell){.round = request_count(fields, REQUEST_round),
                                  .kind = request_point_kind(fields),
                                  .point = request_point(fields),
                                  .level = request_count(fields, REQUEST_level)};
    return key_of(reading, key, request_text(fields, REQUEST_run_id),
                  request_text(fields, REQUEST_variant),
                  request_text(fields, REQUEST_strategy), err);
}

static int note_request(void *user, const struct field *fields, struct err *err)
{
    struct reading *reading = user;
    const char *outcome = request_text(fields, REQUEST_outcome);
    struct timeline_cell key, *cell;

    if (key_of_request(reading, &key, fields, err))
        return -1;
    cell = find_cell(reading, &key);
    if (!cell && !(cell = add_cell(reading, &key, err)))
        return -1;
    cell->taken += fields[REQUEST_begin_us].present;
    cell->all_ok &= !*outcome || !strcmp(outcome, "ok");
    return 0;
}

static int note_row(void *user, const struct row *row, struct err *err)
{
    struct reading *reading = user;
    struct timeline_cell *cell;
    struct timeline_cell key = {.round = row_count(row, COLUMN_round),
                                .point = row_point(row)};

    if (key_of(reading, &key, row_text(row, COLUMN_run_id), row_text(row, COLUMN_variant),
               row_text(row, COLUMN_strategy), err))
        return -1;
    cell = find_cell(reading, &key);
    if (!cell)
        return 0;
    cell->has_row = true;
    cell->status = row_status_of(row);
    return intern_to(reading, &cell->reason, row_text(row, COLUMN_reason), err);
}

/* Reads which cells are valid: by runs.csv, or by their requests. */
static int read_statuses(struct reading *reading, const char *requests, struct err *err)
{
    const char *slash = strrchr(requests, '/');
    char *runs = NULL;
    bool exists;
    int result = 0;

    if (asprintf(&runs, "%.*sruns.csv", slash ? (int)(slash - requests) + 1 : 0,
                 requests) < 0)
        return err_errno(err, "no memory for a path");
    exists = !access(runs, F_OK);
    if (exists)
        result = runs_each(runs, note_row, reading, err);
    for (size_t i = 0; i < reading->cells.count && !exists; i++) {
        reading->cells.items[i].has_row = true;
        reading->cells.items[i].status = reading->cells.items[i].all_ok ? STATUS_VALID
                                                                        : STATUS_FAILED;
    }
    free(runs);
    return result;
}

/* -- the requests of the chosen cells ------------------------------------------ */

/* Panels have room for the requests that were counted; a file that has grown meanwhile
 * changes nothing. */
static int keep_request(void *user, const struct field *fields, struct err *err)
{
    struct reading *reading = user;
    struct timeline_request request;
    struct timeline_panel *panel;
    const struct timeline_cell *cell;
    struct timeline_cell key;

    if (key_of_request(reading, &key, fields, err))
        return -1;
    cell = find_cell(reading, &key);
    if (!cell || cell->panel == SIZE_MAX)
        return 0;
    panel = &reading->cells.timeline->panels[cell->panel];
    if (!timeline_request_of(&request, fields)) {
        panel->untaken++;
        return 0;
    }
    if (panel->count == cell->taken)
        return 0;
    if (reading->cells.choice->with_texts &&
        (intern_to(reading, &request.url, request_text(fields, REQUEST_url), err) ||
         intern_to(reading, &request.outcome, request_text(fields, REQUEST_outcome),
                   err)))
        return -1;
    panel->requests[panel->count++] = request;
    return 0;
}

static int read_chosen(struct reading *reading, const char *file, struct err *err)
{
    struct timeline *timeline = reading->cells.timeline;
    int result;

    for (size_t i = 0; i < reading->cells.count; i++) {
        const struct timeline_cell *cell = &reading->cells.items[i];
        struct timeline_request *requests;

        if (cell->panel == SIZE_MAX)
            continue;
        requests = calloc(cell->taken, sizeof(*requests));
        if (!requests)
            return err_errno(err, "no memory for %zu %s", cell->taken,
                             plural(cell->taken, "request", "requests"));
        timeline->panels[cell->panel].requests = requests;
    }
    result = requests_each(file, keep_request, reading, err);
    for (size_t i = 0; i < timeline->count && !result; i++)
        result = timeline_panel_complete(&timeline->panels[i], err);
    return result;
}

/* -- all of it ----------------------------------------------------------------- */

char *timeline_requests_path(const char *path, struct err *err)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    struct stat info;
    char *file = NULL;
    int length;

    if (stat(path, &info)) {
        (void)err_errno(err, "cannot read %s", path);
        return NULL;
    }
    if (S_ISDIR(info.st_mode))
        length = asprintf(&file, "%s/requests.csv", path);
    else if (!strcmp(name, "runs.csv"))
        length = asprintf(&file, "%.*srequests.csv", (int)(name - path), path);
    else
        length = asprintf(&file, "%s", path);
    if (length < 0) {
        (void)err_errno(err, "no memory for a path");
        return NULL;
    }
    if (access(file, F_OK) && errno == ENOENT) {
        (void)err_set(err,
                      "no requests.csv in '%.200s': bench writes one row per request "
                      "only with --raw; measure again with bench run --raw",
                      path);
        free(file);
        return NULL;
    }
    return file;
}

int timeline_read(struct timeline *timeline, const char *path,
                  const struct timeline_choice *choice, struct err *err)
{
    struct reading reading = {.cells = {.timeline = timeline, .choice = choice}};
    char *file = timeline_requests_path(path, err);
    int result = -1;

    *timeline = (struct timeline){.texts = file ? intern_open(err) : NULL};
    if (timeline->texts && !requests_each(file, note_request, &reading, err) &&
        !read_statuses(&reading, file, err)) {
        result = timeline_choose(&reading.cells, err);
        if (result)
            (void)err_prefix(err, "%s", file);
        else
            result = read_chosen(&reading, file, err);
    }
    free(reading.cells.items);
    free(file);
    return result;
}
