/*
 * The requests that are under way in a program.  A request is logged when it is
 * answered; one that hangs would never be, so it is logged while it hangs.
 * Used inside lib/web only.
 */
#ifndef TEAMDUES_WEB_WATCH_H
#define TEAMDUES_WEB_WATCH_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "web/request.h"
#include "web/response.h"

/* Where every program says how it is. */
#define HEALTH_PATH "/healthz"

/* One request, on the stack of whoever answers it. */
struct watched {
	const struct request *request;
	int64_t since_ms;	/* clock_monotonic_ms */
	bool is_told;
	struct watched *next;
	struct watched **place;	/* what points to it */
};

struct watch {
	pthread_mutex_t lock;
	struct watched *first;
	int64_t used_ms;	/* when the last request was answered */
	bool is_used;		/* there was one */
};

void watch_init(struct watch *watch);
void watch_clear(struct watch *watch);

/* Between these two the request must stay as it is. */
void watch_begin(struct watch *watch, struct watched *watched,
    const struct request *request, int64_t since_ms);
void watch_end(struct watch *watch, struct watched *watched);

/* Logs, each once, those that hang: under way for 1.5 s and longer. */
void watch_tick(struct watch *watch);

/*
 * True when there has been no request for so long.  Those for its health do not
 * count, and a program that was started for them alone is idle 2 s later.
 */
bool watch_is_idle(struct watch *watch, int64_t limit_ms);

/* A web_handler whose context is the watch: 503 and a line while one hangs. */
enum status watch_answer(void *watch, const struct request *request,
    struct response *response, struct err *err);

#endif
