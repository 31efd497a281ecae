/*
 * One line per event to standard error: `level event key=value ...`.  Values
 * are escaped by buf_put_log, so that nothing from outside can forge a line.
 * Within a request every line carries its id (per thread).
 */
#ifndef TEAMDUES_BASE_LOG_H
#define TEAMDUES_BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_LEVEL_MAX };

struct log_field {
	const char *key;
	const char *text;	/* NULL: number is meant */
	int64_t number;
};

/* A function, because gcc warns of an array's address in a condition. */
static inline const char *
log_text_or_empty(const char *text)
{
	return text != NULL ? text : "";
}

/* NULL is logged as "". */
#define LOG_TEXT(key_, text_) \
	(&(const struct log_field){ (key_), log_text_or_empty(text_), 0 })
#define LOG_NUM(key_, number_) \
	(&(const struct log_field){ (key_), NULL, (number_) })

/* Fields end with NULL:
 * log_event(LOG_INFO, "paid", LOG_NUM("order", 7), NULL) */
void log_event(enum log_level level, const char *event,
    const struct log_field *first, ...) __attribute__((sentinel));

/* The same for fields of an array. */
void log_fields(enum log_level level, const char *event,
    const struct log_field *fields, size_t count);

/* The event of a line that says what a person did: the line goes into the
 * journal, too, if it is open (journal.h). */
#define LOG_ACT "act"

/* Lines below the level are dropped; the default is LOG_INFO. */
void log_set_level(enum log_level level);

/* "debug", "info", "warn" or "error"; LOG_LEVEL_MAX for other texts. */
enum log_level log_level_parse(const char *text);

/* From now on each line has the time, in UTC; or, where systemd's journal reads
 * the lines and dates them itself, its priority in front, as sd-daemon(3)
 * says. */
void log_as_service(void);

/* The id that this thread's lines carry from now on; NULL: none.  Copied. */
void log_set_request(const char *id);

#endif
