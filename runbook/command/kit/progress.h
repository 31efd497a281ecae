/* A bar on a terminal, below the lines that stay. */
#ifndef TEAMDUES_COMMAND_PROGRESS_H
#define TEAMDUES_COMMAND_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress {
	bool has_terminal;	/* else nothing is drawn */
	size_t total;
	size_t done;
};

/* Draws on standard output where that is a terminal. */
void progress_begin(struct progress *progress, size_t total);

/* Makes room for a line, or for what follows the bar. */
void progress_hide(const struct progress *progress);

/* One more is done, or count. */
void progress_step(struct progress *progress);
void progress_add(struct progress *progress, size_t count);

#endif
