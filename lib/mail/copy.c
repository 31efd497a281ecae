/*
 * The words.  Each kind has its sentences in one table.  The label of the fee
 * and the sentence about the month are made here only, so that every kind that
 * asks for a first month's fee uses the same words.
 */
#include "mail/copy.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "base/text.h"

enum { PART_MAX = 4096, FACT_MAX = 300, MONEY_MAX = 64 };

/* In these texts {player}, {club}, {contact}, {label}, {amount} and {left} are
 * replaced by the facts. */
struct wording {
	const char *name;
	const char *subject;
	const char *heading;
	const char *intro;
	const char *closing;
};

#define ASK_US "Is something not right? Just reply: a person at the club " \
	"reads it. You can also reach us here: {contact}"
#define STRIPE_PAGE "You pay on a secure page of Stripe, who take payments " \
	"for us. " ASK_US

static const struct wording wordings[MAIL_KIND_MAX] = {
	[MAIL_FIRST_PAYMENT] = {
		"first_payment",
		"{label} for {player}: {amount}",
		"Welcome to {club}",
		"{player} is on our roster: good to have you with us. "
		"Here is the first payment.",
		STRIPE_PAGE,
	},
	[MAIL_TOURNAMENT] = {
		"tournament",
		"{label} for {player}: {amount}",
		"{label}",
		"{player} is on the roster for {label}. "
		"Here is the entry to be paid.",
		STRIPE_PAGE,
	},
	[MAIL_REMINDER] = {
		"reminder",
		"Reminder: {label} for {player}, {amount}",
		"Still to be paid",
		"This payment for {player} has not reached us yet. If you "
		"have paid already, do not pay again: reply to this mail, and "
		"we will look for it.",
		STRIPE_PAGE,
	},
	[MAIL_RECEIPT] = {
		"receipt",
		"Receipt: {label} for {player}, {amount}",
		"Thank you",
		"Your payment for {player} has reached us. There is nothing "
		"more for you to do.",
		"This mail is your receipt. " ASK_US,
	},
	[MAIL_REPLACED_LINK] = {
		"replaced_link",
		"A new payment link: {label} for {player}, {amount}",
		"A new link for you",
		"The payment link that you had for {player} did not work as "
		"it should, and we are sorry for that. Please use this one "
		"instead. If you have paid already, do not pay again: reply "
		"to this mail, and we will put it right.",
		STRIPE_PAGE,
	},
	/* A tryout's form is open to everybody: somebody may have typed another
	 * person's address, so no name from the form is sent to it. */
	[MAIL_TRYOUT] = {
		"tryout",
		"One step left: {label}, {amount}",
		"One step is left",
		"We have your registration. It is complete once it is paid "
		"for, which you can do with this link.",
		"If you did not register anybody with us, you can ignore this "
		"mail. " STRIPE_PAGE,
	},
};

/* The intro of a receipt when an order is paid in parts. */
static const char part_intro[] = "Your payment for {player} has reached us. "
    "{left} is left to be paid: the link that you have asks for just that.";

bool
mail_kind_parse(const char *name, enum mail_kind *kind)
{
	for (int i = 0; i < MAIL_KIND_MAX; i++) {
		if (strcmp(wordings[i].name, name) == 0) {
			*kind = (enum mail_kind)i;
			return true;
		}
	}
	return false;
}

enum status
copy_check_line(const char *what, const char *text, struct err *err)
{
	if (text == NULL || text[0] == '\0')
		return err_set(err, ST_BAD_INPUT, "%s: missing", what);
	return text_check(what, text, strlen(text), FACT_MAX, err);
}

/* Refuses what could end the attribute or the line that holds the link.  Mails
 * never carry http://: a signature must not cross the network in clear text. */
enum status
copy_check_link(const char *link, struct err *err)
{
	if (link == NULL || strncmp(link, "https://", 8) != 0)
		return err_set(err, ST_BAD_INPUT, "the link is no https URL");
	for (const char *c = link; *c != '\0'; c++)
		if (*c <= ' ' || *c > '~' || strchr("<>\"'\\", *c) != NULL)
			return err_set(err, ST_BAD_INPUT,
			    "the link is not a well-formed URL");
	return ST_OK;
}

