/*
 * The one way an act of the desk goes.  A first POST shows what would happen,
 * to whom, and whether anybody is mailed, with one button; the same fields with
 * `confirm=yes` do it, and lead to the request's page.  What is wrong with a
 * field stands beside it, and what was typed stays.  A page that has become
 * old, a session that has ended meanwhile and a viewer are answered here.
 */
#ifndef TEAMDUES_DESK_ACT_H
#define TEAMDUES_DESK_ACT_H

#include "desk/act_kind.h"

/*
 * Whether the database would do the act now with such arguments, and would let
 * this user ask: what a page offers.  An `order_id` among them is the act's.
 * ST_DENIED: a viewer.
 */
NODISCARD enum status act_is_allowed(struct visit *visit,
    const struct act_kind *kind, struct json_node args, bool *is,
    struct err *err);

/*
 * Answers a GET of the path of one of kinds by the page on which the act
 * begins; the query names what it is about.
 */
NODISCARD enum status act_get(void *context, const struct act_kind *kinds,
    const struct request *request, struct response *response,
    struct err *err);

/* Answers a POST to the path of one of kinds; context is the struct app. */
NODISCARD enum status act_post(void *context, const struct act_kind *kinds,
    const struct request *request, struct response *response,
    struct err *err);

#endif
