-- What the doors beside the tournament's know of an order.

alter table teamdues.players add column birth_date date
	check (birth_date >= '1900-01-01');
comment on column teamdues.players.birth_date is
	'As a tryout''s registration gave it; null when nobody did';

create table teamdues.jersey_details (
	order_id bigint primary key references teamdues.orders,
	size text not null check (length(size) <= 512),
	number text not null check (number ~ '^(0|00|[1-9][0-9]?)$'),
	name_on_jersey text not null
	    check (length(name_on_jersey) between 1 and 30),
	changed_at timestamptz not null default now()
);
comment on table teamdues.jersey_details is
	'What is to be made for an order of a jersey; changed in place until it is paid';
comment on column teamdues.jersey_details.order_id is 'Which order';
comment on column teamdues.jersey_details.size is
	'One of the product''s sizes; empty when it has none';
comment on column teamdues.jersey_details.number is
	'As it is printed: 00 is not 0';
comment on column teamdues.jersey_details.name_on_jersey is
	'As it is printed';
comment on column teamdues.jersey_details.changed_at is
	'When the family sent it last';

create table teamdues.tryout_registrations (
	order_id bigint primary key references teamdues.orders,
	birth_date date not null check (birth_date >= '1900-01-01'),
	parent_name text not null check (length(parent_name) between 1 and 200),
	parent_phone text not null check (length(parent_phone) <= 40),
	consent text not null check (length(consent) between 1 and 1000),
	consented_at timestamptz not null default now(),
	sent_at timestamptz not null default now()
);
comment on table teamdues.tryout_registrations is
	'What was typed into the public tryout form, beside the names: anyone may type anything there, so it changes no parent that is known';
comment on column teamdues.tryout_registrations.order_id is
	'The order that it made';
comment on column teamdues.tryout_registrations.birth_date is
	'The player''s, as typed last before it was paid';
comment on column teamdues.tryout_registrations.parent_name is
	'As typed last before it was paid';
comment on column teamdues.tryout_registrations.parent_phone is
	'As typed last before it was paid';
comment on column teamdues.tryout_registrations.consent is
	'The sentence that the parent agreed to';
comment on column teamdues.tryout_registrations.consented_at is
	'When the parent first did';
comment on column teamdues.tryout_registrations.sent_at is
	'When the form was sent last before it was paid';
