/* summary_text.c - see summary_text.h. */
#include "tests/support/summary_text.h"

#include "tests/support/check.h"

char *summary_written(const struct summary *summary, const struct view *view,
                      summary_write_fn *write)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_int_equal(write(summary, view, out, NULL), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}
