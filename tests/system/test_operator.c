/*
 * What the operator's command does to the club's rows, and what it shows of
 * them.  Invariant 8: nothing is changed by a dry run or a refusal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "club.h"
#include "command.h"
#include "sql.h"
#include "webhook.h"

static void
assert_begins(const char *text, const char *start)
{
	if (strncmp(text, start, strlen(start)) != 0)
		fail_msg("not \"%s\" first in:\n%s", start, text);
}

/* The member of a row, as text; "" for null. */
static const char *
text_at(struct json_object *rows, size_t row, const char *name)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(json_object_array_get_idx(rows, row),
	    name, &value))
		fail_msg("no member %s", name);
	return value != NULL ? json_object_get_string(value) : "";
}

static void
test_product(void **state)
{
	char name[UNIQUE_SIZE];
	struct json_object *rows;
	struct run run;

	unique_name("Jersey, \"home\" ", name);
	rows = command_rows(*state, 1, 0, WORDS("product", "add", "--name",
	    name, "--kind", "jersey", "--amount", "45.5", "--sizes", "S,M,L",
	    "--json"));
	assert_string_equal(text_at(rows, 0, "name"), name);
	assert_string_equal(text_at(rows, 0, "kind"), "jersey");
	assert_string_equal(text_at(rows, 0, "amount_cents"), "4550");
	assert_string_equal(text_at(rows, 0, "currency"), "usd");
	sql_assert_text(*state, "{S,M,L}", "select sizes from "
	    "teamdues.products where product_id = %s",
	    text_at(rows, 0, "product_id"));
	json_object_put(rows);

	COMMAND(*state, &run, 0, "product", "list", "--csv");
	assert_begins(run.output,
	    "product_id,name,kind,amount_cents,currency\n"
	    "1,First month's fee,fee,,\n");
	assert_holds(run.output, "\"Jersey, \"\"home\"\" ");
	assert_holds(run.output, "\",jersey,4550,usd\n");
	run_clear(&run);
	COMMAND(*state, &run, 0, "product", "list");
	assert_holds(run.output, "  $45.50\n");
	run_clear(&run);
}

/* Stripe would refuse to charge so little, when the family clicks. */
static void
test_product_too_cheap(void **state)
{
	int64_t before = sql_int(*state, "select count(*) from "
	    "teamdues.products");
	struct run run;

	COMMAND(*state, &run, 1, "product", "add", "--name=X",
	    "--kind=tryout", "--amount=0.49");
	assert_holds(run.errors, "--amount: Stripe charges $0.50 or more");
	run_clear(&run);
	assert_int_equal(sql_int(*state, "select count(*) from "
	    "teamdues.products"), before);
}

static void
test_tournament(void **state)
{
	struct json_object *rows;
	char product[WORD_SIZE];
	struct club club;
	struct run run;

	club_make(*state, 15000, &club);
	word_of(product, club.product_id);
	rows = command_rows(*state, 1, 0, WORDS("tournament", "add", "--name",
	    "Cup", "--date", "2027-05-01", "--product", product, "--json"));
	assert_string_equal(text_at(rows, 0, "name"), "Cup");
	assert_string_equal(text_at(rows, 0, "date"), "2027-05-01");
	assert_string_equal(text_at(rows, 0, "product_id"), product);
	json_object_put(rows);
	COMMAND(*state, &run, 0, "tournament", "list", "--csv");
	assert_begins(run.output,
	    "tournament_id,name,date,product_id\n");
	assert_holds(run.output, ",Cup,2027-05-01,");
	run_clear(&run);

	/* The fee is no tournament's product. */
	COMMAND(*state, &run, 1, "tournament", "add", "--name", "Cup",
	    "--date", "2027-05-01", "--product", "1");
	assert_string_equal(run.output, "");
	run_clear(&run);
}

static void
test_roster(void **state)
{
	char tournament[WORD_SIZE], team[UNIQUE_SIZE + 8];
	struct stack *stack = *state;
	struct json_object *rows;
	struct club club, other;

	club_make(stack, 15000, &club);
	club_make(stack, 15000, &other);
	snprintf(team, sizeof(team), "Team %s", other.name);
	word_of(tournament, club.tournament_id);
	rows = command_rows(stack, 1, 3, WORDS("tournament", "roster",
	    tournament, "--team", team, "--json"));
	assert_string_equal(text_at(rows, 0, "action"), "create");
	assert_string_equal(text_at(rows, 0, "order_id"), "");
	json_object_put(rows);
	assert_int_equal(sql_int(stack, "select count(*) from teamdues.orders "
	    "where tournament_id = %s", tournament), 1);

	rows = command_rows(stack, 1, 0, WORDS("tournament", "roster",
	    tournament, "--team", team, "--json", "--commit"));
	sql_assert_text(stack, text_at(rows, 0, "order_id"), "select order_id "
	    "from teamdues.orders where tournament_id = %s and player_id = "
	    "%lld and status = 'pending' and amount_cents = 15000",
	    tournament, (long long)other.player_id);
	json_object_put(rows);

	rows = command_rows(stack, 1, 0, WORDS("tournament", "roster",
	    tournament, "--team", team, "--json", "--commit"));
	assert_string_equal(text_at(rows, 0, "action"), "exists");
	json_object_put(rows);
	assert_int_equal(sql_int(stack, "select count(*) from teamdues.orders "
	    "where tournament_id = %s", tournament), 2);
}

