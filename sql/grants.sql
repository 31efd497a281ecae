-- Who may do what.  No role but the owner can touch a table; each may run only
-- the functions that its programs call and read only the views that they list.

revoke all on all tables in schema teamdues from public, teamdues_webhook,
	teamdues_checkout, teamdues_public, teamdues_admin, teamdues_mailer,
	teamdues_operator, teamdues_desk, teamdues_clerk;
-- Ours are made so that nobody else may run them, but not in a backup that was
-- restored without its grants.
do $$
declare
	v_function regprocedure;
begin
	for v_function in
		select p.oid::regprocedure
		from pg_proc p
		where p.pronamespace = 'teamdues'::regnamespace
		and has_function_privilege('public', p.oid, 'execute')
	loop
		execute format('revoke execute on function %s from public',
		    v_function);
	end loop;
end
$$;

grant usage on schema teamdues to teamdues_webhook, teamdues_checkout,
	teamdues_public, teamdues_admin, teamdues_mailer, teamdues_operator,
	teamdues_desk, teamdues_clerk;

grant execute on function
	teamdues.schema_version()
to teamdues_webhook, teamdues_checkout, teamdues_public, teamdues_admin,
	teamdues_mailer, teamdues_operator, teamdues_desk, teamdues_clerk;

grant execute on function
	teamdues.record_events(jsonb, text[], text),
	teamdues.record_events(jsonb, text),
	teamdues.note_refusal()
to teamdues_webhook;

grant execute on function
	teamdues.checkout_order(bigint, boolean),
	teamdues.store_session(bigint, integer, jsonb),
	teamdues.raise_attempt(bigint, integer),
	teamdues.raise_customer_attempt(bigint, integer),
	teamdues.store_customer(bigint, integer, boolean, text),
	teamdues.player_link(bigint),
	teamdues.record_answers(jsonb, text),
	teamdues.is_young_session(text)
to teamdues_checkout, teamdues_operator;

grant execute on function
	teamdues.note_charge(text, text, text)
to teamdues_webhook, teamdues_checkout, teamdues_clerk, teamdues_operator;

grant execute on function
	teamdues.session_status(text),
	teamdues.claim_question(text),
	teamdues.claim_stray(boolean),
	teamdues.waiting_payment(bigint, text),
	teamdues.place_order(bigint, bigint, integer, text),
	teamdues.jersey_form(bigint),
	teamdues.place_jersey(bigint, text, text, text),
	teamdues.offer(text),
	teamdues.register_tryout(jsonb, text)
to teamdues_checkout;

grant execute on function
	teamdues.shop_window()
to teamdues_public;

grant execute on function
	teamdues.attach_payment(text, bigint, text, boolean, boolean, boolean),
	teamdues.attach_facts(text, bigint)
to teamdues_admin, teamdues_operator;

grant execute on function
	teamdues.import_roster(jsonb, text, boolean),
	teamdues.set_active(bigint[], boolean, text, boolean),
	teamdues.person_export(text, bigint, bigint),
	teamdues.person_erase(text, bigint, bigint, boolean, text, boolean),
	teamdues.product_add(text, text, bigint, text, text[], text),
	teamdues.product_withdraw(bigint, boolean, text, boolean),
	teamdues.tournament_add(text, date, bigint, text),
	teamdues.tournament_roster(bigint, text, bigint[], text, boolean),
	teamdues.order_link(bigint, text, date),
	teamdues.dismiss(text, text, boolean, text, text, text, boolean),
	teamdues.detach_payment(text, text, boolean),
	teamdues.undismiss(text, text, boolean),
	teamdues.remove_rule(bigint, text, boolean),
	teamdues.change_order(bigint, jsonb, text, boolean),
	teamdues.prune_payloads(timestamptz, boolean),
	teamdues.prune_emails(timestamptz, boolean),
	teamdues.desk_prune(timestamptz, boolean),
	teamdues.fee_opened(bigint, text),
	teamdues.due_sessions(text, integer),
	teamdues.mark_asked(text),
	teamdues.known_session(jsonb),
	teamdues.money_is_news(jsonb, bigint),
	teamdues.note_run(text, bigint, bigint),
	teamdues.reconcile_since(bigint),
	teamdues.notice_figures(),
	teamdues.backup_figures(),
	teamdues.unrecorded_events(text[]),
	teamdues.is_our_payment(text),
	teamdues.installations(),
	teamdues.decide_installation(text, boolean, text, boolean),
	teamdues.waiting_counts(),
	teamdues.alarm_due(text, boolean),
	teamdues.alarm_mailed(text, text),
	teamdues.try_answers(jsonb, boolean, text),
	teamdues.adopt_sessions(jsonb, text, boolean),
	teamdues.sessions_of_order(bigint),
	teamdues.order_timeline(bigint, text),
	teamdues.tournament_since(bigint),
	teamdues.suggest_sessions(jsonb, bigint),
	teamdues.session_doubt(bigint, text, text, text),
	teamdues.replay_event(jsonb, boolean),
	teamdues.payment_key(text),
	teamdues.audit_size(),
	teamdues.audit_slice(text, json, integer),
	teamdues.metrics(),
	teamdues.club_standing(text),
	teamdues.desk_user_add(text, text, text, text),
	teamdues.desk_user_remove(text, text),
	teamdues.desk_sign_out_all(text),
	teamdues.desk_user_list()
