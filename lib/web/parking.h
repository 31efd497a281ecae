/*
 * Where the threads of a program wait for work: for the listening socket, and
 * for the connections that nginx keeps open between two requests.  Each arrival
 * wakes one thread, and an idle connection holds no thread.  Used inside
 * lib/web only.
 */
#ifndef TEAMDUES_WEB_PARKING_H
#define TEAMDUES_WEB_PARKING_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	PLACES = 128,		/* nginx keeps 32 for each of its workers */
	PARKED_MS = 60000,	/* nginx itself lets go of them sooner */
};

/* Where a connection waits; it belongs to that connection until it is
 * closed. */
struct place {
	int fd;			/* -1: the place is free */
	bool is_known;		/* to the epoll */
	bool is_idle;		/* no thread has it */
	int64_t since_ms;
};

struct parking {
	int epoll;
	int listener;
	int stop[2];		/* a pipe; its write end is closed to stop */
	pthread_mutex_t lock;
	struct place places[PLACES];
	bool is_stopped;
};

enum arrival {
	ARRIVAL_STOP,		/* nothing arrives any more */
	ARRIVAL_LISTENER,	/* there may be a connection to accept */
	ARRIVAL_REQUEST,	/* on *place, which is the caller's now */
};

/* False: errno says why.  parking_clear is due in any case, when no thread
 * waits any more; it closes what is left here. */
bool parking_open(struct parking *parking, int listener);
void parking_clear(struct parking *parking);

/* After ARRIVAL_LISTENER no thread is woken for it until parking_listen. */
enum arrival parking_wait(struct parking *parking, struct place **place);
void parking_listen(struct parking *parking);

/* A place for a new connection; NULL when all are in use. */
struct place *parking_find(struct parking *parking, int fd);

/* Leaves a connection to wait for its next request.  False: it cannot. */
bool parking_leave(struct parking *parking, struct place *place);

/* The connection is closed, or about to be.  NULL is harmless. */
void parking_free(struct parking *parking, struct place *place);

/* Ends what has been idle since before that moment (clock_monotonic_ms): a
 * thread is woken to close it. */
void parking_end_idle(struct parking *parking, int64_t before_ms);

/* Ends all that is idle and wakes all threads, now and from now on. */
void parking_stop(struct parking *parking);

#endif
