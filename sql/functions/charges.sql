-- What a payment was made with: nothing follows from it but that a person finds
-- it.

-- Keeps it of a payment that is known here, the latest charge's.
create or replace function teamdues.note_charge(
	p_payment_intent_id text,
	p_charge_id text,
	p_card_last4 text)
returns boolean
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	insert into charges as c (payment_intent_id, charge_id, card_last4)
	select p.payment_intent_id, p_charge_id, p_card_last4
	from payments p
	where p.payment_intent_id = p_payment_intent_id
	on conflict (payment_intent_id) do update
	set charge_id = excluded.charge_id, card_last4 = excluded.card_last4
	where (c.charge_id, c.card_last4)
	    is distinct from (excluded.charge_id, excluded.card_last4);
	return true;
end
$$;
