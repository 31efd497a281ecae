/* The page that the desk shows to whoever is not signed in. */
#ifndef TEAMDUES_DESK_SIGN_IN_H
#define TEAMDUES_DESK_SIGN_IN_H

#include "desk/visit.h"

extern const char sign_in_action[];	/* where its form is sent */

/*
 * A form that was sent after its session had ended: what was typed stays in the
 * page until the user is back, and is sent again then, to be shown before it is
 * done.
 */
struct sign_in_kept {
	const char *action;	/* path; NULL: nothing is kept */
	const struct params *params;
	const char *prefix;	/* of the names of those that are kept; "":
				 * all are, but for `form` and `confirm` */
};

/* The form again: what is wrong with the address that was typed. */
struct sign_in_fault {
	const char *email;
	const char *text;	/* for the user */
	int http;
};

NODISCARD enum status sign_in_answer_fault(struct visit *visit,
    const struct sign_in_kept *kept, const struct sign_in_fault *fault,
    struct response *response, struct err *err);

/* The page after it, which is the same whoever asks. */
NODISCARD enum status sign_in_answer_mailed(struct visit *visit,
    const char *email, const struct sign_in_kept *kept,
    struct response *response, struct err *err);

/*
 * What a program of the desk does with a failure: nobody is signed in (the
 * form, with 200 at Today's own address, else 401), or a viewer asks for a
 * change; all others are returned as they are.  kept may be NULL.
 */
NODISCARD enum status sign_in_failure(struct visit *visit,
    const struct sign_in_kept *kept, enum status st,
    struct response *response, struct err *err);

/* What was kept beside the address; whether it leads to the desk. */
bool sign_in_read_kept(const struct params *params,
    struct sign_in_kept *kept);

#endif
