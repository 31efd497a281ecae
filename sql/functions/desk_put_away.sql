-- What failed and was seen: put away from Today, and brought back there.

-- Of a request that failed.  That it is put away stands in its args.
create or replace function teamdues.desk_put_away(
	p_request teamdues.desk_requests,
	p_actor text,
	p_commit boolean,
	out state text,
	out words text)
language plpgsql as $$
declare
	v_is_away boolean := p_request.action = 'put_away';
	v_failed teamdues.desk_requests;
	v_name text;
begin
	select * into v_failed
	from teamdues.desk_requests r
	where r.request_id = (p_request.args ->> 'request_id')::bigint
	and r.state = 'failed'
	for update;
	state := 'refused';
	if v_failed.request_id is null then
		words := 'nothing failed under that number';
		return;
	elsif (v_failed.args ? 'put_away') = v_is_away then
		words := case when v_is_away then 'it was put away already'
		    else 'it is not put away' end;
		return;
	end if;
	state := 'done';
	v_name := concat_ws(' for ', replace(v_failed.action, '_', ' '),
	    teamdues.desk_about(v_failed));
	words := case
	when not v_is_away then format('The %s is on Today again', v_name)
	when v_failed.action = 'refund' then format('The %s is put away; if '
	    'the money has not gone back, that is still to do: refund it '
	    'again, or give it back another way', v_name)
	else format('The %s is put away; it was not done', v_name) end;
	if not p_commit then
		return;
	end if;
	update teamdues.desk_requests r
	set args = case when v_is_away
	    then r.args || jsonb_build_object('put_away', p_actor)
	    else r.args - 'put_away' end
	where r.request_id = v_failed.request_id;
	insert into teamdues.audit_log (actor, action, order_id, subject,
	    detail)
	values (p_actor, replace(p_request.action, '_', ' '),
	    v_failed.order_id, coalesce(v_failed.args ->> 'payment', ''),
	    concat_ws(': ', v_name, v_failed.words));
end
$$;
