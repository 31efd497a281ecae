-- The club, its orders, and what Stripe says about them.
--
-- What Stripe says is kept as facts, in tables that only ever grow (session
-- facts, payments, events).  What follows from the facts (an order's status,
-- where a payment stands) is recomputed from all of them whenever one is added,
-- so that the order of their arrival cannot matter.

create table teamdues.installation (
	singleton boolean primary key default true check (singleton),
	installation_id text not null
	    default 'td_' || replace(gen_random_uuid()::text, '-', ''),
	created_at timestamptz not null default now()
);
comment on table teamdues.installation is
	'The one row that says which teamdues this is';
comment on column teamdues.installation.singleton is
	'Always true: there is one row';
comment on column teamdues.installation.installation_id is
	'Sent as metadata[teamdues] with every session, so that a payment of another installation on the same Stripe account is told apart';
comment on column teamdues.installation.created_at is
	'When the first migration ran';
insert into teamdues.installation default values;

create table teamdues.parents (
	parent_id bigint generated always as identity primary key,
	name text not null check (length(name) between 1 and 200),
	email text check (length(email) between 3 and 254),
	phone text not null default '' check (length(phone) <= 40),
	customer_attempt integer not null default 0 check (customer_attempt >= 0),
	created_at timestamptz not null default now()
);
comment on table teamdues.parents is 'Who pays: one row per e-mail address';
comment on column teamdues.parents.parent_id is 'Ours';
comment on column teamdues.parents.name is 'As the roster gives it';
comment on column teamdues.parents.email is
	'Unique without regard to case; null when the club has none';
comment on column teamdues.parents.phone is 'As given; empty when unknown';
comment on column teamdues.parents.customer_attempt is
	'Part of the idempotency key of the customer''s creation at Stripe; raised when the remembered customer had to be replaced';
comment on column teamdues.parents.created_at is 'When it was first seen';
create unique index parents_email on teamdues.parents (lower(email));

create table teamdues.stripe_customers (
	customer_id text primary key check (customer_id ~ '^[A-Za-z0-9_]{1,255}$'),
	parent_id bigint not null references teamdues.parents,
	livemode boolean not null,
	attempt integer not null check (attempt >= 0),
	created_at timestamptz not null default now(),
	unique (parent_id, livemode, attempt)
);
comment on table teamdues.stripe_customers is
	'Every customer ever made at Stripe for a parent; the one of the parent''s current attempt is used';
comment on column teamdues.stripe_customers.customer_id is 'Stripe''s cus_...';
comment on column teamdues.stripe_customers.parent_id is 'Whose it is';
comment on column teamdues.stripe_customers.livemode is
	'The mode it was made in: customers never cross modes';
comment on column teamdues.stripe_customers.attempt is
	'The parent''s customer_attempt that it was made for';
comment on column teamdues.stripe_customers.created_at is 'When it was stored';

create table teamdues.players (
	player_id bigint generated always as identity primary key,
	parent_id bigint references teamdues.parents,
	name text not null check (length(name) between 1 and 200),
	team text not null default '' check (length(team) <= 100),
	monthly_fee_cents bigint not null default 0
	    check (monthly_fee_cents between 0 and 99999999),
	active boolean not null default true,
	created_at timestamptz not null default now()
);
comment on table teamdues.players is 'Who plays';
comment on column teamdues.players.player_id is 'Ours';
comment on column teamdues.players.parent_id is
	'Who pays for the player; null when nobody is known';
comment on column teamdues.players.name is 'As the roster gives it';
comment on column teamdues.players.team is 'Empty when in no team';
comment on column teamdues.players.monthly_fee_cents is
	'What the roster says a month costs, in cents of CURRENCY';
comment on column teamdues.players.active is 'False: gets no mail';
comment on column teamdues.players.created_at is 'When it was first seen';
create unique index players_name on teamdues.players (parent_id, lower(name));
create index players_team on teamdues.players (team);

