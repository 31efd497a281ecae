-- Who paid, as the payer wrote it, for the person who decides whose a payment is.

alter table teamdues.payments add column payer_name text;
comment on column teamdues.payments.payer_name is
	'The name that the payer gave';
drop trigger append_only on teamdues.payments;
create trigger append_only before delete or truncate or update of session_id,
	payment_intent_id, livemode, is_our_mode, amount_cents, currency,
	stripe_created, customer_id, email, client_reference_id,
	metadata_order_id, metadata_player_id, metadata_product_id,
	metadata_teamdues, metadata_keys, payment_link, recorded_at, payer_name
	on teamdues.payments
	for each statement execute function teamdues.refuse_change();
alter type teamdues.fact_item add attribute payer_name text;
