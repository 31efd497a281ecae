#include <stdio.h>
#include <stdlib.h>

#include "books.h"
#include "sql.h"
#include "standin.h"

char *
books_hash(struct stack *stack)
{
	return sql_text(stack, "select md5(string_agg(query_to_xml(format("
	    "'select * from teamdues.%%I t order by t::text', tablename), "
	    "true, false, '')::text, '' order by tablename)) from pg_tables "
	    "where schemaname = 'teamdues' and tablename not in ('runs', "
	    "'refused_signatures', 'stripe_sights', 'alarms', 'charges')");
}

/* Whether an event of Stripe's is still on its way. */
static bool
is_delivering(struct stack *stack)
{
	struct json_object *all = standin_call(stack, "GET", "deliveries",
	    NULL);
	bool is_pending = false;

	assert_true(json_object_is_type(all, json_type_array));
	for (size_t i = 0; i < json_object_array_length(all); i++)
		if (strcmp(json_text_at(json_object_array_get_idx(all, i),
		    "state"), "pending") == 0)
			is_pending = true;
	json_object_put(all);
	return is_pending;
}

/* Whether the mailer still has something to send now. */
static bool
is_mailing(struct stack *stack)
{
	return sql_int(stack, "select count(*) from teamdues.emails "
	    "where state = 'queued' and not_before <= now()") > 0;
}

void
books_unmoved(struct stack *stack, struct run *run, int code,
    const char *const *words)
{
	char *before;
	char *after;

	WAIT_UNTIL(10, !is_delivering(stack) && !is_mailing(stack));
	before = books_hash(stack);
	command_run(stack, run, code, NULL, words);
	after = books_hash(stack);
	assert_string_equal(after, before);
	free(before);
	free(after);
}

void
books_assert_sound(struct stack *stack)
{
	struct run run;

	COMMAND(stack, &run, 0, "audit");
	run_clear(&run);
}

int
books_close(void **state)
{
	books_assert_sound(*state);
	return standin_clean(state);
}

void
stray_make(struct stack *stack, int64_t amount_cents, const char *alter,
    const char *value, struct stray *stray)
{
	struct json_object *session;
	struct json_object *event;

	unique_name("cs_test_", stray->session_id);
	session = session_paid(stray->session_id, amount_cents);
	if (alter != NULL)
		json_set_text(session, alter, value);
	event = event_about("checkout.session.completed", session);
	snprintf(stray->event_id, UNIQUE_SIZE, "%s", json_text_at(event,
	    "id"));
	snprintf(stray->intent_id, UNIQUE_SIZE, "%s", json_text_at(session,
	    "payment_intent"));
	webhook_expect_event(stack, event, "unmatched");
	json_object_put(event);
	json_object_put(session);
}

void
stray_of(struct stack *stack, const struct club *club, int64_t amount_cents,
    struct stray *stray)
{
	char email[2 * UNIQUE_SIZE];

	snprintf(email, sizeof(email), "%s@example.com", club->name);
	stray_make(stack, amount_cents, "customer_details.email", email,
	    stray);
}

struct json_object *
unmatched_row(struct stack *stack, const char *event_id)
{
	struct json_object *found = NULL;
	struct json_object *rows;
	struct run run;

	COMMAND(stack, &run, 0, "unmatched", "list", "--json");
	rows = json_tokener_parse(run.output);
	assert_true(json_object_is_type(rows, json_type_array));
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);

		if (strcmp(json_text_at(row, "event_id"), event_id) == 0)
			found = json_object_get(row);
	}
	json_object_put(rows);
	run_clear(&run);
	return found;
}

void
assert_member_holds(struct json_object *row, const char *name,
    const char *part)
{
	if (row == NULL)
		fail_msg("no row with a %s that holds \"%s\"", name, part);
	assert_holds(json_text_at(row, name), part);
}