create table teamdues.products (
	product_id bigint generated always as identity primary key,
	kind text not null check (kind in ('fee', 'tournament', 'jersey', 'tryout')),
	name text not null check (length(name) between 1 and 200),
	amount_cents bigint check (amount_cents between 1 and 99999999),
	currency text check (currency ~ '^[a-z]{3}$'),
	sizes text[] not null default '{}',
	created_at timestamptz not null default now(),
	unique (product_id, kind),
	check ((kind = 'fee') = (amount_cents is null)),
	check ((amount_cents is null) = (currency is null)),
	check (kind = 'jersey' or sizes = '{}')
);
comment on table teamdues.products is 'What the club sells';
comment on column teamdues.products.product_id is 'Ours';
comment on column teamdues.products.kind is
	'fee: a player''s first month; the others as named';
comment on column teamdues.products.name is 'What the payer reads';
comment on column teamdues.products.amount_cents is
	'The price; null for the fee, whose orders carry the amount';
comment on column teamdues.products.currency is
	'ISO 4217, lower case; null where there is no price';
comment on column teamdues.products.sizes is 'A jersey''s sizes, in order';
comment on column teamdues.products.created_at is
	'The newest of a kind is what its page sells';
create unique index products_one_fee on teamdues.products (kind)
	where kind = 'fee';
insert into teamdues.products (kind, name) values ('fee', 'First month''s fee');

create table teamdues.tournaments (
	tournament_id bigint generated always as identity primary key,
	name text not null check (length(name) between 1 and 200),
	held_on date not null,
	product_id bigint not null,
	product_kind text not null default 'tournament'
	    check (product_kind = 'tournament'),
	created_at timestamptz not null default now(),
	foreign key (product_id, product_kind)
	    references teamdues.products (product_id, kind)
);
comment on table teamdues.tournaments is 'Events that a team enters';
comment on column teamdues.tournaments.tournament_id is 'Ours';
comment on column teamdues.tournaments.name is 'What the payer reads';
comment on column teamdues.tournaments.held_on is
	'Its day, in the club''s zone; pay links end with it';
comment on column teamdues.tournaments.product_id is 'What entering costs';
comment on column teamdues.tournaments.product_kind is
	'Always tournament: lets the foreign key check the product''s kind';
comment on column teamdues.tournaments.created_at is 'When it was added';

-- Every session of Stripe's that teamdues has heard of, ours or not.  Locking
-- its row is what makes "the session becomes known" and "its payment arrives"
-- see each other, whichever commits first.
create table teamdues.stripe_sessions (
	session_id text primary key check (session_id ~ '^[A-Za-z0-9_]{1,255}$'),
	asked_at timestamptz
);
comment on table teamdues.stripe_sessions is
	'The ids of all sessions heard of: the anchor that concurrent work on one session locks';
comment on column teamdues.stripe_sessions.session_id is 'Stripe''s cs_...';
comment on column teamdues.stripe_sessions.asked_at is
	'When Stripe was last asked about it for a returning payer';

create table teamdues.session_facts (
	session_id text not null references teamdues.stripe_sessions,
	fact text not null
	    check (fact in ('expired', 'unpaid', 'failed', 'paid', 'free')),
	stripe_time timestamptz not null,
	primary key (session_id, fact, stripe_time)
);
comment on table teamdues.session_facts is
	'What Stripe has said about sessions; only ever added to.  Ranks: paid, failed, unpaid; any of them before expired';
comment on column teamdues.session_facts.session_id is 'Which session';
comment on column teamdues.session_facts.fact is
	'unpaid: complete, the money under way; free: complete, nothing to pay';
comment on column teamdues.session_facts.stripe_time is
	'Stripe''s time of it, whole seconds; paid_at is the smallest one of paid';

