-- Disputes, early fraud warnings and failed refunds of our payments, as far as
-- they wait for a person: each leaves the list by itself.

-- The word that counts of those that Stripe has said of a dispute.
create or replace function teamdues.dispute_word(p_facts text[]) returns text
language sql immutable as $$
	select w
	from unnest(array['won', 'lost', 'warning_closed', 'prevented',
	    'charge_refunded', 'under_review', 'needs_response',
	    'warning_under_review', 'warning_needs_response'])
	    with ordinality x (w, n)
	where w = any (p_facts)
	order by n
	limit 1
$$;

create or replace function teamdues.dispute_due(p_dispute_id text)
returns timestamptz
language sql stable as $$
	select max(d.due_at)
	from teamdues.dispute_dues d
	where d.dispute_id = p_dispute_id
$$;

-- What to do about a dispute that is not answered yet.
create or replace function teamdues.dispute_advice(
	p_word text,
	p_due timestamptz)
returns text
language sql stable as $$
	select concat_ws(' ', case
	    when p_due is null then 'see at Stripe, under Disputes, whether it '
	        'can be answered;'
	    when p_due < now() then 'the time to answer it is over; see at '
	        'Stripe, under Disputes, what it comes to;'
	    else format('answer it at Stripe, under Disputes, until %s UTC, or '
	        'accept it there;', to_char(p_due at time zone 'UTC',
	        'YYYY-MM-DD HH24:MI')) end,
	    case when p_word = 'needs_response'
	    then 'do not refund it: the money would be gone twice'
	    else 'the money is still here: a refund settles it, too' end)
$$;

-- Those that wait, of payments that are not another's: not answered and not
-- closed; a warning until the payment is given back or disputed, or somebody
-- dismisses it; a refund that came to nothing until as much was given back
-- after it, or somebody dismisses it.  All are few, however many payments there
-- are.
create or replace function teamdues.waiting_at_stripe()
returns table (id text, kind text, reason text, payment_intent_id text,
	amount_cents bigint, currency text, payer_name text, email text,
	stripe_created timestamptz, order_id bigint, player_name text,
	parent_email text, due_at timestamptz, advice text)
language plpgsql stable security definer
set search_path = teamdues, pg_temp as $$
#variable_conflict use_column
begin
	return query
	with w as materialized (
		select d.dispute_id as id, 'dispute' as kind,
		    case when d.word = 'needs_response'
		    then 'the bank takes the money back'
		    else 'the bank asks about it' end as reason,
		    d.payment_intent_id, d.amount_cents, d.stripe_created,
		    x.due_at, dispute_advice(d.word, x.due_at) as advice
		from (
		    select f.dispute_id, f.payment_intent_id,
		        max(f.amount_cents) as amount_cents,
		        min(f.stripe_created) as stripe_created,
		        dispute_word(array_agg(f.fact)) as word
		    from dispute_facts f
		    group by f.dispute_id, f.payment_intent_id) d
		cross join lateral (
		    select dispute_due(d.dispute_id) as due_at) x
		where d.word in ('needs_response', 'warning_needs_response')
		union all
		select f.warning_id, 'fraud warning',
		    'its card network takes it for fraud: '
		    || replace(f.fraud_type, '_', ' '),
		    f.payment_intent_id, null, f.stripe_created, null,
		    'ask the family; if it was not them, refund it at Stripe '
		    'before it is disputed; else dismiss this'
		from fraud_warnings f
		where f.is_actionable
		and not exists (select from fraud_warnings y
		    where y.warning_id = f.warning_id and not y.is_actionable)
		and not exists (select from dispute_facts y
		    where y.payment_intent_id = f.payment_intent_id)
		and not exists (select from dismissals y
		    where y.subject = f.warning_id and y.taken_back_at is null)
		union all
		select f.refund_id, 'failed refund',
		    case f.status when 'failed'
		    then 'the money could not be given back, and is here again'
		    else 'the refund was cancelled at Stripe' end,
		    f.payment_intent_id, f.amount_cents, f.stripe_created, null,
		    'ask the family where the money is to go, and give it back '
		    'again; else dismiss this'
		from refund_facts f
		where f.status in ('failed', 'canceled')
		and not is_given_back_since(f)
		and not exists (select from dismissals y
		    where y.subject = f.refund_id and y.taken_back_at is null)
	)
	select w.id, w.kind, w.reason, w.payment_intent_id,
	    coalesce(w.amount_cents, p.amount_cents), p.currency, p.payer_name,
	    p.email, coalesce(w.stripe_created, p.paid_at), o.order_id, y.name,
	    r.email, w.due_at, w.advice
	from w
	join payments p on p.payment_intent_id = w.payment_intent_id
	    and p.place <> 'foreign'
	left join orders o on o.order_id = p.matched_order_id
	left join players y on y.player_id = o.player_id
	left join parents r on r.parent_id = y.parent_id
	where w.kind = 'dispute' or money_gone(p) is null;
end
$$;

-- Whether as much of the payment went back after a refund that failed.
create or replace function teamdues.is_given_back_since(
	p_refund teamdues.refund_facts)
returns boolean
language sql stable as $$
	select exists (
	    select from teamdues.refund_facts f
	    where f.payment_intent_id = p_refund.payment_intent_id
	    and f.refund_id <> p_refund.refund_id
	    and f.amount_cents >= p_refund.amount_cents
	    and f.stripe_created >= p_refund.stripe_created
	    and not exists (select from teamdues.refund_facts y
	        where y.refund_id = f.refund_id
	        and y.status in ('failed', 'canceled')))
$$;

-- Why somebody cannot dismiss what stands under a key of Stripe's; null when
-- they can, or it is none of these.
create or replace function teamdues.dispute_bar(p_key text) returns text
language sql stable as $$
	select 'a dispute leaves the list when it is answered, or accepted, at '
	    'Stripe'
	where exists (select from teamdues.dispute_facts f
	    where f.dispute_id = p_key)
$$;
