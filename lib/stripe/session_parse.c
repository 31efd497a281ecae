/*
 * Reads a session.  What money or an order depends on must be there and of its
 * type; what people typed may be unusable and is then left out, since a payment
 * that was made must be recorded all the same.
 */
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

/* The index of path's text in names, which NULL ends.  A status that we do not
 * know is refused: guessing could mean paid. */
static int
read_name(struct field_reader *reader, const char *path,
    const char *const *names)
{
	char text[32] = "";
	int i = 0;

	field_text(reader, path, text, sizeof(text));
	while (names[i] != NULL && strcmp(names[i], text) != 0)
		i++;
	if (names[i] == NULL && reader->st == ST_OK)
		reader->st = err_set(reader->err, ST_BAD_INPUT, "%s is \"%s\", "
		    "which means nothing to us", path, text);
	return i;
}

static void
read_state(struct field_reader *reader, struct stripe_session *session)
{
	session->status = (enum session_status)read_name(reader, "status",
	    STATUS_NAMES);
	session->payment_status = (enum payment_status)read_name(reader,
	    "payment_status", PAYMENT_NAMES);
	field_bool(reader, "livemode", &session->livemode);
}

/* A session without a mode counts as ours, so that the parser says what is
 * wrong with it. */
bool
stripe_session_is_of_payment(struct json_node json)
{
	return !json_is(json_at(json, "mode"), JSON_STRING) ||
	    json_text_is(json, "mode", "payment");
}

bool
stripe_session_is_paid(struct json_node json)
{
	return stripe_session_is_of_payment(json) &&
	    json_text_is(json, "payment_status", PAYMENT_NAMES[PAYMENT_PAID]);
}

static bool
currency_ok(const char *text)
{
	return strlen(text) == 3 &&
	    strspn(text, "abcdefghijklmnopqrstuvwxyz") == 3;
}

/* Sessions of subscriptions and of saved cards are not ours and may lack amount
 * and currency.  In payment mode both are needed. */
static void
read_money(struct field_reader *reader, struct stripe_session *session)
{
	bool needed = strcmp(session->mode, "payment") == 0;

	if (needed || json_exists(json_at(reader->object, "amount_total")))
		field_i64(reader, "amount_total", 0, AMOUNT_MAX_CENTS,
		    &session->amount_total);
	if (needed || json_exists(json_at(reader->object, "currency"))) {
		field_text(reader, "currency", session->currency,
		    sizeof(session->currency));
		if (!currency_ok(session->currency))
			field_refuse(reader,
			    "currency is not three lower-case letters");
	}
}

/* An open session has a url and no payment_intent; one that is complete has the
 * intent and no url. */
static void
read_references(struct field_reader *reader, struct stripe_session *session)
{
	field_time(reader, "created", &session->created);
	field_time(reader, "expires_at", &session->expires_at);
	field_text_or_empty(reader, "url", session->url,
	    sizeof(session->url));
	field_id_or_empty(reader, "payment_intent", session->payment_intent);
	field_id_or_empty(reader, "customer", session->customer);
	field_id_or_empty(reader, "payment_link", session->payment_link);
}

/* Texts that people typed.  One that does not fit cannot be a text that we
 * sent, so it is left empty, as if it were absent. */
static void
read_texts(struct field_reader *reader, struct stripe_session *session)
{
	field_text_if_fits(reader, "client_reference_id",
	    session->client_reference_id,
	    sizeof(session->client_reference_id));
	field_text_if_fits(reader, "customer_details.email", session->email,
	    sizeof(session->email));
	/* customer_details has no address before the payer gives one; until
	 * then there is the one that we sent. */
	if (session->email[0] == '\0')
		field_text_if_fits(reader, "customer_email", session->email,
		    sizeof(session->email));
	field_text_or_blank(reader->object, "customer_details.name",
	    session->payer_name, sizeof(session->payer_name));
}

static void
read_metadata(struct field_reader *reader, struct stripe_session *session)
{
	session->metadata = json_at(reader->object, "metadata");
	if (json_exists(session->metadata) &&
	    !json_is(session->metadata, JSON_OBJECT))
		field_refuse(reader, "metadata is no object");
}

static void
check_kind(struct field_reader *reader)
{
	char kind[64];

	field_text_or_blank(reader->object, "object", kind, sizeof(kind));
	if (strcmp(kind, "checkout.session") != 0)
		field_refuse(reader, "this is not a Checkout Session");
}

enum status
stripe_session_parse(struct json_node json, struct stripe_session *session,
    struct err *err)
{
	struct field_reader reader = FIELD_READER(json, err);

	*session = (struct stripe_session){ 0 };
	session->json = json;
	check_kind(&reader);
	field_id(&reader, "id", session->id);
	field_text(&reader, "mode", session->mode, sizeof(session->mode));
	read_state(&reader, session);
	read_money(&reader, session);
	read_references(&reader, session);
	read_texts(&reader, session);
	read_metadata(&reader, session);
	return reader.st;
}

void
stripe_session_clear(struct stripe_session *session)
{
	json_clear(&session->doc);
	*session = (struct stripe_session){ 0 };
}
