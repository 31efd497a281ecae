/*
 * Line by line, so that the result can be compared byte for byte in tests.
 * Lines end in CRLF; every other control character, and each byte beyond ASCII,
 * is encoded.
 */
#include "mail/quoted_printable.h"

#include <stdbool.h>

/* 75 and the "=" of a soft line break (RFC 2045, section 6.7). */
enum { LINE_MAX_BYTES = 75 };

static bool
is_line_end(char c)
{
	return c == '\n' || c == '\0';
}

/* A mail server may remove blanks at a line's end (RFC 2045, section 6.7, rule
 * 3).  A dot at its beginning would have to be doubled in SMTP. */
static bool
stands_for_itself(char c, char next, size_t column)
{
	if (c == ' ' || c == '\t')
		return !is_line_end(next);
	if (c == '.' && column == 0)
		return false;
	return c > ' ' && c <= '~' && c != '=';
}

void
quoted_printable_put(struct buf *b, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t column = 0;

	for (const char *c = text; *c != '\0'; c++) {
		if (*c == '\n') {
			buf_puts(b, "\r\n");
			column = 0;
			continue;
		}
		size_t width = stands_for_itself(*c, c[1], column) ? 1 : 3;
		/* The character may need another width at the beginning of a
		 * line. */
		if (column + width > LINE_MAX_BYTES) {
			buf_puts(b, "=\r\n");
			column = 0;
			width = stands_for_itself(*c, c[1], column) ? 1 : 3;
		}
		if (width == 1) {
			buf_putc(b, *c);
		} else {
			unsigned char byte = (unsigned char)*c;

			buf_putc(b, '=');
			buf_putc(b, digits[byte >> 4]);
			buf_putc(b, digits[byte & 15]);
		}
		column += width;
	}
	if (column > 0)
		buf_puts(b, "\r\n");
}
