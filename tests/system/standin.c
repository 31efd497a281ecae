#include <stdio.h>
#include <stdlib.h>

#include "standin.h"

struct json_object *
standin_call(struct stack *stack, const char *method, const char *path,
    const char *body)
{
	char url[HTTP_VALUE_SIZE];
	struct http_answer answer;
	struct json_object *json;

	snprintf(url, sizeof(url), "%s/_control/%s", stack_setting(stack,
	    "STRIPE_API_BASE"), path);
	http_send(stack, &(struct http_request){
		.method = method, .target = url,
		.headers = { "Content-Type: application/json" },
		.body = body, .len = body != NULL ? strlen(body) : 0,
	}, &answer);
	if (answer.status != 200)
		fail_msg("%s %s %s: %ld %s", method, path,
		    body != NULL ? body : "", answer.status, answer.body);
	json = json_tokener_parse(answer.body);
	http_answer_clear(&answer);
	return json;
}

void
standin_act(struct stack *stack, const char *session_id, const char *verb,
    const char *body)
{
	char path[HTTP_VALUE_SIZE];

	snprintf(path, sizeof(path), "sessions/%s/%s", session_id, verb);
	json_object_put(standin_call(stack, "POST", path,
	    body != NULL ? body : "{}"));
}

void
standin_fault(struct stack *stack, const char *format, ...)
{
	char body[HTTP_VALUE_SIZE];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(body, sizeof(body), format, args);
	va_end(args);
	assert_in_range(len, 1, sizeof(body) - 1);
	json_object_put(standin_call(stack, "POST", "faults", body));
}

void
standin_mend(struct stack *stack)
{
	json_object_put(standin_call(stack, "DELETE", "faults", NULL));
}

void
standin_deliver(struct stack *stack, bool enabled)
{
	json_object_put(standin_call(stack, "POST", "deliveries", enabled
	    ? "{\"enabled\":true}" : "{\"enabled\":false}"));
}

int
standin_clean(void **state)
{
	standin_mend(*state);
	standin_deliver(*state, true);
	return 0;
}

static bool
is_of_order(struct json_object *session, int64_t order_id)
{
	struct json_object *metadata = json_object_object_get(session,
	    "metadata");
	struct json_object *id = json_object_object_get(metadata, "order_id");

	return id != NULL && strtoll(json_object_get_string(id), NULL, 10) ==
	    order_id;
}

struct json_object *
standin_sessions(struct stack *stack, int64_t order_id)
{
	struct json_object *state = standin_call(stack, "GET", "state", NULL);
	struct json_object *all = json_object_object_get(state, "sessions");
	struct json_object *found = json_object_new_array();

	assert_non_null(all);
	for (size_t i = 0; i < json_object_array_length(all); i++) {
		struct json_object *session = json_object_array_get_idx(all, i);

		if (is_of_order(session, order_id))
			json_object_array_add(found,
			    json_object_get(session));
	}
	json_object_put(state);
	return found;
}

int
standin_session_count(struct stack *stack, int64_t order_id,
    const char *status)
{
	struct json_object *sessions = standin_sessions(stack, order_id);
	int count = 0;

	for (size_t i = 0; i < json_object_array_length(sessions); i++)
		if (status == NULL || strcmp(status, json_text_at(
		    json_object_array_get_idx(sessions, i), "status")) == 0)
			count++;
	json_object_put(sessions);
	return count;
}

void
standin_open_session(struct stack *stack, int64_t order_id,
    char id[SESSION_ID_SIZE])
{
	struct json_object *sessions = standin_sessions(stack, order_id);
	int count = 0;

	for (size_t i = 0; i < json_object_array_length(sessions); i++) {
		struct json_object *session =
		    json_object_array_get_idx(sessions, i);

		if (strcmp(json_text_at(session, "status"), "open") == 0) {
			snprintf(id, SESSION_ID_SIZE, "%s",
			    json_text_at(session, "id"));
			count++;
		}
	}
	json_object_put(sessions);
	assert_int_equal(count, 1);
}

static bool
is_asked(struct json_object *request, const struct standin_query *query)
{
	struct json_object *params = json_object_object_get(request, "params");
	struct json_object *value;

	if (strcmp(json_text_at(request, "method"), query->method) != 0 ||
	    strcmp(json_text_at(request, "path"), query->path) != 0)
		return false;
	if (query->name == NULL)
		return true;
	value = json_object_object_get(params, query->name);
	return value != NULL && strtoll(json_object_get_string(value), NULL,
	    10) == query->value;
}

struct json_object *
standin_requests(struct stack *stack, const struct standin_query *query)
{
	struct json_object *all = standin_call(stack, "GET", "requests", NULL);
	struct json_object *found = json_object_new_array();

	for (size_t i = 0; i < json_object_array_length(all); i++) {
		struct json_object *request = json_object_array_get_idx(all, i);

		if (is_asked(request, query))
			json_object_array_add(found,
			    json_object_get(request));
	}
	json_object_put(all);
	return found;
}

struct json_object *
standin_creates(struct stack *stack, int64_t order_id)
{
	return standin_requests(stack, &(struct standin_query){ "POST",
	    "/v1/checkout/sessions", "metadata[order_id]", order_id });
}

int
standin_refund_count(struct stack *stack, const char *payment_intent,
    int64_t *cents)
{
	struct json_object *state = standin_call(stack, "GET", "state", NULL);
	struct json_object *refunds = json_object_object_get(state, "refunds");
	int count = 0;

	*cents = 0;
	for (size_t i = 0; i < json_object_array_length(refunds); i++) {
		struct json_object *refund = json_object_array_get_idx(refunds,
		    i);

		if (strcmp(json_text_at(refund, "payment_intent"),
		    payment_intent) != 0)
			continue;
		*cents += json_object_get_int64(json_object_object_get(refund,
		    "amount"));
		count++;
	}
	json_object_put(state);
	return count;
}
