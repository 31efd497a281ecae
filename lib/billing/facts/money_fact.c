/*
 * Charges outside of Checkout may lack a payment intent.  Without one nothing
 * can be matched: the item is left without a kind, and callers ignore it.
 */
#include "billing/facts/money_fact.h"

static bool
begin(struct fact_item *item, enum fact_kind kind, const char *payment_intent,
    int64_t amount_cents)
{
	if (payment_intent[0] == '\0')
		return false;
	item->disposition = "fact";
	item->kind = kind;
	item->payment_intent_id = payment_intent;
	item->amount_cents = amount_cents;
	return true;
}

/*
 * A charge states only the total that was given back, not which refunds: enough
 * as long as none of them has failed.
 */
void
charge_fact_fill(struct fact_item *item, const struct stripe_charge *charge)
{
	(void)begin(item, FACT_CHARGE, charge->payment_intent,
	    charge->amount_refunded);
}

void
refund_fact_fill(struct fact_item *item, const struct stripe_refund *refund)
{
	if (!begin(item, FACT_REFUND, refund->payment_intent, refund->amount))
		return;
	item->refund_id = refund->id;
	item->word = refund->status;
	item->created = refund->created;
}

void
dispute_fact_fill(struct fact_item *item,
    const struct stripe_dispute *dispute)
{
	if (!begin(item, FACT_DISPUTE, dispute->payment_intent,
	    dispute->amount))
		return;
	item->dispute_id = dispute->id;
	item->word = dispute->status;
	item->is_withdrawn = dispute->is_withdrawn;
	item->is_reinstated = dispute->is_reinstated;
	item->created = dispute->created;
	item->due_by = dispute->due_by;
}

void
warning_fact_fill(struct fact_item *item,
    const struct stripe_warning *warning)
{
	if (!begin(item, FACT_WARNING, warning->payment_intent, 0))
		return;
	item->warning_id = warning->id;
	/*
	 * Stripe clears the flag once the charge was disputed or refunded in
	 * full.
	 */
	item->word = warning->is_actionable ? "actionable" : "settled";
	item->message = warning->fraud_type;
	item->created = warning->created;
}
