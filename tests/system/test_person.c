/*
 * What the books hold of a person can be had as one document, and can be taken
 * out of them: afterwards no string of theirs is in a dump of the database, the
 * money stands as before, and another family is whole.  Invariants 1, 2, 8.
 */
#include <stdio.h>
#include <stdlib.h>

#include "registration.h"
#include "scene.h"
#include "sql.h"

enum { AMOUNT = 15000, TEXT_SIZE = 512 };

/* A family that has left its name wherever it can; mark is in every text. */
struct traces {
	struct club club;
	char mark[UNIQUE_SIZE];
	char email[2 * UNIQUE_SIZE];
	char phone[UNIQUE_SIZE];
	char birth_date[UNIQUE_SIZE];
	char intent[UNIQUE_SIZE];
};

static void
say(char text[TEXT_SIZE], const char *format, const char *mark)
{
	const char *at = strchr(format, '#');

	snprintf(text, TEXT_SIZE, "%.*s%s%s", (int)(at - format), format,
	    mark, at + 1);
}

/* Its tournament's order is paid by card. */
static void
pay(struct stack *stack, struct traces *t)
{
	char session_id[UNIQUE_SIZE];
	char text[TEXT_SIZE];
	struct json_object *session;

	club_store_session(stack, &t->club, session_id);
	session = session_paid(session_id, AMOUNT);
	club_name_order(stack, session, t->club.order_id);
	say(text, "Payer #", t->mark);
	json_set_text(session, "customer_details.name", text);
	json_set_text(session, "customer_details.email", t->email);
	json_set_text(session, "metadata.teamdues_player", text);
	webhook_expect(stack, session, "applied");
	snprintf(t->intent, sizeof(t->intent), "%s", json_text_at(session,
	    "payment_intent"));
	json_object_put(session);
}

/* A payment that nothing explains is closed with a reason. */
static void
stray(struct stack *stack, const struct traces *t)
{
	struct stray found;
	char reason[TEXT_SIZE];
	struct run run;

	stray_make(stack, 700, "customer_details.email", t->email, &found);
	say(reason, "Mrs # says it is a gift", t->mark);
	COMMAND(stack, &run, 0, "unmatched", "dismiss", found.event_id,
	    "--reason", reason, "--commit");
	run_clear(&run);
}

/* It registers for a tryout, and the treasurer lets it go. */
static void
register_and_leave(struct stack *stack, const struct traces *t)
{
	struct registration family;
	char session_id[SESSION_ID_SIZE];
	char reason[TEXT_SIZE];
	char name[TEXT_SIZE];
	char order[WORD_SIZE];
	struct run run;

	registration_make(&family);
	say(name, "Kim #", t->mark);
	form_with(family.pairs, "player_name", name, family.pairs);
	form_with(family.pairs, "birth_date", t->birth_date, family.pairs);
	say(reason, "Pat #", t->mark);
	form_with(family.pairs, "parent_name", reason, family.pairs);
	form_with(family.pairs, "parent_email", t->email, family.pairs);
	form_with(family.pairs, "parent_phone", t->phone, family.pairs);
	registration_send(stack, family.pairs, session_id);
	word_of(order, sql_int(stack, "select order_id from teamdues.orders "
	    "where player_id = %lld and kind = 'tryout'",
	    (long long)t->club.player_id));
	say(reason, "# moves away", t->mark);
	COMMAND(stack, &run, 0, "order", "cancel", order, "--reason", reason,
	    "--commit");
	run_clear(&run);
}

/* A jersey is paid in cash, which is recorded at the desk. */
static void
jersey(struct treasurer *ruth, const struct traces *t, int64_t product_id)
{
	struct desk_act act;
	char args[TEXT_SIZE];
	int64_t order_id = sql_int(ruth->stack, "insert into teamdues.orders "
	    "(player_id, product_id, kind, amount_cents, currency) values "
	    "(%lld, %lld, 'jersey', 4000, 'usd') returning order_id",
	    (long long)t->club.player_id, (long long)product_id);

	sql_run(ruth->stack, "insert into teamdues.jersey_details (order_id, "
	    "size, number, name_on_jersey) values (%lld, 'M', '7', left('%s', "
	    "30))", (long long)order_id, t->mark);
	say(args, "{\"source\": \"cash\", \"amount_cents\": 4000, "
	    "\"reference\": \"envelope of Mrs #\"}", t->mark);
	act = treasurer_act(ruth, "record_payment", order_id);
	act.args = args;
	treasurer_asks(ruth, &act, DESK_DONE, t->mark);
}

