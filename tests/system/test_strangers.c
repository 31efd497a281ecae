/*
 * What strangers wrote, when it is handed to another program: a spreadsheet, a
 * terminal.
 */
#include <stdio.h>
#include <stdlib.h>

#include "club.h"
#include "command.h"
#include "sql.h"

/* What a stranger may have typed, on the terminal of whoever looks. */
static void
test_no_cell_steers_the_terminal(void **state)
{
	static const char *const names[] = { "Jo\x1b[2J", "Jo\xc2\x9b" "2J",
	    "Jo\u202eEvil", "Jo\u2066", "Jo\u2028", "Jo\r", "Jo\x7f" };
	struct stack *stack = *state;
	char tournament[WORD_SIZE];
	struct club club;
	struct run run;

	club_make(stack, 12345, &club);
	word_of(tournament, club.tournament_id);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		sql_run(stack, "update teamdues.players set name = '%s' where "
		    "player_id = %lld", names[i], (long long)club.player_id);
		COMMAND(stack, &run, 0, "orders", "--tournament-id",
		    tournament);
		assert_holds(run.output, "  Jo?");
		assert_null(strstr(run.output, names[i] + 2));
		run_clear(&run);
	}
}

/* What a stranger may have typed, in the hands of a spreadsheet. */
static void
test_no_cell_is_a_formula(void **state)
{
	static const struct {
		const char *name, *cell, *raw;
	} cases[] = {
		{ "=HYPERLINK(\"x\",1)", ",\"'=HYPERLINK(\"\"x\"\",1)\",",
		    ",\"=HYPERLINK(\"\"x\"\",1)\"," },
		{ "=cmd|'' /C calc''!A0", ",'=cmd|' /C calc'!A0,",
		    ",=cmd|' /C calc'!A0," },
		{ "+1+1", ",'+1+1,", ",+1+1," },
		{ "-2+3+cmd", ",'-2+3+cmd,", ",-2+3+cmd," },
		{ "@SUM(1+1)", ",'@SUM(1+1),", ",@SUM(1+1)," },
		{ "Jo = Ann", ",Jo = Ann,", ",Jo = Ann," },
		{ " =1+1", ",' =1+1,", ", =1+1," },
		{ "\u00a0=1+1", ",'\u00a0=1+1,", ",\u00a0=1+1," },
		{ "\uff1d1+1", ",'\uff1d1+1,", ",\uff1d1+1," },
		{ "Jo;=1+1", ",Jo;'=1+1,", ",Jo;=1+1," },
	};
	struct stack *stack = *state;
	char tournament[WORD_SIZE];
	struct club club;
	struct run run;

	club_make(stack, 12345, &club);
	word_of(tournament, club.tournament_id);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		sql_run(stack, "update teamdues.players set name = '%s' where "
		    "player_id = %lld", cases[i].name,
		    (long long)club.player_id);
		COMMAND(stack, &run, 0, "orders", "--tournament-id",
		    tournament, "--csv");
		assert_holds(run.output, cases[i].cell);
		run_clear(&run);
		COMMAND(stack, &run, 0, "orders", "--tournament-id",
		    tournament, "--csv=raw");
		assert_holds(run.output, cases[i].raw);
		run_clear(&run);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_no_cell_steers_the_terminal),
		SYSTEM_TEST(test_no_cell_is_a_formula),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
