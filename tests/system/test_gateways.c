/*
 * The same programs behind each web server: FastCGI from a socket, CGI from a
 * shell, CGI under fcgiwrap.  And how they begin and end.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "../unit/fastcgi_client.h"
#include "club.h"
#include "process.h"
#include "sql.h"
#include "webhook.h"

enum {
	AMOUNT = 15000,
	END_LIMIT_MS = 1000,
	VARIABLE_SIZE = 700,
	COUNTED = 10,
	ALLOCATIONS_MAX = 80,
	BRINGERS = 4,
	RESTARTS = 10,
};

/* An order with an open session, and its signed event. */
struct delivery {
	struct club club;
	struct json_object *session;
	struct json_object *event;
	const char *body;
	size_t len;
	char signature[SIGNATURE_SIZE];
	char length[32];
	char program[STACK_PATH_SIZE];
};

static void
delivery_make(struct stack *stack, struct delivery *d)
{
	char *secret = stack_first_secret(stack, "STRIPE_WEBHOOK_SECRET");
	char id[UNIQUE_SIZE];

	club_make(stack, AMOUNT, &d->club);
	club_store_session(stack, &d->club, id);
	d->session = session_paid(id, AMOUNT);
	d->event = event_about("checkout.session.completed", d->session);
	d->body = json_object_to_json_string(d->event);
	d->len = strlen(d->body);
	webhook_sign(secret, now_s(), "v1", &(struct http_request){
		.body = d->body, .len = d->len }, d->signature);
	snprintf(d->length, sizeof(d->length), "%zu", d->len);
	stack_path(stack, "state/build/cgi-bin/webhooks/stripe", d->program);
	free(secret);
}

static void
delivery_clear(struct delivery *d)
{
	json_object_put(d->event);
	json_object_put(d->session);
}

static void
test_cgi_from_a_shell(void **state)
{
	char program[STACK_PATH_SIZE];
	struct run run = {
		.argv = (const char *const[]){ program, NULL },
		.environment = (const char *const[]){ "REQUEST_METHOD=GET",
		    "SCRIPT_NAME=/healthz", "REQUEST_URI=/healthz",
		    "GATEWAY_INTERFACE=CGI/1.1", NULL },
		.role = "public",
	};

	stack_path(*state, "state/build/cgi-bin/healthz", program);
	run_command(*state, &run);
	assert_int_equal(run.code, 0);
	assert_non_null(strstr(run.output, "Status: 200"));
	assert_non_null(strstr(run.output, "X-Request-Id: "));
	assert_non_null(strstr(run.output, "database: ok"));
	run_clear(&run);
	/* Not asked anything, it says how to be asked. */
	run.environment = NULL;
	run_command(*state, &run);
	assert_int_equal(run.code, 2);
	assert_non_null(strstr(run.errors, "REQUEST_METHOD"));
	run_clear(&run);
}

static void
deliver_by_cgi(struct stack *stack, const struct delivery *d,
    const char *signature, const char *status)
{
	char header[VARIABLE_SIZE];
	char length[VARIABLE_SIZE];
	struct run run = {
		.argv = (const char *const[]){ d->program, NULL },
		.environment = (const char *const[]){ "REQUEST_METHOD=POST",
		    "SCRIPT_NAME=/webhooks/stripe",
		    "REQUEST_URI=/webhooks/stripe", header, length, NULL },
		.role = "webhook",
		.input = d->body, .input_len = d->len,
	};

	snprintf(header, sizeof(header), "HTTP_STRIPE_SIGNATURE=%s",
	    signature);
	snprintf(length, sizeof(length), "CONTENT_LENGTH=%s", d->length);
	run_command(stack, &run);
	if (strstr(run.output, status) == NULL)
		fail_msg("not %s: %s%s", status, run.output, run.errors);
	run_clear(&run);
}

static void
test_cgi_takes_a_signed_body(void **state)
{
	struct stack *stack = *state;
	struct delivery d;

	delivery_make(stack, &d);
	deliver_by_cgi(stack, &d, "t=1,v1=00", "Status: 400");
	club_assert_status(stack, d.club.order_id, "pending");
	deliver_by_cgi(stack, &d, d.signature, "Status: 200");
	club_assert_paid_by(stack, d.club.order_id,
	    json_text_at(d.session, "payment_intent"));
	delivery_clear(&d);
}

/* Asks over FastCGI at path; its status must be this. */
static void
assert_answers(const char *path, const char *const *params,
    const struct delivery *d, const char *status)
{
	struct buf wire = BUF_INIT(WIRE_MAX);
	struct answer answer = ANSWER_INIT;
	int fd = client_connect(path);

	assert_true(fd >= 0);
	begin_put(&wire, 0);
	params_put(&wire, params);
	body_put(&wire, d != NULL ? d->body : "", d != NULL ? d->len : 0);
	client_send(fd, &wire);
	client_receive(fd, &answer);
	close(fd);
	if (answer.text.len == 0 || strstr(answer.text.data, status) == NULL)
		fail_msg("not %s: %.*s", status, (int)answer.text.len,
		    answer.text.data);
	buf_clear(&answer.text);
	buf_clear(&wire);
}

