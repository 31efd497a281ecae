/*
 * SIGTERM and SIGINT of a service: blocked from the start, and only asked for
 * here, so that none is lost between a look and a sleep, and none interrupts a
 * mail or a request that is under way.
 */
#ifndef TEAMDUES_COMMAND_STOPS_H
#define TEAMDUES_COMMAND_STOPS_H

#include <stdbool.h>
#include <time.h>

/* Before any thread is started. */
void stops_block(void);

bool stops_now(void);

/* Waits for one, at most so long. */
bool stops_within(time_t wait_s);

#endif
