/*
 * The books come back from Stripe alone: a season of orders of all kinds, paid,
 * refunded and disputed; the database lost without a backup; roster and
 * tournaments entered again in another order.  Then money at Stripe is money in
 * the books, nobody is mailed, and no link or payment of before touches another
 * child's order (invariants 2, 10 and 12).
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "mailbox.h"
#include "reconcile.h"
#include "registration.h"
#include "sql.h"

enum { PLAYERS = 12, TRYOUTS = 4, SALES_MAX = 64, LINE_SIZE = 512 };

static const struct {
	const char *name;
	const char *kind;
	const char *amount;
} products[] = {
	{ "Lark entry", "tournament", "150.00" },
	{ "Owl entry", "tournament", "80.00" },
	{ "Jersey", "jersey", "45.00" },
	{ "Tryout", "tryout", "25.00" },
};

enum { PRODUCTS = sizeof(products) / sizeof(products[0]) };

/* What a family followed, and where it came to at Stripe. */
struct sale {
	char link[LINK_SIZE];
	char session_id[SESSION_ID_SIZE];
};

struct season {
	struct stack *stack;
	char domain[UNIQUE_SIZE];	/* of the families' addresses */
	struct sale sales[SALES_MAX];
	int count;
	int paid;
	int64_t mails;		/* that went out before the loss */
	char *installation_id;
};

/* The place of the n-th of count, from the front or from the back. */
static int
place(int n, int count, bool is_reversed)
{
	return is_reversed ? count - 1 - n : n;
}

/* Six players are brothers and sisters, two and two. */
static void
enter_roster(struct season *s, bool is_reversed)
{
	char path[STACK_PATH_SIZE];
	struct run run;
	FILE *out;

	stack_path(s->stack, "roster.csv", path);
	out = fopen(path, "w");
	assert_non_null(out);
	fprintf(out, "parent_name,parent_email,parent_phone,player_name,team,"
	    "monthly_fee\n");
	for (int i = 0; i < PLAYERS; i++) {
		int p = place(i, PLAYERS, is_reversed);
		int family = p < 6 ? p / 2 : p - 3;

		fprintf(out, "Family %c,family%d@%s,,Player %c,%s,100.00\n",
		    'A' + family, family, s->domain, 'A' + p,
		    p < 8 ? "U12" : "U14");
	}
	fclose(out);
	COMMAND(s->stack, &run, 0, "import", "roster", path, "--commit");
	run_clear(&run);
	assert_int_equal(unlink(path), 0);
}

static int64_t
id_of(struct season *s, const char *noun, const char *name)
{
	return sql_int(s->stack, "select %s_id from teamdues.%ss where name = "
	    "'%s'", noun, noun, name);
}

static void
enter_tournament(struct season *s, const char *bird, int days,
    const char *players)
{
	char name[UNIQUE_SIZE], product[UNIQUE_SIZE];
	char word[WORD_SIZE];
	char *day = sql_text(s->stack, "select current_date + %d", days);
	struct run run;

	snprintf(name, sizeof(name), "%s Cup", bird);
	snprintf(product, sizeof(product), "%s entry", bird);
	COMMAND(s->stack, &run, 0, "tournament", "add", "--name", name,
	    "--date", day, "--product", word_of(word, id_of(s, "product",
	    product)));
	run_clear(&run);
	COMMAND(s->stack, &run, 0, "tournament", "roster", word_of(word,
	    id_of(s, "tournament", name)), "--players", players, "--commit");
	run_clear(&run);
	free(day);
}

/* Eight players enter the one, all the other. */
static void
enter_club(struct season *s, bool is_reversed)
{
	char *twelve, *eight;
	struct run run;

	enter_roster(s, is_reversed);
	for (int i = 0; i < PRODUCTS; i++) {
		int p = place(i, PRODUCTS, is_reversed);

		COMMAND(s->stack, &run, 0, "product", "add", "--name",
		    products[p].name, "--kind", products[p].kind, "--amount",
		    products[p].amount);
		run_clear(&run);
	}
	twelve = sql_text(s->stack, "select string_agg(player_id::text, ',') "
	    "from teamdues.players");
	eight = sql_text(s->stack, "select string_agg(player_id::text, ',') "
	    "from teamdues.players where team = 'U12'");
	if (is_reversed)
		enter_tournament(s, "Owl", 40, twelve);
	enter_tournament(s, "Lark", 30, eight);
	if (!is_reversed)
		enter_tournament(s, "Owl", 40, twelve);
	free(twelve);
	free(eight);
}

