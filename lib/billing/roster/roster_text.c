/*
 * What cannot be told for certain is refused: a file that is read as Latin-1
 * when it is of another 8-bit encoding has wrong names in it, which nobody
 * sees before the families do.
 */
#include "billing/roster/roster_text.h"

#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

enum { PIECE_SIZE = 8 * 1024 };

struct mark {
	const char *bytes;
	size_t len;
};

/* The marks that the Unicode Standard (chapter 23.8) gives them. */
static const struct mark utf8_mark = { "\xef\xbb\xbf", 3 };
static const struct {
	struct mark mark;
	const char *encoding;
} utf16[] = {
	{ { "\xff\xfe", 2 }, "UTF-16LE" },
	{ { "\xfe\xff", 2 }, "UTF-16BE" },
};

/* How files begin that a person may take for a list: Excel's and OpenOffice's,
 * which are archives, the Excel of before 2007, PDF. */
static const struct mark documents[] = {
	{ "PK\x03\x04", 4 }, { "\xd0\xcf\x11\xe0", 4 }, { "%PDF", 4 },
};

static bool
begins(const char *bytes, size_t len, struct mark mark)
{
	return len >= mark.len && memcmp(bytes, mark.bytes, mark.len) == 0;
}

static bool
is_document(const char *bytes, size_t len)
{
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++)
		if (begins(bytes, len, documents[i]))
			return true;
	return false;
}

/* Of the first byte that is no UTF-8; 0: there is none. */
static size_t
first_foreign_line(const char *bytes, size_t len)
{
	const char *end = bytes + len;
	size_t line = 1;

	while (bytes < end) {
		size_t step = utf8_sequence_len(bytes, end);

		if (step == 0)
			return line;
		line += *bytes == '\n';
		bytes += step;
	}
	return 0;
}

static enum status
check_no_nul(const char *bytes, size_t len, struct err *err)
{
	if (len == 0 || memchr(bytes, '\0', len) == NULL)
		return ST_OK;
	return err_set(err, ST_BAD_INPUT, "this is not a text file: save the "
	    "list as \"CSV UTF-8\"");
}

static enum status
put_utf8(const char *bytes, size_t len, struct buf *text, struct err *err)
{
	enum status st;
	size_t line;

	if (is_document(bytes, len))
		return err_set(err, ST_BAD_INPUT, "this is a workbook or a "
		    "document: open it in your spreadsheet program and save "
		    "the list as \"CSV UTF-8\"");
	st = check_no_nul(bytes, len, err);
	if (st != ST_OK)
		return st;
	line = first_foreign_line(bytes, len);
	if (line > 0)
		return err_set(err, ST_BAD_INPUT, "line %zu: a letter that is "
		    "not UTF-8, as of a file in Latin-1 or Windows-1252: save "
		    "the list as \"CSV UTF-8\"", line);
	buf_put(text, bytes, len);
	return buf_check(text, "the file", err);
}

/*
 * iconv wants to write to its input's pointer, not to the input; its answer
 * says whether all of it was text.  What is left at the end is half a
 * character.
 */
static enum status
convert(iconv_t converter, const char *bytes, size_t len, struct buf *text,
    struct err *err)
{
	char copy[PIECE_SIZE];
	char piece[2 * PIECE_SIZE];	/* two bytes become three at most */
	size_t kept = 0;

	while (len > 0 || kept > 0) {
		size_t more = len < sizeof(copy) - kept ? len
		    : sizeof(copy) - kept;
		char *in = copy;
		char *out = piece;
		size_t in_left = kept + more;
		size_t out_left = sizeof(piece);

		memcpy(copy + kept, bytes, more);
		bytes += more;
		len -= more;
		(void)iconv(converter, &in, &in_left, &out, &out_left);
		if (in == copy)
			return err_set(err, ST_BAD_INPUT, "the file is damaged "
			    "UTF-16: save the list as \"CSV UTF-8\"");
		buf_put(text, piece, sizeof(piece) - out_left);
		memmove(copy, in, in_left);
		kept = in_left;
	}
	return buf_check(text, "the file", err);
}

static enum status
put_utf16(const char *encoding, const char *bytes, size_t len,
    struct buf *text, struct err *err)
{
	iconv_t converter = iconv_open("UTF-8", encoding);
	enum status st;

	st = (intptr_t)converter == -1
	    ? err_set(err, ST_BUG, "no conversion from %s", encoding)
	    : convert(converter, bytes, len, text, err);
	/* One that was not opened is refused by errno alone. */
	(void)iconv_close(converter);
	return st == ST_OK ? check_no_nul(text->data, text->len, err) : st;
}

enum status
roster_text(const char *bytes, size_t len, struct buf *text, struct err *err)
{
	for (size_t i = 0; i < sizeof(utf16) / sizeof(utf16[0]); i++)
		if (begins(bytes, len, utf16[i].mark))
			return put_utf16(utf16[i].encoding,
			    bytes + utf16[i].mark.len,
			    len - utf16[i].mark.len, text, err);
	if (begins(bytes, len, utf8_mark))
		return put_utf8(bytes + utf8_mark.len, len - utf8_mark.len,
		    text, err);
	return put_utf8(bytes, len, text, err);
}
