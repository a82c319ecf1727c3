/* raw.c - see raw.h. */
#include "harness/sweep/raw.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/rows/point.h"
#include "analysis/rows/words.h"
#include "base/clock.h"
#include "base/text.h"
#include "harness/sweep/connection_numbers.h"
#include "harness/validity/phase.h"

struct raw {
    FILE *out;
    char *path;
    long whole_bytes; /* of the header and all complete cells */
};

/* -- the file ------------------------------------------------------------------ */

/* Keeps the rows written since the last call, or removes them all if one could not be
 * written, so that the file ends with a complete cell. */
static int settle(struct raw *raw, struct err *err)
{
    if (!fflush(raw->out) && !ferror(raw->out)) {
        raw->whole_bytes = ftell(raw->out);
        return 0;
    }
    (void)err_errno(err, "cannot write %s", raw->path);
    __fpurge(raw->out);
    clearerr(raw->out);
    /* If even that fails the rows stay; no row of runs.csv will own them. */
    (void)!ftruncate(fileno(raw->out), raw->whole_bytes);
    (void)fseek(raw->out, raw->whole_bytes, SEEK_SET);
    return -1;
}

static int write_header(struct raw *raw, struct err *err)
{
    fields_write_header(raw->out, &request_column_list);
    return settle(raw, err);
}

/* -- one row ------------------------------------------------------------------- */

struct cell_rows {
    const struct row *row;
    const struct measurement *measurement;
    uint64_t zero_ns; /* the first begin */
    uint32_t *numbers;
};

static void set_text(struct field *fields, enum request_column column, const char *text)
{
    field_set_text(&fields[column], &request_columns[column], text);
}

static void set_count(struct field *fields, enum request_column column, uint64_t count)
{
    field_set_count(&fields[column], &request_columns[column], count);
}

static void set_us(struct field *fields, enum request_column column, double us)
{
    field_set_number(&fields[column], &request_columns[column], us);
}

static void set_moment(struct field *fields, enum request_column column,
                       uint64_t moment_ns, uint64_t zero_ns)
{
    if (moment_ns)
        set_us(fields, column,
               ((double)moment_ns - (double)zero_ns) / (double)CLOCK_NS_PER_US);
}

static void set_identity(struct field *fields, const struct row *row)
{
    set_text(fields, REQUEST_run_id, row_text(row, COLUMN_run_id));
    set_text(fields, REQUEST_variant, row_text(row, COLUMN_variant));
    set_count(fields, REQUEST_round, row_count(row, COLUMN_round));
    set_text(fields, REQUEST_strategy, row_text(row, COLUMN_strategy));
    set_count(fields, REQUEST_level, row_count(row, COLUMN_level));
    if (row->fields[COLUMN_rate_rps].present)
        set_count(fields, REQUEST_rate_rps, row_count(row, COLUMN_rate_rps));
}

/* The columns that are known once a request has ended. */
static void set_end(struct field *fields, const struct fetch_result *result,
                    uint32_t number)
{
    if (result->http_status)
        set_count(fields, REQUEST_status, result->http_status);
    if (!(result->unknown & FETCH_UNKNOWN_LENGTH))
        set_count(fields, REQUEST_body_bytes, result->body_bytes);
    if (result->unknown & FETCH_UNKNOWN_PHASES)
        return;
    set_count(fields, REQUEST_new_connections, result->connections);
    set_count(fields, REQUEST_curl_code, result->curl_code);
    if (result->has_origin_delay)
        set_us(fields, REQUEST_origin_delay_us, (double)result->origin_delay_us);
    if (!result->local_port)
        return;
    set_count(fields, REQUEST_connection, number);
    set_count(fields, REQUEST_local_port, result->local_port);
}

/* The report of a program: begin and end, status and length. */
static void set_program_result(struct field *fields, const struct fetch_result *result,
                               uint64_t zero_ns)
{
    if (!(result->unknown & FETCH_UNKNOWN_STAMPS)) {
        set_moment(fields, REQUEST_begin_us, result->begin_ns, zero_ns);
        set_moment(fields, REQUEST_end_us, result->end_ns, zero_ns);
    }
    set_end(fields, result, 0);
}