create table teamdues.payments (
	session_id text primary key references teamdues.stripe_sessions,
	payment_intent_id text unique
	    check (payment_intent_id ~ '^[A-Za-z0-9_]{1,255}$'),
	livemode boolean not null,
	is_our_mode boolean not null,
	amount_cents bigint not null check (amount_cents between 0 and 99999999),
	currency text not null check (currency ~ '^[a-z]{3}$'),
	stripe_created timestamptz not null,
	customer_id text,
	email text,
	client_reference_id text,
	metadata_order_id text,
	metadata_player_id text,
	metadata_product_id text,
	metadata_teamdues text,
	metadata_keys text[] not null default '{}',
	payment_link text,
	recorded_at timestamptz not null default now()
);
comment on table teamdues.payments is
	'Each completed session in payment mode, whoever made it: what it was for, as Stripe says; never changed';
comment on column teamdues.payments.session_id is 'The session it was made in';
comment on column teamdues.payments.payment_intent_id is
	'Stripe''s pi_...; null when nothing was to be paid';
comment on column teamdues.payments.livemode is 'Real money or a test';
comment on column teamdues.payments.is_our_mode is
	'Whether livemode was STRIPE_MODE''s when it was recorded';
comment on column teamdues.payments.amount_cents is 'Session amount_total';
comment on column teamdues.payments.currency is 'ISO 4217, lower case';
comment on column teamdues.payments.stripe_created is
	'When Stripe made the session';
comment on column teamdues.payments.customer_id is
	'Stripe''s cus_..., null when there is none';
comment on column teamdues.payments.email is 'What the payer gave';
comment on column teamdues.payments.client_reference_id is
	'As sent at creation, by whomever';
comment on column teamdues.payments.metadata_order_id is 'metadata[order_id]';
comment on column teamdues.payments.metadata_player_id is
	'metadata[player_id]';
comment on column teamdues.payments.metadata_product_id is
	'metadata[product_id]';
comment on column teamdues.payments.metadata_teamdues is
	'metadata[teamdues]: the installation that minted it';
comment on column teamdues.payments.metadata_keys is
	'The names of all metadata, for rules about payments that are not ours';
comment on column teamdues.payments.payment_link is
	'Stripe''s plink_... when it came through a Payment Link';
comment on column teamdues.payments.recorded_at is 'When we first heard of it';

create table teamdues.orders (
	order_id bigint generated always as identity primary key,
	player_id bigint not null references teamdues.players,
	product_id bigint not null,
	kind text not null,
	tournament_id bigint references teamdues.tournaments,
	quantity integer not null default 1 check (quantity between 1 and 20),
	amount_cents bigint not null check (amount_cents between 1 and 99999999),
	currency text not null check (currency ~ '^[a-z]{3}$'),
	attempt integer not null default 0 check (attempt >= 0),
	status text not null default 'pending' check (status in ('pending',
	    'processing', 'paid', 'partially_refunded', 'refunded', 'disputed',
	    'charged_back', 'cancelled')),
	payment_source text check (payment_source in ('stripe', 'cash', 'cheque',
	    'transfer')),
	payment_intent_id text unique
	    references teamdues.payments (payment_intent_id),
	paid_at timestamptz,
	refunded_cents bigint not null default 0 check (refunded_cents >= 0),
	cancelled_at timestamptz,
	created_at timestamptz not null default now(),
	foreign key (product_id, kind)
	    references teamdues.products (product_id, kind),
	check ((kind = 'tournament') = (tournament_id is not null)),
	check ((status in ('paid', 'partially_refunded', 'refunded', 'disputed',
	    'charged_back')) = (paid_at is not null)),
	check ((paid_at is null) = (payment_source is null)),
	check (coalesce(payment_source = 'stripe', false)
	    = (payment_intent_id is not null)),
	check (status <> 'cancelled' or cancelled_at is not null)
);
comment on table teamdues.orders is
	'What a family owes or has paid for.  status, payment and refund columns are derived by teamdues.refresh_order and by nothing else';
