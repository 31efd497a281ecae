/* What the mails say, kind by kind, and facts of which no mail is made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "mail/several.h"

static const struct mail_facts FIRST = {
	.kind = MAIL_FIRST_PAYMENT,
	.club_name = "Westside Kings",
	.contact = "dues@kings.example",
	.parent_name = "Ann Smith",
	.player_name = "Ben Smith",
	.quoted = "2026-04-15",
	.prorate = true,
	.amount_cents = 8000,
	.currency = "usd",
	.link = "https://pay.club.example/checkout/first-payment?player_id=7",
	.last_day = "2026-04-30",
};

static void
assert_part(const struct mail_facts *facts, enum copy_part part,
    const char *expected)
{
	struct mail_copy copy;
	struct err err;

	if (copy_fill(&copy, facts, &err) != ST_OK)
		fail_msg("%s", err.msg);
	assert_string_equal(copy_text(&copy, part), expected);
	copy_clear(&copy);
}

static void
prorated(void **state)
{
	(void)state;
	assert_part(&FIRST, COPY_SUBJECT,
	    "Prorated April fee for Ben Smith: $80.00");
	assert_part(&FIRST, COPY_CLUB, "Westside Kings");
	assert_part(&FIRST, COPY_HEADING, "Welcome to Westside Kings");
	assert_part(&FIRST, COPY_GREETING, "Hello Ann Smith,");
	assert_part(&FIRST, COPY_LABEL, "Prorated April fee");
	assert_part(&FIRST, COPY_AMOUNT, "$80.00");
	assert_part(&FIRST, COPY_EXPLANATION, "Ben Smith joins during the "
	    "month, so this is the fee for the 16 days from 15 to 30 April.");
	assert_part(&FIRST, COPY_ACTION, "Pay $80.00");
	assert_part(&FIRST, COPY_LINK, FIRST.link);
	assert_part(&FIRST, COPY_EXPIRY,
	    "The link works until the end of 30 April 2026.");
}

static void
flat(void **state)
{
	struct mail_facts facts = FIRST;

	(void)state;
	facts.prorate = false;
	facts.amount_cents = 15000;
	assert_part(&facts, COPY_SUBJECT, "April fee for Ben Smith: $150.00");
	assert_part(&facts, COPY_LABEL, "April fee");
	assert_part(&facts, COPY_AMOUNT, "$150.00");
	assert_part(&facts, COPY_EXPLANATION,
	    "This is the fee for the whole month of April.");
}

/* On the first the fee is whole under either rule; on the last a day is left.*/
static void
first_and_last_day(void **state)
{
	struct mail_facts facts = FIRST;

	(void)state;
	facts.quoted = "2028-02-01";
	assert_part(&facts, COPY_LABEL, "February fee");
	assert_part(&facts, COPY_EXPLANATION,
	    "This is the fee for the whole month of February.");
	facts.quoted = "2028-02-28";
	assert_part(&facts, COPY_EXPLANATION, "Ben Smith joins during the "
	    "month, so this is the fee for the 2 days from 28 to 29 "
	    "February.");
	facts.quoted = "2028-02-29";
	assert_part(&facts, COPY_LABEL, "Prorated February fee");
	assert_part(&facts, COPY_EXPLANATION, "Ben Smith joins on the last "
	    "day of February, so this is the fee for that day alone.");
}

static void
each_kind(void **state)
{
	static const struct {
		enum mail_kind kind;
		const char *name;
		const char *subject;
		const char *heading;
	} CASES[] = {
		{ MAIL_FIRST_PAYMENT, "first_payment",
		    "Spring Cup for Ben Smith: $150.00",
		    "Welcome to Westside Kings" },
		{ MAIL_TOURNAMENT, "tournament",
		    "Spring Cup for Ben Smith: $150.00", "Spring Cup" },
		{ MAIL_REMINDER, "reminder",
		    "Reminder: Spring Cup for Ben Smith, $150.00",
		    "Still to be paid" },
		{ MAIL_RECEIPT, "receipt",
		    "Receipt: Spring Cup for Ben Smith, $150.00",
		    "Thank you" },
		{ MAIL_REPLACED_LINK, "replaced_link",
		    "A new payment link: Spring Cup for Ben Smith, $150.00",
		    "A new link for you" },
		{ MAIL_TRYOUT, "tryout",
		    "One step left: Spring Cup, $150.00",
		    "One step is left" },
	};

	(void)state;
	assert_int_equal(sizeof(CASES) / sizeof(CASES[0]), MAIL_KIND_MAX);
	for (size_t i = 0; i < MAIL_KIND_MAX; i++) {
		struct mail_facts facts = FIRST;
		enum mail_kind kind;

		facts.kind = CASES[i].kind;
		facts.item = "Spring Cup";
		facts.amount_cents = 15000;
		if (facts.kind == MAIL_RECEIPT)
			facts.link = NULL;
		assert_part(&facts, COPY_SUBJECT, CASES[i].subject);
		assert_part(&facts, COPY_HEADING, CASES[i].heading);
		assert_part(&facts, COPY_EXPLANATION, "");
		assert_true(mail_kind_parse(CASES[i].name, &kind));
		assert_int_equal(kind, CASES[i].kind);
	}
	assert_false(mail_kind_parse("newsletter", &(enum mail_kind){ 0 }));
}

