/*
 * Other installations of teamdues on the same Stripe account, and what a person
 * has said of them (sql/functions/installation.sql).
 */
#ifndef TEAMDUES_STORE_INSTALLATION_H
#define TEAMDUES_STORE_INSTALLATION_H

#include <stdbool.h>
#include <stdint.h>

#include "store/act_result.h"
#include "store/store.h"

/* A value of Stripe's metadata, terminated. */
enum { STORE_INSTALLATION_SIZE = 2001 };

/* This one first, then the others: columns of teamdues.installations. */
NODISCARD enum status store_installations(struct store *store,
    store_row *each, void *context, struct err *err);

struct waiting_counts {
	int64_t waiting;	/* payments and events for a person */
	int64_t undecided;	/* payments of installations nobody has decided
				 * on */
};

NODISCARD enum status store_waiting_counts(struct store *store,
    struct waiting_counts *counts, struct err *err);

/* A person's decision whether another installation's payments are ours. */
struct installation_decision {
	const char *installation_id;
	bool is_ours;
};

NODISCARD enum status store_decide_installation(struct store *store,
    const struct installation_decision *decision, const char *actor,
    bool commit, struct act_result *result, struct err *err);

#endif
