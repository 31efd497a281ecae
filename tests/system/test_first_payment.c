/*
 * What the first payment's mail says is what is charged: in the mail, in its
 * link and at Stripe, today or later, whatever the roster says by then
 * (invariant 5).
 */
#include <stdio.h>
#include <stdlib.h>

#include "mailbox.h"
#include "sql.h"

enum { FEE = 15000, TEXT_SIZE = 128 };

/* The club's today, by PostgreSQL's own reckoning of the zone. */
struct today {
	int day;
	int days;
	char month[TEXT_SIZE];
	char date[TEXT_SIZE];
};

static void
look_at_calendar(struct stack *stack, struct today *today)
{
	char *text = sql_text(stack, "select to_char(d, 'FMDD ') || "
	    "extract(day from date_trunc('month', d) + interval '1 month - 1 "
	    "day') || to_char(d, ' FMMonth YYYY-MM-DD') from (select now() at "
	    "time zone '%s' as d) x", stack_setting(stack, "CLUB_TIMEZONE"));

	assert_int_equal(sscanf(text, "%d %d %127s %127s", &today->day,
	    &today->days, today->month, today->date), 4);
	free(text);
}

/* Half a cent up: another formula than the program's. */
static int64_t
prorated(const struct today *today, int64_t fee)
{
	int64_t numerator = fee * (today->days - today->day + 1);

	return numerator / today->days +
	    (2 * (numerator % today->days) >= today->days);
}

static void
put_money(char text[TEXT_SIZE], int64_t cents)
{
	snprintf(text, TEXT_SIZE, "$%lld.%02lld", (long long)cents / 100,
	    (long long)cents % 100);
}

/* Mails the family, and hands out the only mail. */
static struct json_object *
ask(struct stack *stack, const struct family *family, const char *more,
    int64_t amount_cents)
{
	char target[LINK_SIZE];
	struct json_object *answer;

	snprintf(target, sizeof(target),
	    "/admin/email/first-payment?player_id=%lld%s",
	    (long long)family->player_id, more);
	answer = admin_json(stack, 202, target, NULL);
	assert_int_equal(json_int_at(answer, "amount_cents"), amount_cents);
	assert_string_equal(json_text_at(answer, "to"), family->email);
	json_object_put(answer);
	json_object_put(catcher_call(stack, "DELETE", "messages", NULL));
	mailer_run(stack, 0);
	return mailbox_only(stack, family->email);
}

static void
ask_for_link(struct stack *stack, const struct family *family,
    const char *more, int64_t amount_cents, char url[LINK_SIZE])
{
	struct json_object *mail = ask(stack, family, more, amount_cents);

	mail_link(stack, mail, url);
	json_object_put(mail);
}

/* Follows the link to a session of exactly this amount, at Stripe too. */
static void
assert_charges(struct stack *stack, const struct family *family,
    const char *url, int64_t amount_cents)
{
	char session_id[SESSION_ID_SIZE];
	struct http_answer answer;
	struct json_object *sessions;
	struct json_object *last;

	http_get(stack, url, &answer);
	club_session_of(stack, &answer, session_id);
	http_answer_clear(&answer);
	assert_int_equal(standin_session_count(stack, family_order(stack,
	    family), "open"), 1);
	sessions = standin_sessions(stack, family_order(stack, family));
	last = json_object_array_get_idx(sessions,
	    json_object_array_length(sessions) - 1);
	assert_string_equal(json_text_at(last, "id"), session_id);
	assert_int_equal(json_int_at(last, "amount_total"), amount_cents);
	json_object_put(sessions);
}

static void
assert_variant(struct stack *stack, const char *more, bool is_prorated)
{
	char money[TEXT_SIZE];
	char label[2 * TEXT_SIZE];
	char word[LINK_WORD_SIZE];
	char part[2 * TEXT_SIZE + LINK_WORD_SIZE];
	char url[LINK_SIZE];
	struct family family;
	struct json_object *mail;
	struct today today;
	int64_t amount = FEE;

	look_at_calendar(stack, &today);
	if (is_prorated)
		amount = prorated(&today, FEE);
	put_money(money, amount);
	snprintf(label, sizeof(label), "%s%s fee",
	    is_prorated && today.day > 1 ? "Prorated " : "", today.month);
	family_make(stack, FEE, &family);
	mail = ask(stack, &family, more, amount);
	mail_assert_says(mail, label);
	mail_assert_says(mail, money);
	mail_link(stack, mail, url);
	club_player_word(stack, family.player_id, word);
	snprintf(part, sizeof(part), "?player_id=%lld%s%s&quoted=%s"
	    "&amount_cents=%lld&expires=", (long long)family.player_id, word,
	    is_prorated ? "" : "&prorate=false", today.date,
	    (long long)amount);
	assert_holds(url, part);
	if (!is_prorated)
		assert_null(strstr(mail_text(mail), "Prorated"));
	json_object_put(mail);
	assert_charges(stack, &family, url, amount);
}

