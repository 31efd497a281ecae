-- An order that becomes paid is entered anew in each index that it is in: no entry
-- for what is of no tournament.
drop index teamdues.orders_tournament;
create index orders_tournament on teamdues.orders (tournament_id, order_id)
	where tournament_id is not null;
