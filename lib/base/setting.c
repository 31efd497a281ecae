/*
 * The one table of settings.  The words behind a check complete "NAME must be
 * ...", a message that never shows the value.  STRIPE_MODE has no default, so
 * that nobody moves real money without having said so.
 */
#include "base/setting.h"

#include "base/config_check.h"

static const struct setting_info settings[SETTING_MAX] = {
	[SETTING_DATABASE_URL] = {
		.name = "DATABASE_URL",
		.check = check_database_url,
		.must = "a postgresql:// URL without blanks or line ends",
		.is_secret = true,
	},
	[SETTING_OWNER_DATABASE_URL] = {
		.name = "OWNER_DATABASE_URL",
		.check = check_database_url,
		.must = "a postgresql:// URL without blanks or line ends",
		.is_secret = true,
	},
	[SETTING_STRIPE_MODE] = {
		.name = "STRIPE_MODE",
		.check = check_stripe_mode,
		.must = "test or live",
	},
	[SETTING_STRIPE_SECRET_KEY] = {
		.name = "STRIPE_SECRET_KEY",
		.check = check_stripe_key,
		.must = "a whole sk_... or rk_... key without blanks or line "
		    "ends",
		.is_secret = true,
	},
	[SETTING_STRIPE_WEBHOOK_SECRET] = {
		.name = "STRIPE_WEBHOOK_SECRET",
		.check = check_webhook_secret,
		.must = "whole whsec_... secrets without blanks or line ends, "
		    "between commas, 8 at most",
		.is_secret = true,
		.is_list = true,
	},
	[SETTING_STRIPE_API_BASE] = {
		.name = "STRIPE_API_BASE",
		.check = check_api_base,
		.must = "an https:// origin without a path (http:// to "
		    "loopback only)",
		.fallback = "https://api.stripe.com",
	},
	[SETTING_STRIPE_ACCOUNT] = {
		.name = "STRIPE_ACCOUNT",
		.check = check_account,
		.must = "an account's id, acct_...",
	},
	[SETTING_SITE_URL] = {
		.name = "SITE_URL",
		.check = check_site_url,
		.must = "an https:// origin without a path or a last slash",
	},
	[SETTING_LINK_SECRET] = {
		.name = "LINK_SECRET",
		.check = check_link_secret,
		.must = "32 bytes or more without blanks or line ends, each "
		    "such key between commas, 8 at most",
		.is_secret = true,
		.is_list = true,
	},
	[SETTING_ADMIN_TOKENS] = {
		.name = "ADMIN_TOKENS",
		.check = check_admin_token,
		.must = "name:SHA-256 in hex (64 digits), between commas",
		.is_secret = true,
		.is_list = true,
	},
	[SETTING_SMTP_URL] = {
		.name = "SMTP_URL",
		.check = check_smtp_url,
		.must = "smtp://host:port or smtps://host:port",
	},
	[SETTING_SMTP_USER] = {
		.name = "SMTP_USER",
		.check = check_credential,
		.must = "text without a blank at either end",
	},
	[SETTING_SMTP_PASSWORD] = {
		.name = "SMTP_PASSWORD",
		.check = check_credential,
		.must = "text without a blank at either end",
		.is_secret = true,
	},
	[SETTING_MAIL_FROM] = {
		.name = "MAIL_FROM",
		.check = check_address,
		.must = "one e-mail address",
	},
	[SETTING_MAIL_REPLY_TO] = {
		.name = "MAIL_REPLY_TO",
		.check = check_address,
		.must = "one e-mail address",
	},
	[SETTING_MAIL_ALERTS] = {
		.name = "MAIL_ALERTS",
		.check = check_address,
		.must = "e-mail addresses between commas, 8 at most",
		.is_list = true,
	},
	[SETTING_CLUB_NAME] = {
		.name = "CLUB_NAME",
		.check = check_club_name,
		.must = "UTF-8 of at most 200 bytes",
	},
	[SETTING_CLUB_CONTACT] = {
		.name = "CLUB_CONTACT",
		.check = check_club_contact,
		.must = "an address or a telephone number, of at most 200 "
		    "bytes",
	},
	[SETTING_CLUB_TIMEZONE] = {
		.name = "CLUB_TIMEZONE",
		.check = check_timezone,
		.must = "the name of a time zone such as America/Denver",
	},
	[SETTING_CURRENCY] = {
		.name = "CURRENCY",
		.check = check_currency,
		.must = "a currency of exactly two decimals, such as usd",
	},
	[SETTING_RECEIPTS] = {
		.name = "RECEIPTS",
		.check = check_on_off,
		.must = "on or off",
		.fallback = "on",
	},
	[SETTING_THREADS] = {
		.name = "THREADS",
		.check = check_threads,
		.must = "1 to 64",
	},
	[SETTING_IDLE_EXIT] = {
		.name = "IDLE_EXIT",
		.check = check_idle_exit,
		.must = "1 to 86400 seconds",
	},
	[SETTING_KEEP_DAYS] = {
		.name = "KEEP_DAYS",
		.check = check_keep_days,
		.must = "30 to 3650 days",
		.fallback = "400",
	},
	[SETTING_LOG_LEVEL] = {
		.name = "LOG_LEVEL",
		.check = check_log_level,
		.must = "debug, info, warn or error",
		.fallback = "info",
	},
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