static void
test_prorated_everywhere(void **state)
{
	assert_variant(*state, "", true);
	assert_variant(*state, "&skip_proration=false", true);
}

static void
test_flat_everywhere(void **state)
{
	assert_variant(*state, "&skip_proration=true", false);
}

static void
test_link_of_the_command_is_the_mails(void **state)
{
	struct stack *stack = *state;
	char player[WORD_SIZE];
	char url[LINK_SIZE + 1];
	struct family family;

	family_make(stack, FEE, &family);
	word_of(player, family.player_id);
	ask_for_link(stack, &family, "&skip_proration=true", FEE, url);
	strcat(url, "\n");
	command_assert_prints(stack, url, 0, WORDS("link", "first-payment",
	    "--player", player, "--no-prorate"));
}

static void
assert_refused(struct stack *stack, const struct family *family,
    const char *url)
{
	long status = http_status_of(stack, url);

	if (status != 403)
		fail_msg("%ld for %s", status, url);
	assert_int_equal(family_order(stack, family), 0);
}

/* Removes the parameter, gives it another value, or repeats it. */
static void
assert_parameter_is_signed(struct stack *stack, const struct family *family,
    const char *url, const char *name)
{
	char changed[2 * LINK_SIZE];
	const char *at = strstr(url, name);
	const char *end;

	assert_non_null(at);
	end = at + strcspn(at, "&");
	snprintf(changed, sizeof(changed), "%.*s%s", (int)(at - url), url,
	    end + 1);
	assert_refused(stack, family, changed);
	snprintf(changed, sizeof(changed), "%.*s9%s", (int)(end - url), url,
	    end);
	assert_refused(stack, family, changed);
	snprintf(changed, sizeof(changed), "%.*s=1%s", (int)(at - url +
	    (ptrdiff_t)strcspn(at, "=")), url, end);
	assert_refused(stack, family, changed);
	snprintf(changed, sizeof(changed), "%.*s&%.*s%s", (int)(end - url),
	    url, (int)(end - at), at, end);
	assert_refused(stack, family, changed);
}

static void
test_nothing_of_the_link_can_be_changed(void **state)
{
	static const char *const names[] = { "player_id=", "word=", "prorate=",
	    "quoted=", "amount_cents=", "expires=" };
	struct stack *stack = *state;
	char url[LINK_SIZE];
	struct family family;

	family_make(stack, FEE, &family);
	ask_for_link(stack, &family, "&skip_proration=true", FEE, url);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_parameter_is_signed(stack, &family, url, names[i]);
	assert_charges(stack, &family, url, FEE);
}

/* Signed, but not a link that anybody of ours has made. */
static void
test_link_that_says_nothing(void **state)
{
	static const struct {
		const char *query;
		long status;
	} links[] = {
		{ "player_id=1&quoted=2030-01-01&amount_cents=0", 400 },
		{ "player_id=1&quoted=2030-02-30&amount_cents=100", 400 },
		{ "player_id=1&amount_cents=100", 400 },
		{ "player_id=1&prorate=true&quoted=2030-01-01"
		    "&amount_cents=100", 400 },
		{ "player_id=1&quoted=2030-01-01&amount_cents=100&x=1", 400 },
		{ "player_id=999999999&quoted=2030-01-01&amount_cents=100",
		    404 },
	};
	struct stack *stack = *state;
	char target[LINK_SIZE];
	char url[LINK_SIZE];

	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		snprintf(target, sizeof(target), "/checkout/first-payment?%s"
		    "&expires=%lld", links[i].query,
		    (long long)now_s() + 3600);
		link_sign(stack, target, url);
		if (http_status_of(stack, url) != links[i].status)
			fail_msg("not %ld: %s", links[i].status, target);
	}
}

