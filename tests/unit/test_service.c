/*
 * The serve loop over the wire: what comes back, and what is logged.
 */
#include "service_stage.h"

static void
a_get_is_answered_and_logged(void **state)
{
	struct stage stage = stage_open(2);
	struct buf text = BUF_INIT(WIRE_MAX);

	(void)state;
	text = request_end(request_begin(&stage, PAIRS(GET("/hello"),
	    "REQUEST_URI", "/hello?signature=secret",
	    "REQUEST_ID", "0123456789abcdef",
	    "REMOTE_ADDR", "192.0.2.9"), "", 0));
	assert_string_equal(buf_str(&text),
	    "Status: 200 OK\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Cache-Control: no-store\r\n"
	    "Content-Length: 5\r\n\r\nhello");
	buf_clear(&text);
	assert_int_equal(log_count(&stage, "info request "), 1);
	assert_int_equal(log_count(&stage, " ref=012345 "), 1);
	assert_int_equal(log_count(&stage, "method=GET path=/hello status=200 "
	    "duration_ms="), 1);
	assert_int_equal(log_count(&stage, "client=192.0.2.9"), 1);
	assert_int_equal(log_count(&stage, "0123456789abcdef"), 1);
	assert_int_equal(log_count(&stage, "secret"), 0);
	stage_close(&stage);
}

static void
a_request_looks_the_same_inside(void **state)
{
	struct stage stage = stage_open(1);

	(void)state;
	expect(&stage, PAIRS(GET("/show"), "REQUEST_URI", "/show?a=%20&b",
	    "REQUEST_ID", "abcdefgh", "HTTP_ACCEPT", "text/html"), "",
	    PAIRS("path=/show target=/show?a=%20&b query=a=%20&b id=abcdefgh "
	    "preview=0 html=1 body=0"));
	expect(&stage, PAIRS(GET("/show"), "HTTP_USER_AGENT", "WhatsApp/2",
	    "CONTENT_LENGTH", "3"), "xyz", PAIRS("preview=1", "body=0"));
	expect(&stage, PAIRS(POST("/hello"), "CONTENT_LENGTH", "3"), "xyz",
	    PAIRS("path=/hello", "body=3"));
	expect(&stage, PAIRS(POST("/hello")), "", PAIRS("Status: 200 OK",
	    "body=0"));
	stage_close(&stage);
}

/* A browser would show what it got ahead of time; and it is no alarm. */
static void
a_prefetch_fails(void **state)
{
	struct stage stage = stage_open(1);

	(void)state;
	expect(&stage, PAIRS(GET("/show"), "HTTP_SEC_PURPOSE",
	    "prefetch;prerender"), "", PAIRS("Status: 503 ",
	    "\r\nCache-Control: no-store\r\n", "\"code\":\"prefetch\""));
	expect(&stage, PAIRS("REQUEST_METHOD", "HEAD", "DOCUMENT_URI", "/show",
	    "HTTP_SEC_PURPOSE", "prefetch"), "", PAIRS("Status: 200 "));
	assert_int_equal(log_count(&stage, "error request"), 0);
	stage_close(&stage);
}

static void
routes_refuse_what_does_not_fit(void **state)
{
	struct stage stage = stage_open(1);

	(void)state;
	expect(&stage, PAIRS(GET("/nowhere")), "", PAIRS(
	    "Status: 404 Not Found\r\n", "application/problem+json",
	    "\"code\":"));
	expect(&stage, PAIRS(GET("/hello/")), "", PAIRS("Status: 404 "));
	expect(&stage, PAIRS(GET("/nowhere"), "HTTP_ACCEPT", "text/html"), "",
	    PAIRS("Status: 404 ", "<!DOCTYPE html>"));
	expect(&stage, PAIRS(GET("/echo")), "", PAIRS("Status: 405 ",
	    "\r\nAllow: POST\r\n"));
	expect(&stage, PAIRS(POST("/show")), "", PAIRS("Status: 405 ",
	    "\r\nAllow: GET, HEAD\r\n"));
	expect(&stage, PAIRS("REQUEST_METHOD", "DELETE", "DOCUMENT_URI",
	    "/hello"), "", PAIRS("Status: 405 ",
	    "\r\nAllow: GET, HEAD, POST\r\n"));
	stage_close(&stage);
}

static void
head_has_a_length_and_no_body(void **state)
{
	struct stage stage = stage_open(1);
	struct buf text = BUF_INIT(WIRE_MAX);

	(void)state;
	text = request_end(request_begin(&stage, PAIRS("REQUEST_METHOD", "HEAD",
	    "DOCUMENT_URI", "/hello"), "", 0));
	assert_non_null(strstr(buf_str(&text), "Status: 200 OK\r\n"));
	assert_non_null(strstr(buf_str(&text), "Content-Length: 5\r\n\r\n"));
	assert_null(strstr(buf_str(&text), "hello"));
	buf_clear(&text);
	expect(&stage, PAIRS("REQUEST_METHOD", "HEAD", "DOCUMENT_URI",
	    "/nowhere"), "", PAIRS("Status: 404 "));
	stage_close(&stage);
}

