/*
 * Mails at the desk: seen before they are sent, sent once, and looked after.
 * Invariants 6 and 8.
 */
#include <stdio.h>
#include <stdlib.h>

#include "desk.h"
#include "sql.h"

enum { FEE = 15000, PATH_SIZE = 256 };

#define PAIRS(...) (const struct form_pair[]){ __VA_ARGS__, { NULL, NULL } }

static const char send_path[] = "/desk/mails/send";
static const char retry_path[] = "/desk/mails/retry";
static const char drop_path[] = "/desk/mails/drop";

static void
assert_lacks(const struct http_answer *answer, const char *part)
{
	if (strstr(answer->body, part) != NULL)
		fail_msg("\"%s\" is in:\n%s", part, answer->body);
}

/* A page that must be there; the caller clears the answer. */
static void
get(struct stack *stack, struct desk_browser *browser, const char *target,
    struct http_answer *answer)
{
	desk_get(stack, browser, target, answer);
	http_assert_status(answer, 200);
}

static int64_t
mails_of(struct stack *stack, const struct family *family)
{
	return sql_int(stack, "select count(*) from teamdues.emails where "
	    "player_id = %lld", (long long)family->player_id);
}

/* What is between two parts of a page, as a reader sees it; to be freed. */
static char *
text_between(const struct http_answer *page, const char *from, const char *to)
{
	static const struct {
		const char *entity;
		char c;
	} entities[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' },
	    { "&quot;", '"' }, { "&#39;", '\'' } };
	const char *at = strstr(page->body, from);
	char *text = calloc(1, strlen(page->body) + 1);
	size_t len = 0;

	assert_non_null(text);
	if (at == NULL)
		fail_msg("no %s in:\n%s", from, page->body);
	for (at += strlen(from); strncmp(at, to, strlen(to)) != 0; len++) {
		size_t taken = 1;

		text[len] = *at;
		for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]);
		    i++) {
			size_t size = strlen(entities[i].entity);

			if (strncmp(at, entities[i].entity, size) != 0)
				continue;
			text[len] = entities[i].c;
			taken = size;
		}
		at += taken;
	}
	return text;
}

static void
assert_between(const struct http_answer *page, const char *from,
    const char *to, const char *wanted)
{
	char *text = text_between(page, from, to);

	assert_string_equal(text, wanted);
	free(text);
}

/* The first page shows the very mail, and queues nothing. */
static void
test_shown_then_sent(void **state)
{
	struct family family;
	struct desk_browser browser;
	struct http_answer shown, answer;
	char form[TOKEN_SIZE], seen[TOKEN_SIZE];
	struct json_object *mail;

	family_make(*state, FEE, &family);
	desk_enter(*state, "treasurer", &browser);
	desk_post(*state, &browser, send_path, PAIRS({ "what", "" }), &shown);
	http_assert_status(&shown, 200);
	http_assert_body_has(&shown, "<strong>Nothing is done "
	    "yet.</strong> This will happen:<br><b>1 mail goes out</b>");
	assert_int_equal(mails_of(*state, &family), 0);
	desk_token(&shown, send_path, form);
	char *hash = text_between(&shown, "name=\"seen\" value=\"", "\"");
	snprintf(seen, sizeof(seen), "%s", hash);
	free(hash);
	/* An impatient second click is the same request. */
	for (int i = 0; i < 2; i++) {
		desk_post(*state, &browser, send_path, PAIRS({ "form", form },
		    { "seen", seen }, { "confirm", "yes" }), &answer);
		http_assert_status(&answer, 303);
		http_answer_clear(&answer);
	}
	assert_int_equal(mails_of(*state, &family), 1);
	mailer_run(*state, 0);
	mail = mailbox_only(*state, family.email);
	assert_between(&shown, "<dt>Subject</dt><dd>", "</dd>",
	    mail_header(mail, "subject"));
	assert_between(&shown, "<dt>To</dt><dd>", "</dd>", family.email);
	assert_between(&shown, "<p class=\"text\">", "</p>", mail_text(mail));
	json_object_put(mail);
	http_answer_clear(&shown);
}

