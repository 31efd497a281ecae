#!/bin/bash
# demo.sh: a club with teams, a tournament and its roster, beside the system that
# `up` started; one family pays, one turns back, one is left for the reader.  Then
# the incident and its repair.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/stack/place.sh
. "$here/place.sh"
# shellcheck source=tests/stack/demo-incident.sh
. "$here/demo-incident.sh"

if [ -e "$state/demo" ]; then
	cat "$state/demo"
	exit 0
fi
# shellcheck source=/dev/null
. "$run_dir/env"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

teamdues() {
	"$build/teamdues" "$@"
}

ask() {
	curl -sS --noproxy '*' --cacert "$TEAMDUES_CA_FILE" "$@"
}

# The value of a column in the first row that a command printed as JSON.
value_of() {
	node -e 'let t = ""; process.stdin.on("data", d => t += d)
		.on("end", () => console.log(JSON.parse(t)[0][process.argv[1]]))' "$1"
}

load_club() {
	cat >"$work/roster.csv" <<-END
		parent_name,parent_email,parent_phone,player_name,team,monthly_fee
		Ruth Alvarez,ruth@families.example,555-0101,Mateo Alvarez,U12,150.00
		Ruth Alvarez,ruth@families.example,555-0101,Lucia Alvarez,U10,120.00
		Sam Okafor,sam@families.example,555-0102,Ada Okafor,U12,150.00
		Jo Lindqvist,jo@families.example,,Nils Lindqvist,U12,150.00
	END
	teamdues import roster "$work/roster.csv" --commit
	product=$(teamdues product add --name 'Spring Cup entry' \
		--kind tournament --amount 150.00 --json | value_of product_id)
	tournament=$(teamdues tournament add --name 'Spring Cup' \
		--date "$(date -d '+30 days' +%F)" --product "$product" --json |
		value_of tournament_id)
	teamdues tournament roster "$tournament" --team U12 --commit
	teamdues product add --name 'Team jersey' --kind jersey \
		--amount 35.00 --sizes S,M,L,XL
	teamdues product add --name 'Summer tryout' --kind tryout --amount 25.00
	teamdues desk add --name 'Tess Treasurer' --role treasurer \
		--email treasurer@westside.example
}

# The columns that a reader needs to follow the story.
show_orders() {
	teamdues orders --csv | cut -d, -f1,3,6,8,10,12 | column -s, -t
}

show_events() {
	teamdues events list --csv | cut -d, -f1-3,5 | column -s, -t
}

# follow LINK: where a click leads, which is the family's page at Stripe.
follow() {
	ask -o "$work/answer" -w '%{redirect_url}' "$1"
}

play() {
	local first paying abandoned

	first=$(teamdues orders --json | value_of order_id)
	paying=$(teamdues link tournament --order "$first")
	abandoned=$(teamdues link tournament --order "$((first + 1))")
	waiting=$(teamdues link tournament --order "$((first + 2))")

	say "" "The orders before anybody paid (amounts in cents):"
	show_orders
	say "" "Mateo's family follows its link and pays by card."
	ask -o "$work/answer" -d action=pay -d email=ruth@families.example \
		"$(follow "$paying")"
	say "Ada's family follows its link and turns back."
	ask -o "$work/answer" -d action=cancel "$(follow "$abandoned")"
	say "Nils's family has not opened its link yet."
	say "" "The orders now, and what Stripe told us:"
	show_orders
	show_events
}

# say prints its words on one line; here each is a line.
say() {
	printf '%s\n' "$@"
}

# The ports of the site, of the stand-in's pages and of the mails.
forwards() {
	printf '%s\n' "$SITE_URL" "$STRIPE_API_BASE" "$TEAMDUES_CATCHER" |
		sed -n 's|.*:\([0-9]*\)$| -L \1:localhost:\1|p' | tr -d '\n'
}

farewell() {
	say "" "Pay for Nils yourself (the page after the link plays Stripe):" \
		"  $waiting" \
		"Other pages that a family meets:" \
		"  $SITE_URL/" \
		"  $SITE_URL/tryouts/register" \
		"  $(teamdues link jersey --player 1)" \
		"  $(teamdues link first-payment --player 2)" \
		"The treasurer's desk (sign in as treasurer@westside.example," \
		"and find the link among the mails):" \
		"  $SITE_URL/desk/" \
		${TEAMDUES_CATCHER:+"The mails that were sent:"} \
		${TEAMDUES_CATCHER:+"  $TEAMDUES_CATCHER/"} \
		"From another machine, bring these ports with you:" \
		"  ssh$(forwards) HOST" \
		"The certificate is this run's own: your browser will ask." \
		"" "Then look at the books:" \
		"  . ${run_dir/#"$PWD"\//}/env" \
		"  build/teamdues doctor" \
		"  build/teamdues orders" \
		"  make down RUN_DIR=${run_dir/#"$PWD"\//}   # when you are done"
}

load_club
play
play_incident
farewell | tee "$state/demo"