static void
bodies_arrive_byte_for_byte(void **state)
{
	static char body[ECHO_MAX];
	struct stage stage = stage_open(1);
	struct buf text = BUF_INIT(WIRE_MAX);

	(void)state;
	for (size_t i = 0; i < sizeof(body); i++)
		body[i] = (char)(i * 7 % 256);
	text = request_end(request_begin(&stage, PAIRS(POST("/echo"),
	    "CONTENT_LENGTH", "100000"), body, sizeof(body)));
	assert_true(text.len > sizeof(body));
	assert_memory_equal(text.data + text.len - sizeof(body), body,
	    sizeof(body));
	buf_clear(&text);
	stage_close(&stage);
}

static void
bodies_of_a_wrong_length_are_refused(void **state)
{
	static const struct {
		const char *len;
		const char *status;
	} rows[] = {
		{ "4", "Status: 400 " },	/* one more than is sent */
		{ "x", "Status: 400 " },
		{ "-1", "Status: 400 " },
		{ "3 ", "Status: 400 " },
		{ "0x3", "Status: 400 " },
		{ "100001", "Status: 413 " },
		{ "18446744073709551617", "Status: 413 " },
		{ "", "Status: 200 " },
		{ "3", "Status: 200 " },
		{ "2", "Status: 200 " },
	};
	struct stage stage = stage_open(1);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(&stage, PAIRS(POST("/echo"), "CONTENT_LENGTH",
		    rows[i].len), "abc", PAIRS(rows[i].status));
	stage_close(&stage);
}

/* 1 MiB does not fit into a socket: it is drained while the answer stands. */
static void
a_large_body_is_refused_unread(void **state)
{
	static char body[1024 * 1024];
	struct stage stage = stage_open(1);
	struct buf text = BUF_INIT(WIRE_MAX);
	int64_t started_ms = clock_monotonic_ms();

	(void)state;
	text = request_end(request_begin(&stage, PAIRS(POST("/echo"),
	    "CONTENT_LENGTH", "1048576"), body, sizeof(body)));
	assert_non_null(strstr(buf_str(&text), "Status: 413 "));
	assert_true(clock_monotonic_ms() - started_ms < 1000);
	buf_clear(&text);
	stage_close(&stage);
}

static void
failures_are_answered_and_logged_once(void **state)
{
	struct stage stage = stage_open(1);

	(void)state;
	for (int st = ST_BAD_INPUT; st < ST_MAX; st++) {
		const struct status_info *info = status_info((enum status)st);
		char status[32];
		char path[32];

		(void)snprintf(status, sizeof(status), "Status: %d ",
		    info->http);
		(void)snprintf(path, sizeof(path), "/fail/%d", st);
		expect(&stage, PAIRS(GET(path)), "", PAIRS(status, info->name));
	}
	expect(&stage, PAIRS(GET("/silent")), "", PAIRS("Status: 500 "));
	assert_int_equal(log_count(&stage, " request "), ST_MAX);
	assert_int_equal(log_count(&stage, "reason=\"cause of it\""),
	    ST_MAX - 1);
	assert_int_equal(log_count(&stage, "error request "), 8);
	assert_int_equal(log_count(&stage, "the handler gave no answer"), 1);
	stage_close(&stage);
}

static void
a_hostile_path_forges_no_line(void **state)
{
	struct stage stage = stage_open(1);
	char path[2000] = "/a\nerror paid order=1 \"\x1b[2J\xff";
	size_t len = strlen(path);

	(void)state;
	memset(path + len, 'a', sizeof(path) - len - 1);
	expect(&stage, PAIRS(GET(path)), "", PAIRS("Status: 404 "));
	assert_int_equal(log_count(&stage, "\n"), 2);
	assert_int_equal(log_count(&stage, "\nerror paid"), 0);
	assert_int_equal(log_count(&stage, "\x1b"), 0);
	assert_int_equal(log_count(&stage, "status=404"), 1);
	stage_close(&stage);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_get_is_answered_and_logged),
		cmocka_unit_test(a_request_looks_the_same_inside),
		cmocka_unit_test(a_prefetch_fails),
		cmocka_unit_test(routes_refuse_what_does_not_fit),
		cmocka_unit_test(head_has_a_length_and_no_body),
		cmocka_unit_test(bodies_arrive_byte_for_byte),
		cmocka_unit_test(bodies_of_a_wrong_length_are_refused),
		cmocka_unit_test(a_large_body_is_refused_unread),
		cmocka_unit_test(failures_are_answered_and_logged_once),
		cmocka_unit_test(a_hostile_path_forges_no_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
