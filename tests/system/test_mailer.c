/*
 * The mailer as a process: how fast, how large, how it stops, and that a family
 * has each mail once whatever kills it, but for the one instant that SMTP
 * leaves open (invariant 6).
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#include "mailbox.h"
#include "sql.h"

enum {
	FAMILIES = 500,
	KILLS = 20,
	THOUSAND = 1000,
	PSS_MAX_KB = 10 * 1024,
	GROWTH_MAX_KB = 512,
};

static const char blast[] = "/admin/email/first-payment/blast";

/* count families, all of them asked. */
static void
queue_mails(struct stack *stack, int count)
{
	char name[UNIQUE_SIZE];
	struct json_object *answer;

	unique_name("many", name);
	sql_run(stack, "with p as (insert into teamdues.parents (name, email) "
	    "select 'Parent ' || n, '%s.' || n || '@example.com' from "
	    "generate_series(1, %d) n returning parent_id) insert into "
	    "teamdues.players (parent_id, name, monthly_fee_cents) select "
	    "parent_id, 'Child', 15000 from p", name, count);
	answer = admin_json(stack, 202, blast, NULL);
	assert_int_equal(json_int_at(answer, "queued"), count);
	json_object_put(answer);
}

static int64_t
count_of(struct stack *stack, const char *state)
{
	return sql_int(stack, "select count(*) from teamdues.emails where "
	    "state = '%s' and player_id in (select player_id from "
	    "teamdues.players where active)", state);
}

static void
kill_mailer(pid_t pid)
{
	int status = 0;

	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

static void
sleep_ms(int ms)
{
	const struct timespec time = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&time, NULL);
}

static int64_t
connections(struct stack *stack)
{
	struct json_object *all = catcher_call(stack, "GET", "connections",
	    NULL);
	int64_t count = (int64_t)json_object_array_length(all);

	json_object_put(all);
	return count;
}

static int64_t
fault_hits(struct stack *stack)
{
	struct json_object *all = catcher_call(stack, "GET", "faults", NULL);
	int64_t hits = json_int_at(json_object_array_get_idx(all, 0), "hits");

	json_object_put(all);
	return hits;
}

/*
 * Over one connection, in a memory that does not grow.  Its own pages are
 * compared: its part of shared ones grows whenever another program ends.
 */
static void
test_thousand_mails(void **state)
{
	struct stack *stack = *state;
	int64_t start_ms;
	int64_t begun_kb;
	int64_t end_kb;
	int64_t all_kb;
	int64_t ms;
	pid_t pid;

	queue_mails(stack, THOUSAND);
	start_ms = monotonic_ms();
	pid = mailer_begin(stack);
	WAIT_UNTIL(60, mailbox_count(stack) > 100);
	begun_kb = process_figure(pid, "smaps_rollup", "Private_Dirty");
	WAIT_UNTIL(60, mailbox_count(stack) == THOUSAND);
	end_kb = process_figure(pid, "smaps_rollup", "Private_Dirty");
	all_kb = process_figure(pid, "smaps_rollup", "Pss");
	print_message("1,000 mails sent in %lld ms, PSS %lld kB, %+lld kB\n",
	    (long long)(monotonic_ms() - start_ms), (long long)all_kb,
	    (long long)(end_kb - begun_kb));
	assert_int_equal(connections(stack), 1);
	WAIT_UNTIL(10, count_of(stack, "sent") == THOUSAND);
	if (getenv("TEAMDUES_SANITIZE") == NULL) {
		assert_in_range(all_kb, 1, PSS_MAX_KB);
		assert_in_range(begun_kb, 1, PSS_MAX_KB);
		assert_true(end_kb - begun_kb < GROWTH_MAX_KB);
	}
	assert_int_equal(server_end(pid, &ms), 0);
}

/* Whether a later mail of the list is to the same family. */
static bool
has_later_copy(struct json_object *all, size_t i)
{
	struct json_object *to = json_object_object_get(
	    json_object_array_get_idx(all, i), "to");

	for (size_t k = i + 1; k < json_object_array_length(all); k++)
		if (json_object_equal(to, json_object_object_get(
		    json_object_array_get_idx(all, k), "to")))
			return true;
	return false;
}

/* Whether no mail was taken over its connection after it. */
static bool
is_last_of_connection(struct json_object *all, size_t i)
{
	int64_t connection = json_int_at(json_object_array_get_idx(all, i),
	    "connection");

	for (size_t k = i + 1; k < json_object_array_length(all); k++)
		if (json_int_at(json_object_array_get_idx(all, k),
		    "connection") == connection)
			return false;
	return true;
}

