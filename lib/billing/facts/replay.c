/*
 * The signature was checked before the body was stored, and is not checked
 * again: the secret may have changed since.
 */
#include "billing/facts/replay.h"

#include "store/views.h"

/* Far more than the webhook program takes: every stored body fits. */
enum { BODY_MAX = 16 * 1024 * 1024 };

/* A store_row: keeps the event's body; context is the struct buf for it. */
static enum status
keep_body(void *context, struct json_node row, struct err *err)
{
	struct buf *body = context;

	json_put_chars(body, json_at(row, "payload"));
	return buf_check(body, "the event's body", err);
}

/*
 * The newer program may read a fact in an event that was ignored or refused
 * before.
 */
static enum status
read_again(struct store *store, const struct buf *body,
    const struct replay *replay, struct replay_result *result,
    struct err *err)
{
	struct event_fact event_fact;
	enum status st;

	st = event_fact_read(&event_fact, buf_str(body), body->len,
	    &replay->terms, err);
	if (st == ST_OK)
		st = store_replay_event(store, &event_fact.item, replay->commit,
		    result, err);
	event_fact_clear(&event_fact);
	return st;
}

enum status
replay_event(struct store *store, const struct replay *replay,
    struct replay_result *result, struct err *err)
{
	struct buf body = BUF_INIT(BODY_MAX);
	enum status st;

	st = store_event_detail(store, replay->event_id, keep_body, &body,
	    err);
	if (st == ST_OK && body.len == 0)
		st = err_set(err, ST_GONE, "%s: its payload was pruned",
		    replay->event_id);
	if (st == ST_OK)
		st = read_again(store, &body, replay, result, err);
	buf_clear(&body);
	return st;
}
