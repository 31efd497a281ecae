#include "billing/first_payment.h"

#include <inttypes.h>
#include <string.h>

#include "billing/pay_link.h"
#include "billing/proration.h"
#include "billing/session_expire.h"
#include "store/first_payment.h"

enum { QUOTE_MAX = 128 };

enum status
first_payment_quote(const struct config *config, struct json_node row,
    bool prorate, struct first_payment *payment, struct err *err)
{
	struct proration_terms terms = {
		.quoted = payment->quoted,
		.prorate = prorate,
		.currency = config_text(config, SETTING_CURRENCY),
	};
	enum status st;

	payment->prorate = prorate;
	st = json_get_i64(row, "player_id", 1, INT64_MAX, &payment->player_id,
	    err);
	if (st == ST_OK)
		st = json_get_text_or_empty(row, "word", payment->word,
		    sizeof(payment->word), err);
	if (st == ST_OK)
		st = json_get_i64(row, "monthly_fee_cents", 0,
		    AMOUNT_MAX_CENTS, &terms.monthly_fee_cents, err);
	if (st == ST_OK)
		st = json_get_text(row, "day", payment->quoted,
		    sizeof(payment->quoted), err);
	if (st == ST_OK)
		/* The amount is for this month: the link ends with it. */
		st = json_get_i64(row, "month_ends", 0, INT64_MAX,
		    &payment->expires, err);
	if (st != ST_OK)
		return st;
	/*
	 * The treasurer set the amount: a click charges it, whatever the fee
	 * is.
	 */
	payment->is_adjusted = json_exists(json_at(row, "adjusted_cents"));
	if (payment->is_adjusted)
		return json_get_i64(row, "adjusted_cents", 1, AMOUNT_MAX_CENTS,
		    &payment->amount_cents, err);
	return proration_quote(&terms, &payment->amount_cents, err);
}

enum status
first_payment_link(const struct config *config,
    const struct first_payment *payment, struct buf *url, struct err *err)
{
	char text[QUOTE_MAX];
	struct buf quote = BUF_FIXED(text);
	struct pay_link link = {
		.kind = PAY_LINK_FIRST_PAYMENT,
		.id = payment->player_id,
		.expires = payment->expires,
	};

	memcpy(link.word, payment->word, sizeof(link.word));
	buf_putf(&quote, "%s&quoted=%s&amount_cents=%" PRId64,
	    payment->prorate ? "" : "&prorate=false", payment->quoted,
	    payment->amount_cents);
	link.quote = buf_str(&quote);
	return pay_link_put(config, &link, url, err);
}

/*
 * The word is checked before the order is made: a link of books that were lost
 * must not make an order for another player.
 */
enum status
first_payment_open(struct app *app,
    const struct first_payment *payment, int64_t deadline_ms,
    int64_t *order_id, struct err *err)
{
	const char *currency = config_text(&app->config, SETTING_CURRENCY);
	char session_id[STORE_ID_SIZE];
	enum fee_order result;
	bool is_complete;
	enum status st;

	st = pay_link_check_player(app->store, payment->player_id,
	    payment->word, err);
	if (st != ST_OK)
		return st;
	/*
	 * The database keeps the amount while an open session asks for another.
	 * Whether the ended one was paid does not matter here: the next round
	 * finds the order settled, which is as ready as pending.
	 */
	for (int round = 0; round < EXPIRE_ROUNDS_MAX; round++) {
		st = store_open_fee_order(app->store, payment->player_id,
		    payment->amount_cents, currency, &result, order_id,
		    session_id, err);
		if (st == ST_OK && result == FEE_UNKNOWN)
			st = err_set(err, ST_NOT_FOUND, "no such player");
		if (st != ST_OK || result == FEE_READY)
			return st;
		st = session_expire(app, session_id, deadline_ms,
		    &is_complete, err);
		if (st != ST_OK)
			return st;
	}
	return session_expire_give_up(err);
}
