-- That an order becomes paid is written beside its row, and no longer into each
-- of its indexes: none of them hangs on the status now.  What is looked for by
-- status stands in a small table of its own.  New pages of orders are half
-- empty, so that all of a page can become paid in one batch.
create table teamdues.listed_orders (
	order_id bigint primary key references teamdues.orders,
	status text not null check (status <> 'paid'),
	player_id bigint not null,
	product_id bigint not null,
	kind text not null,
	tournament_id bigint
);
comment on table teamdues.listed_orders is
	'The orders that are not simply paid, to be found by their status';
comment on column teamdues.listed_orders.order_id is 'The order';
comment on column teamdues.listed_orders.status is 'As in orders';
comment on column teamdues.listed_orders.player_id is 'As in orders';
comment on column teamdues.listed_orders.product_id is 'As in orders';
comment on column teamdues.listed_orders.kind is 'As in orders';
comment on column teamdues.listed_orders.tournament_id is 'As in orders';

drop index teamdues.orders_one_unpaid, teamdues.orders_unpaid;
alter table teamdues.orders set (fillfactor = 50);
insert into teamdues.listed_orders (order_id, status, player_id, product_id,
	kind, tournament_id)
select o.order_id, o.status, o.player_id, o.product_id, o.kind, o.tournament_id
from teamdues.orders o
where o.status <> 'paid';
create index listed_orders_status on teamdues.listed_orders (status, order_id);
create unique index listed_orders_one_unpaid
	on teamdues.listed_orders (player_id, product_id)
	where kind in ('jersey', 'tryout')
	and status in ('pending', 'processing');

-- As functions/refresh.sql has it.
create function teamdues.list_new_order() returns trigger
language plpgsql as $$
begin
	insert into teamdues.listed_orders (order_id, status, player_id,
	    product_id, kind, tournament_id)
	values (new.order_id, new.status, new.player_id, new.product_id,
	    new.kind, new.tournament_id);
	return null;
end
$$;
create trigger list_new_order after insert on teamdues.orders
for each row when (new.status <> 'paid')
execute function teamdues.list_new_order();
-- For rows of a script that leaves keys unchecked, too.
alter table teamdues.orders enable always trigger list_new_order;
