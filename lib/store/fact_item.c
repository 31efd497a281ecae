/* A fact item's JSON, written straight into the text that the database gets. */
#include "store/fact_item.h"

#include <string.h>

/* Stripe's limit (docs: api/metadata). */
enum { METADATA_VALUE_SIZE = 501 };

static const char *const kinds[FACT_KIND_MAX] = {
	[FACT_SESSION] = "session",
	[FACT_REFUND] = "refund",
	[FACT_CHARGE] = "charge",
	[FACT_DISPUTE] = "dispute",
	[FACT_FAILURE] = "failure",
	[FACT_WARNING] = "warning",
};

/* The comma before a member, but for the first. */
static void
put_name(struct buf *json, const char *name)
{
	if (json->failed)
		return;
	if (json->data[json->len - 1] != '{')
		buf_putc(json, ',');
	buf_putc(json, '"');
	buf_puts(json, name);
	buf_puts(json, "\":");
}

static void
put_text(struct buf *json, const char *name, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	put_name(json, name);
	buf_put_json(json, text, strlen(text));
}

static void
put_number(struct buf *json, const char *name, int64_t value)
{
	put_name(json, name);
	buf_put_i64(json, value);
}

static void
put_time(struct buf *json, const char *name, int64_t at)
{
	if (at > 0)
		put_number(json, name, at);
}

static void
put_flag(struct buf *json, const char *name, bool value)
{
	put_name(json, name);
	buf_puts(json, value ? "true" : "false");
}

/*
 * Metadata that is not text of a lawful length was not written by us: it counts
 * as absent.
 */
static void
put_reference(struct buf *json, const char *name, struct json_node metadata,
    const char *key)
{
	char value[METADATA_VALUE_SIZE];
	struct err unused;

	if (json_get_text(metadata, key, value, sizeof(value), &unused)
	    == ST_OK)
		put_text(json, name, value);
}

/* A key that Stripe would not have taken counts as absent too. */
static void
put_keys(struct buf *json, struct json_node metadata)
{
	bool is_first = true;

	if (!json_exists(json_first(metadata)))
		return;
	put_name(json, "metadata_keys");
	buf_putc(json, '[');
	for (struct json_node member = json_first(metadata);
	    json_exists(member); member = json_next(metadata, member)) {
		char text[METADATA_VALUE_SIZE];
		struct buf key = BUF_FIXED(text);

		json_put_name(&key, member);
		if (key.failed || strlen(buf_str(&key)) != key.len)
			continue;
		if (!is_first)
			buf_putc(json, ',');
		buf_put_json(json, key.data, key.len);
		is_first = false;
	}
	buf_putc(json, ']');
}

static void
put_metadata(struct buf *json, struct json_node metadata)
{
	put_reference(json, "metadata_order_id", metadata, "order_id");
	put_reference(json, "metadata_player_id", metadata, "player_id");
	put_reference(json, "metadata_product_id", metadata, "product_id");
	put_reference(json, "metadata_teamdues", metadata, "teamdues");
	put_reference(json, "metadata_word", metadata, "teamdues_word");
}

/* What it was for, for books that do not have its order. */
static void
put_words(struct buf *json, struct json_node metadata)
{
	put_reference(json, "metadata_player", metadata, "teamdues_player");
	put_reference(json, "metadata_product", metadata, "teamdues_product");
	put_reference(json, "metadata_tournament", metadata,
	    "teamdues_tournament");
}

static void
put_event(struct buf *json, const struct fact_item *item)
{
	put_text(json, "event_id", item->event_id);
	put_text(json, "event_type", item->event_type);
	put_name(json, "object_id");
	buf_put_json(json, item->object_id, strlen(item->object_id));
	put_flag(json, "event_livemode", item->event_livemode);
	put_name(json, "api_version");
	buf_put_json(json, item->api_version, strlen(item->api_version));
	put_number(json, "event_created", item->event_created);
}

static void
put_session(struct buf *json, const struct fact_item *item)
{
	put_text(json, "session_id", item->session_id);
	put_number(json, "at", item->at);
	/* Of one that is gone nothing else is known. */
	if (item->currency == NULL)
		return;
	put_number(json, "created", item->created);
	put_flag(json, "livemode", item->livemode);
	put_flag(json, "is_our_mode", item->is_our_mode);
	put_text(json, "currency", item->currency);
	put_text(json, "customer_id", item->customer_id);
	put_text(json, "email", item->email);
	put_text(json, "payer_name", item->payer_name);
	put_text(json, "client_reference_id", item->client_reference_id);
	put_text(json, "payment_link", item->payment_link);
	put_number(json, "amount_cents", item->amount_cents);
	put_metadata(json, item->metadata);
	put_words(json, item->metadata);
	put_keys(json, item->metadata);
}

static void
put_fact(struct buf *json, const struct fact_item *item)
{
	put_text(json, "kind", kinds[item->kind]);
	put_text(json, "word", item->word);
	put_text(json, "payment_intent_id", item->payment_intent_id);
	switch (item->kind) {
	case FACT_SESSION:
		put_session(json, item);
		break;
	case FACT_REFUND:
		put_text(json, "refund_id", item->refund_id);
		put_number(json, "amount_cents", item->amount_cents);
		put_time(json, "created", item->created);
		break;
	case FACT_CHARGE:
		put_number(json, "amount_cents", item->amount_cents);
		break;
	case FACT_DISPUTE:
		put_text(json, "dispute_id", item->dispute_id);
		put_number(json, "amount_cents", item->amount_cents);
		put_flag(json, "is_withdrawn", item->is_withdrawn);
		put_flag(json, "is_reinstated", item->is_reinstated);
		put_time(json, "created", item->created);
		put_time(json, "due_by", item->due_by);
		break;
	case FACT_WARNING:
		put_text(json, "warning_id", item->warning_id);
		put_text(json, "message", item->message);
		put_number(json, "created", item->created);
		break;
	case FACT_FAILURE:
		put_number(json, "at", item->at);
		put_text(json, "message", item->message);
		put_metadata(json, item->metadata);
		break;
	case FACT_NONE:
	case FACT_KIND_MAX:
		break;
	}
}

void
fact_item_put(struct buf *json, const struct fact_item *item)
{
	buf_putc(json, '{');
	put_text(json, "disposition", item->disposition);
	put_text(json, "reason", item->reason);
	if (item->event_id != NULL)
		put_event(json, item);
	if (item->kind != FACT_NONE)
		put_fact(json, item);
	buf_putc(json, '}');
}