static void
traces_make(struct treasurer *ruth, const char *birth_date,
    int64_t product_id, struct traces *t)
{
	struct stack *stack = ruth->stack;

	club_make(stack, AMOUNT, &t->club);
	registration_name(t->mark);
	snprintf(t->email, sizeof(t->email), "%s@families.example", t->mark);
	snprintf(t->phone, sizeof(t->phone), "+1 303 %lld",
	    (long long)t->club.order_id + 5550000);
	snprintf(t->birth_date, sizeof(t->birth_date), "%s", birth_date);
	sql_run(stack, "update teamdues.parents set name = 'Pat %s', email = "
	    "'%s', phone = '%s' where parent_id = %lld", t->mark, t->email,
	    t->phone, (long long)t->club.parent_id);
	sql_run(stack, "update teamdues.players set name = 'Kim %s' where "
	    "player_id = %lld", t->mark, (long long)t->club.player_id);
	pay(stack, t);
	stray(stack, t);
	register_and_leave(stack, t);
	jersey(ruth, t, product_id);
}

/* Both are in a roster that was imported at the desk. */
static void
roster(struct treasurer *ruth, const struct traces *one,
    const struct traces *two)
{
	char form_id[FORM_ID_SIZE];

	form_id_make(form_id);
	sql_run(ruth->stack, "insert into teamdues.desk_requests (form_id, "
	    "user_id, action, args, state, words, ended_at) select '%s', "
	    "%lld, 'import_roster', jsonb_build_object('seen', '', 'rows', "
	    "jsonb_agg(jsonb_build_object('line', n, 'parent_name', 'Pat ' || "
	    "x, 'parent_email', x || '@families.example', 'player_name', "
	    "'Kim ' || x))), 'done', 'roster: 2 new', now() from "
	    "unnest('{%s,%s}'::text[]) with ordinality u (x, n)", form_id,
	    (long long)ruth->user_id, one->mark, two->mark);
}

/* The lines of a dump of the database that have a text; the caller frees it. */
static char *
dumped(struct stack *stack, const char *text)
{
	char line[TEXT_SIZE];
	struct run run;
	char *output;

	snprintf(line, sizeof(line), "dump=$(mktemp) && pg_dump "
	    "--dbname=\"$OWNER_DATABASE_URL\" --file=\"$dump\" && "
	    "{ grep -iF -e '%s' \"$dump\" | sort; rm \"$dump\"; }", text);
	command_shell(stack, &run, 0, line);
	output = strdup(run.output);
	run_clear(&run);
	return output;
}

/* But for the roster, which another family is in as well. */
static char *
dumped_of_family(struct stack *stack, const struct traces *t)
{
	char *lines = dumped(stack, t->mark);
	char *roster = strstr(lines, "\timport_roster\t");
	char *end = roster != NULL ? strchr(roster, '\n') : NULL;

	assert_non_null(end);
	memmove(roster, end, strlen(end) + 1);
	return lines;
}

static void
assert_gone(struct stack *stack, const char *text)
{
	char *lines = dumped(stack, text);

	if (lines[0] != '\0')
		fail_msg("%s is in the dump:\n%s", text, lines);
	free(lines);
}

static void
assert_erased(struct stack *stack, const struct traces *t)
{
	const char *const strings[] = { t->mark, t->email, t->phone,
	    t->birth_date, NULL };

	for (size_t i = 0; strings[i] != NULL; i++)
		assert_gone(stack, strings[i]);
}

static char *
money(struct stack *stack, const struct traces *t)
{
	return sql_text(stack, "select jsonb_agg(to_jsonb(x) order by "
	    "x.order_id)::text from (select o.order_id, o.status, "
	    "o.amount_cents, o.paid_cents, o.paid_at, o.payment_source, "
	    "(select count(*) from teamdues.payments p "
	    "where p.matched_order_id = o.order_id) from teamdues.orders o "
	    "where o.player_id = %lld) x", (long long)t->club.player_id);
}

