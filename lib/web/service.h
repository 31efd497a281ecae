/*
 * The serve loop of a program.  When standard input is a listening socket (a
 * FastCGI supervisor), N threads answer requests on it until SIGTERM: idle, the
 * program ends at once; busy, when the requests in hand are answered.  It may
 * also end by itself when nobody has asked for a while, under a supervisor that
 * holds the socket and starts it again.  When it is no such socket, one request
 * is read as plain CGI (RFC 3875) and answered, so that the same binary runs
 * under fcgiwrap or from a shell.  Every request gets exactly one answer and
 * one log line, and one that hangs another one before 2 s are over.  Beside its
 * routes every program answers GET /healthz over its own socket: 503 while a
 * request hangs.  Whoever may connect to the socket is trusted to be nginx: its
 * mode is the lock.
 */
#ifndef TEAMDUES_WEB_SERVICE_H
#define TEAMDUES_WEB_SERVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "web/request.h"
#include "web/response.h"

/*
 * Fills response, or returns a failure, which the loop logs once and turns into
 * an answer (response_error).
 */
typedef enum status web_handler(void *context, const struct request *request,
    struct response *response, struct err *err);

struct route {
	const char *path;	/* the first that fits path and method wins */
	bool is_prefix;		/* matches every path that begins with it */
	unsigned methods;	/* mask of enum method; GET implies HEAD */
	size_t body_max;	/* bytes; more is 413, unread */
	web_handler *handle;
};

enum { BODY_MAX_WEBHOOK = 1024 * 1024, BODY_MAX = 64 * 1024 };

struct service {
	const struct route *routes;	/* ended by one whose path is NULL */
	void *context;		/* given to every handler */
	int threads;
	int idle_exit_s;	/* ends after that without requests; 0: never */
	const char *contact;	/* of the club, for error pages; NULL: none */
	bool is_for_staff;	/* as in struct request */
	void (*tick)(void *context);	/* every half second, or NULL */
};

/*
 * Serves until SIGTERM, SIGINT, SIGUSR1 or idle (FastCGI), or one request
 * (CGI).  To be called before any other thread exists.  Returns what main
 * returns: 0, 1 when it could not start (logged) or answer, 2 when there is no
 * gateway.
 */
int service_run(const struct service *service);

#endif