static enum status
check_link(const struct mail_facts *facts, struct err *err)
{
	/* A receipt has nothing to pay, so a link in it is a caller's
	 * mistake. */
	if (facts->kind != MAIL_RECEIPT)
		return copy_check_link(facts->link, err);
	if (facts->link != NULL)
		return err_set(err, ST_BAD_INPUT, "a receipt has no link");
	return ST_OK;
}

static enum status
check_day(const char *what, const char *text, struct err *err)
{
	struct date date;

	if (text != NULL && date_parse(text, &date))
		return ST_OK;
	return err_set(err, ST_BAD_INPUT, "%s: no such day", what);
}

static enum status
check_words(const struct mail_facts *facts, struct err *err)
{
	const char *parent = facts->parent_name;
	enum status st = copy_check_line("the club's name", facts->club_name,
	    err);

	if (st == ST_OK)
		st = copy_check_line("how the club is reached", facts->contact,
		    err);
	if (st == ST_OK && facts->kind != MAIL_TRYOUT)
		st = copy_check_line("the player's name", facts->player_name,
		    err);
	if (st == ST_OK && parent != NULL && parent[0] != '\0')
		st = copy_check_line("the parent's name", parent, err);
	if (st == ST_OK && facts->item != NULL)
		st = copy_check_line("what is paid for", facts->item, err);
	return st;
}

static enum status
check_facts(const struct mail_facts *facts, struct err *err)
{
	enum status st = check_words(facts, err);

	if (st == ST_OK && facts->item == NULL)
		st = check_day("the day quoted", facts->quoted, err);
	if (st == ST_OK && facts->last_day != NULL)
		st = check_day("the link's last day", facts->last_day, err);
	if (st == ST_OK)
		st = check_link(facts, err);
	/* A mail that asks for 0.00 is a caller's mistake. */
	if (st == ST_OK && (facts->amount_cents <= 0 ||
	    !money_currency_ok(facts->currency)))
		st = err_set(err, ST_BAD_INPUT, "the amount is none");
	return st;
}

/* True when the fee is for a part of a month: on the first day it is the whole
 * month's, whatever the rule. */
static bool
is_prorated(const struct mail_facts *facts, const struct date *quoted)
{
	return facts->prorate && quoted->day > 1;
}

static void
put_label(struct buf *b, const struct mail_facts *facts)
{
	struct date quoted;

	if (facts->item != NULL) {
		buf_puts(b, facts->item);
		return;
	}
	if (!date_parse(facts->quoted, &quoted))
		return;
	buf_putf(b, "%s%s fee", is_prorated(facts, &quoted) ? "Prorated " : "",
	    date_month_name(quoted.month));
}

static void
put_explanation(struct buf *b, const struct mail_facts *facts)
{
	struct date quoted;

	if (facts->item != NULL || !date_parse(facts->quoted, &quoted))
		return;
	const char *month = date_month_name(quoted.month);
	int last = date_days_of_month(quoted.year, quoted.month);

	if (!is_prorated(facts, &quoted)) {
		buf_putf(b, "This is the fee for the whole month of %s.",
		    month);
		return;
	}
	buf_puts(b, facts->player_name);
	/* "from 30 to 30 April" would be no sentence. */
	if (quoted.day == last)
		buf_putf(b, " joins on the last day of %s, so this is the fee "
		    "for that day alone.", month);
	else
		buf_putf(b, " joins during the month, so this is the fee for "
		    "the %d days from %d to %d %s.", last - quoted.day + 1,
		    quoted.day, last, month);
}

static void
put_expiry(struct buf *b, const struct mail_facts *facts)
{
	struct date last;

	if (facts->link == NULL || facts->last_day == NULL ||
	    !date_parse(facts->last_day, &last))
		return;
	buf_puts(b, "The link works until the end of ");
	date_put(b, &last);
	buf_putc(b, '.');
}

static void
put_greeting(struct buf *b, const struct mail_facts *facts)
{
	buf_puts(b, "Hello");
	if (facts->parent_name != NULL && facts->parent_name[0] != '\0') {
		buf_putc(b, ' ');
		buf_puts(b, facts->parent_name);
	}
	buf_putc(b, ',');
}