to teamdues_operator;

grant execute on function
	teamdues.desk_act(bytea, text, text, bigint, jsonb, text, text, text,
	    bigint, boolean),
	teamdues.desk_request_shown(bytea, bigint),
	teamdues.desk_order(bytea, bigint, text),
	teamdues.desk_order_subject(bytea, bigint, text),
	teamdues.desk_reminder(bytea, bigint, text),
	teamdues.desk_family_reminders(bytea, bigint, text),
	teamdues.desk_batches(bytea, bigint, bigint, text),
	teamdues.desk_mails(bytea, bigint, text, bigint, bigint, text),
	teamdues.desk_mail(bytea, bigint, bigint, text),
	teamdues.desk_mailing_choices(bytea, bigint, bigint, text),
	teamdues.desk_mailing(bytea, text, bigint, bigint, text, boolean,
	    text, bigint, bigint),
	teamdues.desk_show_mail(bytea, text, bigint, bigint, jsonb, text),
	teamdues.desk_tournament(bytea, bigint, text, bigint, bigint, text),
	teamdues.desk_gate(bytea, bigint, bigint)
to teamdues_desk;

grant execute on function
	teamdues.desk_rosters(bytea, jsonb),
	teamdues.desk_tournaments(bytea, text, text, text, bigint, bigint),
	teamdues.desk_tournament_subject(bytea, bigint, text, text),
	teamdues.desk_products(bytea, text, text, bigint, bigint),
	teamdues.desk_product_subject(bytea, bigint, text)
to teamdues_desk;

grant execute on function
	teamdues.claim_request(),
	teamdues.hold_request(bigint, integer),
	teamdues.finish_request(bigint, text, text, integer),
	teamdues.payments_said(jsonb, text, text),
	teamdues.claim_stray(boolean)
to teamdues_clerk, teamdues_operator;

grant execute on function
	teamdues.change_order(bigint, jsonb, text, boolean),
	teamdues.attach_payment(text, bigint, text, boolean, boolean, boolean),
	teamdues.checkout_order(bigint, boolean),
	teamdues.record_answers(jsonb, text),
	teamdues.try_answers(jsonb, boolean, text),
	teamdues.sessions_of_order(bigint),
	teamdues.is_young_session(text)
to teamdues_clerk;

grant execute on function
	teamdues.refund_sources(bigint, text),
	teamdues.note_refund(text, text, text, text)
to teamdues_operator, teamdues_clerk;

-- Views call these as whoever reads the view.
grant execute on function
	teamdues.dispute_sums(text),
	teamdues.left_cents(teamdues.orders),
	teamdues.paid_for(teamdues.payments),
	teamdues.waiting_at_stripe(),
	teamdues.fact_outcome(text, bigint),
	teamdues.fact_reason(text, text, bigint, text),
	teamdues.payment_candidates(teamdues.payments, integer, integer),
	teamdues.candidate_why(integer),
	teamdues.waiting_advice(teamdues.payments, teamdues.orders, text),
	teamdues.asking_fault()
