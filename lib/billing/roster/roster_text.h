/* From the bytes of a file that somebody calls a roster to text. */
#ifndef TEAMDUES_BILLING_ROSTER_ROSTER_TEXT_H
#define TEAMDUES_BILLING_ROSTER_ROSTER_TEXT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/status.h"

/* A file's text is at most so many times as long. */
enum { ROSTER_TEXT_FACTOR = 2 };

/*
 * Appends the file's text as UTF-8, without a byte order mark: UTF-8 as it is,
 * and UTF-16 that begins with its mark, as a spreadsheet's "Unicode text" does.
 * ST_BAD_INPUT, with what to do about it: a workbook, another encoding, no text
 * at all.  ST_NOMEM.
 */
NODISCARD enum status roster_text(const char *bytes, size_t len,
    struct buf *text, struct err *err);

#endif
