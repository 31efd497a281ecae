-- A bank's money that no order expects, while it is on its way: whose it may be
-- is found as for what waits for a person.  There are few of these.
create index payments_on_its_way_customer on teamdues.payments (customer_id)
	where place = 'waiting';
create index payments_on_its_way_email on teamdues.payments (lower(email))
	where place = 'waiting';
