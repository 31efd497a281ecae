#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "billing/fulfilment.h"
#include "billing/session_fact.h"
#include "stripe/event.h"

/* How an item is to be taken, and why when it brings no fact. */
struct verdict {
	const char *disposition;	/* of sql/functions/record.sql */
	const char *reason;
};

static const char *
text_or_empty(const char *text)
{
	return text != NULL ? text : "";
}

/* Adds value under key, and lets go of it whether or not that works. */
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
event_json(const struct stripe_event *event, const char *body,
    struct json_object **json, struct err *err)
{
	struct json_object *o = json_object_new_object();
	enum status st;

	if (o == NULL)
		return err_set(err, ST_NOMEM, "no memory for an event");
	st = json_put_text(o, "id", event->id, err);
	if (st == ST_OK)
		st = json_put_text(o, "type", event->type, err);
	if (st == ST_OK)
		st = json_put_text(o, "object_id", event->object_id, err);
	if (st == ST_OK)
		st = json_put_bool(o, "livemode", event->livemode, err);
	if (st == ST_OK)
		st = json_put_text(o, "api_version", event->api_version, err);
	if (st == ST_OK)
		st = json_put_i64(o, "created", event->created, err);
	if (st == ST_OK)
		st = json_put_text(o, "payload", body, err);
	if (st != ST_OK) {
		json_object_put(o);
		return st;
	}
	*json = o;
	return ST_OK;
}

/* Takes event and fact, either of which may be NULL; the caller puts *item. */
static enum status
item_json(struct json_object *event, struct json_object *fact,
    const struct verdict *verdict, struct json_object **item, struct err *err)
{
	struct json_object *o = json_object_new_object();
	enum status st = ST_OK;

	if (o == NULL) {
		json_object_put(event);
		json_object_put(fact);
		return err_set(err, ST_NOMEM, "no memory for an item");
	}
	if (event != NULL)
		st = add(o, "event", event, err);
	if (st == ST_OK && fact != NULL)
		st = add(o, "session", fact, err);
	else
		json_object_put(fact);
	if (st == ST_OK)
		st = json_put_text(o, "disposition", verdict->disposition, err);
	if (st == ST_OK)
		st = json_put_text(o, "reason", text_or_empty(verdict->reason),
		    err);
	if (st != ST_OK) {
		json_object_put(o);
		return st;
	}
	*item = o;
	return ST_OK;
}

/* The events about a session that state a fact; all others are ignored. */
static bool
is_session_event(const struct stripe_event *event)
{
	static const char *const types[] = {
		"checkout.session.completed",
		"checkout.session.expired",
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(event->type, types[i]) == 0)
			return true;
	return false;
}

/*
 * Judges an event about a session.  A fact comes back in *fact where the verdict
 * is that it brings one.  err holds the words of a refusal.
 */
static enum status
judge_session(const struct billing *billing, const struct stripe_event *event,
    struct verdict *verdict, struct json_object **fact, struct err *err)
{
	struct stripe_session session;
	struct session_fact f = { .session = &session, .at = event->created };
	enum status st;

	*verdict = (struct verdict){ "refused", err->msg };
	st = stripe_session_parse(event->object, &session, err);
	if (st != ST_OK) {
		st = st == ST_BAD_INPUT ? ST_OK : st;
		goto out;
	}
	f.is_our_mode = event->livemode == session.livemode
	    && session.livemode == config_livemode(&billing->config);
	f.name = session_fact_name(&session);
	if (strcmp(session.mode, "payment") != 0) {
		*verdict = (struct verdict){ "foreign", "not in payment mode" };
	} else if (f.name == NULL) {
		err_set(err, ST_BAD_INPUT, "%s of an open session", event->type);
	} else if (session.status == SESSION_EXPIRED && !f.is_our_mode) {
		err_set(err, ST_BAD_INPUT, "made in %s mode",
		    session.livemode ? "live" : "test");
	} else {
		*verdict = (struct verdict){ "fact", "" };
		st = session_fact_json(&f, fact, err);
	}
out:
	stripe_session_clear(&session);
	return st;
}

static enum status
judge(const struct billing *billing, const struct stripe_event *event,
    struct verdict *verdict, struct json_object **fact, struct err *err)
{
	if (event->is_of_account) {
		*verdict = (struct verdict){ "foreign",
		    "of a connected account" };
		return ST_OK;
	}
	if (!is_session_event(event)) {
		*verdict = (struct verdict){ "ignored",
		    "not about a payment of ours" };
		return ST_OK;
	}
	return judge_session(billing, event, verdict, fact, err);
}

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
	struct stripe_event event;
	struct verdict verdict;
	struct json_object *envelope = NULL;
	struct json_object *fact = NULL;
	struct json_object *item = NULL;
	enum status st;

	st = stripe_event_parse(body, len, &event, err);
	if (st != ST_OK)
		goto out;
	st = judge(billing, &event, &verdict, &fact, err);
	if (st == ST_OK)
		st = event_json(&event, body, &envelope, err);
	if (st != ST_OK) {
		json_object_put(fact);
		goto out;
	}
	st = item_json(envelope, fact, &verdict, &item, err);
	if (st == ST_OK)
		st = ledger_record(billing->ledger, item, standing, err);
	if (st != ST_OK)
		goto out;
	if (standing->outcome == OUTCOME_MISMATCH)
		st = err_set(err, ST_BAD_INPUT,
		    "event %s was recorded as another one", event.id);
	else
		log_standing("event", event.id, standing);
out:
	json_object_put(item);
	stripe_event_clear(&event);
	return st;
}

/* Takes fact. */
static enum status
record_answer(struct billing *billing, struct json_object *fact,
    struct standing *standing, struct err *err)
{
	static const struct verdict verdict = { "fact", "" };
	struct json_object *item = NULL;
	enum status st;

	st = item_json(NULL, fact, &verdict, &item, err);
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
	struct json_object *fact = NULL;
	enum status st;

	if (f.name == NULL) {
		*standing = (struct standing){ .outcome = OUTCOME_IGNORED };
		return ST_OK;
	}
	st = session_fact_json(&f, &fact, err);
	if (st == ST_OK)
		st = record_answer(billing, fact, standing, err);
	if (st == ST_OK && standing->is_news)
		log_standing("session", session->id, standing);
	return st;
}

enum status
fulfilment_session_gone(struct billing *billing, const char *session_id,
    struct err *err)
{
	struct json_object *fact = json_object_new_object();
	struct standing standing;
	enum status st;

	if (fact == NULL)
		return err_set(err, ST_NOMEM, "no memory for a fact");
	st = json_put_text(fact, "id", session_id, err);
	if (st == ST_OK)
		st = json_put_text(fact, "fact", "expired", err);
	if (st == ST_OK)
		st = json_put_i64(fact, "at", clock_now_s(), err);
	if (st != ST_OK) {
		json_object_put(fact);
		return st;
	}
	return record_answer(billing, fact, &standing, err);
}
