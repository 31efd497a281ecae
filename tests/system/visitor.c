#include <stdio.h>
#include <stdlib.h>

#include "sql.h"
#include "standin.h"
#include "visitor.h"

int64_t
visitor_offer(struct stack *stack, const char *kind, int64_t cents,
    const char *sizes)
{
	char name[UNIQUE_SIZE];

	unique_name(kind, name);
	return sql_int(stack, "select teamdues.product_add('%s', '%s', %lld, "
	    "'usd', coalesce(string_to_array(nullif('%s', ''), ','), '{}'), "
	    "'a test')",
	    kind, name, (long long)cents, sizes);
}

void
form_encode(const struct form_pair *pairs, char text[FORM_SIZE])
{
	size_t len = 0;

	text[0] = '\0';
	for (const struct form_pair *p = pairs; p->name != NULL; p++) {
		len += (size_t)snprintf(text + len, FORM_SIZE - len, "%s%s=",
		    p == pairs ? "" : "&", p->name);
		for (const char *c = p->value; *c != '\0'; c++) {
			assert_true(len + 4 < FORM_SIZE);
			len += (size_t)snprintf(text + len, FORM_SIZE - len,
			    "%%%02X", (unsigned char)*c);
		}
	}
}

void
form_with(const struct form_pair *pairs, const char *name, const char *value,
    struct form_pair changed[FORM_PAIRS_MAX])
{
	size_t count = 0;

	for (const struct form_pair *p = pairs; p->name != NULL; p++) {
		bool is_it = strcmp(p->name, name) == 0;

		if (is_it && value == NULL)
			continue;
		assert_true(count + 1 < FORM_PAIRS_MAX);
		changed[count] = *p;
		if (is_it)
			changed[count].value = value;
		count++;
	}
	changed[count] = (struct form_pair){ NULL, NULL };
}

void
visitor_address(char address[ADDRESS_SIZE])
{
	static int count;

	count++;
	snprintf(address, ADDRESS_SIZE, "127.1.%d.%d", count / 200,
	    1 + count % 200);
}

void
visitor_post(struct stack *stack, const char *path,
    const struct form_pair *pairs, struct http_answer *answer)
{
	visitor_post_with(stack, path, pairs, "Accept: text/html", answer);
}

void
visitor_post_with(struct stack *stack, const char *path,
    const struct form_pair *pairs, const char *header,
    struct http_answer *answer)
{
	char *body = malloc(FORM_SIZE);
	char address[ADDRESS_SIZE];

	assert_non_null(body);
	form_encode(pairs, body);
	visitor_address(address);
	http_send(stack, &(struct http_request){
		.method = "POST", .target = path, .from = address,
		.headers = { header }, .body = body, .len = strlen(body),
	}, answer);
	free(body);
}

void
visitor_post_json(struct stack *stack, const char *path, const char *json,
    const char *header, struct http_answer *answer)
{
	char address[ADDRESS_SIZE];

	visitor_address(address);
	http_send(stack, &(struct http_request){
		.method = "POST", .target = path, .from = address,
		.headers = { "Content-Type: application/json", header },
		.body = json, .len = strlen(json),
	}, answer);
}

int64_t
visitor_rows(struct stack *stack)
{
	return sql_int(stack, "select (select count(*) from teamdues.orders) + "
	    "(select count(*) from teamdues.parents) + (select count(*) from "
	    "teamdues.players) + (select count(*) from "
	    "teamdues.checkout_sessions) + (select count(*) from "
	    "teamdues.jersey_details) + (select count(*) from "
	    "teamdues.tryout_registrations)");
}

const char *
visitor_param(struct json_object *calls, size_t index, const char *name)
{
	struct json_object *params = json_object_object_get(
	    json_object_array_get_idx(calls, index), "params");
	struct json_object *value = json_object_object_get(params, name);

	return value != NULL ? json_object_get_string(value) : "";
}

struct json_object *
visitor_assert_minted(struct stack *stack, int64_t order_id)
{
	static const char *const places[] = { "metadata",
	    "payment_intent_data[metadata]" };
	static const char *const columns[] = { "order_id", "player_id",
	    "product_id" };
	struct json_object *calls = standin_creates(stack, order_id);
	char name[UNIQUE_SIZE];

	assert_true(json_object_array_length(calls) >= 1);
	for (size_t p = 0; p < 2; p++) {
		for (size_t c = 0; c < 3; c++) {
			snprintf(name, sizeof(name), "%s[%s]", places[p],
			    columns[c]);
			sql_assert_text(stack, visitor_param(calls, 0, name),
			    "select %s from teamdues.orders where order_id = "
			    "%lld", columns[c], (long long)order_id);
		}
	}
	return calls;
}
