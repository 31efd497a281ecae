-- Random streams of what Stripe may say, told to the reference and to teamdues.

create function pick(variadic p_these jsonb[]) returns jsonb
language sql volatile as $$
	select p_these[1 + floor(random() * cardinality(p_these))::integer]
$$;

-- Orders that wait for their money, most of them; a link of each is out, and of
-- some an older one, and they are known to both.
create function make_orders(p_count integer) returns setof orders
language plpgsql as $$
declare
	v_product bigint;
	v_parent bigint;
	v_player bigint;
	v_order bigint;
begin
	insert into teamdues.foreign_rules (field, value, actor)
	values ('metadata', 'shop', 'test'), ('payment_link', 'plink_x', 'test');
	insert into teamdues.other_installations (installation_id, is_ours, actor)
	values ('td_adopted', true, 'test'), ('td_said', false, 'test');
	insert into teamdues.products (kind, name, amount_cents, currency)
	values ('tryout', 'Tryout', 1999, 'usd')
	returning product_id into v_product;
	for n in 1 .. p_count loop
		insert into teamdues.parents (name, email)
		values ('Parent', case when random() < 0.9
		    then format('%s-%s@example.com', n, random()) end)
		returning parent_id into v_parent;
		insert into teamdues.stripe_customers
		select format('cus_%s', v_parent), v_parent, false, 0
		where random() < 0.5;
		insert into teamdues.players (parent_id, name)
		values (v_parent, 'Player')
		returning player_id into v_player;
		-- Ids of its own choice: the same seed makes the same stream.
		insert into teamdues.orders (order_id, word, player_id,
		    product_id, kind, amount_cents, currency, status,
		    cancelled_at, created_at)
		overriding system value
		select 1000 + n, case when n % 3 > 0 then 'word ' || 1000 + n
		    end, v_player, v_product, 'tryout',
		    case when random() < 0.9 then 1999 else 1500 end, 'usd',
		    case when c then 'cancelled' else 'pending' end,
		    case when c then now() end, to_timestamp(1790000000)
		from (select random() < 0.1) x (c)
		returning order_id into v_order;
		insert into teamdues.checkout_sessions (session_id, order_id,
		    origin, attempt, livemode, amount_cents, currency, url,
		    status, stripe_created, expires_at)
		select format('cs_%s%s', x.name, v_order), v_order, x.origin,
		    x.attempt, false, 1999, 'usd', 'https://example.com',
		    x.status, to_timestamp(1790000000), to_timestamp(1790090000)
		from (values ('', 'minted', 0, 'open', 1.0),
		    ('old', 'minted', 0, 'expired', 0.3),
		    ('adopted', 'adopted', null, 'expired', 0.3))
		    x (name, origin, attempt, status, share)
		where random() < x.share;
	end loop;
	insert into orders
	select o.*
	from teamdues.orders o;
	insert into checkout_sessions
	select s.*
	from teamdues.checkout_sessions s;
	return query
	select o.*
	from orders o
	order by o.order_id;
end
$$;

-- What Stripe says of a payment of an order, once for each change of what it
-- says of the ordinary one.  null takes a member away.
create function payment_items(o orders, variadic p_changes jsonb[])
returns setof jsonb
language sql volatile as $$
	select x.item || jsonb_build_object(
	    'at', 1790000600 + floor(random() * 50)::integer,
	    'created', coalesce((x.item -> 'created')::bigint, 1790000500
	        - abs(hashtext(x.item ->> 'session_id')) % 400))
	from unnest(p_changes) c
	cross join lateral (
	    select jsonb_strip_nulls(jsonb_build_object('disposition', 'fact',
	        'kind', 'session', 'word', 'paid',
	        'session_id', 'cs_' || o.order_id,
	        'payment_intent_id', 'pi_' || o.order_id, 'livemode', false,
	        'is_our_mode', true, 'amount_cents', 1999, 'currency', 'usd',
	        'customer_id', (select 'cus_' || y.parent_id
	            from teamdues.players y
	            where y.player_id = o.player_id),
	        'email', 'payer@example.com',
	        'client_reference_id', o.order_id::text,
	        'metadata_order_id', o.order_id::text,
	        'metadata_player_id', o.player_id::text,
	        'metadata_product_id', o.product_id::text,
	        'metadata_word', o.word, 'metadata_player', 'Player',
	        'metadata_keys', array['order_id', 'player_id']) || c)
	    as item) x
