-- Which rows of which tables are a person's, and what is taken out of them.  In
-- each clause t is the table and $1 the person (person.sql).

-- erased: what is set when the person is erased; null: the rows name nobody.
-- shown: what of a row is exported otherwise than it is.  What counts money, or
-- ties it to Stripe, stays.
create or replace function teamdues.person_tables()
returns table (name text, of_person text, erased text, shown text)
language sql immutable as $_$
	select x.*
	from (values
	('parents', 't.parent_id = any (($1).parents)',
	    $$name = 'erased ' || t.parent_id, email = null, phone = ''$$,
	    null),
	('players', 't.player_id = any (($1).players)',
	    $$name = 'erased ' || t.player_id, birth_date = null,
	    active = false, word = default$$, null),
	('stripe_customers', 't.customer_id = any (($1).customers)', null,
	    null),
	('orders', 't.order_id = any (($1).orders)', null, null),
	('listed_orders', 't.order_id = any (($1).orders)', null, null),
	('tryout_registrations', 't.order_id = any (($1).orders)',
	    $$birth_date = null, parent_name = 'erased', parent_phone = ''$$,
	    null),
	('jersey_details', 't.order_id = any (($1).orders)',
	    $$name_on_jersey = 'erased'$$, null),
	('checkout_sessions', 't.order_id = any (($1).orders)', null, null),
	('session_facts', 't.session_id = any (($1).sessions)', null, null),
	('payments', 't.session_id = any (($1).sessions)',
	    $$email = null, payer_name = null,
	    metadata_player = case when teamdues.is_for_others(t, $1)
	        then t.metadata_player end,
	    client_reference_id = case
	        when teamdues.reference_id(t.client_reference_id) is not null
	        then t.client_reference_id end$$, null),
	('payment_failures', 't.order_id = any (($1).orders)
	    or t.payment_intent_id = any (($1).intents)', null, null),
	('refund_facts', 't.payment_intent_id = any (($1).intents)', null,
	    null),
	('charge_facts', 't.payment_intent_id = any (($1).intents)', null,
	    null),
	('charges', 't.payment_intent_id = any (($1).intents)',
	    'card_last4 = null', null),
	('dispute_facts', 't.payment_intent_id = any (($1).intents)', null,
	    null),
	('fraud_warnings', 't.payment_intent_id = any (($1).intents)', null,
	    null),
	('recorded_payments', 't.order_id = any (($1).orders)',
	    $$reference = case when teamdues.names_in_part(t.reference, $1)
	        then 'erased' else t.reference end$$, null),
	('attachments', 't.session_id = any (($1).sessions)', null, null),
	('dismissals', 't.subject = any (($1).sessions || ($1).events)',
	    $$reason = 'erased'$$, null),
	('emails', 't.player_id = any (($1).players)
	    or lower(t.recipient) = any (($1).addresses)',
	    $$recipient = 'erased', last_error = '',
	    state = case t.state when 'sent' then 'sent' else 'dropped' end$$,
	    null),
	('stripe_events', 't.event_id = any (($1).events)',
	    'payload = null', null),
	('desk_requests', 'teamdues.is_request_about(t, $1)',
	    $$args = teamdues.request_part(t.args, $1, false), reason = '',
	    words = case when t.args ? 'rows' then t.words else '' end$$,
	    $$jsonb_build_object('args',
	        teamdues.request_part(t.args, $1, true))$$),
	('audit_log', 'teamdues.is_act_about(t, $1)', $$detail = ''$$, null),
	('desk_entries', 't.user_id in (
	        select u.user_id
	        from teamdues.desk_users u
	        where lower(u.email) = any (($1).addresses))',
	    $$last_error = ''$$, $$jsonb_build_object('browser_hash', null)$$),
	('desk_users', 'lower(t.email) = any (($1).addresses)',
	    $$email = 'erased ' || t.user_id$$, null)
	) x (name, of_person, erased, shown)
$_$;
