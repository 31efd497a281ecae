-- As `setup` left it: every order pending, nothing recorded.
set client_min_messages = warning;
set session_replication_role = replica;
set search_path = teamdues, bench;
truncate orders, checkout_sessions, session_facts, payments, stripe_events,
    emails cascade;
\ir ../sales.sql
set session_replication_role = origin;
vacuum analyze;
checkpoint;
