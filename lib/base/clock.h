/* Time: UTC seconds inside, a monotonic clock for deadlines. */
#ifndef TEAMDUES_BASE_CLOCK_H
#define TEAMDUES_BASE_CLOCK_H

#include <stdint.h>

#include "base/buf.h"

/* Unix seconds. */
int64_t clock_now_s(void);

/* Milliseconds of a clock that never jumps; only differences mean anything. */
int64_t clock_monotonic_ms(void);

/* Waits so long, through signals too. */
void clock_sleep_ms(int64_t wait_ms);

/* RFC 3339 in UTC, whole seconds: 2026-11-24T23:20:21Z. */
void clock_put_utc(struct buf *b, int64_t unix_s);

#endif
