-- Money that came on another day than it was recorded: Saturday's cash is
-- written up on Monday.  Nothing is filled in for what is there: it counts on
-- the day when it was recorded, in the club's zone.
alter table teamdues.recorded_payments
	add column received_on date;
comment on column teamdues.recorded_payments.received_on is
	'The day on which it came; null: that on which it was recorded';
drop trigger append_only on teamdues.recorded_payments;
create trigger append_only before delete or truncate or update of recorded_id,
	order_id, amount_cents, source, reference, actor, recorded_at,
	received_on
	on teamdues.recorded_payments
	for each statement execute function teamdues.refuse_change();
create index recorded_payments_received
	on teamdues.recorded_payments (received_on)
	where received_on is not null;
