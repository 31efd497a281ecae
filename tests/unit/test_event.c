/* The envelope of a snapshot event. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stripe/event.h"

#define HEAD "{\"id\":\"evt_1\",\"object\":\"event\","
#define FACTS "\"type\":\"checkout.session.completed\"," \
	"\"created\":1700000000,\"livemode\":false"
#define DATA ",\"data\":{\"object\":{\"id\":\"cs_test_a1\"," \
	"\"object\":\"checkout.session\"}}}"

static struct err err;

static enum status
parse(const char *body, struct stripe_event *event)
{
	err = (struct err){ 0 };
	return stripe_event_parse(body, strlen(body), event, &err);
}

static void
a_whole_event(void **state)
{
	struct stripe_event event;

	(void)state;
	assert_int_equal(parse(HEAD FACTS ",\"api_version\":"
	    "\"2026-07-29.dahlia\",\"account\":null,\"context\":null,"
	    "\"unknown\":[1]" DATA, &event), ST_OK);
	assert_string_equal(event.id, "evt_1");
	assert_string_equal(event.type, "checkout.session.completed");
	assert_string_equal(event.api_version, "2026-07-29.dahlia");
	assert_true(event.created == 1700000000);
	assert_false(event.livemode);
	assert_false(event.is_of_account);
	assert_string_equal(event.object_type, "checkout.session");
	assert_string_equal(event.object_id, "cs_test_a1");
	assert_ptr_equal(event.object.token, json_at(json_root(&event.doc),
	    "data.object").token);
	stripe_event_clear(&event);
	assert_false(json_exists(event.object));
	stripe_event_clear(&event);
}

static void
events_of_an_account(void **state)
{
	static const char *const BODIES[] = {
		HEAD FACTS ",\"account\":\"acct_1\"" DATA,
		HEAD FACTS ",\"context\":\"acct_1\"" DATA,
		HEAD FACTS ",\"context\":{}" DATA,
		HEAD FACTS ",\"account\":false" DATA,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(BODIES) / sizeof(BODIES[0]); i++) {
		struct stripe_event event;

		assert_int_equal(parse(BODIES[i], &event), ST_OK);
		assert_true(event.is_of_account);
		stripe_event_clear(&event);
	}
}

/* An organisation's destination names the account that an event is of. */
static void
our_own_account_is_ours(void **state)
{
	static const struct {
		const char *body, *ours;
		bool is_ours;
	} CASES[] = {
		{ HEAD FACTS ",\"context\":\"acct_1\"" DATA, "acct_1", true },
		{ HEAD FACTS ",\"account\":\"acct_1\"" DATA, "acct_1", true },
		{ HEAD FACTS ",\"context\":\"acct_1\"" DATA, "acct_12",
		    false },
		{ HEAD FACTS ",\"context\":\"acct_1\"" DATA, NULL, false },
		{ HEAD FACTS ",\"account\":\"acct_2\",\"context\":"
		    "\"acct_1\"" DATA, "acct_1", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct stripe_event event;

		assert_int_equal(parse(CASES[i].body, &event), ST_OK);
		stripe_event_accept_account(&event, CASES[i].ours);
		assert_int_equal(event.is_of_account, !CASES[i].is_ours);
		stripe_event_clear(&event);
	}
}

/* Events that we do not handle may carry anything as their object. */
static void
odd_objects_are_no_error(void **state)
{
	static const char *const TAILS[] = {
		"}",
		",\"data\":null}",
		",\"data\":{}}",
		",\"data\":{\"object\":null}}",
		",\"data\":{\"object\":\"x\"}}",
		",\"data\":[{\"object\":{}}]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(TAILS) / sizeof(TAILS[0]); i++) {
		char body[512] = HEAD FACTS;
		struct stripe_event event;

		memcpy(body + strlen(body), TAILS[i], strlen(TAILS[i]) + 1);
		assert_int_equal(parse(body, &event), ST_OK);
		assert_false(json_exists(event.object));
		assert_string_equal(event.object_type, "");
		assert_string_equal(event.object_id, "");
		stripe_event_clear(&event);
	}
}

static void
odd_ids_of_objects_are_blank(void **state)
{
	struct stripe_event event;

	(void)state;
	assert_int_equal(parse(HEAD FACTS ",\"data\":{\"object\":"
	    "{\"object\":\"balance\"}}}", &event), ST_OK);
	assert_true(json_exists(event.object));
	assert_string_equal(event.object_type, "balance");
	assert_string_equal(event.object_id, "");
	stripe_event_clear(&event);

	assert_int_equal(parse(HEAD FACTS ",\"data\":{\"object\":"
	    "{\"object\":7,\"id\":\"../x\"}}}", &event), ST_OK);
	assert_string_equal(event.object_type, "");
	assert_string_equal(event.object_id, "");
	stripe_event_clear(&event);
}

static void
expect_refused(const char *body, const char *part_of_message)
{
	struct stripe_event event;

	assert_int_equal(parse(body, &event), ST_BAD_INPUT);
	assert_int_equal(err.st, ST_BAD_INPUT);
	if (strstr(err.msg, part_of_message) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.msg,
		    part_of_message);
	stripe_event_clear(&event);
}

static void
what_is_no_event(void **state)
{
	(void)state;
	expect_refused("", "");
	expect_refused("not JSON", "");
	expect_refused("[]", "");
	expect_refused(HEAD FACTS, "");
	expect_refused(HEAD FACTS DATA "{}", "");
	expect_refused("{}", "not an event");
	expect_refused("{\"object\":\"charge\"}", "not an event");
	expect_refused("{\"object\":1}", "not an event");
	expect_refused("{\"id\":\"evt_1\",\"object\":\"v2.core.event\","
	    "\"created\":\"2026-01-01T00:00:00Z\"}", "thin event");
}

static void
fields_that_are_missing_or_odd(void **state)
{
	(void)state;
	expect_refused("{\"object\":\"event\"," FACTS DATA, "id");
	expect_refused("{\"object\":\"event\",\"id\":null," FACTS DATA, "id");
	expect_refused("{\"object\":\"event\",\"id\":7," FACTS DATA, "id");
	expect_refused("{\"object\":\"event\",\"id\":\"evt/1\"," FACTS DATA,
	    "id is not an id");
	expect_refused("{\"object\":\"event\",\"id\":\"\"," FACTS DATA,
	    "id is not an id");
	expect_refused(HEAD "\"created\":1,\"livemode\":true" DATA, "type");
	expect_refused(HEAD "\"type\":\"\",\"created\":1,\"livemode\":true"
	    DATA, "type");
	expect_refused(HEAD "\"type\":\"a\\u0000b\",\"created\":1,"
	    "\"livemode\":true" DATA, "");
	expect_refused(HEAD "\"type\":\"a\",\"livemode\":true" DATA,
	    "created");
	expect_refused(HEAD "\"type\":\"a\",\"created\":\"1\","
	    "\"livemode\":true" DATA, "created");
	expect_refused(HEAD "\"type\":\"a\",\"created\":-1,"
	    "\"livemode\":true" DATA, "created");
	expect_refused(HEAD "\"type\":\"a\",\"created\":1.5,"
	    "\"livemode\":true" DATA, "created");
	expect_refused(HEAD "\"type\":\"a\",\"created\":1" DATA, "livemode");
	expect_refused(HEAD "\"type\":\"a\",\"created\":1,"
	    "\"livemode\":\"false\"" DATA, "livemode");
	expect_refused(HEAD FACTS ",\"api_version\":5" DATA, "api_version");
}

static void
ids_up_to_255_characters(void **state)
{
	char body[1024] = "{\"object\":\"event\"," FACTS ",\"id\":\"";
	size_t start = strlen(body);
	struct stripe_event event;

	(void)state;
	memset(body + start, 'x', 255);
	memcpy(body + start + 255, "\"}", 3);
	assert_int_equal(parse(body, &event), ST_OK);
	assert_int_equal(strlen(event.id), 255);
	stripe_event_clear(&event);

	memcpy(body + start + 255, "x\"}", 4);
	expect_refused(body, "id");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_event),
		cmocka_unit_test(events_of_an_account),
		cmocka_unit_test(our_own_account_is_ours),
		cmocka_unit_test(odd_objects_are_no_error),
		cmocka_unit_test(odd_ids_of_objects_are_blank),
		cmocka_unit_test(what_is_no_event),
		cmocka_unit_test(fields_that_are_missing_or_odd),
		cmocka_unit_test(ids_up_to_255_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
