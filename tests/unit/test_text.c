/* test_text.c - building text, writing JSON, small files. */
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "tests/support/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* -- failing allocations ------------------------------------------------------- */

static int reallocs_left = -1; /* -1: no limit */

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_realloc(void *old, size_t size)
{
    if (!reallocs_left)
        return NULL;
    reallocs_left -= reallocs_left > 0;
    return __real_realloc(old, size);
}

/* -- text ---------------------------------------------------------------------- */

static void test_text_grows(void **state)
{
    struct text text;
    size_t size = 0;
    char *bytes;

    (void)state;
    assert_int_equal(text_open(&text, NULL), 0);
    bytes = text_close(&text, &size, NULL);
    assert_string_equal(bytes, "");
    assert_int_equal(size, 0);
    free(bytes);
    assert_int_equal(text_open(&text, NULL), 0);
    for (int i = 0; i < 10000; i++) {
        assert_int_equal(ftell(text.out), 5 * i);
        assert_true(fprintf(text.out, "%04d,", i) > 0);
    }
    bytes = text_close(&text, &size, NULL);
    assert_int_equal(size, 50000);
    assert_int_equal(strlen(bytes), 50000);
    assert_memory_equal(bytes + 49995, "9999,", 5);
    free(bytes);
}

/* Any failed growth is reported at the end; open_memstream() would not report it. */
static void test_text_without_memory(void **state)
{
    int failures = 0;

    (void)state;
    for (int left = 0;; left++) {
        struct err err = {""};
        struct text text;
        char *bytes = NULL;

        reallocs_left = left;
        if (!text_open(&text, &err)) {
            for (int i = 0; i < 10000; i++)
                (void)fprintf(text.out, "%04d,", i);
            bytes = text_close(&text, NULL, &err);
        }
        reallocs_left = -1;
        if (bytes) {
            assert_int_equal(strlen(bytes), 50000);
            free(bytes);
            break;
        }
        assert_non_null(strstr(err.text, "no memory"));
        failures++;
    }
    assert_true(failures >= 4);
}

static void test_text_append(void **state)
{
    char text[8] = "";

    (void)state;
    assert_true(text_append(text, sizeof(text), "%s", "abc"));
    assert_true(text_append(text, sizeof(text), "%d", 1234));
    assert_string_equal(text, "abc1234");
    assert_false(text_append(text, sizeof(text), "x"));
    assert_string_equal(text, "abc1234");
    text[5] = '\0';
    assert_false(text_append(text, sizeof(text), "%s", "6789"));
    assert_string_equal(text, "abc1267");
}

static void test_text_append_item(void **state)
{
    char text[12] = "";

    (void)state;
    assert_true(text_append_item(text, sizeof(text), "%s %d", "a", 1));
    assert_string_equal(text, "a 1");
    assert_true(text_append_item(text, sizeof(text), "%s", "b"));
    assert_string_equal(text, "a 1, b");
    assert_false(text_append_item(text, sizeof(text), "%s", "cdefg"));
    assert_string_equal(text, "a 1, b, cde");
}

static void test_plural(void **state)
{
    (void)state;
    assert_string_equal(plural(0, "row", "rows"), "rows");
    assert_string_equal(plural(1, "row", "rows"), "row");
    assert_string_equal(plural(2, "row", "rows"), "rows");
    assert_string_equal(plural((size_t)1 << 32, "process", "processes"), "processes");
}

/* -- JSON ---------------------------------------------------------------------- */

static void check_text(const char *text, const char *code)
{
    json_t *value = json_of_bytes(text);
    char *dumped = json_text(value);
    char *back;

    if (code)
        assert_string_equal(dumped, code);
    assert_int_equal(json_read_text(value, &back, NULL), 0);
    assert_string_equal(back, text);
    free(back);
    free(dumped);
    json_decref(value);
}

