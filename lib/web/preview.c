/*
 * Recognises a program that fetches a link although no person has followed it.
 * A false alarm costs a family one more click, a miss costs an open session
 * that nobody uses; so the list holds only agents that name themselves.  Mail
 * filters that pose as browsers cannot be recognised, and need not be: the
 * family's own click uses the session that they open.
 */
#include "web/request.h"

#include <string.h>

#include "base/text.h"
#include "web/environment.h"

/* Substrings of User-Agent, and where each is described. */
static const char *const agents[] = {
	/* Chat: each vendor's page for webmasters. */
	"facebookexternalhit",	/* Meta, web crawlers; Apple's Messages too */
	"Facebot",		/* the same */
	"meta-externalfetcher",	/* the same */
	"Twitterbot",		/* X, cards; Apple's Messages too */
	"WhatsApp/",		/* WhatsApp, FAQ on link previews; Signal too */
	"TelegramBot",		/* Telegram, instant view */
	"Slackbot-LinkExpanding",	/* api.slack.com/robots */
	"Slack-ImgProxy",	/* the same */
	"Discordbot",		/* discordapp.com, in its own agent text */
	"LinkedInBot",		/* LinkedIn help, post inspector */
	"SkypeUriPreview",	/* Microsoft, Skype and Teams */
	"Snap URL Preview Service",	/* developers.snap.com/robots */
	"Synapse (bot",		/* Matrix, url_preview of Synapse */
	"Mattermost-Bot",	/* Mattermost, link previews */
	"Mastodon/",		/* Mastodon, preview cards */
	"redditbot",		/* Reddit, in its own agent text */
	"Pinterestbot",		/* Pinterest help, crawler */
	/* Mail and office programs. */
	"BingPreview",		/* Bing webmaster help; Outlook.com */
	"MicrosoftPreview",	/* Bing webmaster help */
	"Microsoft Office",	/* Office asks first, the browser follows */
	"GoogleImageProxy",	/* Gmail's image proxy */
	"YahooMailProxy",	/* Yahoo help, mail proxy */
	"Barracuda Sentinel",	/* Barracuda, in its own agent text */
	"Google-Safety",	/* Google, special-case crawlers */
	/* Crawlers that come where a link was published by mistake. */
	"Googlebot",		/* Google, common crawlers */
	"bingbot",		/* Bing webmaster help */
	"Applebot",		/* support.apple.com, about Applebot */
	NULL,
};

/*
 * Sec-Purpose (Fetch standard) and the older Purpose and X-Moz say what a
 * browser fetches ahead of its user: "prefetch", "prefetch;prerender",
 * "preview".
 */
static bool
is_ahead_of_user(const struct request *request, const char *name)
{
	const char *purpose = environment_get(request->environment, name);

	return purpose != NULL && (text_holds(purpose, "prefetch") ||
	    text_holds(purpose, "prerender") || text_holds(purpose, "preview"));
}

bool
request_is_prefetch(const struct request *request)
{
	return request->method == METHOD_GET &&
	    (is_ahead_of_user(request, "HTTP_SEC_PURPOSE") ||
	    is_ahead_of_user(request, "HTTP_PURPOSE") ||
	    is_ahead_of_user(request, "HTTP_X_MOZ"));
}

bool
request_is_preview(const struct request *request)
{
	const char *agent = environment_get(request->environment,
	    "HTTP_USER_AGENT");

	if (request->method == METHOD_HEAD)
		return true;
	for (size_t i = 0; agent != NULL && agents[i] != NULL; i++)
		if (text_holds(agent, agents[i]))
			return true;
	return false;
}
