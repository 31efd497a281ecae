/*
 * The operator's command from outside: its usage, exit codes and streams.
 * Invariant 8: nothing is changed by a dry run or a refusal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "sql.h"
#include "store/schema.h"

/* Wrong in a way that the command line alone shows: exit 2, usage. */
static void
test_usage(void **state)
{
	static const char *const LINES[][8] = {
		{ NULL },
		{ "nonsense" },
		{ "nonsense", "--help" },
		{ "product", "nonsense" },
		{ "link" },
		{ "import" },
		{ "events", "replay" },
		{ "migrate", "now" },
		{ "orders", "--no-such-option" },
		{ "orders", "--status" },
		{ "orders", "--status", "lost" },
		{ "orders", "--tournament-id", "x" },
		{ "orders", "--json", "--csv" },
		{ "events", "show" },
		{ "import", "roster" },
		{ "link", "tournament", "--order", "0" },
		{ "product", "add", "--name", "X", "--kind", "jersey" },
		{ "product", "add", "--name=X", "--kind=fee", "--amount=1" },
		{ "product", "add", "--name=X", "--kind=jersey",
		    "--amount=-1" },
		{ "product", "add", "--name=X", "--kind=tryout",
		    "--amount=1", "--sizes=S" },
		{ "product", "add", "--name=X", "--kind=jersey",
		    "--amount=1", "--sizes=S,,M" },
		{ "product", "add", "--name=X", "--kind=jersey",
		    "--amount=1", "--sizes=S,S" },
		{ "tournament", "add", "--name=X", "--date=2027-02-29",
		    "--product=1" },
		{ "tournament", "roster", "1" },
		{ "tournament", "roster", "1", "--team=X", "--players=1" },
	};

	for (size_t i = 0; i < sizeof(LINES) / sizeof(LINES[0]); i++) {
		struct run run;

		command_run(*state, &run, 2, NULL, LINES[i]);
		assert_string_equal(run.output, "");
		assert_holds(run.errors, "Usage: teamdues");
		run_clear(&run);
	}
}

static void
test_help(void **state)
{
	static const char *const LINES[][5] = {
		{ "--help" },
		{ "product", "--help" },
		{ "migrate", "--help" },
		{ "doctor", "--help" },
		{ "import", "roster", "--help" },
		{ "product", "add", "--help", "--no-such-option" },
		{ "product", "list", "--help" },
		{ "tournament", "add", "--help" },
		{ "tournament", "list", "--help" },
		{ "tournament", "roster", "--help" },
		{ "orders", "--status", "--help" },
		{ "link", "--help" },
		{ "link", "tournament", "--help" },
		{ "events", "--help" },
		{ "events", "list", "--help" },
		{ "events", "show", "--help" },
	};
	struct run run;

	for (size_t i = 0; i < sizeof(LINES) / sizeof(LINES[0]); i++) {
		command_run(*state, &run, 0, NULL, LINES[i]);
		assert_string_equal(run.errors, "");
		assert_holds(run.output, "Usage: teamdues");
		run_clear(&run);
	}
	COMMAND(*state, &run, 0, "--version");
	assert_memory_equal(run.output, "teamdues ", 9);
	run_clear(&run);
}

/* All that is missing, at once, and no value. */
static void
test_settings(void **state)
{
	static const char *const SETTINGS[] = { "-u", "DATABASE_URL", "-u",
	    "SITE_URL", "LINK_SECRET=tooshort", NULL };
	struct run run;

	command_run(*state, &run, 1, SETTINGS,
	    WORDS("link", "tournament", "--order", "1"));
	assert_string_equal(run.output, "");
	assert_holds(run.errors, "DATABASE_URL is not set\n");
	assert_holds(run.errors, "SITE_URL is not set\n");
	assert_holds(run.errors, "LINK_SECRET must be ");
	assert_null(strstr(run.errors, "tooshort"));
	run_clear(&run);
}

