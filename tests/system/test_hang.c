/*
 * A database that hangs: nothing fails, and nothing answers.  It is told while
 * it lasts, by the log and to a load balancer; nobody waits for ever; and what
 * is not hung itself goes on.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "club.h"
#include "process.h"
#include "sql.h"
#include "webhook.h"

enum { AMOUNT = 15000, LINE_SIZE = 128 };

static const char program[] = "webhooks-stripe";

/* An event, and who brings it. */
struct delivery {
	struct stack *stack;
	struct club club;
	struct json_object *session;
	struct json_object *event;
	struct http_answer answer;
	pthread_t thread;
};

static void
delivery_make(struct stack *stack, struct delivery *d)
{
	char id[UNIQUE_SIZE];

	d->stack = stack;
	club_make(stack, AMOUNT, &d->club);
	club_store_session(stack, &d->club, id);
	d->session = session_paid(id, AMOUNT);
	d->event = event_about("checkout.session.completed", d->session);
}

static void
delivery_clear(struct delivery *d)
{
	json_object_put(d->event);
	json_object_put(d->session);
}

static void *
deliver(void *context)
{
	struct delivery *d = context;
	struct stack own = *d->stack;

	own.curl = curl_easy_init();
	assert_non_null(own.curl);
	webhook_deliver(&own, d->event, &d->answer);
	curl_easy_cleanup(own.curl);
	return NULL;
}

static void
begin(struct delivery *d)
{
	assert_int_equal(pthread_create(&d->thread, NULL, deliver, d), 0);
}

static void
end(struct delivery *d, long status)
{
	pthread_join(d->thread, NULL);
	http_assert_status(&d->answer, status);
	http_answer_clear(&d->answer);
}

static pid_t
backend_of_webhook(struct stack *stack)
{
	return (pid_t)sql_int(stack, "select pid from pg_stat_activity "
	    "where application_name = 'webhooks/stripe'");
}

static void
assert_health(struct stack *stack, const char *target, long status,
    const char *part)
{
	struct http_answer answer;

	http_get(stack, target, &answer);
	http_assert_status(&answer, status);
	http_assert_guarded(&answer);
	http_assert_body_has(&answer, part);
	http_answer_clear(&answer);
}

static int
told(struct stack *stack, const char *what)
{
	return stack_count_logged(stack, program, what);
}

/* Whose connection is open by then. */
static void
deliver_first(struct stack *stack)
{
	struct delivery first;

	delivery_make(stack, &first);
	webhook_expect_event(stack, first.event, "applied");
	delivery_clear(&first);
}

/*
 * It is told while it hangs.  What comes meanwhile waits behind it, and is
 * recorded over another connection.  Told to stop, the program answers what it
 * has and ends; the event that hung is taken when it is brought again.
 */
static void
test_a_backend_that_hangs(void **state)
{
	struct stack *stack = *state;
	pid_t pid = program_pid(stack, program);
	struct delivery hung;
	struct delivery behind;
	pid_t backend;

	deliver_first(stack);
	delivery_make(stack, &hung);
	delivery_make(stack, &behind);
	assert_health(stack, "/healthz/webhooks", 200, "requests: ok");
	backend = backend_of_webhook(stack);
	process_stop(backend);
	begin(&hung);
	WAIT_UNTIL(9, told(stack, "warn request_hangs ") == 1);
	assert_health(stack, "/healthz/webhooks", 503,
	    "requests: 1 hang, the oldest for ");
	WAIT_UNTIL(9, told(stack, "warn recording_slow events=1 ") == 1);
	begin(&behind);
	assert_int_equal(kill(pid, SIGTERM), 0);
	end(&hung, 503);
	end(&behind, 200);
	program_wait_replaced(stack, program, pid);
	assert_int_equal(told(stack, "events_record: no answer in "), 1);
	club_assert_status(stack, behind.club.order_id, "paid");
	assert_health(stack, "/healthz", 200, "database: ok");

	assert_int_equal(kill(backend, SIGCONT), 0);
	WAIT_UNTIL(10, sql_int(stack, "select count(*) from pg_stat_activity "
	    "where pid = %d", backend) == 0);
	begin(&hung);
	end(&hung, 200);
	club_assert_status(stack, hung.club.order_id, "paid");
	delivery_clear(&hung);
	delivery_clear(&behind);
}

/* No thread of the program is left to say so: the answer that does not come
 * says it. */
static void
test_all_threads_hang(void **state)
{
	struct stack *stack = *state;
	pid_t pid = program_pid(stack, program);

	process_stop(pid);
	assert_health(stack, "/healthz", 503, "\"code\":\"unavailable\"");
	assert_int_equal(kill(pid, SIGCONT), 0);
	WAIT_UNTIL(10, http_status_of(stack, "/healthz") == 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_a_backend_that_hangs),
		SYSTEM_TEST(test_all_threads_hang),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
