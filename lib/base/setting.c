/*
 * The one table of settings.  The words behind a check complete "NAME must be
 * ...", a message that never shows the value.  STRIPE_MODE has no default, so
 * that nobody moves real money without having said so.
 */
#include "base/setting.h"

#include "base/config_check.h"

static const struct setting_info settings[SETTING_MAX] = {
	[SETTING_DATABASE_URL] = { "DATABASE_URL", check_database_url,
		"a postgresql:// URL without blanks or line ends", NULL,
		true, false },
	[SETTING_OWNER_DATABASE_URL] = { "OWNER_DATABASE_URL",
		check_database_url,
		"a postgresql:// URL without blanks or line ends", NULL,
		true, false },
	[SETTING_STRIPE_MODE] = { "STRIPE_MODE", check_stripe_mode,
		"test or live", NULL, false, false },
	[SETTING_STRIPE_SECRET_KEY] = { "STRIPE_SECRET_KEY", check_stripe_key,
		"a whole sk_... or rk_... key without blanks or line ends",
		NULL, true, false },
	[SETTING_STRIPE_WEBHOOK_SECRET] = { "STRIPE_WEBHOOK_SECRET",
		check_webhook_secret,
		"whole whsec_... secrets without blanks or line ends, between "
		"commas, 8 at most", NULL, true, true },
	[SETTING_STRIPE_API_BASE] = { "STRIPE_API_BASE", check_api_base,
		"an https:// origin without a path (http:// to loopback only)",
		"https://api.stripe.com", false, false },
	[SETTING_STRIPE_ACCOUNT] = { "STRIPE_ACCOUNT", check_account,
		"an account's id, acct_...", NULL, false, false },
	[SETTING_SITE_URL] = { "SITE_URL", check_site_url,
		"an https:// origin without a path or a last slash", NULL,
		false, false },
	[SETTING_LINK_SECRET] = { "LINK_SECRET", check_link_secret,
		"32 bytes or more without blanks or line ends, each such key "
		"between commas, 8 at most", NULL, true, true },
	[SETTING_ADMIN_TOKENS] = { "ADMIN_TOKENS", check_admin_token,
		"name:SHA-256 in hex (64 digits), between commas",
		NULL,
		true, true },
	[SETTING_SMTP_URL] = { "SMTP_URL", check_smtp_url,
		"smtp://host:port or smtps://host:port", NULL,
		false, false },
	[SETTING_SMTP_USER] = { "SMTP_USER", check_credential,
		"text without a blank at either end", NULL, false, false },
	[SETTING_SMTP_PASSWORD] = { "SMTP_PASSWORD", check_credential,
		"text without a blank at either end", NULL, true, false },
	[SETTING_MAIL_FROM] = { "MAIL_FROM", check_address,
		"one e-mail address", NULL, false, false },
	[SETTING_MAIL_REPLY_TO] = { "MAIL_REPLY_TO", check_address,
		"one e-mail address", NULL, false, false },
	[SETTING_MAIL_ALERTS] = { "MAIL_ALERTS", check_address,
		"e-mail addresses between commas, 8 at most", NULL,
		false, true },
	[SETTING_CLUB_NAME] = { "CLUB_NAME", check_club_name,
		"UTF-8 of at most 200 bytes", NULL,
		false, false },
	[SETTING_CLUB_CONTACT] = { "CLUB_CONTACT", check_club_contact,
		"an address or a telephone number, of at most 200 bytes", NULL,
		false, false },
	[SETTING_CLUB_TIMEZONE] = { "CLUB_TIMEZONE", check_timezone,
		"the name of a time zone such as America/Denver", NULL,
		false, false },
	[SETTING_CURRENCY] = { "CURRENCY", check_currency,
		"a currency of exactly two decimals, such as usd", NULL,
		false, false },
	[SETTING_RECEIPTS] = { "RECEIPTS", check_on_off, "on or off", "on",
		false, false },
	[SETTING_THREADS] = { "THREADS", check_threads, "1 to 64", NULL,
		false, false },
	[SETTING_IDLE_EXIT] = { "IDLE_EXIT", check_idle_exit,
		"1 to 86400 seconds", NULL, false, false },
	[SETTING_LOG_LEVEL] = { "LOG_LEVEL", check_log_level,
		"debug, info, warn or error", "info", false, false },
};

const struct setting_info *
setting_info(enum setting setting)
{
	return &settings[setting];
}

const char *
setting_name(enum setting setting)
{
	return settings[setting].name;
}
