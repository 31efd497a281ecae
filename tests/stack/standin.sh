# shellcheck shell=bash
# The stand-in for Stripe, unless STRIPE_API_BASE says whom to call.  Sourced
# after settings.sh.

start_standin() {
	if [ -n "$STRIPE_API_BASE" ]; then
		return 0
	fi
	mkdir "$state/standin"
	cp -r "$project/tests/stripe-standin/." "$state/standin"
	hand_over standin
	store_setting standin STRIPE_WEBHOOK_SECRET "$STRIPE_WEBHOOK_SECRET"
	hand_over settings
	start standin STANDIN_PORT=0 STANDIN_SECRET_KEYS="$STRIPE_SECRET_KEY" \
		STANDIN_WEBHOOK_URL="https://localhost:$port/webhooks/stripe" \
		STANDIN_WEBHOOK_SECRET_FILE="$state/settings/standin/STRIPE_WEBHOOK_SECRET" \
		STANDIN_CA_FILE="$state/tls/ca.pem" \
		"$(command -v node)" standin/server.js
	wait_until 10 grep -q 'listening on' "$state/log/standin.log" ||
		die "the stand-in did not start: $(tail -n 5 "$state/log/standin.log")"
	STRIPE_API_BASE=$(sed -n 's/.*listening on //p' "$state/log/standin.log")
}
