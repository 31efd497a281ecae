-- The families by name, as the desk lists them, and what they are found by.

create index parents_by_name on teamdues.parents (lower(name), parent_id);
create index players_alone on teamdues.players (lower(name), (-player_id))
	where parent_id is null;
create index orders_amount on teamdues.orders (amount_cents, player_id);

-- What Stripe's charges say of how a payment was made, as far as they came.
create table teamdues.charges (
	payment_intent_id text primary key
	    check (payment_intent_id !~ '[^A-Za-z0-9_]'
	    and length(payment_intent_id) between 1 and 255),
	charge_id text not null check (charge_id !~ '[^A-Za-z0-9_]'
	    and length(charge_id) between 1 and 255),
	card_last4 text check (card_last4 ~ '^[0-9]{4}$')
);
comment on table teamdues.charges is
	'What a payment was made with, to find it by; no status depends on it';
comment on column teamdues.charges.payment_intent_id is 'Stripe''s pi_...';
comment on column teamdues.charges.charge_id is
	'Stripe''s ch_... or py_..., the latest';
comment on column teamdues.charges.card_last4 is
	'The last four digits of the card; null when it was none';
create index charges_id on teamdues.charges (charge_id);
create index charges_card on teamdues.charges (card_last4);
