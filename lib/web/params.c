/*
 * Strict, because a signed link must have one meaning: a second spelling, a
 * repeated or an unknown parameter is refused and never guessed at.
 */
#include "web/request.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"

enum { NAME_SHOWN_MAX = 40 };

/* The name as an error page may show it: anything but a plain identifier is a
 * stranger's text, which could be a message to the family. */
static const char *
name_shown(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	size_t len = strlen(name);

	if (len == 0 || len > NAME_SHOWN_MAX || strspn(name, plain) != len)
		return "(of an odd name)";
	return name;
}

/* The value of a hexadecimal digit, or -1. */
static int
hex_value(char digit)
{
	static const char digits[] = "0123456789abcdef";
	bool is_upper = digit >= 'A' && digit <= 'F';
	char lower = is_upper ? (char)(digit | 0x20) : digit;
	const char *found = lower != '\0' ? strchr(digits, lower) : NULL;

	return found != NULL ? (int)(found - digits) : -1;
}

/*
 * Decodes text in place (what is decoded is never longer) and terminates it.
 */
static enum status
decode(char *text, struct err *err)
{
	char *out = text;

	for (const char *in = text; *in != '\0'; in++) {
		int high = 0;
		int low = 0;

		if (*in != '%') {
			*out++ = *in == '+' ? ' ' : *in;
			continue;
		}
		high = hex_value(in[1]);
		low = high >= 0 ? hex_value(in[2]) : -1;
		if (low < 0)
			return err_set(err, ST_BAD_INPUT,
			    "a parameter has a broken %% escape");
		/* C would end the text here; a program that gets it from us
		 * might not. */
		if (high == 0 && low == 0)
			return err_set(err, ST_BAD_INPUT,
			    "a parameter holds a NUL");
		*out++ = (char)(high * 16 + low);
		in += 2;
	}
	*out = '\0';
	if (!utf8_is_valid(text, (size_t)(out - text)))
		return err_set(err, ST_BAD_INPUT, "a parameter is not UTF-8");
	return ST_OK;
}

/* Adds the pair, a terminated piece of params->text. */
static enum status
pair_add(struct params *params, char *pair, struct err *err)
{
	struct param *item = &params->item[params->count];
	char *equals = strchr(pair, '=');
	char *value = equals != NULL ? equals + 1 : pair + strlen(pair);
	enum status st;

	if (params->count == PARAMS_MAX)
		return err_set(err, ST_BAD_INPUT, "more than %d parameters",
		    (int)PARAMS_MAX);
	if (equals != NULL)
		*equals = '\0';
	st = decode(pair, err);
	if (st == ST_OK)
		st = decode(value, err);
	if (st != ST_OK)
		return st;
	item->name = pair;
	item->value = value;
	params->count++;
	return ST_OK;
}

/* The raw text is copied once and decoded in place: the items point into the
 * copy, which therefore never grows. */
enum status
params_parse(struct params *params, const char *text, size_t len,
    struct err *err)
{
	enum status st = ST_OK;
	char *next = NULL;

	*params = (struct params){ .text = BUF_INIT(len) };
	if (len == 0)
		return ST_OK;
	if (memchr(text, '\0', len) != NULL)
		return err_set(err, ST_BAD_INPUT, "a parameter holds a NUL");
	buf_put(&params->text, text, len);
	st = buf_check(&params->text, "the parameters", err);
	next = params->text.data;
	while (st == ST_OK && next != NULL) {
		char *pair = next;

		next = strchr(pair, '&');
		if (next != NULL)
			*next++ = '\0';
		if (*pair != '\0')
			st = pair_add(params, pair, err);
	}
	if (st != ST_OK)
		params_clear(params);
	return st;
}

static bool
is_listed(const char *const *names, const char *name)
{
	for (; *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static size_t
count_of(const struct params *params, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < params->count; i++)
		if (strcmp(params->item[i].name, name) == 0)
			count++;
	return count;
}

enum status
params_accept(const struct params *params, const char *const *names,
    struct err *err)
{
	for (size_t i = 0; i < params->count; i++) {
		const char *name = params->item[i].name;

		if (!is_listed(names, name))
			return err_set(err, ST_BAD_INPUT,
			    "unknown parameter %s", name_shown(name));
		if (count_of(params, name) > 1)
			return err_set(err, ST_BAD_INPUT,
			    "repeated parameter %s", name_shown(name));
	}
	return ST_OK;
}

const char *
params_text(const struct params *params, const char *name)
{
	for (size_t i = 0; i < params->count; i++)
		if (strcmp(params->item[i].name, name) == 0)
			return params->item[i].value;
	return NULL;
}

const char *
params_text_or_empty(const struct params *params, const char *name)
{
	const char *text = params_text(params, name);

	return text != NULL ? text : "";
}

const char *
params_filled(const struct params *params, const char *name)
{
	const char *text = params_text_or_empty(params, name);

	return text[0] != '\0' ? text : NULL;
}

/* Reads the one spelling of an integer that we write ourselves: a second one
 * would be another signed text for the same order. */
static bool
integer_parse(const char *text, int64_t *value)
{
	bool is_negative = text[0] == '-';
	const char *digits = is_negative ? text + 1 : text;
	int64_t sum = 0;

	if (digits[0] == '\0' || (digits[0] == '0' &&
	    (digits[1] != '\0' || is_negative)))
		return false;
	for (const char *at = digits; *at != '\0'; at++) {
		int digit = *at - '0';

		if (digit < 0 || digit > 9)
			return false;
		/* Summed below zero, because INT64_MIN has no positive
		 * int64_t. */
		if (sum < (INT64_MIN + digit) / 10)
			return false;
		sum = sum * 10 - digit;
	}
	if (!is_negative && sum == INT64_MIN)
		return false;
	*value = is_negative ? sum : -sum;
	return true;
}

enum status
params_i64(const struct params *params, const char *name, int64_t min,
    int64_t max, int64_t *value, struct err *err)
{
	const char *text = params_text(params, name);
	int64_t number = 0;

	if (text == NULL)
		return err_set(err, ST_BAD_INPUT, "parameter %s is missing",
		    name);
	if (!integer_parse(text, &number) || number < min || number > max)
		return err_set(err, ST_BAD_INPUT,
		    "parameter %s must be a whole number from %" PRId64
		    " to %" PRId64, name, min, max);
	*value = number;
	return ST_OK;
}

void
params_trim(struct params *params)
{
	for (size_t i = 0; i < params->count; i++) {
		struct param *item = &params->item[i];
		size_t len;

		item->value += strspn(item->value, " ");
		len = strlen(item->value);
		while (len > 0 && item->value[len - 1] == ' ')
			len--;
		/* The values are in params->text, which we may write to;
		 * params_text() only lends them as const. */
		params->text.data[item->value + len - params->text.data] =
		    '\0';
	}
}

void
params_clear(struct params *params)
{
	if (params == NULL)
		return;
	buf_clear(&params->text);
	params->count = 0;
}
