#!/bin/bash
# shellcheck disable=SC2154  # setup.sh collects the answers
# A club's site of nginx, and its certificate.  Sourced by setup.
site=/etc/nginx/sites-available/teamdues-$club
log=/var/log/nginx/teamdues-$club.log

# The certificate that was named, the site's own, or the one that certbot keeps.
find_certificate() {
	local live=/etc/letsencrypt/live/$host

	certificate=$(known CERTIFICATE)
	certificate_key=$(known CERTIFICATE_KEY)
	if [ -z "$certificate" ] && [ -e "$site" ]; then
		certificate=$(sed -n 's/^\tssl_certificate \(.*\);/\1/p' "$site")
		certificate_key=$(sed -n 's/^\tssl_certificate_key \(.*\);/\1/p' \
			"$site")
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
	if [ -z "$value" ] && [ -e "$site" ]; then
		value=$(sed -n "s/^\tset $2 \"\(.*\)\";/\1/p" "$site")
	fi
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
	umask 022
	echo "include $data/nginx/teamdues-http.conf;" \
		>/etc/nginx/conf.d/teamdues.conf
	make_log
	write_site >"$site.new"
	mv "$site.new" "$site"
	ln -sf "$site" "/etc/nginx/sites-enabled/teamdues-$club"
	if ! nginx -q -t; then
		rm "/etc/nginx/sites-enabled/teamdues-$club"
		die "nginx does not take the site $site"
	fi
	systemctl reload-or-restart nginx
	umask 077
}