static void
test_cgi_under_fcgiwrap(void **state)
{
	struct stack *stack = *state;
	const struct run run = {
		.argv = (const char *const[]){ "/usr/sbin/fcgiwrap", NULL },
		.role = "webhook",
	};
	char path[STACK_PATH_SIZE];
	struct delivery d;
	int64_t ms;
	pid_t pid;

	delivery_make(stack, &d);
	stack_path(stack, "state/socket/wrap.sock", path);
	pid = server_begin(stack, &run, path);
	assert_answers(path, (const char *const[]){
		"SCRIPT_FILENAME", d.program, "REQUEST_METHOD", "POST",
		"SCRIPT_NAME", "/webhooks/stripe",
		"REQUEST_URI", "/webhooks/stripe",
		"CONTENT_LENGTH", d.length,
		"HTTP_STRIPE_SIGNATURE", d.signature, NULL,
	}, &d, "Status: 200");
	club_assert_status(stack, d.club.order_id, "paid");
	server_end(pid, &ms);
	unlink(path);
	delivery_clear(&d);
}

static const struct {
	const char *program;
	const char *role;
	const char *target;
	const char *status;
} programs[] = {
	{ "index", "public", "/", "Status: 200" },
	{ "healthz", "public", "/healthz", "Status: 200" },
	{ "webhooks/stripe", "webhook", "/webhooks/stripe", "Status: 405" },
	{ "checkout/status", "checkout", "/checkout/status", "Status: 400" },
	{ "checkout/tournament", "checkout", "/checkout/tournament",
	    "Status: 403" },
};

/* An idle program ends at once when it is told to, with 0. */
static void
test_idle_programs_end_at_once(void **state)
{
	struct stack *stack = *state;
	char program[STACK_PATH_SIZE];
	char path[STACK_PATH_SIZE];
	char name[STACK_PATH_SIZE];
	const struct run run = { .argv = (const char *const[]){ program,
	    NULL } };
	int64_t ms = 0;

	stack_path(stack, "state/socket/hand.sock", path);
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		struct run as = run;
		pid_t pid;

		as.role = programs[i].role;
		snprintf(name, sizeof(name), "state/build/cgi-bin/%s",
		    programs[i].program);
		stack_path(stack, name, program);
		pid = server_begin(stack, &as, path);
		assert_answers(path, (const char *const[]){
			"REQUEST_METHOD", "GET",
			"SCRIPT_NAME", programs[i].target,
			"REQUEST_URI", programs[i].target, NULL,
		}, NULL, programs[i].status);
		assert_int_equal(server_end(pid, &ms), 0);
		assert_true(ms < END_LIMIT_MS);
	}
	unlink(path);
}

/* A file of zero that the program may write. */
static uint64_t *
count_make(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT, 0666);
	uint64_t *count;

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, sizeof(*count)), 0);
	count = mmap(NULL, sizeof(*count), PROT_READ, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(count, MAP_FAILED);
	close(fd);
	return count;
}

static void
bring_directly(struct stack *stack, const char *path)
{
	struct delivery d;

	delivery_make(stack, &d);
	assert_answers(path, (const char *const[]){
		"REQUEST_METHOD", "POST", "SCRIPT_NAME", "/webhooks/stripe",
		"REQUEST_URI", "/webhooks/stripe", "CONTENT_LENGTH", d.length,
		"HTTP_STRIPE_SIGNATURE", d.signature, NULL,
	}, &d, "Status: 200");
	club_assert_status(stack, d.club.order_id, "paid");
	delivery_clear(&d);
}

/*
 * Counted from one webhook to the next, once all that is made once is there:
 * libfcgi's, libpq's and json-c's are among them.
 */
