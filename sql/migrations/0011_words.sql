-- A number that stood in a link may be given again, in books that were restored
-- or written anew: so each order and player has a random word beside it, which
-- links and sessions carry too.  What stands there already has none, and neither
-- have its links: they stay good for it, and for nothing else.

alter table teamdues.orders
	add column word text check (length(word) between 8 and 64);
alter table teamdues.orders alter column word set default
	left(translate(encode(sha256(uuid_send(gen_random_uuid())), 'base64'),
	    '+/', '-_'), 10);
comment on column teamdues.orders.word is
	'Random, of A-Z a-z 0-9 - and _: what its links and sessions must carry; null for one of before version 11, whose carry none';

alter table teamdues.players
	add column word text check (length(word) between 8 and 64);
alter table teamdues.players alter column word set default
	left(translate(encode(sha256(uuid_send(gen_random_uuid())), 'base64'),
	    '+/', '-_'), 10);
comment on column teamdues.players.word is
	'Random, as an order''s: for the links that name the player';

-- What a session says of its order in words, for books that do not have it.
alter type teamdues.fact_item
	add attribute metadata_word text,
	add attribute metadata_player text,
	add attribute metadata_product text,
	add attribute metadata_tournament text;
alter table teamdues.payments
	add column metadata_word text,
	add column metadata_player text,
	add column metadata_product text,
	add column metadata_tournament text;
comment on column teamdues.payments.metadata_word is
	'metadata[teamdues_word]: the word of the order that it was made for';
comment on column teamdues.payments.metadata_player is
	'metadata[teamdues_player]: who plays';
comment on column teamdues.payments.metadata_product is
	'metadata[teamdues_product]: what was sold';
comment on column teamdues.payments.metadata_tournament is
	'metadata[teamdues_tournament]: name and day; null for another kind';
create trigger append_only_words before update of metadata_word,
	metadata_player, metadata_product, metadata_tournament
	on teamdues.payments
	for each statement execute function teamdues.refuse_change();

create table teamdues.other_installations (
	installation_id text primary key
	    check (length(installation_id) between 1 and 500),
	is_ours boolean not null,
	actor text not null check (length(actor) between 1 and 200),
	decided_at timestamptz not null default now()
);
comment on table teamdues.other_installations is
	'What a person has said of other installations whose payments Stripe shows us; the audit log keeps what was said before';
comment on column teamdues.other_installations.installation_id is
	'As metadata[teamdues] says it';
comment on column teamdues.other_installations.is_ours is
	'Whether its payments are this club''s, as after a loss of its database; else another club''s';
comment on column teamdues.other_installations.actor is 'Who said so';
comment on column teamdues.other_installations.decided_at is 'When';
