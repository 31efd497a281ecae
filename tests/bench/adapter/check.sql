-- Each number equals the number of distinct events that were answered 200.
select (select count(*) from teamdues.stripe_events),
    (select count(*) from teamdues.orders where status = 'paid'),
    (select count(*) from teamdues.payments p
    where p.place = 'order' and p.payment_intent_id
        = 'pi_3' || p.matched_order_id || 'B7WZ01zgkWSjxsAJ'),
    (select count(*) from teamdues.emails
    where kind = 'receipt' and state = 'queued')
