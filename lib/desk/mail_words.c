/*
 * What servers say has no fixed form.  An enhanced code (RFC 3463) is believed
 * before words; the first that fits decides, so the surest come first.
 */
#include "desk/mail_words.h"

#include <stddef.h>

#include "base/text.h"

#define HERE "A payment may be here already: look at Unmatched."
#define NO_ADDRESS "There is no such mailbox. Mend the family's address, " \
	"and send it again."
#define FULL "The mailbox is full. Try again in a few days, or ask the " \
	"family for another address."
#define REFUSED "The mail server took us for a sender of unwanted mail. Ask " \
	"whoever looks after the server."

static const struct {
	const char *part;	/* of what was said, in any case of letters */
	const char *sentence;
} troubles[] = {
	{ "the whole mail was sent", "It may have arrived. Ask the family "
	    "before you send it again." },
	{ "taken back by a person", "A person took it back." },
	{ "no longer true", "It was not needed any more: it is paid, or its "
	    "link has ended." },
	{ "not placed yet", HERE },
	{ "payment", HERE },
	{ "Stripe is to be asked", "Nobody is asked for money until the books "
	    "were compared with Stripe's." },
	{ "5.1.", NO_ADDRESS },
	{ "5.2.2", FULL },
	{ "5.7.", REFUSED },
	{ "quota", FULL },
	{ "full", FULL },
	{ "spam", REFUSED },
	{ "block", REFUSED },
	{ "policy", REFUSED },
	{ "no such", NO_ADDRESS },
	{ "unknown", NO_ADDRESS },
	{ "not exist", NO_ADDRESS },
	{ "invalid", NO_ADDRESS },
	{ "unavailable", "The mailbox could not be reached. Try again "
	    "tomorrow." },
};

const char *
mail_trouble(const char *error)
{
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++)
		if (text_holds(error, troubles[i].part))
			return troubles[i].sentence;
	return "The mail server did not take it.";
}
