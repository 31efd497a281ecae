#include "billing/item.h"

#include <string.h>

/* One member of a flat object. */
struct member {
	const char *key;
	const char *text;	/* NULL: number is meant */
	int64_t number;
};

static enum status
flat_object(const struct member *members, size_t count,
    struct json_object **json, struct err *err)
{
	struct json_object *o = json_object_new_object();
	enum status st = ST_OK;

	if (o == NULL)
		return err_set(err, ST_NOMEM, "no memory for an item");
	for (size_t i = 0; st == ST_OK && i < count; i++)
		st = members[i].text != NULL
		    ? json_put_text(o, members[i].key, members[i].text, err)
		    : json_put_i64(o, members[i].key, members[i].number, err);
	if (st != ST_OK) {
		json_object_put(o);
		return st;
	}
	*json = o;
	return ST_OK;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void
fact_clear(struct fact *fact)
{
	json_object_put(fact->json);
	*fact = (struct fact){ NULL, NULL };
}

enum status
item_event(const struct stripe_event *event, const char *body,
    struct json_object **json, struct err *err)
{
	const struct member members[] = {
		{ "id", event->id, 0 },
		{ "type", event->type, 0 },
		{ "object_id", event->object_id, 0 },
		{ "livemode", event->livemode ? "true" : "false", 0 },
		{ "api_version", event->api_version, 0 },
		{ "created", NULL, event->created },
		{ "payload", body, 0 },
	};

	return flat_object(members, COUNT(members), json, err);
}

enum status
item_charge(const struct stripe_charge *charge, struct json_object **json,
    struct err *err)
{
	const struct member members[] = {
		{ "payment_intent", charge->payment_intent, 0 },
		{ "amount_refunded_cents", NULL, charge->amount_refunded },
	};

	return flat_object(members, COUNT(members), json, err);
}

enum status
item_refund(const struct stripe_refund *refund, struct json_object **json,
    struct err *err)
{
	const struct member members[] = {
		{ "id", refund->id, 0 },
		{ "status", refund->status, 0 },
		{ "payment_intent", refund->payment_intent, 0 },
		{ "amount_cents", NULL, refund->amount },
	};

	return flat_object(members, COUNT(members), json, err);
}

/* Adds value under key, and lets go of it where that fails. */
static enum status
add(struct json_object *object, const char *key, struct json_object *value,
    struct err *err)
{
	if (json_object_object_add(object, key, value) == 0)
		return ST_OK;
	json_object_put(value);
	return err_set(err, ST_NOMEM, "no memory for an item");
}

static enum status
text_array(const char *const *texts, struct json_object **json,
    struct err *err)
{
	struct json_object *array = json_object_new_array();

	if (array == NULL)
		return err_set(err, ST_NOMEM, "no memory for an item");
	for (; *texts != NULL; texts++) {
		struct json_object *text = json_object_new_string(*texts);

		if (text == NULL || json_object_array_add(array, text) != 0) {
			json_object_put(text);
			json_object_put(array);
			return err_set(err, ST_NOMEM, "no memory for an item");
		}
	}
	*json = array;
	return ST_OK;
}

enum status
item_dispute(const struct stripe_dispute *dispute, const char *const *facts,
    struct json_object **json, struct err *err)
{
	const struct member members[] = {
		{ "id", dispute->id, 0 },
		{ "payment_intent", dispute->payment_intent, 0 },
		{ "amount_cents", NULL, dispute->amount },
	};
	struct json_object *array = NULL;
	enum status st;

	st = flat_object(members, COUNT(members), json, err);
	if (st != ST_OK)
		return st;
	st = text_array(facts, &array, err);
	if (st == ST_OK)
		st = add(*json, "facts", array, err);
	if (st != ST_OK) {
		json_object_put(*json);
		*json = NULL;
	}
	return st;
}

/* The metadata that tell whose order it was; other people's count as none. */
static enum status
put_order(struct json_object *json, struct json_node metadata,
    struct err *err)
{
	static const char *const keys[] = { "order_id", "teamdues" };
	char value[STRIPE_MESSAGE_SIZE];
	struct err unused;
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < COUNT(keys); i++)
		if (json_get_text(metadata, keys[i], value, sizeof(value),
		    &unused) == ST_OK)
			st = json_put_text(json, keys[i], value, err);
	return st;
}

enum status
item_failure(const struct stripe_failure *failure, int64_t at,
    struct json_object **json, struct err *err)
{
	const struct member members[] = {
		{ "payment_intent", failure->payment_intent, 0 },
		{ "at", NULL, at },
		{ "message", failure->message, 0 },
	};
	enum status st;

	st = flat_object(members, COUNT(members), json, err);
	if (st == ST_OK)
		st = put_order(*json, failure->metadata, err);
	if (st != ST_OK) {
		json_object_put(*json);
		*json = NULL;
	}
	return st;
}

/* Takes value unless it is NULL. */
static enum status
add_if(struct json_object *object, const char *key,
    struct json_object **value, struct err *err)
{
	struct json_object *given = *value;

	*value = NULL;
	return given == NULL ? ST_OK : add(object, key, given, err);
}

enum status
item_new(struct json_object *envelope, struct fact *fact,
    const struct verdict *verdict, struct json_object **item, struct err *err)
{
	struct json_object *o = json_object_new_object();
	enum status st = ST_OK;

	if (o == NULL)
		st = err_set(err, ST_NOMEM, "no memory for an item");
	if (st == ST_OK)
		st = add_if(o, "event", &envelope, err);
	if (st == ST_OK)
		st = add_if(o, fact->name, &fact->json, err);
	if (st == ST_OK)
		st = json_put_text(o, "disposition", verdict->disposition, err);
	if (st == ST_OK)
		st = json_put_text(o, "reason", verdict->reason, err);
	json_object_put(envelope);
	fact_clear(fact);
	if (st != ST_OK) {
		json_object_put(o);
		return st;
	}
	*item = o;
	return ST_OK;
}
