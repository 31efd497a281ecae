/*
 * Only what the books use is read, and only that can make an object malformed.
 * What is merely shown to a person may be missing.
 */
#include "stripe/charge.h"

#include <string.h>

#include "base/money.h"
#include "stripe/field.h"

/* Cents; an amount beyond this range is never one of our payments'. */
static void
field_amount(struct field_reader *reader, const char *path, int64_t *cents)
{
	field_i64(reader, path, 0, AMOUNT_MAX_CENTS, cents);
}

/* Refunds, disputes and warnings name a charge; where they name no intent, the
 * expanded charge may. */
static void
field_intent(struct field_reader *reader, char out[STRIPE_ID_SIZE])
{
	field_id_or_empty(reader, "payment_intent", out);
	if (out[0] == '\0')
		field_id_or_empty(reader, "charge.payment_intent", out);
}

/* Shown to people alone: digits, or nothing. */
static void
read_card(struct json_node json, char last4[STRIPE_LAST4_SIZE])
{
	field_text_or_blank(json, "payment_method_details.card.last4", last4,
	    STRIPE_LAST4_SIZE);
	if (strspn(last4, "0123456789") != STRIPE_LAST4_SIZE - 1)
		last4[0] = '\0';
}

enum status
stripe_charge_parse(struct json_node json, struct stripe_charge *charge,
    struct err *err)
{
	struct field_reader reader = FIELD_READER(json, err);

	charge->is_disputed = false;
	read_card(json, charge->card_last4);
	field_id_or_empty(&reader, "id", charge->id);
	field_id_or_empty(&reader, "payment_intent", charge->payment_intent);
	field_amount(&reader, "amount_refunded", &charge->amount_refunded);
	if (json_exists(json_at(json, "disputed")))
		field_bool(&reader, "disputed", &charge->is_disputed);
	return reader.st;
}

enum status
stripe_refund_parse(struct json_node json, struct stripe_refund *refund,
    struct err *err)
{
	struct field_reader reader = FIELD_READER(json, err);

	field_id(&reader, "id", refund->id);
	field_intent(&reader, refund->payment_intent);
	field_text(&reader, "status", refund->status, sizeof(refund->status));
	field_amount(&reader, "amount", &refund->amount);
	refund->created = json_i64_or_0(json, "created");
	field_text_or_blank(json, "metadata.request", refund->request,
	    sizeof(refund->request));
	return reader.st;
}

/* A dispute's balance transactions: funds that the bank withdrew are negative,
 * funds that it gave back are positive. */
static void
read_moves(struct json_node json, struct stripe_dispute *dispute)
{
	struct json_node moves = json_at(json, "balance_transactions");

	dispute->is_withdrawn = false;
	dispute->is_reinstated = false;
	for (struct json_node move = json_first(moves); json_exists(move);
	    move = json_next(moves, move)) {
		int64_t amount;
		struct err unused;

		if (json_get_i64(move, "amount", -AMOUNT_MAX_CENTS,
		    AMOUNT_MAX_CENTS, &amount, &unused) != ST_OK)
			continue;
		dispute->is_withdrawn |= amount < 0;
		dispute->is_reinstated |= amount > 0;
	}
}

enum status
stripe_dispute_parse(struct json_node json, struct stripe_dispute *dispute,
    struct err *err)
{
	struct field_reader reader = FIELD_READER(json, err);

	field_id(&reader, "id", dispute->id);
	field_intent(&reader, dispute->payment_intent);
	field_text(&reader, "status", dispute->status,
	    sizeof(dispute->status));
	field_amount(&reader, "amount", &dispute->amount);
	dispute->created = json_i64_or_0(json, "created");
	dispute->due_by = json_i64_or_0(json, "evidence_details.due_by");
	read_moves(json, dispute);
	return reader.st;
}

enum status
stripe_warning_parse(struct json_node json, struct stripe_warning *warning,
    struct err *err)
{
	struct field_reader reader = FIELD_READER(json, err);

	field_id(&reader, "id", warning->id);
	field_intent(&reader, warning->payment_intent);
	field_bool(&reader, "actionable", &warning->is_actionable);
	field_time(&reader, "created", &warning->created);
	field_text_or_blank(json, "fraud_type", warning->fraud_type,
	    sizeof(warning->fraud_type));
	/* A warning must be recorded even if its type is missing; misc is
	 * Stripe's own word for the rest. */
	if (warning->fraud_type[0] == '\0')
		memcpy(warning->fraud_type, "misc", 5);
	return reader.st;
}

enum status
stripe_failure_parse(struct json_node json, struct stripe_failure *failure,
    struct err *err)
{
	enum status st = field_own_id(json, failure->payment_intent, err);

	if (st != ST_OK)
		return st;
	field_text_or_blank(json, "last_payment_error.message",
	    failure->message, sizeof(failure->message));
	if (failure->message[0] == '\0')
		memcpy(failure->message, "no reason given", 16);
	/* The intent's metadata is a copy of the session's (session.c): it
	 * names the order. */
	failure->metadata = json_at(json, "metadata");
	if (!json_is(failure->metadata, JSON_OBJECT))
		failure->metadata = JSON_NONE;
	return ST_OK;
}

static enum status
list_of_intent(struct stripe *stripe, const char *what,
    const char *payment_intent, int64_t deadline_ms,
    struct json_doc *page, struct err *err)
{
	struct stripe_reply reply;
	char text[STRIPE_ID_SIZE + 64];
	struct buf path = BUF_FIXED(text);

	if (!stripe_id_ok(payment_intent))
		return err_set(err, ST_BAD_INPUT,
		    "the payment intent is not an id");
	/* 100 is Stripe's largest page; no payment of a fee has more refunds or
	 * disputes. */
	buf_putf(&path, "/v1/%s?limit=100&payment_intent=%s", what,
	    payment_intent);
	return stripe_get(stripe, buf_str(&path), deadline_ms, page, &reply,
	    err);
}

enum status
stripe_refund_list(struct stripe *stripe, const char *payment_intent,
    int64_t deadline_ms, struct json_doc *page, struct err *err)
{
	return list_of_intent(stripe, "refunds", payment_intent, deadline_ms,
	    page, err);
}

enum status
stripe_dispute_list(struct stripe *stripe, const char *payment_intent,
    int64_t deadline_ms, struct json_doc *page, struct err *err)
{
	return list_of_intent(stripe, "disputes", payment_intent, deadline_ms,
	    page, err);
}
