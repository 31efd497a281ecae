#!/bin/bash
# shellcheck disable=SC2154  # setup.sh collects the answers
# One payment in Stripe's test mode, by the way that families go: the page of
# tryouts, Stripe's page, and the webhook.  Sourced by setup.

session_of() {
	grep -o 'cs_[a-z]*_[A-Za-z0-9]*' <<<"$1" | head -n 1
}

# What is registered becomes an order, whose page at Stripe is the answer.
register() {
	curl -sS -o /dev/null -w '%{redirect_url}' --max-time 60 \
		--data-urlencode player_name='Trial Player' \
		--data birth_date=2015-01-31 \
		--data-urlencode parent_name='Trial Payment' \
		--data-urlencode parent_email="${answer[MAIL_FROM]}" \
		--data-urlencode parent_phone='+1 303 555 0100' \
		--data consent=yes "${answer[SITE_URL]}/tryouts/register"
}

is_paid() {
	curl -sS --max-time 20 -H 'Accept: application/json' \
		"${answer[SITE_URL]}/checkout/status?session_id=$1" |
		grep -q '"status":"paid"'
}

await_payment() {
	local end=$((SECONDS + $2))

	until is_paid "$1"; do
		if [ "$SECONDS" -ge "$end" ]; then
			die "no payment came. Is ${answer[SITE_URL]} open to" \
				"Stripe? teamdues --club $club doctor says more"
		fi
		sleep 1
	done
	say "It came: Stripe, the webhook and the books work together."
}

# Without a person only a page that is not Stripe's own can be paid at.
try_payment() {
	local page product

	product=$(ask product add --kind tryout --name 'Trial payment' \
		--amount 1.00 --json | grep -o '"product_id": *[0-9]*' |
		grep -o '[0-9]*$')
	page=$(register) || true
	ask product withdraw "$product" --commit >/dev/null
	[ -n "$page" ] || die "the page /tryouts/register led to no payment"
	say "A payment of 1.00 to try it out: $page"
	if [ -n "${answer[STRIPE_API_BASE]}" ]; then
		curl -sS -o /dev/null --max-time 60 --data action=pay "$page"
		await_payment "$(session_of "$page")" 30
	elif [ -t 0 ]; then
		say "Pay there with the card 4242 4242 4242 4242."
		await_payment "$(session_of "$page")" 900
	fi
}
