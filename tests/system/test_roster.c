/*
 * The club's list, as people keep it: addresses are corrected, names spelled in
 * several ways, and children leave.  One child is asked once, at the right
 * address, and who left is not asked at all.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "command.h"
#include "registration.h"
#include "sql.h"

enum { ROSTER_SIZE = 4096 };

/* # stands for a name of the test's own. */
struct roster {
	char name[UNIQUE_SIZE];
	char path[64];
};

static void
roster_make(struct roster *roster)
{
	int fd;

	registration_name(roster->name);
	snprintf(roster->path, sizeof(roster->path),
	    "/tmp/teamdues-roster.XXXXXX");
	fd = mkstemp(roster->path);
	assert_true(fd >= 0);
	close(fd);
}

static void
roster_write(const struct roster *roster, const char *lines)
{
	FILE *out = fopen(roster->path, "w");

	assert_non_null(out);
	fputs("parent_name,parent_email,parent_phone,player_name,team,"
	    "monthly_fee\n", out);
	for (; *lines != '\0'; lines++)
		if (*lines == '#')
			fputs(roster->name, out);
		else
			fputc(*lines, out);
	assert_int_equal(fclose(out), 0);
}

/* What the import says it does, in a dry run and then in earnest. */
static void
roster_import(struct stack *stack, const struct roster *roster,
    const char *lines, const char *summary, const char *note)
{
	struct run run;

	roster_write(roster, lines);
	command_run(stack, &run, strstr(summary, "nothing to do") != NULL ? 0
	    : 3, NULL, WORDS("import", "roster", roster->path));
	assert_holds(run.output, summary);
	assert_holds(run.errors, note);
	run_clear(&run);
	COMMAND(stack, &run, 0, "import", "roster", roster->path, "--commit");
	assert_holds(run.output, summary);
	run_clear(&run);
	/* It is what it says, and does not change its mind. */
	COMMAND(stack, &run, 0, "import", "roster", roster->path);
	assert_holds(run.output, ": nothing to do\n");
	run_clear(&run);
}

static int64_t
count_players(struct stack *stack, const struct roster *roster)
{
	return sql_int(stack, "select count(*) from teamdues.players where "
	    "name like '%%%s%%'", roster->name);
}

static void
assert_address(struct stack *stack, const struct roster *roster,
    const char *player, const char *address)
{
	sql_assert_text(stack, address, "select replace(r.email, '%s', '#') "
	    "from teamdues.players y join teamdues.parents r using (parent_id) "
	    "where y.name = '%s %s'", roster->name, player, roster->name);
}

static void
test_corrected_address(void **state)
{
	struct stack *stack = *state;
	struct roster roster;
	int64_t attempt;

	roster_make(&roster);
	roster_import(stack, &roster,
	    "Ruth Vale,ruth@#familes.example,801-555-0100,June #,#,150\n"
	    "Ruth Vale,ruth@#familes.example,801-555-0100,Max #,#,120\n"
	    "Sam Roe,sam@#families.example,,Ida #,#,150\n",
	    "create 3, update 0, same 0", "");
	attempt = sql_int(stack, "select customer_attempt from "
	    "teamdues.parents where email = 'ruth@%sfamiles.example'",
	    roster.name);
	roster_import(stack, &roster,
	    "Ruth Vale,ruth@#families.example,801-555-0100,June #,#,150\n"
	    "Ruth Vale,ruth@#families.example,801-555-0100,Max #,#,120\n"
	    "Ruth Vale,ruth@#families.example,801-555-0100,Ben #,#,120\n"
	    "Sam Roe,sam@#families.example,,Ida #,#,150\n",
	    "create 1, update 2, same 1", "the address was ruth@");
	assert_int_equal(count_players(stack, &roster), 4);
	assert_address(stack, &roster, "June", "ruth@#families.example");
	assert_address(stack, &roster, "Ben", "ruth@#families.example");
	assert_address(stack, &roster, "Ida", "sam@#families.example");
	/* Stripe writes to the customer's address. */
	assert_int_equal(sql_int(stack, "select customer_attempt from "
	    "teamdues.parents where email = 'ruth@%sfamilies.example'",
	    roster.name), attempt + 1);
	unlink(roster.path);
}

