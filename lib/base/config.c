/*
 * Loading in three steps: collect every value from its source, check each, then
 * check those that must agree.  No step stops at a problem, so that one start
 * names them all; no problem shows a value.
 */
#include "base/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/config_check.h"
#include "base/config_source.h"

enum { PROBLEMS_MAX = 16384 };

static const struct secret *
value_of(const struct config *config, enum setting setting)
{
	return &config->value[setting];
}

static bool
is_set(const struct config *config, enum setting setting)
{
	return value_of(config, setting)->len > 0;
}

static enum status
apply_default(struct config *config, enum setting setting, struct err *err)
{
	const char *text = setting_info(setting)->fallback;

	/* The table has DATABASE_URL before it, which is loaded by now. */
	if (setting == SETTING_OWNER_DATABASE_URL)
		text = secret_bytes(value_of(config, SETTING_DATABASE_URL));
	if (text == NULL)
		return ST_OK;
	return secret_set(&config->value[setting], text, strlen(text), err);
}

/*
 * Checks each element of a list and, where there is room for them (out is not
 * NULL), keeps them.  ST_BAD_INPUT, without a text, when one is malformed.
 */
static enum status
split(const struct secret *list, bool (*check)(const char *, size_t),
    struct secret *out, size_t *count, struct err *err)
{
	const char *text = secret_bytes(list);
	size_t rest = list->len;

	for (;;) {
		const char *comma = memchr(text, ',', rest);
		size_t len = comma != NULL ? (size_t)(comma - text) : rest;

		if (!check(text, len) || *count == CONFIG_SECRETS_MAX)
			return ST_BAD_INPUT;
		enum status st = ST_OK;
		if (out != NULL)
			st = secret_set(&out[*count], text, len, err);
		if (st != ST_OK)
			return st;
		(*count)++;
		if (comma == NULL)
			return ST_OK;
		text = comma + 1;
		rest -= len + 1;
	}
}

static enum status
check_list(struct config *config, enum setting setting, struct err *err)
{
	/* A list without a field in struct config (ADMIN_TOKENS) is only
	 * checked here; its reader splits it again. */
	size_t uncounted = 0;
	size_t *count = &uncounted;
	struct secret *out = NULL;

	if (setting == SETTING_STRIPE_WEBHOOK_SECRET) {
		out = config->webhook_secrets;
		count = &config->webhook_secret_count;
	} else if (setting == SETTING_LINK_SECRET) {
		out = config->link_secrets;
		count = &config->link_secret_count;
	} else if (setting == SETTING_MAIL_ALERTS) {
		out = config->mail_alerts;
		count = &config->mail_alert_count;
	}
	return split(value_of(config, setting), setting_info(setting)->check,
	    out, count, err);
}

/* ST_OK, ST_BAD_INPUT (without a text: the table has it) or ST_NOMEM. */
static enum status
check_value(struct config *config, enum setting setting, struct err *err)
{
	const struct setting_info *info = setting_info(setting);
	const struct secret *value = value_of(config, setting);
	const char *text = secret_bytes(value);

	/* A line end in a key would begin a header of its own in each
	 * request. */
	if (!check_printable(text, value->len))
		return ST_BAD_INPUT;
	if (info->is_list)
		return check_list(config, setting, err);
	return info->check(text, value->len) ? ST_OK : ST_BAD_INPUT;
}

static enum status
load_one(struct config *config, const struct config_source *source,
    enum setting setting, bool needed, struct buf *problems, struct err *err)
{
	const struct setting_info *info = setting_info(setting);
	size_t problems_before = problems->len;
	enum status st = config_source_get(source, setting, needed,
	    &config->value[setting], problems, err);

	if (st == ST_OK && !is_set(config, setting))
		st = apply_default(config, setting, err);
	if (st != ST_OK)
		return st;
	if (is_set(config, setting))
		st = check_value(config, setting, err);
	/* A value that could not be read has its problem already; it is not
	 * called missing, too. */
	else if (needed && problems->len == problems_before)
		buf_putf(problems, "%s is not set\n", info->name);
	if (st != ST_BAD_INPUT)
		return st;
	buf_putf(problems, "%s must be %s\n", info->name, info->must);
	return ST_OK;
}

/* The mode is in a key's bytes 3 to 6 (sk_test_..., rk_live_...): a live key
 * beside STRIPE_MODE=test would move real money by mistake. */
static void
check_mode_and_key(const struct config *config, struct buf *problems)
{
	const struct secret *mode = value_of(config, SETTING_STRIPE_MODE);
	const struct secret *key = value_of(config,
	    SETTING_STRIPE_SECRET_KEY);

	/* A malformed mode or key is among the problems already. */
	if (mode->len != 4 ||
	    key->len == 0 || !check_stripe_key(secret_bytes(key), key->len))
		return;
	if (memcmp(key->bytes + 3, mode->bytes, 4) != 0 ||
	    key->bytes[7] != '_')
		buf_puts(problems, "STRIPE_SECRET_KEY is not a key of the "
		    "mode that STRIPE_MODE names\n");
}