/*
 * How many mails came again.  Each must be the last of its connection: taken by
 * the server when its mailer was killed, and before our commit.
 */
static int
count_exceptions(struct json_object *all)
{
	int exceptions = 0;

	for (size_t i = 0; i < json_object_array_length(all); i++) {
		if (!has_later_copy(all, i))
			continue;
		assert_true(is_last_of_connection(all, i));
		exceptions++;
	}
	return exceptions;
}

static void
test_killed_at_random_moments(void **state)
{
	struct stack *stack = *state;
	unsigned seed = (unsigned)now_s();
	struct json_object *all;
	int64_t at_least_once;
	int exceptions;

	queue_mails(stack, FAMILIES);
	catcher_fault(stack, "{\"phase\":\"mail\",\"count\":0,"
	    "\"delay_ms\":3}");
	for (int i = 0; i < KILLS; i++) {
		pid_t pid = mailer_begin(stack);

		sleep_ms(50 + rand_r(&seed) % 150);
		kill_mailer(pid);
	}
	print_message("killed %d times: %lld of %d were sent by then\n", KILLS,
	    (long long)count_of(stack, "sent"), FAMILIES);
	mailer_run(stack, 0);
	assert_int_equal(count_of(stack, "sent"), FAMILIES);
	all = catcher_call(stack, "GET", "messages", NULL);
	exceptions = count_exceptions(all);
	at_least_once = (int64_t)json_object_array_length(all) - exceptions;
	print_message("%d families, each once; %d twice, by the instant that "
	    "SMTP leaves open\n", FAMILIES, exceptions);
	assert_int_equal(at_least_once, FAMILIES);
	assert_true(exceptions <= KILLS);
	json_object_put(all);
}

/* Killed while a mail is on its way, at a phase of the mail server's choice. */
static void
kill_at(struct stack *stack, const char *phase)
{
	pid_t pid;

	queue_mails(stack, 1);
	catcher_fault(stack, "{\"phase\":\"%s\",\"delay_ms\":400}", phase);
	pid = mailer_begin(stack);
	WAIT_UNTIL(10, fault_hits(stack) > 0);
	kill_mailer(pid);
	sleep_ms(600);
}

static void
test_killed_before_the_dot(void **state)
{
	static const char *const phases[] = { "mail", "rcpt", "data" };
	struct stack *stack = *state;

	for (size_t i = 0; i < 3; i++) {
		mailbox_clean(state);
		kill_at(stack, phases[i]);
		assert_int_equal(mailbox_count(stack), 0);
		assert_int_equal(count_of(stack, "queued"), 1);
		mailer_run(stack, 0);
		assert_int_equal(mailbox_count(stack), 1);
	}
}

/*
 * The instant that SMTP leaves open, held open: the server has all of the mail,
 * and nobody can tell us.  The second copy can be told by its Message-ID.
 */
static void
test_killed_behind_the_dot(void **state)
{
	struct stack *stack = *state;
	struct json_object *all;

	kill_at(stack, "dot");
	assert_int_equal(mailbox_count(stack), 1);
	assert_int_equal(count_of(stack, "queued"), 1);
	mailer_run(stack, 0);
	mailer_run(stack, 0);
	all = catcher_call(stack, "GET", "messages", NULL);
	assert_int_equal(json_object_array_length(all), 2);
	assert_int_equal(count_exceptions(all), 1);
	assert_string_equal(mail_header(json_object_array_get_idx(all, 0),
	    "message-id"), mail_header(json_object_array_get_idx(all, 1),
	    "message-id"));
	json_object_put(all);
}

/* Told to stop, it finishes the mail in hand and begins no other. */
static void
test_stops_between_two_mails(void **state)
{
	struct stack *stack = *state;
	int64_t ms;
	pid_t pid;

	queue_mails(stack, 3);
	catcher_fault(stack, "{\"phase\":\"dot\",\"delay_ms\":500}");
	pid = mailer_begin(stack);
	WAIT_UNTIL(10, fault_hits(stack) > 0);
	assert_int_equal(server_end(pid, &ms), 0);
	assert_in_range(ms, 100, 3000);
	assert_int_equal(mailbox_count(stack), 1);
	assert_int_equal(count_of(stack, "sent"), 1);
	assert_int_equal(count_of(stack, "queued"), 2);
	pid = mailer_begin(stack);
	WAIT_UNTIL(10, count_of(stack, "sent") == 3);
	assert_int_equal(server_end(pid, &ms), 0);
	assert_in_range(ms, 0, 1000);
}

