/*
 * Events as Stripe posts them: made from a template, signed with the real
 * secret, posted through nginx.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_WEBHOOK_H
#define TEAMDUES_TESTS_SYSTEM_WEBHOOK_H

#include <json-c/json.h>

#include "http.h"

enum { SIGNATURE_SIZE = 512 };

/*
 * A Checkout Session in payment mode that was just paid by card, in test mode,
 * in usd, without metadata and without a customer.  The caller puts it.
 */
struct json_object *session_paid(const char *id, int64_t amount_cents);

/* Sets a member by dotted path, making the objects on the way; takes value. */
void json_set(struct json_object *object, const char *path,
    struct json_object *value);
void json_set_text(struct json_object *object, const char *path,
    const char *text);
void json_set_int(struct json_object *object, const char *path,
    int64_t value);
void json_set_null(struct json_object *object, const char *path);

/* The text at a dotted path; the test fails when it is not there. */
const char *json_text_at(struct json_object *object, const char *path);

/* An event about object, which is borrowed; the caller puts it. */
struct json_object *event_about(const char *type, struct json_object *object);

/* Signs with secret: "t=…,v1=…" with scheme v1. */
void webhook_sign(const char *secret, int64_t t, const char *scheme,
    const struct http_request *request, char header[SIGNATURE_SIZE]);

/* Posts body just as it is, with this Stripe-Signature (NULL: none). */
void webhook_post(struct stack *stack, const char *body, size_t len,
    const char *signature, struct http_answer *answer);

/* Signs the event with the stack's secret, now, and posts it. */
void webhook_deliver(struct stack *stack, struct json_object *event,
    struct http_answer *answer);

/* Delivers checkout.session.completed; the answer must be 200 and outcome. */
void webhook_expect(struct stack *stack, struct json_object *session,
    const char *outcome);

/* The same, of any type; the answer's outcome must be this. */
void webhook_expect_event(struct stack *stack, struct json_object *event,
    const char *outcome);

/* What event_overview says: outcome, and a part of the reason. */
void webhook_assert_overview(struct stack *stack, const char *event_id,
    const char *outcome, const char *reason_part);

#endif
