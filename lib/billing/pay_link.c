#include "billing/pay_link.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "store/links.h"

enum { TARGET_MAX = 256 };

/* Where each kind leads, and what it names. */
static const struct {
	const char *path;
	const char *id_name;
	const char *order_kind;	/* NULL: it names a player */
} kinds[PAY_LINK_MAX] = {
	[PAY_LINK_FIRST_PAYMENT] = { "/checkout/first-payment", "player_id",
		NULL },
	[PAY_LINK_TOURNAMENT] = { "/checkout/tournament", "order_id",
		"tournament" },
	[PAY_LINK_TRYOUT] = { "/tryouts/pay", "order_id", "tryout" },
	[PAY_LINK_JERSEY] = { "/checkout/jersey", "player_id", NULL },
	[PAY_LINK_CREATE_SESSION] = { "/checkout/create-session", "player_id",
		NULL },
};

/* Fails for a kind that was added to the schema and not to the table. */
enum status
pay_link_kind_of_order(const char *order_kind, enum pay_link_kind *kind,
    struct err *err)
{
	for (int i = 0; i < PAY_LINK_MAX; i++)
		if (kinds[i].order_kind != NULL &&
		    strcmp(kinds[i].order_kind, order_kind) == 0) {
			*kind = (enum pay_link_kind)i;
			return ST_OK;
		}
	return err_set(err, ST_BUG, "no pay link leads to an order of kind "
	    "\"%s\"", order_kind);
}

enum status
pay_link_put(const struct config *config, const struct pay_link *link,
    struct buf *url, struct err *err)
{
	char text[TARGET_MAX];
	struct buf target = BUF_FIXED(text);

	buf_putf(&target, "%s?%s=%" PRId64, kinds[link->kind].path,
	    kinds[link->kind].id_name, link->id);
	signed_url_put_word(&target, link->word);
	if (link->quote != NULL)
		buf_puts(&target, link->quote);
	buf_putf(&target, "&expires=%" PRId64, link->expires);
	return signed_url_put(config, buf_str(&target), url, err);
}

/*
 * A link that is dead when it arrives would only send the family to the club:
 * it is refused here, with the option that helps.
 */
static enum status
find_order(struct store *store, const struct config *config, const char *until,
    struct pay_link *link, struct err *err)
{
	const char *wanted = kinds[link->kind].order_kind;
	struct store_link found;
	enum status st;

	st = store_order_link(store, link->id,
	    config_text(config, SETTING_CLUB_TIMEZONE), until, &found, err);
	if (st != ST_OK)
		return st;
	if (strcmp(found.order_kind, wanted) != 0)
		return err_set(err, ST_CONFLICT, "order %" PRId64 " is for a %s"
		    ", not for a %s", link->id, found.order_kind, wanted);
	if (found.expires <= clock_now_s() && until != NULL)
		return err_set(err, ST_GONE, "%s is over: a link that ends "
		    "with it would be dead", until);
	if (found.expires <= clock_now_s())
		return err_set(err, ST_GONE, "the tournament of order %" PRId64
		    " is over: a link to it would be dead (--until names a "
		    "later day)", link->id);
	memcpy(link->word, found.word, sizeof(link->word));
	link->expires = found.expires;
	return ST_OK;
}

static enum status
find_player(struct store *store, struct pay_link *link, struct err *err)
{
	struct store_link found;
	enum status st = store_player_link(store, link->id, &found, err);

	if (st != ST_OK)
		return st;
	memcpy(link->word, found.word, sizeof(link->word));
	link->expires = found.expires;
	return ST_OK;
}

enum status
pay_link_make(struct store *store, const struct config *config,
    const struct pay_link_request *request, struct buf *url, struct err *err)
{
	struct pay_link link = { .kind = request->kind, .id = request->id };
	enum status st;

	if (kinds[link.kind].order_kind != NULL)
		st = find_order(store, config, request->until, &link, err);
	else
		st = find_player(store, &link, err);
	if (st != ST_OK)
		return st;
	return pay_link_put(config, &link, url, err);
}

/*
 * The signature was valid, so the club did send this link: the answer is for a
 * family that has done nothing wrong.
 */
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
	struct store_link wanted;
	enum status st = store_player_link(store, player_id, &wanted, err);

	if (st != ST_OK)
		return st;
	return pay_link_check_word(word, wanted.word, err);
}
