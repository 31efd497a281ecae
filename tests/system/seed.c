#include <stdlib.h>
#include <time.h>

#include "seed.h"
#include "stack.h"

uint64_t
seed_setting(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text != NULL && *text != '\0' ? strtoull(text, NULL, 10)
	    : otherwise;
}

uint64_t
seed_first(void)
{
	uint64_t seed = seed_setting("TEAMDUES_SEED", (uint64_t)time(NULL));

	print_message("TEAMDUES_SEED=%llu\n", (unsigned long long)seed);
	return seed;
}
