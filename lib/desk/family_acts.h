/* What may be done to a family at the desk, beside its orders. */
#ifndef TEAMDUES_DESK_FAMILY_ACTS_H
#define TEAMDUES_DESK_FAMILY_ACTS_H

#include "desk/act.h"

/* All of them: "add_family", "change_family", "remind", "add_child",
 * "save_child", and what takes back the two that add. */
extern const struct act_kind family_acts[];

/* Appends a form of one of them, closed until it is wanted, under this
 * name. */
void family_act_put(struct buf *html, struct visit *visit, const char *action,
    const char *name, struct json_node data);

/* Appends the button that leads to a reminder of all that a family owes; data
 * has its parent_id. */
void family_put_remind(struct buf *html, struct visit *visit,
    struct json_node data);

/* Appends the choice of the tournaments that a child may enter, if any. */
void family_put_enter(struct buf *html, struct visit *visit,
    struct json_node child);

#endif
