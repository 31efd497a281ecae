#include "billing/fulfilment.h"

#include <string.h>

#include "base/log.h"
#include "billing/answer_items.h"
#include "billing/item.h"
#include "billing/judgement.h"

void
fulfilment_log(const char *what, const char *id,
    const struct standing *standing)
{
	enum log_level level = LOG_INFO;

	if (standing->is_alarm)
		level = LOG_ERROR;
	else if (standing->outcome == OUTCOME_IGNORED)
		level = LOG_DEBUG;
	log_event(level, what, LOG_TEXT("id", id),
	    LOG_TEXT("outcome", outcome_name(standing->outcome)),
	    LOG_NUM("order", standing->order_id),
	    LOG_TEXT("reason", standing->reason), NULL);
}

/*
 * An event comes in the version of its endpoint at Stripe, which is not ours to
 * choose.  What we read of it has been the same for years; if that ever ends,
 * the log has said why.
 */
static void
note_version(struct billing *billing, const struct stripe_event *event)
{
	if (strcmp(event->api_version, STRIPE_VERSION) == 0
	    || atomic_flag_test_and_set(&billing->version_told))
		return;
	log_event(LOG_WARN, "event_version", LOG_TEXT("id", event->id),
	    LOG_TEXT("version", event->api_version),
	    LOG_TEXT("ours", STRIPE_VERSION), NULL);
}

enum status
fulfilment_event(struct billing *billing, const char *body, size_t len,
    struct standing *standing, struct err *err)
{
	bool livemode = config_livemode(&billing->config);
	struct stripe_event event;
	struct verdict verdict;
	struct fact fact = { NULL, NULL };
	struct json_object *envelope = NULL;
	struct json_object *item = NULL;
	enum status st;

	st = stripe_event_parse(body, len, &event, err);
	if (st == ST_OK)
		note_version(billing, &event);
	if (st == ST_OK)
		st = judge_event(&event, livemode, &verdict, &fact, err);
	if (st == ST_OK)
		st = item_event(&event, body, &envelope, err);
	if (st == ST_OK)
		st = item_new(envelope, &fact, &verdict, &item, err);
	if (st == ST_OK)
		st = ledger_record(billing->ledger, item, standing, err);
	if (st == ST_OK && standing->outcome == OUTCOME_MISMATCH)
		st = err_set(err, ST_BAD_INPUT,
		    "event %s was recorded as another one", event.id);
	if (st == ST_OK)
		fulfilment_log("event", event.id, standing);
	json_object_put(item);
	fact_clear(&fact);
	stripe_event_clear(&event);
	return st;
}

enum status
fulfilment_session(struct billing *billing,
    const struct stripe_session *session, struct standing *standing,
    struct err *err)
{
	struct json_object *item = NULL;
	enum status st;

	*standing = (struct standing){ .outcome = OUTCOME_IGNORED };
	st = answer_session(session, config_livemode(&billing->config), &item,
	    err);
	if (st == ST_OK && item != NULL)
		st = store_record_answer(billing->store, item, standing, err);
	if (st == ST_OK && standing->is_news)
		fulfilment_log("session", session->id, standing);
	json_object_put(item);
	return st;
}

enum status
fulfilment_session_gone(struct billing *billing, const char *session_id,
    struct err *err)
{
	struct json_object *item = NULL;
	struct standing standing;
	enum status st;

	st = answer_gone(session_id, &item, err);
	if (st == ST_OK)
		st = store_record_answer(billing->store, item, &standing, err);
	json_object_put(item);
	return st;
}
