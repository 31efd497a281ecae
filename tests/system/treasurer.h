/*
 * A treasurer, or a viewer, who is signed in at the desk, and what they ask for
 * there, over a connection of the desk's own role.
 */
#ifndef TEAMDUES_TESTS_SYSTEM_TREASURER_H
#define TEAMDUES_TESTS_SYSTEM_TREASURER_H

#include "base/secret.h"
#include "stack.h"
#include "store/desk_requests.h"

enum { SESSION_HEX_SIZE = 65 };

struct treasurer {
	struct stack *stack;
	struct secret url;
	struct store *store;
	char name[UNIQUE_SIZE];
	char actor[UNIQUE_SIZE + 16];	/* as the audit log names them */
	char session[SESSION_HEX_SIZE];
	int64_t user_id;
};

/* role is "treasurer" or "viewer". */
void treasurer_enter(struct stack *stack, const char *role,
    struct treasurer *treasurer);
void treasurer_leave(struct treasurer *treasurer);

/* An act of theirs on an order: a new form, no reason but "as agreed". */
struct desk_act treasurer_act(const struct treasurer *treasurer,
    const char *action, int64_t order_id);

/* The arguments of an act, as the desk's forms send them: JSON by a format of
 * printf's.  It stays until the sixteenth call after. */
const char *act_args(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Those that are an amount, or a payment, alone. */
const char *act_cents(int64_t cents);
const char *act_payment(const char *payment);

/* Gives a form's own id. */
enum { FORM_ID_SIZE = 33 };
void form_id_make(char form_id[FORM_ID_SIZE]);

/* Asks; it must come to this state with such words.  The request's id. */
int64_t treasurer_asks(struct treasurer *treasurer,
    const struct desk_act *act, enum desk_state state, const char *words);

/* What would come of it; no row may change. */
void treasurer_looks(struct treasurer *treasurer,
    const struct desk_act *act, enum desk_state state, const char *words);

/* Waits until the clerk has ended a request, so, with such words. */
void treasurer_awaits(struct treasurer *treasurer, int64_t request_id,
    enum desk_state state, const char *words);

#endif