/* Appends the fact that replaces the {word} at pattern; returns the word's
 * length, or 0 when it is no such word. */
static size_t
put_fact(struct buf *b, const char *pattern, const struct mail_copy *copy,
    const struct mail_facts *facts)
{
	char left[MONEY_MAX];
	struct buf left_text = BUF_FIXED(left);
	const struct {
		const char *word;
		const char *text;
	} words[] = {
		{ "{player}", facts->player_name },
		{ "{contact}", facts->contact },
		{ "{club}", copy_text(copy, COPY_CLUB) },
		{ "{label}", copy_text(copy, COPY_LABEL) },
		{ "{amount}", copy_text(copy, COPY_AMOUNT) },
		{ "{left}", left },
	};

	money_put(&left_text, facts->left_cents, facts->currency);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t len = strlen(words[i].word);

		if (strncmp(pattern, words[i].word, len) == 0) {
			buf_puts(b, words[i].text);
			return len;
		}
	}
	return 0;
}

/* A fact is appended as it is and never searched for words: a player may be
 * called {amount}. */
static void
put_pattern(struct mail_copy *copy, enum copy_part part, const char *pattern,
    const struct mail_facts *facts)
{
	struct buf *b = &copy->part[part];

	while (*pattern != '\0') {
		size_t len = put_fact(b, pattern, copy, facts);

		if (len == 0)
			buf_putc(b, *pattern++);
		pattern += len;
	}
}

/* The club, the label and the amount are made first, because the patterns use
 * them. */
static void
put_parts(struct mail_copy *copy, const struct mail_facts *facts)
{
	const struct wording *wording = &wordings[facts->kind];

	buf_puts(&copy->part[COPY_CLUB], facts->club_name);
	put_label(&copy->part[COPY_LABEL], facts);
	money_put(&copy->part[COPY_AMOUNT], facts->amount_cents,
	    facts->currency);
	put_pattern(copy, COPY_SUBJECT, wording->subject, facts);
	put_pattern(copy, COPY_HEADING, wording->heading, facts);
	put_greeting(&copy->part[COPY_GREETING], facts);
	put_pattern(copy, COPY_INTRO, facts->left_cents > 0 ? part_intro
	    : wording->intro, facts);
	put_explanation(&copy->part[COPY_EXPLANATION], facts);
	if (facts->link != NULL) {
		put_pattern(copy, COPY_ACTION, "Pay {amount}", facts);
		buf_puts(&copy->part[COPY_LINK], facts->link);
	}
	put_expiry(&copy->part[COPY_EXPIRY], facts);
	put_pattern(copy, COPY_CLOSING, wording->closing, facts);
}

enum status
copy_fill(struct mail_copy *copy, const struct mail_facts *facts,
    struct err *err)
{
	enum status st;

	copy_init(copy);
	st = check_facts(facts, err);
	if (st != ST_OK)
		return st;
	put_parts(copy, facts);
	return copy_check(copy, err);
}

void
copy_init(struct mail_copy *copy)
{
	for (int i = 0; i < COPY_PART_MAX; i++)
		copy->part[i] = (struct buf)BUF_INIT(PART_MAX);
	copy->beside = NULL;
}

enum status
copy_check(const struct mail_copy *copy, struct err *err)
{
	enum status st = ST_OK;

	for (; copy != NULL; copy = copy->beside)
		for (int i = 0; i < COPY_PART_MAX && st == ST_OK; i++)
			st = buf_check(&copy->part[i], "a part of the mail",
			    err);
	return st;
}

bool
copy_is_of_item(enum copy_part part)
{
	return part >= COPY_LABEL && part <= COPY_EXPIRY;
}

const char *
copy_text(const struct mail_copy *copy, enum copy_part part)
{
	const char *text = buf_str(&copy->part[part]);

	return text != NULL ? text : "";
}

static void
clear_parts(struct mail_copy *copy)
{
	for (int i = 0; i < COPY_PART_MAX; i++)
		buf_clear(&copy->part[i]);
}

void
copy_clear(struct mail_copy *copy)
{
	clear_parts(copy);
	while (copy->beside != NULL) {
		struct mail_copy *next = copy->beside;

		copy->beside = next->beside;
		clear_parts(next);
		free(next);
	}
}
