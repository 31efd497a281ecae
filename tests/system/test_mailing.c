/*
 * Asking families for their first payment: one by one and all at once, who gets
 * a mail, who does not and why (invariants 6 and 8).
 */
#include <stdio.h>
#include <stdlib.h>

#include "mailbox.h"
#include "sql.h"

enum { FEE = 15000, FAMILIES = 12, THOUSAND = 1000, QUEUE_MS = 3000 };

static const char one[] = "/admin/email/first-payment";
static const char all[] = "/admin/email/first-payment/blast";

static int64_t
mail_rows(struct stack *stack)
{
	return sql_int(stack, "select count(*) from teamdues.emails where "
	    "state = 'queued'");
}

static int64_t
queued_by(struct stack *stack, const char *target, const char *body)
{
	struct json_object *answer = admin_json(stack, 202, target, body);
	int64_t queued = json_int_at(answer, "queued");

	json_object_put(answer);
	return queued;
}

static void
test_every_form_of_a_request(void **state)
{
	struct stack *stack = *state;
	struct family family;
	char body[LINK_SIZE];
	char target[LINK_SIZE];

	family_make(stack, FEE, &family);
	family_body(body, &family, "");
	json_object_put(admin_json(stack, 202, one, body));
	json_object_put(admin_json(stack, 409, one, body));
	family_body(body, &family, ",\"again\":false");
	json_object_put(admin_json(stack, 409, one, body));
	family_body(body, &family, ",\"again\":true,\"skip_proration\":true");
	json_object_put(admin_json(stack, 202, one, body));
	snprintf(target, sizeof(target), "%s?player_id=%lld&again=true", one,
	    (long long)family.player_id);
	json_object_put(admin_json(stack, 202, target, NULL));
	snprintf(body, sizeof(body), "again=true&player_id=%lld",
	    (long long)family.player_id);
	json_object_put(admin_json(stack, 202, one, body));
	assert_int_equal(mail_rows(stack), 4);
	sql_assert_text(stack, "demo", "select actor from teamdues.audit_log "
	    "where action = 'mail first_payment' and subject = 'player %lld' "
	    "limit 1", (long long)family.player_id);
}

static void
assert_refused(struct stack *stack, const char *method, const char *target,
    const char *body, long status)
{
	struct http_answer answer;

	admin_ask(stack, method, target, body, &answer);
	if (answer.status != status)
		fail_msg("%s %s %s: %ld, not %ld", method, target,
		    body != NULL ? body : "", answer.status, status);
	http_answer_clear(&answer);
}

static void
test_requests_that_are_wrong(void **state)
{
	static const struct {
		const char *target;
		const char *body;
		long status;
	} wrong[] = {
		{ one, NULL, 400 },
		{ one, "{\"player_id\":0}", 400 },
		{ one, "{\"player_id\":\"x\"}", 400 },
		{ one, "{\"player_id\":1,\"player_id\":2}", 400 },
		{ one, "{\"player_id\":[1]}", 400 },
		{ one, "{\"player_id\":1,\"dry_run\":true}", 400 },
		{ one, "{\"player_id\":1,\"again\":\"yes\"}", 400 },
		{ one, "{\"player_id\":1", 400 },
		{ "/admin/email/first-payment?player_id=1", "player_id=1",
		    400 },
		{ one, "{\"player_id\":999999999}", 404 },
		{ all, "{\"player_id\":1}", 400 },
		{ all, "{\"skip_proration\":\"maybe\"}", 400 },
		{ "/admin/email/first-payment/blast?again=1", NULL, 400 },
		{ "/admin/email/tournament", NULL, 400 },
		{ "/admin/email/tournament", "{\"tournament_id\":-1}", 400 },
		{ "/admin/email/tournament", "{\"tournament_id\":1,"
		    "\"skip_proration\":true}", 400 },
		{ "/admin/email/tournament", "{\"tournament_id\":999999999}",
		    404 },
	};
	struct stack *stack = *state;
	int64_t batches = sql_int(stack, "select count(*) from "
	    "teamdues.email_batches");
	int64_t acts = sql_int(stack, "select count(*) from "
	    "teamdues.audit_log");

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_refused(stack, "POST", wrong[i].target, wrong[i].body,
		    wrong[i].status);
	assert_refused(stack, "GET", one, NULL, 405);
	assert_refused(stack, "POST", "/admin/batches/1", NULL, 405);
	assert_refused(stack, "GET", "/admin/batches/999999999", NULL, 404);
	assert_refused(stack, "GET", "/admin/batches/x", NULL, 404);
	assert_int_equal(mail_rows(stack), 0);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.email_batches"), batches);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.audit_log"), acts);
}

