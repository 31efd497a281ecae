-- What the property test asks of its own connection (play.c).

-- As the programs' own functions have it (sql/grants.sql).
set jit = off;
set enable_seqscan = off;
set enable_hashjoin = off;
set enable_mergejoin = off;
set plan_cache_mode = force_generic_plan;

-- The rows of a world as text, without the times of our own clock.
create function pg_temp.rows(p_world jsonb, p_is_audited boolean,
    out summary text, out rows text, out faults text)
language plpgsql stable as $$
begin
with o as (
    select n - 1 as n, v.*
    from jsonb_array_elements_text(p_world -> 'orders')
        with ordinality x (id, n)
    join teamdues.order_overview v on v.order_id = id::bigint
), s as (
    select n - 1 as n, id as session_id,
        p_world -> 'intents' ->> (n - 1)::integer as intent
    from jsonb_array_elements_text(p_world -> 'sessions')
        with ordinality x (id, n)
)
select coalesce((select string_agg(format(E'order %s %s %s %s %s %s\n',
    n, status, coalesce(payment_intent_id, '-'),
    coalesce(extract(epoch from paid_at)::bigint::text, '-'),
    refunded_cents, paid_cents), '' order by n) from o), '')
|| coalesce((select string_agg(format(E'payment %s %s\n', n, place),
    '' order by n)
    from s join teamdues.payments using (session_id)), ''),
jsonb_build_object('orders',
    (select jsonb_agg(to_jsonb(o) order by n) from o),
'sessions', (select jsonb_agg(to_jsonb(c)
    - '{created_at,stray_at,end_at}'::text[] order by n)
    from s join teamdues.checkout_sessions c using (session_id)),
'payments', (select jsonb_agg(to_jsonb(p) - 'recorded_at' order by n)
    from s join teamdues.payments p using (session_id)),
'session_facts', (select jsonb_agg(to_jsonb(f) order by to_jsonb(f))
    from s join teamdues.session_facts f using (session_id)),
'refund_facts', (select jsonb_agg(to_jsonb(f) order by to_jsonb(f))
    from s join teamdues.refund_facts f
    on f.payment_intent_id = intent),
'dispute_facts', (select jsonb_agg(to_jsonb(f) order by to_jsonb(f))
    from s join teamdues.dispute_facts f
    on f.payment_intent_id = intent),
'dispute_dues', (select jsonb_agg(to_jsonb(f) order by to_jsonb(f))
    from (select distinct d.dispute_id
        from s join teamdues.dispute_facts d
        on d.payment_intent_id = intent) d
    join teamdues.dispute_dues f using (dispute_id)),
'charge_facts', (select jsonb_agg(to_jsonb(f) order by to_jsonb(f))
    from s join teamdues.charge_facts f
    on f.payment_intent_id = intent),
'failures', (select jsonb_agg(to_jsonb(f) order by to_jsonb(f))
    from s join teamdues.payment_failures f
    on f.payment_intent_id = intent),
'unmatched', (select jsonb_agg(to_jsonb(u) - 'recorded_at' order by n)
    from s join teamdues.unmatched_overview u using (session_id))
)::text,
(select coalesce(jsonb_agg(a)::text, '') from teamdues.audit() a
    where p_is_audited)
into summary, rows, faults;
end
$$;

-- Records as a plan says, looks, and undoes it: a plan is an array of calls, a
-- call an array of places in p_items.
create function pg_temp.play(p_items jsonb, p_plan jsonb,
    p_world jsonb, p_is_audited boolean, out summary text,
    out rows text, out faults text)
language plpgsql as $$
declare
    v_call jsonb;
    v_result text;
begin
    for v_call in select (select jsonb_agg(p_items -> i::integer
            order by n)
        from jsonb_array_elements_text(c.value)
            with ordinality x (i, n))
        from jsonb_array_elements(p_plan) c
    loop
        if v_call -> 0 ? 'store' then
            select s.result into v_result
            from teamdues.orders o cross join lateral
                teamdues.store_session(o.order_id, o.attempt,
                v_call -> 0 -> 'store') s
            where o.order_id = (v_call -> 0 ->> 'order')::bigint;
            if v_result not in ('stored', 'closed') then
                raise 'the session was not stored: %', v_result;
            end if;
        else
            perform teamdues.record(v_call, '{}', null);
        end if;
    end loop;
    select r.* into summary, rows, faults
    from pg_temp.rows(p_world, p_is_audited) r;
    raise sqlstate 'TDTST';
exception when sqlstate 'TDTST' then
    null;
end
$$;
