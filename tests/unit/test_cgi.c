/* The same program as plain CGI: environment and pipes instead of a socket. */
#include "service_stage.h"

/* What a CGI run left behind. */
struct outcome {
	int exit_code;
	char out[4096];
	char log[4096];
};

static void
all_read(FILE *file, char *out, size_t size)
{
	ssize_t len = pread(fileno(file), out, size - 1, 0);

	assert_true(len >= 0);
	out[len] = '\0';
	(void)fclose(file);
}

/* The child's part: variables (pairs), standard streams, the program. */
static void
cgi_become(const char *const *pairs, const char *body, int out_fd, int log_fd)
{
	FILE *in = tmpfile();

	if (in == NULL || fputs(body, in) == EOF || fflush(in) != 0 ||
	    lseek(fileno(in), 0, SEEK_SET) != 0 ||
	    dup2(fileno(in), STDIN_FILENO) < 0 ||
	    dup2(out_fd, STDOUT_FILENO) < 0 ||
	    dup2(log_fd, STDERR_FILENO) < 0 ||
	    unsetenv("REQUEST_METHOD") != 0)
		_exit(99);
	for (; pairs[0] != NULL; pairs += 2)
		if (setenv(pairs[0], pairs[1], 1) != 0)
			_exit(99);
	(void)fclose(in);
	exit(service_run(&(const struct service){
		.routes = program_routes, .threads = 1,
	}));
}

static void
cgi_run(const char *const *pairs, const char *body, struct outcome *outcome)
{
	FILE *out = tmpfile();
	FILE *log = tmpfile();
	pid_t pid = 0;

	assert_non_null(out);
	assert_non_null(log);
	(void)fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		cgi_become(pairs, body, fileno(out), fileno(log));
	outcome->exit_code = program_wait(pid);
	all_read(out, outcome->out, sizeof(outcome->out));
	all_read(log, outcome->log, sizeof(outcome->log));
}

static void
a_get_is_answered(void **state)
{
	struct outcome outcome;

	(void)state;
	cgi_run(PAIRS("REQUEST_METHOD", "GET", "SCRIPT_NAME", "/hello",
	    "REQUEST_ID", "0123456789abcdef"), "", &outcome);
	assert_int_equal(outcome.exit_code, 0);
	assert_string_equal(outcome.out,
	    "Status: 200 OK\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Cache-Control: no-store\r\n"
	    "Content-Length: 5\r\n\r\nhello");
	assert_non_null(strstr(outcome.log, "path=/hello status=200"));
	assert_null(strstr(outcome.log, "started"));
}

static void
a_body_comes_from_stdin(void **state)
{
	struct outcome outcome;

	(void)state;
	cgi_run(PAIRS("REQUEST_METHOD", "POST", "SCRIPT_NAME", "/ec",
	    "PATH_INFO", "ho", "CONTENT_LENGTH", "5"), "12345678", &outcome);
	assert_int_equal(outcome.exit_code, 0);
	assert_non_null(strstr(outcome.out, "\r\n\r\n12345"));
	assert_null(strstr(outcome.out, "123456"));
	cgi_run(PAIRS("REQUEST_METHOD", "POST", "SCRIPT_NAME", "/echo",
	    "CONTENT_LENGTH", "9"), "12345678", &outcome);
	assert_int_equal(outcome.exit_code, 0);
	assert_non_null(strstr(outcome.out, "Status: 400 "));
}

static void
an_error_is_an_answer_too(void **state)
{
	struct outcome outcome;

	(void)state;
	cgi_run(PAIRS("REQUEST_METHOD", "HEAD", "SCRIPT_NAME", "/nowhere"), "",
	    &outcome);
	assert_int_equal(outcome.exit_code, 0);
	assert_non_null(strstr(outcome.out, "Status: 404 "));
	assert_non_null(strstr(outcome.out, "X-Request-Id: "));
	assert_string_equal(strstr(outcome.out, "\r\n\r\n"), "\r\n\r\n");
}

static void
without_a_gateway_it_says_how(void **state)
{
	struct outcome outcome;

	(void)state;
	cgi_run(PAIRS("SCRIPT_NAME", "/hello"), "", &outcome);
	assert_int_equal(outcome.exit_code, 2);
	assert_string_equal(outcome.out, "");
	assert_non_null(strstr(outcome.log, "FastCGI"));
}

static void
a_reader_that_left_is_exit_1(void **state)
{
	int out[2] = { -1, -1 };
	FILE *log = tmpfile();
	char text[1024];
	pid_t pid = 0;

	(void)state;
	assert_non_null(log);
	assert_int_equal(pipe(out), 0);
	(void)close(out[0]);
	(void)fflush(NULL);
	pid = fork();
	if (pid == 0)
		cgi_become(PAIRS("REQUEST_METHOD", "GET", "SCRIPT_NAME",
		    "/hello"), "", out[1], fileno(log));
	assert_int_equal(program_wait(pid), 1);
	(void)close(out[1]);
	all_read(log, text, sizeof(text));
	assert_non_null(strstr(text, "the client left"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_get_is_answered),
		cmocka_unit_test(a_body_comes_from_stdin),
		cmocka_unit_test(an_error_is_an_answer_too),
		cmocka_unit_test(without_a_gateway_it_says_how),
		cmocka_unit_test(a_reader_that_left_is_exit_1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
