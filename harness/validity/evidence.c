/* evidence.c - see evidence.h. */
#include "harness/validity/evidence.h"

#include <stdarg.h>
#include <stdio.h>

bool verdict_fails(struct verdict *verdict, enum row_status status, const char *format,
                   ...)
{
    va_list args;

    verdict->status = status;
    va_start(args, format);
    (void)vsnprintf(verdict->reason, sizeof(verdict->reason), format, args);
    va_end(args);
    return true;
}
