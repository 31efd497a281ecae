/*
 * These lines end the output of audit and reconcile.  They name the command to
 * type next, since the person who reads them may do so once a year.
 */
#include "waiting.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { AMOUNT_SIZE = 64 };

/*
 * The entry of one installation and currency, made if it is new; NULL when the
 * table is full.  Amounts of two currencies cannot be added up.
 */
static struct stranger *
find(struct strangers *strangers, const char *installation_id,
    const char *currency)
{
	struct stranger *stranger;

	for (size_t i = 0; i < strangers->count; i++) {
		stranger = &strangers->each[i];
		if (strcmp(stranger->installation_id, installation_id) == 0 &&
		    strcmp(stranger->currency, currency) == 0)
			return stranger;
	}
	if (strangers->count == STRANGERS_MAX)
		return NULL;
	stranger = &strangers->each[strangers->count++];
	*stranger = (struct stranger){ .sessions = 0 };
	memcpy(stranger->installation_id, installation_id,
	    strnlen(installation_id, sizeof(stranger->installation_id) - 1));
	memcpy(stranger->currency, currency,
	    strnlen(currency, sizeof(stranger->currency) - 1));
	return stranger;
}

/*
 * Anybody who can make sessions on the account can invent installations.  The
 * table has a bound, and what is beyond it is counted only.
 */
void
strangers_add(struct strangers *strangers, const char *installation_id,
    const struct stripe_session *session)
{
	struct stranger *stranger = find(strangers, installation_id,
	    session->currency);

	if (stranger == NULL) {
		strangers->more++;
		return;
	}
	stranger->sessions++;
	stranger->cents += session->amount_total;
}

static void
print_one(const struct stranger *stranger)
{
	char id[STORE_INSTALLATION_SIZE];
	char bytes[AMOUNT_SIZE];
	struct buf amount = BUF_FIXED(bytes);

	memcpy(id, stranger->installation_id, sizeof(id));
	/* The id is from the session's metadata, which is not ours. */
	text_disarm(id, strlen(id));
	money_put(&amount, stranger->cents, stranger->currency);
	printf("%" PRId64 " paid session%s, %s, of installation %s: "
	    "`teamdues installation adopt %s --commit` if %s this club's, "
	    "`teamdues installation disown %s --commit` if another's\n",
	    stranger->sessions, stranger->sessions == 1 ? "" : "s", bytes, id,
	    id, stranger->sessions == 1 ? "it is" : "they are", id);
}

void
strangers_print(const struct strangers *strangers)
{
	for (size_t i = 0; i < strangers->count; i++)
		print_one(&strangers->each[i]);
	if (strangers->more > 0)
		printf("%" PRId64 " paid sessions of more installations: "
		    "`teamdues installation show`\n", strangers->more);
}

enum status
waiting_print(struct store *store, struct err *err)
{
	struct waiting_counts counts;
	enum status st = store_waiting_counts(store, &counts, err);

	if (st != ST_OK)
		return st;
	if (counts.waiting > 0)
		printf("%" PRId64 " wait%s for a person: `teamdues unmatched "
		    "list`\n", counts.waiting, counts.waiting == 1 ? "s" : "");
	if (counts.undecided > 0)
		printf("%" PRId64 " payment%s of installations that nobody has "
		    "decided on: `teamdues installation show`\n",
		    counts.undecided, counts.undecided == 1 ? "" : "s");
	return ST_OK;
}
