/* Sessions and customers: what is asked, and what each answer means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stripe/customer.h"
#include "stripe/session.h"
#include "stripe_fixture.h"

#define SESSION_BODY(id) "{\"id\":\"" id "\",\"object\":\"checkout.session\"," \
	"\"mode\":\"payment\",\"status\":\"open\"," \
	"\"payment_status\":\"unpaid\",\"livemode\":false," \
	"\"amount_total\":15000,\"currency\":\"usd\"," \
	"\"created\":1700000000,\"expires_at\":1700086400," \
	"\"url\":\"https://checkout.stripe.com/c/pay/x\"}"

static void
assert_request_line(struct fixture *f, int nth, const char *line)
{
	const char *request = scripted_request(f->server, nth);
	size_t len = strcspn(request, "\r");

	assert_int_equal(len, strlen(line));
	assert_memory_equal(request, line, len);
}

static void
sessions_are_created(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .body = SESSION_BODY("cs_1"),
		    .headers = "Idempotent-Replayed: true\r\n" },
		{ .body = "{\"object\":\"checkout.session\"}" },
		{ .status = 400, .body = "{\"error\":{\"code\":"
		    "\"resource_missing\",\"param\":\"customer\"}}" },
	};
	struct stripe_session session;
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(stripe_session_create(f.stripe, "mode=payment",
	    "key-7", fixture_deadline(5000), &session, &f.reply, &f.err),
	    ST_OK);
	assert_string_equal(session.id, "cs_1");
	assert_true(f.reply.replayed);
	assert_request_line(&f, 0, "POST /v1/checkout/sessions HTTP/1.1");
	fixture_assert_header(&f, 0, "Idempotency-Key", "key-7");
	stripe_session_clear(&session);

	/* An answer that is no session is Stripe's fault, not the caller's. */
	assert_int_equal(stripe_session_create(f.stripe, "mode=payment",
	    "key-8", fixture_deadline(5000), &session, &f.reply, &f.err),
	    ST_UPSTREAM);
	assert_int_equal(f.err.st, ST_UPSTREAM);
	stripe_session_clear(&session);

	assert_int_equal(stripe_session_create(f.stripe, "mode=payment",
	    "key-9", fixture_deadline(5000), &session, &f.reply, &f.err),
	    ST_UPSTREAM);
	assert_string_equal(f.reply.code, "resource_missing");
	assert_string_equal(f.reply.param, "customer");
	assert_false(json_exists(session.json));
	stripe_session_clear(&session);
	fixture_close(&f);
}

static enum status
retrieve(struct fixture *f, const char *id, struct stripe_session *session)
{
	return stripe_session_retrieve(f->stripe, id, fixture_deadline(5000),
	    session, &f->err);
}

static void
sessions_are_retrieved(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .body = SESSION_BODY("cs_1") },
		{ .body = SESSION_BODY("cs_other") },
		{ .status = 404, .body = "{\"error\":{\"code\":"
		    "\"resource_missing\"}}" },
		{ .status = 401 },
	};
	struct stripe_session session;
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(retrieve(&f, "cs_1", &session), ST_OK);
	assert_request_line(&f, 0, "GET /v1/checkout/sessions/cs_1"
	    "?expand[]=payment_intent.latest_charge HTTP/1.1");
	stripe_session_clear(&session);
	assert_int_equal(retrieve(&f, "cs_1", &session), ST_UPSTREAM);
	stripe_session_clear(&session);
	assert_int_equal(retrieve(&f, "cs_1", &session), ST_NOT_FOUND);
	assert_int_equal(f.err.st, ST_NOT_FOUND);
	stripe_session_clear(&session);
	assert_int_equal(retrieve(&f, "cs_1", &session), ST_UPSTREAM);
	stripe_session_clear(&session);

	assert_int_equal(retrieve(&f, "cs_1/expire", &session), ST_BAD_INPUT);
	stripe_session_clear(&session);
	assert_int_equal(retrieve(&f, "", &session), ST_BAD_INPUT);
	stripe_session_clear(&session);
	assert_int_equal(scripted_requests(f.server), 4);
	fixture_close(&f);
}

static enum status
expire(struct fixture *f, const char *id)
{
	return stripe_session_expire(f->stripe, id, fixture_deadline(8000),
	    &f->err);
}