/* Who is left out stands there with the reason, and who may be asked again. */
static void
test_left_out(void **state)
{
	struct family asked, gone, here;
	struct desk_browser browser;
	struct stray stray;
	struct http_answer answer;

	family_make(*state, FEE, &asked);
	family_make(*state, FEE, &gone);
	family_make(*state, FEE, &here);
	stray_make(*state, 123450, "customer_details.email", here.email,
	    &stray);
	sql_run(*state, "update teamdues.players set active = false where "
	    "player_id = %lld", (long long)gone.player_id);
	sql_run(*state, "insert into teamdues.emails (kind, player_id, "
	    "recipient, facts, day, state, sent_at) values ('first_payment', "
	    "%lld, '%s', '{}', current_date - 3, 'sent', now())",
	    (long long)asked.player_id, asked.email);
	desk_enter(*state, "treasurer", &browser);
	desk_post(*state, &browser, send_path, PAIRS({ "what", "" }), &answer);
	http_assert_status(&answer, 409);
	http_assert_body_has(&answer, "nobody is to be mailed");
	http_assert_body_has(&answer, "<b>0 of ");
	http_assert_body_has(&answer, " plays no more");
	http_assert_body_has(&answer, " asked before");
	http_assert_body_has(&answer, "asked on ");
	http_assert_body_has(&answer, "$1,234.50 that may be theirs is not "
	    "placed yet: see unmatched");
	http_assert_body_has(&answer, "1 with money that is not placed yet");
	http_answer_clear(&answer);
	desk_request(*state, &browser, send_path, PAIRS({ "asked", "again" }),
	    &answer);
	http_assert_body_has(&answer, "1 mail goes out");
	http_assert_body_has(&answer, "<p>So far: 0 of 1 sent, 1 waiting.</p>");
	http_answer_clear(&answer);
	assert_int_equal(mails_of(*state, &asked), 2);
	assert_int_equal(mails_of(*state, &gone), 0);
	assert_int_equal(mails_of(*state, &here), 0);
}

/* One player, one team, and with or without proration. */
static void
test_whom_and_how_much(void **state)
{
	struct family one, other;
	struct desk_browser browser;
	struct http_answer answer;
	char target[PATH_SIZE];

	family_make(*state, FEE, &one);
	family_make(*state, FEE, &other);
	sql_run(*state, "update teamdues.players set team = 'U9 & <b>' where "
	    "player_id = %lld", (long long)other.player_id);
	desk_enter(*state, "treasurer", &browser);
	snprintf(target, sizeof(target), "/desk/family?parent_id=%lld",
	    (long long)one.parent_id);
	get(*state, &browser, target, &answer);
	snprintf(target, sizeof(target), "/desk/mails/send?player_id=%lld",
	    (long long)one.player_id);
	http_assert_body_has(&answer, target);
	http_answer_clear(&answer);
	get(*state, &browser, target, &answer);
	http_assert_body_has(&answer, one.email);
	assert_lacks(&answer, other.email);
	http_answer_clear(&answer);
	get(*state, &browser,
	    "/desk/mails/send?team=U9+%26+%3Cb%3E&fee=month", &answer);
	http_assert_body_has(&answer, other.email);
	http_assert_body_has(&answer, "U9 &amp; &lt;b&gt;");
	http_assert_body_has(&answer, "$150.00");
	assert_lacks(&answer, one.email);
	http_answer_clear(&answer);
	/* Nobody is looked at before something is chosen. */
	get(*state, &browser, "/desk/mails/send", &answer);
	assert_lacks(&answer, one.email);
	http_answer_clear(&answer);
	get(*state, &browser, "/desk/mails/send.csv?what=first_payments",
	    &answer);
	http_assert_body_has(&answer, one.email);
	http_assert_body_has(&answer, other.email);
	http_answer_clear(&answer);
}

