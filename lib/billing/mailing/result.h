/* The result of a mailing: the mails, and who gets none. */
#ifndef TEAMDUES_BILLING_MAILING_RESULT_H
#define TEAMDUES_BILLING_MAILING_RESULT_H

#include "app/app.h"
#include "billing/mailing/mailing.h"
#include "store/mail_queue.h"

enum { MAILING_TEXT_MAX = 64 * 1024 * 1024 };

/* mails and skipped are the elements of JSON arrays (base/json_out.h). */
struct mailing_result {
	int64_t batch_id;	/* 0: none was made */
	int64_t mail_count;
	struct buf mails;	/* queued, or would be: {player_id, recipient,
				 * amount_cents, currency} */
	int64_t skip_count;
	struct buf skipped;	/* {player_id, reason} */
};

#define MAILING_RESULT_INIT { \
	.mails = BUF_INIT(MAILING_TEXT_MAX), \
	.skipped = BUF_INIT(MAILING_TEXT_MAX), \
}

void mailing_result_clear(struct mailing_result *result);

/* For those who gather mails: one, of a row of the database's that has these
 * members. */
void mailing_result_row(struct mailing_result *result, struct json_node row);

void mailing_result_skip(struct mailing_result *result, int64_t player_id,
    const char *reason);

enum {
	MAILING_REASON_SIZE = ERR_MSG_MAX,
	MAILING_RECIPIENT_SIZE = 1024,	/* 254 characters of UTF-8 */
};

/* A row's reason for mailing nothing, cut to fit; "": it has none. */
void mailing_reason(struct json_node row, char reason[MAILING_REASON_SIZE]);

/* The same mailing as the functions of the store take it. */
struct mail_request mailing_request(const struct app *app,
    const struct mailing *mailing, bool batch);

#endif
