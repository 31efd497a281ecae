/*
 * One line for each check, in one form, so that a script can take the first
 * word, and a person finds the remedy behind the arrow.
 */
#include "doctor_report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
doctor_report(struct doctor *doctor, enum verdict verdict, const char *name,
    const char *mend, const char *fmt, ...)
{
	static const char *const words[] = {
		[VERDICT_OK] = "ok",
		[VERDICT_WARN] = "warn",
		[VERDICT_FAIL] = "FAIL",
	};
	char text[ERR_MSG_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	/* What PostgreSQL and libcurl say may end in a line end. */
	text[strcspn(text, "\n")] = '\0';
	printf("%s %s: %s%s%s\n", words[verdict], name, text,
	    mend != NULL ? " -> " : "", mend != NULL ? mend : "");
	if (verdict == VERDICT_FAIL)
		doctor->failures++;
}
