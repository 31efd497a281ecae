/*
 * A form with a file, multipart/form-data (RFC 7578), as browsers send it.
 * Strict, since what it carries is checked as the fields of any other form are:
 * nothing before the first boundary or behind the last, no transfer encoding,
 * one file at most.
 */
#ifndef TEAMDUES_WEB_MULTIPART_H
#define TEAMDUES_WEB_MULTIPART_H

#include "web/request.h"

struct upload {
	const char *field;	/* its name; NULL: the form has no file */
	const char *file_name;	/* as the client calls it: anything, "" where
				 * no file was chosen */
	const char *bytes;	/* of any kind, not terminated */
	size_t len;
};

/*
 * params gets the fields that are no file, by the rules of params_parse;
 * content_type is the header's value, with the boundary.  What upload points to
 * lies in params, which the caller clears, after a failure too.  ST_BAD_INPUT,
 * ST_NOMEM.
 */
NODISCARD enum status multipart_parse(const char *content_type,
    const struct buf *body, struct params *params, struct upload *upload,
    struct err *err);

#endif
