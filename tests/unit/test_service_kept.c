/*
 * Connections that nginx keeps: they carry one request after another, hold no
 * thread in between, and are never kept when what comes next could be the rest
 * of a request before.
 */
#include "service_stage.h"
#include "web/parking.h"

enum { IDLE = 20, ROUNDS = 50 };

static int
connect_to(const struct stage *stage)
{
	int fd = client_connect(stage->socket_path);

	assert_true(fd >= 0);
	return fd;
}

/* Asks over a kept connection. */
static void
ask(int fd, const char *const *pairs, const char *body,
    const char *const *texts)
{
	struct buf text = BUF_INIT(0);

	request_send(fd, FCGI_KEEP_CONN, pairs, body, strlen(body));
	text = answer_receive(fd);
	assert_text(&text, texts);
}

static void
one_connection_carries_many_requests(void **state)
{
	struct stage stage = stage_open(2);
	struct buf text = BUF_INIT(0);
	int fd = connect_to(&stage);

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		ask(fd, PAIRS(GET("/hello")), "", PAIRS("hello"));
		ask(fd, PAIRS(POST("/echo"), "CONTENT_LENGTH", "4"), "body",
		    PAIRS("Status: 200 ", "\r\n\r\nbody"));
		ask(fd, PAIRS(GET("/nowhere")), "", PAIRS("Status: 404 "));
		ask(fd, PAIRS(GET("/big")), "", PAIRS("2097152"));
	}
	log_await(&stage, " request ", 4 * ROUNDS);
	/* Without the wish to keep it, it ends. */
	request_send(fd, 0, PAIRS(GET("/hello")), "", 0);
	text = request_end(fd);
	assert_text(&text, PAIRS("hello"));
	stage_close(&stage);
}

/* One thread, and many that might hold it. */
static void
an_idle_one_holds_no_thread(void **state)
{
	struct stage stage = stage_open(1);
	int fds[IDLE];

	(void)state;
	for (int i = 0; i < IDLE; i++) {
		fds[i] = connect_to(&stage);
		ask(fds[i], PAIRS(GET("/hello")), "", PAIRS("hello"));
	}
	expect(&stage, PAIRS(GET("/hello")), "", PAIRS("hello"));
	for (int i = IDLE - 1; i >= 0; i--) {
		ask(fds[i], PAIRS(GET("/hello")), "", PAIRS("hello"));
		(void)close(fds[i]);
	}
	expect(&stage, PAIRS(GET("/hello")), "", PAIRS("hello"));
	stage_close(&stage);
}

/* By one thread, so that it is the last one that finds no room. */
static void
no_more_are_kept_than_there_is_room_for(void **state)
{
	struct stage stage = stage_open(1);
	int fds[PLACES + 1];

	(void)state;
	for (int i = 0; i <= PLACES; i++) {
		fds[i] = connect_to(&stage);
		ask(fds[i], PAIRS(GET("/hello")), "", PAIRS("hello"));
	}
	assert_true(client_sees_end(fds[PLACES]));
	ask(fds[0], PAIRS(GET("/hello")), "", PAIRS("hello"));
	for (int i = 0; i <= PLACES; i++)
		(void)close(fds[i]);
	stage_close(&stage);
}

enum { UNREAD = 60000, ALIGNED = 128 };	/* the buffer of libfcgi: 8192 */

/* A value that makes wire as long as a multiple of ALIGNED once it is sent
 * within PARAMS of fixed bytes around it. */
static void
pad_to_align(char *pad, size_t fixed)
{
	size_t len = ALIGNED - fixed % ALIGNED;

	memset(pad, 'x', len);
	pad[len] = '\0';
}

/* Bytes of what params_put makes of pairs, and of the records around it. */
static size_t
wire_length(const char *const *pairs)
{
	struct buf wire = BUF_INIT(WIRE_MAX);
	size_t len = 0;

	begin_put(&wire, 0);
	params_put(&wire, pairs);
	record_put(&wire, FCGI_STDIN, "", 0);
	len = wire.len;
	buf_clear(&wire);
	return len;
}

/* Whole requests, one after the other, each ALIGNED bytes long. */
static void
smuggle(struct buf *body)
{
	char pad[ALIGNED + 1] = "";

	pad_to_align(pad, wire_length(PAIRS(GET("/smuggled"), "PAD", "")));
	while (body->len < UNREAD) {
		begin_put(body, FCGI_KEEP_CONN);
		params_put(body, PAIRS(GET("/smuggled"), "PAD", pad));
		record_put(body, FCGI_STDIN, "", 0);
	}
	assert_int_equal(body->len % ALIGNED, 0);
}

/*
 * What is not read of it holds requests, where libfcgi would go on reading.
 * Taken for the next ones they would be answered.
 */
static void
what_is_left_unread_is_no_request(void **state)
{
	static const struct {
		const char *path;
		const char *method;
		const char *length;
		const char *status;
	} rows[] = {
		{ "/echo", "POST", "1048576", "Status: 413 " },
		{ "/nowhere", "POST", "60000", "Status: 404 " },
		{ "/show", "POST", "60000", "Status: 405 " },
		{ "/hello", "GET", "60000", "Status: 200 " },
		{ "/echo", "POST", "8", "Status: 200 " },
	};
	struct stage stage = stage_open(1);
	struct buf body = BUF_INIT(WIRE_MAX);
	int count = (int)(sizeof(rows) / sizeof(rows[0]));

	(void)state;
	smuggle(&body);
	for (int i = 0; i < count; i++) {
		char pad[ALIGNED + 1] = "";
		const char *const *pairs = PAIRS("REQUEST_METHOD",
		    rows[i].method, "DOCUMENT_URI", rows[i].path,
		    "CONTENT_LENGTH", rows[i].length, "PAD", pad);
		struct buf text = BUF_INIT(0);
		int fd = connect_to(&stage);

		pad_to_align(pad, wire_length(pairs));
		request_send(fd, FCGI_KEEP_CONN, pairs, body.data, body.len);
		text = answer_receive(fd);
		assert_text(&text, PAIRS(rows[i].status));
		assert_true(client_sees_end(fd));
		(void)close(fd);
	}
	log_await(&stage, " request ", count);
	assert_int_equal(log_count(&stage, " request "), count);
	assert_int_equal(log_count(&stage, "smuggled"), 0);
	buf_clear(&body);
	stage_close(&stage);
}

/* An idle one is closed at once; a busy one is answered first, and closed. */
static void
none_is_kept_by_a_program_that_ends(void **state)
{
	struct stage stage = stage_open(2);
	int idle = connect_to(&stage);
	struct hanging busy;

	(void)state;
	ask(idle, PAIRS(GET("/hello")), "", PAIRS("hello"));
	busy = hang_begin(&stage, FCGI_KEEP_CONN, "busy-one");
	assert_int_equal(kill(stage.pid, SIGTERM), 0);
	assert_true(client_sees_end(idle));
	(void)close(idle);
	hang_end(&busy);
	assert_int_equal(program_wait(stage.pid), 0);
	stage.pid = program_start(&stage, 1);
	stage_close(&stage);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_connection_carries_many_requests),
		cmocka_unit_test(an_idle_one_holds_no_thread),
		cmocka_unit_test(no_more_are_kept_than_there_is_room_for),
		cmocka_unit_test(what_is_left_unread_is_no_request),
		cmocka_unit_test(none_is_kept_by_a_program_that_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
