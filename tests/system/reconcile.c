#include <stdio.h>
#include <stdlib.h>

#include "reconcile.h"
#include "sql.h"

enum { AMOUNT = 15000 };

int
reconcile_setup(void **state)
{
	json_object_put(standin_call(*state, "POST", "reset", NULL));
	standin_deliver(*state, false);
	return 0;
}

static bool
is_delivering(struct stack *stack)
{
	struct json_object *all = standin_call(stack, "GET", "deliveries",
	    NULL);
	bool is_so = false;

	for (size_t i = 0; i < json_object_array_length(all); i++)
		if (strcmp(json_text_at(json_object_array_get_idx(all, i),
		    "state"), "pending") == 0)
			is_so = true;
	json_object_put(all);
	return is_so;
}

void
events_arrive(struct stack *stack)
{
	WAIT_UNTIL(10, !is_delivering(stack));
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from teamdues.emails "
	    "where state = 'queued'") == 0);
}

/* What was held is not let go of: the next test would find it in its books. */
int
reconcile_teardown(void **state)
{
	standin_mend(*state);
	events_arrive(*state);
	books_assert_sound(*state);
	return 0;
}

static void
run_unmoved(struct stack *stack, int code, const char *part,
    const char *const *words)
{
	struct run run;

	books_unmoved(stack, &run, code, words);
	assert_holds(run.output, part);
	run_clear(&run);
}

void
reconcile_finds(struct stack *stack, const char *part)
{
	run_unmoved(stack, 3, part, WORDS("reconcile"));
}

void
reconcile_heals(struct stack *stack, const char *part)
{
	struct run run;

	COMMAND(stack, &run, 0, "reconcile", "--commit");
	assert_holds(run.output, part);
	run_clear(&run);
}

void
reconcile_is_done(struct stack *stack)
{
	run_unmoved(stack, 0, ", 0 differences: nothing to do\n",
	    WORDS("reconcile"));
	run_unmoved(stack, 0, ", 0 differences: nothing to do\n",
	    WORDS("reconcile", "--commit"));
}

void
reconcile_mends(struct stack *stack, const char *part)
{
	reconcile_finds(stack, part);
	reconcile_heals(stack, part);
	reconcile_is_done(stack);
}

void
open_session(struct stack *stack, struct club *club,
    char session_id[SESSION_ID_SIZE])
{
	club_make(stack, AMOUNT, club);
	club_click_through(stack, club->order_id, session_id);
}

void
paid_session(struct stack *stack, struct club *club,
    char session_id[SESSION_ID_SIZE])
{
	open_session(stack, club, session_id);
	standin_act(stack, session_id, "pay", NULL);
}

struct json_object *
stripe_do(struct stack *stack, const char *path, const char *form)
{
	char header[HTTP_VALUE_SIZE];
	char url[HTTP_VALUE_SIZE];
	struct http_answer answer;
	struct json_object *json;

	snprintf(url, sizeof(url), "%s%s", stack_setting(stack,
	    "STRIPE_API_BASE"), path);
	snprintf(header, sizeof(header), "Authorization: Bearer %s",
	    stack_setting(stack, "STRIPE_SECRET_KEY"));
	http_send(stack, &(struct http_request){ .method = "POST",
	    .target = url, .headers = { header,
	    "Content-Type: application/x-www-form-urlencoded" },
	    .body = form, .len = strlen(form) }, &answer);
	if (answer.status != 200)
		fail_msg("%s %s: %ld %s", path, form, answer.status,
		    answer.body);
	json = json_tokener_parse(answer.body);
	http_answer_clear(&answer);
	return json;
}

void
named_form(struct stack *stack, int64_t order_id, char form[HTTP_VALUE_SIZE])
{
	struct json_object *named = json_object_new_object();

	club_name_order(stack, named, order_id);
	snprintf(form, HTTP_VALUE_SIZE, "&mode=payment&metadata[order_id]=%s"
	    "&metadata[teamdues]=%s&metadata[teamdues_word]=%s",
	    json_text_at(named, "metadata.order_id"),
	    json_text_at(named, "metadata.teamdues"),
	    json_text_at(named, "metadata.teamdues_word"));
	json_object_put(named);
}

void
shop_session(struct stack *stack, const char *more_form,
    char session_id[SESSION_ID_SIZE])
{
	char form[HTTP_VALUE_SIZE];
	struct json_object *session;

	snprintf(form, sizeof(form), "line_items[0][quantity]=1&"
	    "line_items[0][price_data][currency]=usd&"
	    "line_items[0][price_data][unit_amount]=%d&"
	    "line_items[0][price_data][product_data][name]=Scarf&"
	    "success_url=https://shop.example/done%s", AMOUNT, more_form);
	session = stripe_do(stack, "/v1/checkout/sessions", form);
	snprintf(session_id, SESSION_ID_SIZE, "%s", json_text_at(session,
	    "id"));
	json_object_put(session);
}

void
intent_of(struct stack *stack, const char *session_id,
    char intent[SESSION_ID_SIZE])
{
	char *text = sql_text(stack, "select payment_intent_id from "
	    "teamdues.payments where session_id = '%s'", session_id);

	assert_string_not_equal(text, "");
	snprintf(intent, SESSION_ID_SIZE, "%s", text);
	free(text);
}

void
refund(struct stack *stack, const char *session_id, int64_t cents,
    char refund_id[SESSION_ID_SIZE])
{
	char form[HTTP_VALUE_SIZE];
	char intent[SESSION_ID_SIZE];
	struct json_object *json;

	intent_of(stack, session_id, intent);
	snprintf(form, sizeof(form), "payment_intent=%s&amount=%lld", intent,
	    (long long)cents);
	json = stripe_do(stack, "/v1/refunds", form);
	snprintf(refund_id, SESSION_ID_SIZE, "%s", json_text_at(json, "id"));
	json_object_put(json);
}

void
session_made_long_ago(struct stack *stack, const char *session_id)
{
	sql_run(stack, "update teamdues.checkout_sessions set stripe_created "
	    "= stripe_created - interval '2 days' where session_id = '%s'",
	    session_id);
}

struct json_object *
control(struct stack *stack, const char *kind, const char *id,
    const char *verb, const char *body)
{
	char path[HTTP_VALUE_SIZE];

	snprintf(path, sizeof(path), "%s/%s/%s", kind, id, verb);
	return standin_call(stack, "POST", path, body);
}
