/*
 * Signing and checking of links.  The bytes that are sent are the bytes that
 * are signed: nothing is decoded or sorted before the signature is checked, so
 * that no two readings of one URL can differ.
 */
#include "base/signed_url.h"

#include <stdbool.h>
#include <string.h>

#include "base/crypto.h"

/* base64url of 32 bytes; 15 digits of seconds last for 31 million years. */
enum { SIGNATURE_LEN = 43, EXPIRES_DIGITS_MAX = 15, FIELDS_TARGET_MAX = 512 };

static const char signature_key[] = "&signature=";

static enum status
put_with(const struct secret *key, struct bytes text, struct buf *b,
    struct err *err)
{
	unsigned char mac[SHA256_LEN];
	enum status st = crypto_hmac_sha256(key, &text, 1, mac, err);

	if (st == ST_OK)
		buf_put_base64url(b, mac, sizeof(mac));
	return st;
}

enum status
signature_put(const struct config *config, struct bytes text, struct buf *b,
    struct err *err)
{
	if (config->link_secret_count == 0)
		return err_set(err, ST_CONFIG, "a link needs LINK_SECRET");
	return put_with(&config->link_secrets[0], text, b, err);
}

void
signed_url_put_word(struct buf *target, const char *word)
{
	if (word[0] == '\0')
		return;
	buf_puts(target, "&word=");
	buf_puts(target, word);
}

enum status
signed_url_put(const struct config *config, const char *target,
    struct buf *url, struct err *err)
{
	const char *site = config_text(config, SETTING_SITE_URL);

	if (site == NULL)
		return err_set(err, ST_CONFIG, "a link needs SITE_URL");
	buf_puts(url, site);
	buf_puts(url, target);
	buf_puts(url, signature_key);
	enum status st = signature_put(config,
	    (struct bytes){ target, strlen(target) }, url, err);
	if (st != ST_OK)
		return st;
	return buf_check(url, "the link", err);
}

/*
 * Compares texts, not decoded bytes: the last character of 43 has two spare
 * bits, and one spelling of a signature is valid.  Every secret is tried even
 * after one fits, so that the time does not show which one signed.
 */
enum status
signature_check(const struct config *config, struct bytes text,
    struct bytes signature, struct err *err)
{
	char storage[SIGNATURE_LEN + 1];
	bool matches = false;

	for (size_t i = 0; i < config->link_secret_count; i++) {
		struct buf ours = BUF_FIXED(storage);
		enum status st = put_with(&config->link_secrets[i], text,
		    &ours, err);

		if (st != ST_OK)
			return st;
		matches |= crypto_equal(ours.data, ours.len, signature.data,
		    signature.len);
	}
	if (!matches)
		return err_set(err, ST_DENIED, "signature");
	return ST_OK;
}

static enum status
check_expires(int64_t expires, int64_t now, struct err *err)
{
	if (expires < now)
		return err_set(err, ST_EXPIRED, "expired");
	return ST_OK;
}

/* The last signature ends the signed text; find_expires() refuses a target that
 * has another one before it. */
static const char *
find_last(const char *text, const char *wanted)
{
	const char *last = NULL;

	for (const char *at = strstr(text, wanted); at != NULL;
	    at = strstr(at + 1, wanted))
		last = at;
	return last;
}

/* Plain digits only, no sign, no space; -1 for anything else. */
static int64_t
parse_seconds(const char *text, size_t len)
{
	int64_t seconds = 0;

	if (len == 0 || len > EXPIRES_DIGITS_MAX)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		seconds = seconds * 10 + (text[i] - '0');
	}
	return seconds;
}

static bool
begins_with(const char *text, size_t len, const char *prefix)
{
	return len >= strlen(prefix) &&
	    strncmp(text, prefix, strlen(prefix)) == 0;
}

/* The one `expires` among the parameters of a signed target; -1 when it is
 * missing, repeated or no number, or when the target has a second signature. */
