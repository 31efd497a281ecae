/* A roster that was uploaded at the desk: its text, its rows, its faults. */
#ifndef TEAMDUES_DESK_ROSTER_FILE_H
#define TEAMDUES_DESK_ROSTER_FILE_H

#include "base/json.h"
#include "web/multipart.h"

enum { ROSTER_FILE_MAX = 1024 * 1024 };	/* bytes of UTF-8 */

/* All zeros before it is read. */
struct roster_file {
	struct buf text;	/* as UTF-8 */
	struct buf rows;	/* those that are right: a JSON array */
	bool is_read;		/* its lines were looked at */
	struct err fault;	/* why it is not taken; st ST_OK: it is */
	struct buf faults_text;
	struct json_doc faults;	/* {rows: [{line, reason}]}, the first of those
				 * of lines */
};

/*
 * Reads the upload or, when the form brings it, the text of a file that a page
 * has shown.  What is wrong with the file is no failure.  ST_NOMEM.  The caller
 * clears it in any case.
 */
NODISCARD enum status roster_file_read(struct roster_file *file,
    const struct upload *upload, const char *shown, struct err *err);

void roster_file_clear(struct roster_file *file);

#endif
