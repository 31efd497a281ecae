/*
 * An HTTP server on loopback that answers by a script, one line after another
 * whatever is asked, and keeps what it was asked.  For what no real server
 * does on demand: drops, half an answer, too long an answer.
 */
#ifndef TESTS_UNIT_SCRIPTED_SERVER_H
#define TESTS_UNIT_SCRIPTED_SERVER_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>

enum scripted_how {
	SCRIPT_ANSWER,
	SCRIPT_DROP_BEFORE,	/* close without reading the request */
	SCRIPT_DROP_AFTER,	/* read it, then close */
	SCRIPT_TRUNCATE,	/* announce the body, send half, close */
};

struct scripted_line {
	int status;		/* 0: 200 */
	const char *headers;	/* whole lines with CRLF; NULL: none */
	const char *body;	/* NULL: "{}" */
	size_t padded_to;	/* blanks after the body up to this length */
	int delay_ms;		/* before the answer */
	enum scripted_how how;
};

struct scripted_server;

/* tls NULL: plain http.  Past its end the script answers with 599. */
struct scripted_server *scripted_start(const struct scripted_line *script,
    size_t count, SSL_CTX *tls);
void scripted_stop(struct scripted_server *server);

int scripted_port(const struct scripted_server *server);
int scripted_connections(struct scripted_server *server);
int scripted_requests(struct scripted_server *server);

/* Head and body of the nth request, from 0.  "" when there was none. */
const char *scripted_request(struct scripted_server *server, int nth);

/* Copies a request's header into out; "" when it has none. */
void scripted_header(struct scripted_server *server, int nth,
    const char *name, char *out, size_t size);

#endif
