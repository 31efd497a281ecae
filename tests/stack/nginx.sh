# shellcheck shell=bash
# TLS and nginx of a stack.  Sourced after programs.sh.

site_host() {
	local host=${SITE_URL#*://}

	host=${host%%/*}
	printf %s "${host%:*}"
}

subject_names() {
	local host
	host=$(site_host)

	printf 'DNS:localhost,IP:127.0.0.1,IP:::1'
	case $host in
	localhost | 127.0.0.1 | "[::1]") ;;
	*[!0-9.]*) printf ',DNS:%s' "$host" ;;
	*) printf ',IP:%s' "$host" ;;
	esac
}

# A certificate authority for one certificate; its key is thrown away.
make_certificates() {
	local tls=$state/tls

	cat >"$tls/openssl.cnf" <<-END
		[req]
		distinguished_name = name
		[name]
		[authority]
		basicConstraints = critical, CA:true, pathlen:0
		keyUsage = critical, keyCertSign, cRLSign
		subjectKeyIdentifier = hash
		[server]
		basicConstraints = critical, CA:false
		keyUsage = critical, digitalSignature
		extendedKeyUsage = serverAuth
		authorityKeyIdentifier = keyid
		subjectAltName = $(subject_names)
	END
	{
		openssl req -config "$tls/openssl.cnf" -x509 -nodes -days 365 \
			-newkey ec -pkeyopt ec_paramgen_curve:P-256 \
			-subj '/CN=teamdues, one run' -extensions authority \
			-keyout "$tls/authority.key" -out "$tls/ca.pem"
		openssl req -config "$tls/openssl.cnf" -new -nodes \
			-newkey ec -pkeyopt ec_paramgen_curve:P-256 \
			-subj "/CN=$(site_host)" \
			-keyout "$tls/server.key" -out "$tls/server.csr"
		openssl x509 -req -in "$tls/server.csr" -days 365 \
			-CA "$tls/ca.pem" -CAkey "$tls/authority.key" \
			-CAcreateserial -extfile "$tls/openssl.cnf" \
			-extensions server -out "$tls/server.pem"
	} >"$state/log/tls.log" 2>&1 || die "openssl: $(<"$state/log/tls.log")"
	rm "$tls/authority.key" "$tls/server.csr"
	hand_over tls
	install -m 644 "$tls/ca.pem" "$run_dir/ca.pem"
}

# listen directives on the loopback addresses that the machine has.
listen_on() {
	printf 'listen 127.0.0.1:%s ssl%s;' "$port" "$1"
	if grep -q '^0\{31\}1 ' /proc/net/if_inet6 2>/dev/null; then
		printf ' listen [::1]:%s ssl%s;' "$port" "$1"
	fi
}

# Where the stand-in's own pages are, when there is one.
form_origin() {
	case $STRIPE_API_BASE in
	http://*) printf %s "${STRIPE_API_BASE%/}" ;;
	esac
}

server_names() {
	local names="localhost 127.0.0.1 [::1]"
	local host
	host=$(site_host)

	case " $names " in
	*" $host "*) printf %s "$names" ;;
	*) printf %s "$names $host" ;;
	esac
}

# TEXT as it stands between double quotes in nginx's configuration, and in sed's
# replacement on its way there.
nginx_text() {
	printf %s "$1" | sed -e 's/["\\]/\\&/g' -e 's/[\\&|]/\\&/g'
}

# fill_in FILE...: in their places.
fill_in() {
	sed -i -e "s|@LISTEN@|$(listen_on "")|" \
		-e "s|@LISTEN_DEFAULT@|$(listen_on " default_server")|" \
		-e "s|@SERVER_NAMES@|$(server_names)|" \
		-e "s|@CLUB@|demo|" \
		-e "s|@CERTIFICATE@|$state/tls/server.pem|" \
		-e "s|@CERTIFICATE_KEY@|$state/tls/server.key|" \
		-e "s|@SOCKETS@|$state/socket|" \
		-e "s|@SNIPPETS@|$state/nginx/snippets|" \
		-e "s|@HTML@|$state/nginx/html|" \
		-e "s|@FORM_ACTION@|$(form_origin)|" \
		-e "s|@CLUB_NAME@|$(nginx_text "$CLUB_NAME")|" \
		-e "s|@CLUB_CONTACT@|$(nginx_text "$CLUB_CONTACT")|" \
		-e "s|@COLOUR@|#1c6b45|" -e "s|@COLOUR_IN_DARK@|#7cc9a0|" \
		-e "s|@ACCESS_LOG@|$state/log/access.log|" \
		-e "s|@STATE@|$state|" "$@"
}

write_nginx() {
	cp -r "$project"/nginx/{html,snippets,teamdues.conf,teamdues-http.conf} \
		"$project/tests/stack/nginx.conf" "$state/nginx"
	fill_in "$state"/nginx/{*.conf,snippets/*.conf}
	hand_over nginx
}

# A program that nginx cannot reach, or the reverse, is a mistake of ours.
check_locations() {
	local program configuration
	configuration=$(<"$project/nginx/teamdues.conf")

	for program in $(programs); do
		case $configuration in
		*"/$(flat_name "$program").sock;"*) ;;
		*) die "nginx/teamdues.conf has no location for $program" ;;
		esac
	done
}

start_nginx() {
	write_nginx
	check_locations
	start nginx nginx -p "$state/nginx" -c "$state/nginx/nginx.conf" \
		-e "$state/log/error.log"
}
