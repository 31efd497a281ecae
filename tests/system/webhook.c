#include <stdio.h>
#include <stdlib.h>

#include "hmac.h"
#include "sql.h"
#include "webhook.h"

static const char session_template[] =
	"{\"object\":\"checkout.session\",\"adaptive_pricing\":{\"enabled\":"
	"false},\"allow_promotion_codes\":null,\"automatic_tax\":{\"enabled\":"
	"false,\"status\":null},\"cancel_url\":\"https://club.example/c\","
	"\"client_reference_id\":null,\"currency\":\"usd\",\"customer\":null,"
	"\"customer_creation\":\"if_required\",\"customer_details\":{\"email\":"
	"\"payer@example.com\",\"name\":\"Pat Payer\",\"phone\":null},"
	"\"livemode\":false,\"metadata\":{},\"mode\":\"payment\","
	"\"payment_link\":null,\"payment_method_types\":[\"card\"],"
	"\"payment_status\":\"paid\",\"status\":\"complete\",\"success_url\":"
	"\"https://club.example/s\",\"ui_mode\":\"hosted_page\",\"url\":null}";

static const char event_template[] =
	"{\"object\":\"event\",\"api_version\":\"2026-07-29.dahlia\","
	"\"livemode\":false,\"pending_webhooks\":1,\"request\":{\"id\":null,"
	"\"idempotency_key\":null}}";

static struct json_object *
parsed(const char *text)
{
	struct json_object *object = json_tokener_parse(text);

	assert_non_null(object);
	return object;
}

void
json_set(struct json_object *object, const char *path,
    struct json_object *value)
{
	const char *dot;

	while ((dot = strchr(path, '.')) != NULL) {
		char key[UNIQUE_SIZE];
		struct json_object *next = NULL;

		snprintf(key, sizeof(key), "%.*s", (int)(dot - path), path);
		if (!json_object_object_get_ex(object, key, &next) ||
		    next == NULL) {
			next = json_object_new_object();
			json_object_object_add(object, key, next);
		}
		object = next;
		path = dot + 1;
	}
	assert_int_equal(json_object_object_add(object, path, value), 0);
}

void
json_set_text(struct json_object *object, const char *path, const char *text)
{
	json_set(object, path, json_object_new_string(text));
}

void
json_set_int(struct json_object *object, const char *path, int64_t value)
{
	json_set(object, path, json_object_new_int64(value));
}

void
json_set_null(struct json_object *object, const char *path)
{
	json_set(object, path, NULL);
}

const char *
json_text_at(struct json_object *object, const char *path)
{
	char step[UNIQUE_SIZE];
	size_t len;

	for (const char *p = path; object != NULL && *p != '\0'; p += len) {
		p += *p == '.';
		len = strcspn(p, ".");
		snprintf(step, sizeof(step), "%.*s", (int)len, p);
		object = json_object_object_get(object, step);
	}
	if (!json_object_is_type(object, json_type_string))
		fail_msg("no text at %s", path);
	return json_object_get_string(object);
}

struct json_object *
session_paid(const char *id, int64_t amount_cents)
{
	struct json_object *session = parsed(session_template);
	char intent[UNIQUE_SIZE];

	unique_name("pi_", intent);
	json_set_text(session, "id", id);
	json_set_text(session, "payment_intent", intent);
	json_set_int(session, "amount_subtotal", amount_cents);
	json_set_int(session, "amount_total", amount_cents);
	json_set_int(session, "created", now_s());
	json_set_int(session, "expires_at", now_s() + 86400);
	return session;
}

struct json_object *
event_about(const char *type, struct json_object *object)
{
	struct json_object *event = parsed(event_template);
	char id[UNIQUE_SIZE];

	unique_name("evt_", id);
	json_set_text(event, "id", id);
	json_set_text(event, "type", type);
	json_set_int(event, "created", now_s());
	json_set(event, "data.object", json_object_get(object));
	return event;
}

void
webhook_sign(const char *secret, int64_t t, const char *scheme,
    const struct http_request *request, char header[SIGNATURE_SIZE])
{
	char hex[HMAC_HEX_SIZE];
	char *text = malloc(request->len + 32);
	int prefix;

	assert_non_null(text);
	prefix = sprintf(text, "%lld.", (long long)t);
	memcpy(text + prefix, request->body, request->len);
	hmac_hex(secret, text, (size_t)prefix + request->len, hex);
	snprintf(header, SIGNATURE_SIZE, "t=%lld,%s=%s", (long long)t, scheme,
	    hex);
	free(text);
}

void
webhook_post(struct stack *stack, const char *body, size_t len,
    const char *signature, struct http_answer *answer)
{
	char header[SIGNATURE_SIZE + 32];
	struct http_request request = {
		.method = "POST", .target = "/webhooks/stripe",
		.headers = { "Content-Type: application/json" },
		.body = body, .len = len,
	};

	if (signature != NULL) {
		snprintf(header, sizeof(header), "Stripe-Signature: %s",
		    signature);
		request.headers[1] = header;
	}
	http_send(stack, &request, answer);
}

void
webhook_deliver(struct stack *stack, struct json_object *event,
    struct http_answer *answer)
{
	char *secret = stack_first_secret(stack, "STRIPE_WEBHOOK_SECRET");
	struct http_request request = {
		.body = json_object_to_json_string(event),
	};
	char signature[SIGNATURE_SIZE];

	request.len = strlen(request.body);
	webhook_sign(secret, now_s(), "v1", &request, signature);
	webhook_post(stack, request.body, request.len, signature, answer);
	free(secret);
}

void
webhook_expect_event(struct stack *stack, struct json_object *event,
    const char *outcome)
{
	struct http_answer answer;
	struct json_object *said;

	webhook_deliver(stack, event, &answer);
	http_assert_status(&answer, 200);
	said = parsed(answer.body);
	if (strcmp(json_text_at(said, "outcome"), outcome) != 0)
		fail_msg("%s, not %s: %s", json_text_at(said, "outcome"),
		    outcome, json_object_to_json_string(event));
	json_object_put(said);
	http_answer_clear(&answer);
}

void
webhook_expect(struct stack *stack, struct json_object *session,
    const char *outcome)
{
	struct json_object *event = event_about("checkout.session.completed",
	    session);

	webhook_expect_event(stack, event, outcome);
	json_object_put(event);
}

void
webhook_assert_overview(struct stack *stack, const char *event_id,
    const char *outcome, const char *reason_part)
{
	char *reason;

	sql_assert_text(stack, outcome, "select outcome from "
	    "teamdues.event_overview where event_id = '%s'", event_id);
	reason = sql_text(stack, "select reason from teamdues.event_overview "
	    "where event_id = '%s'", event_id);
	if (strstr(reason, reason_part) == NULL)
		fail_msg("the reason is \"%s\", without \"%s\"", reason,
		    reason_part);
	free(reason);
}
