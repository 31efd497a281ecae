/*
 * What a stranger, a viewer or a program of the desk that was taken over would
 * try: the database refuses by itself, no answer can be framed or kept, and no
 * program that faces the web holds a key of Stripe's but checkout's.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "desk.h"
#include "process.h"
#include "sql.h"
#include "treasurer.h"

enum { LINE_SIZE = 4096, TAIL_LEN = 16, MAP_MAX = 256 * 1024 * 1024 };

/* The SQLSTATE of a function that is called with this session and nothing
 * else. */
static const char *
state_of_call(PGconn *desk, const char *name, int arguments,
    const char *session)
{
	static char state[8];
	char call[LINE_SIZE];
	const char *code;
	PGresult *result;
	int len = snprintf(call, sizeof(call), "select %s(%s", name, session);

	for (int i = 1; i < arguments; i++)
		len += snprintf(call + len, sizeof(call) - (size_t)len,
		    ", null");
	snprintf(call + len, sizeof(call) - (size_t)len, ")");
	result = PQexec(desk, call);
	code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	snprintf(state, sizeof(state), "%s", code != NULL ? code : "");
	PQclear(result);
	return state;
}

/* All that the role may call with a session, but for signing out; what the
 * database calls volatile may write. */
static PGresult *
functions_of_the_desk(struct stack *stack)
{
	PGconn *connection = sql_connect(stack);
	PGresult *functions = PQexec(connection, "select format("
	    "'teamdues.%I', p.proname), p.pronargs, p.provolatile = 'v' "
	    "from pg_proc p where p.pronamespace = 'teamdues'::regnamespace "
	    "and has_function_privilege('teamdues_desk', p.oid, 'execute') "
	    "and p.proargnames[1] = 'p_session' and p.proname <> "
	    "'desk_leave' order by 1");

	assert_int_equal(PQresultStatus(functions), PGRES_TUPLES_OK);
	PQfinish(connection);
	return functions;
}

static void
test_each_function_asks_who(void **state)
{
	struct stack *stack = *state;
	PGconn *desk = sql_connect_as(stack, "desk");
	PGresult *functions = functions_of_the_desk(stack);
	struct treasurer viewer;
	char session[SESSION_HEX_SIZE + 32];

	treasurer_enter(stack, "viewer", &viewer);
	snprintf(session, sizeof(session), "decode('%s', 'hex')",
	    viewer.session);
	assert_true(PQntuples(functions) > 20);
	for (int i = 0; i < PQntuples(functions); i++) {
		const char *name = PQgetvalue(functions, i, 0);
		int arguments = atoi(PQgetvalue(functions, i, 1));

		if (strcmp(state_of_call(desk, name, arguments, "null"),
		    "TD401") != 0 || strcmp(state_of_call(desk, name,
		    arguments, "sha256('nobody')"), "TD401") != 0)
			fail_msg("%s answers nobody", name);
		if (PQgetvalue(functions, i, 2)[0] == 't' &&
		    strcmp(state_of_call(desk, name, arguments, session),
		    "TD403") != 0)
			fail_msg("%s may write for a viewer", name);
	}
	/* Whatever else it may call has to do with signing in. */
	assert_int_equal(sql_int(stack, "select count(*) from pg_proc p where "
	    "p.pronamespace = 'teamdues'::regnamespace and "
	    "has_function_privilege('teamdues_desk', p.oid, 'execute') and "
	    "p.proargnames[1] is distinct from 'p_session' and p.proname not "
	    "in ('desk_ask', 'desk_count_refusal', 'desk_enter', "
	    "'schema_version')"), 0);
	PQclear(functions);
	PQfinish(desk);
	treasurer_leave(&viewer);
}

/* It may not be kept, nor shown within another's page. */
static void
assert_closed(struct stack *stack, struct desk_browser *browser,
    const char *path, const char *method)
{
	char cookie[HTTP_VALUE_SIZE], policy[HTTP_VALUE_SIZE];
	struct http_answer answer;
	char address[ADDRESS_SIZE];

	visitor_address(address);
	snprintf(cookie, sizeof(cookie), "Cookie: __Host-teamdues=%s",
	    browser->session);
	http_send(stack, &(struct http_request){ .method = method,
	    .target = path, .from = address,
	    .headers = { "Accept: text/html", cookie } }, &answer);
	http_assert_guarded(&answer);
	http_assert_header(&answer, "Cache-Control", "no-store");
	http_header(&answer, "Content-Security-Policy", policy);
	assert_holds(policy, "frame-ancestors 'none'");
	if (answer.status == 0 || answer.status >= 500)
		fail_msg("%s %s: %ld", method, path, answer.status);
	/* Without a form's token nothing is done, for whoever it is. */
	if (strcmp(method, "POST") == 0 && answer.status < 300)
		fail_msg("POST %s: %ld", path, answer.status);
	http_answer_clear(&answer);
}

/* Every address of the desk that the server's configuration has. */
static void
test_no_answer_is_framed_or_kept(void **state)
{
	static const char location[] = "\tlocation = /desk";
	static const char *const methods[] = { "GET", "POST", "DELETE" };
	struct stack *stack = *state;
	struct desk_browser browsers[2];
	FILE *file = fopen("nginx/teamdues.conf", "r");
	char line[LINE_SIZE];
	int count = 0;

	assert_non_null(file);
	desk_browser_make(&browsers[0]);
	desk_enter(stack, "viewer", &browsers[1]);
	while (fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, location, strlen(location)) != 0)
			continue;
		count++;
		char *path = strchr(line, '/');

		path[strcspn(path, " ")] = '\0';
		for (int i = 0; i < 6; i++)
			assert_closed(stack, &browsers[i / 3], path,
			    methods[i % 3]);
	}
	fclose(file);
	assert_true(count > 20);
	assert_closed(stack, &browsers[1], "/desk/nothing", "GET");
	assert_closed(stack, &browsers[1], "/desk/order/nothing", "POST");
}