/* The names in it are a stranger's words, to an address of the stranger's. */
static void
a_tryout_names_nobody(void **state)
{
	struct mail_facts facts = FIRST;
	struct mail_copy copy;
	struct err err;

	(void)state;
	facts.kind = MAIL_TRYOUT;
	facts.item = "Tryout";
	facts.parent_name = NULL;
	facts.player_name = "You won";
	assert_int_equal(copy_fill(&copy, &facts, &err), ST_OK);
	for (int i = 0; i < COPY_PART_MAX; i++)
		assert_null(strstr(copy_text(&copy, (enum copy_part)i),
		    "You won"));
	copy_clear(&copy);
	facts.player_name = NULL;
	assert_part(&facts, COPY_SUBJECT, "One step left: Tryout, $80.00");
}

static void
what_may_be_left_out(void **state)
{
	struct mail_facts facts = FIRST;

	(void)state;
	facts.parent_name = NULL;
	assert_part(&facts, COPY_GREETING, "Hello,");
	facts.parent_name = "";
	assert_part(&facts, COPY_GREETING, "Hello,");
	facts.last_day = NULL;
	assert_part(&facts, COPY_EXPIRY, "");
	facts = FIRST;
	facts.kind = MAIL_RECEIPT;
	facts.link = NULL;
	assert_part(&facts, COPY_LINK, "");
	assert_part(&facts, COPY_ACTION, "");
	assert_part(&facts, COPY_EXPIRY, "");
}

/* A name that looks like a pattern of ours is a name. */
static void
names_are_not_patterns(void **state)
{
	struct mail_facts facts = FIRST;

	(void)state;
	facts.player_name = "{amount} {label} {player}";
	assert_part(&facts, COPY_SUBJECT,
	    "Prorated April fee for {amount} {label} {player}: $80.00");
	facts.club_name = "{player}";
	assert_part(&facts, COPY_HEADING, "Welcome to {player}");
}

static void
assert_refused(const struct mail_facts *facts, const char *reason)
{
	struct mail_copy copy;
	struct err err;

	assert_int_equal(copy_fill(&copy, facts, &err), ST_BAD_INPUT);
	assert_string_equal(err.msg, reason);
	copy_clear(&copy);
	copy_clear(&copy);
}

static void
bad_words(void **state)
{
	struct mail_facts facts = FIRST;
	char longest[302];

	(void)state;
	facts.club_name = NULL;
	assert_refused(&facts, "the club's name: missing");
	facts = FIRST;
	facts.contact = "";
	assert_refused(&facts, "how the club is reached: missing");
	facts = FIRST;
	facts.player_name = "";
	assert_refused(&facts, "the player's name: missing");
	facts.player_name = "Ben\nhttps://evil.example/";
	assert_refused(&facts,
	    "the player's name: has a control character or a line end");
	facts = FIRST;
	facts.parent_name = "\xff";
	assert_refused(&facts, "the parent's name: not UTF-8");
	memset(longest, 'a', 301);
	longest[301] = '\0';
	facts.parent_name = longest;
	assert_refused(&facts,
	    "the parent's name: longer than 300 characters");
	facts = FIRST;
	facts.item = "";
	assert_refused(&facts, "what is paid for: missing");
}

static void
bad_links(void **state)
{
	static const char *const LINKS[] = { "https://a/ b", "https://a/\n",
		"https://a/\"", "https://a/<", "https://a/'",
		"https://a/\xc3" };
	struct mail_facts facts = FIRST;

	(void)state;
	for (size_t i = 0; i < sizeof(LINKS) / sizeof(LINKS[0]); i++) {
		facts.link = LINKS[i];
		assert_refused(&facts, "the link is not a well-formed URL");
	}
	facts.link = NULL;
	assert_refused(&facts, "the link is no https URL");
	facts.link = "http://pay.club.example/";
	assert_refused(&facts, "the link is no https URL");
	facts = FIRST;
	facts.kind = MAIL_RECEIPT;
	assert_refused(&facts, "a receipt has no link");
}

