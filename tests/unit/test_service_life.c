/*
 * The serve loop over the wire: many at once, slow and broken clients, and the
 * ways to end.
 */
#include "service_stage.h"

enum { CROWD = 50, SHARED_ROUNDS = 200 };

static int64_t
since_ms(int64_t started_ms)
{
	return clock_monotonic_ms() - started_ms;
}

static void
pause_ms(long ms)
{
	const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	(void)nanosleep(&pause, NULL);
}

static void
fifty_at_once_are_all_answered(void **state)
{
	struct stage stage = stage_open(4);
	int64_t started_ms = clock_monotonic_ms();
	int fds[CROWD];

	(void)state;
	for (int i = 0; i < CROWD; i++)
		fds[i] = request_begin(&stage, PAIRS(GET("/slow"),
		    "QUERY_STRING", "20"), "", 0);
	for (int i = 0; i < CROWD; i++) {
		struct buf text = request_end(fds[i]);

		assert_non_null(strstr(buf_str(&text), "\r\n\r\nlate"));
		buf_clear(&text);
	}
	/* Four threads share 1000 ms of sleep. */
	assert_true(since_ms(started_ms) < 800);
	assert_int_equal(log_count(&stage, " request "), CROWD);
	stage_close(&stage);
}

static void
an_answer_is_not_held_back(void **state)
{
	struct stage stage = stage_open(1);
	int64_t started_ms = clock_monotonic_ms();

	(void)state;
	for (int i = 0; i < 100; i++)
		expect(&stage, PAIRS(GET("/hello")), "", PAIRS("hello"));
	assert_true(since_ms(started_ms) < 1000);
	stage_close(&stage);
}

/* One stops before its request, one within its variables, one within its
 * body: each costs a thread, and that for five seconds only. */
static void
slow_clients_cost_a_thread_each(void **state)
{
	struct stage stage = stage_open(4);
	struct buf wire = BUF_INIT(WIRE_MAX);
	struct answer answer = ANSWER_INIT;
	int64_t started_ms = clock_monotonic_ms();
	int silent = client_connect(stage.socket_path);
	int in_params = client_connect(stage.socket_path);
	int in_body = client_connect(stage.socket_path);

	(void)state;
	begin_put(&wire, 0);
	client_send(in_params, &wire);
	params_put(&wire, PAIRS(POST("/echo"), "CONTENT_LENGTH", "10"));
	record_put(&wire, FCGI_STDIN, "half", 4);
	client_send(in_body, &wire);
	pause_ms(50);
	expect(&stage, PAIRS(GET("/hello")), "", PAIRS("hello"));
	assert_true(since_ms(started_ms) < 500);

	client_receive(in_body, &answer);
	assert_true(answer.ended);
	assert_non_null(strstr(buf_str(&answer.text), "Status: 400 "));
	assert_true(client_sees_end(silent));
	assert_true(client_sees_end(in_params));
	assert_true(since_ms(started_ms) < 7000);
	assert_int_equal(log_count(&stage, "request_cut_short"), 1);
	expect(&stage, PAIRS(GET("/hello")), "", PAIRS("hello"));
	(void)close(silent);
	(void)close(in_params);
	(void)close(in_body);
	buf_clear(&answer.text);
	buf_clear(&wire);
	stage_close(&stage);
}

/* The socket's buffer holds a tenth of the answer: the rest meets EPIPE. */
static void
a_client_that_leaves_harms_nobody(void **state)
{
	struct stage stage = stage_open(1);

	(void)state;
	for (int i = 0; i < 5; i++)
		(void)close(request_begin(&stage, PAIRS(GET("/big")), "", 0));
	expect(&stage, PAIRS(GET("/hello")), "", PAIRS("hello"));
	assert_int_equal(log_count(&stage, "status=200"), 6);
	assert_int_equal(log_count(&stage, "the client left"), 5);
	stage_close(&stage);
}

