/* svg_png.c - see svg_png.h. */
#include "analysis/report/svg_png.h"

#include <stdlib.h>
#include <string.h>

#include "base/program.h"

static const char signature[] = "\x89PNG\r\n\x1a\n";

int svg_png(const char *svg, size_t svg_size, char **png, size_t *size, struct err *err)
{
    static const char *const argv[] = {"rsvg-convert", "--format", "png", "--zoom", "2",
                                       "--unlimited",  NULL};
    struct program_output output;

    if (program_filter(argv, "librsvg2-bin", svg, svg_size, &output, err))
        return -1;
    if (output.size < strlen(signature) ||
        memcmp(output.bytes, signature, strlen(signature)) != 0) {
        free(output.bytes);
        return err_set(err, "%s wrote no PNG", argv[0]);
    }
    *png = output.bytes;
    *size = output.size;
    return 0;
}