static void
test_a_webhook_asks_little_of_malloc(void **state)
{
	struct stack *stack = *state;
	char program[STACK_PATH_SIZE];
	char socket[STACK_PATH_SIZE];
	char file[STACK_PATH_SIZE];
	char settings[2][VARIABLE_SIZE];
	const struct run run = {
		.argv = (const char *const[]){ program, NULL },
		.environment = (const char *const[]){ settings[0], settings[1],
		    "THREADS=1", NULL },
		.role = "webhook",
	};
	uint64_t *count;
	uint64_t before;
	uint64_t each;
	int64_t ms;
	pid_t pid;

	if (getenv("TEAMDUES_SANITIZE") != NULL)
		skip();
	stack_path(stack, "state/build/cgi-bin/webhooks/stripe", program);
	stack_path(stack, "state/socket/counted.sock", socket);
	stack_path(stack, "state/temporary/allocations", file);
	snprintf(settings[0], VARIABLE_SIZE,
	    "LD_PRELOAD=%s/tests/system/preload/allocations.so", stack->build);
	snprintf(settings[1], VARIABLE_SIZE, "TEAMDUES_TEST_ALLOCATIONS=%s",
	    file);
	count = count_make(file);
	pid = server_begin(stack, &run, socket);
	for (int i = 0; i < 2; i++)
		bring_directly(stack, socket);
	before = *count;
	for (int i = 0; i < COUNTED; i++)
		bring_directly(stack, socket);
	each = (*count - before) / COUNTED;
	print_message("a webhook: %llu allocations\n",
	    (unsigned long long)each);
	assert_in_range(each, 1, ALLOCATIONS_MAX);
	assert_int_equal(server_end(pid, &ms), 0);
	munmap(count, sizeof(*count));
	unlink(socket);
}

struct bringer {
	struct stack stack;
	atomic_bool is_over;
	int refused;
	pthread_t thread;
};

/* One event after the other; one that is brought twice is a duplicate. */
static void *
bring_many(void *context)
{
	struct bringer *bringer = context;
	struct stack *stack = &bringer->stack;

	stack->curl = curl_easy_init();
	assert_non_null(stack->curl);
	while (!bringer->is_over) {
		char id[UNIQUE_SIZE];
		struct json_object *session;
		struct json_object *event;
		struct http_answer answer;

		unique_name("cs_test_", id);
		session = session_paid(id, AMOUNT);
		event = event_about("checkout.session.completed", session);
		webhook_deliver(stack, event, &answer);
		bringer->refused += answer.status != 200;
		http_answer_clear(&answer);
		json_object_put(event);
		json_object_put(session);
	}
	curl_easy_cleanup(stack->curl);
	return NULL;
}

/* nginx keeps connections to it: what it sends over one that just ended goes
 * to the successor. */
static void
test_a_restart_refuses_nobody(void **state)
{
	static const char name[] = "webhooks-stripe";
	static const char count[] = "select count(*) from "
	    "teamdues.stripe_events";
	struct bringer bringers[BRINGERS];
	struct stack *stack = *state;

	for (int i = 0; i < BRINGERS; i++) {
		bringers[i].stack = *stack;
		bringers[i].is_over = false;
		bringers[i].refused = 0;
		assert_int_equal(pthread_create(&bringers[i].thread, NULL,
		    bring_many, &bringers[i]), 0);
	}
	for (int i = 0; i < RESTARTS; i++) {
		int64_t events = sql_int(stack, "%s", count);
		pid_t pid = program_pid(stack, name);

		WAIT_UNTIL(20, sql_int(stack, "%s", count) > events + BRINGERS);
		assert_int_equal(kill(pid, SIGTERM), 0);
		program_wait_replaced(stack, name, pid);
	}
	for (int i = 0; i < BRINGERS; i++) {
		bringers[i].is_over = true;
		pthread_join(bringers[i].thread, NULL);
		assert_int_equal(bringers[i].refused, 0);
	}
}

/* All that is missing or malformed is named at once, and no value shown. */
static void
test_programs_refuse_to_start_without_settings(void **state)
{
	char program[STACK_PATH_SIZE];
	struct run run = {
		.argv = (const char *const[]){ program, NULL },
		.environment = (const char *const[]){ "REQUEST_METHOD=POST",
		    "STRIPE_WEBHOOK_SECRET=not_a_secret_x7", NULL },
		.is_bare = true,
	};

	stack_path(*state, "state/build/cgi-bin/webhooks/stripe", program);
	run_command(*state, &run);
	assert_int_not_equal(run.code, 0);
	assert_non_null(strstr(run.errors, "DATABASE_URL"));
	assert_non_null(strstr(run.errors, "STRIPE_MODE"));
	assert_non_null(strstr(run.errors, "STRIPE_WEBHOOK_SECRET"));
	assert_null(strstr(run.errors, "not_a_secret_x7"));
	run_clear(&run);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SYSTEM_TEST(test_cgi_from_a_shell),
		SYSTEM_TEST(test_cgi_takes_a_signed_body),
		SYSTEM_TEST(test_cgi_under_fcgiwrap),
		SYSTEM_TEST(test_idle_programs_end_at_once),
		SYSTEM_TEST(test_a_webhook_asks_little_of_malloc),
		SYSTEM_TEST(test_a_restart_refuses_nobody),
		SYSTEM_TEST(test_programs_refuse_to_start_without_settings),
	};

	return cmocka_run_group_tests(tests, stack_setup, stack_teardown);
}
