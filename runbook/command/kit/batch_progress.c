/*
 * Looks at the outbox from outside, as another process (the mailer) empties it.
 * It gives up when nothing has moved for PATIENCE_MS, since the mailer may not
 * be running, and the queued mails do not need this command.
 */
#include "batch_progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "progress.h"

/*
 * A quarter of a second looks smooth and is a light query.  A mailer looks for
 * mails every second: after 15 s without one none seems to run.
 */
enum { LOOK_EVERY_MS = 250, PATIENCE_MS = 15000 };

/* A batch's mails; waiting are those that the mailer has still to try. */
struct tally {
	int64_t total;
	int64_t waiting;
	int64_t failed;
};

static enum status
look(struct app *app, int64_t batch_id, struct tally *tally,
    struct err *err)
{
	struct mailing_tally mails;
	enum status st = mailing_batch_count(app, batch_id, &mails, err);

	if (st == ST_OK) {
		tally->waiting = mails.queued;
		tally->failed = mails.failed;
		tally->total = mails.queued + mails.failed + mails.sent +
		    mails.dropped;
	}
	return st;
}

static void
say_how_it_ended(const struct tally *tally, int64_t batch_id)
{
	printf("%" PRId64 " of %" PRId64 " are done, %" PRId64 " failed\n",
	    tally->total - tally->waiting, tally->total, tally->failed);
	if (tally->waiting > 0)
		printf("Nothing moves: is `teamdues mailer` running?\n");
	if (tally->waiting > 0 || tally->failed > 0)
		printf("`teamdues email batch %" PRId64 "` says more.\n",
		    batch_id);
}

enum status
batch_progress_watch(struct app *app, int64_t batch_id,
    struct err *err)
{
	const struct timespec moment = { 0, LOOK_EVERY_MS * 1000000L };
	int64_t moved_ms = clock_monotonic_ms();
	struct progress progress;
	struct tally tally;
	enum status st;

	if (isatty(STDOUT_FILENO) != 1)
		return ST_OK;
	st = look(app, batch_id, &tally, err);
	progress_begin(&progress, st == ST_OK ? (size_t)tally.total : 0);
	while (st == ST_OK && tally.waiting > 0 &&
	    clock_monotonic_ms() - moved_ms < PATIENCE_MS) {
		nanosleep(&moment, NULL);
		st = look(app, batch_id, &tally, err);
		/*
		 * Step by step, since mails that wait again after a temporary
		 * failure can make the figure fall: the bar never goes back.
		 */
		while (st == ST_OK && progress.done <
		    (size_t)(tally.total - tally.waiting)) {
			progress_step(&progress);
			moved_ms = clock_monotonic_ms();
		}
	}
	progress_hide(&progress);
	if (st == ST_OK)
		say_how_it_ended(&tally, batch_id);
	return st;
}
