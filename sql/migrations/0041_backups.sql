-- A backup that was restored for a try is a run like the daily audit, and is
-- missed as one; that the try failed is known at once.

alter table teamdues.runs
	drop constraint runs_name_check,
	add constraint runs_name_check
	    check (name in ('reconcile', 'audit', 'watch', 'backup')),
	alter column began_at drop not null,
	add column failed_at timestamptz;
comment on column teamdues.runs.name is
	'The command; backup: the newest backup was restored and audited';
comment on column teamdues.runs.began_at is
	'When that run began; null: none went well yet';
comment on column teamdues.runs.failed_at is
	'When one of backup failed; null since one went well';
