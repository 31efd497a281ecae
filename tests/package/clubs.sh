#!/bin/bash
# clubs.sh CLUB...: on a machine where the package is installed, what setup finds
# on the server of a club: a certificate that the machine trusts, names that lead
# to it, a Stripe (the stand-in in /root/standin), a mail server's address, and
# /root/CLUB.answers.
set -eu
cd /root
umask 077
stripe=http://127.0.0.1:12111
names=$(printf 'DNS:%s.example,' "$@")
keys=$(printf 'sk_test_%s0123456789,' "$@" "${@/%/new}")sk_live_0123456789

make_certificate() {
	cat >openssl.cnf <<-END
		[req]
		distinguished_name = name
		[name]
		[authority]
		basicConstraints = critical, CA:true, pathlen:0
		keyUsage = critical, keyCertSign, cRLSign
		subjectKeyIdentifier = hash
		[server]
		basicConstraints = critical, CA:false
		extendedKeyUsage = serverAuth
		authorityKeyIdentifier = keyid
		subjectAltName = ${names%,}
	END
	openssl req -config openssl.cnf -x509 -nodes -days 9 -newkey ec \
		-pkeyopt ec_paramgen_curve:P-256 -subj '/CN=test' \
		-extensions authority -keyout ca.key -out ca.pem
	openssl req -config openssl.cnf -new -nodes -newkey ec \
		-pkeyopt ec_paramgen_curve:P-256 -subj '/CN=clubs' \
		-keyout /etc/ssl/private/clubs.key -out clubs.csr
	openssl x509 -req -in clubs.csr -days 9 -CA ca.pem -CAkey ca.key \
		-CAcreateserial -extfile openssl.cnf -extensions server \
		-out /etc/ssl/certs/clubs.pem
	install -m 644 ca.pem /usr/local/share/ca-certificates/test.crt
	update-ca-certificates
}

make_names() {
	printf '127.0.0.1 localhost%s\n' "$(printf ' %s.example' "$@")" \
		>/etc/hosts
}

make_answers() {
	local club

	for club in "$@"; do
		echo "sk_test_${club}0123456789" >"$club.key"
		echo "sk_test_${club}new0123456789" >"${club}new.key"
		cat >"$club.answers" <<-END
			CLUB_NAME=Westside "$club" & \$ons
			CLUB_CONTACT=treasurer@$club.example
			SITE_URL=https://$club.example
			CLUB_TIMEZONE=America/Denver
			SMTP_URL=smtp://127.0.0.1:9
			STRIPE_API_BASE=$stripe
			CERTIFICATE=/etc/ssl/certs/clubs.pem
			CERTIFICATE_KEY=/etc/ssl/private/clubs.key
		END
	done
}

start_stripe() {
	systemd-run --quiet --unit=standin --setenv=STANDIN_PORT=12111 \
		--setenv=STANDIN_SECRET_KEYS="$keys" \
		--setenv=STANDIN_CA_FILE=/root/ca.pem \
		node /root/standin/server.js
	until curl -s -o /dev/null "$stripe/_control/clock"; do
		sleep 0.1
	done
}

make_certificate
make_names "$@"
make_answers "$@"
start_stripe
