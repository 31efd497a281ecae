/*
 * The machine's own log (syslog, journald), for what must be read again when
 * standard error is kept by nobody: that of a command that a person types.
 */
#ifndef TEAMDUES_BASE_JOURNAL_H
#define TEAMDUES_BASE_JOURNAL_H

#include <stddef.h>

/* Lines go there from now on, under this name, which must stay. */
void journal_open(const char *name);

/* Nothing happens unless it was opened. */
void journal_put(const char *line, size_t len);

#endif
