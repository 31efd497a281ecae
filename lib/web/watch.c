/*
 * The requests are a doubly linked list of structs on their threads' stacks, so
 * that watching one allocates nothing and cannot fail.  The lock guards the
 * list; a request stays in it until watch_end() returns, so watch_tick() may
 * read it.
 */
#include "web/watch.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

enum {
	/* watch_tick() runs every half second, so a hang is logged before it is
	 * 2 s old. */
	HANGS_MS = 1500,
	UNUSED_MS = 2000
};

void
watch_init(struct watch *watch)
{
	*watch = (struct watch){ .used_ms = clock_monotonic_ms() };
	pthread_mutex_init(&watch->lock, NULL);
}

void
watch_clear(struct watch *watch)
{
	pthread_mutex_destroy(&watch->lock);
}

void
watch_begin(struct watch *watch, struct watched *watched,
    const struct request *request, int64_t since_ms)
{
	*watched = (struct watched){ .request = request, .since_ms = since_ms };
	pthread_mutex_lock(&watch->lock);
	watched->next = watch->first;
	watched->place = &watch->first;
	if (watched->next != NULL)
		watched->next->place = &watched->next;
	watch->first = watched;
	pthread_mutex_unlock(&watch->lock);
}

void
watch_end(struct watch *watch, struct watched *watched)
{
	/* A monitor's questions must not keep an unused program alive. */
	bool is_probe = strcmp(watched->request->path, HEALTH_PATH) == 0;

	pthread_mutex_lock(&watch->lock);
	if (!is_probe) {
		watch->used_ms = clock_monotonic_ms();
		watch->is_used = true;
	}
	*watched->place = watched->next;
	if (watched->next != NULL)
		watched->next->place = watched->place;
	pthread_mutex_unlock(&watch->lock);
}

void
watch_tick(struct watch *watch)
{
	int64_t now_ms = clock_monotonic_ms();

	pthread_mutex_lock(&watch->lock);
	for (struct watched *w = watch->first; w != NULL; w = w->next) {
		if (w->is_told || now_ms - w->since_ms < HANGS_MS)
			continue;
		w->is_told = true;
		/* The line belongs to the request, not to the main thread. */
		log_set_request(w->request->id);
		log_event(LOG_WARN, "request_hangs",
		    LOG_TEXT("path", w->request->path),
		    LOG_NUM("age_ms", now_ms - w->since_ms), NULL);
	}
	pthread_mutex_unlock(&watch->lock);
	log_set_request(NULL);
}

bool
watch_is_idle(struct watch *watch, int64_t limit_ms)
{
	bool is_idle = false;

	pthread_mutex_lock(&watch->lock);
	/* Started by a monitor's question alone: the supervisor keeps the
	 * socket and starts it again. */
	if (!watch->is_used && limit_ms > UNUSED_MS)
		limit_ms = UNUSED_MS;
	if (watch->first == NULL)
		is_idle = clock_monotonic_ms() - watch->used_ms >= limit_ms;
	pthread_mutex_unlock(&watch->lock);
	return is_idle;
}

static int
count_hanging(struct watch *watch, int64_t *oldest_ms)
{
	int64_t now_ms = clock_monotonic_ms();
	int count = 0;

	*oldest_ms = 0;
	pthread_mutex_lock(&watch->lock);
	for (const struct watched *w = watch->first; w != NULL; w = w->next) {
		int64_t age_ms = now_ms - w->since_ms;

		if (age_ms >= HANGS_MS)
			count++;
		if (age_ms > *oldest_ms)
			*oldest_ms = age_ms;
	}
	pthread_mutex_unlock(&watch->lock);
	return count;
}

enum status
watch_answer(void *watch, const struct request *request,
    struct response *response, struct err *err)
{
	struct buf text = BUF_INIT(128);
	int64_t oldest_ms;
	int count = count_hanging(watch, &oldest_ms);
	enum status st;

	(void)request;
	if (count == 0)
		buf_puts(&text, "requests: ok\n");
	else
		buf_putf(&text, "requests: %d hang, the oldest for %" PRId64
		    " s\n", count, oldest_ms / 1000);
	st = buf_check(&text, "health", err);
	if (st == ST_OK)
		st = response_text(response, count == 0 ? 200 : 503,
		    buf_str(&text), err);
	buf_clear(&text);
	return st;
}