static void
test_link_ends_with_the_month(void **state)
{
	struct stack *stack = *state;
	char target[LINK_SIZE];
	char url[LINK_SIZE];
	struct http_answer answer;
	struct family family;
	int64_t end;

	family_make(stack, FEE, &family);
	ask_for_link(stack, &family, "&skip_proration=true", FEE, url);
	end = sql_int(stack, "select extract(epoch from (date_trunc('month', "
	    "now() at time zone '%s') + interval '1 month') at time zone "
	    "'%s')::bigint", stack_setting(stack, "CLUB_TIMEZONE"),
	    stack_setting(stack, "CLUB_TIMEZONE"));
	assert_int_equal(strtoll(strstr(url, "&expires=") + 9, NULL, 10), end);
	snprintf(target, sizeof(target), "/checkout/first-payment?player_id="
	    "%lld&quoted=2020-01-15&amount_cents=8000&expires=1580540400",
	    (long long)family.player_id);
	link_sign(stack, target, url);
	http_send(stack, &(struct http_request){ .target = url,
	    .headers = { "Accept: text/html" } }, &answer);
	http_assert_status(&answer, 403);
	http_assert_body_has(&answer, "ask the club for a new link");
	http_answer_clear(&answer);
}

static void
set_fee(struct stack *stack, const struct family *family, int64_t cents)
{
	sql_run(stack, "update teamdues.players set monthly_fee_cents = %lld "
	    "where player_id = %lld", (long long)cents,
	    (long long)family->player_id);
}

static void
test_roster_may_change_after_the_mail(void **state)
{
	struct stack *stack = *state;
	char url[LINK_SIZE];
	struct family family;

	family_make(stack, FEE, &family);
	ask_for_link(stack, &family, "&skip_proration=true", FEE, url);
	set_fee(stack, &family, 99900);
	assert_charges(stack, &family, url, FEE);
	assert_charges(stack, &family, url, FEE);
	set_fee(stack, &family, 0);
	assert_charges(stack, &family, url, FEE);
}

/* The link followed last counts; the other's session is expired first. */
static void
test_later_link_with_another_amount(void **state)
{
	struct stack *stack = *state;
	char later[LINK_SIZE];
	char url[LINK_SIZE];
	struct family family;
	int64_t order_id;

	family_make(stack, FEE, &family);
	ask_for_link(stack, &family, "&skip_proration=true", FEE, url);
	assert_charges(stack, &family, url, FEE);
	order_id = family_order(stack, &family);
	set_fee(stack, &family, 20000);
	ask_for_link(stack, &family, "&skip_proration=true&again=true", 20000,
	    later);
	assert_charges(stack, &family, later, 20000);
	assert_charges(stack, &family, url, FEE);
	assert_int_equal(family_order(stack, &family), order_id);
	assert_int_equal(standin_session_count(stack, order_id, "expired"), 2);
}

/* Two links of different amounts at once: one session, one order. */
static void
test_two_links_at_once(void **state)
{
	struct stack *stack = *state;
	struct http_request requests[6] = { { .method = NULL } };
	struct http_answer answers[6];
	char urls[2][LINK_SIZE];
	struct family family;
	int gone = 0;

	family_make(stack, FEE, &family);
	ask_for_link(stack, &family, "&skip_proration=true", FEE, urls[0]);
	set_fee(stack, &family, 20000);
	ask_for_link(stack, &family, "&skip_proration=true&again=true", 20000,
	    urls[1]);
	for (size_t i = 0; i < 6; i++)
		requests[i].target = urls[i % 2];
	http_send_all(stack, requests, 6, answers);
	for (size_t i = 0; i < 6; i++) {
		gone += answers[i].status == 303;
		http_answer_clear(&answers[i]);
	}
	assert_in_range(gone, 1, 6);
	assert_int_equal(standin_session_count(stack, family_order(stack,
	    &family), "open"), 1);
	assert_int_equal(sql_int(stack, "select count(*) from teamdues.orders "
	    "where player_id = %lld", (long long)family.player_id), 1);
}

static void
test_paid_already(void **state)
{
	struct stack *stack = *state;
	char target[LINK_SIZE];
	char session[SESSION_ID_SIZE];
	char paid_page[LINK_SIZE];
	char url[LINK_SIZE];
	struct http_answer answer;
	struct family family;

	family_make(stack, FEE, &family);
	ask_for_link(stack, &family, "&skip_proration=true", FEE, url);
	assert_charges(stack, &family, url, FEE);
	standin_open_session(stack, family_order(stack, &family), session);
	standin_act(stack, session, "pay", NULL);
	WAIT_UNTIL(10, club_payment_count(stack, family_order(stack,
	    &family)) == 1);
	snprintf(paid_page, sizeof(paid_page), "%s/paid.html",
	    stack_setting(stack, "SITE_URL"));
	http_get(stack, url, &answer);
	http_assert_status(&answer, 303);
	http_assert_header(&answer, "Location", paid_page);
	http_answer_clear(&answer);
	snprintf(target, sizeof(target), "/admin/email/first-payment?again="
	    "true&player_id=%lld", (long long)family.player_id);
	json_object_put(admin_json(stack, 409, target, NULL));
}

