/*
 * The clerk's side of the desk's requests, over one connection of its own: one
 * is locked while it is worked at, so that a killed clerk gives it back at once
 * and two clerks never work at the same one (sql/functions/clerk.sql).
 */
#ifndef TEAMDUES_STORE_CLERK_H
#define TEAMDUES_STORE_CLERK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/secret.h"
#include "store/checkout.h"

struct request_queue;

enum {
	REQUEST_TEXT_SIZE = 2048,	/* 500 characters of UTF-8, or a
					 * reference */
	REQUEST_WORD_SIZE = 64,
};

struct queued_request {
	int64_t request_id;
	char form_id[REQUEST_WORD_SIZE + 1];	/* unlike the number, never
					 * given again */
	char actor[512];	/* as the audit log names them */
	char action[REQUEST_WORD_SIZE];
	int64_t order_id;	/* 0: none */
	char reason[REQUEST_TEXT_SIZE];
	char payment[STORE_ID_SIZE];	/* "": none */
	int64_t amount_cents;
	char source[REQUEST_WORD_SIZE];
	char reference[REQUEST_TEXT_SIZE];
	char received_on[REQUEST_WORD_SIZE];
	bool is_anyway;
	int attempts;		/* this one among them */
};

/* url must outlive it; nothing is opened yet.  ST_NOMEM. */
NODISCARD enum status request_queue_open(const struct secret *url,
    struct request_queue **queue, struct err *err);

/* Marks the next request that is due as begun, and locks it.  ST_NOT_FOUND when
 * none is; ST_DB. */
NODISCARD enum status request_queue_claim(struct request_queue *queue,
    struct queued_request *request, struct err *err);

struct request_end {
	const char *state;	/* "done", "refused", "failed", "later" */
	const char *words;
	int wait_s;		/* before "later" */
};

/* Lets it go.  ST_DB: it will be claimed again. */
NODISCARD enum status request_queue_finish(struct request_queue *queue,
    const struct queued_request *request, const struct request_end *end,
    struct err *err);

/* Gives back what was claimed and not finished: it is due again. */
void request_queue_let_go(struct request_queue *queue);

void request_queue_close(struct request_queue *queue);

/*
 * Says which payments Stripe has of somebody: sessions is a JSON array of the
 * ids of those that it gave as paid, which must be in the books.
 */
enum { PAYMENTS_SAID_SIZE = 2048 };
NODISCARD enum status store_payments_said(struct store *store,
    const char *sessions, const char *of, const char *zone,
    char words[PAYMENTS_SAID_SIZE], struct err *err);

#endif
