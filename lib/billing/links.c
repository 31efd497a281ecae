#include "billing/links.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/signed_url.h"
#include "store/links.h"

enum { TARGET_MAX = 128, LINK_LASTS_S = 30 * 24 * 3600 };

enum status
billing_link_tournament(struct store *store, const struct config *config,
    int64_t order_id, const char *until, struct buf *url, struct err *err)
{
	char text[TARGET_MAX];
	struct buf target = BUF_FIXED(text);
	int64_t expires;
	enum status st;

	st = store_tournament_link(store, order_id,
	    config_text(config, SETTING_CLUB_TIMEZONE), until, &expires, err);
	if (st != ST_OK)
		return st;
	if (expires <= clock_now_s() && until != NULL)
		return err_set(err, ST_GONE, "%s is over: a link that ends "
		    "with it would be dead", until);
	if (expires <= clock_now_s())
		return err_set(err, ST_GONE, "the tournament of order %" PRId64
		    " is over: a link to it would be dead (--until names a "
		    "later day)", order_id);
	buf_putf(&target, "/checkout/tournament?order_id=%" PRId64
	    "&expires=%" PRId64, order_id, expires);
	return signed_url_put(config, buf_str(&target), url, err);
}

/* path names all but the id and the end. */
static enum status
put_dated(const struct config *config, const char *path, int64_t id,
    struct buf *url, struct err *err)
{
	char text[TARGET_MAX];
	struct buf target = BUF_FIXED(text);

	buf_putf(&target, "%s=%" PRId64 "&expires=%" PRId64, path, id,
	    clock_now_s() + LINK_LASTS_S);
	return signed_url_put(config, buf_str(&target), url, err);
}

enum status
billing_link_tryout(struct store *store, const struct config *config,
    int64_t order_id, struct buf *url, struct err *err)
{
	enum status st = store_check_order_kind(store, order_id, "tryout",
	    err);

	if (st != ST_OK)
		return st;
	return put_dated(config, "/tryouts/pay?order_id", order_id, url, err);
}

enum status
billing_link_jersey(struct store *store, const struct config *config,
    int64_t player_id, struct buf *url, struct err *err)
{
	enum status st = store_check_player(store, player_id, err);

	if (st != ST_OK)
		return st;
	return put_dated(config, "/checkout/jersey?player_id", player_id, url,
	    err);
}

enum status
billing_link_create_session(struct store *store, const struct config *config,
    int64_t player_id, struct buf *url, struct err *err)
{
	enum status st = store_check_player(store, player_id, err);

	if (st != ST_OK)
		return st;
	return put_dated(config, "/checkout/create-session?player_id",
	    player_id, url, err);
}
