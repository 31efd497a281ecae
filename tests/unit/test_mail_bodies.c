/*
 * Both bodies of every variant, read as a family's mail program reads them:
 * the quoted-printable is decoded, HTML becomes its text and its links.  Then
 * every amount, label, link and sentence is compared.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "mail/compose.h"

#define LINK "https://pay.club.example/checkout/first-payment?player_id=7" \
	"&prorate=false&quoted=2026-04-15&amount_cents=15000" \
	"&expires=1777600000&signature=AbC-_1234567890123456789012345678901234"

static const struct variant {
	struct mail_facts facts;
	const char *label;
	const char *amount;
} VARIANTS[] = {
	{ { .kind = MAIL_FIRST_PAYMENT, .quoted = "2026-04-15",
	    .prorate = true, .amount_cents = 8000, .link = LINK },
	    "Prorated April fee", "$80.00" },
	{ { .kind = MAIL_FIRST_PAYMENT, .quoted = "2026-04-15",
	    .prorate = false, .amount_cents = 15000, .link = LINK },
	    "April fee", "$150.00" },
	{ { .kind = MAIL_FIRST_PAYMENT, .quoted = "2026-05-01",
	    .prorate = true, .amount_cents = 15000, .link = LINK },
	    "May fee", "$150.00" },
	{ { .kind = MAIL_FIRST_PAYMENT, .quoted = "2026-05-01",
	    .prorate = false, .amount_cents = 15000, .link = LINK },
	    "May fee", "$150.00" },
	{ { .kind = MAIL_FIRST_PAYMENT, .quoted = "2028-02-29",
	    .prorate = true, .amount_cents = 517, .link = LINK },
	    "Prorated February fee", "$5.17" },
	{ { .kind = MAIL_TOURNAMENT, .item = "Spring <Cup> & Co. \"26\"",
	    .amount_cents = 15050, .link = LINK },
	    "Spring <Cup> & Co. \"26\"", "$150.50" },
	{ { .kind = MAIL_REMINDER, .item = "Spring Cup",
	    .amount_cents = 15000, .link = LINK }, "Spring Cup", "$150.00" },
	{ { .kind = MAIL_REMINDER, .quoted = "2026-04-15", .prorate = true,
	    .amount_cents = 8000, .link = LINK },
	    "Prorated April fee", "$80.00" },
	{ { .kind = MAIL_RECEIPT, .item = "Jersey", .amount_cents = 4500 },
	    "Jersey", "$45.00" },
	{ { .kind = MAIL_REPLACED_LINK, .item = "Spring Cup",
	    .amount_cents = 15000, .link = LINK }, "Spring Cup", "$150.00" },
	{ { .kind = MAIL_TRYOUT, .item = "Tryout", .amount_cents = 2500,
	    .link = LINK }, "Tryout", "$25.00" },
};

static const char *const NAMES[] = { "Ben Smith",
	"Zo\xc3\xab \"Zed\" O'Neil, Jr. <b>&amp;</b> \xf0\x9f\x8e\x89" };

enum { VARIANT_COUNT = sizeof(VARIANTS) / sizeof(VARIANTS[0]),
	BODY_MAX = 128 * 1024 };

struct read_mail {
	struct buf text;	/* the plain text */
	struct buf html;	/* the HTML as it is sent */
	struct buf seen;	/* the words of the HTML's body */
	struct buf hrefs;	/* its links, each with a newline behind it */
};

static void
decode_quoted_printable(const char *from, const char *end, struct buf *out)
{
	while (from < end) {
		char hex[3] = { 0 };

		if (from[0] == '\r' && from[1] == '\n') {
			buf_putc(out, '\n');
			from += 2;
		} else if (from[0] != '=') {
			buf_putc(out, *from++);
		} else {
			memcpy(hex, from + 1, 2);
			if (hex[0] != '\r')
				buf_putc(out, (char)strtol(hex, NULL, 16));
			from += 3;
		}
	}
}

/* The body of the part of that type, up to the next boundary. */
static void
read_part(const char *message, const char *type, struct buf *out)
{
	const char *part = strstr(message, type);
	const char *body = strstr(part, "\r\n\r\n") + 4;

	decode_quoted_printable(body, strstr(body, "\r\n--=_"), out);
}

static size_t
put_reference(struct buf *out, const char *text)
{
	static const struct {
		const char *reference;
		char c;
	} ALL[] = {
		{ "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' },
		{ "&quot;", '"' }, { "&#39;", '\'' },
	};

	for (size_t i = 0; i < sizeof(ALL) / sizeof(ALL[0]); i++) {
		size_t len = strlen(ALL[i].reference);

		if (strncmp(text, ALL[i].reference, len) == 0) {
			buf_putc(out, ALL[i].c);
			return len;
		}
	}
	fail_msg("a bare & in the HTML: %.20s", text);
	return 1;
}

static void
put_unescaped(struct buf *out, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		if (*text == '&')
			text += put_reference(out, text);
		else
			buf_putc(out, *text++);
	}
}

static void
read_tag(const char *tag, size_t len, struct buf *hrefs)
{
	const char *href = strstr(tag, " href=\"");

	if (href == NULL || href > tag + len)
		return;
	href += 7;
	put_unescaped(hrefs, href, strcspn(href, "\""));
	buf_putc(hrefs, '\n');
}

