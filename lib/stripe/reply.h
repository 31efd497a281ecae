/* Stripe's answer to a call, apart from the object that was asked for. */
#ifndef TEAMDUES_STRIPE_REPLY_H
#define TEAMDUES_STRIPE_REPLY_H

#include <stdbool.h>

/* What the last try of a call answered, apart from the object itself. */
struct stripe_reply {
	int http;		/* 0: no whole answer came */
	bool replayed;		/* Idempotent-Replayed: true */
	char type[64];		/* error.type; "" when there is none */
	char code[64];		/* error.code */
	char param[128];	/* error.param */
	char request_id[64];
};

#endif