static void
bad_figures(void **state)
{
	struct mail_facts facts = FIRST;

	(void)state;
	facts.amount_cents = 0;
	assert_refused(&facts, "the amount is none");
	facts = FIRST;
	facts.currency = "jpy";
	assert_refused(&facts, "the amount is none");
	facts = FIRST;
	facts.quoted = NULL;
	assert_refused(&facts, "the day quoted: no such day");
	facts.quoted = "2026-04-31";
	assert_refused(&facts, "the day quoted: no such day");
	facts = FIRST;
	facts.last_day = "tomorrow";
	assert_refused(&facts, "the link's last day: no such day");
}

/* No hour is named in which a payment ought to have been heard of; and of what
 * is paid in parts the rest is. */
static void
what_is_said_of_money(void **state)
{
	struct mail_facts facts = FIRST;

	(void)state;
	facts.kind = MAIL_REMINDER;
	facts.item = "Spring Cup";
	assert_part(&facts, COPY_INTRO, "This payment for Ben Smith has not "
	    "reached us yet. If you have paid already, do not pay again: "
	    "reply to this mail, and we will look for it.");
	facts.kind = MAIL_RECEIPT;
	facts.link = NULL;
	assert_part(&facts, COPY_INTRO, "Your payment for Ben Smith has "
	    "reached us. There is nothing more for you to do.");
	facts.left_cents = 5050;
	assert_part(&facts, COPY_INTRO, "Your payment for Ben Smith has "
	    "reached us. $50.50 is left to be paid: the link that you have "
	    "asks for just that.");
}

static const struct mail_facts CUP = {
	.kind = MAIL_REMINDER,
	.club_name = "Westside Kings",
	.contact = "dues@kings.example",
	.parent_name = "Ann Smith",
	.player_name = "Mia Smith",
	.item = "Spring Cup",
	.amount_cents = 15000,
	.currency = "usd",
	.link = "https://pay.club.example/checkout/tournament?order_id=7",
};

static void
assert_text(const struct mail_copy *copy, enum copy_part part,
    const char *expected)
{
	assert_string_equal(copy_text(copy, part), expected);
}

/* Each has its own amount and link; what is of all is said once. */
static void
several(void **state)
{
	struct mail_facts facts[2] = { FIRST, CUP };
	struct mail_copy copy;
	struct err err;

	(void)state;
	facts[0].kind = MAIL_REMINDER;
	assert_int_equal(copy_fill_several(&copy, facts, 2, &err), ST_OK);
	assert_text(&copy, COPY_SUBJECT, "Reminder: 2 payments, $230.00");
	assert_text(&copy, COPY_INTRO, "These payments have not reached us "
	    "yet. If you have paid one already, do not pay it again: reply to "
	    "this mail, and we will look for it.");
	assert_text(&copy, COPY_LABEL, "Prorated April fee for Ben Smith");
	assert_text(&copy, COPY_ACTION, "Pay $80.00");
	assert_text(copy.beside, COPY_LABEL, "Spring Cup for Mia Smith");
	assert_text(copy.beside, COPY_ACTION, "Pay $150.00");
	assert_text(copy.beside, COPY_LINK, CUP.link);
	assert_null(copy.beside->beside);
	copy_clear(&copy);
	assert_int_equal(copy_fill_several(&copy, facts, 1, &err), ST_OK);
	assert_text(&copy, COPY_LABEL, "Prorated April fee");
	assert_null(copy.beside);
	copy_clear(&copy);
}

static void
what_does_not_go_together(void **state)
{
	struct mail_facts facts[2] = { CUP, CUP };
	struct mail_copy copy;
	struct err err;

	(void)state;
	facts[1].currency = "eur";
	assert_int_equal(copy_fill_several(&copy, facts, 2, &err),
	    ST_BAD_INPUT);
	copy_clear(&copy);
	facts[1] = FIRST;
	assert_int_equal(copy_fill_several(&copy, facts, 2, &err),
	    ST_BAD_INPUT);
	copy_clear(&copy);
	facts[1] = CUP;
	facts[1].player_name = "";
	assert_int_equal(copy_fill_several(&copy, facts, 2, &err),
	    ST_BAD_INPUT);
	copy_clear(&copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prorated),
		cmocka_unit_test(flat),
		cmocka_unit_test(first_and_last_day),
		cmocka_unit_test(each_kind),
		cmocka_unit_test(a_tryout_names_nobody),
		cmocka_unit_test(what_may_be_left_out),
		cmocka_unit_test(names_are_not_patterns),
		cmocka_unit_test(bad_words),
		cmocka_unit_test(bad_links),
		cmocka_unit_test(what_is_said_of_money),
		cmocka_unit_test(bad_figures),
		cmocka_unit_test(several),
		cmocka_unit_test(what_does_not_go_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
