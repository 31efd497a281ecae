/*
 * Values are checked when they are read and parsed again when a command asks
 * for them, so that a struct arguments holds nothing but borrowed words.
 */
#include "options.h"

#include <stddef.h>
#include <string.h>

#include "base/buf.h"
#include "base/money.h"
#include "base/text.h"
#include "store/order_status.h"
#include "store/product_kind.h"

enum {
	TEXT_MAX = 1000,	/* characters; a command may allow fewer */
	CHOICE_SIZE = 256,
	DAYS_MAX = 36500,	/* a century, so that seconds fit easily */
	HOURS_MAX = 876000,	/* the same */
	HOUR_S = 3600,
	DAY_H = 24,
};

static bool
is_option(const struct parameter *parameter)
{
	return strncmp(parameter->name, "--", 2) == 0;
}

static enum status
check_text(const struct parameter *p, const char *value, struct err *err)
{
	if (value[0] == '\0')
		return err_set(err, ST_BAD_INPUT, "%s: is empty", p->name);
	return text_check(p->name, value, strlen(value), TEXT_MAX, err);
}

static enum status
check_id(const struct parameter *p, const char *value, struct err *err)
{
	int64_t id;

	if (!text_parse_id(value, strlen(value), &id))
		return err_set(err, ST_BAD_INPUT,
		    "%s: not an id (a number from 1)", p->name);
	return ST_OK;
}

/* The list is checked whole before a command acts on its first id. */
static enum status
check_ids(const struct parameter *p, const char *value, struct err *err)
{
	const char *at = value;
	int64_t id;

	for (;;) {
		size_t len = strcspn(at, ",");

		if (!text_parse_id(at, len, &id))
			return err_set(err, ST_BAD_INPUT,
			    "%s: not ids with commas between", p->name);
		if (at[len] == '\0')
			return ST_OK;
		at += len + 1;
	}
}

static enum status
check_amount(const struct parameter *p, const char *value, struct err *err)
{
	struct err reason;
	int64_t cents;

	if (money_parse(value, &cents, &reason) != ST_OK)
		return err_set(err, ST_BAD_INPUT, "%s: %s", p->name,
		    reason.msg);
	if (cents == 0)
		return err_set(err, ST_BAD_INPUT,
		    "%s: an amount is more than nothing", p->name);
	return ST_OK;
}

static enum status
check_date(const struct parameter *p, const char *value, struct err *err)
{
	if (!text_is_date(value))
		return err_set(err, ST_BAD_INPUT,
		    "%s: not a day of the form YYYY-MM-DD", p->name);
	return ST_OK;
}

/*
 * The number in "30d" for unit d; 0 when the text is not such a number, which
 * is safe since every count begins at 1.
 */
static int64_t
parse_count(const char *value, char unit, int64_t max)
{
	size_t len = strspn(value, "0123456789");
	int64_t count;

	if (value[len] != unit || value[len + 1] != '\0' ||
	    !text_parse_id(value, len, &count) || count > max)
		return 0;
	return count;
}

static int64_t
parse_days(const char *value)
{
	return parse_count(value, 'd', DAYS_MAX);
}

/* In seconds.  No text is both: the unit is its last letter. */
static int64_t
parse_span(const char *value)
{
	int64_t hours = parse_count(value, 'h', HOURS_MAX);

	if (hours == 0)
		hours = parse_days(value) * DAY_H;
	return hours * HOUR_S;
}

static enum status
check_days(const struct parameter *p, const char *value, struct err *err)
{
	if (parse_days(value) == 0)
		return err_set(err, ST_BAD_INPUT,
		    "%s: not a number of days such as 30d", p->name);
	return ST_OK;
}

static enum status
check_span(const struct parameter *p, const char *value, struct err *err)
{
	if (parse_span(value) == 0)
		return err_set(err, ST_BAD_INPUT,
		    "%s: not a number of days or hours such as 30d or 12h",
		    p->name);
	return ST_OK;
}

static enum status
check_choice(const struct parameter *p, const char *value, struct err *err)
{
	size_t len = strlen(value);

	for (const char *word = p->value;;) {
		size_t word_len = strcspn(word, "|");

		if (word_len == len && strncmp(word, value, len) == 0)
			return ST_OK;
		if (word[word_len] == '\0')
			break;
		word += word_len + 1;
	}
	return err_set(err, ST_BAD_INPUT, "%s: not one of %s", p->name,
	    p->value);
}

/*
 * The words of the database's own enumerations, taken from lib/store, so that a
 * new status or kind cannot be missing here.
 */
const char *const *
parameter_words(const struct parameter *parameter)
{
	if (parameter->kind == PARAMETER_ORDER_STATUS)
		return order_status_names;
	if (parameter->kind == PARAMETER_PRODUCT_KIND)
		return product_kinds_to_add;
	return NULL;
}

static enum status
check_words(const struct parameter *p, const char *value, struct err *err)
{
	const char *const *words = parameter_words(p);
	char text[CHOICE_SIZE] = "";
	struct buf list = BUF_FIXED(text);

	for (size_t i = 0; words != NULL && words[i] != NULL; i++) {
		if (strcmp(words[i], value) == 0)
			return ST_OK;
		buf_putf(&list, "%s%s", i > 0 ? "|" : "", words[i]);
	}
	return err_set(err, ST_BAD_INPUT, "%s: not one of %s", p->name, text);
}