to teamdues_admin, teamdues_operator;

grant execute on function
	teamdues.players_like(text)
to teamdues_admin, teamdues_operator;

grant select on
	teamdues.orders_by_status,
	teamdues.order_overview,
	teamdues.unmatched_overview
to teamdues_admin;

grant select on
	teamdues.orders_by_status,
	teamdues.order_overview,
	teamdues.order_detail,
	teamdues.event_overview,
	teamdues.event_detail,
	teamdues.payment_detail,
	teamdues.unmatched_overview,
	teamdues.unresolved_events,
	teamdues.rule_overview,
	teamdues.stray_sessions,
	teamdues.product_overview,
	teamdues.tournament_overview
to teamdues_operator;

grant execute on function
	teamdues.open_fee_order(bigint, bigint, text)
to teamdues_checkout, teamdues_operator;

grant execute on function
	teamdues.first_payment_players(bigint, text, boolean),
	teamdues.queue_first_payments(jsonb, text, boolean, text, boolean),
	teamdues.queue_tournament(bigint, text, text, text, boolean)
to teamdues_admin, teamdues_operator;

grant execute on function
	teamdues.queue_first_payment_reminders(text, text, boolean),
	teamdues.queue_replaced_link(bigint, text),
	teamdues.retry_emails(bigint, bigint, text),
	teamdues.drop_email(bigint, text)
to teamdues_operator;

grant execute on function
	teamdues.claim_emails(text, integer),
	teamdues.finish_email(bigint, text, text, integer),
	teamdues.note_sight(text, bigint)
to teamdues_mailer, teamdues_operator;

grant execute on function
	teamdues.desk_claim_entry(),
	teamdues.desk_finish_entry(bigint, text, text, integer)
to teamdues_mailer, teamdues_operator;

grant execute on function
	teamdues.desk_ask(text, bytea),
	teamdues.desk_count_refusal(text),
	teamdues.desk_enter(bigint, bytea, bytea, bytea),
	teamdues.desk_leave(bytea, boolean),
	teamdues.desk_today(bytea, text, text),
	teamdues.desk_families(bytea, text, boolean, text, text, bigint,
	    bigint),
	teamdues.desk_handled(bytea, text, text, bigint),
	teamdues.desk_payment_page(bytea, text, text, bigint, text, text,
	    text),
	teamdues.desk_rule(bytea, bigint),
	teamdues.desk_unmatched(bytea, text, text, text, text, bigint),
	teamdues.desk_log(bytea, text, text, date, bigint, bigint, text,
	    bigint),
	teamdues.desk_payments(bytea, date, date, text, text, text, bigint),
	teamdues.desk_family(bytea, bigint, text, text),
	teamdues.desk_family_subject(bytea, bigint)
to teamdues_desk;

grant select on
	teamdues.email_overview
to teamdues_admin, teamdues_operator;

-- What changes something finds its rows by keys, in a club of any size, and so
-- do the two that a click and a payer who comes back read.  Their plans are
-- made once a connection, maybe on the day when every table is empty, and must
-- not follow what the statistics said then: index by index, for good.  Those
-- that work through a whole list say themselves how they are planned.
do $$
declare
	v_function regprocedure;
begin
	for v_function in
		select p.oid::regprocedure
		from pg_proc p
		where p.pronamespace = 'teamdues'::regnamespace
		and p.prosecdef and (p.provolatile = 'v'
		    or p.proname in ('checkout_order', 'session_status'))
		and array_to_string(p.proconfig, ' ') not like
		    '%plan_cache_mode%'
	loop
		execute format('alter function %s set enable_seqscan = off',
		    v_function);
		execute format('alter function %s set enable_hashjoin = off',
		    v_function);
		execute format('alter function %s set enable_mergejoin = off',
		    v_function);
		execute format('alter function %s set jit = off', v_function);
		execute format('alter function %s set plan_cache_mode = '
		    'force_generic_plan', v_function);
	end loop;
end
$$;
