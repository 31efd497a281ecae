/* Why a mail did not go out, for people who run no mail server. */
#ifndef TEAMDUES_DESK_MAIL_WORDS_H
#define TEAMDUES_DESK_MAIL_WORDS_H

/*
 * A sentence for what a mail's row says of its last try, and what to do about
 * it.  Static.
 */
const char *mail_trouble(const char *error);

#endif
