/*
 * The bar is redrawn in place: a carriage return goes to the line's start, and
 * ESC [ K clears it.  Neither is ever written into a file or a pipe.
 */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

enum { BAR_WIDTH = 40 };

static void
draw(const struct progress *progress)
{
	/* Nothing to do is a full bar, and no division by zero. */
	size_t filled = progress->total == 0 ? BAR_WIDTH
	    : progress->done * BAR_WIDTH / progress->total;

	if (!progress->has_terminal)
		return;
	fputs("\r[", stdout);
	for (size_t i = 0; i < BAR_WIDTH; i++)
		putchar(i < filled ? '#' : '.');
	printf("] %zu of %zu", progress->done, progress->total);
	/*
	 * The line has no end yet, so a terminal's line buffering would hold it
	 * back.
	 */
	fflush(stdout);
}

void
progress_begin(struct progress *progress, size_t total)
{
	*progress = (struct progress){ isatty(STDOUT_FILENO) == 1, total, 0 };
	draw(progress);
}

void
progress_hide(const struct progress *progress)
{
	if (progress->has_terminal)
		fputs("\r\033[K", stdout);
}

void
progress_step(struct progress *progress)
{
	progress_add(progress, 1);
}

void
progress_add(struct progress *progress, size_t count)
{
	progress->done += count;
	draw(progress);
}
