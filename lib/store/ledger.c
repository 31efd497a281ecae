#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/connections.h"
#include "store/db.h"
#include "store/held.h"
#include "store/ledger.h"
#include "store/recording.h"

enum {
	/* Others' transactions last milliseconds, and all wait for this one. */
	BATCH_LOCK_MS = 250,
	/* Of an event of a batch that failed, and of all of them. */
	ALONE_LOCK_MS = 100,
	ALONE_STATEMENT_MS = 1000,
	ALONE_ALL_MS = 5000,
	/* Looked at every half second, it is told before it is 2 s old. */
	SLOW_MS = 1500,
};

static const char kept_back[] =
    "what it is about is locked by somebody else";

/* One caller's item, on its own stack, in the queue until it is done. */
struct waiting {
	struct recording recording;
	uint64_t key;		/* of what it speaks of: held.h */
	bool leads;
	sem_t told;		/* that it is done, or that it leads */
	struct waiting *next;
};

struct ledger {
	struct store *store;	/* for batches */
	struct store *alone;	/* for the events of one that failed */
	pthread_mutex_t lock;
	struct waiting *first;
	struct waiting **last;
	bool is_busy;		/* a leader is at work, or was told to be */
	struct held held;
	int batch_count;	/* events under way; 0: none */
	int64_t batch_since_ms;
	bool is_slow_told;
};

static enum status
record(struct store *store, struct waiting *const *batch, int count,
    struct err *err)
{
	struct recording *recordings[RECORDINGS_MAX];

	for (int i = 0; i < count; i++)
		recordings[i] = &batch[i]->recording;
	return recording_run(store, recordings, count, err);
}

/* Only the leader writes, so that it reads without the lock. */
static void
hold(struct ledger *ledger, uint64_t key)
{
	pthread_mutex_lock(&ledger->lock);
	held_put(&ledger->held, key, clock_monotonic_ms());
	pthread_mutex_unlock(&ledger->lock);
}

static void
fail_all(struct waiting *const *batch, int count, const struct err *err)
{
	for (int i = 0; i < count; i++) {
		batch[i]->recording.st = err->st;
		*batch[i]->recording.err = *err;
	}
}

/*
 * One by one, of which those that are locked fail after a short while, and with
 * them what else is about the same.  Who is not reached in the time for all is
 * told to come again: behind these wait others.
 */
static void
record_alone(struct ledger *ledger, struct waiting *const *batch, int count)
{
	int64_t until_ms = clock_monotonic_ms() + ALONE_ALL_MS;
	struct err err = { ST_OK, "" };

	for (int i = 0; i < count; i++) {
		struct waiting *w = batch[i];
		enum status st;

		if (held_has(&ledger->held, w->key, clock_monotonic_ms())
		    || clock_monotonic_ms() > until_ms)
			st = err_set(&err, ST_DB_BUSY, "%s", kept_back);
		else
			st = record(ledger->alone, &w, 1, &err);
		if (st == ST_DB) {
			fail_all(batch + i, count - i, &err);
			return;
		}
		if (st != ST_OK)
			fail_all(&w, 1, &err);
		if (st == ST_DB_BUSY)
			hold(ledger, w->key);
	}
}

/*
 * A database that is away fails all alike: asking it for each one again would
 * only make them all wait longer.
 */
static void
record_batch(struct ledger *ledger, struct waiting *const *batch, int count)
{
	struct err err = { ST_OK, "" };
	enum status st;

	st = record(ledger->store, batch, count, &err);
	if (st == ST_OK)
		return;
	if (st != ST_DB && count > 1) {
		record_alone(ledger, batch, count);
		return;
	}
	fail_all(batch, count, &err);
	if (st == ST_DB_BUSY)
		hold(ledger, batch[0]->key);
}

static size_t
bytes_of(const struct waiting *waiting)
{
	return waiting->recording.item.len + waiting->recording.payload_len;
}

/* Takes of those that wait as many as go together; the leader is the first. */
static int
batch_begin(struct ledger *ledger, struct waiting *batch[RECORDINGS_MAX])
{
	size_t bytes = 0;
	int count = 0;

	pthread_mutex_lock(&ledger->lock);
	do {
		batch[count] = ledger->first;
		bytes += bytes_of(ledger->first);
		ledger->first = ledger->first->next;
		count++;
	} while (ledger->first != NULL && count < RECORDINGS_MAX
	    && bytes + bytes_of(ledger->first) <= RECORDINGS_BYTES_MAX);
	if (ledger->first == NULL)
		ledger->last = &ledger->first;
	ledger->batch_count = count;
	ledger->batch_since_ms = clock_monotonic_ms();
	pthread_mutex_unlock(&ledger->lock);
	return count;
}

