/*
 * The machine's own log (syslog, journald), for what must be found later
 * although nobody keeps standard error: that of a command that a person types.
 */
#ifndef TEAMDUES_BASE_JOURNAL_H
#define TEAMDUES_BASE_JOURNAL_H

#include <stddef.h>

/* Opens it under this name, which must stay valid; lines go there from now
 * on. */
void journal_open(const char *name);

/* Nothing happens unless it was opened. */
void journal_put(const char *line, size_t len);

#endif