/* Each table of the document has rows, and no other family's are in it. */
static void
assert_exported(struct stack *stack, const struct traces *t,
    const struct traces *other)
{
	static const char *const tables[] = { "parents", "players", "orders",
	    "tryout_registrations", "jersey_details", "checkout_sessions",
	    "payments", "recorded_payments", "dismissals", "emails",
	    "stripe_events", "desk_requests", "audit_log", NULL };
	struct json_object *document;
	struct json_object *rows;
	struct run run;

	COMMAND(stack, &run, 0, "person", "export", "--email", t->email);
	document = json_tokener_parse(run.output);
	assert_non_null(document);
	for (size_t i = 0; tables[i] != NULL; i++)
		if (!json_object_object_get_ex(document, tables[i], &rows) ||
		    json_object_array_length(rows) == 0)
			fail_msg("no %s in:\n%s", tables[i], run.output);
	assert_holds(run.output, t->birth_date);
	assert_holds(run.output, t->phone);
	assert_null(strstr(run.output, other->mark));
	json_object_put(document);
	run_clear(&run);
}

static void
refused(struct stack *stack, const char *why, const char *const *words)
{
	struct run run;

	books_unmoved(stack, &run, 1, words);
	assert_holds(run.errors, why);
	run_clear(&run);
}

static void
test_no_word_is_left(void **state)
{
	struct stack *stack = *state;
	struct traces one, two;
	struct treasurer ruth;
	char *before, *after;
	char *money_before, *money_after;
	int64_t product_id;
	struct run run;

	standin_deliver(stack, true);
	visitor_offer(stack, "tryout", 2500, "");
	product_id = visitor_offer(stack, "jersey", 4000, "M");
	treasurer_enter(stack, "treasurer", &ruth);
	traces_make(&ruth, "1911-02-03", product_id, &one);
	traces_make(&ruth, "1911-02-04", product_id, &two);
	roster(&ruth, &one, &two);
	treasurer_leave(&ruth);
	assert_exported(stack, &one, &two);

	/* The way back to its registration waits to be mailed. */
	refused(stack, "waits to be sent", WORDS("person", "erase", "--email",
	    one.email, "--commit"));
	money_before = money(stack, &one);
	books_unmoved(stack, &run, 3, WORDS("person", "erase", "--email",
	    one.email, "--anyway"));
	assert_holds(run.output, "rows of parents 1, players 1, ");
	run_clear(&run);
	before = dumped_of_family(stack, &two);
	COMMAND(stack, &run, 0, "person", "erase", "--email", one.email,
	    "--anyway", "--commit");
	assert_holds(run.output, "Done: erase: parent ");
	assert_null(strstr(run.output, one.mark));
	assert_null(strstr(run.errors, one.mark));
	run_clear(&run);

	assert_erased(stack, &one);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.desk_requests where args::text like '%%\"Kim %s\"%%'",
	    two.mark), 1);
	after = dumped_of_family(stack, &two);
	assert_string_equal(after, before);
	money_after = money(stack, &one);
	assert_string_equal(money_after, money_before);
	sql_assert_text(stack, "1", "select count(*) from teamdues.audit_log "
	    "where action = 'erase person' and subject = 'parent %lld'",
	    (long long)one.club.parent_id);
	free(before);
	free(after);
	free(money_before);
	free(money_after);
}

/* What Stripe says later finds the order as ever. */
static void
test_a_refund_after_it(void **state)
{
	struct stack *stack = *state;
	char parent[WORD_SIZE];
	struct traces t = { .phone = "" };
	struct run run;

	club_make(stack, AMOUNT, &t.club);
	registration_name(t.mark);
	snprintf(t.email, sizeof(t.email), "%s@families.example", t.mark);
	pay(stack, &t);
	sql_run(stack, "insert into teamdues.charges values ('%s', 'ch_1', "
	    "'4242')", t.intent);
	word_of(parent, t.club.parent_id);
	COMMAND(stack, &run, 0, "person", "erase", "--parent", parent,
	    "--anyway", "--commit");
	run_clear(&run);
	assert_gone(stack, t.mark);
	sql_assert_text(stack, "", "select card_last4 from teamdues.charges "
	    "where payment_intent_id = '%s'", t.intent);
	sql_run(stack, "select teamdues.record_answers(jsonb_build_array("
	    "jsonb_build_object('kind', 'refund', 'disposition', 'fact', "
	    "'refund_id', 're_%s', 'word', 'succeeded', 'payment_intent_id', "
	    "'%s', 'amount_cents', %d, 'created', %lld)), null)", t.mark,
	    t.intent, AMOUNT, (long long)now_s());
	club_assert_status(stack, t.club.order_id, "refunded");
}