/* By whom else the parent of a new address is known. */
static void
test_who_a_parent_is(void **state)
{
	static const struct {
		const char *before;
		const char *after;
		const char *summary;
		const char *note;
	} cases[] = {
		/* Another name for the same telephone, and the reverse. */
		{ "Ruth Vale,a@#.example,(801) 555-0100,June #,#,1\n",
		    "Ruth Roe-Vale,b@#.example,+1 801 555 0100,June #,#,1\n",
		    "create 0, update 1", "the address was a@" },
		{ "Ruth Vale,a@#.example,,June #,#,1\n",
		    "RUTH  VALE,b@#.example,801-555-0199,June #,#,1\n",
		    "create 0, update 1", "the address was a@" },
		/* None was known. */
		{ "Ruth Vale,,801-555-0100,June #,#,1\n",
		    "Ruth Vale,b@#.example,8015550100,June #,#,1\n",
		    "create 0, update 1", "the address was not known" },
		{ ",,,June #,#,1\n", "Ruth Vale,b@#.example,,June #,#,1\n",
		    "create 0, update 1", "" },
		/* The list forgot it: what is known stays. */
		{ "Ruth Vale,a@#.example,,June #,#,1\n",
		    "Ruth Vale,,,June #,#,1\n",
		    "create 0, update 0, same 1: nothing to do\n", "" },
		/* Somebody else: the other parent, or another child. */
		{ "Ruth Vale,a@#.example,801-555-0100,June #,#,1\n",
		    "Tom Roe,b@#.example,801-555-0177,June #,#,1\n",
		    "create 1, update 0", "of another parent in this team is "
		    "not in the file: the same child?" },
		{ "Ruth Vale,a@#.example,,June #,#,1\n",
		    "Ruth Vale,a@#.example,,Jun #,#,1\n",
		    "create 1, update 0", "of this family in this team is not "
		    "in the file: the same child?" },
		/* Both are in the file: they are two. */
		{ "Ruth Vale,a@#.example,,June #,#,1\n",
		    "Ruth Vale,a@#.example,,June #,#,1\n"
		    "Ruth Vale,b@#.example,,June #,#,1\n",
		    "create 1, update 0, same 1", "" },
		/* It may be either. */
		{ "Ruth Vale,a@#.example,,June #,#,1\n"
		    "Ruth Vale,b@#.example,,June #,#,1\n",
		    "Ruth Vale,c@#.example,,June #,#,1\n",
		    "create 1, update 0", "the same child?" },
	};
	struct stack *stack = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct roster roster;

		print_message("%s", cases[i].after);
		roster_make(&roster);
		roster_import(stack, &roster, cases[i].before, "update 0", "");
		roster_import(stack, &roster, cases[i].after,
		    cases[i].summary, cases[i].note);
		unlink(roster.path);
	}
}

/* How one name may be written: the same child, called as the list says now. */
static void
test_how_a_name_is_spelled(void **state)
{
	static const char *const pairs[][2] = {
		{ "Zo\u00eb #", "Zoe\u0308 #" },
		{ "Zoe #", "Zo\u00eb #" },
		{ "JUNE #", "June #" },
		{ "June  Vale #", "June Vale #" },
		{ "June\u00a0Vale #", "June Vale #" },
		{ "Pat O\u2019Neil #", "Pat O'Neil #" },
		{ "Ann\u2010Marie #", "Ann-Marie #" },
		{ "\uff2aune #", "June #" },
		{ "June\u200b #", "June #" },
		{ "\u200fJune #", "June #" },
	};
	struct stack *stack = *state;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		char lines[2][ROSTER_SIZE];
		struct roster roster;

		for (size_t n = 0; n < 2; n++)
			snprintf(lines[n], ROSTER_SIZE,
			    "Ruth,a@#.example,,%s,#,1\n", pairs[i][n]);
		roster_make(&roster);
		roster_import(stack, &roster, lines[0], "create 1", "");
		roster_import(stack, &roster, lines[1],
		    "create 0, update 1, same 0", "the name was ");
		assert_int_equal(count_players(stack, &roster), 1);
		unlink(roster.path);
	}
}

/* The public form finds the child by the same rule. */
static void
test_tryout_of_a_child_that_is_known(void **state)
{
	struct stack *stack = *state;
	struct form_pair pairs[FORM_PAIRS_MAX];
	char id[SESSION_ID_SIZE];
	char again[SESSION_ID_SIZE];
	char name[2 * UNIQUE_SIZE];
	struct registration family;

	registration_make(&family);
	snprintf(name, sizeof(name), "Zo\u00eb  O\u2019Neil %s", family.name);
	form_with(family.pairs, "player_name", name, pairs);
	registration_send(stack, pairs, id);
	snprintf(name, sizeof(name), "ZOE O'NEIL %s", family.name);
	form_with(family.pairs, "player_name", name, pairs);
	registration_send(stack, pairs, again);
	assert_string_equal(id, again);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.players y join teamdues.parents r using (parent_id) "
	    "where r.email = '%s'", family.email), 1);
}

