/*
 * `teamdues desk`: who may sign in at the treasurer's desk.
 */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"
#include "sql.h"

enum { ADDRESS_SIZE = UNIQUE_SIZE + 16 };

static const char *
address(char text[ADDRESS_SIZE])
{
	char name[UNIQUE_SIZE];

	unique_name("desk", name);
	snprintf(text, ADDRESS_SIZE, "%s@Club.example", name);
	return text;
}

static const char *
text_of(struct json_object *row, const char *name)
{
	struct json_object *value = NULL;

	assert_true(json_object_object_get_ex(row, name, &value));
	return value != NULL ? json_object_get_string(value) : "";
}

static void
add(struct stack *stack, const char *email, const char *role,
    char user_id[WORD_SIZE])
{
	struct json_object *rows = command_rows(stack, 1, 0, WORDS("desk",
	    "add", "--name", "Ruth Ames", "--email", email, "--role", role,
	    "--json"));
	struct json_object *row = json_object_array_get_idx(rows, 0);

	assert_string_equal(text_of(row, "name"), "Ruth Ames");
	assert_string_equal(text_of(row, "email"), email);
	assert_string_equal(text_of(row, "role"), role);
	assert_string_equal(text_of(row, "last_entered_at"), "");
	assert_string_equal(text_of(row, "sessions"), "0");
	snprintf(user_id, WORD_SIZE, "%s", text_of(row, "user_id"));
	json_object_put(rows);
}

static void
test_add_and_list(void **state)
{
	char email[ADDRESS_SIZE], user_id[WORD_SIZE];
	struct run run;

	add(*state, address(email), "viewer", user_id);
	COMMAND(*state, &run, 0, "desk", "list", "--csv");
	assert_holds(run.output, "user_id,name,email,role,added_at,"
	    "last_entered_at,sessions\n");
	assert_holds(run.output, email);
	run_clear(&run);
	COMMAND(*state, &run, 0, "desk");
	assert_holds(run.output, email);
	run_clear(&run);
	assert_int_equal(sql_int(*state, "select count(*) from "
	    "teamdues.audit_log where action = 'desk add' and subject = "
	    "'desk user %s' and detail = 'Ruth Ames <%s>, viewer'", user_id,
	    email), 1);
}

