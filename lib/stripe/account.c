/*
 * Asked by doctor and watch alone: with the key of another account every
 * session of ours would seem to be gone.
 */
#include "stripe/account.h"

#include "stripe/field.h"

enum status
stripe_account_id(struct stripe *stripe, int64_t deadline_ms,
    char id[STRIPE_ID_SIZE], struct err *err)
{
	struct json_doc answer = { .text = NULL };
	struct stripe_reply reply;
	enum status st;

	st = stripe_get(stripe, "/v1/account", deadline_ms, &answer, &reply,
	    err);
	/* A restricted key may lack the right to read the account; that says
	 * nothing about whose it is. */
	if (st == ST_UPSTREAM && reply.http == 403)
		st = err->st = ST_DENIED;
	if (st == ST_OK)
		st = field_own_id(json_root(&answer), id, err);
	/* Malformed input here is Stripe's, not a caller's. */
	if (st == ST_BAD_INPUT)
		st = err->st = ST_UPSTREAM;
	json_clear(&answer);
	return st;
}
