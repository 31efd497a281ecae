#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "play.h"
#include "sql.h"
#include "talkers.h"

enum { CONNECTIONS = 8, CALL_MAX = 6, JOBS_MAX = 1000 };

/* What one connection has to say: an item, or a session to be stored. */
struct job {
	const struct world *world;
	int happening;
};

/* A connection of its own, with a call under way until it has no more. */
struct talker {
	PGconn *connection;
	struct job jobs[JOBS_MAX];
	int count;
	int next;
	bool is_waiting;
};

struct talkers {
	struct talker each[CONNECTIONS];
};

static void
send_statement(struct talker *t, const char *statement, const char *first,
    const char *second)
{
	const char *values[] = { first, second };

	if (PQsendQueryParams(t->connection, statement, second != NULL ? 2 : 1,
	    NULL, values, NULL, NULL, 0) != 1)
		fail_msg("%s", PQerrorMessage(t->connection));
	t->is_waiting = true;
}

static bool
is_storing(const struct job *job)
{
	return job->world->events[job->happening] == NULL;
}

static void
send_storing(struct talker *t, const struct job *job)
{
	int payment = job->world->history->happenings[job->happening].payment;
	struct json_object *session = world_session_to_store(job->world,
	    payment);
	long long order_id =
	    job->world->orders[job->world->history->payments[payment].order];
	char order[24];

	snprintf(order, sizeof(order), "%lld", order_id);
	send_statement(t, "select s.result from teamdues.orders o cross join "
	    "lateral teamdues.store_session(o.order_id, o.attempt, $1::jsonb) "
	    "s where o.order_id = $2::bigint",
	    json_object_to_json_string(session), order);
	json_object_put(session);
}

/* The next few items in one call, as webhooks that arrive together. */
static void
send_next(struct talker *t, struct chance *chance)
{
	struct json_object *items = json_object_new_array();
	int more = 1 + chance_below(chance, CALL_MAX);

	if (is_storing(&t->jobs[t->next])) {
		send_storing(t, &t->jobs[t->next++]);
		json_object_put(items);
		return;
	}
	for (; more > 0 && t->next < t->count; more--) {
		const struct job *job = &t->jobs[t->next];

		if (is_storing(job))
			break;
		json_object_array_add(items,
		    play_item(job->world->events[job->happening]));
		t->next++;
	}
	send_statement(t, "select outcome from teamdues.record_events("
	    "$1::jsonb, '{}', 'America/Denver')",
	    json_object_to_json_string(items), NULL);
	json_object_put(items);
}

static void
take_answer(struct talker *t)
{
	PGresult *result;

	assert_int_equal(PQconsumeInput(t->connection), 1);
	if (PQisBusy(t->connection))
		return;
	while ((result = PQgetResult(t->connection)) != NULL) {
		if (PQresultStatus(result) != PGRES_TUPLES_OK)
			fail_msg("%s", PQresultErrorMessage(result));
		PQclear(result);
	}
	t->is_waiting = false;
}

static void
talk(struct talkers *talkers, struct chance *chance)
{
	for (;;) {
		struct pollfd polled[CONNECTIONS];
		int waiting = 0;

		for (int i = 0; i < CONNECTIONS; i++) {
			struct talker *t = &talkers->each[i];

			if (!t->is_waiting && t->next < t->count)
				send_next(t, chance);
			waiting += t->is_waiting;
			polled[i] = (struct pollfd){ .fd = t->is_waiting
			    ? PQsocket(t->connection) : -1, .events = POLLIN };
		}
		if (waiting == 0)
			return;
		assert_true(poll(polled, CONNECTIONS, 10000) > 0);
		for (int i = 0; i < CONNECTIONS; i++)
			if (polled[i].revents != 0)
				take_answer(&talkers->each[i]);
	}
}

static void
shuffle_jobs(struct talker *t, struct chance *chance)
{
	for (int i = t->count - 1; i > 0; i--) {
		int j = chance_below(chance, i + 1);
		struct job kept = t->jobs[i];

		t->jobs[i] = t->jobs[j];
		t->jobs[j] = kept;
	}
}

/* Everything is said over one connection, and half of it over another too. */
static void
deal(struct talkers *talkers, const struct world *world,
    struct chance *chance)
{
	for (int i = 0; i < world->history->count; i++) {
		do {
			struct talker *t = &talkers->each[chance_below(chance,
			    CONNECTIONS)];

			assert_true(t->count < JOBS_MAX);
			t->jobs[t->count++] = (struct job){ world, i };
		} while (chance_percent(chance, 50));
	}
}

struct talkers *
talkers_open(struct stack *stack)
{
	struct talkers *talkers = calloc(1, sizeof(*talkers));

	assert_non_null(talkers);
	for (int i = 0; i < CONNECTIONS; i++)
		talkers->each[i].connection = sql_connect_as(stack, "owner");
	return talkers;
}

void
talkers_tell(struct talkers *talkers, const struct world *worlds, int count,
    struct chance *chance)
{
	for (int i = 0; i < CONNECTIONS; i++)
		talkers->each[i].count = talkers->each[i].next = 0;
	for (int i = 0; i < count; i++)
		deal(talkers, &worlds[i], chance);
	for (int i = 0; i < CONNECTIONS; i++)
		shuffle_jobs(&talkers->each[i], chance);
	talk(talkers, chance);
}

void
talkers_close(struct talkers *talkers)
{
	for (int i = 0; i < CONNECTIONS; i++)
		PQfinish(talkers->each[i].connection);
	free(talkers);
}
