/*
 * The FastCGI gateway: worker threads on a listening socket that other
 * processes may share.  Connections are accepted here and given to libfcgi for
 * one request each time.  The accept of libfcgi cannot be stopped from outside
 * and sets no time-outs: a client that stops in the middle of its request would
 * hold a thread for ever, and so would an idle connection.  For that, ipcFd and
 * keepConnection of its struct are set here, and its listening socket is -1, so
 * that it never accepts by itself.
 */
#define _GNU_SOURCE	/* accept4 */
#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "web/gateway.h"
#include "web/parking.h"

enum {
	LISTEN_FD = 0,		/* where every FastCGI supervisor puts it */
	THREADS_MAX = 128,
	STACK_BYTES = 256 * 1024,
	IO_TIMEOUT_S = 5,	/* nginx sends a request at once, whole */
	TICK_NS = 500000000,
	/* malloc's default is eight a processor.  Measured with 32 threads, two
	 * are as fast and take a third less. */
	ARENAS = 2,
	BREATH_NS = 100000000,	/* between two accepts that fail for want of
				 * descriptors or memory */
};

struct server {
	const struct service *service;
	struct watch watch;
	struct parking parking;
	pthread_t workers[THREADS_MAX];
	int worker_count;
};

/* One request, and whether its connection may carry another one. */
struct exchange {
	FCGX_Request fcgi;
	bool is_kept;
};

static size_t
body_read(void *handle, char *bytes, size_t len)
{
	struct exchange *exchange = handle;
	int got = FCGX_GetStr(bytes, (int)len, exchange->fcgi.in);

	return got > 0 ? (size_t)got : 0;
}

/* libfcgi counts in int. */
static bool
bytes_write(FCGX_Request *fcgi, const char *bytes, size_t len)
{
	return len == 0 ||
	    FCGX_PutStr(bytes, (int)len, fcgi->out) == (int)len;
}

/* Bytes that are left unread would be read as the next request. */
static bool
is_read_whole(FCGX_Request *fcgi)
{
	return FCGX_GetChar(fcgi->in) == EOF && FCGX_GetError(fcgi->in) == 0;
}

/*
 * Sends the answer and the end of the request, in one write if it is short.  It
 * asks first whether the request was read whole: after the end the next request
 * may arrive, and libfcgi would read some of it and forget that.
 */
static bool
answer_write(void *handle, const char *head, size_t head_len,
    const char *body, size_t body_len)
{
	struct exchange *exchange = handle;
	FCGX_Request *fcgi = &exchange->fcgi;
	bool is_reusable = fcgi->keepConnection != 0 && is_read_whole(fcgi);

	if (!bytes_write(fcgi, head, head_len) ||
	    !bytes_write(fcgi, body, body_len) || FCGX_FClose(fcgi->err) != 0 ||
	    FCGX_FClose(fcgi->out) != 0)
		return false;
	exchange->is_kept = is_reusable;
	return true;
}

/*
 * Answers the next request of a connection; false when the connection is closed
 * after that.  Before closing, libfcgi reads what nginx still sends, for 2 s at
 * most, so that the refusal of a long body arrives.
 */
static bool
connection_serve(struct server *server, int fd)
{
	struct exchange exchange = { .is_kept = false };
	FCGX_Request *fcgi = &exchange.fcgi;
	struct gateway gateway = {
		.handle = &exchange,
		.read = body_read,
		.write = answer_write,
		.watch = &server->watch,
	};

	FCGX_InitRequest(fcgi, -1, FCGI_FAIL_ACCEPT_ON_INTR);
	fcgi->ipcFd = fd;
	fcgi->keepConnection = 1;	/* or FCGX_Accept_r begins by closing */
	if (FCGX_Accept_r(fcgi) != 0)
		return false;	/* nonsense or nothing: it has been closed */
	/* libfcgi reports no failure when the variables are cut short: half of
	 * them would look like a whole request. */
	if (FCGX_GetError(fcgi->in) != 0) {
		log_event(LOG_INFO, "request_cut_short",
		    LOG_NUM("error", FCGX_GetError(fcgi->in)), NULL);
		FCGX_Free(fcgi, 1);
		return false;
	}
	gateway.environment = fcgi->envp;
	(void)gateway_answer(server->service, &gateway);
	FCGX_Free(fcgi, !exchange.is_kept);
	return exchange.is_kept;
}

/* place: where the connection waited before; NULL for a new one. */
static void
request_serve(struct server *server, int fd, struct place *place)
{
	struct parking *parking = &server->parking;

	if (!connection_serve(server, fd)) {
		parking_free(parking, place);
		return;
	}
	if (place == NULL)
		place = parking_find(parking, fd);
	if (place == NULL || !parking_leave(parking, place)) {
		parking_free(parking, place);
		(void)close(fd);
	}
}