static void
sessions_are_expired(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .status = 500 }, { .body = SESSION_BODY("cs_1") },
		{ .status = 400 }, { .status = 404 }, { .status = 403 },
	};
	char first[64];
	char again[64];
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(expire(&f, "cs_1"), ST_OK);
	assert_request_line(&f, 0,
	    "POST /v1/checkout/sessions/cs_1/expire HTTP/1.1");
	scripted_header(f.server, 0, "Idempotency-Key", first, sizeof(first));
	scripted_header(f.server, 1, "Idempotency-Key", again, sizeof(again));
	assert_int_equal(strlen(first), strlen("teamdues-expire-") + 32);
	assert_string_equal(again, first);

	assert_int_equal(expire(&f, "cs_1"), ST_CONFLICT);
	scripted_header(f.server, 2, "Idempotency-Key", again, sizeof(again));
	assert_string_not_equal(again, first);
	assert_int_equal(expire(&f, "cs_1"), ST_NOT_FOUND);
	assert_int_equal(expire(&f, "cs_1"), ST_UPSTREAM);
	assert_int_equal(expire(&f, "cs_1?"), ST_BAD_INPUT);
	assert_int_equal(scripted_requests(f.server), 5);
	fixture_close(&f);
}

static enum status
list(struct fixture *f, int64_t from, const char *after, int limit)
{
	json_clear(&f->object);
	return stripe_session_list(f->stripe, from, after, limit,
	    fixture_deadline(5000), &f->object, &f->err);
}

static void
sessions_are_listed(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .body = "{\"object\":\"list\",\"data\":[]}" },
		{ .body = "{\"object\":\"list\",\"data\":[]}" },
		{ .body = "{\"object\":\"list\",\"data\":{}}" },
	};
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(list(&f, 0, NULL, 100), ST_OK);
	assert_request_line(&f, 0, "GET /v1/checkout/sessions?limit=100"
	    "&expand[]=data.payment_intent.latest_charge HTTP/1.1");
	assert_int_equal(list(&f, 1700000000, "cs_9", 1), ST_OK);
	assert_request_line(&f, 1, "GET /v1/checkout/sessions?limit=1"
	    "&created[gte]=1700000000&starting_after=cs_9"
	    "&expand[]=data.payment_intent.latest_charge HTTP/1.1");
	assert_int_equal(list(&f, 0, NULL, 1), ST_UPSTREAM);
	assert_false(json_exists(json_root(&f.object)));
	assert_int_equal(list(&f, 0, "cs&x=1", 1), ST_BAD_INPUT);
	assert_int_equal(list(&f, 0, NULL, 0), ST_BUG);
	assert_int_equal(list(&f, 0, NULL, 101), ST_BUG);
	assert_int_equal(scripted_requests(f.server), 3);
	fixture_close(&f);
}

static void
customers_are_created(void **state)
{
	static const struct scripted_line SCRIPT[] = {
		{ .body = "{\"id\":\"cus_1\",\"object\":\"customer\"}" },
		{ .body = "{\"object\":\"customer\"}" },
		{ .body = "{\"id\":\"cus/1\"}" },
	};
	char id[STRIPE_ID_SIZE];
	struct fixture f;

	(void)state;
	FIXTURE_OPEN(&f, SCRIPT);
	assert_int_equal(stripe_customer_create(f.stripe, "name=A", "key-1",
	    fixture_deadline(5000), id, &f.reply, &f.err), ST_OK);
	assert_string_equal(id, "cus_1");
	assert_request_line(&f, 0, "POST /v1/customers HTTP/1.1");
	fixture_assert_header(&f, 0, "Idempotency-Key", "key-1");
	for (int i = 0; i < 2; i++)
		assert_int_equal(stripe_customer_create(f.stripe, "name=A",
		    "key-1", fixture_deadline(5000), id, &f.reply, &f.err),
		    ST_UPSTREAM);
	fixture_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sessions_are_created),
		cmocka_unit_test(sessions_are_retrieved),
		cmocka_unit_test(sessions_are_expired),
		cmocka_unit_test(sessions_are_listed),
		cmocka_unit_test(customers_are_created),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
