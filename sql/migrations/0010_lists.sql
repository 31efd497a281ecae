-- What lists, searches and figures need of a club with a million orders.

-- What is listed is listed by id.
drop index teamdues.orders_product, teamdues.orders_tournament,
	teamdues.orders_player, teamdues.emails_batch;
create index orders_product on teamdues.orders (product_id, order_id);
create index orders_tournament on teamdues.orders (tournament_id, order_id);
create index orders_player on teamdues.orders (player_id, kind);
-- That an order becomes paid adds nothing here; and only a list, which begins
-- after some id, can use it: who has an order's id finds it by that.
create index orders_unpaid on teamdues.orders (status, order_id)
	where status <> 'paid' and order_id > 0;
create index emails_batch on teamdues.emails (batch_id, state)
	where batch_id is not null;
create index emails_failed on teamdues.emails (created_at)
	where state = 'failed';
create index event_replays_refused on teamdues.event_replays (event_id)
	where disposition = 'refused';
-- The planner takes no figures from an index that is partial.
create statistics teamdues.stripe_events_subject
	on (coalesce(payment_intent_id, session_id)) from teamdues.stripe_events;

-- So that counting all events need not read them all.
create table teamdues.event_tally (
	disposition text primary key check (disposition in ('fact', 'duplicate',
	    'ignored', 'foreign', 'refused')),
	events bigint not null check (events >= 0),
	received_before timestamptz not null
);
comment on table teamdues.event_tally is
	'How many events there were; `teamdues metrics` keeps it and adds those that came since';
comment on column teamdues.event_tally.disposition is
	'What they brought, as in stripe_events';
comment on column teamdues.event_tally.events is 'How many';
comment on column teamdues.event_tally.received_before is
	'Those are counted that came before this; the same in all rows';
insert into teamdues.event_tally (disposition, events, received_before)
select x.disposition, count(e.event_id), now() - interval '5 minutes'
from unnest(array['fact', 'duplicate', 'ignored', 'foreign', 'refused'])
    x (disposition)
left join teamdues.stripe_events e on e.disposition = x.disposition
    and e.received_at < now() - interval '5 minutes'
group by x.disposition;
