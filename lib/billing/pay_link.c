#include "billing/pay_link.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/signed_url.h"
#include "store/links.h"

enum { TARGET_MAX = 256, LINK_LASTS_S = 30 * 24 * 3600 };

enum status
pay_link_tournament(struct store *store, const struct config *config,
    int64_t order_id, const char *until, struct buf *url, struct err *err)
{
	char text[TARGET_MAX];
	struct buf target = BUF_FIXED(text);
	struct tournament_link link;
	enum status st;

	st = store_tournament_link(store, order_id,
	    config_text(config, SETTING_CLUB_TIMEZONE), until, &link, err);
	if (st != ST_OK)
		return st;
	if (link.expires <= clock_now_s() && until != NULL)
		return err_set(err, ST_GONE, "%s is over: a link that ends "
		    "with it would be dead", until);
	if (link.expires <= clock_now_s())
		return err_set(err, ST_GONE, "the tournament of order %" PRId64
		    " is over: a link to it would be dead (--until names a "
		    "later day)", order_id);
	buf_putf(&target, "/checkout/tournament?order_id=%" PRId64, order_id);
	signed_url_put_word(&target, link.word);
	buf_putf(&target, "&expires=%" PRId64, link.expires);
	return signed_url_put(config, buf_str(&target), url, err);
}

/* path names all but the id and the end. */
static enum status
put_dated(const struct config *config, const char *path, int64_t id,
    const char *word, struct buf *url, struct err *err)
{
	char text[TARGET_MAX];
	struct buf target = BUF_FIXED(text);

	buf_putf(&target, "%s=%" PRId64, path, id);
	signed_url_put_word(&target, word);
	buf_putf(&target, "&expires=%" PRId64, clock_now_s() + LINK_LASTS_S);
	return signed_url_put(config, buf_str(&target), url, err);
}

enum status
pay_link_tryout(struct store *store, const struct config *config,
    int64_t order_id, struct buf *url, struct err *err)
{
	char word[SIGNED_WORD_SIZE];
	enum status st = store_order_link(store, order_id, "tryout", word,
	    err);

	if (st != ST_OK)
		return st;
	return put_dated(config, "/tryouts/pay?order_id", order_id, word, url,
	    err);
}

static enum status
put_of_player(struct store *store, const struct config *config,
    const char *path, int64_t player_id, struct buf *url, struct err *err)
{
	char word[SIGNED_WORD_SIZE];
	enum status st = store_player_link(store, player_id, word, err);

	if (st != ST_OK)
		return st;
	return put_dated(config, path, player_id, word, url, err);
}

enum status
pay_link_jersey(struct store *store, const struct config *config,
    int64_t player_id, struct buf *url, struct err *err)
{
	return put_of_player(store, config, "/checkout/jersey?player_id",
	    player_id, url, err);
}

enum status
pay_link_create_session(struct store *store, const struct config *config,
    int64_t player_id, struct buf *url, struct err *err)
{
	return put_of_player(store, config,
	    "/checkout/create-session?player_id", player_id, url, err);
}

/* Its signature is right: it was ours once. */
enum status
pay_link_check_word(const char *word, const char *wanted, struct err *err)
{
	if (strcmp(word, wanted) == 0)
		return ST_OK;
	return err_set(err, ST_GONE, "the club has written its records anew "
	    "since this link was made, and it leads nowhere any more. What you "
	    "have paid is not lost, and nothing was charged now. Please ask "
	    "the club for a new link");
}

enum status
pay_link_check_player(struct store *store, int64_t player_id,
    const char *word, struct err *err)
{
	char wanted[SIGNED_WORD_SIZE];
	enum status st = store_player_link(store, player_id, wanted, err);

	if (st != ST_OK)
		return st;
	return pay_link_check_word(word, wanted, err);
}
