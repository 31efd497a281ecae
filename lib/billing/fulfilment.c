#include "billing/fulfilment.h"

#include "base/clock.h"
#include "base/log.h"
#include "billing/item.h"
#include "billing/judgement.h"
#include "billing/session_fact.h"

/* One line per thing that happened; money without a place is loud, once. */
static void
log_standing(const char *what, const char *id, const struct standing *standing)
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
		log_standing("event", event.id, standing);
	json_object_put(item);
	fact_clear(&fact);
	stripe_event_clear(&event);
	return st;
}

static enum status
record_answer(struct billing *billing, struct fact *fact,
    struct standing *standing, struct err *err)
{
	static const struct verdict verdict = { "fact", "" };
	struct json_object *item = NULL;
	enum status st;

	st = item_new(NULL, fact, &verdict, &item, err);
	if (st == ST_OK)
		st = store_record_answer(billing->store, item, standing, err);
	json_object_put(item);
	return st;
}

enum status
fulfilment_session(struct billing *billing,
    const struct stripe_session *session, struct standing *standing,
    struct err *err)
{
	struct session_fact f = {
		.session = session,
		.name = session_fact_name(session),
		.at = session_fact_time(session),
		.is_our_mode = session->livemode
		    == config_livemode(&billing->config),
	};
	struct fact fact = { "session", NULL };
	enum status st;

	if (f.name == NULL) {
		*standing = (struct standing){ .outcome = OUTCOME_IGNORED };
		return ST_OK;
	}
	st = session_fact_json(&f, &fact.json, err);
	if (st == ST_OK)
		st = record_answer(billing, &fact, standing, err);
	if (st == ST_OK && standing->is_news)
		log_standing("session", session->id, standing);
	return st;
}

enum status
fulfilment_session_gone(struct billing *billing, const char *session_id,
    struct err *err)
{
	struct fact fact = { "session", json_object_new_object() };
	struct standing standing;
	enum status st;

	if (fact.json == NULL)
		return err_set(err, ST_NOMEM, "no memory for a fact");
	st = json_put_text(fact.json, "id", session_id, err);
	if (st == ST_OK)
		st = json_put_text(fact.json, "fact", "expired", err);
	if (st == ST_OK)
		st = json_put_i64(fact.json, "at", clock_now_s(), err);
	if (st == ST_OK)
		st = record_answer(billing, &fact, &standing, err);
	fact_clear(&fact);
	return st;
}