/* Of a payer who is in no roster there are payments and events alone. */
static void
test_a_payer_in_no_roster(void **state)
{
	struct stack *stack = *state;
	struct traces t;
	struct run run;

	registration_name(t.mark);
	snprintf(t.email, sizeof(t.email), "%s@shop.example", t.mark);
	stray(stack, &t);
	COMMAND(stack, &run, 0, "person", "export", "--email", t.email);
	assert_holds(run.output, t.mark);
	run_clear(&run);
	COMMAND(stack, &run, 0, "person", "erase", "--email", t.email,
	    "--commit");
	assert_holds(run.output, "Done: erase: a payer, rows of ");
	run_clear(&run);
	assert_gone(stack, t.mark);
	refused(stack, "nothing of that person", WORDS("person", "export",
	    "--email", t.email));
	refused(stack, "nothing of that person", WORDS("person", "erase",
	    "--email", t.email, "--commit"));
}

/* Who pays for another family's child takes nothing of that family along. */
static void
test_a_payer_for_others(void **state)
{
	struct stack *stack = *state;
	struct traces payer = { .phone = "" };
	struct run run;

	club_make(stack, AMOUNT, &payer.club);
	registration_name(payer.mark);
	snprintf(payer.email, sizeof(payer.email), "%s@families.example",
	    payer.mark);
	pay(stack, &payer);
	COMMAND(stack, &run, 0, "person", "erase", "--email", payer.email,
	    "--commit");
	run_clear(&run);
	sql_assert_text(stack, "", "select concat(email, payer_name) from "
	    "teamdues.payments where payment_intent_id = '%s'", payer.intent);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.payments where payment_intent_id = '%s' and "
	    "metadata_player is not null", payer.intent), 1);
	sql_assert_text(stack, "t", "select y.active and r.email is not "
	    "null and r.name like 'Parent club%%' from teamdues.players y "
	    "join teamdues.parents r using (parent_id) where y.player_id = "
	    "%lld", (long long)payer.club.player_id);
}

static void
test_who_is_needed_by_name(void **state)
{
	struct stack *stack = *state;
	char parent[WORD_SIZE];
	struct treasurer ruth;
	char email[TEXT_SIZE];
	struct stray stray;
	struct scene s;

	scene_open(stack, &s);
	word_of(parent, s.club.parent_id);
	refused(stack, "has an open session", WORDS("person", "erase",
	    "--parent", parent, "--anyway", "--commit"));
	refused(stack, "150.00 usd are owed", WORDS("person", "erase",
	    "--parent", parent, "--commit"));
	treasurer_leave(&s.ruth);

	scene_make(stack, &s);
	word_of(parent, s.club.parent_id);
	stray_of(stack, &s.club, 900, &stray);
	refused(stack, "waits for a person", WORDS("person", "erase",
	    "--parent", parent, "--anyway", "--commit"));
	treasurer_leave(&s.ruth);

	treasurer_enter(stack, "viewer", &ruth);
	snprintf(email, sizeof(email), "%s@desk.example", ruth.name);
	refused(stack, "remove the user first", WORDS("person", "erase",
	    "--email", email, "--commit"));
	treasurer_leave(&ruth);
}

static void
test_owed_anyway(void **state)
{
	struct stack *stack = *state;
	char player[WORD_SIZE];
	struct run run;
	struct club club;

	club_make(stack, AMOUNT, &club);
	word_of(player, club.player_id);
	COMMAND(stack, &run, 0, "person", "erase", "--player", player,
	    "--anyway", "--commit");
	run_clear(&run);
	club_assert_status(stack, club.order_id, "pending");
	sql_assert_text(stack, "f", "select active from teamdues.players "
	    "where player_id = %s", player);
	COMMAND(stack, &run, 2, "person", "erase", "--player", player,
	    "--email", "a@b.example");
	assert_holds(run.errors, "give one of");
	run_clear(&run);
}

/* Who adds a table says whether it holds something of a person. */
static void
test_each_table_is_thought_of(void **state)
{
	sql_assert_text(*state, "alarms desk_refusals desk_sessions "
	    "dispute_dues email_batches event_replays event_tally "
	    "foreign_rules installation other_installations products "
	    "refused_signatures runs schema_migrations schema_views "
	    "stripe_sights tournaments", "select string_agg(tablename, ' ' "
	    "order by tablename) from pg_tables where schemaname = 'teamdues' "
	    "and tablename not in (select name from teamdues.person_tables())");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BOOKS_TEST(test_no_word_is_left),
		BOOKS_TEST(test_a_refund_after_it),
		BOOKS_TEST(test_a_payer_in_no_roster),
		BOOKS_TEST(test_a_payer_for_others),
		BOOKS_TEST(test_who_is_needed_by_name),
		BOOKS_TEST(test_owed_anyway),
		BOOKS_TEST(test_each_table_is_thought_of),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
