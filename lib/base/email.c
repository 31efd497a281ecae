/*
 * A part of RFC 5321's addresses: quoted mailboxes, comments and IP numbers are
 * refused.  No family has one, and each of their signs could end an SMTP
 * command or a header field early.
 */
#include "base/email.h"

#include <stdbool.h>
#include <string.h>

/* RFC 5321, section 4.5.3.1: a path of 256 bytes includes its angle brackets.
 * A label's length is DNS's (RFC 1035, section 2.3.4). */
enum { LOCAL_LEN_MAX = 64, LABEL_LEN_MAX = 63, ADDRESS_LEN_MAX = 254 };

static enum status
check_bytes(const char *address, size_t len, struct err *err)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)address[i];

		if (c >= 0x80)
			return err_set(err, ST_BAD_INPUT,
			    "only ASCII is possible in an address");
		if (c < 0x20 || c == 0x7f)
			return err_set(err, ST_BAD_INPUT,
			    "a control character is in the address");
		if (strchr(" <>()[]\\,;:\"", c) != NULL)
			return err_set(err, ST_BAD_INPUT,
			    "a \"%c\" is in the address", c);
	}
	return ST_OK;
}

/* A dot is only allowed between two parts (RFC 5321, section 4.1.2). */
static bool
dots_ok(const char *text, size_t len)
{
	if (len == 0 || text[0] == '.' || text[len - 1] == '.')
		return false;
	for (size_t i = 1; i < len; i++)
		if (text[i] == '.' && text[i - 1] == '.')
			return false;
	return true;
}

static bool
is_alphanumeric(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z');
}

/* Labels of letters, digits and inner hyphens. */
static bool
domain_ok(const char *domain, size_t len)
{
	size_t label = 0;

	if (!dots_ok(domain, len))
		return false;
	for (size_t i = 0; i < len; i++) {
		bool is_edge = label == 0 || i + 1 == len ||
		    domain[i + 1] == '.';

		if (domain[i] == '.') {
			label = 0;
			continue;
		}
		if (!is_alphanumeric(domain[i]) &&
		    (domain[i] != '-' || is_edge))
			return false;
		if (++label > LABEL_LEN_MAX)
			return false;
	}
	return true;
}

enum status
email_check(const char *address, size_t len, struct err *err)
{
	const char *at = memchr(address, '@', len);
	size_t local_len;
	enum status st;

	st = check_bytes(address, len, err);
	if (st != ST_OK)
		return st;
	if (len > ADDRESS_LEN_MAX)
		return err_set(err, ST_BAD_INPUT,
		    "the address is longer than %d characters",
		    ADDRESS_LEN_MAX);
	if (at == NULL)
		return err_set(err, ST_BAD_INPUT,
		    "the address has no @");
	local_len = (size_t)(at - address);
	if (memchr(at + 1, '@', len - local_len - 1) != NULL)
		return err_set(err, ST_BAD_INPUT,
		    "the address has more than one @");
	if (local_len > LOCAL_LEN_MAX || !dots_ok(address, local_len))
		return err_set(err, ST_BAD_INPUT,
		    "what stands before the @ is no mailbox");
	if (!domain_ok(at + 1, len - local_len - 1))
		return err_set(err, ST_BAD_INPUT,
		    "what stands behind the @ is no domain");
	return ST_OK;
}

enum status
email_check_public(const char *address, size_t len, struct err *err)
{
	enum status st = email_check(address, len, err);
	const char *at;

	if (st != ST_OK)
		return st;
	at = memchr(address, '@', len);
	if (memchr(at, '.', len - (size_t)(at - address)) == NULL)
		return err_set(err, ST_BAD_INPUT,
		    "what stands behind the @ has no dot, as in example.com");
	return ST_OK;
}
