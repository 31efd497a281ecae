/*
 * What is looked at so that trouble is noticed: by `teamdues doctor`, and by
 * `teamdues watch`, which mails it.  Each cause says in words that a treasurer
 * understands what it means, and what to do.
 */
#ifndef TEAMDUES_COMMAND_NOTICE_H
#define TEAMDUES_COMMAND_NOTICE_H

#include "invocation.h"
#include "stripe/client.h"

/* UNKNOWN: it could not be looked at, which another one says. */
enum verdict { VERDICT_UNKNOWN, VERDICT_OK, VERDICT_WARN, VERDICT_FAIL };

enum cause {
	CAUSE_STRIPE_READS,
	CAUSE_PAID_UNSEEN,
	CAUSE_UNDELIVERED,
	CAUSE_SIGNATURES,
	CAUSE_SIGN_INS,
	CAUSE_WEBHOOK,
	CAUSE_SITE,
	CAUSE_PROGRAMS,
	CAUSE_DISPUTES,
	CAUSE_FRAUD_WARNINGS,
	CAUSE_FAILED_REFUNDS,
	CAUSE_REQUESTS,
	CAUSE_UNRESOLVED,
	CAUSE_STRAYS,
	CAUSE_OUTBOX,
	CAUSE_FAILED_MAILS,
	CAUSE_RECONCILE,
	CAUSE_AUDIT,
	CAUSE_BACKUP,
	CAUSE_MAX
};

struct cause_words {
	const char *name;	/* for doctor and for the database */
	const char *title;	/* of a mail */
	const char *meaning;	/* for the treasurer */
	const char *mend;	/* for who looks after the server */
	const char *page;	/* of the runbook */
};

const struct cause_words *cause_words(enum cause cause);

struct notice {
	enum verdict verdict;
	char text[ERR_MSG_MAX];
};

/* By cause; and the figures of what was seen outside. */
struct notices {
	struct notice of[CAUSE_MAX];
	int64_t paid_unseen;
	int64_t undelivered;
	int64_t disputes;
	int64_t dispute_due;	/* Unix seconds; 0: none is to be answered */
	bool is_webhook_down;
	int64_t programs_down;
};

void notice_set(struct notices *notices, enum cause cause,
    enum verdict verdict, const char *fmt, ...) PRINTF_LIKE(4, 5);

/*
 * Both fill their part of notices, all zero before.  stripe may be NULL: what
 * is asked of it stays unknown.
 */
void notice_look_outside(struct invocation *invocation,
    struct stripe *stripe, struct notices *notices);
void notice_look_inside(struct invocation *invocation,
    struct notices *notices);

/* The web programs as their sockets are called, ended by NULL; made from the
 * files of cgi-bin. */
extern const char *const notice_programs[];

/* A part of the first, in a file of its own. */
void notice_look_at_programs(const struct config *config,
    struct notices *notices);

#endif