static void make_fields(const struct cell_rows *cell, size_t index, struct field *fields)
{
    const struct fetch_result *result = &cell->measurement->results[index];

    set_identity(fields, cell->row);
    set_count(fields, REQUEST_request, index + 1);
    set_text(fields, REQUEST_url, work_url(cell->measurement->work, index));
    set_text(fields, REQUEST_outcome,
             fetch_outcome_word((enum fetch_outcome)result->outcome));
    set_moment(fields, REQUEST_due_us, result->due_ns, cell->zero_ns);
    if (!result->begin_ns)
        return;
    if (result->unknown & FETCH_UNKNOWN_PHASES) {
        set_program_result(fields, result, cell->zero_ns);
        return;
    }
    set_count(fields, REQUEST_worker, result->worker);
    set_moment(fields, REQUEST_begin_us, result->begin_ns, cell->zero_ns);
    set_moment(fields, REQUEST_start_us, result->start_ns, cell->zero_ns);
    set_us(fields, REQUEST_queue_us, phase_queue_us(result));
    if (!result->end_ns)
        return;
    set_moment(fields, REQUEST_first_byte_us, result->first_byte_ns, cell->zero_ns);
    set_moment(fields, REQUEST_end_us, result->end_ns, cell->zero_ns);
    set_us(fields, REQUEST_connect_us, phase_connect_us(result));
    set_us(fields, REQUEST_tls_us, phase_tls_us(result));
    set_end(fields, result, cell->numbers[index]);
}

/* The first due moment where none has begun. */
static uint64_t first_begin_ns(const struct measurement *measurement)
{
    uint64_t first_ns = UINT64_MAX;

    for (size_t i = 0; i < measurement->result_count; i++)
        if (measurement->results[i].begin_ns &&
            measurement->results[i].begin_ns < first_ns)
            first_ns = measurement->results[i].begin_ns;
    if (first_ns == UINT64_MAX && measurement->result_count)
        first_ns = measurement->results[0].due_ns;
    return first_ns;
}

static int write_cell(struct raw *raw, const struct cell_rows *cell, struct err *err)
{
    for (size_t i = 0; !ferror(raw->out) && i < cell->measurement->result_count; i++) {
        struct field fields[REQUEST_COLUMN_COUNT] = {{.present = false}};

        make_fields(cell, i, fields);
        fields_write(raw->out, &request_column_list, fields);
    }
    return settle(raw, err);
}

/* -- continuing ---------------------------------------------------------------- */

/* Whether a line is a request of a row's cell. The columns that identify the cell come
 * first in the line and are never quoted. */
static bool is_of(const char *line, const struct row *row)
{
    char rate[24] = "";
    char start[256];
    int length;

    if (row->fields[COLUMN_rate_rps].present)
        (void)snprintf(rate, sizeof(rate), "%" PRIu64, row_count(row, COLUMN_rate_rps));
    length = snprintf(start, sizeof(start), "%s,%s,%" PRIu64 ",%s,%" PRIu64 ",%s,",
                      row_text(row, COLUMN_run_id), row_text(row, COLUMN_variant),
                      row_count(row, COLUMN_round), row_text(row, COLUMN_strategy),
                      row_count(row, COLUMN_level), rate);

    return length > 0 && (size_t)length < sizeof(start) &&
           !strncmp(line, start, (size_t)length);
}

/* The index of the row to whose cell the line belongs; `runs->count`: none. Lines stand
 * together by cell, and the cells in the order of the rows, so the search begins at the
 * row of the line before. */
static size_t find_row(const char *line, const struct runs *runs, size_t last)
{
    for (size_t i = 0; i < runs->count; i++)
        if (is_of(line, &runs->rows[(last + i) % runs->count]))
            return (last + i) % runs->count;
    return runs->count;
}

/* Counts the lines of each row into `counts`, up to the first that belongs to none.
 * Returns the bytes of the header and of these lines; -1: it cannot be read. */
static long count_owned(FILE *file, const struct runs *earlier, uint64_t *counts)
{
    size_t at = 0;
    char *line = NULL;
    size_t room = 0;
    long owned = 0;
    ssize_t got;

    while ((got = getline(&line, &room, file)) > 0 && line[got - 1] == '\n') {
        if (owned) {
            at = find_row(line, earlier, at);
            if (at == earlier->count)
                break;
            counts[at]++;
        }
        owned += got;
    }
    free(line);
    return got < 0 && !feof(file) ? -1 : owned;
}

/* The number of requests of a row: none if its cell was not measured. */
static uint64_t requests_of(const struct row *row)
{
    const char *status = row_text(row, COLUMN_status);
    bool is_unmeasured = !strcmp(status, status_word(STATUS_SKIPPED)) ||
                         !strcmp(status, status_word(STATUS_INFEASIBLE));

    return is_unmeasured ? 0 : row_count(row, COLUMN_requests);
}

