/*
 * teamdues product add|list|withdraw|return: what the club sells.  A product's
 * price and name are never changed: orders refer to it.  A new price is a new
 * product, and the old one is withdrawn.
 */
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "kit/act.h"
#include "kit/output.h"
#include "store/club.h"
#include "store/views.h"

enum {
	NAME_CHARACTERS_MAX = 200,
	SIZES_MAX = 32,
	SIZES_LEN_MAX = 512,
	LEAST_SIZE = 64,
};

static const char *const columns[] = {
	"product_id", "name", "kind", "amount_cents", "currency", NULL
};

static const struct parameter add_parameters[] = {
	{ "--name", PARAMETER_TEXT, true, "TEXT", "what the payer reads" },
	{ "--kind", PARAMETER_PRODUCT_KIND, true, NULL,
	    "what it is paid for" },
	{ "--amount", PARAMETER_AMOUNT, true, "150.00",
	    "its price, in CURRENCY" },
	{ "--sizes", PARAMETER_TEXT, false, "S,M,L",
	    "a jersey's sizes, in order" },
	PARAMETER_JSON,
	PARAMETER_END
};

static const struct parameter list_parameters[] = {
	{ "--withdrawn", PARAMETER_FLAG, false, NULL,
	    "what is not sold any more instead" },
	PARAMETER_JSON,
	PARAMETER_CSV,
	PARAMETER_END
};

/* Parameters of withdraw and return. */
static const struct parameter withdraw_parameters[] = {
	{ "ID", PARAMETER_ID, true, NULL, "the product's" },
	PARAMETER_COMMIT,
	PARAMETER_END
};

/* Context of print_only: the product that was added just now. */
struct only {
	struct output *output;
	int64_t product_id;
};

/*
 * The list has all products; of them the new row is printed, as the database
 * stored it.
 */
static enum status
print_only(void *context, struct json_node row, struct err *err)
{
	const struct only *only = context;

	if (json_i64_or_0(row, "product_id") != only->product_id)
		return ST_OK;
	return output_row(only->output, row, err);
}

struct sizes {
	char text[SIZES_LEN_MAX];
	const char *list[SIZES_MAX + 1];	/* in text; NULL-ended */
};

/*
 * Splits text at its commas.  A size that is there twice would be two equal
 * choices in the form.  ST_BAD_INPUT.
 */
static enum status
split_sizes(const char *text, struct sizes *sizes, struct err *err)
{
	size_t count = 0;
	char *at = sizes->text;

	if (strlen(text) >= sizeof(sizes->text))
		return err_set(err, ST_BAD_INPUT, "--sizes: too long");
	memcpy(sizes->text, text, strlen(text) + 1);
	for (char *comma = at; comma != NULL; at = comma + 1) {
		comma = strchr(at, ',');
		if (comma != NULL)
			*comma = '\0';
		if (*at == '\0' || count == SIZES_MAX)
			return err_set(err, ST_BAD_INPUT, "--sizes: 1 to %d"
			    " sizes with commas between", SIZES_MAX);
		for (size_t i = 0; i < count; i++)
			if (strcmp(sizes->list[i], at) == 0)
				return err_set(err, ST_BAD_INPUT,
				    "--sizes: %s is there twice", at);
		sizes->list[count++] = at;
	}
	sizes->list[count] = NULL;
	return ST_OK;
}

/*
 * Stripe refuses a session below its minimum for the currency.  Without this
 * check the first family that clicks would find out.
 */
static enum status
check_amount(int64_t cents, const char *currency, struct err *err)
{
	char text[LEAST_SIZE];
	struct buf least = BUF_FIXED(text);

	if (money_is_chargeable(cents, currency, &least))
		return ST_OK;
	return err_set(err, ST_BAD_INPUT, "--amount: %s", text);
}

/*
 * Only a jersey's form asks for a size, so sizes of anything else would be
 * asked of nobody.
 */
static enum status
check_product(struct invocation *invocation, struct sizes *sizes,
    struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	const char *name = arguments_text(arguments, "--name");
	const char *list = arguments_text(arguments, "--sizes");
	enum status st;

	st = text_check("--name", name, strlen(name), NAME_CHARACTERS_MAX,
	    err);
	if (st == ST_OK && list != NULL &&
	    strcmp(arguments_text(arguments, "--kind"), "jersey") != 0)
		st = err_set(err, ST_BAD_INPUT,
		    "--sizes: only a jersey has sizes");
	if (st == ST_OK && list != NULL)
		st = split_sizes(list, sizes, err);
	if (st != ST_OK)
		invocation->exit = EXIT_USAGE;
	return st;
}

static enum status
product_add(struct invocation *invocation, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	const char *currency = config_text(&invocation->app.config,
	    SETTING_CURRENCY);
	int64_t cents = arguments_cents(arguments, "--amount");
	struct sizes sizes = { .list = { NULL } };
	struct output output;
	struct only only = { &output, 0 };
	char actor[ACTOR_SIZE];
	enum status st;

	act_actor(actor);
	st = check_product(invocation, &sizes, err);
	if (st == ST_OK)
		st = check_amount(cents, currency, err);
	if (st == ST_OK)
		st = store_product_add(invocation->app.store,
		    &(const struct new_product){
			.kind = arguments_text(arguments, "--kind"),
			.name = arguments_text(arguments, "--name"),
			.amount_cents = cents,
			.currency = currency,
			.sizes = sizes.list,
			.actor = actor,
		    }, &only.product_id, err);
	if (st != ST_OK)
		return st;
	output_init(&output, arguments, columns);
	st = store_products(invocation->app.store, false, print_only, &only,
	    err);
	return output_end(&output, st, err);
}

static enum status
product_list(struct invocation *invocation, struct err *err)
{
	struct output output;
	enum status st;

	output_init(&output, &invocation->arguments, columns);
	st = store_products(invocation->app.store,
	    arguments_flag(&invocation->arguments, "--withdrawn"), output_row,
	    &output, err);
	return output_end(&output, st, err);
}

/*
 * Orders of a withdrawn product stay and can be paid; it is only offered no
 * more.
 */
static enum status
change(struct invocation *invocation, bool is_withdrawn, const char *verb,
    struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	struct act_result result;
	char actor[ACTOR_SIZE];
	enum status st;

	act_actor(actor);
	st = store_withdraw_product(invocation->app.store,
	    arguments_id(arguments, "ID"), is_withdrawn, actor,
	    arguments_flag(arguments, "--commit"), &result, err);
	return st != ST_OK ? st
	    : act_report(invocation, verb, &result, err);
}

static enum status
product_withdraw(struct invocation *invocation, struct err *err)
{
	return change(invocation, true, "withdraw", err);
}

static enum status
product_return(struct invocation *invocation, struct err *err)
{
	return change(invocation, false, "return", err);
}

const struct command commands_product[] = {
	{
		.name = "product add",
		.summary = "add something that the club sells",
		.needs = NEEDS(SETTING_DATABASE_URL) | NEEDS(SETTING_CURRENCY),
		.parameters = add_parameters,
		.run = product_add,
	},
	{
		.name = "product list",
		.summary = "list what the club sells",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.is_default = true,
		.parameters = list_parameters,
		.run = product_list,
	},
	{
		.name = "product withdraw",
		.summary = "sell something no more; what was ordered of it "
		    "stays",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = withdraw_parameters,
		.run = product_withdraw,
	},
	{
		.name = "product return",
		.summary = "take that back: it is sold again",
		.needs = NEEDS(SETTING_DATABASE_URL),
		.parameters = withdraw_parameters,
		.run = product_return,
	},
	COMMANDS_END
};