static void
test_nobody_without_the_token(void **state)
{
	static const char *const headers[] = { "X-None: 1",
	    "Authorization: Bearer wrong", "Authorization: Basic ZGVtbzo=" };
	static const char *const targets[] = { one, all,
	    "/admin/email/tournament" };
	struct stack *stack = *state;
	struct http_answer answer;
	struct family family;

	family_make(stack, FEE, &family);
	for (size_t i = 0; i < 9; i++) {
		http_send(stack, &(struct http_request){ .method = "POST",
		    .target = targets[i / 3], .headers = { headers[i % 3] },
		    .body = "", .len = 0 }, &answer);
		http_assert_status(&answer, 401);
		http_answer_clear(&answer);
	}
	assert_int_equal(http_status_of(stack, "/admin/batches/1"), 401);
	assert_int_equal(mail_rows(stack), 0);
}

/* Counts the links of what was mailed, by their rule. */
static void
assert_links(struct stack *stack, const struct family *families, size_t flat,
    size_t prorated)
{
	size_t found[2] = { 0, 0 };

	for (size_t i = 0; i < FAMILIES; i++) {
		struct json_object *mail = mailbox_only(stack,
		    families[i].email);
		char url[LINK_SIZE];

		mail_link(stack, mail, url);
		found[strstr(url, "&prorate=false&") != NULL]++;
		if (flat > 0)
			mail_assert_says(mail, " fee");
		if (flat > 0)
			mail_assert_says(mail, "$150.00");
		json_object_put(mail);
	}
	assert_int_equal(found[1], flat);
	assert_int_equal(found[0], prorated);
}

static void
families_make(struct stack *stack, struct family families[FAMILIES])
{
	for (size_t i = 0; i < FAMILIES; i++)
		family_make(stack, FEE, &families[i]);
}

/* The flag is forwarded to every mail; a dry run sends none. */
static void
test_blast_forwards_the_flag(void **state)
{
	struct stack *stack = *state;
	struct family families[FAMILIES];
	struct json_object *answer;

	families_make(stack, families);
	assert_int_equal(queued_by(stack, all,
	    "{\"skip_proration\":true,\"dry_run\":true}"), FAMILIES);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 0);
	assert_int_equal(mail_rows(stack), 0);
	answer = admin_json(stack, 202, all, "{\"skip_proration\":true}");
	assert_int_equal(json_int_at(answer, "queued"), FAMILIES);
	assert_true(json_int_at(answer, "batch_id") > 0);
	json_object_put(answer);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), FAMILIES);
	assert_links(stack, families, FAMILIES, 0);
}

static void
test_blast_without_the_flag(void **state)
{
	struct stack *stack = *state;
	struct family families[FAMILIES];

	families_make(stack, families);
	assert_int_equal(queued_by(stack, all, NULL), FAMILIES);
	mailer_run(stack, 0);
	assert_links(stack, families, 0, FAMILIES);
}

static void
test_nobody_twice_a_day(void **state)
{
	struct stack *stack = *state;
	struct json_object *answer;
	struct family family;

	family_make(stack, FEE, &family);
	assert_int_equal(queued_by(stack, all, NULL), 1);
	answer = admin_json(stack, 202, all, NULL);
	assert_int_equal(json_int_at(answer, "queued"), 0);
	assert_null(json_object_object_get(answer, "batch_id"));
	assert_string_equal(skipped_reason(answer, family.player_id),
	    "mailed today already");
	json_object_put(answer);
	assert_int_equal(queued_by(stack, all, "again=true"), 1);
	assert_int_equal(queued_by(stack, all, "again=true&dry_run=true"), 1);
	sql_run(stack, "update teamdues.emails set day = day - 1");
	assert_int_equal(queued_by(stack, all, NULL), 1);
	assert_int_equal(mail_rows(stack), 3);
}

/* As many requests at once as there may be: one of them mails each. */
static void
test_blasts_at_once(void **state)
{
	struct stack *stack = *state;
	struct family families[FAMILIES];
	struct http_request requests[8];
	struct http_answer answers[8];
	char header[HTTP_VALUE_SIZE];
	int64_t queued = 0;

	families_make(stack, families);
	snprintf(header, sizeof(header), "Authorization: Bearer %s",
	    stack_setting(stack, "TEAMDUES_ADMIN_TOKEN"));
	for (size_t i = 0; i < 8; i++)
		requests[i] = (struct http_request){ .method = "POST",
		    .target = all, .headers = { header }, .body = "" };
	http_send_all(stack, requests, 8, answers);
	for (size_t i = 0; i < 8; i++) {
		struct json_object *json;

		http_assert_status(&answers[i], 202);
		json = json_tokener_parse(answers[i].body);
		queued += json_int_at(json, "queued");
		json_object_put(json);
		http_answer_clear(&answers[i]);
	}
	assert_int_equal(queued, FAMILIES);
	assert_int_equal(mail_rows(stack), FAMILIES);
}