/* A user without a password, or a password without a user: one of them was
 * forgotten, or this program may not read the file that it is in. */
static void
check_user_and_password(const struct config *config, uint32_t needs,
    struct buf *problems)
{
	if ((needs & NEEDS(SETTING_SMTP_URL)) != 0 &&
	    is_set(config, SETTING_SMTP_USER) !=
	    is_set(config, SETTING_SMTP_PASSWORD))
		buf_puts(problems, "SMTP_USER and SMTP_PASSWORD go together: "
		    "one of them is not set, or cannot be read\n");
}

/* err has room for the first problems; the caller's buffer gets them all. */
static enum status
report(const struct buf *lines, struct buf *problems, struct err *err)
{
	char storage[ERR_MSG_MAX];
	struct buf summary = BUF_FIXED(storage);

	if (lines->len == 0 && !lines->failed)
		return ST_OK;
	if (lines->why == ST_NOMEM)
		return err_set(err, ST_NOMEM, "no memory to load settings");
	if (problems != NULL)
		buf_put(problems, lines->data, lines->len);
	for (size_t i = 0; i + 1 < lines->len; i++) {
		if (lines->data[i] == '\n')
			buf_puts(&summary, "; ");
		else
			buf_putc(&summary, lines->data[i]);
	}
	/* A failed summary is full: it shows the problems that fit. */
	return err_set(err, ST_CONFIG, "%.*s", (int)summary.len, storage);
}

/* st is of reading the source, whose problems are in lines. */
static enum status
load(struct config *config, uint32_t needs, struct config_source *source,
    enum status st, struct buf *lines, struct buf *problems, struct err *err)
{
	for (int i = 0; i < SETTING_MAX && st == ST_OK; i++)
		/* All settings, not only those needed: a malformed one is an
		 * operator's mistake, whoever notices it first. */
		st = load_one(config, source, (enum setting)i,
		    (needs & NEEDS(i)) != 0, lines, err);
	if (st == ST_OK) {
		check_mode_and_key(config, lines);
		check_user_and_password(config, needs, lines);
		st = report(lines, problems, err);
	}
	buf_clear(lines);
	config_source_clear(source);
	return st;
}

enum status
config_load(struct config *config, uint32_t needs, const char *file,
    struct buf *problems, struct err *err)
{
	struct config_source source = { 0 };
	struct buf lines = BUF_INIT(PROBLEMS_MAX);
	enum status st = ST_OK;

	*config = (struct config){ 0 };
	if (file != NULL)
		st = config_source_read(&source, file, &lines, err);
	return load(config, needs, &source, st, &lines, problems, err);
}

enum status
config_load_folder(struct config *config, uint32_t needs, const char *folder,
    struct buf *problems, struct err *err)
{
	struct config_source source = { 0 };
	struct buf lines = BUF_INIT(PROBLEMS_MAX);
	enum status st;

	*config = (struct config){ 0 };
	st = config_source_read_folder(&source, folder, &lines, err);
	return load(config, needs, &source, st, &lines, problems, err);
}

const char *
config_text(const struct config *config, enum setting setting)
{
	/* A secret must be asked for by config_secret(), which a reviewer can
	 * search for. */
	if (setting_info(setting)->is_secret)
		return NULL;
	return secret_bytes(value_of(config, setting));
}

const struct secret *
config_secret(const struct config *config, enum setting setting)
{
	return value_of(config, setting);
}

int
config_threads(const struct config *config, int fallback)
{
	const char *text = config_text(config, SETTING_THREADS);

	/* strtol() cannot fail here: config_load() has checked the digits. */
	return text != NULL ? (int)strtol(text, NULL, 10) : fallback;
}

/* A number that was checked when it was read; 0 for none. */
static int
number_of(const struct config *config, enum setting setting)
{
	const char *text = config_text(config, setting);

	return text != NULL ? (int)strtol(text, NULL, 10) : 0;
}

int
config_idle_exit(const struct config *config)
{
	return number_of(config, SETTING_IDLE_EXIT);
}

int
config_keep_days(const struct config *config)
{
	return number_of(config, SETTING_KEEP_DAYS);
}

bool
config_livemode(const struct config *config)
{
	const char *mode = config_text(config, SETTING_STRIPE_MODE);

	return mode != NULL && strcmp(mode, "live") == 0;
}

void
config_clear(struct config *config)
{
	for (int i = 0; i < SETTING_MAX; i++)
		secret_clear(&config->value[i]);
	for (int i = 0; i < CONFIG_SECRETS_MAX; i++) {
		secret_clear(&config->webhook_secrets[i]);
		secret_clear(&config->link_secrets[i]);
		secret_clear(&config->mail_alerts[i]);
	}
	config->webhook_secret_count = 0;
	config->link_secret_count = 0;
	config->mail_alert_count = 0;
}
