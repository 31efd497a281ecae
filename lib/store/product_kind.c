/*
 * The words are stored in the database, which checks them (product_kinds() in
 * sql/functions/club.sql).
 */
#include "store/product_kind.h"

const char *const product_kind_names[PRODUCT_KIND_MAX + 1] = {
	[PRODUCT_FEE] = "fee",
	[PRODUCT_TRYOUT] = "tryout",
	[PRODUCT_JERSEY] = "jersey",
	[PRODUCT_TOURNAMENT] = "tournament",
};

/*
 * The fee comes first and is skipped: it is asked for as long as a player has
 * one, and nobody adds it by hand.
 */
const char *const *const product_kinds_to_add =
    &product_kind_names[PRODUCT_FEE + 1];
