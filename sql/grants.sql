-- Who may do what.  No role but the owner can touch a table; each may run only
-- the functions that its programs call and read only the views that they list.

revoke all on all tables in schema teamdues from public, teamdues_webhook,
	teamdues_checkout, teamdues_public, teamdues_admin, teamdues_mailer,
	teamdues_operator;

grant usage on schema teamdues to teamdues_webhook, teamdues_checkout,
	teamdues_public, teamdues_admin, teamdues_mailer, teamdues_operator;

grant execute on function
	teamdues.schema_version()
to teamdues_webhook, teamdues_checkout, teamdues_public, teamdues_admin,
	teamdues_mailer, teamdues_operator;

grant execute on function
	teamdues.record_events(jsonb)
to teamdues_webhook;

grant execute on function
	teamdues.checkout_order(bigint, boolean),
	teamdues.store_session(bigint, integer, jsonb),
	teamdues.raise_attempt(bigint, integer),
	teamdues.raise_customer_attempt(bigint, integer),
	teamdues.store_customer(bigint, integer, boolean, text),
	teamdues.record_answers(jsonb)
to teamdues_checkout, teamdues_operator;

grant execute on function
	teamdues.session_status(text)
to teamdues_checkout;

grant execute on function
	teamdues.import_roster(jsonb, boolean),
	teamdues.product_add(text, text, bigint, text, text[]),
	teamdues.tournament_add(text, date, bigint),
	teamdues.tournament_roster(bigint, text, bigint[], boolean),
	teamdues.tournament_link(bigint, text)
to teamdues_operator;

grant select on
	teamdues.order_overview,
	teamdues.event_overview,
	teamdues.event_detail,
	teamdues.product_overview,
	teamdues.tournament_overview
to teamdues_operator;
