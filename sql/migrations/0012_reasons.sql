-- Payments for an order that the books do not have say so in the same words, even
-- if an order was given its number since; and suggest it no more.
update teamdues.payments p
set reason = regexp_replace(p.reason,
	'session not known, (order (\d+) not known|older than order (\d+))',
	'session not known, made for an order \2\3 that is not in these books'),
    suggested_order_id = null
where p.place in ('unmatched', 'waiting')
and p.reason ~ 'session not known, (order \d+ not known|older than order \d+)';
