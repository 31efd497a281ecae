/*
 * teamdues link ...: prints the signed URLs that families get, made by the same
 * functions as those in mails.  The link is alone on standard output, so
 * that it can be piped into a mail.
 */
#include <stdio.h>

#include "billing/first_payment.h"
#include "billing/pay_link.h"
#include "kit/quote.h"

static const struct parameter order_parameters[] = {
	{ "--order", PARAMETER_ID, true, "N", "the order to be paid" },
	PARAMETER_END
};

static const struct parameter tournament_parameters[] = {
	{ "--order", PARAMETER_ID, true, "N", "the order to be paid" },
	{ "--until", PARAMETER_DATE, false, "YYYY-MM-DD",
	    "the link's last day; without this the tournament's" },
	PARAMETER_END
};

static const struct parameter player_parameters[] = {
	{ "--player", PARAMETER_ID, true, "N", "the player it is for" },
	PARAMETER_END
};

/*
 * The order or player is looked up first: a link that leads nowhere is never
 * printed.  Whoever has the link can pay, so it is printed and not logged.
 */
static enum status
print_link(struct invocation *invocation, enum pay_link_kind kind,
    const char *option, struct err *err)
{
	const struct arguments *arguments = &invocation->arguments;
	const struct pay_link_request request = {
		.kind = kind,
		.id = arguments_id(arguments, option),
		.until = arguments_text(arguments, "--until"),
	};
	struct buf url = BUF_INIT(LINK_MAX);
	enum status st;

	st = pay_link_make(invocation->app.store, &invocation->app.config,
	    &request, &url, err);
	if (st == ST_OK)
		printf("%s\n", buf_str(&url));
	buf_clear(&url);
	return st;
}

static enum status
link_tournament(struct invocation *invocation, struct err *err)
{
	return print_link(invocation, PAY_LINK_TOURNAMENT, "--order", err);
}

static enum status
link_tryout(struct invocation *invocation, struct err *err)
{
	return print_link(invocation, PAY_LINK_TRYOUT, "--order", err);
}

static enum status
link_jersey(struct invocation *invocation, struct err *err)
{
	return print_link(invocation, PAY_LINK_JERSEY, "--player", err);
}

static enum status
link_create_session(struct invocation *invocation, struct err *err)
{
	return print_link(invocation, PAY_LINK_CREATE_SESSION, "--player",
	    err);
}

/* Without Stripe: a link is a signature, and a session is made on the click. */
#define LINK_NEEDS (NEEDS(SETTING_DATABASE_URL) | NEEDS(SETTING_SITE_URL) | \
	NEEDS(SETTING_LINK_SECRET))

static const struct parameter first_payment_parameters[] = {
	QUOTE_PARAMETERS,
	PARAMETER_END
};

static enum status
link_first_payment(struct invocation *invocation, struct err *err)
{
	struct first_payment payment;
	struct buf url = BUF_INIT(LINK_MAX);
	enum status st;

	st = quote_first_payment(invocation, &payment, err);
	if (st == ST_OK)
		st = first_payment_link(&invocation->app.config, &payment, &url,
		    err);
	if (st == ST_OK)
		printf("%s\n", buf_str(&url));
	buf_clear(&url);
	return st;
}

const struct command commands_link[] = {
	{
		.name = "link first-payment",
		.summary = "print the pay link of a player's first fee, "
		    "quoted today",
		.needs = NEEDS(SETTING_DATABASE_URL) | NEEDS(SETTING_SITE_URL) |
		    NEEDS(SETTING_LINK_SECRET) | NEEDS(SETTING_CLUB_TIMEZONE) |
		    NEEDS(SETTING_CURRENCY),
		.parameters = first_payment_parameters,
		.run = link_first_payment,
	},
	{
		.name = "link tournament",
		.summary = "print the pay link of a tournament's order",
		.needs = LINK_NEEDS | NEEDS(SETTING_CLUB_TIMEZONE),
		.parameters = tournament_parameters,
		.run = link_tournament,
	},
	{
		.name = "link tryout",
		.summary = "print the pay link of a tryout's order",
		.needs = LINK_NEEDS | NEEDS(SETTING_CLUB_TIMEZONE),
		.parameters = order_parameters,
		.run = link_tryout,
	},
	{
		.name = "link jersey",
		.summary = "print the link to a player's jersey form",
		.needs = LINK_NEEDS,
		.parameters = player_parameters,
		.run = link_jersey,
	},
	{
		.name = "link create-session",
		.summary = "print what create-session wants of a family, as a "
		    "URL",
		.needs = LINK_NEEDS,
		.parameters = player_parameters,
		.run = link_create_session,
	},
	COMMANDS_END
};
