-- A family is not asked while its payment of another installation waits for
-- somebody to say whose it is.
create index payments_undecided on teamdues.payments (lower(email))
	where place = 'foreign' and metadata_teamdues is not null;
