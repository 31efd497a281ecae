-- What was done about payments at the desk or by the command, and the rules
-- that close payments that are not ours: each can be taken back.

-- What people did about payments and can take back, the newest first: given to
-- an order, dismissed.  A key is the act's letter and number.
create or replace function teamdues.handled_page(
	p_after text,
	p_limit bigint)
returns table (key text, at timestamptz, session_id text, actor text,
	order_id bigint, reason text, is_not_ours boolean)
language plpgsql stable as $$
#variable_conflict use_column
declare
	v_id bigint := substr(p_after, 2)::bigint;
	v_at timestamptz := coalesce((
	    select a.attached_at
	    from teamdues.attachments a
	    where a.attachment_id = v_id and left(p_after, 1) = 'a'), (
	    select d.dismissed_at
	    from teamdues.dismissals d
	    where d.dismissal_id = v_id and left(p_after, 1) = 'd'),
	    'infinity');
begin
	return query
	select x.*
	from (
	    (select 'a' || a.attachment_id as key, a.attached_at as at,
	        a.session_id, a.actor, a.order_id, null::text as reason, false
	    from teamdues.attachments a
	    where a.taken_back_at is null and a.attached_at <= v_at
	    and (p_after is null
	        or (a.attached_at, 'a' || a.attachment_id) < (v_at, p_after))
	    order by a.attached_at desc, 'a' || a.attachment_id desc
	    limit p_limit)
	    union all
	    (select 'd' || d.dismissal_id, d.dismissed_at, d.subject, d.actor,
	        null, d.reason, d.is_not_ours
	    from teamdues.dismissals d
	    where d.taken_back_at is null and d.dismissed_at <= v_at
	    and (p_after is null
	        or (d.dismissed_at, 'd' || d.dismissal_id) < (v_at, p_after))
	    order by d.dismissed_at desc, 'd' || d.dismissal_id desc
	    limit p_limit)) x
	order by x.at desc, x.key desc
	limit p_limit;
end
$$;

-- Of a payment that was given to an order: what it is used for, and how much of
-- it where a part of it was given back.
create or replace function teamdues.used_words(
	p_payment teamdues.payments,
	p_order_id bigint)
returns text
language sql stable as $$
	select teamdues.payment_words(p_payment, p_order_id, case
	    when r.cents > 0 and r.cents < p_payment.amount_cents
	    then format('Came %s, %s given back, %s used for ',
	        teamdues.amount_text(p_payment.amount_cents,
	            p_payment.currency),
	        teamdues.amount_text(r.cents, p_payment.currency),
	        teamdues.amount_text(p_payment.amount_cents - r.cents,
	            p_payment.currency))
	    else 'Used for ' end || '%2$s, %3$s')
	from (
	    select teamdues.refunded_cents(p_payment.payment_intent_id)
	        as cents) r
$$;

create or replace function teamdues.desk_handled(
	p_session bytea,
	p_after text,
	p_zone text,
	p_limit bigint)
returns jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return jsonb_build_object(
	    'user', desk_user_json(v_user),
	    'rules', (
	        select coalesce(jsonb_agg(jsonb_build_object(
	            'rule_id', r.rule_id, 'field', r.field, 'value', r.value,
	            'who', r.actor, 'at', desk_time(r.created_at, p_zone))
	            order by r.rule_id), '[]')
	        from foreign_rules r
	        where r.removed_at is null),
	    'rows', (
	        select coalesce(jsonb_agg(jsonb_build_object('key', h.key,
	            'payment', p.session_id,
	            'payer', coalesce(nullif(p.payer_name, ''), p.email,
	                h.session_id),
	            'amount_cents', p.amount_cents, 'currency', p.currency,
	            'what', coalesce(used_words(p, h.order_id),
	                'Not the club''s: ' || h.reason),
	            'who', h.actor, 'at', desk_time(h.at, p_zone),
	            'time', local_text(h.at, p_zone))
	            order by h.at desc, h.key desc), '[]')
	        from handled_page(p_after, p_limit) h
	        left join payments p on p.session_id = h.session_id));
end
$$;

-- What an act about a rule is about.  No row: there is no such rule.
create or replace function teamdues.desk_rule(p_session bytea, p_rule_id bigint)
returns setof jsonb
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
declare
	v_user desk_users := desk_reader(p_session);
begin
	return query
	select jsonb_build_object('user', desk_user_json(v_user),
	    'rule_id', r.rule_id, 'field', r.field, 'value', r.value)
	from foreign_rules r
	where r.rule_id = p_rule_id;
end
$$;

-- An act of the desk that takes a rule back: what it closed waits again.
create or replace function teamdues.desk_remove_rule(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
begin
	select teamdues.act_state(r.result), r.detail into state, words
	from teamdues.remove_rule((p_request.args ->> 'rule_id')::bigint,
	    p_actor, p_commit) r;
end
$$;
