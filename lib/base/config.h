/*
 * The values of the settings (setting.h).  A program says which it needs and
 * gets a list of all that are missing or malformed.  Instead of NAME,
 * NAME_FILE=/path may name a file that has the value.  The environment wins
 * over the file.  Lists (webhook secrets, link secrets, admin tokens,
 * addresses) are split here, once.
 */
#ifndef TEAMDUES_BASE_CONFIG_H
#define TEAMDUES_BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/secret.h"
#include "base/setting.h"
#include "base/status.h"

enum { CONFIG_SECRETS_MAX = 8 };

struct config {
	struct secret value[SETTING_MAX];	/* .bytes NULL: not set */
	struct secret webhook_secrets[CONFIG_SECRETS_MAX];
	size_t webhook_secret_count;
	struct secret link_secrets[CONFIG_SECRETS_MAX];
	size_t link_secret_count;
	struct secret mail_alerts[CONFIG_SECRETS_MAX];	/* addresses */
	size_t mail_alert_count;
};

/* Where the settings of a machine are. */
#define CONFIG_FILE "/etc/teamdues/teamdues.conf"

/*
 * Reads file (NULL: none; one that does not exist is no error) and the
 * environment, applies defaults, and checks every setting that is set or in
 * needs (a mask of NEEDS()).  ST_CONFIG names each missing or malformed
 * setting, never its value, in err and in full in problems (one per line;
 * may be NULL).  Where both are held, the mode and the key's prefix must
 * agree.  A NAME_FILE that this user may not open is no problem where NAME is
 * not in needs: it belongs to another program.  Free with config_clear, after a
 * failure too.
 */
NODISCARD enum status config_load(struct config *config, uint32_t needs,
    const char *file, struct buf *problems, struct err *err);

/*
 * As config_load, but from a club's folder alone (its teamdues.conf, and a file
 * for each secret), whatever the environment says.
 */
NODISCARD enum status config_load_folder(struct config *config,
    uint32_t needs, const char *folder, struct buf *problems,
    struct err *err);

/*
 * The value as text, or NULL when it is not set.  Borrowed.  A secret setting
 * (keys, passwords, database URLs) gives NULL here; config_secret returns it.
 */
const char *config_text(const struct config *config, enum setting setting);
const struct secret *config_secret(const struct config *config,
    enum setting setting);

/* THREADS, or fallback when it is not set. */
int config_threads(const struct config *config, int fallback);

/* IDLE_EXIT in seconds, or 0 when it is not set. */
int config_idle_exit(const struct config *config);

/* KEEP_DAYS, which has a default. */
int config_keep_days(const struct config *config);

/* True in STRIPE_MODE=live. */
bool config_livemode(const struct config *config);

void config_clear(struct config *config);

#endif