/* Whether anything was done is said; a team is found as a reader would. */
static void
test_roster_says_what_was_done(void **state)
{
	char tournament[WORD_SIZE], team[UNIQUE_SIZE + 16];
	struct stack *stack = *state;
	struct club club, other;
	struct run run;

	club_make(stack, 15000, &club);
	club_make(stack, 15000, &other);
	snprintf(team, sizeof(team), "TEAM\u00a0%s\u200b", other.name);
	word_of(tournament, club.tournament_id);
	COMMAND(stack, &run, 3, "tournament", "roster", tournament, "--team",
	    team);
	assert_holds(run.output, "create 1, there already 0: nothing was "
	    "written (--commit does it)\n");
	run_clear(&run);
	COMMAND(stack, &run, 0, "tournament", "roster", tournament, "--team",
	    team, "--commit");
	assert_holds(run.output, "create 1, there already 0: done\n");
	run_clear(&run);
	COMMAND(stack, &run, 0, "tournament", "roster", tournament, "--team",
	    team, "--csv");
	assert_holds(run.errors, "create 0, there already 1: nothing to do\n");
	run_clear(&run);
}

static void
test_roster_refuses(void **state)
{
	char tournament[WORD_SIZE], players[2 * WORD_SIZE];
	struct stack *stack = *state;
	struct club club, other;
	struct run run;

	club_make(stack, 15000, &club);
	club_make(stack, 15000, &other);
	word_of(tournament, club.tournament_id);
	snprintf(players, sizeof(players), "%lld,999999999",
	    (long long)other.player_id);
	COMMAND(stack, &run, 1, "tournament", "roster", tournament,
	    "--players", players, "--commit");
	assert_string_equal(run.output, "");
	assert_holds(run.errors, "no player 999999999");
	run_clear(&run);
	COMMAND(stack, &run, 1, "tournament", "roster", tournament, "--team",
	    "a team that is not", "--commit");
	run_clear(&run);
	COMMAND(stack, &run, 1, "tournament", "roster", "999999999",
	    "--players", "1", "--commit");
	assert_holds(run.errors, "no tournament 999999999");
	run_clear(&run);
	assert_int_equal(sql_int(stack, "select count(*) from teamdues.orders "
	    "where tournament_id = %s", tournament), 1);
}

static void
test_orders(void **state)
{
	static const char HEADER[] = "order_id,player_id,player_name,"
	    "parent_email,product_id,product_name,tournament_id,amount_cents,"
	    "currency,status,session_id,payment_intent_id,paid_at,"
	    "refunded_cents,created_at,paid_cents,left_cents\n";
	char tournament[WORD_SIZE], q[UNIQUE_SIZE + 8];
	struct json_object *rows;
	struct club club;
	struct run run;

	club_make(*state, 12345, &club);
	word_of(tournament, club.tournament_id);
	COMMAND(*state, &run, 0, "orders", "--tournament-id", tournament,
	    "--csv");
	assert_begins(run.output, HEADER);
	assert_holds(run.output, ",12345,usd,pending,,,,0,20");
	run_clear(&run);
	rows = command_rows(*state, 1, 0, WORDS("orders", "--tournament-id",
	    tournament, "--status", "pending", "--json"));
	assert_int_equal(atoll(text_at(rows, 0, "order_id")), club.order_id);
	json_object_put(rows);
	command_assert_prints(*state, HEADER, 0, WORDS("orders",
	    "--tournament-id", tournament, "--status", "paid", "--csv"));
	command_assert_prints(*state, "[]\n", 0, WORDS("orders",
	    "--tournament-id", tournament, "--status", "paid", "--json"));
	snprintf(q, sizeof(q), "ER %s", club.name);
	rows = command_rows(*state, 1, 0, WORDS("orders", "--q", q,
	    "--json"));
	assert_int_equal(atoll(text_at(rows, 0, "order_id")), club.order_id);
	json_object_put(rows);
	command_assert_prints(*state, "[]\n", 0, WORDS("orders", "--q",
	    "nobody's name", "--json"));
	COMMAND(*state, &run, 0, "orders", "--tournament-id", tournament);
	assert_holds(run.output, "$123.45  pending");
	run_clear(&run);
}

