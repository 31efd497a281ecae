// Asks checkout/status how the payment of this page's address stands, and says
// so, until the answer is final.  Without a payment in the address it says what
// the link that led here was about.  Without both the page's own text holds.
"use strict";

const ANSWERS = {
	pending: {
		title: "We are confirming your payment",
		text: "This takes a few seconds. You need not reload the page, " +
			"and you need not pay again.",
	},
	processing: {
		title: "Your bank payment is on its way",
		text: "Your bank takes some days to send it. There is nothing " +
			"more for you to do: the club is told when it arrives.",
	},
	paid: {
		title: "Paid. Thank you!",
		text: "Your payment has arrived. You can close this page.",
	},
	review: {
		title: "We have your payment",
		text: "A person at the club looks at it before it is booked. " +
			"Please do not pay again; they will write to you if " +
			"anything is missing.",
	},
	expired: {
		title: "This payment is closed",
		text: "Nothing is being charged. If you still owe it, the " +
			"link in the club\u2019s email leads to a fresh page; " +
			"if you think this is wrong, reply to that email.",
	},
	unknown: {
		title: "We do not know this payment",
		text: "The address may have been cut off. If you have paid, " +
			"you need not pay again: reply to the club\u2019s " +
			"email and a person will look.",
	},
	earlier: {
		title: "This is paid",
		text: "There is nothing to pay, and you can close this page.",
	},
	disputed: {
		title: "A payment for this has come",
		text: "Your bank is looking into it, and the club waits for " +
			"what it says. Please do not pay again.",
	},
	slow: {
		title: "Still confirming your payment",
		text: "It takes longer than usual. You can close this page: the " +
			"club is told by Stripe in any case, and you need not " +
			"pay again.",
	},
};

const CHECK = "M5 12.5l4.5 4.5L19 7";
const CLOCK = "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3.5 2";
const ASK = "M8.5 9a3.5 3.5 0 117 0c0 2.5-3.5 2.5-3.5 5M12 18v.5";
const CROSS = "M7 7l10 10M17 7L7 17";
const MARKS = {
	pending: ["", CLOCK],
	slow: ["", CLOCK],
	processing: ["", CLOCK],
	paid: ["good", CHECK],
	earlier: ["good", CHECK],
	disputed: ["", CLOCK],
	review: ["good", CHECK],
	expired: ["", CROSS],
	unknown: ["", ASK],
};

const SLOW_AFTER_MS = 90 * 1000;
const GIVE_UP_AFTER_MS = 15 * 60 * 1000;
const started = Date.now();
const club = document.querySelector("header").textContent.trim();

const language = document.documentElement.lang;

function money(cents, currency) {
	return new Intl.NumberFormat(language, { style: "currency", currency })
		.format(cents / 100);
}

function element(name, text) {
	const made = document.createElement(name);
	made.textContent = text;
	return made;
}

// whom: null where it is not known.
function showReceipt(what, whom, sum) {
	const parts = [element("span", what), element("strong", sum)];
	if (whom !== null)
		parts.push(element("small", `for ${whom}`));
	document.getElementById("receipt").replaceChildren(...parts);
}

// What the link was about that this browser has followed
// (lib/endpoint/link_cookie.c):
// checkout/status, which anybody may ask, names no child.
function readLinkCookie() {
	const name = "__Secure-teamdues=";
	const cookie = document.cookie.split("; ")
		.find((text) => text.startsWith(name));
	return new URLSearchParams(cookie ? cookie.slice(name.length) : "");
}

const linkCookie = readLinkCookie();

function showMark(name) {
	const mark = document.querySelector(".mark");
	const [kind, path] = MARKS[name];
	mark.setAttribute("class", `mark ${kind}`);
	mark.firstElementChild.setAttribute("d", path);
}

// Changes the page only when the words do, so that a screen reader reads each
// state once.
function say(name) {
	const box = document.getElementById("answer");
	if (box.dataset.state === name)
		return;
	box.dataset.state = name;
	box.className = name === "pending" || name === "slow" ? "waiting" : "";
	showMark(name);
	box.querySelector("h1").textContent = ANSWERS[name].title;
	document.getElementById("text").textContent = ANSWERS[name].text;
	document.title = `${ANSWERS[name].title} - ${club}`;
}

function again(session) {
	const waited = Date.now() - started;
	if (waited > SLOW_AFTER_MS)
		say("slow");
	if (waited < GIVE_UP_AFTER_MS)
		setTimeout(ask, waited < 20000 ? 1000 : 5000, session);
}

async function ask(session) {
	let response;
	try {
		response = await fetch("/checkout/status?session_id=" +
			encodeURIComponent(session),
			{ headers: { Accept: "application/json" }, cache: "no-store" });
		if (response.status === 400 || response.status === 404)
			return say("unknown");
		if (!response.ok)
			return again(session);
		const answer = await response.json();
		if (document.getElementById("receipt").childElementCount === 0)
			showReceipt(answer.description,
				linkCookie.get("session") === session ? linkCookie.get("who") : null,
				money(answer.amount_cents, answer.currency));
		if (answer.status !== "pending" && answer.status in ANSWERS)
			return say(answer.status);
	} catch {
		// No network just now, or half an answer: ask again.
	}
	again(session);
}

// An order that was paid before its link was followed.
function showPaid() {
	const currency = linkCookie.get("currency");
	const day = new Date(linkCookie.get("paid") * 1000)
		.toLocaleDateString(language, { dateStyle: "long" });
	const sentences = [`Your payment came on ${day}.`];
	const back = Number(linkCookie.get("back"));
	const state = linkCookie.get("status") === "disputed" ? "disputed" : "earlier";
	// Of money that a bank asks for nothing is the club's to give.
	if (back > 0 && state !== "disputed")
		sentences.push(`${money(back, currency)} of it was given back.`);
	say(state);
	showReceipt(linkCookie.get("what"), linkCookie.get("who"),
		money(linkCookie.get("cents"), currency));
	document.getElementById("text").textContent =
		[...sentences, ANSWERS[state].text].join(" ");
}

const session = new URLSearchParams(location.search).get("session_id");
if (session) {
	say("pending");
	ask(session);
} else if (Number(linkCookie.get("paid")) > 0) {
	showPaid();
}