static void
print_link(struct season *s, const char *kind, const char *option,
    int64_t id, char link[LINK_SIZE])
{
	char word[WORD_SIZE];
	struct run run;

	if (strcmp(kind, "first-payment") == 0)
		COMMAND(s->stack, &run, 0, "link", kind, option, word_of(word,
		    id), "--no-prorate");
	else
		COMMAND(s->stack, &run, 0, "link", kind, option, word_of(word,
		    id));
	snprintf(link, LINK_SIZE, "%.*s", (int)strcspn(run.output, "\n"),
	    run.output);
	run_clear(&run);
}

static void
follow(struct season *s, struct sale *sale)
{
	struct http_answer answer;

	http_get(s->stack, sale->link, &answer);
	club_session_of(s->stack, &answer, sale->session_id);
	http_answer_clear(&answer);
}

/* The text behind name in the link, up to the next parameter. */
static const char *
parameter(const char *link, const char *name, char value[LINK_SIZE])
{
	const char *at = strstr(link, name);

	assert_non_null(at);
	at += strlen(name);
	snprintf(value, LINK_SIZE, "%.*s", (int)strcspn(at, "&"), at);
	return value;
}

static void
order_jersey(struct season *s, struct sale *sale, const char *number)
{
	char values[4][LINK_SIZE];
	const struct form_pair pairs[] = {
		{ "player_id", parameter(sale->link, "player_id=",
		    values[0]) },
		{ "word", parameter(sale->link, "word=", values[1]) },
		{ "expires", parameter(sale->link, "expires=", values[2]) },
		{ "signature", parameter(sale->link, "signature=",
		    values[3]) },
		{ "size", "" },
		{ "number", number },
		{ "name_on_jersey", "PLAYER" },
		{ NULL, NULL },
	};
	struct http_answer answer;

	visitor_post(s->stack, "/checkout/jersey", pairs, &answer);
	club_session_of(s->stack, &answer, sale->session_id);
	http_answer_clear(&answer);
}

static struct sale *
next_sale(struct season *s)
{
	assert_true(s->count < SALES_MAX);
	return &s->sales[s->count++];
}

static void
sell_to_players(struct season *s)
{
	char name[UNIQUE_SIZE], number[WORD_SIZE];

	for (int i = 0; i < 10; i++) {
		struct sale *fee = next_sale(s);

		snprintf(name, sizeof(name), "Player %c", 'A' + i);
		print_link(s, "first-payment", "--player", id_of(s, "player",
		    name), fee->link);
		follow(s, fee);
		if (i % 2 == 0)
			continue;
		struct sale *jersey = next_sale(s);
		print_link(s, "jersey", "--player", id_of(s, "player", name),
		    jersey->link);
		order_jersey(s, jersey, word_of(number, 10 + i));
	}
}

static void
sell_tryouts(struct season *s)
{
	for (int i = 0; i < TRYOUTS; i++) {
		struct registration family;
		struct sale *sale = next_sale(s);

		registration_make(&family);
		registration_send(s->stack, family.pairs, sale->session_id);
		print_link(s, "tryout", "--order", registration_order(s->stack,
		    &family), sale->link);
	}
}

/* Every fifth session is left unpaid. */
static void
sell(struct season *s)
{
	int64_t last = sql_int(s->stack,
	    "select max(order_id) from teamdues.orders");

	for (int64_t id = 1; id <= last; id++) {
		struct sale *sale = next_sale(s);

		print_link(s, "tournament", "--order", id, sale->link);
		follow(s, sale);
	}
	sell_to_players(s);
	sell_tryouts(s);
	for (int i = 0; i < s->count; i++) {
		if (i % 5 == 4)
			continue;
		standin_act(s->stack, s->sales[i].session_id, "pay", NULL);
		s->paid++;
	}
	WAIT_UNTIL(60, sql_int(s->stack, "select count(*) from "
	    "teamdues.payments where place = 'order'") == s->paid);
}