static void test_json_texts(void **state)
{
    char *every = malloc(65536 + 1);

    (void)state;
    check_text("", "\"\"");
    check_text("a\"\xC3\xA9", "\"a\\\"\xC3\xA9\"");
    check_text("\xFF", "{\"base64\":\"/w==\"}");
    check_text("\xFF\xFE", "{\"base64\":\"//4=\"}");
    check_text("\xFF\xFE\xFD", "{\"base64\":\"//79\"}");
    check_text("caf\xE9", "{\"base64\":\"Y2Fm6Q==\"}");
    for (int i = 0; i < 65536; i++)
        every[i] = (char)(i % 255 + 1);
    every[65536] = '\0';
    for (int i = 0; i < 3; i++)
        check_text(every + i, NULL);
    free(every);
}

static void test_json_text_refused(void **state)
{
    static const char *const wrong[] = {
        "null",
        "1",
        "[]",
        "{}",
        "{\"base64\": 1}",
        "{\"base64\": \"/\"}",
        "{\"base64\": \"/w=\"}",
        "{\"base64\": \"=w==\"}",
        "{\"base64\": \"/w=w\"}",
        "{\"base64\": \"/w ==\"}",
        "{\"base64\": \"AAAA\"}", /* a zero byte */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        json_t *value = json_loads(wrong[i], JSON_DECODE_ANY, NULL);
        struct err err = {""};
        char *text;

        assert_int_equal(json_read_text(value, &text, &err), -1);
        assert_null(text);
        assert_string_equal(err.text, "not a string");
        json_decref(value);
    }
    assert_int_equal(json_read_text(NULL, &(char *){NULL}, NULL), -1);
}

static void test_json_counts(void **state)
{
    static const struct {
        uint64_t count;
        const char *text;
    } counts[] = {
        {0, "0"},
        {1, "1"},
        {INT64_MAX, "9223372036854775807"},
        {(uint64_t)INT64_MAX + 1, "\"9223372036854775808\""},
        {UINT64_MAX, "\"18446744073709551615\""},
    };
    static const char *const wrong[] = {
        "-1", "1.5", "\"x\"", "\"18446744073709551616\"", "null", "true"};

    (void)state;
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        json_t *value = json_of_count(counts[i].count);
        char *text = json_text(value);
        uint64_t back = 7;

        assert_string_equal(text, counts[i].text);
        assert_int_equal(json_read_count(value, &back, NULL), 0);
        assert_true(back == counts[i].count);
        free(text);
        json_decref(value);
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        json_t *value = json_loads(wrong[i], JSON_DECODE_ANY, NULL);
        uint64_t back;

        assert_int_equal(json_read_count(value, &back, NULL), -1);
        json_decref(value);
    }
}

/* If one step runs out of memory, the result is NULL. */
static void test_json_latch(void **state)
{
    json_t *object = json_object();
    json_t *list = json_array();

    (void)state;
    json_put_text(&object, "a", "x");
    json_put_text(&object, "b", NULL);
    json_put_number(&object, "c", NAN);
    json_put_number(&object, "d", 0.5);
    assert_int_equal(json_object_size(object), 2);
    assert_true(isnan(json_get_number(object, "a")));
    assert_true(json_get_number(object, "d") == 0.5);
    json_add(&list, json_true());
    json_add(&list, NULL);
    json_add(&list, json_integer(1));
    assert_null(list);
    json_put(&object, "list", list);
    json_put_count(&object, "e", 1);
    assert_null(object);
    assert_int_equal(json_write(object, stdout, NULL), -1);
}

/* -- files --------------------------------------------------------------------- */

static char dir[] = "bench-test-text-XXXXXX";

