#include "batch_progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum { WIDTH = 40, LOOK_EVERY_MS = 250, PATIENCE_MS = 15000 };

struct progress {
	int64_t total;
	int64_t waiting;
	int64_t failed;
};

static enum status
look(struct billing *billing, int64_t batch_id, struct progress *progress,
    struct err *err)
{
	struct json_object *batch = NULL;
	enum status st = mailing_batch(billing, batch_id, &batch, err);

	if (st == ST_OK) {
		progress->waiting = json_object_get_int64(json_at(batch,
		    "queued"));
		progress->failed = json_object_get_int64(json_at(batch,
		    "failed"));
		progress->total = progress->waiting + progress->failed +
		    json_object_get_int64(json_at(batch, "sent")) +
		    json_object_get_int64(json_at(batch, "dropped"));
	}
	json_object_put(batch);
	return st;
}

static void
draw(const struct progress *progress)
{
	int64_t done = progress->total - progress->waiting;
	int filled = (int)(done * WIDTH / progress->total);

	fputs("\r[", stderr);
	for (int i = 0; i < WIDTH; i++)
		fputc(i < filled ? '#' : '.', stderr);
	fprintf(stderr, "] %" PRId64 " of %" PRId64, done, progress->total);
	if (progress->failed > 0)
		fprintf(stderr, ", %" PRId64 " failed", progress->failed);
	fputs("\033[K", stderr);
}

static void
end_bar(const struct progress *progress, int64_t batch_id)
{
	fputc('\n', stderr);
	if (progress->waiting > 0)
		fprintf(stderr, "Nothing moves: is `teamdues mailer` running?"
		    "\n");
	if (progress->waiting > 0 || progress->failed > 0)
		fprintf(stderr, "`teamdues email batch %" PRId64 "` says "
		    "more.\n", batch_id);
}

enum status
batch_progress_watch(struct billing *billing, int64_t batch_id,
    struct err *err)
{
	const struct timespec moment = { 0, LOOK_EVERY_MS * 1000000L };
	struct progress progress = { .waiting = 1 };
	int64_t moved_ms = clock_monotonic_ms();

	if (!isatty(STDERR_FILENO))
		return ST_OK;
	while (progress.waiting > 0
	    && clock_monotonic_ms() - moved_ms < PATIENCE_MS) {
		int64_t before = progress.waiting;
		enum status st = look(billing, batch_id, &progress, err);

		if (st != ST_OK)
			return st;
		draw(&progress);
		if (progress.waiting != before)
			moved_ms = clock_monotonic_ms();
		if (progress.waiting > 0)
			nanosleep(&moment, NULL);
	}
	end_bar(&progress, batch_id);
	return ST_OK;
}