/* Money that goes back: all of some, a part of others, and to banks. */
static void
give_back(struct season *s)
{
	char intent[SESSION_ID_SIZE], id[SESSION_ID_SIZE];
	struct json_object *dispute;

	refund(s->stack, s->sales[0].session_id, 15000, id);
	refund(s->stack, s->sales[8].session_id, 8000, id);
	refund(s->stack, s->sales[1].session_id, 1000, id);
	refund(s->stack, s->sales[22].session_id, 2500, id);
	intent_of(s->stack, s->sales[2].session_id, intent);
	json_object_put(control(s->stack, "payment_intents", intent,
	    "dispute", "{}"));
	intent_of(s->stack, s->sales[10].session_id, intent);
	dispute = control(s->stack, "payment_intents", intent, "dispute",
	    "{}");
	snprintf(id, sizeof(id), "%s", json_text_at(dispute, "id"));
	json_object_put(dispute);
	json_object_put(control(s->stack, "disputes", id, "close",
	    "{\"status\":\"lost\"}"));
	WAIT_UNTIL(60, sql_int(s->stack, "select count(*) from "
	    "teamdues.orders where status in ('refunded', 'charged_back', "
	    "'partially_refunded', 'disputed')") == 6);
	WAIT_UNTIL(60, sql_int(s->stack, "select count(*) from "
	    "teamdues.emails where state = 'queued' and kind = 'receipt'") ==
	    0);
}

static void
lose_database(struct season *s)
{
	struct run run;

	s->mails = mailbox_count(s->stack);
	s->installation_id = sql_text(s->stack,
	    "select installation_id from teamdues.installation");
	sql_run(s->stack, "drop schema teamdues cascade");
	COMMAND(s->stack, &run, 0, "migrate");
	run_clear(&run);
	sql_disconnect(s->stack);
}

/* What Stripe's objects of a kind come to, of those that say so. */
static int64_t
stripe_sum(struct season *s, const char *kind, const char *amount,
    const char *state, const char *wanted)
{
	struct json_object *all = standin_call(s->stack, "GET", "state", NULL);
	struct json_object *objects = json_object_object_get(all, kind);
	int64_t sum = 0;

	assert_non_null(objects);
	for (size_t i = 0; i < json_object_array_length(objects); i++) {
		struct json_object *object =
		    json_object_array_get_idx(objects, i);

		if (strcmp(json_text_at(object, state), wanted) == 0)
			sum += json_int_at(object, amount);
	}
	json_object_put(all);
	return sum;
}

/* Money at Stripe = money in the books + money that waits, to the cent. */
static void
assert_money_is_here(struct season *s)
{
	int64_t gross = stripe_sum(s, "sessions", "amount_total",
	    "payment_status", "paid");
	int64_t back = stripe_sum(s, "refunds", "amount", "status",
	    "succeeded") + stripe_sum(s, "disputes", "amount", "status",
	    "lost");

	assert_int_equal(back, 15000 + 8000 + 1000 + 2500 + 8000);
	assert_int_equal(sql_int(s->stack, "select sum(amount_cents) from "
	    "teamdues.payments where paid_at is not null and place in ('order',"
	    " 'unmatched', 'review', 'settled')"), gross);
	assert_int_equal(sql_int(s->stack, "select sum(case when p.place in "
	    "('order', 'unmatched', 'review') then p.amount_cents "
	    "- teamdues.refunded_cents(p.payment_intent_id) "
	    "- d.lost_cents else 0 end) from teamdues.payments p "
	    "cross join lateral teamdues.dispute_sums(p.payment_intent_id) d "
	    "where p.paid_at is not null"), gross - back);
}

static void
bring_back(struct season *s)
{
	char line[LINE_SIZE];
	struct run run;

	COMMAND(s->stack, &run, 0, "reconcile", "--since", "400d", "--commit");
	snprintf(line, sizeof(line), "%d paid sessions, $", s->paid);
	assert_holds(run.output, line);
	assert_holds(run.output, s->installation_id);
	run_clear(&run);
	COMMAND(s->stack, &run, 0, "audit");
	run_clear(&run);
	COMMAND(s->stack, &run, 0, "installation", "adopt",
	    s->installation_id, "--commit");
	run_clear(&run);
	COMMAND(s->stack, &run, 0, "audit");
	assert_holds(run.output, "wait for a person");
	run_clear(&run);
}

