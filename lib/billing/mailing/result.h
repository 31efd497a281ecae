/* The result of a mailing: the mails, and who gets none. */
#ifndef TEAMDUES_BILLING_MAILING_RESULT_H
#define TEAMDUES_BILLING_MAILING_RESULT_H

#include "app/app.h"
#include "billing/mailing/mailing.h"
#include "store/mail.h"

struct mailing_result {
	int64_t batch_id;	/* 0: none was made */
	struct json_object *mails;	/* queued, or would be: [{player_id,
					 * recipient, amount_cents, currency}];
					 * owned */
	struct json_object *skipped;	/* [{player_id, reason}]; owned */
};

/* How many mails were queued, or would be. */
int64_t mailing_result_count(const struct mailing_result *result);

void mailing_result_clear(struct mailing_result *result);

/* For those who gather mails.  ST_NOMEM; clear it in any case. */
NODISCARD enum status mailing_result_init(struct mailing_result *result,
    struct err *err);

/* What is told of a mail. */
struct mail_told {
	int64_t player_id;
	const char *recipient;
	int64_t amount_cents;
	const char *currency;
};
NODISCARD enum status mailing_result_mail(struct mailing_result *result,
    const struct mail_told *mail, struct err *err);

/* The same, of a row of the database's that has these members. */
NODISCARD enum status mailing_result_row(struct mailing_result *result,
    struct json_node row, struct err *err);

NODISCARD enum status mailing_result_skip(struct mailing_result *result,
    int64_t player_id, const char *reason, struct err *err);

enum {
	MAILING_REASON_SIZE = ERR_MSG_MAX,
	MAILING_RECIPIENT_SIZE = 1024,	/* 254 characters of UTF-8 */
};

/* A row's reason for mailing nothing, cut to fit; "": it has none. */
void mailing_reason(struct json_node row, char reason[MAILING_REASON_SIZE]);

/* What the database is told of a mailing. */
struct mail_request mailing_request(const struct app *app,
    const struct mailing *mailing, bool batch);

/* Adds object to array; takes it, whatever happens. */
NODISCARD enum status mailing_array_add(struct json_object *array,
    struct json_object *object, struct err *err);

#endif
