/*
 * Where Stripe's libraries differ in what they accept (a clock ahead, two t,
 * upper-case hex), whatever one of them refuses is refused here: this check
 * alone guards the books against invented payments.
 */
#include "stripe/signature.h"

#include <stdbool.h>
#include <string.h>

#include "base/crypto.h"

/* While a secret is being rolled the header has two v1; a header with many more
 * is not Stripe's, and each one would cost a comparison. */
enum { V1_MAX = 16, TIME_DIGITS_MAX = 12 };

struct parsed {
	const char *time_text;	/* signed as it was sent, so kept as text */
	size_t time_len;
	int64_t time;
	size_t time_count;
	unsigned char v1[V1_MAX][SHA256_LEN];	/* the readable ones */
	size_t v1_count;
	size_t v1_seen;		/* all of them */
};

/* The value of a lower-case hex digit, or -1. */
static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static bool
decode_mac(const char *text, size_t len, unsigned char mac[SHA256_LEN])
{
	if (len != SHA256_HEX_LEN)
		return false;
	for (size_t i = 0; i < SHA256_LEN; i++) {
		int high = hex_value(text[2 * i]);
		int low = hex_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		mac[i] = (unsigned char)(high * 16 + low);
	}
	return true;
}

static bool
decode_time(const char *text, size_t len, int64_t *time)
{
	int64_t value = 0;

	if (len == 0 || len > TIME_DIGITS_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		value = value * 10 + (text[i] - '0');
	}
	*time = value;
	return true;
}

/*
 * Reads one name=value item.  False refuses the whole header: a t that is no
 * number, or too many v1.  A v1 that cannot be read is ignored, because a valid
 * one may follow, and so is any other name: v0 is a decoy of test mode's.
 */
static bool
take_item(struct parsed *parsed, const char *item, size_t len)
{
	const char *equals = memchr(item, '=', len);

	if (equals == NULL)
		return true;

	size_t name_len = (size_t)(equals - item);
	const char *value = equals + 1;
	size_t value_len = len - name_len - 1;

	if (name_len == 1 && item[0] == 't') {
		parsed->time_text = value;
		parsed->time_len = value_len;
		parsed->time_count++;
		return decode_time(value, value_len, &parsed->time);
	}
	if (name_len != 2 || memcmp(item, "v1", 2) != 0)
		return true;
	if (++parsed->v1_seen > V1_MAX)
		return false;
	if (decode_mac(value, value_len, parsed->v1[parsed->v1_count]))
		parsed->v1_count++;
	return true;
}

/* True when the header is readable and has exactly one t. */
static bool
parse(const char *header, struct parsed *parsed)
{
	size_t left = strnlen(header, SIGNATURE_HEADER_MAX + 1);

	if (left > SIGNATURE_HEADER_MAX)
		return false;
	for (;;) {
		const char *comma = memchr(header, ',', left);
		size_t len = comma != NULL ? (size_t)(comma - header) : left;

		if (!take_item(parsed, header, len))
			return false;
		if (comma == NULL)
			break;
		header = comma + 1;
		left -= len + 1;
	}
	return parsed->time_count == 1;
}

static bool
any_v1_equals(const struct parsed *parsed, const unsigned char mac[SHA256_LEN])
{
	for (size_t i = 0; i < parsed->v1_count; i++)
		if (crypto_equal(parsed->v1[i], SHA256_LEN, mac, SHA256_LEN))
			return true;
	return false;
}

static enum status
match_secrets(const struct parsed *parsed, const struct bytes *body,
    const struct secret *secrets, size_t secret_count, struct err *err)
{
	/* Signed is t as it was sent, a full stop and the raw body: nothing may
	 * be parsed and written again before this. */
	const struct bytes pieces[] = {
		{ parsed->time_text, parsed->time_len },
		{ ".", 1 },
		{ body->data, body->len },
	};

	for (size_t i = 0; i < secret_count; i++) {
		unsigned char mac[SHA256_LEN];
		enum status st;

		/* Anybody can sign with an empty key. */
		if (secrets[i].len == 0)
			continue;
		st = crypto_hmac_sha256(&secrets[i], pieces,
		    sizeof(pieces) / sizeof(pieces[0]), mac, err);
		if (st != ST_OK)
			return st;
		if (any_v1_equals(parsed, mac))
			return ST_OK;
	}
	return err_set(err, ST_BAD_INPUT,
	    "Stripe-Signature: no v1 matches the body under our secrets");
}

enum status
signature_verify(const char *header, const void *body, size_t len,
    const struct secret *secrets, size_t secret_count, int64_t now,
    struct err *err)
{
	struct parsed parsed = { 0 };
	const struct bytes raw = { body, len };
	enum status st;

	if (header == NULL || header[0] == '\0')
		return err_set(err, ST_BAD_INPUT,
		    "Stripe-Signature is missing");
	if (!parse(header, &parsed))
		return err_set(err, ST_BAD_INPUT,
		    "Stripe-Signature is unreadable");
	if (parsed.v1_seen == 0)
		return err_set(err, ST_BAD_INPUT,
		    "Stripe-Signature has no v1 signature");

	st = match_secrets(&parsed, &raw, secrets, secret_count, err);
	if (st != ST_OK)
		return st;

	/* A time ahead of us is refused, too: one of the two clocks is wrong,
	 * and with ours wrong, old messages could be replayed. */
	if (now - parsed.time > SIGNATURE_TOLERANCE_S ||
	    parsed.time - now > SIGNATURE_TOLERANCE_S)
		return err_set(err, ST_BAD_INPUT,
		    "Stripe-Signature is stale: made %lld s before our clock",
		    (long long)(now - parsed.time));
	return ST_OK;
}