static void
adjust(struct stack *stack, const struct family *family, const char *amount)
{
	char order[WORD_SIZE];
	struct run run;

	word_of(order, family_order(stack, family));
	COMMAND(stack, &run, 0, "order", "adjust", order, "--amount", amount,
	    "--reason", "two of three weeks", "--commit");
	run_clear(&run);
}

/* What the treasurer made of an order stays, by old links and by new mails. */
static void
test_adjusted_order_keeps_its_amount(void **state)
{
	struct stack *stack = *state;
	char url[LINK_SIZE];
	struct json_object *mail;
	struct family family;

	family_make(stack, FEE, &family);
	ask_for_link(stack, &family, "&skip_proration=true", FEE, url);
	assert_charges(stack, &family, url, FEE);
	adjust(stack, &family, "20.00");
	assert_charges(stack, &family, url, 2000);
	mail = ask(stack, &family, "&again=true", 2000);
	mail_assert_says(mail, "$20.00");
	mail_assert_says(mail, "First month");
	assert_null(strstr(mail_text(mail), "rorated"));
	assert_null(strstr(mail_text(mail), "whole month"));
	mail_link(stack, mail, url);
	assert_holds(url, "&amount_cents=2000&");
	json_object_put(mail);
	assert_charges(stack, &family, url, 2000);
}

/* Adjusted between the decision and the sending: the mail says what counts. */
static void
test_adjusted_while_the_mail_waits(void **state)
{
	struct stack *stack = *state;
	char target[LINK_SIZE];
	char url[LINK_SIZE];
	struct json_object *mail;
	struct family family;

	family_make(stack, FEE, &family);
	ask_for_link(stack, &family, "&skip_proration=true", FEE, url);
	assert_charges(stack, &family, url, FEE);
	snprintf(target, sizeof(target), "/admin/email/first-payment?again="
	    "true&player_id=%lld", (long long)family.player_id);
	json_object_put(admin_json(stack, 202, target, NULL));
	adjust(stack, &family, "1033.00");
	json_object_put(catcher_call(stack, "DELETE", "messages", NULL));
	mailer_run(stack, 0);
	mail = mailbox_only(stack, family.email);
	mail_assert_says(mail, "$1,033.00");
	mail_link(stack, mail, url);
	assert_holds(url, "&amount_cents=103300&");
	json_object_put(mail);
	assert_charges(stack, &family, url, 103300);
}

static void
test_looking_makes_nothing(void **state)
{
	struct stack *stack = *state;
	char url[LINK_SIZE];
	struct http_answer answer;
	struct family family;

	family_make(stack, FEE, &family);
	ask_for_link(stack, &family, "&skip_proration=true", FEE, url);
	http_send(stack, &(struct http_request){ .target = url,
	    .headers = { "Sec-Purpose: prefetch" } }, &answer);
	http_assert_status(&answer, 503);
	http_answer_clear(&answer);
	http_send(stack, &(struct http_request){ .target = url,
	    .headers = { "User-Agent: WhatsApp/2" } }, &answer);
	http_assert_status(&answer, 200);
	http_answer_clear(&answer);
	http_send(stack, &(struct http_request){ .method = "HEAD",
	    .target = url }, &answer);
	http_assert_status(&answer, 200);
	http_answer_clear(&answer);
	assert_int_equal(family_order(stack, &family), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_prorated_everywhere),
		MAIL_TEST(test_flat_everywhere),
		MAIL_TEST(test_link_of_the_command_is_the_mails),
		MAIL_TEST(test_nothing_of_the_link_can_be_changed),
		MAIL_TEST(test_link_that_says_nothing),
		MAIL_TEST(test_link_ends_with_the_month),
		MAIL_TEST(test_roster_may_change_after_the_mail),
		MAIL_TEST(test_later_link_with_another_amount),
		MAIL_TEST(test_two_links_at_once),
		MAIL_TEST(test_paid_already),
		MAIL_TEST(test_adjusted_order_keeps_its_amount),
		MAIL_TEST(test_adjusted_while_the_mail_waits),
		MAIL_TEST(test_looking_makes_nothing),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
