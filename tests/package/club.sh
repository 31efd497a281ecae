#!/bin/bash
# club.sh CLUB: on a machine where the package is installed, a club with a
# database, settings, secrets and a site, set up as runbook/install.md says.
set -eu
club=$1
settings=/etc/teamdues/$club

make_users() {
	sed "s/@CLUB@/$club/g" /usr/share/teamdues/sysusers.conf |
		systemd-sysusers -
}

make_database() {
	cd /
	runuser -u postgres -- createdb "teamdues_$club"
	runuser -u postgres -- psql -q -c "alter database teamdues_$club
		set teamdues.club = '$club'"
}

make_schema() {
	systemctl start "teamdues-migrate@$club.service"
}

# From the example, so that each of its names is tried.
make_settings() {
	install -d -m 700 "$settings" "$settings/credentials"
	sed -e "s|^#DATABASE_URL=|DATABASE_URL=postgresql:///teamdues_$club|" \
		-e 's|^#STRIPE_MODE=|&test|' \
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
	echo "sk_test_$(openssl rand -hex 12)" >STRIPE_SECRET_KEY
	echo "whsec_$(openssl rand -hex 12)" >STRIPE_WEBHOOK_SECRET
	openssl rand -hex 32 >LINK_SECRET
	echo "treasurer:$(openssl rand -hex 32)" >ADMIN_TOKENS
}

make_site() {
	openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
		-subj /CN=localhost -keyout "/etc/ssl/private/$club.key" \
		-out "/etc/ssl/certs/$club.pem" 2>/dev/null
	echo 'include /usr/share/teamdues/nginx/teamdues-http.conf;' \
		>/etc/nginx/conf.d/teamdues.conf
	sed -e 's|@LISTEN@|listen 443 ssl;|' -e 's|@SERVER_NAMES@|localhost|' \
		-e "s|@CLUB@|$club|" \
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

umask 077
make_users
make_database
make_settings
make_secrets
make_schema
make_site
