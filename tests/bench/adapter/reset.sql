-- As `setup` left it: every order pending, nothing recorded.
set client_min_messages = warning;
set session_replication_role = replica;
set search_path = teamdues, bench;
truncate orders, checkout_sessions, stripe_sessions, session_facts, payments,
    payment_places, payment_intents, stripe_events, event_payloads, emails
    cascade;
\ir ../sales.sql
set session_replication_role = origin;
vacuum analyze;
checkpoint;