static void
test_looks_each_second(void **state)
{
	struct stack *stack = *state;
	pid_t pid = mailer_begin(stack);
	int64_t ms;

	sleep_ms(1200);
	for (int i = 0; i < 2; i++) {
		mailbox_clean(state);
		queue_mails(stack, 1);
		WAIT_UNTIL(3, mailbox_count(stack) == 1);
	}
	assert_int_equal(server_end(pid, &ms), 0);
}

static void
test_two_mailers(void **state)
{
	struct stack *stack = *state;
	struct json_object *all;
	pid_t pids[3];
	int64_t ms;

	queue_mails(stack, 200);
	for (int i = 0; i < 3; i++)
		pids[i] = mailer_begin(stack);
	WAIT_UNTIL(30, count_of(stack, "sent") == 200);
	for (int i = 0; i < 3; i++)
		assert_int_equal(server_end(pids[i], &ms), 0);
	all = catcher_call(stack, "GET", "messages", NULL);
	assert_int_equal(json_object_array_length(all), 200);
	assert_int_equal(count_exceptions(all), 0);
	json_object_put(all);
	assert_true(connections(stack) > 1);
}

/* Who blasts from a terminal sees the mails go. */
static void
test_bar(void **state)
{
	struct stack *stack = *state;
	pid_t pid = mailer_begin(stack);
	struct family families[3];
	struct run run;
	int64_t ms;

	for (int i = 0; i < 3; i++)
		family_make(stack, 15000, &families[i]);
	catcher_fault(stack, "{\"phase\":\"rcpt\",\"to\":\"%s\","
	    "\"code\":550}", families[1].email);
	command_shell(stack, &run, 0,
	    "exec script -qec \"$0 email blast --commit\" /dev/null");
	assert_holds(run.output, "3 mails queued, ");
	assert_holds(run.output, "\r[........................................]"
	    " 0 of 3");
	assert_holds(run.output, "3 of 3 are done, 1 failed\r\n");
	assert_holds(run.output, "`teamdues email batch ");
	run_clear(&run);
	assert_int_equal(server_end(pid, &ms), 0);
}

/* Fixed for player, kind, day and copy; the rest as RFCs want them. */
static void
test_headers(void **state)
{
	struct stack *stack = *state;
	struct family family;
	struct json_object *mail;
	char target[LINK_SIZE];
	char id[LINK_SIZE];
	char *day;

	family_make(stack, 15000, &family);
	snprintf(target, sizeof(target), "/admin/email/first-payment?"
	    "player_id=%lld", (long long)family.player_id);
	json_object_put(admin_json(stack, 202, target, NULL));
	mailer_run(stack, 0);
	mail = mailbox_only(stack, family.email);
	day = sql_text(stack, "select day::text from teamdues.emails where "
	    "player_id = %lld", (long long)family.player_id);
	snprintf(id, sizeof(id), "<first_payment.player%lld.%s.0.",
	    (long long)family.player_id, day);
	assert_holds(mail_header(mail, "message-id"), id);
	assert_holds(mail_header(mail, "date"), " +0000");
	assert_holds(mail_header(mail, "from"), stack_setting(stack,
	    "MAIL_FROM"));
	assert_holds(mail_header(mail, "content-type"),
	    "multipart/alternative");
	assert_holds(mail_header(mail, "list-unsubscribe"), "mailto:");
	assert_string_equal(mail_header(mail, "auto-submitted"),
	    "auto-generated");
	assert_string_equal(json_text_at(mail, "from"), stack_setting(stack,
	    "MAIL_FROM"));
	free(day);
	json_object_put(mail);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MAIL_TEST(test_thousand_mails),
		MAIL_TEST(test_killed_at_random_moments),
		MAIL_TEST(test_killed_before_the_dot),
		MAIL_TEST(test_killed_behind_the_dot),
		MAIL_TEST(test_stops_between_two_mails),
		MAIL_TEST(test_looks_each_second),
		MAIL_TEST(test_two_mailers),
		MAIL_TEST(test_bar),
		MAIL_TEST(test_headers),
	};

	return cmocka_run_group_tests(tests, mailbox_setup, stack_teardown);
}
