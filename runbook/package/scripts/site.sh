#!/bin/bash
# shellcheck disable=SC2154  # setup.sh collects the answers
# A club's site of nginx, and its certificate.  Sourced by setup.
site=/etc/nginx/sites-available/teamdues-$club
log=/var/log/nginx/teamdues-$club.log

# Sites that lead to the club's programs, but were not made here.
other_sites() {
	grep -lsF "/run/teamdues/$club/" /etc/nginx/sites-enabled/* \
		/etc/nginx/conf.d/* | grep -vx ".*/teamdues-$club" || true
}

# What the club's site says now, or the one before it.
of_site() {
	local file=$site
	[ -e "$file" ] || file=$(other_sites | head -n 1)

	if [ -n "$file" ]; then
		sed -n "s/^\t$1 \"*\([^\"]*\)\"*;/\1/p" "$file" | head -n 1
	fi
}

# The certificate that was named, the site's own, or the one that certbot keeps.
find_certificate() {
	local live=/etc/letsencrypt/live/$host

	certificate=$(known CERTIFICATE)
	certificate_key=$(known CERTIFICATE_KEY)
	if [ -z "$certificate" ]; then
		certificate=$(of_site ssl_certificate)
		certificate_key=$(of_site ssl_certificate_key)
	fi
	if [ -z "$certificate" ] && { [ -e "$live/fullchain.pem" ] ||
		command -v certbot >/dev/null; }; then
		certificate=$live/fullchain.pem
		certificate_key=$live/privkey.pem
	fi
	[ -n "$certificate" ] || die "no certificate for $host: name it with" \
		"--certificate and --certificate-key, or install certbot" \
		"(apt install certbot python3-certbot-nginx)"
}

# TEXT between double quotes of nginx's, in sed's replacement.
quoted() {
	printf %s "$1" | sed -e 's/["\\]/\\&/g' -e 's/[\\&|]/\\&/g'
}

listen() {
	printf 'listen %s ssl;' "$port"
	if [ -s /proc/net/if_inet6 ]; then
		printf ' listen [::]:%s ssl;' "$port"
	fi
}

make_certificate() {
	[ -e "$certificate" ] || certbot certonly --nginx --non-interactive \
		--agree-tos --email "${answer[MAIL_ALERTS]%%,*}" --domain "$host"
}

colour() {
	local value
	value=$(known "$1")
	[ -n "$value" ] || value=$(of_site "set $2")
	printf %s "${value:-$3}"
}

write_site() {
	sed -e "s|@CLUB@|$club|" -e "s|@LISTEN@|$(listen)|" \
		-e "s|@SERVER_NAMES@|$host|" \
		-e "s|@CERTIFICATE@|$certificate|" \
		-e "s|@CERTIFICATE_KEY@|$certificate_key|" \
		-e "s|@SOCKETS@|/run/teamdues/$club|" \
		-e "s|@CLUB_NAME@|$(quoted "${answer[CLUB_NAME]}")|" \
		-e "s|@CLUB_CONTACT@|$(quoted "${answer[CLUB_CONTACT]}")|" \
		-e "s|@ACCESS_LOG@|$log|" \
		-e "s|@COLOUR@|$(colour COLOUR \\\$teamdues_colour '#1c6b45')|" \
		-e "s|@COLOUR_IN_DARK@|$(colour COLOUR_IN_DARK \
			\\\$teamdues_colour_in_dark '#7cc9a0')|" \
		"$data/nginx/teamdues.conf"
}

# nginx itself would make a log that every user can read.
make_log() {
	[ -e "$log" ] ||
		install -m 640 -o www-data -g adm /dev/null "$log"
}

# A site that nginx does not take is taken away again: others' go on.
make_site() {
	local other

	umask 022
	echo "include $data/nginx/teamdues-http.conf;" \
		>/etc/nginx/conf.d/teamdues.conf
	make_log
	write_site >"$site.new"
	for other in $(other_sites); do
		cp -L "$other" "$folder/nginx-before.conf"
		rm "$other"
	done
	mv "$site.new" "$site"
	ln -sf "$site" "/etc/nginx/sites-enabled/teamdues-$club"
	if ! nginx -q -t; then
		rm "/etc/nginx/sites-enabled/teamdues-$club"
		die "nginx does not take the site $site"
	fi
	systemctl reload-or-restart nginx
	umask 077
}
