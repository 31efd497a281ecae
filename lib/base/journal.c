/*
 * A file of its own, because syslog.h and base/log.h both define LOG_DEBUG and
 * LOG_INFO.
 */
#include "base/journal.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <syslog.h>

static atomic_bool is_open;

void
journal_open(const char *name)
{
	openlog(name, LOG_PID, LOG_USER);
	atomic_store(&is_open, true);
}

void
journal_put(const char *line, size_t len)
{
	if (atomic_load(&is_open))
		/* Only acts of people come here (base/log.c): one priority is
		 * enough. */
		syslog(LOG_NOTICE, "%.*s", (int)len, line);
}
