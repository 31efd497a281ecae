/* UTF-8 (RFC 3629). */
#ifndef TEAMDUES_BASE_UTF8_H
#define TEAMDUES_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* True for well-formed UTF-8: no surrogates, nothing overlong or cut short. */
bool utf8_is_valid(const char *bytes, size_t len);

/* The length of the sequence at `at`, which is before end; 0 when it is
 * malformed or cut short. */
size_t utf8_sequence_len(const char *at, const char *end);

#endif
