/*
 * E-mail addresses, as far as they must be checked before one is written into
 * an SMTP command or a header: libcurl and the relay send what they are given.
 */
#ifndef TEAMDUES_BASE_EMAIL_H
#define TEAMDUES_BASE_EMAIL_H

#include <stddef.h>

#include "base/status.h"

/*
 * local@domain in ASCII without quoting (RFC 5321: 64, 255 and 254 bytes at
 * most).  ST_BAD_INPUT says what is wrong, in a person's words.
 */
NODISCARD enum status email_check(const char *address, size_t len,
    struct err *err);

/*
 * The same for an address that somebody gives us, to be reached from anywhere
 * and to be sent to Stripe: its domain has a dot.
 */
NODISCARD enum status email_check_public(const char *address, size_t len,
    struct err *err);

#endif
