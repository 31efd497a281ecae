/*
 * The club's day decides what a first month costs: the database under
 * libfaketime, at days that are hard, and the amounts in mail, link and
 * session.  The days are of years to come, so that the links still hold.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "mailbox.h"
#include "sql.h"

enum { FEE = 15000, TEXT_SIZE = 128 };

/* Where the database reads how far its clock is ahead: a path that its user can
 * follow. */
static void
clock_path(const struct stack *stack, char path[STACK_PATH_SIZE])
{
	snprintf(path, STACK_PATH_SIZE, "%s/temporary/clock",
	    stack_setting(stack, "TEAMDUES_STATE"));
}

/* In one step: libfaketime ends the process that finds the file empty. */
static void
set_clock(struct stack *stack, int64_t ahead_s)
{
	char path[STACK_PATH_SIZE];
	char written[STACK_PATH_SIZE + 4];
	FILE *file;

	clock_path(stack, path);
	snprintf(written, sizeof(written), "%s.new", path);
	file = fopen(written, "w");
	assert_non_null(file);
	assert_int_equal(fchmod(fileno(file), 0644), 0);
	fprintf(file, "+%lld\n", (long long)ahead_s);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(rename(written, path), 0);
}

/* The database once more, with a clock that the file moves. */
static int
clock_setup(void **state)
{
	char path[STACK_PATH_SIZE];

	if (mailbox_setup(state) != 0)
		return -1;
	set_clock(*state, 0);
	clock_path(*state, path);
	server_stop_postgresql(*state);
	server_start_postgresql_ahead(*state, path);
	return 0;
}

/* Puts the database's clock to a time in the club's zone, as told. */
static void
go_to(struct stack *stack, const char *local_time)
{
	int64_t then;
	char *now;

	set_clock(stack, 0);
	then = sql_int(stack, "select extract(epoch from timestamp '%s' at "
	    "time zone '%s')::bigint", local_time,
	    stack_setting(stack, "CLUB_TIMEZONE"));
	assert_true(then > now_s());
	set_clock(stack, then - now_s());
	now = sql_text(stack, "select to_char(now() at time zone '%s', "
	    "'YYYY-MM-DD HH24:MI')", stack_setting(stack, "CLUB_TIMEZONE"));
	assert_memory_equal(now, local_time, 16);
	free(now);
}

struct day_case {
	const char *day;	/* MM-DD of the year */
	const char *time;
	int64_t cents;		/* of 150.00, prorated */
	const char *says;
};

/* The order of the player, followed to Stripe. */
static void
assert_session(struct stack *stack, const struct family *family,
    const char *url, int64_t cents)
{
	struct http_answer answer;
	char session[SESSION_ID_SIZE];

	http_get(stack, url, &answer);
	club_session_of(stack, &answer, session);
	http_answer_clear(&answer);
	assert_int_equal(sql_int(stack, "select amount_cents from "
	    "teamdues.checkout_sessions where session_id = '%s' and order_id "
	    "= %lld", session, (long long)family_order(stack, family)),
	    cents);
}

/* Stripe's clock stands, and its sessions end in what is the past here. */
static void
let_none_end(struct stack *stack)
{
	sql_run(stack, "update teamdues.checkout_sessions set expires_at = "
	    "now() + interval '1 day' where status = 'open'");
}

/* Both rules on one day: the prorated one, and the flat one. */
static void
try_rule(struct stack *stack, const char *day, const char *more,
    int64_t cents, const char *says)
{
	char target[LINK_SIZE];
	char part[TEXT_SIZE];
	char url[LINK_SIZE];
	struct family family;
	struct json_object *json;

	let_none_end(stack);
	family_make(stack, FEE, &family);
	snprintf(target, sizeof(target), "/admin/email/first-payment?"
	    "player_id=%lld%s", (long long)family.player_id, more);
	json = admin_json(stack, 202, target, NULL);
	assert_int_equal(json_int_at(json, "amount_cents"), cents);
	json_object_put(json);
	mailer_run(stack, 0);
	json = mailbox_only(stack, family.email);
	mail_assert_says(json, says);
	snprintf(part, sizeof(part), "$%lld.%02lld", (long long)cents / 100,
	    (long long)cents % 100);
	mail_assert_says(json, part);
	mail_link(stack, json, url);
	snprintf(part, sizeof(part), "&quoted=%s&amount_cents=%lld&", day,
	    (long long)cents);
	assert_holds(url, part);
	json_object_put(json);
	assert_session(stack, &family, url, cents);
}

