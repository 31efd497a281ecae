-- What the club does not sell any more stays in the books.

alter table teamdues.products add column withdrawn_at timestamptz;
comment on column teamdues.products.withdrawn_at is
	'Since when a person says that it is not sold any more; null while it is';