static void
a_big_answer_arrives_whole(void **state)
{
	struct stage stage = stage_open(1);
	struct buf text = BUF_INIT(WIRE_MAX);

	(void)state;
	text = request_end(request_begin(&stage, PAIRS(GET("/big")), "", 0));
	assert_non_null(strstr(buf_str(&text), "Content-Length: 2097152\r\n"));
	assert_int_equal(strlen(strstr(buf_str(&text), "\r\n\r\n") + 4),
	    BIG_LEN);
	buf_clear(&text);
	stage_close(&stage);
}

static void
nonsense_is_dropped(void **state)
{
	static const char *const nonsense[] = {
		"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"\x01\x01\x00\x01\xff\xff\xff\x00short",
		"\x01\x09\x00\x00\x00\x00\x00\x00",
	};
	struct stage stage = stage_open(1);

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct buf wire = BUF_INIT(256);
		int fd = client_connect(stage.socket_path);

		buf_put(&wire, nonsense[i], 8);
		client_send(fd, &wire);
		(void)close(fd);
		buf_clear(&wire);
	}
	expect(&stage, PAIRS(GET("/hello")), "", PAIRS("hello"));
	stage_close(&stage);
}

/* While it hangs, once, and /healthz knows as long as it does. */
static void
a_request_that_hangs_is_told(void **state)
{
	struct stage stage = stage_open(3);
	struct hanging first;
	struct hanging second;

	(void)state;
	expect(&stage, PAIRS(GET("/healthz")), "", PAIRS("Status: 200 OK\r\n",
	    "requests: ok\n"));
	first = hang_begin(&stage, 0, "hangs-first");
	log_await(&stage, "warn request_hangs ", 1);
	second = hang_begin(&stage, 0, "hangs-second");
	log_await(&stage, "warn request_hangs ", 2);
	assert_int_equal(log_count(&stage, "warn request_hangs "
	    "request=hangs-first path=/hang age_ms="), 1);
	assert_int_equal(log_count(&stage, "warn request_hangs "
	    "request=hangs-second path=/hang age_ms="), 1);
	expect(&stage, PAIRS(GET("/healthz")), "", PAIRS("Status: 503 ",
	    "requests: 2 hang, the oldest for "));
	hang_end(&first);
	hang_end(&second);
	expect(&stage, PAIRS(GET("/healthz")), "", PAIRS("requests: ok\n"));
	stage_close(&stage);
}

static void
an_idle_program_ends_at_once(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGUSR1 };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct stage stage = stage_open(4);
		int64_t asked_ms = 0;

		expect(&stage, PAIRS(GET("/hello")), "", PAIRS("hello"));
		asked_ms = clock_monotonic_ms();
		assert_int_equal(kill(stage.pid, signals[i]), 0);
		assert_int_equal(program_wait(stage.pid), 0);
		assert_true(since_ms(asked_ms) < 100);
		assert_int_equal(log_count(&stage, "info stopping"), 1);
		(void)close(stage.listener);
		(void)fclose(stage.log);
	}
}

/*
 * What is in hand is answered, one that is still being read too; what waits in
 * the backlog is answered by the program's successor.
 */
static void
a_busy_program_ends_after_its_answers(void **state)
{
	struct stage stage = stage_open(2);
	struct buf wire = BUF_INIT(WIRE_MAX);
	struct buf text = BUF_INIT(WIRE_MAX);
	int slow = request_begin(&stage, PAIRS(GET("/slow"), "QUERY_STRING",
	    "400"), "", 0);
	int reading = client_connect(stage.socket_path);
	int waiting = -1;

	(void)state;
	begin_put(&wire, 0);
	params_put(&wire, PAIRS(POST("/echo"), "CONTENT_LENGTH", "4"));
	client_send(reading, &wire);
	pause_ms(100);
	waiting = request_begin(&stage, PAIRS(GET("/hello")), "", 0);
	assert_int_equal(kill(stage.pid, SIGTERM), 0);
	pause_ms(100);
	buf_reset(&wire);
	body_put(&wire, "body", 4);
	client_send(reading, &wire);

	text = request_end(slow);
	assert_non_null(strstr(buf_str(&text), "\r\n\r\nlate"));
	buf_clear(&text);
	text = request_end(reading);
	assert_non_null(strstr(buf_str(&text), "\r\n\r\nbody"));
	buf_clear(&text);
	assert_int_equal(program_wait(stage.pid), 0);
	assert_int_equal(log_count(&stage, " request "), 2);

	stage.pid = program_start(&stage, 1);
	text = request_end(waiting);
	assert_non_null(strstr(buf_str(&text), "\r\n\r\nhello"));
	buf_clear(&text);
	buf_clear(&wire);
	stage_close(&stage);
}

