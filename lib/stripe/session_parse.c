#include <string.h>

#include "stripe/field.h"
#include "stripe/session.h"

static const char *const STATUS_NAMES[] = {
	[SESSION_OPEN] = "open",
	[SESSION_COMPLETE] = "complete",
	[SESSION_EXPIRED] = "expired",
	[SESSION_STATUS_MAX] = NULL,
};

static const char *const PAYMENT_NAMES[] = {
	[PAYMENT_UNPAID] = "unpaid",
	[PAYMENT_PAID] = "paid",
	[PAYMENT_NOT_REQUIRED] = "no_payment_required",
	[PAYMENT_STATUS_MAX] = NULL,
};

/* Sets place to where path's text stands in names, which NULL ends. */
static enum status
read_name(struct json_node json, const char *path,
    const char *const *names, int *place, struct err *err)
{
	char text[32];
	enum status st = field_text(json, path, text, sizeof(text), err);

	if (st != ST_OK)
		return st;
	for (int i = 0; names[i] != NULL; i++) {
		if (strcmp(names[i], text) == 0) {
			*place = i;
			return ST_OK;
		}
	}
	return err_set(err, ST_BAD_INPUT, "%s is \"%s\", which means nothing "
	    "to us", path, text);
}

static enum status
read_state(struct json_node json, struct stripe_session *session,
    struct err *err)
{
	int place = 0;
	enum status st = read_name(json, "status", STATUS_NAMES, &place, err);

	if (st != ST_OK)
		return st;
	session->status = (enum session_status)place;

	st = read_name(json, "payment_status", PAYMENT_NAMES, &place, err);
	if (st != ST_OK)
		return st;
	session->payment_status = (enum payment_status)place;
	return field_bool(json, "livemode", &session->livemode, err);
}

static bool
currency_ok(const char *text)
{
	return strlen(text) == 3 &&
	    strspn(text, "abcdefghijklmnopqrstuvwxyz") == 3;
}

/* Subscription and setup sessions, which are not ours, may have no total. */
static enum status
read_money(struct json_node json, struct stripe_session *session,
    struct err *err)
{
	bool needed = strcmp(session->mode, "payment") == 0;
	enum status st;

	if (needed || json_exists(json_at(json, "amount_total"))) {
		st = json_get_i64(json, "amount_total", 0, AMOUNT_MAX_CENTS,
		    &session->amount_total, err);
		if (st != ST_OK)
			return field_required(st, err);
	}
	if (needed || json_exists(json_at(json, "currency"))) {
		st = field_text(json, "currency", session->currency,
		    sizeof(session->currency), err);
		if (st != ST_OK)
			return st;
		if (!currency_ok(session->currency))
			return err_set(err, ST_BAD_INPUT,
			    "currency is not three lower-case letters");
	}
	return ST_OK;
}

/* url and payment_intent come and go with the status. */
static enum status
read_references(struct json_node json, struct stripe_session *session,
    struct err *err)
{
	enum status st;

	st = field_time(json, "created", &session->created, err);
	if (st == ST_OK)
		st = field_time(json, "expires_at", &session->expires_at, err);
	if (st == ST_OK)
		st = json_get_text_or_empty(json, "url", session->url,
		    sizeof(session->url), err);
	if (st == ST_OK)
		st = field_id_or_empty(json, "payment_intent",
		    session->payment_intent, err);
	if (st == ST_OK)
		st = field_id_or_empty(json, "customer", session->customer,
		    err);
	if (st == ST_OK)
		st = field_id_or_empty(json, "payment_link",
		    session->payment_link, err);
	return st;
}

/* Texts from people: one that we could not have sent is as good as none. */
static enum status
read_texts(struct json_node json, struct stripe_session *session,
    struct err *err)
{
	enum status st;

	st = field_text_if_fits(json, "client_reference_id",
	    session->client_reference_id,
	    sizeof(session->client_reference_id), err);
	if (st == ST_OK)
		st = field_text_if_fits(json, "customer_details.email",
		    session->email, sizeof(session->email), err);
	if (st == ST_OK && session->email[0] == '\0')
		st = field_text_if_fits(json, "customer_email",
		    session->email, sizeof(session->email), err);
	field_text_or_blank(json, "customer_details.name",
	    session->payer_name, sizeof(session->payer_name));
	return st;
}

static enum status
read_metadata(struct json_node json, struct stripe_session *session,
    struct err *err)
{
	struct json_node metadata = json_at(json, "metadata");

	if (json_exists(metadata) && !json_is(metadata, JSON_OBJECT))
		return err_set(err, ST_BAD_INPUT, "metadata is no object");
	session->metadata = metadata;
	return ST_OK;
}

static enum status
check_kind(struct json_node json, struct err *err)
{
	char kind[64];

	field_text_or_blank(json, "object", kind, sizeof(kind));
	if (strcmp(kind, "checkout.session") != 0)
		return err_set(err, ST_BAD_INPUT,
		    "this is not a Checkout Session");
	return ST_OK;
}

enum status
stripe_session_parse(struct json_node json, struct stripe_session *session,
    struct err *err)
{
	enum status st;

	*session = (struct stripe_session){ 0 };
	session->json = json;
	st = check_kind(json, err);
	if (st == ST_OK)
		st = field_id(json, "id", session->id, err);
	if (st == ST_OK)
		st = field_text(json, "mode", session->mode,
		    sizeof(session->mode), err);
	if (st == ST_OK)
		st = read_state(json, session, err);
	if (st == ST_OK)
		st = read_money(json, session, err);
	if (st == ST_OK)
		st = read_references(json, session, err);
	if (st == ST_OK)
		st = read_texts(json, session, err);
	if (st == ST_OK)
		st = read_metadata(json, session, err);
	return st;
}

void
stripe_session_clear(struct stripe_session *session)
{
	json_clear(&session->doc);
	*session = (struct stripe_session){ 0 };
}
