/*
 * The words after a command's name on the command line, described by a table:
 * options ("--commit", "--name TEXT") and operands ("FILE.csv").  The
 * same table prints the usage, so that the two cannot drift apart.  Values are
 * checked here by their kind; a command only meets well-formed ones.
 */
#ifndef TEAMDUES_COMMAND_OPTIONS_H
#define TEAMDUES_COMMAND_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

enum parameter_kind {
	PARAMETER_FLAG,		/* there or not */
	PARAMETER_FLAG_WORD,	/* the same, or =WORD, one of .value's */
	PARAMETER_TEXT,		/* one line of UTF-8, not empty */
	PARAMETER_ID,		/* of ours: 1 to the greatest bigint */
	PARAMETER_IDS,		/* several, with commas between */
	PARAMETER_AMOUNT,	/* 150 or 150.00, more than nothing */
	PARAMETER_DATE,		/* YYYY-MM-DD, in the calendar */
	PARAMETER_DAYS,		/* 400d: a number of days from 1 */
	PARAMETER_SPAN,		/* 30d or 12h: of time, from 1 */
	PARAMETER_CHOICE,	/* one of the words of .value */
	PARAMETER_ORDER_STATUS,	/* one of order_status_names */
	PARAMETER_PRODUCT_KIND,	/* one of product_kinds_to_add */
};

struct parameter {
	const char *name;	/* begins with "--", or it is an operand */
	enum parameter_kind kind;
	bool is_required;
	const char *value;	/* as usage shows it; words, with | between,
				 * to choose from; NULL for flags, operands and
				 * kinds with words of their own */
	const char *help;
};

enum { PARAMETERS_MAX = 16 };

#define PARAMETER_COMMIT { .name = "--commit", .kind = PARAMETER_FLAG, \
	.help = "do it; without this only say what would be done" }
#define PARAMETER_JSON { .name = "--json", .kind = PARAMETER_FLAG, \
	.help = "print one array of objects" }
#define PARAMETER_CSV { .name = "--csv", .kind = PARAMETER_FLAG_WORD, \
	.value = "raw", .help = "print CSV with a header line; raw: for " \
	"programs, texts as they are" }
#define PARAMETER_END { .name = NULL }

struct arguments {
	const struct parameter *parameters;
	const char *values[PARAMETERS_MAX];	/* NULL: not given; borrowed */
};

/*
 * Reads words (NULL-ended) by parameters (ended by PARAMETER_END).  Options
 * and operands may stand in any order; "--" ends the options; `--name=value`
 * is `--name value`.  ST_BAD_INPUT says which word is wrong, and how.
 */
NODISCARD enum status arguments_parse(struct arguments *arguments,
    const struct parameter *parameters, const char *const *words,
    struct err *err);

/* The words that belong to the parameter's kind, NULL-ended; NULL: none do. */
const char *const *parameter_words(const struct parameter *parameter);

/* By the parameter's name.  NULL, false or 0 when it was not given. */
const char *arguments_text(const struct arguments *arguments,
    const char *name);
bool arguments_flag(const struct arguments *arguments, const char *name);
int64_t arguments_id(const struct arguments *arguments, const char *name);
int64_t arguments_seconds(const struct arguments *arguments,
    const char *name);
int64_t arguments_cents(const struct arguments *arguments, const char *name);
int64_t arguments_days(const struct arguments *arguments, const char *name);

#endif
