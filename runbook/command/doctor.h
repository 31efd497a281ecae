/* The parts of `teamdues doctor`: each check prints its line. */
#ifndef TEAMDUES_COMMAND_DOCTOR_H
#define TEAMDUES_COMMAND_DOCTOR_H

#include "doctor_report.h"

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
