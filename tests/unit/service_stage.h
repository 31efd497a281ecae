/*
 * A program under test and the hands to play nginx with: the program is a child
 * that has a listening socket as its standard input.
 */
#ifndef TEAMDUES_TESTS_SERVICE_STAGE_H
#define TEAMDUES_TESTS_SERVICE_STAGE_H

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/clock.h"
#include "fastcgi_client.h"
#include "service_program.h"

enum { LOG_MAX = 256 * 1024 };

/* A listening socket, its program, and what that logs. */
struct stage {
	char socket_path[64];
	int listener;
	FILE *log;
	pid_t pid;
	int idle_exit_s;	/* of the programs started on it */
};

/* How often the program's log holds text so far. */
static inline int
log_count(const struct stage *stage, const char *text)
{
	static char all[LOG_MAX];
	ssize_t len = pread(fileno(stage->log), all, sizeof(all) - 1, 0);
	int count = 0;

	assert_true(len >= 0);
	all[len] = '\0';
	for (const char *at = strstr(all, text); at != NULL;
	    at = strstr(at + 1, text))
		count++;
	return count;
}

/* Waits until the log holds text so often. */
static inline void
log_await(const struct stage *stage, const char *text, int count)
{
	const struct timespec pause = { 0, 1000000 };

	for (int i = 0; log_count(stage, text) < count; i++) {
		assert_true(i < 20000);
		(void)nanosleep(&pause, NULL);
	}
}

static inline pid_t
program_start(const struct stage *stage, int threads)
{
	int before = log_count(stage, "info started");
	pid_t pid = 0;

	(void)fflush(NULL);
	pid = fork();
	if (pid != 0) {
		/* Before that it would die of a signal to stop. */
		log_await(stage, "info started", before + 1);
		return pid;
	}
	/* A test that fails must leave no program behind. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(stage->listener, STDIN_FILENO) < 0 ||
	    dup2(fileno(stage->log), STDERR_FILENO) < 0)
		_exit(99);
	(void)close(stage->listener);
	exit(service_run(&(const struct service){
		.routes = program_routes, .threads = threads,
		.idle_exit_s = stage->idle_exit_s,
	}));
}

/* Waits for the end and gives the exit code, or -1. */
static inline int
program_wait(pid_t pid)
{
	int how = 0;

	if (waitpid(pid, &how, 0) != pid || !WIFEXITED(how))
		return -1;
	return WEXITSTATUS(how);
}

static inline struct stage
stage_open_until_idle(int threads, int idle_exit_s)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stage stage = { .listener = -1, .idle_exit_s = idle_exit_s };

	(void)snprintf(stage.socket_path, sizeof(stage.socket_path),
	    "/tmp/teamdues-test-%ld", (long)getpid());
	strcpy(address.sun_path, stage.socket_path);
	(void)unlink(stage.socket_path);
	stage.listener = socket(AF_UNIX, SOCK_STREAM, 0);
	stage.log = tmpfile();
	assert_non_null(stage.log);
	assert_int_equal(fcntl(fileno(stage.log), F_SETFL, O_APPEND), 0);
	assert_int_equal(bind(stage.listener, (struct sockaddr *)&address,
	    sizeof(address)), 0);
	assert_int_equal(listen(stage.listener, 128), 0);
	stage.pid = program_start(&stage, threads);
	assert_true(stage.pid > 0);
	return stage;
}

static inline struct stage
stage_open(int threads)
{
	return stage_open_until_idle(threads, 0);
}

/* Stops the program, which must end well. */
static inline void
stage_close(struct stage *stage)
{
	assert_int_equal(kill(stage->pid, SIGTERM), 0);
	assert_int_equal(program_wait(stage->pid), 0);
	(void)close(stage->listener);
	(void)unlink(stage->socket_path);
	(void)fclose(stage->log);
}

#define PAIRS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define GET(path_) "REQUEST_METHOD", "GET", "DOCUMENT_URI", path_
#define POST(path_) "REQUEST_METHOD", "POST", "DOCUMENT_URI", path_

/* flags: 0, or FCGI_KEEP_CONN. */
static inline void
request_send(int fd, unsigned char flags, const char *const *pairs,
    const char *body, size_t len)
{
	struct buf wire = BUF_INIT(WIRE_MAX);

	begin_put(&wire, flags);
	params_put(&wire, pairs);
	body_put(&wire, body, len);
	client_send(fd, &wire);
	buf_clear(&wire);
}

static inline int
request_begin(const struct stage *stage, const char *const *pairs,
    const char *body, size_t len)
{
	int fd = client_connect(stage->socket_path);

	assert_true(fd >= 0);
	request_send(fd, 0, pairs, body, len);
	return fd;
}

/* The whole answer, which must have ended well.  To be cleared. */
static inline struct buf
answer_receive(int fd)
{
	struct answer answer = ANSWER_INIT;

	client_receive(fd, &answer);
	assert_true(answer.ended);
	assert_non_null(buf_str(&answer.text));
	return answer.text;
}

/* The same of a connection that is closed after its one request. */
static inline struct buf
request_end(int fd)
{
	struct buf text = answer_receive(fd);

	assert_true(client_sees_end(fd));
	(void)close(fd);
	return text;
}

/* It must hold every one of the texts. */
static inline void
assert_text(struct buf *text, const char *const *texts)
{
	for (; *texts != NULL; texts++)
		if (strstr(buf_str(text), *texts) == NULL)
			fail_msg("no '%s' in: %s", *texts, buf_str(text));
	buf_clear(text);
}

/* One request, whose answer must hold every one of the texts. */
static inline void
expect(const struct stage *stage, const char *const *pairs, const char *body,
    const char *const *texts)
{
	struct buf text = request_end(request_begin(stage, pairs, body,
	    strlen(body)));

	assert_text(&text, texts);
}

/* A request that hangs, once it does, until hang_end. */
struct hanging {
	char path[80];
	int fd;
};

static inline struct hanging
hang_begin(const struct stage *stage, unsigned char flags, const char *id)
{
	const struct timespec pause = { 0, 1000000 };
	struct hanging hanging = { .fd = client_connect(stage->socket_path) };

	assert_true(hanging.fd >= 0);
	(void)snprintf(hanging.path, sizeof(hanging.path), "%s.%s",
	    stage->socket_path, id);
	request_send(hanging.fd, flags, PAIRS(GET("/hang"), "QUERY_STRING",
	    hanging.path, "REQUEST_ID", id), "", 0);
	for (int i = 0; access(hanging.path, F_OK) != 0; i++) {
		assert_true(i < 20000);
		(void)nanosleep(&pause, NULL);
	}
	return hanging;
}

/* Its answer comes, and the end of its connection. */
static inline void
hang_end(const struct hanging *hanging)
{
	struct buf text = BUF_INIT(0);

	assert_int_equal(unlink(hanging->path), 0);
	text = request_end(hanging->fd);
	assert_text(&text, PAIRS("\r\n\r\nreleased"));
}

#endif
