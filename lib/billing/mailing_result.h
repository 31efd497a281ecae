/* What a mailing comes to, while it is gathered; for lib/billing/mailing*.c. */
#ifndef TEAMDUES_BILLING_MAILING_RESULT_H
#define TEAMDUES_BILLING_MAILING_RESULT_H

#include "billing/mailing.h"
#include "store/mail.h"

/* ST_NOMEM; clear it in any case. */
NODISCARD enum status mailing_result_init(struct mailing_result *result,
    struct err *err);

/* row, of which the members of a mail are copied, gets one. */
NODISCARD enum status mailing_result_mail(struct mailing_result *result,
    struct json_object *row, struct err *err);

NODISCARD enum status mailing_result_skip(struct mailing_result *result,
    int64_t player_id, const char *reason, struct err *err);

/* What the database is told of a mailing. */
struct mail_order mailing_order(const struct billing *billing,
    const struct mailing *mailing, bool batch);

/* Adds object to array; takes it, whatever happens. */
NODISCARD enum status mailing_array_add(struct json_object *array,
    struct json_object *object, struct err *err);

#endif
