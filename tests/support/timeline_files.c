/* timeline_files.c - see timeline_files.h. */
#include "tests/support/timeline_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check.h"

#define REQUEST(variant, round, strategy, level, end)                                  \
    "r," variant "," round "," strategy "," level ",1,u,0,0.0,0.0," end "," end ",,,," \
    "ok\n"

const char timeline_many[] = TIMELINE_HEADER REQUEST("default", "1", "two", "5", "1.0")
    REQUEST("default", "1", "one", "10", "2.0")
        REQUEST("default", "1", "two", "10", "3.0")
            REQUEST("default", "1", "zeta", "10", "4.0")
                REQUEST("default", "2", "one", "10", "5.0")
                    REQUEST("other", "1", "one", "20", "6.0")
                        REQUEST("default", "2", "cut", "10", "7.0");

const char timeline_many_rows[] = "run_id,variant,round,strategy,level,status,reason\n"
                                  "r,default,1,two,5,valid,\n"
                                  "r,default,1,one,10,invalid,\"late, and\nlater\"\n"
                                  "r,default,1,two,10,invalid,why\n"
                                  "r,default,1,zeta,10,valid,\n"
                                  "r,default,2,one,10,valid,\n"
                                  "r,other,1,one,20,valid,\n";

const char *const timeline_order[] = {"one", "two", "three", NULL};

/* A directory with requests.csv, and with runs.csv unless that is NULL. */
struct files {
    char dir[64], requests[96], runs[96];
};

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static struct files make_files(const char *requests, const char *runs)
{
    struct files files = {.dir = "/tmp/bench-timeline-XXXXXX"};

    assert_non_null(mkdtemp(files.dir));
    (void)snprintf(files.requests, sizeof(files.requests), "%s/requests.csv", files.dir);
    (void)snprintf(files.runs, sizeof(files.runs), "%s/runs.csv", files.dir);
    write_file(files.requests, requests);
    if (runs)
        write_file(files.runs, runs);
    return files;
}

static void remove_files(const struct files *files)
{
    (void)unlink(files->requests);
    (void)unlink(files->runs);
    assert_int_equal(rmdir(files->dir), 0);
}

int timeline_files_read(struct timeline *timeline, const char *requests, const char *runs,
                        struct timeline_choice choice, struct err *err)
{
    struct files files = make_files(requests, runs);
    int result;

    choice.order = timeline_order;
    err->text[0] = '\0';
    result = timeline_read(timeline, files.dir, &choice, err);
    remove_files(&files);
    return result;
}

struct timeline timeline_files_good(const char *requests, const char *runs,
                                    struct timeline_choice choice)
{
    struct timeline timeline;
    struct err err;

    if (timeline_files_read(&timeline, requests, runs, choice, &err))
        fail_msg("%s", err.text);
    return timeline;
}

/* A panel of one worker per entry of `workers`; requests of 10 us. */
struct timeline_panel timeline_files_panel(const double *begins, const unsigned *workers,
                                           size_t count)
{
    struct timeline_panel panel = {
        .strategy = "one", .run_id = "", .variant = "", .reason = "", .level = count};
    struct err err;

    panel.requests = calloc(count + 1, sizeof(*panel.requests));
    assert_non_null(panel.requests);
    panel.count = count;
    for (size_t i = 0; i < count; i++) {
        struct timeline_request *request = &panel.requests[i];

        *request = (struct timeline_request){
            .number = i + 1, .worker = workers ? workers[i] : 0, .begin_us = begins[i]};
        request->until_us[TIMELINE_QUEUED] = begins[i];
        for (int phase = 1; phase < TIMELINE_PHASE_COUNT; phase++)
            request->until_us[phase] = begins[i] + 10;
    }
    assert_int_equal(timeline_panel_complete(&panel, &err), 0);
    return panel;
}
