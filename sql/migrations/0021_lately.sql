-- What came in the last days is found without reading all payments, and a payment
-- pays nothing for it: their times follow their places in the table.
create index payments_paid on teamdues.payments using brin (paid_at)
	with (pages_per_range = 16);
