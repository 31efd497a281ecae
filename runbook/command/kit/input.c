/*
 * Reads one byte more than a CSV file may have and stops there, so that the
 * parser can refuse a file that is too large without it being read whole.
 */
#include "input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "club.h"

enum status
input_read(const char *name, struct buf *text, struct err *err)
{
	char block[16 * 1024];
	FILE *file = club_open_file(name, "rb");
	enum status st = ST_OK;

	if (file == NULL)
		return err_set(err, ST_BAD_INPUT, "%s: %s", name,
		    strerror(errno));
	while (text->len <= CSV_LEN_MAX && !text->failed) {
		size_t room = text->max - text->len;
		size_t got = fread(block, 1,
		    room < sizeof(block) ? room : sizeof(block), file);

		buf_put(text, block, got);
		/*
		 * A full buffer gives got == 0 as well: there is no room for
		 * more.
		 */
		if (got == 0 || feof(file) || ferror(file))
			break;
	}
	/* A directory opens, and fails only when it is read. */
	if (ferror(file))
		st = err_set(err, ST_BAD_INPUT, "%s: %s", name,
		    strerror(errno));
	fclose(file);
	return st == ST_OK ? buf_check(text, name, err) : st;
}
