/*
 * What a product can be.  product_kinds() in sql/functions/club.sql has the
 * same words.
 */
#ifndef TEAMDUES_STORE_PRODUCT_KIND_H
#define TEAMDUES_STORE_PRODUCT_KIND_H

enum product_kind {
	PRODUCT_FEE,		/* the one that the first migration makes */
	PRODUCT_TRYOUT,
	PRODUCT_JERSEY,
	PRODUCT_TOURNAMENT,
	PRODUCT_KIND_MAX
};

/* The words, in the order of the enum; NULL at the end. */
extern const char *const product_kind_names[PRODUCT_KIND_MAX + 1];

/* The kinds that a person can add: all but the fee. */
extern const char *const *const product_kinds_to_add;

#endif
