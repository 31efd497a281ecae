/* The list for the gate: names large, paid or not, and no figures. */
#ifndef TEAMDUES_DESK_GATE_H
#define TEAMDUES_DESK_GATE_H

#include "base/json.h"

/* A page holds so many; more are on the list's CSV. */
enum { GATE_NAMES = 300 };

/* Appends it, below the title; data as store_desk_gate gives it. */
void gate_put(struct buf *html, struct json_node data);

#endif
