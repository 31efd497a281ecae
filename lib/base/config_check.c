/*
 * A value is refused only for what can never be right, since a check here stops
 * a program at its start.  Whether Stripe, PostgreSQL or the mail server
 * accepts it is for `teamdues doctor` to find out.
 */
#include "base/config_check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/email.h"
#include "base/log.h"
#include "base/money.h"
#include "base/utf8.h"

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/*
 * Least lengths refuse what was cut off when it was copied, not what is weak:
 * Stripe's own keys and secrets are longer than this.
 */
enum {
	STRIPE_SECRET_LEN_MIN = 16,
	LINK_SECRET_LEN_MIN = 32,
	/* Stripe promises ids of at most 255 characters. */
	ACCOUNT_LEN_MAX = 256,
	TOKEN_HASH_LEN = 64,
	TOKEN_NAME_LEN_MAX = 64,
	PORT_MAX = 65535,
	HOST_SIZE = 256,
	NAME_LEN_MAX = 200,
	PHONE_DIGITS_MIN = 5,
	ZONE_LEN_MAX = 100,
	THREADS_MAX = 64,
	DAY_S = 86400,
	/* Stripe tells what it told again for so long. */
	KEEP_DAYS_MIN = 30,
	KEEP_DAYS_MAX = 3650,
};

static bool
begins_with(const char *text, size_t len, const char *prefix)
{
	return len >= strlen(prefix) &&
	    memcmp(text, prefix, strlen(prefix)) == 0;
}

static bool
is_text(const char *text, size_t len, const char *wanted)
{
	return len == strlen(wanted) && begins_with(text, len, wanted);
}

/* Each of len bytes is in set. */
static bool
spans(const char *text, size_t len, const char *set)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\0' || strchr(set, text[i]) == NULL)
			return false;
	return true;
}

/*
 * A blank, a no-break space or a byte order mark at either end was copied by
 * mistake.  The mail server would refuse the password, and nobody would see
 * why.
 */
static bool
has_clean_ends(const char *text, size_t len)
{
	static const char *const traces[] = { " ", "\xc2\xa0",
	    "\xef\xbb\xbf" };

	for (size_t i = 0; i < sizeof(traces) / sizeof(traces[0]); i++) {
		size_t trace = strlen(traces[i]);

		if (len >= trace && (memcmp(text, traces[i], trace) == 0 ||
		    memcmp(text + len - trace, traces[i], trace) == 0))
			return false;
	}
	return len > 0;
}

/* For the mail server's user and password, which may have blanks inside. */
bool
check_credential(const char *text, size_t len)
{
	return has_clean_ends(text, len);
}

bool
check_printable(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c == 0x7f)
			return false;
	}
	return true;
}

/* The name goes into JSON, mails and Stripe's pages, which all need UTF-8. */
bool
check_club_name(const char *text, size_t len)
{
	return len <= NAME_LEN_MAX && utf8_is_valid(text, len);
}

/* Free text, but with an e-mail address or a telephone number in it: error
 * pages show it to a family that needs help. */
bool
check_club_contact(const char *text, size_t len)
{
	size_t digits = 0;

	for (size_t i = 0; i < len; i++)
		digits += text[i] >= '0' && text[i] <= '9';
	return check_club_name(text, len) && (digits >= PHONE_DIGITS_MIN ||
	    memchr(text, '@', len) != NULL);
}

bool
check_stripe_mode(const char *text, size_t len)
{
	return is_text(text, len, "test") || is_text(text, len, "live");
}

/* A key never has a blank or a line end: one that was copied with it from a
 * page or a file would make every comparison fail. */
static bool
is_solid(const char *text, size_t len)
{
	return memchr(text, ' ', len) == NULL && check_printable(text, len);
}

static bool
is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

/* A URL spells blanks and characters beyond ASCII with % (RFC 3986, section
 * 2.1). */
bool
check_database_url(const char *text, size_t len)
{
	return is_solid(text, len) && is_ascii(text, len) &&
	    (begins_with(text, len, "postgresql://") ||
	    begins_with(text, len, "postgres://"));
}

bool
check_account(const char *text, size_t len)
{
	return len > 5 && len < ACCOUNT_LEN_MAX &&
	    begins_with(text, len, "acct_") &&
	    spans(text + 5, len - 5, LETTERS DIGITS);
}

bool
check_stripe_key(const char *text, size_t len)
{
	return len >= STRIPE_SECRET_LEN_MIN && is_solid(text, len) &&
	    is_ascii(text, len) && (begins_with(text, len, "sk_") ||
	    begins_with(text, len, "rk_"));
}

bool
check_webhook_secret(const char *text, size_t len)
{
	return len >= STRIPE_SECRET_LEN_MIN && is_solid(text, len) &&
	    is_ascii(text, len) && begins_with(text, len, "whsec_");
}

bool
check_link_secret(const char *text, size_t len)
{
	return len >= LINK_SECRET_LEN_MIN && is_solid(text, len);
}

/* Only the SHA-256 of a token is in the settings, so that whoever reads the
 * settings cannot sign in. */
