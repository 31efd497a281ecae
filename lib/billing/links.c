#include "billing/links.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/signed_url.h"
#include "store/links.h"

enum { TARGET_MAX = 128 };

enum status
billing_link_tournament(struct store *store, const struct config *config,
    int64_t order_id, struct buf *url, struct err *err)
{
	char text[TARGET_MAX];
	struct buf target = BUF_FIXED(text);
	int64_t expires;
	enum status st;

	st = store_tournament_link(store, order_id,
	    config_text(config, SETTING_CLUB_TIMEZONE), &expires, err);
	if (st != ST_OK)
		return st;
	if (expires <= clock_now_s())
		return err_set(err, ST_GONE, "the tournament of order %" PRId64
		    " is over: a link to it would be dead", order_id);
	buf_putf(&target, "/checkout/tournament?order_id=%" PRId64
	    "&expires=%" PRId64, order_id, expires);
	return signed_url_put(config, buf_str(&target), url, err);
}
