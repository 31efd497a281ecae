#include "base/condition.h"

#include <time.h>

bool
condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;
	bool is_made;

	if (pthread_condattr_init(&attributes) != 0)
		return false;
	is_made =
	    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
	    pthread_cond_init(condition, &attributes) == 0;
	pthread_condattr_destroy(&attributes);
	return is_made;
}

bool
condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
    int64_t until_ms)
{
	struct timespec until = {
		.tv_sec = (time_t)(until_ms / 1000),
		.tv_nsec = (long)(until_ms % 1000) * 1000000,
	};

	return pthread_cond_timedwait(condition, lock, &until) == 0;
}
