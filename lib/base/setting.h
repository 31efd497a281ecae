/*
 * The settings (README.md lists them): one table in setting.c names each with
 * its check and its default.
 */
#ifndef TEAMDUES_BASE_SETTING_H
#define TEAMDUES_BASE_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum setting {
	SETTING_DATABASE_URL,
	SETTING_OWNER_DATABASE_URL,
	SETTING_STRIPE_MODE,
	SETTING_STRIPE_SECRET_KEY,
	SETTING_STRIPE_WEBHOOK_SECRET,
	SETTING_STRIPE_API_BASE,
	SETTING_STRIPE_ACCOUNT,
	SETTING_SITE_URL,
	SETTING_LINK_SECRET,
	SETTING_ADMIN_TOKENS,
	SETTING_SMTP_URL,
	SETTING_SMTP_USER,
	SETTING_SMTP_PASSWORD,
	SETTING_MAIL_FROM,
	SETTING_MAIL_REPLY_TO,
	SETTING_MAIL_ALERTS,
	SETTING_CLUB_NAME,
	SETTING_CLUB_CONTACT,
	SETTING_CLUB_TIMEZONE,
	SETTING_CURRENCY,
	SETTING_RECEIPTS,
	SETTING_THREADS,
	SETTING_IDLE_EXIT,
	SETTING_KEEP_DAYS,
	SETTING_LOG_LEVEL,
	SETTING_MAX
};

#define NEEDS(setting) (UINT32_C(1) << (setting))

struct setting_info {
	const char *name;	/* as in the environment */
	bool (*check)(const char *text, size_t len);
	const char *must;	/* completes "NAME must be ..." */
	const char *fallback;	/* NULL: none */
	bool is_secret;
	bool is_list;		/* comma-separated; each element is checked */
};

/* Static. */
const struct setting_info *setting_info(enum setting setting);
const char *setting_name(enum setting setting);

#endif
