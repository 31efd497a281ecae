/*
 * Whoever made the session may have written anything into it: every value is
 * compared as text, and one that is missing is told apart from one that
 * differs.
 */
#include "billing/repair/session_check.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

enum { ID_TEXT_SIZE = 24, SHOWN_MAX = 40 };

/* One key of metadata: what it has to be. */
struct wanted {
	const char *key;
	const char *what;	/* in words; NULL: not for people's eyes */
	const char *value;
};

enum { WANTED_MAX = 5 };

struct wanted_list {
	struct wanted keys[WANTED_MAX];
	size_t count;
	char order_id[ID_TEXT_SIZE];
	char player_id[ID_TEXT_SIZE];
	char product_id[ID_TEXT_SIZE];
};

static const char *
id_text(char text[ID_TEXT_SIZE], int64_t id)
{
	struct buf b = buf_over(text, ID_TEXT_SIZE);

	buf_put_i64(&b, id);
	return text;
}

static void
want(struct wanted_list *list, const struct checkout_order *order)
{
	list->keys[0] = (struct wanted){ "order_id", "order",
	    id_text(list->order_id, order->order_id) };
	list->keys[1] = (struct wanted){ "player_id", "player",
	    id_text(list->player_id, order->player_id) };
	list->keys[2] = (struct wanted){ "product_id", "product",
	    id_text(list->product_id, order->product_id) };
	list->keys[3] = (struct wanted){ "teamdues", NULL,
	    order->installation_id };
	list->count = 4;
	if (order->word[0] != '\0')
		list->keys[list->count++] = (struct wanted){ "teamdues_word",
		    NULL, order->word };
}

/*
 * False when the session has no such key.  A value that is no text, or too
 * long, reads as "", which differs from all that is wanted.
 */
static bool
read_key(const struct stripe_session *session, const char *key,
    char value[STRIPE_METADATA_SIZE])
{
	struct err ignored;

	value[0] = '\0';
	if (!json_has(session->metadata, key))
		return false;
	if (json_get_text(session->metadata, key, value, STRIPE_METADATA_SIZE,
	    &ignored) != ST_OK)
		value[0] = '\0';
	return true;
}

/*
 * The word and the installation's id are random texts, and the word is in
 * signed links: neither is shown.  Another value is shown only when it is
 * short, readable text.
 */
static void
put_named(struct buf *reason, const struct wanted *wanted, const char *value)
{
	struct err ignored;

	if (strcmp(wanted->key, "teamdues_word") == 0)
		buf_puts(reason, "metadata has another order's word");
	else if (wanted->what == NULL)
		buf_puts(reason, "metadata names another installation");
	else if (text_check("", value, strlen(value), SHOWN_MAX, &ignored) !=
	    ST_OK)
		buf_putf(reason, "metadata names another %s", wanted->what);
	else
		buf_putf(reason, "metadata names %s %s", wanted->what, value);
}

bool
session_names_another(const struct checkout_order *order,
    const struct stripe_session *session, struct buf *reason)
{
	struct wanted_list list;
	char value[STRIPE_METADATA_SIZE];

	want(&list, order);
	for (size_t i = 0; i < list.count; i++) {
		const struct wanted *wanted = &list.keys[i];

		if (read_key(session, wanted->key, value) &&
		    strcmp(value, wanted->value) != 0) {
			put_named(reason, wanted, value);
			return true;
		}
	}
	return false;
}

/*
 * All missing keys are named: a person sees whether one was forgotten or all
 * were.
 */
static bool
lacks_metadata(const struct checkout_order *order,
    const struct stripe_session *session, struct buf *reason)
{
	struct wanted_list list;
	char value[STRIPE_METADATA_SIZE];
	const char *before = "no metadata: ";

	want(&list, order);
	for (size_t i = 0; i < list.count; i++) {
		if (read_key(session, list.keys[i].key, value))
			continue;
		buf_puts(reason, before);
		buf_puts(reason, list.keys[i].key);
		before = ", ";
	}
	return reason->len > 0;
}

/*
 * Anybody may choose the reference in the address of a payment link: only one
 * that is the number of another order contradicts.
 */
static bool
refers_elsewhere(const struct checkout_order *order,
    const struct stripe_session *session, struct buf *reason)
{
	const char *text = session->client_reference_id;
	int64_t id;

	if (!text_parse_id(text, strlen(text), &id) || id == order->order_id)
		return false;
	buf_putf(reason, "client_reference_id names order %" PRId64, id);
	return true;
}

static bool
asks_another_amount(const struct checkout_order *order,
    const struct stripe_session *session, struct buf *reason)
{
	if (strcmp(session->currency, order->currency) != 0) {
		buf_putf(reason, "currency is %s, not %s", session->currency,
		    order->currency);
		return true;
	}
	if (session->amount_total == order->left_cents)
		return false;
	buf_puts(reason, "amount is ");
	money_put(reason, session->amount_total, order->currency);
	buf_puts(reason, ", not ");
	money_put(reason, order->left_cents, order->currency);
	return true;
}

bool
session_is_broken(const struct checkout_order *order,
    const struct stripe_session *session, struct buf *reason)
{
	return session_names_another(order, session, reason) ||
	    lacks_metadata(order, session, reason) ||
	    refers_elsewhere(order, session, reason) ||
	    asks_another_amount(order, session, reason);
}
