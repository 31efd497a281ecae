-- Money that is given back by teamdues itself.

-- Who gave it back is noted once for each refund, however often it is said.
create unique index audit_log_refund on teamdues.audit_log (subject)
	where action = 'refund';

-- Those that came to nothing wait for a person (functions/disputes.sql).
create index refund_facts_failed on teamdues.refund_facts (payment_intent_id)
	where status in ('failed', 'canceled');

-- The clerk tries a request again when Stripe was away.
alter table teamdues.desk_requests
	add column not_before timestamptz not null default now();
comment on column teamdues.desk_requests.not_before is
	'When the clerk may begin it (again)';
