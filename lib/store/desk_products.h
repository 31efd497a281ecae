/* What the club sells, at the desk: sql/functions/desk_products.sql. */
#ifndef TEAMDUES_STORE_DESK_PRODUCTS_H
#define TEAMDUES_STORE_DESK_PRODUCTS_H

#include "store/store.h"

struct desk_products_query {
	const char *session;	/* as store_desk_today's */
	const char *show;	/* "", "sold" or "withdrawn" */
	const char *currency;	/* the club's */
	const char *after;	/* the key of the row before; NULL: none */
	int64_t limit;
};

/* A page of the list, as lib/desk/list.h wants it.  ST_UNAUTHENTICATED. */
NODISCARD enum status store_desk_products(struct store *store,
    const struct desk_products_query *query, struct json_doc *doc,
    struct err *err);

/* What an act is about: a product, or with product_id 0 one that is to be
 * added.  ST_UNAUTHENTICATED, ST_NOT_FOUND. */
NODISCARD enum status store_desk_product_subject(struct store *store,
    const char *session, int64_t product_id, const char *currency,
    struct json_doc *doc, struct err *err);

#endif