/*
 * The next leader is told first, so that the database does not wait; then all
 * who are done, each for himself.  Whoever has been told may be gone.
 */
static void
batch_end(struct ledger *ledger, struct waiting *const *batch, int count)
{
	struct waiting *next;

	pthread_mutex_lock(&ledger->lock);
	next = ledger->first;
	ledger->is_busy = next != NULL;
	ledger->batch_count = 0;
	ledger->is_slow_told = false;
	pthread_mutex_unlock(&ledger->lock);
	if (next != NULL) {
		next->leads = true;
		(void)sem_post(&next->told);
	}
	for (int i = 1; i < count; i++)
		(void)sem_post(&batch[i]->told);
}

static void
lead(struct ledger *ledger)
{
	struct waiting *batch[RECORDINGS_MAX];
	int count = batch_begin(ledger, batch);

	record_batch(ledger, batch, count);
	batch_end(ledger, batch, count);
}

/* False when what it is about is held: it would only wait for nothing. */
static bool
line_up(struct ledger *ledger, struct waiting *self)
{
	bool is_held;

	pthread_mutex_lock(&ledger->lock);
	is_held = held_has(&ledger->held, self->key, clock_monotonic_ms());
	if (!is_held) {
		*ledger->last = self;
		ledger->last = &self->next;
		self->leads = !ledger->is_busy;
		ledger->is_busy = true;
	}
	pthread_mutex_unlock(&ledger->lock);
	return !is_held;
}

/* Of the payment that an item is about, or of its session. */
static uint64_t
key_of(const struct fact_item *item)
{
	const char *intent = item->payment_intent_id;

	return held_key(intent != NULL && intent[0] != '\0' ? intent
	    : item->session_id);
}

/* Returns when the item is done, by whomever. */
static void
record_among(struct ledger *ledger, struct waiting *self)
{
	(void)sem_init(&self->told, 0, 0);
	if (line_up(ledger, self)) {
		while (!self->leads && sem_wait(&self->told) != 0)
			continue;	/* a signal came */
		if (self->leads)
			lead(ledger);
	} else {
		self->recording.st = err_set(self->recording.err, ST_DB_BUSY,
		    "%s", kept_back);
	}
	(void)sem_destroy(&self->told);
}

enum status
ledger_record(struct ledger *ledger, const struct ledger_entry *entry,
    struct standing *standing, struct err *err)
{
	struct waiting self = {
		.recording = {
			.item = BUF_INIT(FACT_ITEM_MAX),
			.payload = entry->payload,
			.payload_len = entry->payload_len,
			.standing = standing,
			.err = err,
		},
		.key = key_of(entry->item),
	};
	struct recording *recording = &self.recording;

	fact_item_put(&recording->item, entry->item);
	recording->st = buf_check(&recording->item, "an event", err);
	if (recording->st == ST_OK)
		record_among(ledger, &self);
	buf_clear(&recording->item);
	return recording->st;
}

/* Whoever waits for it cannot say so, and nobody else knows. */
void
ledger_tick(struct ledger *ledger)
{
	int64_t age_ms;
	bool is_slow;
	int count;

	store_tick(ledger->store);
	store_tick(ledger->alone);
	pthread_mutex_lock(&ledger->lock);
	count = ledger->batch_count;
	age_ms = clock_monotonic_ms() - ledger->batch_since_ms;
	is_slow = count > 0 && age_ms >= SLOW_MS && !ledger->is_slow_told;
	if (is_slow)
		ledger->is_slow_told = true;
	pthread_mutex_unlock(&ledger->lock);
	if (is_slow)
		log_event(LOG_WARN, "recording_slow",
		    LOG_NUM("events", count), LOG_NUM("age_ms", age_ms), NULL);
}

enum status
ledger_open(struct store *store, struct ledger **ledger, struct err *err)
{
	struct ledger *l = calloc(1, sizeof(*l));
	enum status st;

	if (l == NULL)
		return err_set(err, ST_NOMEM, "no memory for a ledger");
	l->last = &l->first;
	pthread_mutex_init(&l->lock, NULL);
	st = store_open_beside(store, STATEMENT_MS, BATCH_LOCK_MS, &l->store,
	    err);
	if (st == ST_OK)
		st = store_open_beside(store, ALONE_STATEMENT_MS,
		    ALONE_LOCK_MS, &l->alone, err);
	if (st != ST_OK) {
		ledger_close(l);
		return st;
	}
	*ledger = l;
	return ST_OK;
}

void
ledger_close(struct ledger *ledger)
{
	if (ledger == NULL)
		return;
	store_close(ledger->alone);
	store_close(ledger->store);
	pthread_mutex_destroy(&ledger->lock);
	free(ledger);
}