$$;

-- What happens to an order's session and beside it; a third of the time it is
-- the ordinary payment.
create function session_story(o orders) returns setof jsonb
language plpgsql as $$
declare
	v_ours jsonb := (select to_jsonb(installation_id)
	    from teamdues.installation);
	v_next text := (o.order_id + 1)::text;
	v_other jsonb := jsonb_build_object('session_id', 'cs_o' || o.order_id,
	    'payment_intent_id', 'pi_o' || o.order_id);
	v_nameless jsonb := v_other || '{"client_reference_id": null,
	    "metadata_order_id": null, "metadata_player_id": null,
	    "metadata_product_id": null, "metadata_word": null}';
	v_free jsonb := '{"payment_intent_id": null, "word": "free"}';
begin
	return query
	select * from payment_items(o, variadic
	    case floor(random() * 30)::integer
	    when 0 then array[jsonb_build_object('amount_cents',
	        pick('1500', '1999'), 'currency', pick('"usd"', '"eur"'))]
	    when 1 then array[jsonb_build_object('metadata_order_id',
	        v_next)]
	    when 2 then array[jsonb_build_object('client_reference_id',
	        v_next)]
	    when 3 then array['{}', v_other || jsonb_build_object(
	        'metadata_teamdues', pick('null', v_ours, '"td_other"',
	            '"td_adopted"'),
	        'metadata_word', pick(to_jsonb(o.word), to_jsonb(o.word),
	            'null', '"word 1"'))]
	    when 4 then array['{"word": "unpaid"}', jsonb_build_object('word',
	        pick('"paid"', '"failed"'))]
	    when 19 then array['{"word": "unpaid"}', '{"word": "free"}'::jsonb]
	    when 5 then array['{"word": "expired", "payment_intent_id": null}',
	        pick('{}', '{"word": "expired", "payment_intent_id": null}')]
	    when 6 then array['{}', '{}', '{}'::jsonb]
	    when 7 then array[jsonb_build_object('payment_intent_id',
	        'pi_' || v_next)]
	    when 8 then array['{"is_our_mode": false, "livemode": true}'::jsonb]
	    when 9 then array[v_nameless || jsonb_build_object(
	        'metadata_keys', pick('["shop"]', '["x"]'),
	        'payment_link', pick('null', '"plink_x"', '"plink_y"'))]
	    when 10 then array['{}', v_nameless || jsonb_build_object(
	        'session_id', 'cs_adopted' || o.order_id)]
	    when 11 then array['{}', jsonb_build_object('session_id',
	        'cs_old' || o.order_id) || (v_other - 'session_id')]
	    when 12 then array[jsonb_build_object('metadata_player_id',
	        pick('"1"', 'null'), 'metadata_product_id',
	        pick('"1"', 'null'))]
	    when 13 then array[v_other || jsonb_build_object(
	        'metadata_order_id', 'WC-1', 'metadata_teamdues', v_ours)]
	    when 14 then array[v_free, pick('{"word": "failed"}', v_free)]
	    when 15 then array[v_other || '{"created": 1789990000}']
	    when 16 then array['{}', jsonb_build_object('amount_cents',
	        pick('1999', '1500'), 'payment_intent_id',
	        pick('null', '"pi_x"'))]
	    when 20 then array[jsonb_build_object('metadata_word',
	        pick('null', '"word 1"'))]
	    when 17 then array['{"payment_intent_id": null}'::jsonb]
	    when 18 then array[v_other || '{"customer_id": null}',
	        v_other || jsonb_build_object('metadata_order_id', '99999999')]
	    else array['{}'::jsonb] end);
end
$$;

