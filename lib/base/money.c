/* Integer minor units only: no floating point ever holds money. */
#include "base/money.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

/*
 * The least charge in cents (docs: currencies, minimum charge amounts).  jpy
 * and krw have minimums too, but no cents.
 */
static const struct minimum {
	char currency[CURRENCY_SIZE];
	int64_t cents;
} minimums[] = {
	{ "usd", 50 }, { "aed", 200 }, { "aud", 50 }, { "brl", 50 },
	{ "cad", 50 }, { "chf", 50 }, { "czk", 1500 }, { "dkk", 250 },
	{ "eur", 50 }, { "gbp", 30 }, { "hkd", 400 }, { "huf", 17500 },
	{ "inr", 50 }, { "mxn", 1000 }, { "myr", 200 }, { "nok", 300 },
	{ "nzd", 50 }, { "pln", 200 }, { "ron", 200 }, { "sek", 300 },
	{ "sgd", 50 }, { "thb", 1000 }, { "zar", 50 },
};

/*
 * Zero decimals, three decimals, and the two (isk, ugx) that are sent with two
 * decimals which must be 00.
 */
static const char not_two_decimals[][CURRENCY_SIZE] = {
	"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf",
	"vnd", "vuv", "xaf", "xof", "xpf",
	"bhd", "jod", "kwd", "omr", "tnd",
	"isk", "ugx",
};

static const struct sign {
	char currency[CURRENCY_SIZE];
	const char *text;
} signs[] = {
	{ "usd", "$" }, { "eur", "\xe2\x82\xac" }, { "gbp", "\xc2\xa3" },
};

/* As many as INT64_MIN has, and a NUL. */
enum { DIGITS_SIZE = 20 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static size_t
count_digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* "", ".5" or ".50": the cents after whole units; -1 for anything else. */
static int64_t
parse_fraction(const char *text)
{
	if (text[0] == '\0')
		return 0;
	size_t digits = count_digits(text + 1);
	if (text[0] != '.' || text[1 + digits] != '\0')
		return -1;
	/* One digit is tenths, as in 1.5; a third digit would need rounding. */
	if (digits != 1 && digits != 2)
		return -1;
	int cents = (text[1] - '0') * 10;
	if (digits == 2)
		cents += text[2] - '0';
	return cents;
}

enum status
money_parse(const char *text, int64_t *cents, struct err *err)
{
	size_t digits = count_digits(text);
	int64_t fraction = parse_fraction(text + digits);
	int64_t units = 0;

	if (digits == 0 || fraction < 0)
		return err_set(err, ST_BAD_INPUT,
		    "an amount looks like 150 or 150.00");
	for (size_t i = 0; i < digits; i++) {
		units = units * 10 + (text[i] - '0');
		/* Checked at each digit: no length of input can overflow the
		 * sum. */
		if (units * 100 + fraction > AMOUNT_MAX_CENTS)
			return err_set(err, ST_BAD_INPUT,
			    "an amount is at most 999999.99");
	}
	*cents = units * 100 + fraction;
	return ST_OK;
}

/* Without its sign; unsigned, because -INT64_MIN is no int64_t. */
static uint64_t
magnitude(int64_t cents)
{
	return cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;
}

/* A comma before every three of the whole units' digits. */
static void
put_grouped(struct buf *b, uint64_t units)
{
	char text[DIGITS_SIZE];
	struct buf digits = BUF_FIXED(text);

	buf_putf(&digits, "%" PRIu64, units);
	for (size_t i = 0; i < digits.len; i++) {
		if (i > 0 && (digits.len - i) % 3 == 0)
			buf_putc(b, ',');
		buf_putc(b, text[i]);
	}
}

static void
put_currency(struct buf *b, const char *currency)
{
	for (size_t i = 0; i < COUNT(signs); i++) {
		if (strcmp(currency, signs[i].currency) == 0) {
			buf_puts(b, signs[i].text);
			return;
		}
	}
	for (const char *c = currency; *c != '\0'; c++)
		buf_putc(b, *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c);
	buf_putc(b, ' ');
}

void
money_put(struct buf *b, int64_t cents, const char *currency)
{
	if (cents < 0)
		buf_putc(b, '-');
	put_currency(b, currency);
	put_grouped(b, magnitude(cents) / 100);
	buf_putf(b, ".%02u", (unsigned)(magnitude(cents) % 100));
}

void
money_put_plain(struct buf *b, int64_t cents)
{
	if (cents < 0)
		buf_putc(b, '-');
	buf_putf(b, "%" PRIu64 ".%02u", magnitude(cents) / 100,
	    (unsigned)(magnitude(cents) % 100));
}

bool
money_currency_ok(const char *currency)
{
	if (strspn(currency, "abcdefghijklmnopqrstuvwxyz") != 3 ||
	    currency[3] != '\0')
		return false;
	for (size_t i = 0; i < COUNT(not_two_decimals); i++)
		if (strcmp(currency, not_two_decimals[i]) == 0)
			return false;
	return true;
}

static const struct minimum *
find_minimum(const char *currency)
{
	for (size_t i = 0; i < COUNT(minimums); i++)
		if (strcmp(currency, minimums[i].currency) == 0)
			return &minimums[i];
	return NULL;
}

/* A currency without a known minimum may be tried with any amount above 0:
 * Stripe refuses what it does not charge. */
int64_t
money_minimum_cents(const char *currency)
{
	const struct minimum *minimum = find_minimum(currency);

	return minimum != NULL ? minimum->cents : 1;
}

bool
money_is_chargeable(int64_t cents, const char *currency, struct buf *words)
{
	int64_t least = money_minimum_cents(currency);

	if (cents >= least)
		return true;
	buf_puts(words, "Stripe charges ");
	money_put(words, least, currency);
	buf_puts(words, " or more");
	return false;
}

bool
money_minimum_is_known(const char *currency)
{
	return find_minimum(currency) != NULL;
}
