-- The book of money reads a span of days: what came, and what went again.
-- Payments have their index; of the rest there is little.
create index refund_facts_time on teamdues.refund_facts (stripe_created);
create index dispute_facts_lost on teamdues.dispute_facts (payment_intent_id)
	where fact = 'lost';
create index stripe_events_refunded on teamdues.stripe_events (stripe_created)
	where type = 'charge.refunded';
create index recorded_payments_time on teamdues.recorded_payments (recorded_at);
create index recorded_payments_taken_back
	on teamdues.recorded_payments (taken_back_at)
	where taken_back_at is not null;
