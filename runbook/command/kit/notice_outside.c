/*
 * The causes of alarm that Stripe and the club's own site show.  Stripe's lists
 * are read in one page each: one payment is enough for an alarm, and reconcile
 * finds the rest.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "billing/facts/event_facts.h"
#include "billing/facts/fetched_facts.h"
#include "billing/facts/fulfilment.h"
#include "notice.h"
#include "probe.h"
#include "store/notice.h"
#include "store/reconcile.h"
#include "stripe/account.h"
#include "stripe/list.h"

enum {
	DEADLINE_MS = 15000,
	DAY_S = 24 * 3600,
	PAID_GRACE_S = 120,	/* an event comes within seconds */
	PAID_LIFE_S = 3 * DAY_S,	/* reconcile finds older ones */
	EVENT_GRACE_S = 600,	/* Stripe tries again after minutes */
	DISPUTE_LIFE_S = 150 * DAY_S,
	IDS_MAX = 30 * 1024,	/* a page of 100 ids of 255 */
	FILTER_SIZE = 2048,
};

struct look {
	struct invocation *invocation;
	struct stripe *stripe;
	struct notices *notices;
};

/* A key of another account shows none of our payments: all would look well. */
static enum status
look_at_account(const struct look *look, struct err *err)
{
	const char *ours = config_text(&look->invocation->app.config,
	    SETTING_STRIPE_ACCOUNT);
	char id[STRIPE_ID_SIZE];
	enum status st;

	if (ours == NULL)
		return ST_OK;
	st = stripe_account_id(look->stripe, clock_monotonic_ms() +
	    DEADLINE_MS, id, err);
	if (st == ST_OK && strcmp(ours, id) != 0)
		return err_set(err, ST_UPSTREAM, "the key is of %s, "
		    "STRIPE_ACCOUNT is %s", id, ours);
	/* A restricted key may lack the right to read the account. */
	return st == ST_DENIED ? ST_OK : st;
}

/* A paid session that the books lack, though its event had time to come. */
static enum status
judge_session(const struct look *look, struct json_node json, bool *is_unseen,
    int64_t *paid_at, struct err *err)
{
	struct stripe_session session;
	struct known_session known;
	struct fact_item item;
	enum status st;

	*is_unseen = false;
	if (!stripe_session_is_paid(json))
		return ST_OK;
	*paid_at = json_i64_or_0(json, "payment_intent.latest_charge.created");
	if (*paid_at > clock_now_s() - PAID_GRACE_S)
		return ST_OK;
	st = stripe_session_parse(json, &session, err);
	if (st == ST_OK && fact_from_session(&session,
	    config_livemode(&look->invocation->app.config), &item)) {
		st = store_known_session(look->invocation->app.store, &item,
		    &known, err);
		*is_unseen = st == ST_OK && known.is_ours && known.is_news;
	}
	stripe_session_clear(&session);
	return st;
}

struct unseen {
	int64_t count;
	int64_t oldest;		/* when it was paid */
};

static enum status
count_unseen(const struct look *look, struct json_node data,
    struct unseen *unseen, struct err *err)
{
	for (struct json_node json = json_first(data); json_exists(json);
	    json = json_next(data, json)) {
		int64_t paid_at = 0;
		bool is_unseen = false;
		enum status st = judge_session(look, json, &is_unseen,
		    &paid_at, err);

		/*
		 * reconcile reports what cannot be parsed; it hides no other.
		 */
		if (st != ST_OK && st != ST_BAD_INPUT)
			return st;
		if (!is_unseen)
			continue;
		if (unseen->count == 0 || paid_at < unseen->oldest)
			unseen->oldest = paid_at;
		unseen->count++;
	}
	return ST_OK;
}

static enum status
look_for_paid(const struct look *look, struct err *err)
{
	struct json_doc page = { .text = NULL };
	struct unseen unseen = { 0, 0 };
	int64_t now = clock_now_s();
	enum status st;

	st = stripe_session_list_complete(look->stripe,
	    now - PAID_LIFE_S, clock_monotonic_ms() + DEADLINE_MS, &page,
	    err);
	if (st == ST_OK)
		st = count_unseen(look, json_at(json_root(&page), "data"),
		    &unseen, err);
	json_clear(&page);
	if (st != ST_OK)
		return st;
	look->notices->paid_unseen = unseen.count;
	if (unseen.count > 0)
		notice_set(look->notices, CAUSE_PAID_UNSEEN, VERDICT_FAIL,
		    "%" PRId64 " payments at Stripe are not in the books, the "
		    "oldest of %" PRId64 " minutes ago", unseen.count,
		    (now - unseen.oldest) / 60);
	else
		notice_set(look->notices, CAUSE_PAID_UNSEEN, VERDICT_OK,
		    "what was paid at Stripe is in the books");
	return ST_OK;
}

