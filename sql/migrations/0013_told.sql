-- What people do is told, and what may have been missed is found by an index.

-- A restored backup has forgotten the acts of its last hours; who did one has
-- written it to its log by then (lib/store/told.c).  A deferred trigger speaks
-- when the act is done for good: of a dry run nothing is heard.
create function teamdues.tell_act() returns trigger
language plpgsql security definer
set search_path = teamdues, pg_temp
set client_min_messages = notice as $$
begin
	raise notice using errcode = 'TD002', message = (
	    select jsonb_strip_nulls(jsonb_build_object(
	        'at', to_char(new.at at time zone 'UTC',
	            'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
	        'by', new.actor, 'what', new.action, 'order', o.order_id,
	        'player', o.player_id, 'item', coalesce(t.name, p.name),
	        'amount', to_char(coalesce(m.amount_cents, o.amount_cents)
	            / 100.0, 'FM999990.00') || ' '
	            || coalesce(m.currency, o.currency),
	        'subject', nullif(left(new.subject, 1000), ''),
	        'detail', nullif(left(new.detail, 1000), '')))
	    from (select) one
	    left join payments m on m.session_id = new.subject
	    left join orders o on o.order_id = new.order_id
	    left join products p on p.product_id = o.product_id
	    left join tournaments t on t.tournament_id = o.tournament_id);
	return null;
end
$$;
create constraint trigger told after insert on teamdues.audit_log
	deferrable initially deferred
	for each row execute function teamdues.tell_act();

-- Sessions that ought to have ended by now.
create index checkout_sessions_open_end on teamdues.checkout_sessions
	(expires_at) where status = 'open';

alter table teamdues.stripe_sights
	drop constraint stripe_sights_name_check,
	add constraint stripe_sights_name_check check (name in ('paid_unseen',
	    'undelivered', 'webhook_down', 'programs_down', 'disputes',
	    'dispute_due'));
comment on column teamdues.stripe_sights.value is
	'How many; of dispute_due the Unix time by which the next is to be answered, 0 for none; of webhook_down 1 or 0';
