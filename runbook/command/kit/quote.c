/*
 * Quotes as the family's own click would, from the roster's row of today, so
 * that the operator and the family never see different amounts.
 */
#include "quote.h"

#include <inttypes.h>
#include <string.h>

#include "store/mail_queue.h"

/*
 * Context of quote_player: where the quote goes, and whether the query gave a
 * row.
 */
struct quote {
	const struct invocation *invocation;
	struct first_payment *payment;
	bool is_known;
};

static enum status
quote_player(void *context, struct json_node row, struct err *err)
{
	struct quote *quote = context;
	char reason[ERR_MSG_MAX];
	enum status st = json_get_text_or_empty(row, "reason", reason,
	    sizeof(reason), err);

	if (st != ST_OK)
		return st;
	quote->is_known = true;
	/*
	 * The query gives every player with a reason against a mail.  Only
	 * "first payment paid" and the like forbid the payment; a player
	 * without an address, say, can still be given a link by hand.
	 */
	if (strncmp(reason, "first payment ", 14) == 0)
		return err_set(err, ST_CONFLICT, "refused: %s", reason);
	return first_payment_quote(&quote->invocation->app.config, row,
	    !arguments_flag(&quote->invocation->arguments, "--no-prorate"),
	    quote->payment, err);
}

enum status
quote_first_payment(struct invocation *invocation,
    struct first_payment *payment, struct err *err)
{
	int64_t player_id = arguments_id(&invocation->arguments, "--player");
	const struct mail_request request = {
		.zone = config_text(&invocation->app.config,
		    SETTING_CLUB_TIMEZONE),
		/*
		 * That a mail went out today must not stop the operator from
		 * making a link.
		 */
		.again = true,
	};
	struct quote quote = { .invocation = invocation, .payment = payment };
	enum status st;

	*payment = (struct first_payment){ .amount_cents = 0 };
	st = store_first_payment_players(invocation->app.store, player_id,
	    &request, quote_player, &quote, err);
	if (st == ST_OK && !quote.is_known)
		st = err_set(err, ST_NOT_FOUND, "no player %" PRId64,
		    player_id);
	return st;
}
