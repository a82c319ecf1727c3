/* xml.h - foreign text within XML. */
#ifndef ANALYSIS_REPORT_XML_H
#define ANALYSIS_REPORT_XML_H

#include <stdio.h>

/* Writes a text so that it can stand in an element or in an attribute in double quotes.
 * XML 1.0 has no place for most control characters, not even escaped: they are left out.
 * Bytes that are not UTF-8 become '?'. Failures show in ferror(). */
void xml_write_text(FILE *out, const char *text);

/* The same as an attribute, with a space before it. The name is not escaped. */
void xml_write_attribute(FILE *out, const char *name, const char *text);

#endif
