/*
 * teamdues setup, rotate and backup verify: what is done to a club's machine,
 * by scripts.  Secrets come in files or at the terminal, never as arguments,
 * which every user of the machine can see.
 */
#include "kit/invocation.h"
#include "kit/script.h"

static const struct parameter setup_parameters[] = {
	{ "CLUB", PARAMETER_TEXT, true, NULL,
	    "its short name: small letters and digits, 13 at most" },
	{ "--answers", PARAMETER_TEXT, false, "FILE",
	    "NAME=value lines, named as the settings" },
	{ "--club-name", PARAMETER_TEXT, false, "TEXT", "the club's name" },
	{ "--club-contact", PARAMETER_TEXT, false, "TEXT",
	    "how families reach it: an address or a telephone number" },
	{ "--site-url", PARAMETER_TEXT, false, "URL", "where its pages are" },
	{ "--club-timezone", PARAMETER_TEXT, false, "ZONE",
	    "such as America/Denver" },
	{ "--currency", PARAMETER_TEXT, false, "CODE", "such as usd" },
	{ "--stripe-key-file", PARAMETER_TEXT, false, "FILE",
	    "holds Stripe's secret key" },
	{ "--mail-from", PARAMETER_TEXT, false, "ADDRESS",
	    "where its mails come from" },
	{ "--smtp-url", PARAMETER_TEXT, false, "URL",
	    "the mail server, smtp://host:port" },
	{ "--smtp-user", PARAMETER_TEXT, false, "TEXT", "the user there" },
	{ "--smtp-password-file", PARAMETER_TEXT, false, "FILE",
	    "holds the user's password" },
	{ "--certificate", PARAMETER_TEXT, false, "FILE",
	    "the site's, with its chain; else certbot's" },
	{ "--certificate-key", PARAMETER_TEXT, false, "FILE", "its key" },
	{ .name = "--commit", .kind = PARAMETER_FLAG,
	    .help = "do it without asking first" },
	PARAMETER_END
};

static const struct script_variable setup_variables[] = {
	{ "--answers", "ANSWERS" },
	{ "--club-name", "CLUB_NAME" },
	{ "--club-contact", "CLUB_CONTACT" },
	{ "--site-url", "SITE_URL" },
	{ "--club-timezone", "CLUB_TIMEZONE" },
	{ "--currency", "CURRENCY" },
	{ "--stripe-key-file", "STRIPE_SECRET_KEY_FILE" },
	{ "--mail-from", "MAIL_FROM" },
	{ "--smtp-url", "SMTP_URL" },
	{ "--smtp-user", "SMTP_USER" },
	{ "--smtp-password-file", "SMTP_PASSWORD_FILE" },
	{ "--certificate", "CERTIFICATE" },
	{ "--certificate-key", "CERTIFICATE_KEY" },
	{ "--commit", "COMMIT" },
	{ NULL, NULL }
};

static const struct parameter rotate_parameters[] = {
	{ "WHAT", PARAMETER_CHOICE, true, "webhook-secret|stripe-key|"
	    "link-secret|desk-cookies|database-password",
	    "what is to be new" },
	{ "--key-file", PARAMETER_TEXT, false, "FILE",
	    "of stripe-key: holds the new one" },
	PARAMETER_END
};

static const struct script_variable rotate_variables[] = {
	{ "--key-file", "KEY_FILE" },
	{ NULL, NULL }
};

static const struct parameter no_parameters[] = { PARAMETER_END };

static enum status
setup(struct invocation *invocation, struct err *err)
{
	const char *club = arguments_text(&invocation->arguments, "CLUB");

	if (!club_is_name(club))
		return invocation_usage(invocation, err, "CLUB must be a "
		    "letter and at most 12 letters and digits more, all small");
	return script_run(&(const struct script){
		.name = "setup",
		.operands = { club },
		.variables = setup_variables,
	}, &invocation->arguments, err);
}

/* What a script does to one club needs its name. */
static enum status
run_for_club(struct invocation *invocation, const char *name,
    const char *operand, struct err *err)
{
	if (invocation->club == NULL)
		return invocation_usage(invocation, err,
		    "say which club: teamdues --club CLUB ...");
	return script_run(&(const struct script){
		.name = name,
		.operands = { invocation->club, operand },
		.variables = rotate_variables,
	}, &invocation->arguments, err);
}

static enum status
rotate(struct invocation *invocation, struct err *err)
{
	return run_for_club(invocation, "rotate",
	    arguments_text(&invocation->arguments, "WHAT"), err);
}

static enum status
backup_verify(struct invocation *invocation, struct err *err)
{
	return run_for_club(invocation, "verify", NULL, err);
}

const struct command commands_setup[] = {
	{
		.name = "setup",
		.summary = "make a club on this machine, or change it",
		.user = CLUB_ROOT,
		.parameters = setup_parameters,
		.run = setup,
	},
	{
		.name = "rotate",
		.summary = "change a secret of a club while it takes payments",
		.user = CLUB_ROOT,
		.parameters = rotate_parameters,
		.run = rotate,
	},
	{
		.name = "backup verify",
		.summary = "restore a club's newest backup beside it, and "
		    "audit it",
		.user = CLUB_ROOT,
		.parameters = no_parameters,
		.run = backup_verify,
	},
	COMMANDS_END
};
