/* Mails to those who were asked before, or whose order exists already. */
#ifndef TEAMDUES_BILLING_MAILING_ORDERS_H
#define TEAMDUES_BILLING_MAILING_ORDERS_H

#include "app/app.h"
#include "billing/mailing/result.h"

/*
 * The unpaid orders of a tournament: kind is "tournament" or "reminder".
 * ST_NOT_FOUND: no such tournament, or nobody is in it.
 */
NODISCARD enum status mailing_tournament(struct app *app,
    int64_t tournament_id, const char *kind, const struct mailing *mailing,
    struct mailing_result *result, struct err *err);

/* First payments that were asked for and not made. */
NODISCARD enum status mailing_reminders(struct app *app,
    const struct mailing *mailing, struct mailing_result *result,
    struct err *err);

#endif
