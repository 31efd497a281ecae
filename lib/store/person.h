/*
 * What the books hold of a person, and taking it out of them
 * (sql/functions/person.sql).
 */
#ifndef TEAMDUES_STORE_PERSON_H
#define TEAMDUES_STORE_PERSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "store/act_result.h"

/* Who is meant: one of them is given, the others are NULL or 0. */
struct person_key {
	const char *email;
	int64_t parent_id;
	int64_t player_id;	/* with the family, where it has one */
};

/*
 * All of it as one JSON object, an array of rows for each table, into document.
 * ST_NOT_FOUND: the books hold nothing of that person.
 */
NODISCARD enum status store_person_export(struct store *store,
    const struct person_key *key, struct buf *document, struct err *err);

struct erasure {
	struct person_key key;
	bool is_anyway;		/* owed money and waiting mails are no bar */
	const char *actor;
	bool commit;
};

/* Blanks whatever names the person; the rows, and what they count, stay. */
NODISCARD enum status store_person_erase(struct store *store,
    const struct erasure *erasure, struct act_result *result,
    struct err *err);

#endif