bool
check_admin_token(const char *text, size_t len)
{
	const char *colon = memchr(text, ':', len);

	if (colon == NULL)
		return false;
	size_t name_len = (size_t)(colon - text);
	return name_len > 0 && name_len <= TOKEN_NAME_LEN_MAX &&
	    spans(text, name_len, LETTERS DIGITS "._-") &&
	    len - name_len - 1 == TOKEN_HASH_LEN &&
	    spans(colon + 1, TOKEN_HASH_LEN, DIGITS "abcdefABCDEF");
}

/* The length of a host at the start of text, brackets of IPv6 included.  It
 * need not be a valid name: a wrong one fails at the first connection. */
static size_t
host_length(const char *text)
{
	if (text[0] != '[')
		return strspn(text, LETTERS DIGITS ".-");
	size_t len = strspn(text + 1, DIGITS "abcdefABCDEF:.");
	return len > 0 && text[len + 1] == ']' ? len + 2 : 0;
}

/* At most five digits, as the largest port has: the sum cannot overflow. */
static bool
number_ok(const char *text, long min, long max)
{
	size_t len = strspn(text, DIGITS);
	long number = 0;

	if (len == 0 || len > 5 || text[len] != '\0')
		return false;
	for (size_t i = 0; i < len; i++)
		number = number * 10 + (text[i] - '0');
	return number >= min && number <= max;
}

/* "host" or "host:port" and nothing after it: no path, user or query. */
static bool
host_port_ok(const char *text)
{
	size_t len = host_length(text);

	if (len == 0)
		return false;
	return text[len] == '\0' ||
	    (text[len] == ':' && number_ok(text + len + 1, 1, PORT_MAX));
}

/* Parsed as an address, because the name 127.0.0.1.example begins alike and may
 * be any machine. */
bool
check_loopback(const char *text)
{
	char storage[HOST_SIZE];
	struct buf host = BUF_FIXED(storage);
	struct in_addr address;

	buf_put(&host, text, host_length(text));
	const char *name = buf_str(&host);
	if (name == NULL)
		return false;
	if (strcmp(name, "localhost") == 0 || strcmp(name, "[::1]") == 0)
		return true;
	/* All of 127.0.0.0/8 is this machine (RFC 1122, section 3.2.1.3). */
	return inet_pton(AF_INET, name, &address) == 1 &&
	    ntohl(address.s_addr) >> 24 == 127;
}

/* Without TLS the secret key would cross the network in clear text.  Loopback
 * is allowed for a pretended Stripe. */
bool
check_api_base(const char *text, size_t len)
{
	if (begins_with(text, len, "https://"))
		return host_port_ok(text + 8);
	return begins_with(text, len, "http://") &&
	    host_port_ok(text + 7) && check_loopback(text + 7);
}

/* Links append a path that begins with a slash, so the origin must end without
 * one. */
bool
check_site_url(const char *text, size_t len)
{
	return begins_with(text, len, "https://") && host_port_ok(text + 8);
}

bool
check_smtp_url(const char *text, size_t len)
{
	if (begins_with(text, len, "smtps://"))
		return host_port_ok(text + 8);
	return begins_with(text, len, "smtp://") && host_port_ok(text + 7);
}

bool
check_address(const char *text, size_t len)
{
	struct err ignored;

	return email_check(text, len, &ignored) == ST_OK;
}

static bool
zone_file_ok(const char *path)
{
	char magic[4];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	ssize_t got = read(fd, magic, sizeof(magic));
	(void)close(fd);
	/* Every compiled zone begins so (RFC 8536, section 3.1). */
	return got == (ssize_t)sizeof(magic) && memcmp(magic, "TZif", 4) == 0;
}

bool
check_timezone(const char *text, size_t len)
{
	char storage[sizeof("/usr/share/zoneinfo/") + ZONE_LEN_MAX];
	struct buf path = BUF_FIXED(storage);

	/* Without full stops and a first slash the name cannot lead out of the
	 * folder. */
	if (!spans(text, len, LETTERS DIGITS "_+-/") || text[0] == '/')
		return false;
	buf_puts(&path, "/usr/share/zoneinfo/");
	buf_put(&path, text, len);
	return buf_str(&path) != NULL && zone_file_ok(buf_str(&path));
}

bool
check_currency(const char *text, size_t len)
{
	(void)len;
	return money_currency_ok(text);
}

bool
check_on_off(const char *text, size_t len)
{
	return is_text(text, len, "on") || is_text(text, len, "off");
}

bool
check_threads(const char *text, size_t len)
{
	(void)len;
	return number_ok(text, 1, THREADS_MAX);
}

bool
check_idle_exit(const char *text, size_t len)
{
	(void)len;
	return number_ok(text, 1, DAY_S);
}

bool
check_keep_days(const char *text, size_t len)
{
	(void)len;
	return number_ok(text, KEEP_DAYS_MIN, KEEP_DAYS_MAX);
}

bool
check_log_level(const char *text, size_t len)
{
	(void)len;
	return log_level_parse(text) != LOG_LEVEL_MAX;
}