static int make_dir(void **state)
{
    (void)state;
    return mkdtemp(dir) && !chdir(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
    (void)state;
    return chdir("..") || rmdir(dir);
}

static void assert_content(const char *path, const char *content)
{
    size_t size;
    char *bytes;

    assert_int_equal(file_read(path, &bytes, &size, NULL), 0);
    assert_string_equal(bytes, content);
    assert_int_equal(size, strlen(content));
    free(bytes);
}

static void test_file_replace(void **state)
{
    struct err err = {""};
    struct stat info;
    char *bytes;
    size_t size;

    (void)state;
    assert_int_equal(file_replace("one", "first", 5, &err), 0);
    assert_content("one", "first");
    assert_int_equal(chmod("one", 0640), 0);
    assert_int_equal(symlink("one", "link"), 0);
    assert_int_equal(file_replace("link", "second\nline", 11, &err), 0);
    assert_content("one", "second\nline");
    assert_int_equal(lstat("link", &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(stat("one", &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
    assert_int_equal(file_replace("missing/one", "x", 1, &err), -1);
    assert_non_null(strstr(err.text, "cannot write 'missing/one': "));
    assert_int_equal(file_replace("/dev/full", "x", 1, &err), -1);
    assert_int_equal(file_replace("/dev/null", "x", 1, &err), 0);
    assert_int_equal(unlink("link"), 0);
    assert_int_equal(unlink("one"), 0); /* remove_dir() finds leftovers */
    assert_int_equal(file_read("one", &bytes, &size, &err), -1);
    assert_null(bytes);
    assert_int_equal(file_read(".", &bytes, &size, &err), -1);
    assert_null(bytes);
}

static void test_file_large(void **state)
{
    size_t size = 100000;
    char *content = malloc(size + 1);

    (void)state;
    memset(content, 'x', size);
    for (content[size] = '\0'; size > 99990; content[--size] = '\0') {
        assert_int_equal(file_replace("large", content, size, NULL), 0);
        assert_content("large", content);
    }
    for (size = 4090; size < 4100; size++) {
        assert_int_equal(file_replace("large", content, size, NULL), 0);
        content[size] = '\0';
        assert_content("large", content);
        content[size] = 'x';
    }
    free(content);
    assert_int_equal(unlink("large"), 0);
}

static void test_file_line(void **state)
{
    static const char content[] = "a: 1\nlong line of which b: 2 is a part\nb: 3";
    char line[24];

    (void)state;
    assert_int_equal(file_replace("lines", content, strlen(content), NULL), 0);
    assert_true(file_line("lines", "", line, sizeof(line)));
    assert_string_equal(line, "a: 1");
    assert_true(file_line("lines", "b:", line, sizeof(line)));
    assert_string_equal(line, "b: 3");
    assert_true(file_line("lines", "long", line, sizeof(line)));
    assert_string_equal(line, "long line of which b: 2");
    assert_false(file_line("lines", "c", line, sizeof(line)));
    assert_false(file_line("missing", "", line, sizeof(line)));
    assert_int_equal(unlink("lines"), 0);
}

static void test_json_files(void **state)
{
    struct err err = {""};
    json_t *object;

    (void)state;
    assert_int_equal(json_replace_file(json_pack("{s:f}", "x", 0.1), "object", &err), 0);
    assert_content("object", "{\n  \"x\": 0.1\n}\n");
    assert_int_equal(json_replace_file(NULL, "object", &err), -1);
    assert_int_equal(json_read_file(&object, "object", &err), 0);
    assert_true(json_get_number(object, "x") == 0.1);
    json_decref(object);
    assert_int_equal(file_replace("object", "[]", 2, NULL), 0);
    assert_int_equal(json_read_file(&object, "object", &err), -1);
    assert_null(object);
    assert_string_equal(err.text, "object: not a JSON object");
    assert_int_equal(file_replace("object", "{\n", 2, NULL), 0);
    assert_int_equal(json_read_file(&object, "object", &err), -1);
    assert_non_null(strstr(err.text, "object: line 2: "));
    assert_int_equal(unlink("object"), 0);
    assert_int_equal(json_read_file(&object, "object", &err), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_grows),
        cmocka_unit_test(test_text_without_memory),
        cmocka_unit_test(test_text_append),
        cmocka_unit_test(test_text_append_item),
        cmocka_unit_test(test_plural),
        cmocka_unit_test(test_json_texts),
        cmocka_unit_test(test_json_text_refused),
        cmocka_unit_test(test_json_counts),
        cmocka_unit_test(test_json_latch),
        cmocka_unit_test(test_file_replace),
        cmocka_unit_test(test_file_large),
        cmocka_unit_test(test_file_line),
        cmocka_unit_test(test_json_files),
    };

    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