-- What becomes of the money of a payment intent.
create function money_story(o orders, p_intent text) returns setof jsonb
language sql volatile as $$
	select jsonb_strip_nulls(x.item || jsonb_build_object('disposition', 'fact',
	    'payment_intent_id', p_intent))
	from (select jsonb_build_object('kind', 'refund', 'refund_id',
	        're_' || n || p_intent, 'word', pick('"succeeded"', '"pending"',
	            '"failed"'), 'amount_cents', pick('1999', '500')), 0.12
	    from generate_series(1, 3) n
	    union all
	    select jsonb_build_object('kind', 'charge', 'amount_cents',
	        pick('1999', '500', '0')), 0.1
	    from generate_series(1, 2)
	    union all
	    select jsonb_build_object('kind', 'dispute', 'dispute_id',
	        'dp_' || p_intent, 'amount_cents', pick('1999', '700'),
	        'word',
	        pick('"needs_response"', '"lost"', '"won"', '"warning_closed"'),
	        'is_withdrawn', pick('true', 'false'),
	        'is_reinstated', pick('true', 'false', 'null')), 0.1
	    from generate_series(1, 2)
	    union all
	    select jsonb_build_object('kind', 'failure', 'at', 1790000550,
	        'message', pick('"declined"', '"expired"'),
	        'metadata_order_id', o.order_id::text, 'metadata_word',
	        pick(to_jsonb(o.word), 'null'), 'metadata_teamdues',
	        pick('"td_other"', (select to_jsonb(installation_id)
	            from teamdues.installation))), 0.1) x (item, share)
	where random() < x.share
$$;

create function event_type(p_item jsonb) returns text
language sql immutable as $$
	select case p_item ->> 'kind'
	when 'session' then 'checkout.session.' || (p_item ->> 'word')
	when 'failure' then 'payment_intent.payment_failed'
	else coalesce(p_item ->> 'kind', 'customer') || '.updated' end
$$;

-- All that Stripe says, in any order; some of it again, as the same event or as
-- another, and some ids stolen.
create function make_stream() returns jsonb[]
language plpgsql as $$
declare
	v_items jsonb[];
begin
	v_items := array(
	    select x.item || jsonb_build_object('event_id', format('evt_%s%s',
	            substr(md5(random()::text), 1, 4), row_number() over ()),
	        'event_type', event_type(x.item),
	        'object_id', coalesce(x.item ->> 'session_id', 'obj'),
	        'event_livemode', false, 'api_version', 'x',
	        'event_created', 1790000600)
	    from (select s.item
	        from orders o
	        cross join lateral session_story(o) s (item)
	        union all
	        select s.item
	        from orders o
	        cross join unnest(array['pi_', 'pi_o']) p
	        cross join lateral money_story(o, p || o.order_id) s (item)
	        union all
	        select jsonb_build_object('disposition', pick('"ignored"',
	            '"foreign"', '"refused"'), 'reason', 'no payment')
	        from orders
	        where random() < 0.2) x);
	v_items := v_items || array(
	    select case when random() < 0.2
	        then i || '{"event_type": "another"}' else i end
	    from unnest(v_items) i
	    where random() < 0.2);
	return array(
	    select i
	    from unnest(v_items) i
	    order by random());
end
$$;

-- A person gives a payment to an order or takes it back, closes it, or has got
-- cash for an order, or for a part of it.
create function act() returns void
language plpgsql as $$
declare
	v_session text;
	v_order bigint;
begin
	select session_id into v_session
	from payment_places
	where place in ('unmatched', 'review')
	order by random()
	limit 1;
	select order_id into v_order
	from orders
	order by random()
	limit 1;
	case floor(random() * 4)::integer
	when 0 then
		insert into teamdues.attachments (session_id, order_id, actor)
		select p.session_id, v_order, 'test'
		from payments p
		where p.session_id = v_session
		and p.payment_intent_id is not null
		on conflict do nothing;
	when 1 then
		insert into teamdues.dismissals (subject, reason, is_not_ours,
		    actor)
		select v_session, 'known', random() < 0.5, 'test'
		where v_session is not null
		on conflict do nothing;
	when 2 then
		select a.session_id into v_session
		from teamdues.attachments a
		where a.taken_back_at is null
		order by random()
		limit 1;
		update teamdues.attachments a
		set taken_back_at = now()
		where a.session_id = v_session and a.taken_back_at is null;
	else
		insert into teamdues.recorded_payments (order_id, source,
		    reference, amount_cents, actor)
		values (v_order, 'cash', 'box', pick('700', '1999')::bigint,
		    'test');
	end case;
	perform refresh_payment(v_session);
	perform refresh_order(v_order);
	perform teamdues.refresh_payments(array[v_session]);
	perform teamdues.refresh_orders(array[v_order]);
end
$$;