/* A link that would be dead, or that goes nowhere, is not printed. */
static void
test_link_refuses(void **state)
{
	struct stack *stack = *state;
	char order[WORD_SIZE];
	struct club club;
	struct run run;

	club_make(stack, 15000, &club);
	word_of(order, club.order_id);
	sql_run(stack, "update teamdues.tournaments set held_on = "
	    "current_date - 2 where tournament_id = %lld",
	    (long long)club.tournament_id);
	COMMAND(stack, &run, 1, "link", "tournament", "--order", order);
	assert_string_equal(run.output, "");
	assert_holds(run.errors, "is over");
	run_clear(&run);
	COMMAND(stack, &run, 0, "link", "tournament", "--order", order,
	    "--until", "2037-12-31");
	run.output[strcspn(run.output, "\n")] = '\0';
	assert_int_equal(http_status_of(stack, run.output), 303);
	run_clear(&run);
	COMMAND(stack, &run, 1, "link", "tournament", "--order", order,
	    "--until", "2020-02-29");
	assert_string_equal(run.output, "");
	assert_holds(run.errors, "2020-02-29 is over");
	run_clear(&run);
	word_of(order, sql_int(stack, "insert into teamdues.orders (player_id"
	    ", product_id, kind, amount_cents, currency) values (%lld, 1, "
	    "'fee', 8000, 'usd') returning order_id",
	    (long long)club.player_id));
	COMMAND(stack, &run, 1, "link", "tournament", "--order", order);
	assert_holds(run.errors, " is for a fee, not for a tournament");
	run_clear(&run);
}

/* A roster that the tests write: # stands for the file's unique name. */
struct file {
	char path[64];
	char name[UNIQUE_SIZE];		/* in every line of it */
};

static void
file_write(const struct file *file, const char *lines)
{
	FILE *out = fopen(file->path, "w");

	assert_non_null(out);
	fputs("parent_name,parent_email,parent_phone,player_name,team,"
	    "monthly_fee\n", out);
	for (; *lines != '\0'; lines++)
		if (*lines == '#')
			fputs(file->name, out);
		else
			fputc(*lines, out);
	assert_int_equal(fclose(out), 0);
}

static void
file_make(struct file *file, const char *lines)
{
	int fd;

	snprintf(file->path, sizeof(file->path),
	    "/tmp/teamdues-roster.XXXXXX");
	fd = mkstemp(file->path);
	assert_true(fd >= 0);
	close(fd);
	unique_name("r", file->name);
	file_write(file, lines);
}

static int64_t
count_players(struct stack *stack, const struct file *file)
{
	return sql_int(stack, "select count(*) from teamdues.players p "
	    "left join teamdues.parents r on r.parent_id = p.parent_id where "
	    "p.name like '%%%s%%'", file->name);
}

static void
test_import(void **state)
{
	struct stack *stack = *state;
	struct json_object *rows;
	struct file file;
	struct run run;

	file_make(&file, "Ann,#@example.com,555,\"Max, #\",U10,150\n"
	    "Ann,#@EXAMPLE.com,555,Mia #,U12,120.50\n"
	    ",,,Sol #,,0\n");
	rows = command_rows(stack, 3, 3, WORDS("import", "roster", file.path,
	    "--json"));
	assert_string_equal(text_at(rows, 0, "action"), "create");
	assert_string_equal(text_at(rows, 2, "line"), "4");
	json_object_put(rows);
	assert_int_equal(count_players(stack, &file), 0);

	COMMAND(stack, &run, 0, "import", "roster", file.path, "--commit");
	assert_holds(run.output, "create 3, update 0, same 0: done\n");
	run_clear(&run);
	assert_int_equal(count_players(stack, &file), 3);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.parents where email like '%s@%%'", file.name), 1);
	sql_assert_text(stack, "12050", "select monthly_fee_cents from "
	    "teamdues.players where name = 'Mia %s'", file.name);

	COMMAND(stack, &run, 0, "import", "roster", file.path);
	assert_holds(run.output,
	    "create 0, update 0, same 3: nothing to do\n");
	run_clear(&run);
	command_assert_prints(stack, "[]\n", 0, WORDS("import", "roster",
	    file.path, "--commit", "--json"));
	assert_int_equal(count_players(stack, &file), 3);

	file_write(&file, "Ann,#@example.com,556,\"Max, #\",U11,150\n");
	COMMAND(stack, &run, 3, "import", "roster", file.path, "--csv");
	assert_holds(run.output, "line,action,player_id,player_name,team\n"
	    "2,update,");
	assert_holds(run.output, ",\"Max, ");
	run_clear(&run);
	COMMAND(stack, &run, 0, "import", "roster", file.path, "--commit");
	run_clear(&run);
	sql_assert_text(stack, "556", "select phone from teamdues.parents "
	    "where lower(email) = '%s@example.com'", file.name);
	unlink(file.path);
}