static void
read_html(struct read_mail *mail)
{
	const char *html = strstr(buf_str(&mail->html), "<body");

	while (*html != '\0') {
		size_t len = strcspn(html, *html == '<' ? ">" : "<");

		if (*html == '<') {
			read_tag(html, len, &mail->hrefs);
			html += len + 1;
		} else {
			put_unescaped(&mail->seen, html, len);
			html += len;
		}
	}
}

static struct mail_facts
complete(const struct variant *variant, const char *player)
{
	struct mail_facts facts = variant->facts;

	facts.club_name = "Westside Kings & Queens";
	facts.contact = "dues@kings.example";
	facts.parent_name = "Ann \"A\" Smith";
	facts.player_name = player;
	facts.currency = "usd";
	facts.last_day = facts.link != NULL ? "2026-04-30" : NULL;
	return facts;
}

static void
read_mail(const struct mail_facts *facts, struct read_mail *mail)
{
	const struct message envelope = { .from = "dues@club.example",
		.to = "ann@example.com", .to_name = facts->parent_name,
		.date = 1776250000, .message_id = "x.7@club.example" };
	struct buf message = BUF_INIT(MESSAGE_MAX);
	struct err err;

	*mail = (struct read_mail){ BUF_INIT(BODY_MAX), BUF_INIT(BODY_MAX),
		BUF_INIT(BODY_MAX), BUF_INIT(BODY_MAX) };
	if (mail_compose(&message, &envelope, facts, 1, &err) != ST_OK)
		fail_msg("%s", err.msg);
	read_part(buf_str(&message), "text/plain", &mail->text);
	read_part(buf_str(&message), "text/html", &mail->html);
	read_html(mail);
	buf_clear(&message);
}

static void
read_mail_clear(struct read_mail *mail)
{
	buf_clear(&mail->text);
	buf_clear(&mail->html);
	buf_clear(&mail->seen);
	buf_clear(&mail->hrefs);
}

/* The places where needle is in text. */
static size_t
count(const char *text, const char *needle)
{
	size_t found = 0;

	for (text = strstr(text, needle); text != NULL;
	    text = strstr(text + 1, needle))
		found++;
	return found;
}

static void
assert_in_both(const struct read_mail *mail, const char *words)
{
	if (strstr(buf_str(&mail->text), words) == NULL)
		fail_msg("not in the text: %s", words);
	if (strstr(buf_str(&mail->seen), words) == NULL)
		fail_msg("not in the HTML: %s", words);
}

/* Every dollar sign of both begins the one amount, equally often. */
static void
assert_amounts(const struct read_mail *mail, const char *amount)
{
	const char *text = buf_str(&mail->text);
	const char *seen = buf_str(&mail->seen);

	assert_int_equal(count(text, "$"), count(text, amount));
	assert_int_equal(count(seen, "$"), count(seen, amount));
	assert_int_equal(count(text, amount), count(seen, amount));
	assert_in_both(mail, amount);
}

/* Alone on a line of the text, the only link of both. */
static void
assert_link(const struct read_mail *mail, const char *link)
{
	const char *text = buf_str(&mail->text);

	assert_int_equal(count(text, "://"), link != NULL);
	assert_int_equal(count(buf_str(&mail->hrefs), "\n"), link != NULL);
	assert_int_equal(count(buf_str(&mail->html), "://"), link != NULL);
	if (link == NULL)
		return;
	assert_int_equal(count(text, "\n" LINK "\n"), 1);
	assert_string_equal(buf_str(&mail->hrefs), LINK "\n");
}

static void
assert_copy(const struct read_mail *mail, const struct mail_facts *facts)
{
	struct mail_copy copy;
	struct err err;

	assert_int_equal(copy_fill(&copy, facts, &err), ST_OK);
	for (int part = 0; part < COPY_PART_MAX; part++)
		if (part != COPY_SUBJECT && part != COPY_LINK)
			assert_in_both(mail,
			    copy_text(&copy, (enum copy_part)part));
	copy_clear(&copy);
}

static void
both_bodies_of_each_variant_say_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < VARIANT_COUNT * 2; i++) {
		const struct variant *variant = &VARIANTS[i / 2];
		struct mail_facts facts = complete(variant, NAMES[i % 2]);
		struct read_mail mail;

		read_mail(&facts, &mail);
		assert_in_both(&mail, variant->label);
		assert_in_both(&mail, facts.contact);
		assert_int_equal(count(buf_str(&mail.text), "Prorated"),
		    count(buf_str(&mail.seen), "Prorated"));
		assert_int_equal(count(buf_str(&mail.text), "Prorated"),
		    strncmp(variant->label, "Prorated", 8) == 0);
		assert_amounts(&mail, variant->amount);
		assert_link(&mail, facts.link);
		assert_copy(&mail, &facts);
		read_mail_clear(&mail);
	}
}

static void
nothing_is_fetched_and_nothing_tracked(void **state)
{
	static const char *const NEVER[] = { "<img", "<script", "<link",
		"url(", "@import", "src=", "<iframe", "<table" };

	(void)state;
	for (size_t i = 0; i < VARIANT_COUNT; i++) {
		struct mail_facts facts = complete(&VARIANTS[i], NAMES[1]);
		struct read_mail mail;

		read_mail(&facts, &mail);
		for (size_t k = 0; k < sizeof(NEVER) / sizeof(NEVER[0]); k++)
			assert_null(strstr(buf_str(&mail.html), NEVER[k]));
		assert_null(strstr(buf_str(&mail.html), "<b>"));
		read_mail_clear(&mail);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_bodies_of_each_variant_say_the_same),
		cmocka_unit_test(nothing_is_fetched_and_nothing_tracked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
