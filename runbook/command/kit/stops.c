/*
 * sigtimedwait takes the signal out of the pending ones.  No handler runs, so
 * nothing of the work needs to be safe in one (POSIX, signal-safety).
 */
#include "stops.h"

#include <signal.h>
#include <stddef.h>

static void
stop_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
}

void
stops_block(void)
{
	sigset_t stops;

	stop_signals(&stops);
	sigprocmask(SIG_BLOCK, &stops, NULL);
}

bool
stops_within(time_t wait_s)
{
	const struct timespec wait = { wait_s, 0 };
	sigset_t stops;

	stop_signals(&stops);
	/*
	 * Any failure (EAGAIN after the time, EINTR by a stopped and continued
	 * process) is no stop: the service looks again a moment later.
	 */
	return sigtimedwait(&stops, NULL, &wait) > 0;
}

bool
stops_now(void)
{
	return stops_within(0);
}
