#include "treasurer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/crypto.h"
#include "base/log.h"
#include "reconcile.h"
#include "sql.h"

void
form_id_make(char form_id[FORM_ID_SIZE])
{
	unsigned char bytes[16];
	struct err err;

	assert_int_equal(crypto_random(bytes, sizeof(bytes), &err), ST_OK);
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(form_id + 2 * i, 3, "%02x", bytes[i]);
}

void
treasurer_enter(struct stack *stack, const char *role,
    struct treasurer *treasurer)
{
	struct err err;

	*treasurer = (struct treasurer){ .stack = stack };
	/* Each act is told in the log of whoever does it. */
	log_set_level(LOG_WARN);
	unique_name("Ruth", treasurer->name);
	snprintf(treasurer->actor, sizeof(treasurer->actor), "%s (desk)",
	    treasurer->name);
	form_id_make(treasurer->session);
	form_id_make(treasurer->session + 32);
	treasurer->user_id = sql_int(stack, "insert into "
	    "teamdues.desk_users (name, email, role, added_by) values ('%s', "
	    "'%s@desk.example', '%s', 'test') returning user_id",
	    treasurer->name, treasurer->name, role);
	sql_run(stack, "insert into teamdues.desk_sessions (session_hash, "
	    "user_id, ends_at) values (decode('%s', 'hex'), %lld, "
	    "now() + interval '1 hour')", treasurer->session,
	    (long long)treasurer->user_id);
	sql_url_of(stack, "desk", &treasurer->url);
	assert_int_equal(store_open(&treasurer->url, "test", 1,
	    &treasurer->store, &err), ST_OK);
}

void
treasurer_leave(struct treasurer *treasurer)
{
	store_close(treasurer->store);
	secret_clear(&treasurer->url);
}

struct desk_act
treasurer_act(const struct treasurer *treasurer, const char *action,
    int64_t order_id)
{
	return (struct desk_act){
		.session = treasurer->session,
		.action = action,
		.order_id = order_id,
		.reason = "as agreed",
		.zone = "America/Denver",
		.currency = "usd",
	};
}

const char *
act_args(const char *format, ...)
{
	static char texts[16][512];
	static size_t calls;
	char *text = texts[calls++ % 16];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(texts[0]), format, arguments);
	va_end(arguments);
	return text;
}

const char *
act_cents(int64_t cents)
{
	return act_args("{\"amount_cents\":%lld}", (long long)cents);
}

const char *
act_payment(const char *payment)
{
	return act_args("{\"payment\":\"%s\"}", payment);
}

static void
assert_is(const struct desk_request *request, enum desk_state state,
    const char *words)
{
	if (request->state != state || strstr(request->words, words) == NULL)
		fail_msg("request %lld is %s: %s; not %s: %s",
		    (long long)request->request_id,
		    desk_state_name(request->state), request->words,
		    desk_state_name(state), words);
}

static void
ask(struct treasurer *treasurer, const struct desk_act *act, bool commit,
    struct desk_request *request)
{
	char form_id[FORM_ID_SIZE];
	struct desk_act sent = *act;
	struct err err;

	form_id_make(form_id);
	if (sent.form_id == NULL)
		sent.form_id = form_id;
	if (store_desk_act(treasurer->store, &sent, commit, request, &err)
	    != ST_OK)
		fail_msg("%s: %s", act->action, err.msg);
}

int64_t
treasurer_asks(struct treasurer *treasurer, const struct desk_act *act,
    enum desk_state state, const char *words)
{
	struct desk_request request;

	ask(treasurer, act, true, &request);
	assert_is(&request, state, words);
	assert_true(request.request_id > 0);
	return request.request_id;
}

void
treasurer_looks(struct treasurer *treasurer, const struct desk_act *act,
    enum desk_state state, const char *words)
{
	struct desk_request request;
	char *before;
	char *after;

	events_arrive(treasurer->stack);
	before = books_hash(treasurer->stack);
	ask(treasurer, act, false, &request);
	after = books_hash(treasurer->stack);
	assert_is(&request, state, words);
	assert_int_equal(request.request_id, 0);
	assert_string_equal(before, after);
	free(before);
	free(after);
}

static bool
has_ended(struct treasurer *treasurer, int64_t request_id,
    struct desk_request *request)
{
	struct json_doc doc;
	struct err err;

	assert_int_equal(store_desk_request(treasurer->store,
	    treasurer->session, request_id, &doc, &err), ST_OK);
	request->request_id = request_id;
	assert_int_equal(desk_state_read(json_root(&doc), &request->state,
	    &err), ST_OK);
	assert_int_equal(json_get_text(json_root(&doc), "words",
	    request->words, sizeof(request->words), &err), ST_OK);
	json_clear(&doc);
	return request->state >= DESK_DONE;
}

void
treasurer_awaits(struct treasurer *treasurer, int64_t request_id,
    enum desk_state state, const char *words)
{
	struct desk_request request;

	WAIT_UNTIL(60, has_ended(treasurer, request_id, &request));
	assert_is(&request, state, words);
}
