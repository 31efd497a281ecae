/* A kept TLS connection that never blocks: a request, its answer, the next. */
#ifndef TEAMDUES_TESTS_BENCH_CONNECTION_H
#define TEAMDUES_TESTS_BENCH_CONNECTION_H

#include <openssl/ssl.h>

#include "source.h"

enum { ANSWER_SIZE = 32768 };

struct connection {
	int fd;			/* -1: closed */
	SSL *ssl;
	bool is_ready;		/* the handshake is over */
	bool is_asking;		/* a request is under way */
	int64_t asked_ns;	/* when its first byte was written */
	char request[REQUEST_SIZE];
	size_t request_len;
	size_t sent;
	char answer[ANSWER_SIZE + 1];
	size_t answer_len;
};

enum progress {
	PROGRESS_NONE,		/* nothing to do before the next byte */
	PROGRESS_READY,		/* the handshake has just ended */
	PROGRESS_ANSWER,	/* an answer is whole */
	PROGRESS_BROKEN,	/* closed by the peer, or nonsense */
};

int64_t monotonic_ns(void);

/* To 127.0.0.1, edge-triggered in poll with c itself as its data. */
void connection_open(struct connection *c, SSL_CTX *tls, int port, int poll);
void connection_close(struct connection *c);

/* request is filled in; its bytes go out with the next step. */
void connection_ask(struct connection *c, size_t len);

/* To be called again until it is PROGRESS_NONE. */
enum progress connection_step(struct connection *c);

/* Of the answer that is whole. */
int connection_status(const struct connection *c);
bool connection_ends(const struct connection *c);

#endif
