/* A line is logged only after the commit: what the log says is in the books. */
#include "billing/facts/fulfilment.h"

#include <string.h>

#include "base/log.h"
#include "billing/facts/charge_note.h"
#include "billing/facts/event_facts.h"
#include "billing/facts/fetched_facts.h"
#include "billing/facts/money_fact.h"
#include "store/reconcile.h"
#include "store/record.h"

/*
 * An alarm is money that has no place, which a person must find.  Ignored
 * events are most of what Stripe sends, and are shown only on demand.
 */
void
fulfilment_log(const char *what, const char *id,
    const struct record_result *result)
{
	enum log_level level = LOG_INFO;

	if (result->is_alarm)
		level = LOG_ERROR;
	else if (result->outcome == OUTCOME_IGNORED)
		level = LOG_DEBUG;
	log_event(level, what, LOG_TEXT("id", id),
	    LOG_TEXT("outcome", outcome_name(result->outcome)),
	    LOG_NUM("order", result->order_id),
	    LOG_TEXT("reason", result->reason), NULL);
}

/*
 * An event comes in the version of its endpoint at Stripe, which is not ours to
 * choose.  What we read of it has been the same for years; should that change,
 * the log names the version.  Once in a program is enough, since all events
 * have that version.
 */
static void
note_version(struct app *app, const struct stripe_event *event)
{
	if (strcmp(event->api_version, STRIPE_VERSION) == 0 ||
	    atomic_flag_test_and_set(&app->version_told))
		return;
	log_event(LOG_WARN, "event_version", LOG_TEXT("id", event->id),
	    LOG_TEXT("version", event->api_version),
	    LOG_TEXT("ours", STRIPE_VERSION), NULL);
}

/* The fact of an event on its way into the books. */
static enum status
record(struct app *app, const struct event_fact *event_fact,
    const char *body, size_t len, struct record_result *result, struct err *err)
{
	const char *id = event_fact->item.event_id;
	enum status st;

	st = ledger_record(app->ledger, &(struct ledger_entry){
		.item = &event_fact->item, .payload = body, .payload_len = len,
	}, result, err);
	/*
	 * Stripe gives an id once: another body under a known id is not
	 * believed.
	 */
	if (st == ST_OK && result->outcome == OUTCOME_MISMATCH)
		st = err_set(err, ST_BAD_INPUT,
		    "event %s was recorded as another one", id);
	if (st == ST_OK)
		fulfilment_log("event", id, result);
	return st;
}

enum status
fulfilment_event(struct app *app, const char *body, size_t len,
    struct record_result *result, struct err *err)
{
	const struct event_terms terms = {
		.livemode = config_livemode(&app->config),
		.account = config_text(&app->config, SETTING_STRIPE_ACCOUNT),
	};
	struct event_fact event_fact;
	enum status st;

	st = event_fact_read(&event_fact, body, len, &terms, err);
	if (st != ST_OK)
		goto out;
	/* Before anything is stored: doctor may try as often as it likes. */
	if (strcmp(event_fact.event.type, FULFILMENT_PROBE) == 0) {
		*result = (struct record_result){ .outcome = OUTCOME_IGNORED };
		goto out;
	}
	note_version(app, &event_fact.event);
	st = record(app, &event_fact, body, len, result, err);
	if (st == ST_OK && event_fact.item.kind == FACT_CHARGE)
		st = charge_note(app, &event_fact.object.money.charge, err);
out:
	event_fact_clear(&event_fact);
	return st;
}

enum status
fulfilment_session(struct app *app,
    const struct stripe_session *session, struct record_result *result,
    struct err *err)
{
	struct fact_item item;
	enum status st = ST_OK;

	*result = (struct record_result){ .outcome = OUTCOME_IGNORED };
	if (fact_from_session(session, config_livemode(&app->config), &item))
		st = store_record_answer(app->store, &item, result, err);
	/* The same answer comes with every question: only news is logged. */
	if (st == ST_OK && result->is_news)
		fulfilment_log("session", session->id, result);
	return st == ST_OK ? charge_note_session(app, session, err) : st;
}

enum status
fulfilment_refund(struct app *app, const struct stripe_refund *refund,
    struct err *err)
{
	struct fact_item item = { .kind = FACT_NONE };
	struct record_result result;
	enum status st = ST_OK;

	refund_fact_fill(&item, refund);
	if (item.kind != FACT_NONE)
		st = store_record_answer(app->store, &item, &result, err);
	if (st != ST_BUG)
		return st;
	log_event(LOG_ERROR, "refund_not_recorded", LOG_TEXT("id", refund->id),
	    LOG_TEXT("reason", err->msg), NULL);
	return ST_OK;
}

enum status
fulfilment_session_gone(struct app *app, const char *session_id,
    struct err *err)
{
	struct fact_item item;
	struct record_result result;

	fact_from_gone(session_id, &item);
	return store_record_answer(app->store, &item, &result, err);
}

/*
 * A key of another account knows none of our sessions.  Were its 404 believed,
 * every open session would count as ended, while families can still pay in it.
 */
enum status
fulfilment_check_unknown(struct app *app, const char *session_id,
    struct err *err)
{
	bool is_young;
	enum status st;

	st = store_is_young_session(app->store, session_id, &is_young,
	    err);
	if (st != ST_OK || !is_young)
		return st;
	log_event(LOG_ERROR, "session_unknown", LOG_TEXT("id", session_id),
	    LOG_TEXT("reason", "Stripe made it today: the key is another "
	    "account's"), NULL);
	return err_set(err, ST_UPSTREAM, "Stripe does not know %s, which it "
	    "made less than a day ago: is STRIPE_SECRET_KEY another "
	    "account's?", session_id);
}

enum status
fulfilment_session_unknown(struct app *app, const char *session_id,
    struct err *err)
{
	enum status st = fulfilment_check_unknown(app, session_id, err);

	return st == ST_OK ? fulfilment_session_gone(app, session_id, err)
	    : st;
}
