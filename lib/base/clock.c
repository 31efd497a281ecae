/*
 * The results of clock_gettime() are not checked: with these constants it
 * cannot fail on Linux.
 */
#include "base/clock.h"

#include <errno.h>
#include <time.h>

int64_t
clock_now_s(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

int64_t
clock_monotonic_ms(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
clock_sleep_ms(int64_t wait_ms)
{
	struct timespec left = {
		.tv_sec = (time_t)(wait_ms / 1000),
		.tv_nsec = (long)(wait_ms % 1000) * 1000000,
	};

	/*
	 * The monotonic clock, so that setting the machine's time neither
	 * shortens nor lengthens the wait.  After a signal, left is the rest.
	 */
	while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
		;
}

void
clock_put_utc(struct buf *b, int64_t unix_s)
{
	time_t seconds = unix_s;
	struct tm tm;

	/* gmtime_r() fails for a year that no int holds; the number is shown
	 * instead. */
	if (gmtime_r(&seconds, &tm) == NULL) {
		buf_put_i64(b, unix_s);
		return;
	}
	buf_putf(b, "%04lld-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900LL,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}
