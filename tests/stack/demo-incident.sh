# shellcheck shell=bash disable=SC2154  # demo.sh names the places
# The incident that teamdues grew out of, and its repair: 21 families were sent
# checkout links which something else had made, without metadata.  Sourced by
# demo.sh.

incident_orders=21
incident_paid=5

# What a one-off script did: a session, and nothing that says for which order.
make_bare_session() {
	curl -sS --noproxy '*' -u "$STRIPE_SECRET_KEY:" \
		"$STRIPE_API_BASE/v1/checkout/sessions" -d mode=payment \
		-d 'line_items[0][quantity]=1' \
		-d 'line_items[0][price_data][currency]=usd' \
		-d 'line_items[0][price_data][unit_amount]=15000' \
		-d 'line_items[0][price_data][product_data][name]=Fall Cup' \
		-d success_url="$SITE_URL/paid.html" >"$work/session"
}

# member NAME: of the session that was made last.
member() {
	sed -n "s/^.*\"$1\": *\"\([^\"]*\)\".*\$/\1/p" "$work/session" | head -n 1
}

load_fall_cup() {
	local product n

	{
		echo parent_name,parent_email,parent_phone,player_name,team,monthly_fee
		for n in $(seq -w "$incident_orders"); do
			echo "Family $n,family$n@families.example,,Player $n,U14,150.00"
		done
	} >"$work/u14.csv"
	teamdues import roster "$work/u14.csv" --commit >"$work/said"
	product=$(teamdues product add --name 'Fall Cup entry' \
		--kind tournament --amount 150.00 --json | value_of product_id)
	fall_cup=$(teamdues tournament add --name 'Fall Cup' \
		--date "$(date -d '+60 days' +%F)" --product "$product" --json |
		value_of tournament_id)
	teamdues tournament roster "$fall_cup" --team U14 --commit >"$work/said"
}

break_sessions() {
	local order count=0

	echo order_id,session_id >"$work/sessions.csv"
	for order in $(teamdues orders --tournament-id "$fall_cup" --csv |
		sed 1d | cut -d, -f1); do
		make_bare_session
		echo "$order,$(member id)" >>"$work/sessions.csv"
		count=$((count + 1))
		if [ "$count" -le "$incident_paid" ]; then
			ask -o "$work/answer" -d action=pay -d email="$(printf \
				'family%02d@families.example' "$count")" \
				"$(member url)"
		fi
	done
}

# Of many lines the first few and the last.
shorten() {
	awk '{ line[NR] = $0 }
		END {
			for (i = 1; i <= NR; i++)
				if (NR <= 8 || i <= 4 || i == NR)
					print line[i]
				else if (i == 5)
					print "..."
		}'
}

# show COMMAND...: a command of teamdues as the operator types it, with what it
# prints; 3 (found work) is no failure here.
show() {
	local status=0

	say "" "  \$ teamdues $*" | sed "s|$work/||"
	teamdues "$@" >"$work/said" || status=$?
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ] || return "$status"
	awk 'length > 108 { $0 = substr($0, 1, 107) "…" } 1' "$work/said" |
		shorten | sed 's/^/    /'
	say "    # exit $status"
}

count_statuses() {
	teamdues orders --tournament-id "$fall_cup" --csv | sed 1d |
		cut -d, -f10 | sort | uniq -c | sed 's/^ */    /'
}

play_incident() {
	load_fall_cup
	break_sessions
	say "" "== The incident, and its repair (runbook/tournament-billing.md)" \
		"" "A script sent 21 families checkout links that it had made itself," \
		"without metadata. Five have paid; nothing says for which order:"
	show unmatched list
	say "" "The script's own list of sessions makes them known, and applies the" \
		"five payments:"
	show import sessions "$work/sessions.csv" --commit
	say "" "What is left to repair, and why; nothing is changed yet:"
	show regenerate --tournament-id "$fall_cup"
	say "" "Sixteen broken sessions are ended at Stripe, sixteen fresh ones minted," \
		"with new pay links:"
	show regenerate --tournament-id "$fall_cup" --commit
	say "" "A second run finds nothing to do:"
	show regenerate --tournament-id "$fall_cup" --commit | tail -n 2
	say "" "The Fall Cup's orders:"
	count_statuses
	show unmatched list
	show audit
}