static void
test_siblings_get_a_mail_each(void **state)
{
	struct stack *stack = *state;
	struct json_object *mails;
	struct family family;

	family_make(stack, FEE, &family);
	sql_run(stack, "insert into teamdues.players (parent_id, name, "
	    "monthly_fee_cents) values (%lld, 'Sibling', 12000)",
	    (long long)family.parent_id);
	assert_int_equal(queued_by(stack, all, "skip_proration=true"), 2);
	mailer_run(stack, 0);
	mails = mailbox_of(stack, family.email);
	assert_int_equal(json_object_array_length(mails), 2);
	assert_holds(mail_text(json_object_array_get_idx(mails, 0)),
	    "$150.00");
	assert_holds(mail_text(json_object_array_get_idx(mails, 1)),
	    "$120.00");
	assert_string_not_equal(
	    mail_header(json_object_array_get_idx(mails, 0), "message-id"),
	    mail_header(json_object_array_get_idx(mails, 1), "message-id"));
	json_object_put(mails);
}

static void
test_batch(void **state)
{
	struct stack *stack = *state;
	struct family families[FAMILIES];
	char target[LINK_SIZE];
	struct json_object *json;
	struct json_object *failures;

	families_make(stack, families);
	json = admin_json(stack, 202, all, NULL);
	snprintf(target, sizeof(target), "/admin/batches/%lld",
	    (long long)json_int_at(json, "batch_id"));
	json_object_put(json);
	json = admin_json(stack, 200, target, NULL);
	assert_int_equal(json_int_at(json, "queued"), FAMILIES);
	json_object_put(json);
	catcher_fault(stack, "{\"phase\":\"rcpt\",\"to\":\"%s\",\"code\":550,"
	    "\"text\":\"5.1.1 nobody here\"}", families[3].email);
	mailer_run(stack, 0);
	json = admin_json(stack, 200, target, NULL);
	assert_int_equal(json_int_at(json, "queued"), 0);
	assert_int_equal(json_int_at(json, "sent"), FAMILIES - 1);
	assert_int_equal(json_int_at(json, "failed"), 1);
	assert_int_equal(json_int_at(json, "dropped"), 0);
	failures = json_object_object_get(json, "failures");
	assert_int_equal(json_object_array_length(failures), 1);
	assert_int_equal(json_int_at(json_object_array_get_idx(failures, 0),
	    "player_id"), families[3].player_id);
	assert_holds(json_text_at(json_object_array_get_idx(failures, 0),
	    "reason"), "nobody here");
	json_object_put(json);
}

/* Paid, or no longer playing, since it was decided: not asked any more. */
static void
test_what_is_no_longer_true_is_dropped(void **state)
{
	struct stack *stack = *state;
	struct family family;
	char body[LINK_SIZE];

	family_make(stack, FEE, &family);
	family_body(body, &family, "");
	json_object_put(admin_json(stack, 202, one, body));
	sql_run(stack, "insert into teamdues.orders (player_id, product_id, "
	    "kind, amount_cents, currency, status, cancelled_at) select %lld, "
	    "product_id, kind, 100, 'usd', 'cancelled', now() from "
	    "teamdues.products where kind = 'fee'",
	    (long long)family.player_id);
	mailer_run(stack, 0);
	assert_int_equal(mailbox_count(stack), 0);
	mail_assert_state(stack, family.email, "dropped", "no longer true");
}

/* 1,000 mails by one request, in under a second on a quiet machine. */
static void
test_thousand_in_one_request(void **state)
{
	struct stack *stack = *state;
	struct http_answer answer;

	sql_run(stack, "with p as (insert into teamdues.parents (name, email) "
	    "select 'Parent ' || n, 'thousand' || n || '@example.com' from "
	    "generate_series(1, %d) n returning parent_id) insert into "
	    "teamdues.players (parent_id, name, monthly_fee_cents) select "
	    "parent_id, 'Child', 15000 from p", THOUSAND);
	admin_ask(stack, "POST", all, NULL, &answer);
	http_assert_status(&answer, 202);
	print_message("1,000 mails queued in %lld ms\n", (long long)answer.ms);
	if (getenv("TEAMDUES_SANITIZE") == NULL)
		assert_in_range(answer.ms, 0, QUEUE_MS);
	http_answer_clear(&answer);
	assert_int_equal(mail_rows(stack), THOUSAND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_every_form_of_a_request),
		MAIL_TEST(test_requests_that_are_wrong),
		MAIL_TEST(test_nobody_without_the_token),
		MAIL_TEST(test_blast_forwards_the_flag),
		MAIL_TEST(test_blast_without_the_flag),
		MAIL_TEST(test_nobody_twice_a_day),
		MAIL_TEST(test_blasts_at_once),
		MAIL_TEST(test_siblings_get_a_mail_each),
		MAIL_TEST(test_batch),
		MAIL_TEST(test_what_is_no_longer_true_is_dropped),
		MAIL_TEST(test_thousand_in_one_request),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
