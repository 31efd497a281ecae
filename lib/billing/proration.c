/*
 * All in whole cents: no rounding error of a floating point number may make two
 * quotes of one day differ.
 */
#include "billing/proration.h"

#include "base/date.h"
#include "base/money.h"

/* An amount in words: longer than any. */
enum { AMOUNT_SIZE = 64 };

/* Half a cent is rounded up.  62 times the highest fee is far from overflow. */
static int64_t
share(int64_t fee_cents, int64_t days, int64_t month_days)
{
	return (fee_cents * days * 2 + month_days) / (month_days * 2);
}

/*
 * Found when the link is made, where an admin can act: Stripe would refuse only
 * when the family clicks.
 */
static enum status
check_minimum(int64_t amount_cents, const char *currency,
    const struct date *quoted, struct err *err)
{
	char amount_text[AMOUNT_SIZE];
	char least_text[AMOUNT_SIZE];
	struct buf amount = BUF_FIXED(amount_text);
	struct buf least = BUF_FIXED(least_text);

	if (money_is_chargeable(amount_cents, currency, &least))
		return ST_OK;
	money_put(&amount, amount_cents, currency);
	return err_set(err, ST_CONFLICT, "the %s fee would be %s, and %s",
	    date_month_name(quoted->month), amount_text, least_text);
}

enum status
proration_quote(const struct proration_terms *terms, int64_t *amount_cents,
    struct err *err)
{
	int64_t fee_cents = terms->monthly_fee_cents;
	struct date quoted;

	if (!date_parse(terms->quoted, &quoted))
		return err_set(err, ST_BAD_INPUT, "there is no day \"%.32s\"",
		    terms->quoted);
	if (fee_cents < 0 || fee_cents > AMOUNT_MAX_CENTS)
		return err_set(err, ST_BAD_INPUT,
		    "a monthly fee is 0.00 to 999999.99");
	int month_days = date_days_of_month(quoted.year, quoted.month);
	/* The day quoted counts. */
	int days = month_days - quoted.day + 1;

	*amount_cents = terms->prorate ? share(fee_cents, days, month_days)
	    : fee_cents;
	return check_minimum(*amount_cents, terms->currency, &quoted, err);
}