/* Presses the button of an act's last page as another site would have it
 * pressed: the cookie comes along all the same. */
static long
press(struct stack *stack, const struct desk_browser *browser,
    const char *body, const char *first, const char *second)
{
	char cookie[HTTP_VALUE_SIZE];
	struct http_answer answer;
	long status;

	snprintf(cookie, sizeof(cookie), "Cookie: __Host-teamdues=%s",
	    browser->session);
	http_send(stack, &(struct http_request){ .method = "POST",
	    .target = "/desk/order/waive", .from = browser->address,
	    .headers = { cookie, first, second }, .body = body,
	    .len = strlen(body) }, &answer);
	status = answer.status;
	http_answer_clear(&answer);
	return status;
}

static void
test_forms_of_other_sites(void **state)
{
	static const char *const foreign[][2] = {
		{ "Origin: https://evil.example", "Accept: text/html" },
		{ "Origin: null", "Accept: text/html" },
		{ "Origin: null", "Sec-Fetch-Site: cross-site" },
		{ "Sec-Fetch-Site: cross-site", "Accept: text/html" },
		{ "Sec-Fetch-Site: same-site", "Accept: text/html" },
	};
	struct stack *stack = *state;
	struct desk_browser ruth, sam;
	struct http_answer answer;
	char token[TOKEN_SIZE], id[WORD_SIZE];
	char *body = malloc(FORM_SIZE);
	struct club club;

	assert_non_null(body);
	desk_enter(stack, "treasurer", &ruth);
	desk_enter(stack, "treasurer", &sam);
	club_make(stack, 15000, &club);
	word_of(id, club.order_id);
	desk_post(stack, &ruth, "/desk/order/waive", (const struct form_pair[]){
	    { "order_id", id }, { "reason", "x" }, { NULL, NULL } }, &answer);
	desk_token(&answer, "/desk/order/waive", token);
	http_answer_clear(&answer);
	form_encode((const struct form_pair[]){ { "order_id", id },
	    { "reason", "x" }, { "confirm", "yes" }, { "form", token },
	    { NULL, NULL } }, body);
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		assert_int_equal(press(stack, &ruth, body, foreign[i][0],
		    foreign[i][1]), 403);
	/* The form of another session is shown once more. */
	assert_int_equal(press(stack, &sam, body, "Accept: text/html", NULL),
	    200);
	club_assert_status(stack, club.order_id, "pending");
	/* The same form is good where it belongs. */
	assert_int_equal(press(stack, &ruth, body, "Accept: text/html", NULL),
	    303);
	club_assert_status(stack, club.order_id, "waived");
	free(body);
}

/* How often a range of a program's memory has the bytes. */
static int
count_in_range(int mem, uintmax_t from, size_t len, const char *bytes)
{
	char *copy = malloc(len);
	ssize_t got = copy != NULL && len < MAP_MAX
	    ? pread(mem, copy, len, (off_t)from) : -1;
	int count = 0;

	for (ssize_t i = 0; i + TAIL_LEN <= got; i++)
		count += copy[i] == bytes[0] &&
		    memcmp(copy + i, bytes, TAIL_LEN) == 0;
	free(copy);
	return count;
}

static int
count_in_memory(pid_t pid, const char *bytes)
{
	char path[STACK_PATH_SIZE], line[LINE_SIZE];
	uintmax_t from, to;
	int count = 0;
	FILE *maps;
	int mem;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "r");
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	assert_non_null(maps);
	assert_true(mem >= 0);
	while (fgets(line, sizeof(line), maps) != NULL)
		if (sscanf(line, "%" SCNxMAX "-%" SCNxMAX " rw", &from, &to)
		    == 2)
			count += count_in_range(mem, from,
			    (size_t)(to - from), bytes);
	fclose(maps);
	close(mem);
	return count;
}

/* The end of a key: enough to be told from anything else. */
static void
assert_knows(struct stack *stack, const char *program, const char *setting,
    bool does)
{
	const char *key = stack_setting(stack, setting);
	int count = count_in_memory(program_pid(stack, program),
	    key + strlen(key) - TAIL_LEN);

	if ((count > 0) != does)
		fail_msg("%s has %s %d times", program, setting, count);
}

static void
test_who_knows_the_key(void **state)
{
	static const char *const desk[] = { "desk-enter", "desk-families",
	    "desk-family", "desk-index", "desk-log", "desk-mails",
	    "desk-order", "desk-payments", "desk-products", "desk-request",
	    "desk-rosters", "desk-sign-in", "desk-tournament",
	    "desk-tournaments", "desk-unmatched" };
	struct stack *stack = *state;

	for (size_t i = 0; i < sizeof(desk) / sizeof(desk[0]); i++) {
		assert_knows(stack, desk[i], "STRIPE_SECRET_KEY", false);
		assert_knows(stack, desk[i], "STRIPE_WEBHOOK_SECRET", false);
		/* What is looked for is found where it is. */
		assert_knows(stack, desk[i], "LINK_SECRET", true);
	}
	assert_knows(stack, "webhooks-stripe", "STRIPE_SECRET_KEY", false);
	assert_knows(stack, "index", "STRIPE_SECRET_KEY", false);
	assert_knows(stack, "admin-orders", "STRIPE_SECRET_KEY", false);
	assert_knows(stack, "clerk", "STRIPE_SECRET_KEY", true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_function_asks_who),
		cmocka_unit_test(test_no_answer_is_framed_or_kept),
		cmocka_unit_test(test_forms_of_other_sites),
		cmocka_unit_test(test_who_knows_the_key),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
