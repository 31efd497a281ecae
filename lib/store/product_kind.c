#include "store/product_kind.h"

const char *const product_kind_names[PRODUCT_KIND_MAX + 1] = {
	[PRODUCT_FEE] = "fee",
	[PRODUCT_TRYOUT] = "tryout",
	[PRODUCT_JERSEY] = "jersey",
	[PRODUCT_TOURNAMENT] = "tournament",
};

const char *const *const product_kinds_to_add =
    &product_kind_names[PRODUCT_FEE + 1];
