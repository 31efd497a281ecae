/*
 * Names are literals of ours and are sent as they are, with raw brackets, which
 * Stripe accepts; values are encoded.  The idempotency key is a hash of these
 * bytes: one input must always give the same ones.
 */
#include "stripe/form.h"

#include <string.h>

static void
put_separator(struct buf *form)
{
	if (form->len > 0)
		buf_putc(form, '&');
}

void
form_put(struct buf *form, const char *name, const char *value)
{
	put_separator(form);
	buf_puts(form, name);
	buf_putc(form, '=');
	buf_put_urlenc(form, value, strlen(value));
}

void
form_put_given(struct buf *form, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0')
		form_put(form, name, value);
}

void
form_put_i64(struct buf *form, const char *name, int64_t value)
{
	put_separator(form);
	buf_puts(form, name);
	buf_putc(form, '=');
	buf_put_i64(form, value);
}

void
form_put_member(struct buf *form, const char *prefix, const char *key,
    const char *value)
{
	put_separator(form);
	buf_puts(form, prefix);
	buf_putc(form, '[');
	buf_put_urlenc(form, key, strlen(key));
	buf_puts(form, "]=");
	buf_put_urlenc(form, value, strlen(value));
}
