-- What people close without an order, and the rules that close all that is
-- alike; as payment_acts.sql does, each act says what it did and logs it.

-- Closes a payment, or an event that could not be taken, with a reason.  With
-- p_field (payment_link, metadata) a rule is made that does the same for all
-- that are like it.  result: dismissed, already, refused, unknown.
create or replace function teamdues.dismiss(
	p_key text,
	p_reason text,
	p_is_not_ours boolean,
	p_field text,
	p_metadata_key text,
	p_actor text,
	p_commit boolean,
	out result text,
	out detail text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_payment payments;
	v_subject text;
	v_value text;
begin
	if p_field is not null then
		perform lock_books();
	end if;
	v_payment := lock_payment(p_key, null);
	v_subject := v_payment.session_id;
	v_value := case p_field when 'payment_link'
	    then v_payment.payment_link else p_metadata_key end;
	if v_subject is null then
		select e.event_id into v_subject
		from event_readings e
		where e.event_id = p_key and e.disposition = 'refused'
		union all
		select f.warning_id
		from fraud_warnings f
		where f.warning_id = p_key
		union all
		select f.refund_id
		from refund_facts f
		where f.refund_id = p_key and f.status in ('failed', 'canceled')
		limit 1;
	end if;
	if dispute_bar(p_key) is not null then
		result := 'refused';
		detail := dispute_bar(p_key);
		return;
	elsif v_subject is null then
		result := 'unknown';
		detail := format('nothing stands under %s', p_key);
		return;
	elsif exists (select from dismissals d
	    where d.subject = v_subject and d.taken_back_at is null) then
		result := 'already';
		detail := 'it was dismissed before';
		return;
	end if;
	detail := dismiss_fault(v_payment, p_field, v_value);
	if detail is not null then
		result := 'refused';
		return;
	end if;
	result := 'dismissed';
	detail := p_reason || coalesce(like_count(v_subject, p_field, v_value),
	    '');
	if not p_commit then
		return;
	end if;
	insert into dismissals (subject, reason, is_not_ours, actor)
	values (v_subject, p_reason, p_is_not_ours, p_actor);
	insert into audit_log (actor, action, subject, detail)
	values (p_actor, 'dismiss', v_subject, p_reason);
	perform refresh_payments(array[v_payment.session_id]);
	if p_field is not null then
		perform add_rule(p_field, v_value, p_actor);
	end if;
end
$$;

-- How many others a rule closes with it, and how much money that is in all, in
-- words; null without a rule.
create or replace function teamdues.like_count(
	p_session_id text,
	p_field text,
	p_value text)
returns text
language plpgsql stable as $$
begin
	return (
	    select format(' (with %s more like it, %s in all)', coalesce(
	        sum(x.count), 0) - 1, string_agg(format('%s %s',
	        teamdues.money_text(x.cents), x.currency), ' and '
	        order by x.currency))
	    from (
	        select p.currency, count(*) as count,
	            sum(p.amount_cents)::bigint as cents
	        from teamdues.payments p
	        where p.session_id = p_session_id
	        or p.place = 'unmatched'
	        and (p_field = 'payment_link' and p.payment_link = p_value
	            or p_field = 'metadata'
	            and p_value = any (p.metadata_keys))
	        group by p.currency) x
	    having p_field is not null);
end
$$;

-- Takes a dismissal back: what was closed waits for a person again.  A rule
-- that was made with it stays.  result: reopened, refused, unknown.
create or replace function teamdues.undismiss(
	p_key text,
	p_actor text,
	p_commit boolean,
	out result text,
	out detail text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
declare
	v_payment payments := lock_payment(p_key, null);
	v_subject text := coalesce(v_payment.session_id, p_key);
	v_dismissal dismissals;
begin
	select * into v_dismissal
	from dismissals d
	where d.subject = v_subject and d.taken_back_at is null
	for update;
	if not found then
		result := case when v_payment.session_id is null
		    and not exists (select from stripe_events e
		        where e.event_id = p_key) then 'unknown'
		    else 'refused' end;
		detail := case result
		    when 'unknown' then 'nothing stands under ' || p_key
		    else 'nobody has dismissed it' end;
		return;
	end if;
	result := 'reopened';
	detail := format('what %s dismissed: %s', v_dismissal.actor,
	    v_dismissal.reason);
	if p_commit then
		update dismissals d
		set taken_back_at = now()
		where d.dismissal_id = v_dismissal.dismissal_id;
		insert into audit_log (actor, action, subject, detail)
		values (p_actor, 'reopen', v_subject, undismiss.detail);
		perform refresh_payments(array[v_payment.session_id]);
	end if;
end
$$;

create or replace function teamdues.dismiss_fault(
	p_payment teamdues.payments,
	p_field text,
	p_value text)
returns text
language sql stable as $$
	select case
	when p_payment.place not in ('unmatched', 'review')
	then 'the payment does not wait for anybody'
	when p_field is null then null
	when p_payment.session_id is null
	then 'only payments are like others'
	when p_field = 'payment_link' and p_value is null
	then 'the payment came through no payment link'
	when p_field = 'metadata' and p_value = any (teamdues.our_keys())
	then format('%s is a key of ours', p_value)
	when p_field = 'metadata'
	    and not p_value = any (p_payment.metadata_keys)
	then format('the payment has no metadata key %s', p_value)
	end
$$;

-- Every payment that stands there is looked at again: a rule may concern all of
-- them.  The caller has locked the books.
create or replace function teamdues.refresh_places(p_place text) returns void
language plpgsql as $$
begin
	perform teamdues.refresh_payments(array(
	    select p.session_id
	    from teamdues.payments p
	    where p.place = p_place));
end
$$;

create or replace function teamdues.add_rule(
	p_field text,
	p_value text,
	p_actor text)
returns void
language plpgsql as $$
begin
	insert into teamdues.foreign_rules (field, value, actor)
	values (p_field, p_value, p_actor)
	on conflict do nothing;
	insert into teamdues.audit_log (actor, action, subject)
	values (p_actor, 'add rule', p_field || ':' || p_value);
	perform teamdues.refresh_places('unmatched');
end
$$;

-- result: removed, unknown.
create or replace function teamdues.remove_rule(
	p_rule_id bigint,
	p_actor text,
	p_commit boolean,
	out result text,
	out detail text)
language plpgsql security definer
set search_path = teamdues, pg_temp as $$
begin
	perform lock_books();
	select 'removed', r.field || ':' || r.value into result, detail
	from foreign_rules r
	where r.rule_id = p_rule_id and r.removed_at is null;
	if not found then
		result := 'unknown';
		detail := format('no rule %s', p_rule_id);
	elsif p_commit then
		update foreign_rules r
		set removed_at = now()
		where r.rule_id = p_rule_id;
		insert into audit_log (actor, action, subject)
		values (p_actor, 'remove rule', remove_rule.detail);
		perform refresh_places('foreign');
	end if;
end
$$;
