/*
 * The FastCGI gateway: worker threads on a listening socket that other
 * processes may share.
 *
 * The connections are accepted here and handed to libfcgi, whose own accept
 * cannot be stopped from outside and sets no time-outs: a client that stops in
 * the middle of its request would hold a thread for ever.  The struct's ipcFd
 * and keepConnection are used for that, and -1 as its listening socket, so that
 * it never accepts by itself.
 */
#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/log.h"
#include "web/gateway.h"

enum {
	LISTEN_FD = 0,		/* where every FastCGI supervisor puts it */
	THREADS_MAX = 128,
	STACK_BYTES = 256 * 1024,
	IO_TIMEOUT_S = 5,	/* nginx sends a request at once, whole */
	TICK_MS = 500,
	BREATH_MS = 100,	/* between two accepts that fail for want of
				 * descriptors or memory */
};

struct server {
	const struct service *service;
	struct watch watch;
	int stop[2];		/* a pipe; its write end is closed to stop */
	pthread_mutex_t waiting;	/* held by the worker that is next */
	pthread_t workers[THREADS_MAX];
	int worker_count;
};

static size_t
body_read(void *handle, char *bytes, size_t len)
{
	FCGX_Request *fcgi = handle;
	int got = FCGX_GetStr(bytes, (int)len, fcgi->in);

	return got > 0 ? (size_t)got : 0;
}

/* libfcgi counts in int. */
static bool
bytes_write(FCGX_Request *fcgi, const char *bytes, size_t len)
{
	return len == 0 ||
	    FCGX_PutStr(bytes, (int)len, fcgi->out) == (int)len;
}

/* Flushed at once: the log's line shall come before the answer's end. */
static bool
answer_write(void *handle, const char *head, size_t head_len,
    const char *body, size_t body_len)
{
	FCGX_Request *fcgi = handle;

	return bytes_write(fcgi, head, head_len) &&
	    bytes_write(fcgi, body, body_len) && FCGX_FFlush(fcgi->out) == 0;
}

/*
 * Answers the one request of a connection and closes it.  It is never kept,
 * even if nginx asks for that: an idle kept one would hold a thread, and what a
 * refused request leaves unread would be taken for the next one.  Before it
 * closes, libfcgi drains what nginx still sends, for 2 s at most, so that a
 * refusal of a long body arrives.
 */
static void
connection_serve(struct server *server, int fd)
{
	FCGX_Request fcgi;
	struct gateway gateway = {
		.handle = &fcgi,
		.read = body_read,
		.write = answer_write,
		.watch = &server->watch,
	};

	FCGX_InitRequest(&fcgi, -1, FCGI_FAIL_ACCEPT_ON_INTR);
	fcgi.ipcFd = fd;
	fcgi.keepConnection = 1;	/* or FCGX_Accept_r begins by closing */
	if (FCGX_Accept_r(&fcgi) != 0)
		return;		/* nonsense or nothing: it has been closed */
	/* libfcgi takes variables that were cut short for all of them. */
	if (FCGX_GetError(fcgi.in) != 0) {
		log_event(LOG_INFO, "request_cut_short",
		    LOG_NUM("error", FCGX_GetError(fcgi.in)), NULL);
		FCGX_Free(&fcgi, 1);
		return;
	}
	gateway.environment = fcgi.envp;
	(void)gateway_answer(server->service, &gateway);
	fcgi.keepConnection = 0;
	FCGX_Finish_r(&fcgi);
}

/*
 * Waits until fd (-1: nothing) can be read, it is time to stop, or timeout_ms
 * (-1: never) have passed.  True when it is time to stop.
 */