static void
test_database_away(void **state)
{
	static const char *const SETTINGS[] = {
	    "DATABASE_URL=postgresql://x:secretword@/x?host=/nonexistent",
	    NULL };
	struct run run;

	command_run(*state, &run, 1, SETTINGS, WORDS("orders", "--json"));
	assert_string_equal(run.output, "");
	assert_holds(run.errors, "teamdues: cannot connect to the database");
	assert_null(strstr(run.errors, "secretword"));
	run_clear(&run);
}

/* Twice, and from two hosts at once. */
static void
test_migrate(void **state)
{
	struct run run;

	command_shell(*state, &run, 0, "\"$0\" migrate & first=$!; "
	    "\"$0\" migrate && wait $first");
	assert_string_equal(run.errors, "");
	assert_holds(run.output, ", as it was; ");
	run_clear(&run);
}

/* What cannot be printed was not done, as far as a script can tell. */
static void
test_output_that_fails(void **state)
{
	static const char *const LINES[] = {
		"\"$0\" product list > /dev/full",
		"\"$0\" product list --json > /dev/full",
		"\"$0\" product list --csv >&-",
		"\"$0\" --help > /dev/full",
		"{ { sleep 0.2; \"$0\" orders; echo $? >&3; } | :; } "
		    "3>&1 | { read code && exit $code; }",
	};
	struct run run;

	for (size_t i = 0; i < sizeof(LINES) / sizeof(LINES[0]); i++) {
		command_shell(*state, &run, 1, LINES[i]);
		assert_holds(run.errors, "teamdues: standard output: ");
		run_clear(&run);
	}
}

static void
test_doctor(void **state)
{
	struct run run;

	COMMAND(*state, &run, 0, "doctor");
	assert_holds(run.output, "ok settings: ");
	assert_holds(run.output, "ok database: ");
	assert_holds(run.output, "ok schema: ");
	assert_holds(run.output, "ok grants: ");
	assert_holds(run.output, "ok timezone: ");
	assert_null(strstr(run.output, " currency: "));
	assert_holds(run.output, " webhooks: ");
	assert_holds(run.output, "ok stripe: takes the key, in mode test\n");
	assert_holds(run.output, "ok stripe_account: the key is of acct_");
	assert_holds(run.output, "ok clock: ");
	assert_holds(run.output, "ok certificate: ");
	assert_holds(run.output, "ok site: ");
	assert_holds(run.output, "ok outbox: ");
	assert_holds(run.output, "ok smtp: ");
	assert_null(strstr(run.output, "FAIL"));
	run_clear(&run);
}

/* Each thing that can be wrong, alone: found, said how to mend, exit 1. */
static void
test_doctor_finds(void **state)
{
	static const struct {
		const char *settings[3];
		const char *finding;
	} CASES[] = {
		{ { "CURRENCY=jpy" }, "FAIL settings: CURRENCY must be " },
		{ { "-u", "LINK_SECRET" },
		    "FAIL settings: LINK_SECRET is not set -> " },
		{ { "DATABASE_URL=postgresql:///x?host=/nonexistent" },
		    "FAIL database: cannot connect to the database" },
		{ { "STRIPE_SECRET_KEY=sk_test_not_the_one_that_is_known" },
		    "FAIL stripe: Stripe answered 401" },
		{ { "STRIPE_API_BASE=http://127.0.0.1:9" },
		    "FAIL stripe: " },
		{ { "STRIPE_ACCOUNT=acct_Another" },
		    "FAIL stripe_account: the key is of acct_" },
		{ { "STRIPE_ACCOUNT=acct_Another" },
		    "FAIL stripe_reads: the key is of acct_" },
		{ { "-u", "TEAMDUES_CA_FILE" }, "FAIL certificate: " },
		{ { "SITE_URL=https://localhost:9" }, "FAIL site: " },
		{ { "SMTP_URL=smtp://127.0.0.1:9" },
		    "FAIL smtp: smtp://127.0.0.1:9: " },
		{ { "-u", "SMTP_URL" },
		    "FAIL settings: SMTP_URL is not set -> " },
	};

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct run run;

		command_run(*state, &run, 1, CASES[i].settings,
		    WORDS("doctor"));
		assert_holds(run.output, CASES[i].finding);
		assert_holds(run.output, " -> ");
		run_clear(&run);
	}
}