static void
try_day(struct stack *stack, int year, const struct day_case *c)
{
	char day[TEXT_SIZE];
	char local[2 * TEXT_SIZE];
	const char *fee = strstr(c->says, "Prorated ") != NULL
	    ? c->says + strlen("Prorated ") : c->says;

	snprintf(day, sizeof(day), "%d-%s", year, c->day);
	snprintf(local, sizeof(local), "%s %s", day, c->time);
	go_to(stack, local);
	print_message("%s: $%lld.%02lld, %s\n", local,
	    (long long)c->cents / 100, (long long)c->cents % 100, c->says);
	try_rule(stack, day, "", c->cents, c->says);
	try_rule(stack, day, "&skip_proration=true", FEE, fee);
}

static int
year_now(void)
{
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	return tm.tm_year + 1900;
}

/* The next year after this one that is a leap year, or is none. */
static int
next_year(bool is_leap)
{
	int year = year_now() + 1;

	while ((year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) !=
	    is_leap)
		year++;
	return year;
}

static void
test_hard_days(void **state)
{
	static const struct day_case cases[] = {
		{ "04-01", "12:00", 15000, "April fee" },
		{ "04-15", "12:00", 8000, "Prorated April fee" },
		{ "02-28", "12:00", 536, "Prorated February fee" },
		{ "01-31", "12:00", 484, "Prorated January fee" },
		{ "03-31", "12:00", 484, "Prorated March fee" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		try_day(*state, next_year(false), &cases[i]);
}

static void
test_leap_year(void **state)
{
	static const struct day_case cases[] = {
		{ "02-01", "00:00", 15000, "February fee" },
		{ "02-28", "12:00", 1034, "Prorated February fee" },
		{ "02-29", "12:00", 517, "Prorated February fee" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		try_day(*state, next_year(true), &cases[i]);
}

/* In Denver it is still the 30th when UTC has begun the next month. */
static void
test_minute_before_midnight(void **state)
{
	static const struct day_case cases[] = {
		{ "04-30", "23:58", 500, "Prorated April fee" },
		{ "05-01", "00:00", 15000, "May fee" },
		{ "12-31", "23:58", 484, "Prorated December fee" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		try_day(*state, next_year(false), &cases[i]);
}

/* Ten days later the family still pays what the mail said. */
static void
test_ten_days_later(void **state)
{
	struct stack *stack = *state;
	char target[LINK_SIZE];
	char local[TEXT_SIZE];
	char url[LINK_SIZE];
	struct family family;
	struct json_object *mail;

	snprintf(local, sizeof(local), "%d-04-15 12:00", next_year(false));
	go_to(stack, local);
	family_make(stack, FEE, &family);
	snprintf(target, sizeof(target), "/admin/email/first-payment?"
	    "player_id=%lld", (long long)family.player_id);
	json_object_put(admin_json(stack, 202, target, NULL));
	mailer_run(stack, 0);
	mail = mailbox_only(stack, family.email);
	mail_link(stack, mail, url);
	json_object_put(mail);
	snprintf(local, sizeof(local), "%d-04-25 12:00", next_year(false));
	go_to(stack, local);
	assert_session(stack, &family, url, 8000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_hard_days),
		MAIL_TEST(test_leap_year),
		MAIL_TEST(test_minute_before_midnight),
		MAIL_TEST(test_ten_days_later),
	};

	return cmocka_run_group_tests(tests, clock_setup, stack_teardown);
}