/* Accepts a connection and sets its time-outs; -1 when there is none after
 * all. */
static int
connection_accept(void)
{
	const struct timespec breath = { .tv_nsec = BREATH_NS };
	const struct timeval limit = { .tv_sec = IO_TIMEOUT_S };
	int fd = accept4(LISTEN_FD, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0) {
		/* Another process was faster, or the client left again. */
		if (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR)
			return -1;
		log_event(LOG_ERROR, "accept_failed",
		    LOG_TEXT("reason", strerror(errno)), NULL);
		(void)nanosleep(&breath, NULL);
		return -1;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit,
	    sizeof(limit)) != 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO,
	    &limit, sizeof(limit)) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

static void *
worker_run(void *argument)
{
	struct server *server = argument;
	struct place *place = NULL;
	int fd = -1;

	for (;;) {
		switch (parking_wait(&server->parking, &place)) {
		case ARRIVAL_STOP:
			return NULL;
		case ARRIVAL_REQUEST:
			request_serve(server, place->fd, place);
			break;
		case ARRIVAL_LISTENER:
			fd = connection_accept();
			/* At once, so that another thread accepts while this
			 * one answers. */
			parking_listen(&server->parking);
			if (fd >= 0)
				request_serve(server, fd, NULL);
			break;
		}
	}
}

/* Workers block every signal: libfcgi takes an interrupted read or write for
 * the end of the connection.  The main thread waits for the signals. */
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
	parking_stop(&server->parking);
	for (int i = 0; i < server->worker_count; i++)
		pthread_join(server->workers[i], NULL);
}

static bool
is_idle(struct server *server)
{
	int64_t limit_ms = (int64_t)server->service->idle_exit_s * 1000;

	return limit_ms > 0 && watch_is_idle(&server->watch, limit_ms);
}

/*
 * Waits for one of the signals, which must be blocked; 0 when the program has
 * been idle for long enough.  In between, every half second, it does the
 * process's other work.
 */
static int
signal_wait(struct server *server, const sigset_t *signals)
{
	const struct service *service = server->service;
	const struct timespec tick = { .tv_nsec = TICK_NS };

	for (;;) {
		int signal_number = sigtimedwait(signals, NULL, &tick);

		if (signal_number > 0)
			return signal_number;
		watch_tick(&server->watch);
		parking_end_idle(&server->parking,
		    clock_monotonic_ms() - PARKED_MS);
		if (service->tick != NULL)
			service->tick(service->context);
		if (is_idle(server))
			return 0;
	}
}

/* Prepares the process for libfcgi.  The handlers that FCGX_Init() installs
 * never run: the signals that end us stay blocked, and SIGPIPE is ignored. */
static bool
process_prepare(sigset_t *signals)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	const int on = 1;
	int flags = fcntl(LISTEN_FD, F_GETFL);

	(void)mallopt(M_ARENA_MAX, ARENAS);
	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGUSR1);	/* FastCGI's own word for it */
	if (pthread_sigmask(SIG_BLOCK, signals, NULL) != 0)
		return false;
	if (FCGX_Init() != 0 || sigaction(SIGPIPE, &ignore, NULL) != 0)
		return false;
	/* Accepted connections inherit it; a UNIX socket ignores it. */
	(void)setsockopt(LISTEN_FD, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	/* One connection may wake two processes; the one that comes second must
	 * not sleep in accept4(). */
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

static void
log_stop(int signal_number)
{
	if (signal_number == 0)
		log_event(LOG_INFO, "stopping", LOG_TEXT("reason", "idle"),
		    NULL);
	else
		log_event(LOG_INFO, "stopping",
		    LOG_NUM("signal", signal_number), NULL);
}

int
fastcgi_serve(const struct service *service)
{
	struct server server = { .service = service };
	sigset_t signals;
	bool started = false;

	if (!process_prepare(&signals) ||
	    !parking_open(&server.parking, LISTEN_FD)) {
		start_failure_log(strerror(errno));
		return 1;
	}
	watch_init(&server.watch);
	started = workers_start(&server);
	if (started) {
		log_event(LOG_INFO, "started",
		    LOG_NUM("threads", server.worker_count), NULL);
		log_stop(signal_wait(&server, &signals));
	} else {
		start_failure_log("cannot start its threads");
	}
	workers_stop(&server);
	parking_clear(&server.parking);
	watch_clear(&server.watch);
	return started ? 0 : 1;
}