/* Its zones are those of another host, maybe of another release. */
static void
test_doctor_asks_the_database_for_the_zone(void **state)
{
	struct secret secret = { NULL, 0 };
	struct store *store = NULL;
	struct err err;

	sql_url_of(*state, "operator", &secret);
	assert_int_equal(store_open(&secret, "test", 1, &store, &err), ST_OK);
	assert_int_equal(store_check_zone(store, "America/Denver", &err),
	    ST_OK);
	assert_int_equal(store_check_zone(store, "America/Sandwich", &err),
	    ST_BAD_INPUT);
	store_close(store);
	secret_clear(&secret);
}

static void
test_doctor_knows_no_minimum(void **state)
{
	struct run run;

	command_run(*state, &run, 0, WORDS("CURRENCY=twd"), WORDS("doctor"));
	assert_holds(run.output, "warn currency: ");
	run_clear(&run);
}

/* The webhook's role may not do what the operator does. */
static void
test_doctor_finds_the_wrong_role(void **state)
{
	struct stack *stack = *state;
	char path[STACK_PATH_SIZE];
	char setting[1024];
	char *url;
	struct run run;

	stack_path(stack, "state/settings/webhook/DATABASE_URL", path);
	url = stack_read_file(path);
	url[strcspn(url, "\n")] = '\0';
	snprintf(setting, sizeof(setting), "DATABASE_URL=%s", url);
	command_run(stack, &run, 1, WORDS(setting), WORDS("doctor"));
	assert_holds(run.output, "FAIL grants: ");
	assert_holds(run.output, "permission denied");
	run_clear(&run);
	free(url);
}

/* Statements follow the views; the heading of a list is the command's own. */
static void
test_lists_have_the_columns_of_their_views(void **state)
{
	static const struct {
		const char *words[5];
		const char *view;
		int hidden;	/* the last columns, which are for programs */
	} lists[] = {
		{ { "orders", "--csv" }, "order_overview", 2 },
		{ { "events", "list", "--csv" }, "event_overview", 0 },
		{ { "unmatched", "list", "--csv" }, "unmatched_overview", 0 },
		{ { "unmatched", "rules", "list", "--csv" }, "rule_overview",
		    0 },
		{ { "tournament", "list", "--csv" }, "tournament_overview",
		    0 },
		{ { "product", "list", "--csv" }, "product_overview", 1 },
		{ { "email", "list", "--csv" }, "email_overview", 1 },
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		char *columns = sql_text(*state, "select string_agg(attname, "
		    "',' order by attnum) from (select attname, attnum, "
		    "max(attnum) over () as last from pg_attribute where "
		    "attrelid = 'teamdues.%s'::regclass and attnum > 0) a "
		    "where attnum <= last - %d", lists[i].view,
		    lists[i].hidden);
		struct run run;

		command_run(*state, &run, 0, NULL, lists[i].words);
		run.output[strcspn(run.output, "\n")] = '\0';
		assert_string_equal(run.output, columns);
		run_clear(&run);
		free(columns);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_usage),
		SYSTEM_TEST(test_help),
		SYSTEM_TEST(test_settings),
		SYSTEM_TEST(test_database_away),
		SYSTEM_TEST(test_migrate),
		SYSTEM_TEST(test_output_that_fails),
		SYSTEM_TEST(test_doctor),
		SYSTEM_TEST(test_doctor_finds),
		SYSTEM_TEST(test_doctor_asks_the_database_for_the_zone),
		SYSTEM_TEST(test_doctor_knows_no_minimum),
		SYSTEM_TEST(test_doctor_finds_the_wrong_role),
		SYSTEM_TEST(test_lists_have_the_columns_of_their_views),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
