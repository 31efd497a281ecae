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
	return sigtimedwait(&stops, NULL, &wait) > 0;
}

bool
stops_now(void)
{
	return stops_within(0);
}