/* An address is one user's, however it is written. */
static void
test_an_address_is_one_user_s(void **state)
{
	char email[ADDRESS_SIZE], user_id[WORD_SIZE];
	struct run run;

	add(*state, address(email), "treasurer", user_id);
	for (char *at = email; *at != '\0'; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
	COMMAND(*state, &run, 1, "desk", "add", "--name", "Ruth", "--email",
	    email, "--role", "viewer");
	assert_holds(run.errors, "may sign in already");
	run_clear(&run);
	COMMAND(*state, &run, 0, "desk", "remove", email);
	assert_holds(run.output, "Removed: Ruth Ames <");
	assert_holds(run.output, ">, treasurer; no session was open.");
	run_clear(&run);
	add(*state, email, "viewer", user_id);
}

static void
test_bad_input(void **state)
{
	struct run run;

	COMMAND(*state, &run, 2, "desk", "add", "--name", "Ruth", "--email",
	    "ruth", "--role", "viewer");
	run_clear(&run);
	COMMAND(*state, &run, 2, "desk", "add", "--name", "Ruth", "--email",
	    "ruth@club.example", "--role", "owner");
	run_clear(&run);
	COMMAND(*state, &run, 2, "desk", "add", "--name", "A name that is "
	    "longer than the hundred characters of the log leave room for, "
	    "by some of them", "--email", "ruth@club.example", "--role",
	    "viewer");
	run_clear(&run);
	COMMAND(*state, &run, 1, "desk", "remove", "nobody@club.example");
	assert_holds(run.errors, "no user of the desk is "
	    "nobody@club.example");
	run_clear(&run);
}

/* All that is open ends with the user, and of nobody else. */
static void
test_remove_ends_sessions(void **state)
{
	char email[ADDRESS_SIZE], user_id[WORD_SIZE], other_id[WORD_SIZE];
	struct stack *stack = *state;
	struct run run;

	add(stack, address(email), "treasurer", other_id);
	add(stack, address(email), "treasurer", user_id);
	sql_run(stack, "insert into teamdues.desk_sessions (session_hash, "
	    "user_id, ends_at) select sha256(format('%%s %%s', u, n)"
	    "::bytea), u, now() + interval '1 hour' from (values (%s), "
	    "(%s)) x (u), generate_series(1, 2) n", user_id, other_id);
	/* Not due yet, so that the mailer does not come first. */
	sql_run(stack, "insert into teamdues.desk_entries (user_id, "
	    "browser_hash, ends_at, not_before) select %s, sha256('b'), t, t "
	    "from (select now() + interval '10 minutes' as t) x", user_id);
	COMMAND(stack, &run, 0, "desk", "remove", user_id);
	assert_holds(run.output, "2 sessions were ended.");
	run_clear(&run);
	sql_assert_text(stack, "0 2", "select concat_ws(' ', "
	    "count(*) filter (where user_id = %s), "
	    "count(*) filter (where user_id = %s)) from "
	    "teamdues.desk_sessions where ended_at is null", user_id,
	    other_id);
	sql_assert_text(stack, "dropped", "select state from "
	    "teamdues.desk_entries where user_id = %s and ends_at <= now()",
	    user_id);
	COMMAND(stack, &run, 1, "desk", "remove", user_id);
	run_clear(&run);
}

/* What is as old as that, and is over; nothing of a session that is not, nor
 * the last sign-in, of which the list of users tells. */
static void
test_prune(void **state)
{
	char email[ADDRESS_SIZE], user_id[WORD_SIZE];
	struct stack *stack = *state;
	struct run run;

	add(stack, address(email), "treasurer", user_id);
	sql_run(stack, "insert into teamdues.desk_sessions (session_hash, "
	    "user_id, began_at, ends_at, ended_at) select sha256(format("
	    "'%%s %%s old', u, n)::bytea), u, now() - interval '402 days', "
	    "now() - end_days * interval '1 day', now() - over_days * "
	    "interval '1 day' from (values (%s, 1, 401, null), (%s, 2, -1, "
	    "401), (%s, 3, 399, null), (%s, 4, -1, null)) x (u, n, end_days, "
	    "over_days)", user_id, user_id, user_id, user_id);
	sql_run(stack, "insert into teamdues.desk_entries (user_id, "
	    "browser_hash, asked_at, ends_at, entered_at) select %s, "
	    "sha256('b'), t, t, case when is_in then t end from (select "
	    "now() - days * interval '1 day' as t, is_in from (values (0, "
	    "false), (401, false), (402, true), (403, true)) x (days, "
	    "is_in)) x", user_id);
	sql_run(stack, "insert into teamdues.desk_requests (form_id, user_id, "
	    "action, args, state, ended_at) select format('old roster %%s of "
	    "%s', n), %s, 'import_roster', '{\"rows\": [], \"seen\": \"\"}', "
	    "'done', now() - n * interval '1 day' from (values (401), (399)) "
	    "x (n)", user_id, user_id);
	COMMAND(stack, &run, 3, "events", "prune", "--older-than", "400d");
	assert_holds(run.output, "Would delete 5 sign-ins and sessions");
	run_clear(&run);
	COMMAND(stack, &run, 0, "events", "prune", "--older-than", "400d",
	    "--commit");
	assert_holds(run.output, "Deleted 5 sign-ins and sessions");
	run_clear(&run);
	sql_assert_text(stack, "2 2", "select concat_ws(' ', (select count(*) "
	    "from teamdues.desk_sessions where user_id = %s), (select "
	    "count(*) from teamdues.desk_entries where user_id = %s))",
	    user_id, user_id);
	assert_int_equal(sql_int(stack, "select count(*) from "
	    "teamdues.desk_requests where user_id = %s and args ? 'rows'",
	    user_id), 1);
	COMMAND(stack, &run, 0, "events", "prune", "--older-than", "400d");
	run_clear(&run);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_add_and_list),
		SYSTEM_TEST(test_an_address_is_one_user_s),
		SYSTEM_TEST(test_bad_input),
		SYSTEM_TEST(test_remove_ends_sessions),
		SYSTEM_TEST(test_prune),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