static int64_t
player_of(struct stack *stack, const struct roster *roster, const char *name)
{
	return sql_int(stack, "select player_id from teamdues.players where "
	    "name = '%s %s'", name, roster->name);
}

static void
test_who_left(void **state)
{
	struct stack *stack = *state;
	char id[WORD_SIZE];
	char missing[4 * UNIQUE_SIZE];
	struct roster roster;
	struct club club;
	struct json_object *rows;
	char tournament[WORD_SIZE];
	struct run run;

	club_make(stack, 15000, &club);
	roster_make(&roster);
	roster_import(stack, &roster,
	    "Ruth,a@#.example,,June #,#,150\nSam,b@#.example,,Ida #,#,150\n",
	    "create 2", "");
	word_of(id, player_of(stack, &roster, "Ida"));
	snprintf(missing, sizeof(missing), "  player %s: Ida %s (%s)\n", id,
	    roster.name, roster.name);
	roster_write(&roster, "Ruth,a@#.example,,June #,#,150\n");
	COMMAND(stack, &run, 0, "import", "roster", roster.path);
	assert_holds(run.errors, "Not in this file, and still asked for money");
	assert_holds(run.errors, missing);
	run_clear(&run);

	rows = command_rows(stack, 1, 3, WORDS("player", "leave", id,
	    "--json"));
	json_object_put(rows);
	sql_assert_text(stack, "t", "select active from teamdues.players where "
	    "player_id = %s", id);
	COMMAND(stack, &run, 0, "player", "leave", id, "--commit");
	assert_holds(run.output, "leave");
	run_clear(&run);
	COMMAND(stack, &run, 0, "import", "roster", roster.path);
	assert_null(strstr(run.errors, missing));
	run_clear(&run);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.first_payment_players(%s, 'UTC', false) where reason = "
	    "'not active'", id), 1);
	json_object_put(command_rows(stack, 1, 3, WORDS("tournament",
	    "roster", word_of(tournament, club.tournament_id), "--team",
	    roster.name, "--json")));
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.audit_log where action = 'player leave' and subject = "
	    "'player %s'", id), 1);

	/* Back on the list, and so back in the team. */
	roster_import(stack, &roster,
	    "Ruth,a@#.example,,June #,#,150\nSam,b@#.example,,Ida #,#,150\n",
	    "create 0, update 1, same 1", "comes back");
	COMMAND(stack, &run, 0, "player", "leave", id, "--commit");
	run_clear(&run);
	COMMAND(stack, &run, 3, "player", "return", id);
	run_clear(&run);
	COMMAND(stack, &run, 0, "player", "return", id, "--commit");
	run_clear(&run);
	sql_assert_text(stack, "t", "select active from teamdues.players where "
	    "player_id = %s", id);
	unlink(roster.path);
}

static void
test_leave_refuses(void **state)
{
	struct stack *stack = *state;
	char ids[2 * WORD_SIZE];
	struct club club;
	struct run run;

	club_make(stack, 15000, &club);
	snprintf(ids, sizeof(ids), "%lld,999999999",
	    (long long)club.player_id);
	COMMAND(stack, &run, 1, "player", "leave", ids, "--commit");
	assert_holds(run.errors, "no such player: nothing was written");
	run_clear(&run);
	sql_assert_text(stack, "t", "select active from teamdues.players where "
	    "player_id = %lld", (long long)club.player_id);
	COMMAND(stack, &run, 2, "player", "leave", "x");
	run_clear(&run);
	COMMAND(stack, &run, 2, "player", "return");
	run_clear(&run);
}

static int
setup(void **state)
{
	int failed = stack_setup(state);

	if (!failed)
		visitor_offer(*state, "tryout", 2500, "");
	return failed;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_corrected_address),
		SYSTEM_TEST(test_who_a_parent_is),
		SYSTEM_TEST(test_how_a_name_is_spelled),
		SYSTEM_TEST(test_tryout_of_a_child_that_is_known),
		SYSTEM_TEST(test_who_left),
		SYSTEM_TEST(test_leave_refuses),
	};

	return cmocka_run_group_tests(tests, setup, stack_teardown);
}