/* One bad row: the good ones are not written either. */
static void
test_import_refuses(void **state)
{
	struct stack *stack = *state;
	struct file file;
	struct run run;

	file_make(&file, "Ann,#@example.com,,Max #,U10,150\n"
	    "Bo,b o@example.com,,,U10,1.005\n"
	    "Cy,#@example.com,,Kim #,U10,1\n");
	COMMAND(stack, &run, 1, "import", "roster", file.path, "--commit");
	assert_string_equal(run.output, "");
	assert_holds(run.errors, "line 3: parent_email: a \" \" is in");
	assert_holds(run.errors, "line 3: player_name: missing\n");
	assert_holds(run.errors, "line 3: monthly_fee: an amount looks like");
	assert_holds(run.errors, "line 4: parent_name: line 2 has \"Ann\"");
	run_clear(&run);
	assert_int_equal(count_players(stack, &file), 0);
	unlink(file.path);
	COMMAND(stack, &run, 1, "import", "roster", file.path);
	assert_holds(run.errors, "No such file");
	run_clear(&run);
}

static void
test_events(void **state)
{
	struct stack *stack = *state;
	struct json_object *session, *event, *rows;
	char id[UNIQUE_SIZE];
	struct run run;

	unique_name("cs_test_", id);
	session = session_paid(id, 5000);
	event = event_about("checkout.session.completed", session);
	webhook_expect_event(stack, event, "unmatched");
	COMMAND(stack, &run, 0, "events", "--csv");
	assert_begins(run.output, "event_id,type,outcome,reason,"
	    "order_id,stripe_created,received_at\n");
	assert_holds(run.output, json_text_at(event, "id"));
	assert_holds(run.output, ",checkout.session.completed,unmatched,");
	run_clear(&run);

	COMMAND(stack, &run, 0, "events", "show", json_text_at(event, "id"));
	assert_holds(run.output, "outcome         unmatched\n");
	/* The bytes that were signed. */
	assert_holds(run.output, json_object_to_json_string(event));
	run_clear(&run);
	rows = command_rows(stack, 1, 0, WORDS("events", "show",
	    json_text_at(event, "id"), "--json"));
	assert_string_equal(text_at(rows, 0, "session_id"), id);
	json_object_put(rows);
	COMMAND(stack, &run, 1, "events", "show", "evt_nonsense");
	assert_string_equal(run.output, "");
	assert_holds(run.errors, "no such event");
	run_clear(&run);
	json_object_put(event);
	json_object_put(session);
}

/* Before its family has clicked, so that cash can be recorded. */
static void
test_first_fee_is_opened(void **state)
{
	char player[WORD_SIZE], order[WORD_SIZE];
	struct stack *stack = *state;
	struct club club;
	struct run run;

	club_make(stack, 15000, &club);
	word_of(player, club.player_id);
	COMMAND(stack, &run, 3, "order", "fee", "--player", player,
	    "--no-prorate");
	assert_holds(run.output, "'s first fee: $80.00.\nNothing was changed");
	run_clear(&run);
	assert_int_equal(sql_int(stack, "select count(*) from teamdues.orders "
	    "where player_id = %s and kind = 'fee'", player), 0);
	COMMAND(stack, &run, 0, "order", "fee", "--player", player,
	    "--no-prorate", "--commit");
	assert_holds(run.output, "'s first fee, $80.00.\n");
	assert_holds(run.errors, "what=\"open fee\" order=");
	run_clear(&run);
	word_of(order, sql_int(stack, "select order_id from teamdues.orders "
	    "where player_id = %s and kind = 'fee' and status = 'pending' and "
	    "amount_cents = 8000", player));
	COMMAND(stack, &run, 0, "order", "record-payment", order, "--source",
	    "cash", "--reference", "desk", "--commit");
	run_clear(&run);
	COMMAND(stack, &run, 1, "order", "fee", "--player", player);
	assert_holds(run.errors, "refused: first payment paid");
	run_clear(&run);
	COMMAND(stack, &run, 1, "order", "fee", "--player", "999999999");
	run_clear(&run);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_product),
		SYSTEM_TEST(test_product_too_cheap),
		SYSTEM_TEST(test_tournament),
		SYSTEM_TEST(test_roster),
		SYSTEM_TEST(test_roster_says_what_was_done),
		SYSTEM_TEST(test_roster_refuses),
		SYSTEM_TEST(test_first_fee_is_opened),
		SYSTEM_TEST(test_orders),
		SYSTEM_TEST(test_link_refuses),
		SYSTEM_TEST(test_import),
		SYSTEM_TEST(test_import_refuses),
		SYSTEM_TEST(test_events),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
