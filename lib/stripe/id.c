/*
 * The check is what makes an id safe in a path and a query: it has no slash, no
 * question mark and no ampersand.  Stripe promises at most 255 characters
 * (docs: upgrades).
 */
#include "stripe/id.h"

#include <string.h>

bool
stripe_id_ok(const char *id)
{
	size_t len = strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789_");

	return len > 0 && len < STRIPE_ID_SIZE && id[len] == '\0';
}
