-- What the desk lists by time, the newest first: the log, whole or of one
-- person or one kind of act, and what people did about payments.  Only acts of
-- people pay for these.
create index audit_log_time on teamdues.audit_log (at, audit_id);
create index audit_log_actor on teamdues.audit_log (actor, at, audit_id);
create index audit_log_action on teamdues.audit_log (action, at, audit_id);
create index attachments_lately on teamdues.attachments (attached_at)
	where taken_back_at is null;
create index dismissals_lately on teamdues.dismissals (dismissed_at)
	where taken_back_at is null;
create index recorded_payments_lately on teamdues.recorded_payments
	(recorded_at) where taken_back_at is null;
