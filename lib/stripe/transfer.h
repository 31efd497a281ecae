/*
 * One easy handle of libcurl with its kept connection: carries out one try of
 * one call.  It judges nothing: what an answer means is answer.c's part, who
 * may use which handle is pool.c's.  Used inside lib/stripe only.
 */
#ifndef TEAMDUES_STRIPE_TRANSFER_H
#define TEAMDUES_STRIPE_TRANSFER_H

#include <curl/curl.h>
#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

/* A page of 100 sessions, expanded, is about 1.5 MB as Stripe prints it. */
enum { TRANSFER_ANSWER_MAX = 4 * 1024 * 1024 };

/* What the handles of a client have in common.  Must outlive them. */
struct transfer_setup {
	const char *base;		/* without a last slash */
	X509_STORE *trust;		/* NULL: plain http */
	struct curl_slist *headers;	/* on every request */
};

struct transfer_request {
	const char *path;
	const char *form;		/* NULL: a GET */
	char *key_header;		/* a whole line; NULL with a GET */
	int64_t timeout_ms;		/* at least 1 */
};

enum transfer_end {
	TRANSFER_ANSWERED,
	TRANSFER_LOST,		/* unreachable, broken off, or too slow */
	TRANSFER_UNTRUSTED,	/* the certificate, or none could be checked */
	TRANSFER_TOO_LARGE,
	TRANSFER_NOMEM,
	TRANSFER_REFUSED,	/* by libcurl, for whatever else */
};

enum should_retry { SHOULD_RETRY_UNSAID, SHOULD_RETRY_YES, SHOULD_RETRY_NO };

struct transfer_answer {
	enum transfer_end end;
	char cause[CURL_ERROR_SIZE];	/* libcurl's words, or "" */
	int http;			/* this and the rest: when answered */
	enum should_retry should_retry;
	bool replayed;
	int64_t retry_after_s;		/* 0: not said */
	char request_id[64];
	struct buf body;
};

struct transfer;

/* ST_NOMEM; ST_CONFIG (a libcurl without what we need). */
NODISCARD enum status transfer_new(const struct transfer_setup *setup,
    struct transfer **transfer, struct err *err);

/* Fills answer; free with transfer_answer_clear. */
void transfer_run(struct transfer *transfer,
    const struct transfer_request *request, struct transfer_answer *answer);

void transfer_answer_clear(struct transfer_answer *answer);
void transfer_free(struct transfer *transfer);

#endif
