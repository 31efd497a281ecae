/*
 * Pay links: what each kind names and where it leads.  That nginx and a program
 * answer there is for the system tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "billing/pay_link.h"

#define SITE "https://pay.club.example"

static int
set_up(void **state)
{
	static struct config config;
	struct err err;

	assert_int_equal(setenv("SITE_URL", SITE, 1), 0);
	assert_int_equal(setenv("LINK_SECRET",
	    "first-link-secret-of-32-bytes-xx", 1), 0);
	assert_int_equal(config_load(&config, NEEDS(SETTING_LINK_SECRET), NULL,
	    NULL, &err), ST_OK);
	*state = &config;
	return 0;
}

static int
tear_down(void **state)
{
	config_clear(*state);
	return 0;
}

static void
test_where_each_kind_leads(void **state)
{
	static const struct {
		struct pay_link link;
		const char *url;	/* up to the signature */
	} links[] = {
		{ { .kind = PAY_LINK_FIRST_PAYMENT, .id = 7, .word = "w",
			.quote = "&quoted=2026-11-24&amount_cents=150",
			.expires = 9 },
		    "/checkout/first-payment?player_id=7&word=w"
		    "&quoted=2026-11-24&amount_cents=150&expires=9&" },
		{ { .kind = PAY_LINK_TOURNAMENT, .id = 7, .word = "w",
			.expires = 9 },
		    "/checkout/tournament?order_id=7&word=w&expires=9&" },
		{ { .kind = PAY_LINK_TRYOUT, .id = 7, .expires = 9 },
		    "/tryouts/pay?order_id=7&expires=9&" },
		{ { .kind = PAY_LINK_JERSEY, .id = 7, .expires = 9 },
		    "/checkout/jersey?player_id=7&expires=9&" },
		{ { .kind = PAY_LINK_CREATE_SESSION, .id = 7, .expires = 9 },
		    "/checkout/create-session?player_id=7&expires=9&" },
	};
	struct err err;

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		char text[LINK_MAX];
		struct buf url = BUF_FIXED(text);

		assert_int_equal(links[i].link.kind, i);
		assert_int_equal(pay_link_put(*state, &links[i].link, &url,
		    &err), ST_OK);
		assert_memory_equal(text, SITE, strlen(SITE));
		assert_memory_equal(text + strlen(SITE), links[i].url,
		    strlen(links[i].url));
	}
	assert_int_equal(sizeof(links) / sizeof(links[0]), PAY_LINK_MAX);
}

/* A mail about an order that no link leads to is an error, not another's. */
static void
test_the_kind_that_leads_to_an_order(void **state)
{
	enum pay_link_kind kind;
	struct err err;

	(void)state;
	assert_int_equal(pay_link_kind_of_order("tournament", &kind, &err),
	    ST_OK);
	assert_int_equal(kind, PAY_LINK_TOURNAMENT);
	assert_int_equal(pay_link_kind_of_order("tryout", &kind, &err), ST_OK);
	assert_int_equal(kind, PAY_LINK_TRYOUT);
	assert_int_equal(pay_link_kind_of_order("jersey", &kind, &err), ST_BUG);
	assert_string_equal(err.msg,
	    "no pay link leads to an order of kind \"jersey\"");
	assert_int_equal(pay_link_kind_of_order("", &kind, &err), ST_BUG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where_each_kind_leads),
		cmocka_unit_test(test_the_kind_that_leads_to_an_order),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