/* They name numbers that were given again, or were not: none is opened. */
static void
assert_old_links_open_nothing(struct season *s)
{
	int64_t requests = sql_int(s->stack, "select count(*) from "
	    "teamdues.checkout_sessions");
	int gone = 0;

	for (int i = 0; i < s->count; i++) {
		long status = http_status_of(s->stack, s->sales[i].link);

		if (status != 410 && status != 404)
			fail_msg("%ld for %s", status, s->sales[i].link);
		gone += status == 410;
	}
	assert_true(gone >= 30);
	assert_int_equal(sql_int(s->stack, "select count(*) from "
	    "teamdues.checkout_sessions"), requests);
}

/* Whoever has paid is not asked again, though nobody has looked yet. */
static void
assert_nobody_is_asked_twice(struct season *s)
{
	assert_int_equal(sql_int(s->stack, "select count(*) from "
	    "teamdues.payments p join teamdues.players y on y.name = "
	    "p.metadata_player join teamdues.orders o using (player_id) join "
	    "teamdues.tournaments t using (tournament_id) where p.place = "
	    "'unmatched' and p.metadata_tournament = t.name || ', ' || "
	    "t.held_on and teamdues.money_fault(o, y.parent_id) is "
	    "null"), 0);
	mailer_run(s->stack, 0);
	assert_int_equal(mailbox_count(s->stack), s->mails);
	assert_int_equal(sql_int(s->stack, "select count(*) from "
	    "teamdues.emails"), 0);
}

/* What the list suggests is done, one after the other. */
static int
attach_suggested(struct season *s)
{
	static const char next[] = "from teamdues.unmatched_overview u join "
	    "teamdues.payments p using (session_id) where advice like 'attach "
	    "it to order%%'";
	int attached = 0;

	for (;;) {
		char *id = sql_text(s->stack, "select u.session_id %s order "
		    "by u.session_id limit 1", next);
		char word[WORD_SIZE];
		struct run run;

		if (id[0] == '\0') {
			free(id);
			return attached;
		}
		assert_int_equal(sql_int(s->stack, "select count(*) %s and "
		    "u.player_name <> p.metadata_player", next), 0);
		COMMAND(s->stack, &run, 0, "unmatched", "attach", id,
		    word_of(word, sql_int(s->stack, "select "
		    "u.suggested_order_id %s and u.session_id = '%s'", next,
		    id)), "--commit");
		run_clear(&run);
		free(id);
		attached++;
	}
}

static void
test_from_nothing(void **state)
{
	struct season s = { .stack = *state };
	int64_t suggested;

	unique_name("f", s.domain);
	snprintf(s.domain + strlen(s.domain), sizeof(s.domain) -
	    strlen(s.domain), ".example");
	enter_club(&s, false);
	sell(&s);
	give_back(&s);
	assert_true(s.count >= 39);
	lose_database(&s);
	enter_club(&s, true);
	bring_back(&s);
	assert_money_is_here(&s);
	assert_old_links_open_nothing(&s);
	assert_nobody_is_asked_twice(&s);
	suggested = sql_int(s.stack, "select count(*) from teamdues.payments p "
	    "where p.place = 'unmatched' and p.metadata_tournament is not null "
	    "and not (teamdues.dispute_sums(p.payment_intent_id)).is_open");
	assert_int_equal(attach_suggested(&s), suggested);
	assert_money_is_here(&s);
	assert_int_equal(sql_int(s.stack, "select count(*) from "
	    "teamdues.payments p join teamdues.orders o on o.order_id = "
	    "p.matched_order_id join teamdues.players y using (player_id) join "
	    "teamdues.tournaments t using (tournament_id) where (y.name, "
	    "t.name || ', ' || t.held_on) = (p.metadata_player, "
	    "p.metadata_tournament)"), suggested);
	books_assert_sound(s.stack);
	free(s.installation_id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_from_nothing),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
