#include <string.h>

#include "billing/session_fact.h"

static bool
has_failed(const struct stripe_session *session)
{
	char status[64];
	struct err ignored;

	if (json_get_text(session->json, "payment_intent.status", status,
	    sizeof(status), &ignored) != ST_OK)
		return false;
	return strcmp(status, "requires_payment_method") == 0
	    || strcmp(status, "canceled") == 0;
}

const char *
session_fact_name(const struct stripe_session *session)
{
	if (session->status == SESSION_EXPIRED)
		return "expired";
	if (session->status != SESSION_COMPLETE)
		return NULL;
	if (session->payment_status == PAYMENT_PAID)
		return "paid";
	if (session->payment_status == PAYMENT_NOT_REQUIRED)
		return "free";
	return has_failed(session) ? "failed" : "unpaid";
}

int64_t
session_fact_time(const struct stripe_session *session)
{
	static const char *const paths[] = {
		"payment_intent.latest_charge.created",
		"payment_intent.created",
	};
	struct err ignored;
	int64_t at;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (json_get_i64(session->json, paths[i], 0, INT64_MAX, &at,
		    &ignored) == ST_OK)
			return at;
	return session->created;
}

static enum status
put_text_unless_empty(struct json_object *object, const char *key,
    const char *text, struct err *err)
{
	return text[0] == '\0' ? ST_OK : json_put_text(object, key, text, err);
}

/*
 * Metadata that is not text of a lawful length was not written by us: it counts
 * as absent.
 */
static enum status
put_metadata(struct json_object *json, struct json_node metadata,
    const char *key, struct err *err)
{
	char value[STRIPE_METADATA_SIZE];
	struct err ignored;

	if (json_get_text(metadata, key, value, sizeof(value), &ignored) !=
	    ST_OK)
		return ST_OK;
	return json_put_text(json, key, value, err);
}

static enum status
add_key(struct json_object *keys, struct json_node member, struct err *err)
{
	char text[STRIPE_METADATA_SIZE];
	struct buf key = BUF_FIXED(text);
	struct json_object *name;

	json_put_name(&key, member);
	if (key.failed || strlen(buf_str(&key)) != key.len)
		return ST_OK;
	name = json_object_new_string(buf_str(&key));
	if (name != NULL && json_object_array_add(keys, name) == 0)
		return ST_OK;
	json_object_put(name);
	return err_set(err, ST_NOMEM, "no memory for metadata");
}

/* A key that Stripe would not have taken counts as absent too. */
static enum status
put_metadata_keys(struct json_object *json, struct json_node metadata,
    struct err *err)
{
	struct json_object *keys = json_object_new_array();
	enum status st = ST_OK;

	if (keys == NULL)
		return err_set(err, ST_NOMEM, "no memory for metadata");
	for (struct json_node member = json_first(metadata);
	    st == ST_OK && json_exists(member);
	    member = json_next(metadata, member))
		st = add_key(keys, member, err);
	if (st == ST_OK && json_object_object_add(json, "keys", keys) == 0)
		return ST_OK;
	json_object_put(keys);
	return st != ST_OK ? st
	    : err_set(err, ST_NOMEM, "no memory for metadata");
}

static enum status
put_references(struct json_object *json, const struct stripe_session *session,
    struct err *err)
{
	static const char *const keys[] = { "order_id", "player_id",
	    "product_id", "teamdues" };
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < sizeof(keys) / sizeof(keys[0]);
	    i++)
		st = put_metadata(json, session->metadata, keys[i], err);
	if (st == ST_OK)
		st = put_metadata_keys(json, session->metadata, err);
	if (st == ST_OK)
		st = put_text_unless_empty(json, "client_reference_id",
		    session->client_reference_id, err);
	if (st == ST_OK)
		st = put_text_unless_empty(json, "payment_link",
		    session->payment_link, err);
	return st;
}

static enum status
put_payment(struct json_object *json, const struct stripe_session *session,
    struct err *err)
{
	enum status st;

	st = json_put_bool(json, "livemode", session->livemode, err);
	if (st == ST_OK)
		st = json_put_i64(json, "created", session->created, err);
	if (st == ST_OK)
		st = json_put_i64(json, "amount_cents", session->amount_total,
		    err);
	if (st == ST_OK)
		st = json_put_text(json, "currency", session->currency, err);
	if (st == ST_OK)
		st = put_text_unless_empty(json, "payment_intent",
		    session->payment_intent, err);
	if (st == ST_OK)
		st = put_text_unless_empty(json, "customer", session->customer,
		    err);
	if (st == ST_OK)
		st = put_text_unless_empty(json, "email", session->email, err);
	return st;
}

enum status
session_fact_json(const struct session_fact *fact, struct json_object **json,
    struct err *err)
{
	struct json_object *o = json_object_new_object();
	enum status st;

	if (o == NULL)
		return err_set(err, ST_NOMEM, "no memory for a fact");
	st = json_put_text(o, "id", fact->session->id, err);
	if (st == ST_OK)
		st = json_put_text(o, "fact", fact->name, err);
	if (st == ST_OK)
		st = json_put_i64(o, "at", fact->at, err);
	if (st == ST_OK)
		st = json_put_bool(o, "is_our_mode", fact->is_our_mode, err);
	if (st == ST_OK)
		st = put_payment(o, fact->session, err);
	if (st == ST_OK)
		st = put_references(o, fact->session, err);
	if (st != ST_OK) {
		json_object_put(o);
		return st;
	}
	*json = o;
	return ST_OK;
}
