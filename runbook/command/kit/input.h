/* Reads a file that a command is given into memory, up to the size of a CSV. */
#ifndef TEAMDUES_COMMAND_INPUT_H
#define TEAMDUES_COMMAND_INPUT_H

#include "base/buf.h"
#include "base/csv.h"
#include "base/status.h"

/* One byte more than is allowed, so that the parser sees what is too large. */
#define INPUT_INIT BUF_INIT(CSV_LEN_MAX + 1)

/* text is as after INPUT_INIT; the caller clears it.  ST_BAD_INPUT. */
NODISCARD enum status input_read(const char *name, struct buf *text,
    struct err *err);

#endif