static bool
stop_wait(const struct server *server, int fd, int timeout_ms)
{
	struct pollfd fds[] = {
		{ .fd = server->stop[0], .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};

	(void)poll(fds, 2, timeout_ms);
	return fds[0].revents != 0;
}

/* A connection with time-outs; -1 when there is none after all. */
static int
connection_accept(const struct server *server)
{
	const struct timeval limit = { .tv_sec = IO_TIMEOUT_S };
	int fd = accept(LISTEN_FD, NULL, NULL);

	if (fd < 0) {
		/* Another process was faster, or the client left again. */
		if (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR)
			return -1;
		log_event(LOG_ERROR, "accept_failed",
		    LOG_TEXT("reason", strerror(errno)), NULL);
		(void)stop_wait(server, -1, BREATH_MS);
		return -1;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit,
	    sizeof(limit)) != 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO,
	    &limit, sizeof(limit)) != 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/*
 * The next connection, or -1 when it is time to stop.  One worker waits at a
 * time, so that a connection wakes one; what is already in the backlog at the
 * end is left to the processes that share the socket.
 */
static int
connection_next(struct server *server)
{
	int fd = -1;

	pthread_mutex_lock(&server->waiting);
	while (fd < 0 && !stop_wait(server, LISTEN_FD, -1))
		fd = connection_accept(server);
	pthread_mutex_unlock(&server->waiting);
	return fd;
}

static void *
worker_run(void *argument)
{
	struct server *server = argument;
	int fd = connection_next(server);

	while (fd >= 0) {
		connection_serve(server, fd);
		fd = connection_next(server);
	}
	return NULL;
}

/*
 * Workers take no signal at all: libfcgi treats an interrupted read or write as
 * the end of the connection.
 */
static bool
workers_start(struct server *server)
{
	int count = server->service->threads;
	pthread_attr_t attr;
	sigset_t every;
	sigset_t before;
	int error = pthread_attr_init(&attr);

	if (error != 0)
		return false;
	if (count < 1)
		count = 1;
	if (count > THREADS_MAX)
		count = THREADS_MAX;
	error = pthread_attr_setstacksize(&attr, STACK_BYTES);
	sigfillset(&every);
	pthread_sigmask(SIG_SETMASK, &every, &before);
	while (error == 0 && server->worker_count < count) {
		error = pthread_create(&server->workers[server->worker_count],
		    &attr, worker_run, server);
		if (error == 0)
			server->worker_count++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return error == 0;
}

static void
workers_stop(struct server *server)
{
	(void)close(server->stop[1]);
	for (int i = 0; i < server->worker_count; i++)
		pthread_join(server->workers[i], NULL);
	(void)close(server->stop[0]);
}

/* Returns at one of the signals, which must be blocked. */
static int
signal_wait(struct server *server, const sigset_t *signals)
{
	const struct service *service = server->service;
	const struct timespec tick = { .tv_nsec = TICK_MS * 1000000 };

	for (;;) {
		int signal_number = sigtimedwait(signals, NULL, &tick);

		if (signal_number > 0)
			return signal_number;
		watch_tick(&server->watch);
		if (service->tick != NULL)
			service->tick(service->context);
	}
}

/*
 * Readies the process for libfcgi: its handlers, which FCGX_Init puts where
 * there is no other, never run, because the signals that end us stay blocked
 * and SIGPIPE is ignored after all.
 */
static bool
process_prepare(sigset_t *signals)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	const int on = 1;
	int flags = fcntl(LISTEN_FD, F_GETFL);

	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGUSR1);	/* FastCGI's own word for it */
	if (pthread_sigmask(SIG_BLOCK, signals, NULL) != 0)
		return false;
	if (FCGX_Init() != 0 || sigaction(SIGPIPE, &ignore, NULL) != 0)
		return false;
	/* Inherited by what is accepted; means nothing to a UNIX socket. */
	(void)setsockopt(LISTEN_FD, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	/* Of two processes that one connection woke, one must not sleep. */
	return flags != -1 &&
	    fcntl(LISTEN_FD, F_SETFL, flags | O_NONBLOCK) == 0;
}

bool
fastcgi_is_gateway(void)
{
	int listens = 0;
	socklen_t len = sizeof(listens);

	return getsockopt(LISTEN_FD, SOL_SOCKET, SO_ACCEPTCONN, &listens,
	    &len) == 0 && listens != 0;
}

static void
start_failure_log(const char *reason)
{
	log_event(LOG_ERROR, "start_failed", LOG_TEXT("reason", reason), NULL);
}

int
fastcgi_serve(const struct service *service)
{
	struct server server = {
		.service = service,
		.stop = { -1, -1 },
		.waiting = PTHREAD_MUTEX_INITIALIZER,
	};
	sigset_t signals;
	bool started = false;

	if (!process_prepare(&signals) || pipe(server.stop) != 0) {
		start_failure_log(strerror(errno));
		return 1;
	}
	watch_init(&server.watch);
	started = workers_start(&server);
	if (started) {
		log_event(LOG_INFO, "started",
		    LOG_NUM("threads", server.worker_count), NULL);
		log_event(LOG_INFO, "stopping", LOG_NUM("signal",
		    signal_wait(&server, &signals)), NULL);
	} else {
		start_failure_log("cannot start its threads");
	}
	workers_stop(&server);
	watch_clear(&server.watch);
	pthread_mutex_destroy(&server.waiting);
	return started ? 0 : 1;
}
