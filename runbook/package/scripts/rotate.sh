#!/bin/bash
# rotate CLUB WHAT: changes a secret of a club while it takes payments.  What was
# there before is good until nobody can need it any more.
set -eu
club=$1
# shellcheck source=runbook/package/scripts/club.sh
. "$(dirname "$0")/club.sh"
links_kept=4

# Stripe sends to the new endpoint only when its secret is known here, and to the
# old one until then; what was on its way to that one is read from Stripe's own
# record at last.
webhook_secret() {
	local id new old before

	before=$(secret STRIPE_WEBHOOK_SECRET)
	old=$(endpoints)
	read -r id new < <(ask endpoint add --disabled --commit)
	[ -n "${new:-}" ] || die "Stripe made no webhook endpoint"
	printf '%s\n' "$new${before:+,${before%%,*}}" |
		store_secret STRIPE_WEBHOOK_SECRET
	restart
	ask endpoint enable "$id" --commit
	for id in $old; do
		ask endpoint disable "$id" --commit
	done
	ask reconcile --commit
	printf '%s\n' "$new" | store_secret STRIPE_WEBHOOK_SECRET
	restart
}

read_key() {
	local key

	if [ -n "${KEY_FILE:-}" ]; then
		cat "$KEY_FILE"
	elif [ -t 0 ]; then
		read -r -s -p "Stripe's new secret key: " key
		echo >&2
		printf '%s\n' "$key"
	else
		cat
	fi
}

# One that Stripe does not take, or that is of another mode, is not kept.
stripe_key() {
	local before said key

	before=$(secret STRIPE_SECRET_KEY)
	key=$(read_key)
	printf '%s\n' "$key" | store_secret STRIPE_SECRET_KEY
	said=$(ask doctor 2>&1 | grep -E '^FAIL (settings|stripe):|^STRIPE_') ||
		true
	if [ -n "$said" ]; then
		printf '%s\n' "$before" | store_secret STRIPE_SECRET_KEY
		die "the new key is not taken, and the old one stays: $said"
	fi
	restart
	say "The old key may be expired at Stripe now."
}

# The first signs; links that the others signed open until they end.
link_secret() {
	local before

	before=$(secret LINK_SECRET | cut -d , -f "-$((links_kept - 1))")
	printf '%s\n' "$(openssl rand -hex 32)${before:+,$before}" |
		store_secret LINK_SECRET
	restart
}

# The database knows hashes of the cookies alone: there is no key to change.
desk_cookies() {
	ask desk sign-out
}

# login LEVEL: the name in its URL.
login() {
	sed -n 's|^postgresql://\([^:@/]*\):.*|\1|p' \
		"$credentials/DATABASE_URL-$1"
}

# PostgreSQL keeps one password for a login, so that each trust level has two
# logins by turns: the new one is let in before the old one is closed.
database_password() {
	local file level levels=() old new password statements=

	for file in "$credentials"/DATABASE_URL-*; do
		[ -e "$file" ] || die "$club has no passwords for its database:" \
			"its programs are known by their users"
		levels+=("${file##*-}")
	done
	for level in "${levels[@]}"; do
		old=$(login "$level")
		new=${old%_2}
		[ "$new" != "$old" ] || new=${old}_2
		password=$(openssl rand -hex 24)
		make_login "$level" "$new" "$password"
		sed "s|^postgresql://[^@]*@|postgresql://$new:$password@|" \
			"$credentials/DATABASE_URL-$level" |
			store_secret "DATABASE_URL-$level"
		statements+="alter role $old nologin password null;"
	done
	restart
	sql postgres <<<"$statements"
}

# make_login LEVEL LOGIN PASSWORD
make_login() {
	sql postgres <<-END
		do \$\$ begin
			create role $2 in role teamdues_$1;
		exception when duplicate_object then null;
		end \$\$;
		grant connect on database teamdues_$club to $2;
		alter role $2 login password '$3';
	END
}

must_be_root
[ -e "$folder/teamdues.conf" ] || die "no club $club"
case $2 in
webhook-secret) webhook_secret ;;
stripe-key) stripe_key ;;
link-secret) link_secret ;;
desk-cookies) desk_cookies ;;
database-password) database_password ;;
esac
say "Done: $2 of $club is new."