comment on column teamdues.orders.order_id is 'Ours: metadata[order_id]';
comment on column teamdues.orders.player_id is 'For whom';
comment on column teamdues.orders.product_id is 'For what';
comment on column teamdues.orders.kind is 'The product''s kind';
comment on column teamdues.orders.tournament_id is
	'Which tournament, for that kind';
comment on column teamdues.orders.quantity is 'How many';
comment on column teamdues.orders.amount_cents is
	'The whole amount to pay, all of quantity';
comment on column teamdues.orders.currency is 'ISO 4217, lower case';
comment on column teamdues.orders.attempt is
	'Part of the idempotency key of the session''s creation; raised by compare-and-swap when the attempt''s session is of no more use';
comment on column teamdues.orders.status is 'Derived from the facts';
comment on column teamdues.orders.payment_source is
	'stripe, or how the treasurer got the money; derived';
comment on column teamdues.orders.payment_intent_id is
	'The order''s own payment; derived';
comment on column teamdues.orders.paid_at is
	'The smallest Stripe time known of the payment''s success; derived';
comment on column teamdues.orders.refunded_cents is
	'How much was given back; derived';
comment on column teamdues.orders.cancelled_at is
	'When a person cancelled it';
comment on column teamdues.orders.created_at is 'When it was made';
-- These name no status that an order can come back to, so that no late fact
-- can ever violate them.
create unique index orders_one_per_tournament
	on teamdues.orders (player_id, tournament_id)
	where tournament_id is not null and cancelled_at is null;
create unique index orders_one_fee on teamdues.orders (player_id)
	where kind = 'fee' and cancelled_at is null;
create unique index orders_one_unpaid on teamdues.orders (player_id, product_id)
	where kind in ('jersey', 'tryout') and status in ('pending', 'processing');
create index orders_product on teamdues.orders (product_id);
create index orders_tournament on teamdues.orders (tournament_id);

create table teamdues.checkout_sessions (
	session_id text primary key references teamdues.stripe_sessions,
	order_id bigint not null references teamdues.orders,
	origin text not null check (origin in ('minted', 'adopted')),
	attempt integer check (attempt >= 0),
	livemode boolean not null,
	amount_cents bigint not null check (amount_cents between 0 and 99999999),
	currency text not null check (currency ~ '^[a-z]{3}$'),
	url text check (length(url) <= 4095),
	status text not null check (status in ('open', 'complete', 'expired')),
	stripe_created timestamptz not null,
	expires_at timestamptz not null,
	created_at timestamptz not null default now(),
	check ((origin = 'minted') = (attempt is not null))
);
comment on table teamdues.checkout_sessions is
	'The sessions of our orders: a session always has its order';
comment on column teamdues.checkout_sessions.session_id is 'Stripe''s cs_...';
comment on column teamdues.checkout_sessions.order_id is 'What it is for';
comment on column teamdues.checkout_sessions.origin is
	'minted by teamdues, or adopted by `teamdues import sessions`';
comment on column teamdues.checkout_sessions.attempt is
	'The order''s attempt that it was minted for';
comment on column teamdues.checkout_sessions.livemode is
	'Real money or a test';
comment on column teamdues.checkout_sessions.amount_cents is
	'What it asks for: the payment must be of this amount';
comment on column teamdues.checkout_sessions.currency is
	'ISO 4217, lower case';
comment on column teamdues.checkout_sessions.url is 'Where the payer goes';
comment on column teamdues.checkout_sessions.status is
	'As far as we know; follows the session''s facts';
comment on column teamdues.checkout_sessions.stripe_created is
	'When Stripe made it';
comment on column teamdues.checkout_sessions.expires_at is
	'When Stripe will expire it';
comment on column teamdues.checkout_sessions.created_at is
	'When it was stored here';
create unique index checkout_sessions_one_open
	on teamdues.checkout_sessions (order_id) where status = 'open';
create index checkout_sessions_order on teamdues.checkout_sessions (order_id);

