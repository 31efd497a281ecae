/*
 * teamdues order fee: opens a player's first fee before the family has clicked
 * its link, so that cash or an unmatched payment for it has an order to be
 * recorded on.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/money.h"
#include "kit/act.h"
#include "kit/quote.h"
#include "store/first_payment.h"

/* The deadline covers ending a session that asks for another amount. */
enum { DEADLINE_MS = 30000, MONEY_MAX = 64 };

static const struct parameter parameters[] = {
	QUOTE_PARAMETERS,
	PARAMETER_COMMIT,
	PARAMETER_END
};

/*
 * The audit log gets its line after the order is there, once for an order: a
 * run that was killed in between is completed by the next one.
 */
static enum status
open_order(struct invocation *invocation, const struct first_payment *payment,
    int64_t *order_id, struct err *err)
{
	char actor[ACTOR_SIZE];
	bool is_new;
	enum status st = invocation_open_stripe(invocation, err);

	if (st == ST_OK)
		st = first_payment_open(&invocation->app, payment,
		    clock_monotonic_ms() + DEADLINE_MS, order_id, err);
	act_actor(actor);
	if (st == ST_OK)
		st = store_fee_opened(invocation->app.store, *order_id, actor,
		    &is_new, err);
	return st;
}

static enum status
run(struct invocation *invocation, struct err *err)
{
	bool commit = arguments_flag(&invocation->arguments, "--commit");
	struct first_payment payment;
	char storage[MONEY_MAX];
	struct buf amount = BUF_FIXED(storage);
	int64_t order_id = 0;
	enum status st;

	st = quote_first_payment(invocation, &payment, err);
	if (st == ST_OK && commit)
		st = open_order(invocation, &payment, &order_id, err);
	if (st != ST_OK)
		return st;
	money_put(&amount, payment.amount_cents,
	    config_text(&invocation->app.config, SETTING_CURRENCY));
	if (commit) {
		printf("Done: order %" PRId64 " is player %" PRId64 "'s first "
		    "fee, %s.\n", order_id, payment.player_id,
		    buf_str(&amount));
		return ST_OK;
	}
	printf("Would open player %" PRId64 "'s first fee: %s.\n"
	    "Nothing was changed; --commit does it.\n", payment.player_id,
	    buf_str(&amount));
	invocation->exit = EXIT_FOUND_WORK;
	return ST_OK;
}

const struct command commands_order_fee[] = {
	{
		.name = "order fee",
		.summary = "open a player's first fee, as a click on today's "
		    "link does",
		.needs = ACT_NEEDS | NEEDS(SETTING_CLUB_TIMEZONE) |
		    NEEDS(SETTING_CURRENCY),
		.parameters = parameters,
		.run = run,
	},
	COMMANDS_END
};
