-- The statuses that an order can have, and what each means.  The view
-- order_standing decides which one an order has; lib/store/order_status.c names
-- them to the programs.  The constraints of orders call the first and the third
-- for each row that is written: PL/pgSQL, as a function in SQL would be parsed
-- anew for each statement.

create or replace function teamdues.order_statuses()
returns text[]
language plpgsql immutable as $$
begin
	return array['pending', 'processing', 'paid', 'partially_refunded',
	    'refunded', 'disputed', 'charged_back', 'cancelled', 'waived'];
end
$$;

-- Whether nothing has come for it or is on its way: a payment may still be for
-- it, of a family that did not know that it was cancelled.
create or replace function teamdues.order_is_unpaid(p_status text)
returns boolean
language sql immutable as $$
	select p_status in ('pending', 'cancelled')
$$;

-- Whether all of its money came, whatever became of it since.
create or replace function teamdues.order_is_paid(p_status text)
returns boolean
language plpgsql immutable as $$
begin
	return p_status in ('paid', 'partially_refunded', 'refunded',
	    'disputed', 'charged_back');
end
$$;

-- Whether the family is to get what it ordered: the club has money for it,
-- waits for a bank's, or wants none.
create or replace function teamdues.order_is_good(p_status text)
returns boolean
language sql immutable as $$
	select p_status in ('processing', 'paid', 'partially_refunded',
	    'disputed', 'waived')
$$;
