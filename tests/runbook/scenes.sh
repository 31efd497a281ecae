# shellcheck shell=bash disable=SC2034,SC2154  # demo-incident.sh reads them
# What has happened when a page of the runbook begins, or goes on: its
# `<!-- scene: NAME -->` runs scene_NAME here.  Words in capitals that a page's
# commands use (EVENT, ORDER) are what a scene puts into "names".
# Sourced by page.js's shells, in a folder of the page's own.

# shellcheck source=/dev/null
. "$TEAMDUES_RUN_DIR/env"
work=$PWD
# Who works as postgres on the server of the database.
export PGUSER=postgres PGHOST=${OWNER_DATABASE_URL##*host=}
PGPASSWORD=${OWNER_DATABASE_URL#*://*:}
export PGPASSWORD=${PGPASSWORD%%@*}

# What a person types is in the journal as well.
teamdues() {
	command teamdues "$@" 2> >(tee -a "$work/journal" >&2)
}

# The journal of a machine whose programs log to it.
journalctl() {
	cat "$work/journal" "$TEAMDUES_STATE"/log/*.log | grep 'info act ' |
		sed 's/^/2026-11-26T03:00:00+0000 host teamdues[1]: /'
}

# shellcheck source=tests/stack/demo-incident.sh
. "$project/tests/stack/demo-incident.sh"

ask() {
	curl -sS --noproxy '*' --cacert "$TEAMDUES_CA_FILE" "$@"
}

# control PATH [BODY]: the stand-in's own control.
control() {
	ask -f -o "$work/answer" -H 'Content-Type: application/json' \
		-d "${2:-{\}}" "$STRIPE_API_BASE/_control/$1"
}

# The value of a column in the first row that a command printed as JSON.
value_of() {
	node -e 'let t = ""; process.stdin.on("data", d => t += d)
		.on("end", () => console.log(JSON.parse(t)[0][process.argv[1]]))' "$1"
}

name() {
	echo "$1=$2" >>"$work/names"
}

# wait_for COMMAND...: until it succeeds, for ten seconds.
wait_for() {
	local n

	for n in $(seq 100); do
		if "$@"; then
			return 0
		fi
		sleep 0.1
	done
	echo "scenes: waited in vain for: $*" >&2
	return 1
}

all_delivered() {
	! ask "$STRIPE_API_BASE/_control/deliveries" | grep -q '"pending"'
}

scene_incident() {
	load_fall_cup
	break_sessions
	wait_for all_delivered
}

# Stripe cannot serve one order's call from now on, and can again.
scene_stripe_fails() {
	control faults '{"method":"POST","path":"/v1/checkout/sessions",
		"params":{"client_reference_id":"8"},"count":0,"status":500}'
}

scene_stripe_is_back() {
	ask -f -o "$work/answer" -X DELETE "$STRIPE_API_BASE/_control/faults"
}

# pay ORDER: its family follows the pay link, and pays by card.
pay() {
	ask -o "$work/answer" -d action=pay "$(ask -o "$work/answer" \
		-w '%{redirect_url}' "$(teamdues link tournament --order "$1")")"
}

# Six families; one has paid, and its event came.
scene_ordinary_day() {
	incident_orders=6
	load_fall_cup
	pay 1
	wait_for all_delivered
}

# Webhooks are blocked: two families pay, and nothing is heard of it.
scene_webhooks_blocked() {
	control deliveries '{"drop_fraction":true}'
	pay 2
	pay 3
	control deliveries '{"drop_fraction":false}'
}

# A session that nothing ties to an order is paid.
scene_unknown_payment() {
	make_bare_session
	ask -o "$work/answer" -d action=pay "$(member url)"
	wait_for all_delivered
	name EVENT "$(teamdues unmatched list --json | value_of event_id)"
}

# The first order is paid a second time, in a session that something else made.
scene_paid_twice() {
	make_bare_session
	printf 'order_id,session_id\n1,%s\n' "$(member id)" >"$work/second.csv"
	ask -o "$work/answer" -d action=pay "$(member url)"
	wait_for all_delivered
	teamdues import sessions "$work/second.csv" --anyway --commit \
		>"$work/said"
	name EVENT "$(teamdues unmatched list --json | value_of event_id)"
}

# A session of another installation of teamdues is paid, and its event came.
scene_another_installation() {
	ask -o "$work/session" -u "$STRIPE_SECRET_KEY:" \
		"$STRIPE_API_BASE/v1/checkout/sessions" -d mode=payment \
		-d 'line_items[0][quantity]=1' \
		-d 'line_items[0][price_data][currency]=usd' \
		-d 'line_items[0][price_data][unit_amount]=15000' \
		-d 'line_items[0][price_data][product_data][name]=Cup' \
		-d 'metadata[teamdues]=td_before' -d 'metadata[order_id]=1' \
		-d 'metadata[teamdues_word]=0123456789' \
		-d 'metadata[teamdues_player]=Player 2' \
		-d 'metadata[teamdues_product]=Fall Cup entry' \
		-d success_url=https://club.example/
	ask -o "$work/answer" -d action=pay "$(member url)"
	wait_for all_delivered
}

# Who decides gives the second payment back in Stripe's dashboard.
scene_refunded() {
	local intent

	intent=$(ask -u "$STRIPE_SECRET_KEY:" \
		"$STRIPE_API_BASE/v1/checkout/sessions/$(sed -n 's/^1,//p' \
			"$work/second.csv")" >"$work/session" &&
		member payment_intent)
	ask -f -o "$work/answer" -u "$STRIPE_SECRET_KEY:" \
		"$STRIPE_API_BASE/v1/refunds" -d payment_intent="$intent"
	wait_for all_delivered
}

# The bank of who paid the first order takes the money back.
scene_disputed() {
	local intent

	intent=$(teamdues order show 1 --json | value_of payment_intent_id)
	control "payment_intents/$intent/dispute"
	wait_for all_delivered
	name DISPUTE "$(teamdues unmatched list --json | value_of event_id)"
}

# It is answered; and another payment may be fraud.
scene_warned() {
	local intent

	control "disputes/$(teamdues unmatched list --json |
		value_of event_id)/update" '{"status":"under_review"}'
	pay 2
	wait_for all_delivered
	intent=$(teamdues order show 2 --json | value_of payment_intent_id)
	control "payment_intents/$intent/warn"
	wait_for all_delivered
	name WARNING "$(teamdues unmatched list --json | value_of event_id)"
}

# Three families, one of them without an address.
scene_new_families() {
	cat >"$work/roster.csv" <<-END
		parent_name,parent_email,parent_phone,player_name,team,monthly_fee
		Ruth Alvarez,ruth@families.example,,Mateo Alvarez,U12,150.00
		Sam Okafor,sam@families.example,,Ada Okafor,U12,150.00
		Jo Lindqvist,,,Nils Lindqvist,U12,150.00
	END
	teamdues import roster "$work/roster.csv" --commit >"$work/said"
}

scene_mailbox_is_gone() {
	ask -f -o "$work/answer" -d '{"phase":"rcpt","code":550,
		"to":"sam@families.example","text":"5.1.1 no such user here"}' \
		"$TEAMDUES_CATCHER/faults"
}

none_queued() {
	! teamdues email --csv | grep -q ',queued,'
}

scene_mails_have_gone() {
	wait_for none_queued
}

# What happened between the backup and the loss: a refund at Stripe, cash, an
# order that is let go, one that is adjusted and paid, a payment that was given to
# its order by hand, and a player who came late and has paid.
scene_day_after() {
	pay 2
	ask -f -o "$work/answer" -u "$STRIPE_SECRET_KEY:" \
		"$STRIPE_API_BASE/v1/refunds" -d amount=5000 \
		-d payment_intent="$(teamdues orders --json |
			value_of payment_intent_id)"
	teamdues order record-payment 3 --source cash --reference 'envelope 17' \
		--commit >"$work/said"
	teamdues order cancel 4 --reason 'moved away' --commit >"$work/said"
	teamdues order adjust 5 --amount 120.00 --reason sibling \
		--commit >"$work/said"
	pay 5
	make_bare_session
	ask -o "$work/answer" -d action=pay -d email=grandma@elsewhere.example \
		"$(member url)"
	wait_for all_delivered
	teamdues unmatched attach "$(teamdues unmatched list --json |
		value_of event_id)" 6 --anyway --commit >"$work/said"
	cat >"$work/late.csv" <<-END
		parent_name,parent_email,parent_phone,player_name,team,monthly_fee
		Late Family,late@families.example,,Late Player,U14,150.00
	END
	teamdues import roster "$work/late.csv" --commit >"$work/said"
	teamdues tournament roster 1 --team U14 --commit >"$work/said"
	pay 7
	wait_for all_delivered
}

# The server is gone, with all that was in it; there is a new one.
scene_server_lost() {
	RUN_DIR=$TEAMDUES_RUN_DIR TEAMDUES_TEST_FAST=1 \
		"$project/tests/stack/postgresql-control.sh" renew
}

# The same, and no backup was made; the programs' settings are still there.
scene_backup_lost() {
	name BEFORE "$(teamdues installation --json | value_of installation_id)"
	scene_server_lost
}

# Each login has the password that its program is given.
scene_passwords() {
	local role rest

	for role in webhook checkout public admin mailer desk clerk operator; do
		rest=$(<"$TEAMDUES_STATE/settings/$role/DATABASE_URL")
		rest=${rest#*://*:}
		echo "alter role teamdues_$role password '${rest%%@*}';"
	done | psql -q teamdues
}

# The club's list as it is now: another order, and one who came late.
scene_new_list() {
	{
		echo parent_name,parent_email,parent_phone,player_name,team,monthly_fee
		tac "$work/u14.csv" | grep -v parent_name
		sed 1d "$work/late.csv"
	} >"$work/roster.csv"
}

# waiting COLUMN VALUE: the event of the payment that waits with this value.
waiting() {
	teamdues unmatched list --json | node -e 'let t = "";
		process.stdin.on("data", d => t += d).on("end", () =>
			console.log(JSON.parse(t).find(r => r[process.argv[1]] ===
				process.argv[2]).event_id))' "$1" "$2"
}

scene_what_waits() {
	name GRANDMA "$(waiting email grandma@elsewhere.example)"
	name LATE "$(waiting email late@families.example)"
}

scene_whose_payments() {
	name ONE "$(waiting email family1@families.example)"
	name TWO "$(waiting email family2@families.example)"
	name FIVE "$(waiting email family5@families.example)"
	scene_what_waits
}
