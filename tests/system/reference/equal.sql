-- Whether the reference and teamdues say the same, and come to the same rows.

create view event_overview as
select e.event_id, e.type,
    case when d.is_not_ours then 'foreign'
    when d.subject is not null then 'ignored'
    when e.disposition = 'refused' then 'review'
    when e.disposition <> 'fact' then e.disposition
    when pp.place = 'order' then 'applied'
    when pp.place in ('waiting', 'settled') then 'ignored'
    when pp.place is not null then pp.place
    when coalesce(s.order_id, f.order_id) is not null then 'applied'
    else 'ignored' end as outcome,
    case when d.subject is not null
    then format('dismissed by %s: %s', d.actor, d.reason)
    when e.disposition <> 'fact' then e.reason
    when pp.place is not null then pp.reason
    when coalesce(s.order_id, f.order_id) is not null then ''
    when e.session_id is not null then 'session not known'
    else 'payment not known' end as reason,
    coalesce(pp.order_id, s.order_id, f.order_id) as order_id,
    e.stripe_created, e.received_at
from stripe_events e
left join teamdues.dismissals d
    on d.subject = e.event_id and d.taken_back_at is null
    and e.disposition = 'refused'
left join payments p on p.payment_intent_id = e.payment_intent_id
left join payment_places pp
    on pp.session_id = coalesce(p.session_id, e.session_id)
left join checkout_sessions s
    on s.session_id = coalesce(p.session_id, e.session_id)
left join lateral (
    select y.order_id
    from payment_failures y
    where y.payment_intent_id = e.payment_intent_id
    and e.type = 'payment_intent.payment_failed'
    limit 1) f on true;

create view before as
select 'order' as what, to_jsonb(o) || jsonb_build_object('session_id', (
    select s.session_id
    from checkout_sessions s
    left join payments m on m.session_id = s.session_id
    where s.order_id = o.order_id
    order by m.payment_intent_id = o.payment_intent_id desc nulls last,
        s.status = 'open' desc, s.stripe_created desc, s.session_id
    limit 1)) as row
from orders o
union all
select 'session', to_jsonb(s) from checkout_sessions s
union all
select 'payment', to_jsonb(p) || to_jsonb(pp) || jsonb_build_object('paid_at', (
    select min(f.stripe_time)
    from session_facts f
    where f.session_id = p.session_id and f.fact = 'paid'))
from payments p
left join payment_places pp using (session_id)
union all
select 'session fact', to_jsonb(f) from session_facts f where fact <> 'paid'
union all
select 'refund', to_jsonb(f) from refund_facts f
union all
select 'charge', to_jsonb(f) from charge_facts f
union all
select 'dispute', to_jsonb(f) from dispute_facts f
union all
select 'failure', to_jsonb(f) from payment_failures f
union all
select 'event', to_jsonb(e) from stripe_events e
union all
select 'event overview', to_jsonb(v) from event_overview v
union all
select 'mail', to_jsonb(e) - 'email_id' from emails e;

create view now as
select 'order' as what, to_jsonb(o) || jsonb_build_object(
    'session_id', v.session_id,
    'payment_intent_id', v.payment_intent_id) as row
from teamdues.orders o
join teamdues.order_overview v using (order_id)
union all
select 'session', to_jsonb(s) from teamdues.checkout_sessions s
union all
select 'payment', to_jsonb(p) || jsonb_build_object('order_id',
    case when p.place = 'order' then p.matched_order_id end)
from teamdues.payments p
union all
select 'session fact', to_jsonb(f) from teamdues.session_facts f
union all
select 'refund', to_jsonb(f) from teamdues.refund_facts f
union all
select 'charge', to_jsonb(f) from teamdues.charge_facts f
union all
select 'dispute', to_jsonb(f) from teamdues.dispute_facts f
union all
select 'failure', to_jsonb(f) from teamdues.payment_failures f
union all
select 'event', to_jsonb(e) from teamdues.stripe_events e
union all
select 'event overview', to_jsonb(v) from teamdues.event_overview v
union all
select 'mail', to_jsonb(e) - 'email_id' from teamdues.emails e;

-- Tells one call's items to both: a row for each that they answer differently.
create function tell(p_items jsonb, p_is_asked boolean, p_zone text)
returns setof text
language plpgsql as $$
declare
	v_payloads text[] := array(
	    select format('{"id": "%s"}', i ->> 'event_id')
	    from jsonb_array_elements(p_items) with ordinality x (i, n)
	    order by n);
	v_before jsonb[];
	v_now jsonb[];
begin
	if p_items is null then
		return;
	end if;
	if p_is_asked then
		v_now := array(select to_jsonb(r)
		    from teamdues.record_answers(p_items, p_zone) r);
		p_items := (select jsonb_agg(i - 'event_id' order by n)
		    from jsonb_array_elements(p_items)
		        with ordinality x (i, n));
	else
		v_now := array(select to_jsonb(r)
		    from teamdues.record_events(p_items, v_payloads, p_zone) r);
	end if;
	v_before := array(select to_jsonb(r)
	    from reference.record(p_items, v_payloads, p_zone) r);
	return query
	select format(E'%s\n  was %s\n   is %s', i, v_before[n], v_now[n])
	from jsonb_array_elements(p_items) with ordinality x (i, n)
	where v_before[n] is distinct from v_now[n];
exception when others then
	return next format('%s: %s', sqlerrm, p_items);
end
$$;

-- Makes a stream and tells it in calls of any size, while a person acts now and
-- then: a row for each difference.
create function play(p_seed bigint) returns setof text
language plpgsql as $$
declare
	v_stream jsonb[];
	v_calls integer := 0;
	v_call jsonb;
	v_is_asked boolean;
	v_at integer := 0;
begin
	perform setseed(hashint8(p_seed) / 2147483648.0);
	perform make_orders(20);
	v_stream := make_stream();
	while v_at < cardinality(v_stream) loop
		v_call := pick('1', '2', '3', '8', '20', '64');
		v_is_asked := random() < 0.15;
		return query
		select * from tell((select jsonb_agg(i order by n)
		    from unnest(v_stream[v_at + 1 : v_at + v_call::integer])
		        with ordinality x (i, n)
		    where not v_is_asked or i ->> 'disposition' = 'fact'),
		    v_is_asked,
		    case when random() < 0.7 then 'America/Denver' end);
		v_at := v_at + v_call::integer;
		if random() < 0.2 then
			perform act();
		end if;
	end loop;
	return query
	select format('was %s %s', x.what, x.row)
	from (select * from before except all select * from now) x
	union all
	select format(' is %s %s', x.what, x.row)
	from (select * from now except all select * from before) x
	union all
	select format('audit: %s', a)
	from teamdues.audit() a;
end
$$;
