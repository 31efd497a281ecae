/* Short texts from outside: one line of UTF-8, an id of ours, a day. */
#ifndef TEAMDUES_BASE_TEXT_H
#define TEAMDUES_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/*
 * text is well-formed UTF-8, at most max characters and without control
 * characters (line ends and NUL among them).  An empty text is accepted.
 * ST_BAD_INPUT "WHAT: ..." says what is wrong.
 */
NODISCARD enum status text_check(const char *what, const char *text,
    size_t len, size_t max, struct err *err);

/*
 * Replaces by ? each byte of what would steer a terminal or reverse a line:
 * control characters, the marks that embed or override a direction of writing,
 * line and paragraph separators.  Letters of any script stay.
 */
void text_disarm(char *text, size_t len);

/* Whether part is somewhere in text, whatever the case of its letters. */
bool text_holds(const char *text, const char *part);

/* A decimal bigint from 1, no sign, no leading zero. */
bool text_parse_id(const char *text, size_t len, int64_t *id);

/* Cuts text at each comma; parts has room for max and a NULL behind them. */
void text_split(char *text, const char **parts, size_t max);

/* YYYY-MM-DD of the Gregorian calendar, from year 1. */
bool text_is_date(const char *text);

#endif