static int64_t
find_expires(const char *target, size_t len)
{
	const char *end = target + len;
	const char *at = memchr(target, '?', len);
	int64_t expires = -1;

	while (at != NULL) {
		at++;
		const char *next = memchr(at, '&', (size_t)(end - at));
		size_t size = (size_t)((next != NULL ? next : end) - at);

		if (begins_with(at, size, "signature="))
			return -1;
		if (begins_with(at, size, "expires=")) {
			/* Refused, because another reader of this URL could
			 * take the other end. */
			if (expires >= 0)
				return -1;
			expires = parse_seconds(at + 8, size - 8);
			if (expires < 0)
				return -1;
		}
		at = next;
	}
	return expires;
}

/* The value of a hexadecimal digit; -1 for anything else. */
static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte at *at, percent-encoded or not; *at moves behind it. */
static char
read_byte(const char **at, const char *end)
{
	char c = *(*at)++;
	int high, low;

	if (c != '%' || end - *at < 2)
		return c;
	high = digit_value((*at)[0]);
	low = digit_value((*at)[1]);
	if (high < 0 || low < 0)
		return c;
	*at += 2;
	return (char)(high * 16 + low);
}

/* Whether these bytes mean name to a reader that decodes them. */
static bool
spells(const char *at, size_t len, const char *name)
{
	const char *end = at + len;

	while (at < end && *name != '\0')
		if (read_byte(&at, end) != *name++)
			return false;
	return at == end && *name == '\0';
}

static bool
is_ours(const char *name, size_t len)
{
	/* Every parameter of a signed address, and of the forms that carry one.
	 * A name that is missing here could be appended to a signed link. */
	static const char *const ours[] = { "amount_cents", "expires",
	    "name_on_jersey", "number", "order_id", "parent_id", "player_id",
	    "product_id", "prorate", "quantity", "quoted", "session_id",
	    "signature", "size", "word" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (spells(name, len, ours[i]))
			return true;
	return false;
}

/* Whether what follows a signature, "" or "&name=value&...", changes nothing:
 * mail programs append utm_source, fbclid and others. */
static bool
is_harmless(const char *added)
{
	while (*added != '\0') {
		size_t len = strcspn(++added, "&=");

		if (len == 0 || is_ours(added, len))
			return false;
		added += len;
		added += strcspn(added, "&");
	}
	return true;
}

enum status
signed_url_verify(const struct config *config, const char *target,
    int64_t now, size_t *len, struct err *err)
{
	const char *end = find_last(target, signature_key);
	const char *signature;

	*len = 0;
	if (end == NULL)
		return err_set(err, ST_DENIED, "signature");
	signature = end + strlen(signature_key);
	*len = (size_t)(signature - target) + strcspn(signature, "&");
	struct bytes text = { target, (size_t)(end - target) };
	enum status st = signature_check(config, text, (struct bytes){
	    signature, *len - (size_t)(signature - target) }, err);
	if (st != ST_OK)
		return st;
	if (!is_harmless(target + *len))
		return err_set(err, ST_DENIED, "signature");
	/* Read after the check: an end that nobody signed is anybody's. */
	int64_t expires = find_expires(target, text.len);
	if (expires < 0)
		return err_set(err, ST_DENIED, "signature");
	return check_expires(expires, now, err);
}

/* A word that needs no encoding, so that the fields give exactly the target
 * that was signed. */
static bool
is_plain(const char *word)
{
	size_t len = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_");

	return len < SIGNED_WORD_SIZE && word[len] == '\0';
}

enum status
signed_url_verify_fields(const struct config *config, const char *path,
    const struct signed_fields *fields, int64_t now, struct err *err)
{
	char storage[FIELDS_TARGET_MAX];
	struct buf target = BUF_FIXED(storage);

	if (!is_plain(fields->word))
		return err_set(err, ST_DENIED, "signature");
	buf_puts(&target, path);
	buf_puts(&target, "?player_id=");
	buf_put_i64(&target, fields->player_id);
	signed_url_put_word(&target, fields->word);
	buf_puts(&target, "&expires=");
	buf_put_i64(&target, fields->expires);
	enum status st = buf_check(&target, "the path", err);
	if (st != ST_OK)
		return st;
	st = signature_check(config, (struct bytes){ target.data, target.len },
	    (struct bytes){ fields->signature, strlen(fields->signature) },
	    err);
	if (st != ST_OK)
		return st;
	return check_expires(fields->expires, now, err);
}