/* A look at mails of which something was chosen; names are of its fields. */
static void
assert_fields(struct stack *stack, struct desk_browser *browser,
    const char *query, const char *const *has, const char *const *lacks)
{
	struct http_answer answer;
	char target[PATH_SIZE], part[PATH_SIZE];

	snprintf(target, sizeof(target), "/desk/mails/send%s", query);
	get(stack, browser, target, &answer);
	for (; *has != NULL; has++) {
		snprintf(part, sizeof(part), "id=\"filter-%s\"", *has);
		http_assert_body_has(&answer, part);
	}
	for (; *lacks != NULL; lacks++) {
		snprintf(part, sizeof(part), "id=\"filter-%s\"", *lacks);
		assert_lacks(&answer, part);
	}
	assert_lacks(&answer, "<p>Only <b>");
	http_answer_clear(&answer);
}

#define NAMES(...) (const char *const[]){ __VA_ARGS__, NULL }

/* What means nothing for such mails is not shown, nor heeded. */
static void
test_what_may_be_chosen(void **state)
{
	struct desk_browser browser;
	char query[PATH_SIZE];
	struct club club;

	club_make(*state, FEE, &club);
	desk_enter(*state, "treasurer", &browser);
	assert_fields(*state, &browser, "", NAMES("what"),
	    NAMES("tournament_id", "team", "fee", "asked"));
	assert_fields(*state, &browser, "?what=first_payments&team=",
	    NAMES("what", "team", "fee", "asked"), NAMES("tournament_id"));
	assert_fields(*state, &browser, "?what=fee_reminders&fee=month",
	    NAMES("what"), NAMES("tournament_id", "team", "fee", "asked"));
	snprintf(query, sizeof(query), "?what=tournament_reminders&"
	    "tournament_id=%lld&player_id=%lld&asked=again",
	    (long long)club.tournament_id, (long long)club.player_id);
	assert_fields(*state, &browser, query, NAMES("what", "tournament_id"),
	    NAMES("team", "fee", "asked"));
}

/* Of all who were asked before today and have not paid. */
static void
test_reminders_of_first_payments(void **state)
{
	struct family asked, other;
	struct desk_browser browser;
	struct http_answer answer;
	char player[WORD_SIZE];

	family_make(*state, FEE, &asked);
	family_make(*state, FEE, &other);
	word_of(player, asked.player_id);
	desk_enter(*state, "treasurer", &browser);
	desk_request(*state, &browser, send_path,
	    PAIRS({ "player_id", player }), &answer);
	http_answer_clear(&answer);
	desk_post(*state, &browser, send_path,
	    PAIRS({ "what", "fee_reminders" }), &answer);
	http_assert_status(&answer, 409);
	http_assert_body_has(&answer, "mailed today already");
	http_answer_clear(&answer);
	sql_run(*state, "update teamdues.emails set day = day - 1 where "
	    "player_id = %s", player);
	desk_request(*state, &browser, send_path,
	    PAIRS({ "what", "fee_reminders" }), &answer);
	http_assert_body_has(&answer, "1 mail goes out");
	http_answer_clear(&answer);
	assert_int_equal(mails_of(*state, &asked), 2);
	assert_int_equal(mails_of(*state, &other), 0);
	desk_post(*state, &browser, send_path, PAIRS({ "what", "nothing" }),
	    &answer);
	http_assert_status(&answer, 400);
	http_answer_clear(&answer);
}

/* Sends what a page showed; it has changed since, and nobody is mailed. */
static void
assert_changed(struct stack *stack, struct desk_browser *browser,
    const struct http_answer *page, const struct family *family)
{
	struct http_answer answer;
	char form[TOKEN_SIZE];
	char *seen = text_between(page, "name=\"seen\" value=\"", "\"");

	desk_token(page, send_path, form);
	desk_post(stack, browser, send_path, PAIRS({ "form", form },
	    { "seen", seen }, { "confirm", "yes" }), &answer);
	http_assert_status(&answer, 303);
	http_answer_clear(&answer);
	sql_assert_text(stack, "the list of players changed meanwhile; look "
	    "again", "select words from teamdues.desk_requests where state = "
	    "'refused' order by request_id desc limit 1");
	assert_int_equal(mails_of(stack, family), 0);
	free(seen);
}