/*
 * Stripe lists an event as undelivered when any endpoint of the account missed
 * it.  One that our ledger has was missed by another program's endpoint.
 */
static enum status
look_for_undelivered(const struct look *look, struct err *err)
{
	char text[FILTER_SIZE];
	struct buf filter = BUF_FIXED(text);
	struct json_doc page = { .text = NULL };
	struct buf ids = BUF_INIT(IDS_MAX);
	int64_t now = clock_now_s();
	int64_t count = 0;
	enum status st;

	buf_puts(&filter, "delivery_success=false");
	event_facts_put_types(&filter, "types[]");
	st = stripe_list(look->stripe, &(struct stripe_listing){
		.path = "/v1/events", .filter = buf_str(&filter),
		.created_from = now - DAY_S, .limit = 100,
	}, clock_monotonic_ms() + DEADLINE_MS, &page, err);
	struct json_node data = json_at(json_root(&page), "data");
	for (struct json_node json = json_first(data); json_exists(json);
	    json = json_next(data, json)) {
		char id[STRIPE_ID_SIZE];
		struct err ignored;

		if (json_i64_or_0(json, "created") > now - EVENT_GRACE_S ||
		    json_get_text(json, "id", id, sizeof(id), &ignored) !=
		    ST_OK || !stripe_id_ok(id))
			continue;
		buf_putf(&ids, "%s%s", ids.len > 0 ? "," : "", id);
	}
	if (st == ST_OK)
		st = buf_check(&ids, "the list of events", err);
	if (st == ST_OK)
		st = store_unrecorded_events(look->invocation->app.store,
		    ids.len > 0 ? buf_str(&ids) : "", &count, err);
	json_clear(&page);
	buf_clear(&ids);
	if (st != ST_OK)
		return st;
	look->notices->undelivered = count;
	notice_set(look->notices, CAUSE_UNDELIVERED, count > 0 ? VERDICT_FAIL
	    : VERDICT_OK, "%" PRId64 " events of the last day could not be "
	    "delivered", count);
	return ST_OK;
}

/* warning_ is a bank's inquiry, which is no chargeback yet. */
static bool
waits_for_answer(struct json_node dispute)
{
	return json_text_is(dispute, "status", "needs_response") ||
	    json_text_is(dispute, "status", "warning_needs_response");
}

static enum status
count_disputes(const struct look *look, struct json_node data,
    struct err *err)
{
	struct notices *notices = look->notices;

	for (struct json_node json = json_first(data); json_exists(json);
	    json = json_next(data, json)) {
		int64_t due = json_i64_or_0(json, "evidence_details.due_by");
		struct stripe_dispute dispute;
		bool is_ours = false;
		enum status st = ST_OK;

		if (waits_for_answer(json) && stripe_dispute_parse(json,
		    &dispute, err) == ST_OK)
			st = store_is_our_payment(look->invocation->app.store,
			    dispute.payment_intent, &is_ours, err);
		if (st != ST_OK)
			return st;
		if (!is_ours)
			continue;
		notices->disputes++;
		if (due > 0 && (notices->dispute_due == 0 ||
		    due < notices->dispute_due))
			notices->dispute_due = due;
	}
	return ST_OK;
}

static void
tell_disputes(struct notices *notices)
{
	char bytes[32];
	struct buf day = BUF_FIXED(bytes);

	clock_put_utc(&day, notices->dispute_due);
	if (notices->disputes == 0)
		notice_set(notices, CAUSE_DISPUTES, VERDICT_OK,
		    "none waits for an answer");
	else if (notices->dispute_due == 0)
		notice_set(notices, CAUSE_DISPUTES, VERDICT_FAIL,
		    "%" PRId64 " wait for an answer", notices->disputes);
	else
		notice_set(notices, CAUSE_DISPUTES, VERDICT_FAIL,
		    "%" PRId64 " wait for an answer, the first until %.10s: "
		    "%" PRId64 " days are left", notices->disputes, bytes,
		    (notices->dispute_due - clock_now_s()) / DAY_S);
}

static enum status
look_for_disputes(const struct look *look, struct err *err)
{
	struct json_doc page = { .text = NULL };
	enum status st;

	st = stripe_list(look->stripe, &(struct stripe_listing){
		.path = "/v1/disputes",
		.filter = "expand[]=data.charge",
		.created_from = clock_now_s() - DISPUTE_LIFE_S,
		.limit = 100,
	}, clock_monotonic_ms() + DEADLINE_MS, &page, err);
	if (st == ST_OK)
		st = count_disputes(look, json_at(json_root(&page), "data"),
		    err);
	json_clear(&page);
	if (st == ST_OK)
		tell_disputes(look->notices);
	return st;
}

