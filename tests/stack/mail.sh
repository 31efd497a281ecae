# shellcheck shell=bash
# The SMTP catcher, unless SMTP_URL says where mail goes, and the mailer.
# Sourced after programs.sh.

start_catcher() {
	: "${MAIL_FROM:=payments@$(mail_domain)}"
	if [ -n "$SMTP_URL" ]; then
		return 0
	fi
	mkdir "$state/catcher"
	cp -r "$project/tests/smtp-catcher/." "$state/catcher"
	hand_over catcher
	start catcher "$(command -v node)" catcher/server.js
	wait_until 10 grep -qs 'catcher listening on' "$state/log/catcher.log" ||
		die "the catcher did not start: $(tail -n 5 "$state/log/catcher.log")"
	SMTP_URL=$(sed -n 's/.*catcher listening on //p' "$state/log/catcher.log")
	catcher_control=$(sed -n 's/.*control on //p' "$state/log/catcher.log")
}

# An address needs a name with a dot; the catcher takes any.
mail_domain() {
	case $(site_host) in
	*[a-z].[a-z]*) site_host ;;
	*) printf club.example ;;
	esac
}

# Started again when it ends, as the programs are; a stop waits for the mail in
# hand.
start_mailer() {
	local environment
	mapfile -t environment < <(role_environment mailer)

	start mailer "${environment[@]}" "${sanitizer_options[@]}" \
		TEAMDUES_CA_FILE="$state/tls/ca.pem" \
		/usr/bin/multiwatch -f 1 -r 200 -t 1000 -s TERM -- \
		"$state/build/teamdues" mailer
}