/* Nobody is mailed who was not on the page, or asked for another amount. */
static void
test_changed_meanwhile(void **state)
{
	struct family first, late;
	struct desk_browser browser;
	struct http_answer page;

	family_make(*state, FEE, &first);
	desk_enter(*state, "treasurer", &browser);
	desk_post(*state, &browser, send_path, PAIRS({ "what", "" }), &page);
	family_make(*state, FEE, &late);
	assert_changed(*state, &browser, &page, &first);
	http_answer_clear(&page);
	desk_post(*state, &browser, send_path, PAIRS({ "what", "" }), &page);
	sql_run(*state, "update teamdues.players set monthly_fee_cents = "
	    "monthly_fee_cents + 100 where player_id = %lld",
	    (long long)late.player_id);
	assert_changed(*state, &browser, &page, &late);
	http_answer_clear(&page);
}

static int64_t
batch_of(struct stack *stack, const struct club *club)
{
	return sql_int(stack, "select max(batch_id) from teamdues.emails "
	    "where order_id = %lld", (long long)club->order_id);
}

static void
assert_state(struct stack *stack, const struct club *club, const char *state)
{
	sql_assert_text(stack, state, "select state from teamdues.emails "
	    "where order_id = %lld order by email_id desc limit 1",
	    (long long)club->order_id);
}

/* A tournament's pay links, of which one is refused; gives the batch. */
static void
send_links(struct stack *stack, struct desk_browser *browser,
    struct club *club, char batch[PATH_SIZE])
{
	char tournament[WORD_SIZE];
	struct http_answer answer;

	club_make(stack, FEE, club);
	club_add_order(stack, club);
	word_of(tournament, club->tournament_id);
	desk_request(stack, browser, send_path, PAIRS({ "what", "tournament" },
	    { "tournament_id", tournament }), &answer);
	http_assert_body_has(&answer, "<b>2 mails go out now</b>");
	http_assert_body_has(&answer, "action=\"/desk/mails/drop\"");
	snprintf(batch, PATH_SIZE, "/desk/mails/list?batch_id=%lld",
	    (long long)batch_of(stack, club));
	http_assert_body_has(&answer, batch);
	http_answer_clear(&answer);
}

/* How far it has come; what failed, and why; again, and not at all. */
static void
test_batch(void **state)
{
	struct desk_browser browser;
	struct http_answer answer;
	struct club club;
	char batch[PATH_SIZE], email[WORD_SIZE], batch_id[WORD_SIZE];

	desk_enter(*state, "treasurer", &browser);
	send_links(*state, &browser, &club, batch);
	get(*state, &browser, batch, &answer);
	http_assert_body_has(&answer, "<b>0 of 2 sent, 2 waiting.</b>");
	http_assert_body_has(&answer, "http-equiv=\"refresh\"");
	http_answer_clear(&answer);
	catcher_fault(*state, "{\"phase\":\"rcpt\",\"to\":\"%s@example.com\","
	    "\"code\":550,\"text\":\"5.1.1 <b>no such user</b>\"}", club.name);
	mailer_run(*state, 0);
	get(*state, &browser, batch, &answer);
	http_assert_body_has(&answer, "<b>1 of 2 sent, 1 failed.</b>");
	http_assert_body_has(&answer, "There is no such mailbox");
	http_assert_body_has(&answer, "&lt;b&gt;no such user");
	assert_lacks(&answer, "http-equiv=\"refresh\"");
	http_answer_clear(&answer);
	get(*state, &browser, "/desk/mails", &answer);
	http_assert_body_has(&answer, "1 of 2");
	http_assert_body_has(&answer, "did not arrive");
	http_answer_clear(&answer);
	word_of(email, sql_int(*state, "select email_id from teamdues.emails "
	    "where order_id = %lld", (long long)club.order_id));
	word_of(batch_id, batch_of(*state, &club));
	desk_request(*state, &browser, drop_path, PAIRS({ "email_id", email }),
	    &answer);
	http_assert_body_has(&answer, "1 mail is taken back");
	http_assert_body_has(&answer, "action=\"/desk/mails/retry\"");
	http_answer_clear(&answer);
	assert_state(*state, &club, "dropped");
	desk_request(*state, &browser, retry_path,
	    PAIRS({ "email_id", email }), &answer);
	http_assert_body_has(&answer, "it goes out again");
	http_answer_clear(&answer);
	desk_request(*state, &browser, drop_path, PAIRS({ "email_id", "" },
	    { "batch_id", batch_id }), &answer);
	http_assert_body_has(&answer, "1 mail is taken back");
	http_answer_clear(&answer);
	desk_post(*state, &browser, drop_path, PAIRS({ "batch_id", batch_id }),
	    &answer);
	http_assert_status(&answer, 409);
	http_answer_clear(&answer);
}

