/* A condition whose waits go by the monotonic clock: a step of the system's
 * time would end all others, or none. */
#ifndef TEAMDUES_BASE_CONDITION_H
#define TEAMDUES_BASE_CONDITION_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* False: no resources.  pthread_cond_destroy() undoes it. */
bool condition_init(pthread_cond_t *condition);

/* With the lock held: false when clock_monotonic_ms() has come to until_ms. */
bool condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
    int64_t until_ms);

#endif
