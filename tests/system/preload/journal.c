/*
 * Preloaded into a program, writes what it gives to syslog into the file that
 * TEAMDUES_TEST_JOURNAL names, a line each.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

static void
keep(const char *format, va_list values)
{
	const char *path = getenv("TEAMDUES_TEST_JOURNAL");
	FILE *file = path != NULL ? fopen(path, "a") : NULL;

	if (file == NULL)
		return;
	vfprintf(file, format, values);
	fputc('\n', file);
	fclose(file);
}

void
syslog(int priority, const char *format, ...)
{
	va_list values;

	(void)priority;
	va_start(values, format);
	keep(format, values);
	va_end(values);
}

/* What _FORTIFY_SOURCE makes of it. */
void __syslog_chk(int priority, int flag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void
__syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list values;

	(void)priority;
	(void)flag;
	va_start(values, format);
	keep(format, values);
	va_end(values);
}
