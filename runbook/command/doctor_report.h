/* What a check of `teamdues doctor` says. */
#ifndef TEAMDUES_COMMAND_DOCTOR_REPORT_H
#define TEAMDUES_COMMAND_DOCTOR_REPORT_H

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

#endif