static enum status (*const checks[])(const struct parameter *, const char *,
    struct err *) = {
	[PARAMETER_TEXT] = check_text,
	[PARAMETER_ID] = check_id,
	[PARAMETER_IDS] = check_ids,
	[PARAMETER_AMOUNT] = check_amount,
	[PARAMETER_DATE] = check_date,
	[PARAMETER_DAYS] = check_days,
	[PARAMETER_SPAN] = check_span,
	[PARAMETER_CHOICE] = check_choice,
	[PARAMETER_ORDER_STATUS] = check_words,
	[PARAMETER_PRODUCT_KIND] = check_words,
	[PARAMETER_FLAG_WORD] = check_choice,
};

/* The option that word names (up to an equals sign), or the end. */
static size_t
find_option(const struct parameter *parameters, const char *word)
{
	size_t len = strcspn(word, "=");
	size_t i = 0;

	for (; parameters[i].name != NULL; i++)
		if (is_option(&parameters[i]) &&
		    strlen(parameters[i].name) == len &&
		    strncmp(parameters[i].name, word, len) == 0)
			break;
	return i;
}

/* Takes an option, and its value from the next word if it has one there. */
static enum status
take_option(struct arguments *arguments, const char *const **at,
    struct err *err)
{
	const char *word = **at;
	const char *value = strchr(word, '=');
	size_t i = find_option(arguments->parameters, word);
	const struct parameter *p = &arguments->parameters[i];

	if (p->name == NULL)
		return err_set(err, ST_BAD_INPUT, "unknown option %.*s",
		    (int)strcspn(word, "="), word);
	/* Two values may mean two orders: neither is guessed. */
	if (arguments->values[i] != NULL)
		return err_set(err, ST_BAD_INPUT, "%s is given twice",
		    p->name);
	if (p->kind == PARAMETER_FLAG && value != NULL)
		return err_set(err, ST_BAD_INPUT, "%s takes no value",
		    p->name);
	if (value == NULL && (p->kind == PARAMETER_FLAG ||
	    p->kind == PARAMETER_FLAG_WORD)) {
		arguments->values[i] = "";
		return ST_OK;
	}
	/*
	 * A value that begins with -- is taken for a forgotten value: --reason
	 * --commit must not record "--commit" and change nothing.
	 * --reason=--text gives such a text.
	 */
	if (value != NULL) {
		value++;
	} else {
		value = (*at)[1];
		if (value == NULL || strncmp(value, "--", 2) == 0)
			return err_set(err, ST_BAD_INPUT,
			    "%s needs a value", p->name);
		*at += 1;
	}
	arguments->values[i] = value;
	return checks[p->kind](p, value, err);
}

/*
 * Operands are taken in the order of the table, whatever options stand between
 * them.
 */
static enum status
take_operand(struct arguments *arguments, const char *word, struct err *err)
{
	const struct parameter *p = arguments->parameters;
	size_t i = 0;

	while (p[i].name != NULL &&
	    (is_option(&p[i]) || arguments->values[i] != NULL))
		i++;
	if (p[i].name == NULL)
		return err_set(err, ST_BAD_INPUT, "unexpected argument %s",
		    word);
	arguments->values[i] = word;
	return checks[p[i].kind](&p[i], word, err);
}

static enum status
check_required(const struct arguments *arguments, struct err *err)
{
	const struct parameter *p = arguments->parameters;

	for (size_t i = 0; p[i].name != NULL; i++)
		if (p[i].is_required && arguments->values[i] == NULL)
			return err_set(err, ST_BAD_INPUT, "%s is missing",
			    p[i].name);
	return ST_OK;
}

enum status
arguments_parse(struct arguments *arguments,
    const struct parameter *parameters, const char *const *words,
    struct err *err)
{
	bool options_ended = false;
	enum status st = ST_OK;

	*arguments = (struct arguments){ .parameters = parameters };
	for (const char *const *at = words; st == ST_OK && *at != NULL;
	    at++) {
		/*
		 * A lone "-" is an operand, and after "--" everything is
		 * (POSIX, Utility Syntax Guideline 10).
		 */
		if (options_ended || (*at)[0] != '-' || (*at)[1] == '\0')
			st = take_operand(arguments, *at, err);
		else if (strcmp(*at, "--") == 0)
			options_ended = true;
		else
			st = take_option(arguments, &at, err);
	}
	if (st == ST_OK)
		st = check_required(arguments, err);
	return st;
}

const char *
arguments_text(const struct arguments *arguments, const char *name)
{
	const struct parameter *p = arguments->parameters;

	for (size_t i = 0; p[i].name != NULL; i++)
		if (strcmp(p[i].name, name) == 0)
			return arguments->values[i];
	return NULL;
}

bool
arguments_flag(const struct arguments *arguments, const char *name)
{
	return arguments_text(arguments, name) != NULL;
}

int64_t
arguments_id(const struct arguments *arguments, const char *name)
{
	const char *text = arguments_text(arguments, name);
	int64_t id;

	if (text == NULL || !text_parse_id(text, strlen(text), &id))
		return 0;
	return id;
}

int64_t
arguments_seconds(const struct arguments *arguments, const char *name)
{
	const char *text = arguments_text(arguments, name);

	return text != NULL ? parse_span(text) : 0;
}

int64_t
arguments_cents(const struct arguments *arguments, const char *name)
{
	const char *text = arguments_text(arguments, name);
	struct err ignored;
	int64_t cents;

	if (text == NULL || money_parse(text, &cents, &ignored) != ST_OK)
		return 0;
	return cents;
}

int64_t
arguments_days(const struct arguments *arguments, const char *name)
{
	const char *text = arguments_text(arguments, name);

	return text != NULL ? parse_days(text) : 0;
}
