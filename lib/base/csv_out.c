/*
 * A spreadsheet may split a cell at a semicolon or a tab as well, and take what
 * follows for a cell of its own, so that the start after these is marked too.
 */
#include "base/csv_out.h"

#include <string.h>

#include "base/csv.h"

void
csv_put_cell(struct buf *b, const char *text, bool is_marked)
{
	bool is_quoted = strpbrk(text, ",\"\r\n") != NULL;
	bool is_start = true;

	if (is_quoted)
		buf_putc(b, '"');
	for (; *text != '\0'; text++) {
		if (is_marked && is_start && csv_is_formula(text))
			buf_putc(b, '\'');
		if (*text == '"')
			buf_putc(b, '"');
		buf_putc(b, *text);
		is_start = strchr(";\t\r\n", *text) != NULL;
	}
	if (is_quoted)
		buf_putc(b, '"');
}
