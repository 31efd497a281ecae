#include "billing/replay.h"

#include <string.h>

#include "billing/judgement.h"
#include "store/overview.h"

/* More than any webhook takes. */
enum { BODY_MAX = 16 * 1024 * 1024 };

/* A store_row: keeps the event's body; context is the struct buf for it. */
static enum status
keep_body(void *context, struct json_node row, struct err *err)
{
	struct buf *body = context;

	json_put_chars(body, json_at(row, "payload"));
	return buf_check(body, "the event's body", err);
}

static enum status
make_item(const char *body, bool livemode, struct json_object **item,
    struct err *err)
{
	struct stripe_event event;
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
	struct buf body = BUF_INIT(BODY_MAX);
	struct json_object *item = NULL;
	enum status st;

	st = store_event_detail(store, replay->event_id, keep_body, &body,
	    err);
	if (st == ST_OK && body.len == 0)
		st = err_set(err, ST_GONE, "%s: its payload was pruned",
		    replay->event_id);
	if (st == ST_OK)
		st = make_item(buf_str(&body), replay->livemode, &item, err);
	if (st == ST_OK)
		st = store_replay_event(store, item, replay->commit, result,
		    err);
	json_object_put(item);
	buf_clear(&body);
	return st;
}
