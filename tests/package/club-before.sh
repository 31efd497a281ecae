#!/bin/bash
# club-before.sh CLUB: on a machine where the package of 0.1.0 is installed, a club
# that was set up by hand, as its pages said.  In live mode: nothing is tried out.
set -eu
club=$1
settings=/etc/teamdues/$club

make_database() {
	cd /
	runuser -u postgres -- createdb "$club"
}

make_schema() {
	systemctl start "teamdues-migrate@$club.service"
}

# From the example, so that each of its names is tried.
make_settings() {
	install -d -m 750 -g teamdues_operator "$settings" \
		"$settings/credentials"
	sed -e "s|^#DATABASE_URL=|DATABASE_URL=postgresql:///$club|" \
		-e 's|^#STRIPE_MODE=|&live|' \
		-e 's|^#STRIPE_API_BASE=|&http://127.0.0.1:9|' \
		-e 's|^#SITE_URL=|&https://localhost|' \
		-e 's|^#SMTP_URL=|&smtp://127.0.0.1:9|' \
		-e 's|^#MAIL_FROM=|&club@club.example|' \
		-e 's|^#MAIL_ALERTS=|&club@club.example|' \
		-e 's|^#CLUB_NAME=|&"Westside Kings"|' \
		-e 's|^#CLUB_CONTACT=|&treasurer@club.example|' \
		-e 's|^#CLUB_TIMEZONE=|&America/Denver|' \
		-e 's|^#CURRENCY=|&usd|' \
		-e 's/^#\([A-Z_]*=.\)/\1/' /usr/share/teamdues/teamdues.conf \
		>"$settings/teamdues.conf"
}

make_secrets() {
	cd "$settings/credentials"
	echo "sk_live_$(openssl rand -hex 12)" >STRIPE_SECRET_KEY
	echo "whsec_$(openssl rand -hex 12)" >STRIPE_WEBHOOK_SECRET
	openssl rand -hex 32 >LINK_SECRET
	echo "treasurer:$(openssl rand -hex 32)" >ADMIN_TOKENS
	chgrp teamdues_operator ./*
}

# For the command that a person types.
make_command_settings() {
	(
		cat "$settings/teamdues.conf"
		cd "$settings/credentials"
		for name in *; do
			echo "${name}_FILE=$PWD/$name"
		done
	) >/etc/teamdues/teamdues.conf
	chgrp teamdues_operator /etc/teamdues/teamdues.conf
}

make_site() {
	openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
		-subj /CN=localhost -keyout "/etc/ssl/private/$club.key" \
		-out "/etc/ssl/certs/$club.pem" 2>/dev/null
	sed -e 's|@LISTEN@|listen 443 ssl;|' -e 's|@SERVER_NAMES@|localhost|' \
		-e "s|@CERTIFICATE@|/etc/ssl/certs/$club.pem|" \
		-e "s|@CERTIFICATE_KEY@|/etc/ssl/private/$club.key|" \
		-e "s|@SOCKETS@|/run/teamdues/$club|" \
		-e 's|@CLUB_NAME@|Westside Kings|' \
		-e 's|@CLUB_CONTACT@|treasurer@club.example|' \
		-e "s|@ACCESS_LOG@|/var/log/nginx/$club.log|" \
		-e 's|@COLOUR@|#1c6b45|' -e 's|@COLOUR_IN_DARK@|#7cc9a0|' \
		/usr/share/teamdues/nginx/teamdues.conf \
		>"/etc/nginx/sites-enabled/$club"
	nginx -q -t
	systemctl reload nginx
}

umask 027
make_database
make_settings
make_secrets
make_schema
make_command_settings
make_site
