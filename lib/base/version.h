/* The version of teamdues, sent to Stripe with each call and printed by
 * teamdues. */
#ifndef TEAMDUES_BASE_VERSION_H
#define TEAMDUES_BASE_VERSION_H

#define TEAMDUES_VERSION "0.2.0"

#endif
