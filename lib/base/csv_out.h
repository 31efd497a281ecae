/* CSV as RFC 4180 has it, for whoever opens it in a spreadsheet. */
#ifndef TEAMDUES_BASE_CSV_OUT_H
#define TEAMDUES_BASE_CSV_OUT_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Appends one cell, in quotes where it needs them.  is_marked: an apostrophe
 * goes before a text that a spreadsheet would run as a formula (=, +, -, @),
 * which a text of a stranger's may be; a number of ours stays one.
 */
void csv_put_cell(struct buf *b, const char *text, bool is_marked);

#endif
