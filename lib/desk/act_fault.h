/* What is wrong with what was typed into an act's form. */
#ifndef TEAMDUES_DESK_ACT_FAULT_H
#define TEAMDUES_DESK_ACT_FAULT_H

#include "desk/act_form.h"

/* Sets the faults; whether there are none. */
bool act_form_check(struct act_form *form);

#endif
