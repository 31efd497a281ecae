/*
 * teamdues clubs: a line for each club of this machine.  Root asks each club's
 * database as that club's operator, one after the other.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kit/invocation.h"
#include "kit/output.h"
#include "store/club.h"

enum { LINE_MAX_BYTES = 4096 };

static const char *const columns[] = {
	"club", "health", "owed_cents", "currency", "last_payment_at", NULL
};

static const struct parameter parameters[] = {
	PARAMETER_JSON, PARAMETER_CSV, PARAMETER_END
};

static int
is_club(const struct dirent *entry)
{
	return club_is_name(entry->d_name);
}

static enum status
ask_database(const char *club, const struct config *config,
    struct output *output, struct err *err)
{
	struct store *store = NULL;
	enum status st;

	st = store_open(config_secret(config, SETTING_DATABASE_URL),
	    "teamdues", 1, &store, err);
	if (st == ST_OK)
		st = store_club_standing(store, club,
		    config_text(config, SETTING_CURRENCY), output_row, output,
		    err);
	store_close(store);
	return st;
}

static enum status
ask_club(const char *club, struct output *output, struct err *err)
{
	char folder[CLUB_FOLDER_SIZE];
	struct config config = { 0 };
	struct err ignored;
	enum status st;

	st = club_folder(club, folder, err);
	if (st == ST_OK)
		st = config_load_folder(&config, NEEDS(SETTING_DATABASE_URL) |
		    NEEDS(SETTING_CURRENCY), folder, NULL, err);
	if (st == ST_OK)
		st = club_become(club, CLUB_OPERATOR, err);
	if (st == ST_OK)
		st = ask_database(club, &config, output, err);
	config_clear(&config);
	/* The next club is tried in any case, and fails by itself. */
	if (club_leave(&ignored) != ST_OK && st == ST_OK)
		st = err_set(err, ignored.st, "%s", ignored.msg);
	return st;
}

/* A club that cannot be asked has its line, too: it says why. */
static enum status
write_failure(const char *club, const struct err *failure,
    struct output *output, struct err *err)
{
	struct buf text = BUF_INIT(LINE_MAX_BYTES);
	struct json_out json = JSON_OUT(&text);
	char why[ERR_MSG_MAX];
	enum status st;

	memcpy(why, failure->msg, sizeof(why));
	why[strcspn(why, "\n")] = '\0';
	json_out_object(&json, NULL);
	json_out_text(&json, "club", club);
	json_out_text(&json, "health", why);
	json_out_null(&json, "owed_cents");
	json_out_null(&json, "currency");
	json_out_null(&json, "last_payment_at");
	json_out_end(&json);
	st = output_written(output, &json, err);
	buf_clear(&text);
	return st;
}

static enum status
clubs(struct invocation *invocation, struct err *err)
{
	struct dirent **found = NULL;
	struct output output;
	enum status st = ST_OK;
	int count = scandir(CLUBS_FOLDER, &found, is_club, alphasort);

	if (count < 0 && errno != ENOENT)
		return err_set(err, ST_DENIED, CLUBS_FOLDER ": %s",
		    strerror(errno));
	output_init(&output, &invocation->arguments, columns);
	for (int i = 0; i < count; i++) {
		struct err failure = { ST_OK, "" };

		if (st == ST_OK && ask_club(found[i]->d_name, &output,
		    &failure) != ST_OK) {
			st = write_failure(found[i]->d_name, &failure,
			    &output, err);
			invocation->exit = EXIT_FAILED;
		}
		free(found[i]);
	}
	free(found);
	return output_end(&output, st, err);
}

const struct command commands_clubs[] = {
	{
		.name = "clubs",
		.summary = "list the clubs of this machine, and how each "
		    "stands",
		.parameters = parameters,
		.run = clubs,
	},
	COMMANDS_END
};
