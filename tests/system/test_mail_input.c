/*
 * What people and rosters hold that no mail may: addresses, names and fees.
 * Refused, or skipped with a reason; never a broken mail, never a header that
 * is injected.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "mailbox.h"
#include "sql.h"

enum { FEE = 15000 };

static const char one[] = "/admin/email/first-payment";
static const char all[] = "/admin/email/first-payment/blast";

/* Each reason why somebody gets none, and what it is called. */
static void
test_who_is_skipped_and_why(void **state)
{
	static const struct {
		const char *who;
		const char *change;
		const char *reason;
	} cases[] = {
		{ "player", "active = false", "not active" },
		{ "player", "parent_id = null", "no parent known" },
		{ "player", "monthly_fee_cents = 0", "$0.50" },
		{ "parent", "email = null", "parent has no e-mail address" },
		{ "parent", "email = 'no-at.example'", "address" },
		{ "parent", "email = E'a@b.example\\r\\nBcc: c@d.example'",
		    "address" },
		{ "parent", "email = 'zo\u00eb@b.example'", "address" },
	};
	struct stack *stack = *state;
	struct family families[sizeof(cases) / sizeof(cases[0])];
	size_t count = sizeof(cases) / sizeof(cases[0]);
	struct json_object *answer;

	for (size_t i = 0; i < count; i++) {
		family_make(stack, FEE, &families[i]);
		sql_run(stack, "update teamdues.%ss set %s where %s_id = %lld",
		    cases[i].who, cases[i].change, cases[i].who,
		    (long long)(cases[i].who[1] == 'l'
		    ? families[i].player_id : families[i].parent_id));
	}
	answer = admin_json(stack, 202, all, NULL);
	assert_int_equal(json_int_at(answer, "queued"), 0);
	for (size_t i = 0; i < count; i++)
		assert_holds(skipped_reason(answer, families[i].player_id),
		    cases[i].reason);
	json_object_put(answer);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 0);
}

/* Where the address is of the time before: refused when it is sent. */
static void
test_no_header_is_injected(void **state)
{
	struct stack *stack = *state;
	struct family family;
	char body[LINK_SIZE];

	family_make(stack, FEE, &family);
	family_body(body, &family, "");
	json_object_put(admin_json(stack, 202, one, body));
	sql_run(stack, "update teamdues.parents set email = "
	    "E'a@b.example\\r\\nBcc: all@b.example' where parent_id = %lld",
	    (long long)family.parent_id);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 0);
	sql_assert_text(stack, "failed", "select state from teamdues.emails "
	    "where player_id = %lld", (long long)family.player_id);
}

static void
test_names_of_all_kinds(void **state)
{
	static const struct {
		const char *name;	/* as SQL text */
		const char *html;
	} names[] = {
		{ "Zo\u00eb \"Bee\" O''Neill, Jr.", "Bee" },
		{ "<b onload=x>&amp;", "&lt;b onload=x&gt;&amp;amp;" },
		{ "\u5f20\u4f1f \U0001f3c0\U0001f3fd", "\U0001f3c0" },
		{ "{amount} {player}", "{amount} {player}" },
		{ "=?utf-8?q?x?=", "=?utf-8?q?x?=" },
	};
	struct stack *stack = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct family family;
		struct json_object *mail;
		char body[LINK_SIZE];

		family_make(stack, FEE, &family);
		sql_run(stack, "update teamdues.players set name = '%s' where "
		    "player_id = %lld", names[i].name,
		    (long long)family.player_id);
		sql_run(stack, "update teamdues.parents set name = '%s' where "
		    "parent_id = %lld", names[i].name,
		    (long long)family.parent_id);
		family_body(body, &family, "");
		json_object_put(admin_json(stack, 202, one, body));
		mailer_run(stack, 0);
		mail = mailbox_only(stack, family.email);
		assert_holds(mail_html(mail), names[i].html);
		assert_holds(mail_header(mail, "to"), family.email);
		json_object_put(mail);
	}
}

/* A name of the time before may hold what no header may. */
static void
test_name_with_a_line_end(void **state)
{
	struct stack *stack = *state;
	struct family family;
	char body[LINK_SIZE];

	family_make(stack, FEE, &family);
	sql_run(stack, "update teamdues.players set name = E'A\\r\\nBcc: "
	    "x@y.example' where player_id = %lld",
	    (long long)family.player_id);
	family_body(body, &family, "");
	json_object_put(admin_json(stack, 202, one, body));
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 0);
	mail_assert_state(stack, family.email, "failed", "name");
}

/* The roster is the door for addresses: these never become a parent's. */
static void
test_addresses_that_the_roster_refuses(void **state)
{
	static const char *const addresses[] = { "no-at.example",
	    "a@b.example\r\nBcc: c@d.example", "zo\u00eb@b.example",
	    "a@-b.example", "a b@c.example", NULL };
	struct stack *stack = *state;
	char long_one[600];
	char csv[1024];

	memset(long_one, 'a', 500);
	snprintf(long_one + 500, sizeof(long_one) - 500, "@b.example");
	for (size_t i = 0; i < 6; i++) {
		struct run run;
		char line[HTTP_VALUE_SIZE];

		snprintf(csv, sizeof(csv), "parent_name,parent_email,"
		    "parent_phone,player_name,team,monthly_fee\n"
		    "Ann,\"%s\",,Bo,U1,10.00\n", addresses[i] != NULL
		    ? addresses[i] : long_one);
		snprintf(line, sizeof(line), "printf '%%b' '%s' >/tmp/roster-"
		    "%d.csv; exec \"$0\" import roster /tmp/roster-%d.csv "
		    "--commit", csv, getpid(), getpid());
		command_shell(stack, &run, 1, line);
		run_clear(&run);
	}
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.players where name = 'Bo'"), 0);
}

/* Below what Stripe charges: said to the admin, never to the family. */
static void
test_too_small_a_fee(void **state)
{
	struct stack *stack = *state;
	char player[WORD_SIZE];
	char target[LINK_SIZE];
	struct json_object *json;
	struct family family;
	struct run run;

	for (int64_t fee = 0; fee < 50; fee += 49) {
		family_make(stack, fee, &family);
		snprintf(target, sizeof(target), "/admin/email/first-payment?"
		    "skip_proration=true&player_id=%lld",
		    (long long)family.player_id);
		json = admin_json(stack, 409, target, NULL);
		assert_holds(json_text_at(json, "detail"), "$0.50");
		json_object_put(json);
		word_of(player, family.player_id);
		COMMAND(stack, &run, 1, "link", "first-payment", "--player",
		    player);
		assert_holds(run.errors, "$0.50");
		run_clear(&run);
	}
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_who_is_skipped_and_why),
		MAIL_TEST(test_no_header_is_injected),
		MAIL_TEST(test_names_of_all_kinds),
		MAIL_TEST(test_name_with_a_line_end),
		MAIL_TEST(test_addresses_that_the_roster_refuses),
		MAIL_TEST(test_too_small_a_fee),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