/* A batch is tried again as a whole, to the addresses that were mended. */
static void
test_batch_again(void **state)
{
	struct desk_browser browser;
	struct http_answer answer;
	struct json_object *mail;
	struct club club;
	char batch[PATH_SIZE], batch_id[WORD_SIZE], mended[PATH_SIZE];

	desk_enter(*state, "treasurer", &browser);
	send_links(*state, &browser, &club, batch);
	word_of(batch_id, batch_of(*state, &club));
	catcher_fault(*state, "{\"phase\":\"rcpt\",\"to\":\"%s@example.com\","
	    "\"code\":550}", club.name);
	mailer_run(*state, 0);
	assert_state(*state, &club, "failed");
	snprintf(mended, sizeof(mended), "mended-%s@example.com", club.name);
	sql_run(*state, "update teamdues.parents set email = '%s' where "
	    "parent_id = %lld", mended, (long long)club.parent_id);
	desk_request(*state, &browser, retry_path,
	    PAIRS({ "batch_id", batch_id }), &answer);
	http_assert_body_has(&answer, "1 mail goes out again");
	http_answer_clear(&answer);
	mailer_run(*state, 0);
	mail = mailbox_only(*state, mended);
	json_object_put(mail);
	get(*state, &browser, batch, &answer);
	http_assert_body_has(&answer, "<b>2 of 2 sent.</b>");
	http_answer_clear(&answer);
}

/* A viewer sees all of it and changes nothing. */
static void
test_viewer(void **state)
{
	static const char *const paths[] = { send_path, retry_path, drop_path };
	struct family family;
	struct desk_browser browser;
	struct http_answer answer;
	char target[PATH_SIZE];

	family_make(*state, FEE, &family);
	desk_enter(*state, "viewer", &browser);
	get(*state, &browser, "/desk/mails", &answer);
	assert_lacks(&answer, "/desk/mails/send");
	http_answer_clear(&answer);
	snprintf(target, sizeof(target), "%s?player_id=%lld", send_path,
	    (long long)family.player_id);
	get(*state, &browser, target, &answer);
	http_assert_body_has(&answer, family.email);
	assert_lacks(&answer, "method=\"post\" action=\"/desk/mails");
	http_answer_clear(&answer);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		desk_post(*state, &browser, paths[i], PAIRS({ "form", "x" },
		    { "confirm", "yes" }), &answer);
		http_assert_status(&answer, 403);
		http_answer_clear(&answer);
	}
	assert_int_equal(mails_of(*state, &family), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_shown_then_sent),
		MAIL_TEST(test_left_out),
		MAIL_TEST(test_whom_and_how_much),
		MAIL_TEST(test_what_may_be_chosen),
		MAIL_TEST(test_reminders_of_first_payments),
		MAIL_TEST(test_changed_meanwhile),
		MAIL_TEST(test_batch),
		MAIL_TEST(test_batch_again),
		MAIL_TEST(test_viewer),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
