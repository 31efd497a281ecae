/* What a well-formed setting looks like.  Pure functions of the text, except
 * for the time zone, which must be one that this machine knows. */
#ifndef TEAMDUES_BASE_CONFIG_CHECK_H
#define TEAMDUES_BASE_CONFIG_CHECK_H

#include <stdbool.h>
#include <stddef.h>

/* Each takes a value, or one element of a list: len bytes and a NUL after
 * them where it is a whole value. */
bool check_credential(const char *text, size_t len);
bool check_account(const char *text, size_t len);
bool check_club_contact(const char *text, size_t len);
bool check_club_name(const char *text, size_t len);
bool check_database_url(const char *text, size_t len);
bool check_stripe_mode(const char *text, size_t len);
bool check_stripe_key(const char *text, size_t len);
bool check_webhook_secret(const char *text, size_t len);
bool check_link_secret(const char *text, size_t len);
bool check_admin_token(const char *text, size_t len);
bool check_api_base(const char *text, size_t len);
bool check_site_url(const char *text, size_t len);
bool check_smtp_url(const char *text, size_t len);
bool check_address(const char *text, size_t len);
bool check_timezone(const char *text, size_t len);
bool check_currency(const char *text, size_t len);
bool check_on_off(const char *text, size_t len);
bool check_threads(const char *text, size_t len);
bool check_idle_exit(const char *text, size_t len);
bool check_keep_days(const char *text, size_t len);
bool check_log_level(const char *text, size_t len);

/* The host that text (host[:port]) begins with is this machine. */
bool check_loopback(const char *text);

/* True when there is no control character in it. */
bool check_printable(const char *text, size_t len);

#endif
