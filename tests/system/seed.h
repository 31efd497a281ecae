/* What a random test is told by its environment. */
#ifndef TEAMDUES_TESTS_SYSTEM_SEED_H
#define TEAMDUES_TESTS_SYSTEM_SEED_H

#include <stdint.h>

/* A setting of the environment; otherwise where there is none. */
uint64_t seed_setting(const char *name, uint64_t otherwise);

/* TEAMDUES_SEED, else a new one each time; printed, so that it can be given. */
uint64_t seed_first(void);

#endif
