/*
 * A fact item's JSON, written straight into the text that the database gets: a
 * webhook's whole cost in memory is this one buffer.  Only what the kind of
 * fact has is written; sql/functions/facts.sql says at its head which members
 * each kind carries.
 */
#include "store/fact_item.h"

#include <string.h>

#include "base/json_out.h"

/*
 * 500 characters and the end: Stripe's limit for a value (docs: api/metadata).
 */
enum { METADATA_VALUE_SIZE = 501 };

static const char *const kinds[FACT_KIND_MAX] = {
	[FACT_SESSION] = "session",
	[FACT_REFUND] = "refund",
	[FACT_CHARGE] = "charge",
	[FACT_DISPUTE] = "dispute",
	[FACT_FAILURE] = "failure",
	[FACT_WARNING] = "warning",
};

/* Absent when it is not known: 0 would be read as 1970. */
static void
put_time(struct json_out *json, const char *name, int64_t at)
{
	if (at > 0)
		json_out_i64(json, name, at);
}

/*
 * Metadata that is not text, or is longer than we ever write, was not written
 * by us: it counts as absent.  It must not fail, since an event whose payment
 * is real has to be recorded whatever its metadata says.
 */
static void
put_reference(struct json_out *json, const char *name,
    struct json_node metadata, const char *key)
{
	char value[METADATA_VALUE_SIZE];
	struct err unused;

	if (json_get_text(metadata, key, value, sizeof(value), &unused) ==
	    ST_OK)
		json_out_optional(json, name, value);
}

/*
 * The names of all keys, for rules that dismiss payments by a key of theirs.  A
 * key with a NUL or too long for Stripe counts as absent: PostgreSQL's text
 * could not hold it.
 */
static void
put_keys(struct json_out *json, struct json_node metadata)
{
	if (!json_exists(json_first(metadata)))
		return;
	json_out_array(json, "metadata_keys");
	for (struct json_node member = json_first(metadata);
	    json_exists(member); member = json_next(metadata, member)) {
		char text[METADATA_VALUE_SIZE];
		struct buf key = BUF_FIXED(text);

		json_put_name(&key, member);
		if (!key.failed && strlen(buf_str(&key)) == key.len)
			json_out_text(json, NULL, buf_str(&key));
	}
	json_out_end(json);
}

static void
put_metadata(struct json_out *json, struct json_node metadata)
{
	put_reference(json, "metadata_order_id", metadata, "order_id");
	put_reference(json, "metadata_player_id", metadata, "player_id");
	put_reference(json, "metadata_product_id", metadata, "product_id");
	put_reference(json, "metadata_teamdues", metadata, "teamdues");
	put_reference(json, "metadata_word", metadata, "teamdues_word");
}

/*
 * What the payment was for, in words: books that were restored from an older
 * backup do not have its order, and a person has to find out what it is for.
 */
static void
put_words(struct json_out *json, struct json_node metadata)
{
	put_reference(json, "metadata_player", metadata, "teamdues_player");
	put_reference(json, "metadata_product", metadata, "teamdues_product");
	put_reference(json, "metadata_tournament", metadata,
	    "teamdues_tournament");
}

/*
 * Absent for an answer: only the webhook brings events, and the database
 * refuses them from any other program (record_api.sql).
 */
static void
put_event(struct json_out *json, const struct fact_item *item)
{
	json_out_optional(json, "event_id", item->event_id);
	json_out_optional(json, "event_type", item->event_type);
	json_out_text(json, "object_id", item->object_id);
	json_out_bool(json, "event_livemode", item->event_livemode);
	json_out_text(json, "api_version", item->api_version);
	json_out_i64(json, "event_created", item->event_created);
}

static void
put_session(struct json_out *json, const struct fact_item *item)
{
	json_out_optional(json, "session_id", item->session_id);
	json_out_i64(json, "at", item->at);
	/*
	 * A session that Stripe does not know any more has an id and nothing
	 * else.
	 */
	if (item->currency == NULL)
		return;
	json_out_i64(json, "created", item->created);
	json_out_bool(json, "livemode", item->livemode);
	json_out_bool(json, "is_our_mode", item->is_our_mode);
	json_out_optional(json, "currency", item->currency);
	json_out_optional(json, "customer_id", item->customer_id);
	json_out_optional(json, "email", item->email);
	json_out_optional(json, "payer_name", item->payer_name);
	json_out_optional(json, "client_reference_id",
	    item->client_reference_id);
	json_out_optional(json, "payment_link", item->payment_link);
	json_out_i64(json, "amount_cents", item->amount_cents);
	put_metadata(json, item->metadata);
	put_words(json, item->metadata);
	put_keys(json, item->metadata);
}

static void
put_fact(struct json_out *json, const struct fact_item *item)
{
	json_out_optional(json, "kind", kinds[item->kind]);
	json_out_optional(json, "word", item->word);
	json_out_optional(json, "payment_intent_id", item->payment_intent_id);
	switch (item->kind) {
	case FACT_SESSION:
		put_session(json, item);
		break;
	case FACT_REFUND:
		json_out_optional(json, "refund_id", item->refund_id);
		json_out_i64(json, "amount_cents", item->amount_cents);
		put_time(json, "created", item->created);
		break;
	case FACT_CHARGE:
		json_out_i64(json, "amount_cents", item->amount_cents);
		break;
	case FACT_DISPUTE:
		json_out_optional(json, "dispute_id", item->dispute_id);
		json_out_i64(json, "amount_cents", item->amount_cents);
		json_out_bool(json, "is_withdrawn", item->is_withdrawn);
		json_out_bool(json, "is_reinstated", item->is_reinstated);
		put_time(json, "created", item->created);
		put_time(json, "due_by", item->due_by);
		break;
	case FACT_WARNING:
		json_out_optional(json, "warning_id", item->warning_id);
		json_out_optional(json, "message", item->message);
		json_out_i64(json, "created", item->created);
		break;
	case FACT_FAILURE:
		json_out_i64(json, "at", item->at);
		json_out_optional(json, "message", item->message);
		put_metadata(json, item->metadata);
		break;
	case FACT_NONE:
	case FACT_KIND_MAX:
		break;
	}
}

void
fact_item_put(struct buf *text, const struct fact_item *item)
{
	struct json_out json = JSON_OUT(text);

	json_out_object(&json, NULL);
	json_out_optional(&json, "disposition", item->disposition);
	json_out_optional(&json, "reason", item->reason);
	if (item->event_id != NULL)
		put_event(&json, item);
	if (item->kind != FACT_NONE)
		put_fact(&json, item);
	json_out_end(&json);
}