/* What comes when it has ended waits for its successor.  Asking for its health
 * keeps it no longer, a request that is under way does. */
static void
a_program_that_nobody_needs_ends(void **state)
{
	struct stage stage = stage_open_until_idle(2, 1);
	struct buf text = BUF_INIT(WIRE_MAX);
	int64_t asked_ms = 0;

	(void)state;
	expect(&stage, PAIRS(GET("/slow"), "QUERY_STRING", "1800"), "",
	    PAIRS("late"));
	asked_ms = clock_monotonic_ms();
	for (int i = 0; i < 4; i++) {
		pause_ms(200);
		expect(&stage, PAIRS(GET("/healthz")), "", PAIRS("ok"));
	}
	assert_int_equal(program_wait(stage.pid), 0);
	assert_true(since_ms(asked_ms) >= 1000);
	assert_true(since_ms(asked_ms) < 1900);
	assert_int_equal(log_count(&stage, "info stopping reason=idle"), 1);

	int waiting = request_begin(&stage, PAIRS(GET("/hello")), "", 0);
	stage.pid = program_start(&stage, 2);
	text = request_end(waiting);
	assert_non_null(strstr(buf_str(&text), "\r\n\r\nhello"));
	buf_clear(&text);
	stage_close(&stage);
}

/* As one that is looked at every few minutes, and not used. */
static void
a_program_started_for_its_health_ends(void **state)
{
	struct stage stage = stage_open_until_idle(2, 3600);
	int64_t started_ms = clock_monotonic_ms();

	(void)state;
	expect(&stage, PAIRS(GET("/healthz")), "", PAIRS("ok"));
	assert_int_equal(program_wait(stage.pid), 0);
	assert_true(since_ms(started_ms) < 3500);
	stage.pid = program_start(&stage, 2);
	expect(&stage, PAIRS(GET("/hello")), "", PAIRS("hello"));
	pause_ms(3000);
	expect(&stage, PAIRS(GET("/hello")), "", PAIRS("hello"));
	assert_int_equal(log_count(&stage, "info stopping"), 1);
	stage_close(&stage);
}

/* Both wake for one connection at times: the slower one must not sleep. */
static void
two_programs_share_a_socket(void **state)
{
	struct stage stage = stage_open(2);
	pid_t other = program_start(&stage, 2);

	(void)state;
	for (int i = 0; i < SHARED_ROUNDS; i++)
		expect(&stage, PAIRS(GET("/hello")), "", PAIRS("hello"));
	assert_int_equal(kill(other, SIGTERM), 0);
	assert_int_equal(program_wait(other), 0);
	for (int i = 0; i < SHARED_ROUNDS; i++)
		expect(&stage, PAIRS(GET("/hello")), "", PAIRS("hello"));
	assert_int_equal(log_count(&stage, " request "), 2 * SHARED_ROUNDS);
	stage_close(&stage);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fifty_at_once_are_all_answered),
		cmocka_unit_test(an_answer_is_not_held_back),
		cmocka_unit_test(slow_clients_cost_a_thread_each),
		cmocka_unit_test(a_client_that_leaves_harms_nobody),
		cmocka_unit_test(a_big_answer_arrives_whole),
		cmocka_unit_test(nonsense_is_dropped),
		cmocka_unit_test(a_request_that_hangs_is_told),
		cmocka_unit_test(an_idle_program_ends_at_once),
		cmocka_unit_test(a_busy_program_ends_after_its_answers),
		cmocka_unit_test(a_program_that_nobody_needs_ends),
		cmocka_unit_test(a_program_started_for_its_health_ends),
		cmocka_unit_test(two_programs_share_a_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
