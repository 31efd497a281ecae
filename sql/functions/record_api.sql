-- What programs call for teamdues.record: one that asks Stripe may bring facts,
-- only the webhook may bring events.  p_zone is the club's zone when what
-- becomes paid is to get its receipt, else null.

create or replace function teamdues.record_events(
	p_items jsonb,
	p_payloads text[],
	p_zone text)
returns table (outcome text, reason text, order_id bigint, is_news boolean,
	is_alarm boolean)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	return query
	select r.* from record(p_items, p_payloads, p_zone) r;
end
$$;

create or replace function teamdues.record_answers(p_items jsonb, p_zone text)
returns table (outcome text, reason text, order_id bigint, is_news boolean,
	is_alarm boolean)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	return query
	select r.*
	from record(without_events(flat_items(p_items)), '{}', p_zone) r;
end
$$;

-- As the programs of before version 6 call it, which may run until somebody
-- restarts them.
create or replace function teamdues.record_events(p_items jsonb, p_zone text)
returns table (outcome text, reason text, order_id bigint, is_news boolean,
	is_alarm boolean)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	return query
	select r.*
	from record(flat_items(p_items), array(
	    select i.item #>> '{event,payload}'
	    from jsonb_array_elements(p_items) with ordinality i (item, n)
	    order by i.n), p_zone) r;
end
$$;

-- Items of the form that these programs make, { "event": { ... }, "session":
-- { ... } } and so on, as teamdues.fact_item has them; others as they are.
create or replace function teamdues.flat_items(p_items jsonb) returns jsonb
language sql immutable as $$
	select jsonb_agg(case when x.kind is null and not i ? 'event' then i
	    else jsonb_strip_nulls(jsonb_build_object(
	        'disposition', i -> 'disposition',
	        'reason', i -> 'reason',
	        'event_id', i #> '{event,id}',
	        'event_type', i #> '{event,type}',
	        'object_id', i #> '{event,object_id}',
	        'event_livemode', i #> '{event,livemode}',
	        'api_version', i #> '{event,api_version}',
	        'event_created', i #> '{event,created}',
	        'kind', x.kind,
	        'word', coalesce(x.fact -> 'fact', x.fact -> 'status',
	            x.fact #> '{facts,0}'),
	        'at', x.fact -> 'at',
	        'session_id', case x.kind when 'session'
	            then x.fact -> 'id' end,
	        'payment_intent_id', x.fact -> 'payment_intent',
	        'created', x.fact -> 'created',
	        'livemode', x.fact -> 'livemode',
	        'is_our_mode', x.fact -> 'is_our_mode',
	        'amount_cents', coalesce(x.fact -> 'amount_cents',
	            x.fact -> 'amount_refunded_cents'),
	        'currency', x.fact -> 'currency',
	        'customer_id', x.fact -> 'customer',
	        'email', x.fact -> 'email',
	        'client_reference_id', x.fact -> 'client_reference_id',
	        'metadata_order_id', x.fact -> 'order_id',
	        'metadata_player_id', x.fact -> 'player_id',
	        'metadata_product_id', x.fact -> 'product_id',
	        'metadata_teamdues', x.fact -> 'teamdues',
	        'metadata_keys', x.fact -> 'keys',
	        'payment_link', x.fact -> 'payment_link',
	        'refund_id', case x.kind when 'refund'
	            then x.fact -> 'id' end,
	        'dispute_id', case x.kind when 'dispute'
	            then x.fact -> 'id' end,
	        'is_withdrawn', x.fact -> 'facts' ? 'funds_withdrawn',
	        'is_reinstated', x.fact -> 'facts' ? 'funds_reinstated',
	        'message', x.fact -> 'message')) end order by n)
	from jsonb_array_elements(p_items) with ordinality y (i, n)
	cross join lateral (
	    select k as kind, i -> k as fact
	    from (select (array(select z from unnest(array['session', 'refund',
	        'charge', 'dispute', 'failure']) z where i ? z))[1] as k) w) x
$$;

-- Items as if Stripe had been asked for them.
create or replace function teamdues.without_events(p_items jsonb) returns jsonb
language sql immutable as $$
	select jsonb_agg(i - 'event_id' order by n)
	from jsonb_array_elements(p_items) with ordinality as x (i, n)
$$;
