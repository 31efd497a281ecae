/* The version of teamdues, told to Stripe and to whoever asks. */
#ifndef TEAMDUES_BASE_VERSION_H
#define TEAMDUES_BASE_VERSION_H

#define TEAMDUES_VERSION "0.1.0"

#endif
