/* The parts of `teamdues doctor`: each check prints its line. */
#ifndef TEAMDUES_COMMAND_DOCTOR_H
#define TEAMDUES_COMMAND_DOCTOR_H

#include "kit/invocation.h"
#include "kit/notice.h"

struct doctor {
	struct invocation *invocation;
	int failures;
};

/* Prints a line: `ok|warn|FAIL name: text` and, unless NULL, how to mend it. */
void doctor_report(struct doctor *doctor, enum verdict verdict,
    const char *name, const char *mend, const char *fmt, ...)
	PRINTF_LIKE(5, 6);

/* doctor_database.c */
void doctor_check_database(struct doctor *doctor);
void doctor_check_zone(struct doctor *doctor);
void doctor_check_webhooks(struct doctor *doctor);

/* doctor_notices.c */
void doctor_check_notices(struct doctor *doctor);

/* doctor_network.c */
void doctor_check_stripe(struct doctor *doctor);
void doctor_check_clock(struct doctor *doctor);
void doctor_check_certificate(struct doctor *doctor);

/* doctor_mail.c */
void doctor_check_smtp(struct doctor *doctor);

#endif