/* Stripe-Signature: t=...,v1=HMAC-SHA256(secret, "t.body"), as Stripe signs. */
static enum status
sign(const struct secret *secret, const char *body, struct buf *header,
    struct err *err)
{
	unsigned char mac[SHA256_LEN];
	char storage[32];
	struct buf t = BUF_FIXED(storage);
	enum status st;

	buf_put_i64(&t, clock_now_s());
	st = crypto_hmac_sha256(secret, (const struct bytes[]){
	    { storage, t.len }, { ".", 1 }, { body, strlen(body) } }, 3, mac,
	    err);
	if (st != ST_OK)
		return st;
	buf_putf(header, "Stripe-Signature: t=%s,v1=", storage);
	buf_put_hex(header, mac, sizeof(mac));
	return buf_check(header, "the signature", err);
}

static void
tell_webhook(struct notices *notices, const struct probe *probe)
{
	notices->is_webhook_down = probe->http != 200;
	if (probe->http == 200)
		notice_set(notices, CAUSE_WEBHOOK, VERDICT_OK,
		    "takes what is signed");
	else if (probe->http == 400)
		notice_set(notices, CAUSE_WEBHOOK, VERDICT_FAIL,
		    "refuses what is signed with STRIPE_WEBHOOK_SECRET: it "
		    "runs with another one");
	else
		notice_set(notices, CAUSE_WEBHOOK, VERDICT_FAIL,
		    "answers %d", probe->http);
}

/*
 * Posts an event that we sign ourselves: it passes DNS, TLS, nginx and the
 * signature check as Stripe's do, and the webhook records nothing of it.
 */
static void
look_at_webhook(struct invocation *invocation, struct notices *notices)
{
	static const char body[] = "{\"id\":\"evt_teamdues_probe\","
	    "\"object\":\"event\",\"type\":\"" FULFILMENT_PROBE "\","
	    "\"created\":1,\"livemode\":false,"
	    "\"data\":{\"object\":{}}}";
	const struct config *config = &invocation->app.config;
	const char *site = config_text(config, SETTING_SITE_URL);
	char url[512];
	char header[256];
	struct buf url_buf = BUF_FIXED(url);
	struct buf header_buf = BUF_FIXED(header);
	struct probe probe;
	struct err err;
	enum status st;

	if (site == NULL || config->webhook_secret_count == 0)
		return;
	buf_putf(&url_buf, "%s/webhooks/stripe", site);
	st = sign(&config->webhook_secrets[0], body, &header_buf, &err);
	if (st == ST_OK)
		st = probe_send(&(struct probe_post){ url, header, body },
		    getenv("TEAMDUES_CA_FILE"), &probe, &err);
	if (st == ST_OK) {
		tell_webhook(notices, &probe);
		return;
	}
	notices->is_webhook_down = true;
	notice_set(notices, CAUSE_WEBHOOK, VERDICT_FAIL, "%s", err.msg);
}

/* It answers 503 while the database is away or the webhook's requests hang. */
static void
look_at_site(struct invocation *invocation, struct notices *notices)
{
	const char *site = config_text(&invocation->app.config,
	    SETTING_SITE_URL);
	char url[512];
	struct buf url_buf = BUF_FIXED(url);
	struct probe probe;
	struct err err;

	if (site == NULL)
		return;
	buf_putf(&url_buf, "%s/healthz", site);
	if (probe_url(NULL, url, getenv("TEAMDUES_CA_FILE"), &probe, &err) !=
	    ST_OK)
		notice_set(notices, CAUSE_SITE, VERDICT_FAIL, "%s",
		    err.msg);
	else
		notice_set(notices, CAUSE_SITE, probe.http == 200
		    ? VERDICT_OK : VERDICT_FAIL, "%s answers %d", url,
		    probe.http);
}

/* They end at the first failure: the next would wait as long. */
void
notice_look_outside(struct invocation *invocation, struct stripe *stripe,
    struct notices *notices)
{
	const struct look look = { invocation, stripe, notices };
	struct err err;
	enum status st;

	look_at_webhook(invocation, notices);
	look_at_site(invocation, notices);
	notice_look_at_programs(&invocation->app.config, notices);
	if (stripe == NULL || invocation->app.store == NULL)
		return;
	st = look_at_account(&look, &err);
	if (st == ST_OK)
		st = look_for_paid(&look, &err);
	if (st == ST_OK)
		st = look_for_undelivered(&look, &err);
	if (st == ST_OK)
		st = look_for_disputes(&look, &err);
	if (st == ST_OK)
		notice_set(notices, CAUSE_STRIPE_READS, VERDICT_OK,
		    "sessions, events and disputes can be read");
	/* A failure of our own database says nothing of Stripe. */
	else if (st != ST_DB)
		notice_set(notices, CAUSE_STRIPE_READS, VERDICT_FAIL, "%s",
		    err.msg);
}
