/*
 * What is asked: requests of HTTP/1.1, one after the other, for whichever
 * connection is free.  Wrong arguments end the program with a word about them.
 */
#ifndef TEAMDUES_TESTS_BENCH_SOURCE_H
#define TEAMDUES_TESTS_BENCH_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	REQUEST_SIZE = 32768,
	ORDERS_FROM = 1000001,	/* the first id that club.sql gives */
};

/* Signed events, each of the next order: event.json says what is filled in. */
struct events {
	char *text;		/* the template; owned */
	const char *secret;
	const char *host;	/* host:port */
	int64_t order_id;	/* of the first */
	int64_t players;	/* they take turns */
	int64_t number;		/* how many were made */
	int64_t limit;
	uint64_t run;		/* differs from run to run, and so do the ids */
};

void events_open(struct events *events, const char *template_file);
void events_close(struct events *events);

/* GET of each line of a file. */
struct targets {
	char *text;		/* owned */
	const char *next;
	const char *host;
};

void targets_open(struct targets *targets, const char *file);
void targets_close(struct targets *targets);

/* One of the two. */
struct source {
	struct events *events;
	struct targets *targets;
};

/* Puts the next request; its length, or 0 when there is no other. */
size_t source_next(struct source *source, char request[REQUEST_SIZE]);

#endif