create table teamdues.payment_places (
	session_id text primary key references teamdues.payments,
	place text not null
	    check (place in ('order', 'waiting', 'unmatched', 'review', 'foreign')),
	reason text not null default '',
	order_id bigint references teamdues.orders,
	matched_order_id bigint references teamdues.orders,
	suggested_order_id bigint references teamdues.orders,
	check ((place = 'order') = (order_id is not null)),
	check (order_id is null or order_id = matched_order_id)
);
comment on table teamdues.payment_places is
	'The one place where each payment stands; derived by teamdues.refresh_payment and refresh_order';
comment on column teamdues.payment_places.session_id is 'Which payment';
comment on column teamdues.payment_places.place is
	'order: counts for it; waiting: no money yet and not matched; unmatched and review: a person is needed; foreign: not ours';
comment on column teamdues.payment_places.reason is
	'Why it is not simply the order''s';
comment on column teamdues.payment_places.order_id is
	'The order that it counts for';
comment on column teamdues.payment_places.matched_order_id is
	'The order that it matches, though another payment may be that order''s own';
comment on column teamdues.payment_places.suggested_order_id is
	'The order that it may be for, for the person who decides';
create index payment_places_matched
	on teamdues.payment_places (matched_order_id);
create index payment_places_open on teamdues.payment_places (place)
	where place in ('unmatched', 'review');

create table teamdues.stripe_events (
	event_id text primary key check (event_id ~ '^[A-Za-z0-9_]{1,255}$'),
	type text not null check (length(type) between 1 and 127),
	object_id text not null check (length(object_id) <= 255),
	livemode boolean not null,
	api_version text not null check (length(api_version) <= 63),
	disposition text not null check (disposition in ('fact', 'duplicate',
	    'ignored', 'foreign', 'refused')),
	reason text not null default '',
	session_id text references teamdues.stripe_sessions,
	stripe_created timestamptz not null,
	received_at timestamptz not null default now()
);
comment on table teamdues.stripe_events is
	'The ledger: every signed event once, never changed';
comment on column teamdues.stripe_events.event_id is 'Stripe''s evt_...';
comment on column teamdues.stripe_events.type is
	'Such as checkout.session.completed';
comment on column teamdues.stripe_events.object_id is
	'data.object.id, empty when it had none';
comment on column teamdues.stripe_events.livemode is 'Real money or a test';
comment on column teamdues.stripe_events.api_version is
	'The endpoint''s version, that the object was rendered in';
comment on column teamdues.stripe_events.disposition is
	'What it brought: a fact, nothing new (duplicate), nothing of interest (ignored), another''s (foreign), or something that cannot be taken (refused: shown as review)';
comment on column teamdues.stripe_events.reason is
	'Why it brought no fact';
comment on column teamdues.stripe_events.session_id is
	'The session that it speaks of';
comment on column teamdues.stripe_events.stripe_created is
	'Stripe''s time of the event';
comment on column teamdues.stripe_events.received_at is 'When it came';
create index stripe_events_session on teamdues.stripe_events (session_id);
create index stripe_events_received on teamdues.stripe_events (received_at);

create table teamdues.event_payloads (
	event_id text primary key references teamdues.stripe_events,
	payload text not null
);
comment on table teamdues.event_payloads is
	'The bytes that were signed, apart from the ledger so that old ones can be pruned';
comment on column teamdues.event_payloads.event_id is 'Which event';
comment on column teamdues.event_payloads.payload is
	'The body as it came; PostgreSQL compresses it';

-- Nobody, the owner included, changes what was said.
create function teamdues.refuse_change() returns trigger
language plpgsql as $$
begin
	raise exception '% is append-only', tg_table_name
	    using errcode = 'insufficient_privilege';
end
$$;
create trigger append_only before update or delete or truncate
	on teamdues.stripe_events
	for each statement execute function teamdues.refuse_change();
create trigger append_only before update or delete or truncate
	on teamdues.payments
	for each statement execute function teamdues.refuse_change();
create trigger append_only before update or delete or truncate
	on teamdues.session_facts
	for each statement execute function teamdues.refuse_change();