static int check_counts(const struct raw *raw, const struct runs *earlier,
                        const uint64_t *counts, struct err *err)
{
    for (size_t i = 0; i < earlier->count; i++) {
        const struct row *row = &earlier->rows[i];

        if (counts[i] != requests_of(row))
            return err_set(err,
                           "%s has %" PRIu64 " of %" PRIu64 " %s of %s at %s "
                           "%" PRIu64 " in round %" PRIu64 "; remove its row and all "
                           "later ones from runs.csv to measure them again, or give "
                           "another --out without --resume",
                           raw->path, counts[i], requests_of(row),
                           plural(requests_of(row), "request", "requests"),
                           row_text(row, COLUMN_strategy),
                           point_word(row_point_kind(row)), row_point(row),
                           row_count(row, COLUMN_round));
    }
    return 0;
}

/* Sets how many bytes of the file to keep. */
static int read_owned(struct raw *raw, const struct runs *earlier, struct err *err)
{
    uint64_t *counts = calloc(earlier->count + 1, sizeof(*counts));
    int result = -1;

    if (!counts) {
        (void)err_errno(err, "no memory for %zu %s", earlier->count,
                        plural(earlier->count, "row", "rows"));
    } else {
        raw->whole_bytes = count_owned(raw->out, earlier, counts);
        result = raw->whole_bytes < 0 ? err_errno(err, "cannot read %s", raw->path)
                                      : check_counts(raw, earlier, counts, err);
    }
    free(counts);
    return result;
}

/* Continues after the last cell that has a row. */
static int continue_file(struct raw *raw, const struct runs *earlier, struct err *err)
{
    raw->out = fopen(raw->path, "r+e");
    if (!raw->out)
        return err_errno(err, "cannot continue %s", raw->path);
    if (read_owned(raw, earlier, err))
        return -1;
    if (fseek(raw->out, raw->whole_bytes, SEEK_SET) ||
        ftruncate(fileno(raw->out), raw->whole_bytes))
        return err_errno(err, "cannot continue %s", raw->path);
    return raw->whole_bytes ? 0 : write_header(raw, err);
}

static int begin_file(struct raw *raw, struct err *err)
{
    raw->out = fopen(raw->path, "wxe");
    if (!raw->out && errno == EEXIST)
        return err_set(err, "%s already exists; give another --out", raw->path);
    if (!raw->out)
        return err_errno(err, "cannot write %s", raw->path);
    return write_header(raw, err);
}

/* -- opening and closing ------------------------------------------------------- */

int raw_open(struct raw **out, const char *dir, const struct runs *earlier,
             struct err *err)
{
    struct raw *raw = calloc(1, sizeof(*raw));

    if (!raw)
        return err_errno(err, "no memory for the requests");
    if (asprintf(&raw->path, "%s/requests.csv", dir) < 0) {
        raw->path = NULL;
        (void)err_errno(err, "no memory for a path");
        goto failed;
    }
    /* A sweep that was cut off before its first row may not have created this file. */
    if (earlier && (earlier->count || !access(raw->path, F_OK))
            ? continue_file(raw, earlier, err)
            : begin_file(raw, err))
        goto failed;
    *out = raw;
    return 0;

failed:
    (void)raw_close(raw, NULL);
    return -1;
}

int raw_write(struct raw *raw, const struct row *row,
              const struct measurement *measurement, struct err *err)
{
    struct cell_rows cell = {
        .row = row,
        .measurement = measurement,
        .zero_ns = first_begin_ns(measurement),
        .numbers = calloc(measurement->result_count + 1, sizeof(*cell.numbers)),
    };
    int result;

    if (!cell.numbers)
        return err_errno(err, "no memory for %zu %s", measurement->result_count,
                         plural(measurement->result_count, "request", "requests"));
    result = connection_numbers(measurement->results, measurement->result_count,
                                cell.numbers, err);
    if (!result)
        result = write_cell(raw, &cell, err);
    free(cell.numbers);
    return result;
}

int raw_close(struct raw *raw, struct err *err)
{
    int result = 0;

    if (!raw)
        return 0;
    if (raw->out && fclose(raw->out))
        result = err_errno(err, "cannot write %s", raw->path);
    free(raw->path);
    free(raw);
    return result;
}
