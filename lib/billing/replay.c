#include "billing/replay.h"

#include <string.h>

#include "billing/judgement.h"
#include "store/overview.h"

/* A store_row: keeps the event's row; context is a struct json_object **. */
static enum status
keep_row(void *context, struct json_object *row, struct err *err)
{
	(void)err;
	*(struct json_object **)context = json_object_get(row);
	return ST_OK;
}

static enum status
make_item(const char *body, bool livemode, struct json_object **item,
    struct err *err)
{
	struct stripe_event event = { .json = NULL };
	struct json_object *envelope = NULL;
	struct fact fact = { NULL, NULL };
	struct verdict verdict;
	enum status st;

	st = stripe_event_parse(body, strlen(body), &event, err);
	if (st == ST_OK)
		st = judge_event(&event, livemode, &verdict, &fact, err);
	if (st == ST_OK)
		st = item_event(&event, body, &envelope, err);
	if (st == ST_OK)
		st = item_new(envelope, &fact, &verdict, item, err);
	fact_clear(&fact);
	stripe_event_clear(&event);
	return st;
}

enum status
replay_event(struct store *store, const struct replay *replay,
    struct replay_result *result, struct err *err)
{
	struct json_object *row = NULL;
	struct json_object *item = NULL;
	struct json_object *payload;
	enum status st;

	st = store_event_detail(store, replay->event_id, keep_row, &row, err);
	if (st != ST_OK)
		goto out;
	payload = json_at(row, "payload");
	if (payload == NULL)
		st = err_set(err, ST_GONE, "%s: its payload was pruned",
		    replay->event_id);
	else
		st = make_item(json_object_get_string(payload),
		    replay->livemode, &item, err);
	if (st == ST_OK)
		st = store_replay_event(store, item, replay->commit, result,
		    err);
out:
	json_object_put(item);
	json_object_put(row);
	return st;
}
