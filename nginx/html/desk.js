// What makes the desk quicker for who has script; all of it works without.
"use strict";

// A form that was sent is not sent again by an impatient second click.
document.addEventListener("submit", (event) => {
	if (event.target.dataset.sent) event.preventDefault();
	event.target.dataset.sent = "yes";
});

// A page that the browser shows again from its memory may be old, or may be
// shown after somebody has signed out.
window.addEventListener("pageshow", (event) => {
	if (event.persisted) location.reload();
});

// The menu of the user closes as menus do.
const menu = document.querySelector("details.user");
document.addEventListener("keydown", (event) => {
	if (event.key !== "Escape" || !menu?.open) return;
	menu.open = false;
	menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
	if (menu?.open && !menu.contains(event.target)) menu.open = false;
});

// A request that is under way: its page is shown anew once it has ended.
const request = document.querySelector("[data-request]");
async function follow() {
	let state = "queued";
	try {
		const answer = await fetch(request.dataset.request, {
			headers: { Accept: "application/json" },
		});
		// Whoever was signed out meanwhile is told so by the page.
		state = answer.status === 401 ? "over" : (await answer.json()).state;
	} catch {
		// No network, or a server that starts anew: the next try tells.
	}
	if (state && state !== "queued" && state !== "working") location.reload();
	else setTimeout(follow, 1000);
}
if (request) setTimeout(follow, 500);

// "/" leads to the search box, unless something is being typed.
const search = document.querySelector("#search");
document.addEventListener("keydown", (event) => {
	if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey ||
		event.target.closest("input, select, textarea")) return;
	event.preventDefault();
	search?.select();
});

// A list as it is at that address now, in place of the one that is shown.
async function showList(address, signal) {
	const answer = await fetch(address, { signal });
	if (!answer.ok) throw new Error(answer.statusText);
	const page = new DOMParser()
		.parseFromString(await answer.text(), "text/html");
	for (const part of ["#above", "#list"])
		document.querySelector(part).replaceWith(page.querySelector(part));
	document.querySelector(".found").textContent =
		page.querySelector(".found").textContent;
}

// A list of what is under way is looked at again, unless somebody is at work in
// it.
async function lookAgain() {
	const isUsed = document.activeElement.closest("#above, #list");
	try {
		if (!isUsed) await showList(location.href);
	} catch {
		// No network, or a server that starts anew: the next try tells.
	}
	if (document.querySelector("[data-again]")) setTimeout(lookAgain, 5000);
}
if (document.querySelector("[data-again]")) setTimeout(lookAgain, 5000);

// The list of families follows what is typed; what is older is not waited for.
let pause, asking;
async function find() {
	const address = new URL(search.form.action);
	if (search.value.trim()) address.searchParams.set("q", search.value.trim());
	asking?.abort();
	asking = new AbortController();
	try {
		await showList(address, asking.signal);
		history.replaceState(null, "", address);
	} catch (fault) {
		// The page itself says what is wrong, as without script.
		if (fault.name !== "AbortError") location.assign(address);
	}
}
if (search?.form.action === location.origin + location.pathname)
	search.addEventListener("input", () => {
		clearTimeout(pause);
		pause = setTimeout(find, 150);
	});

// What is to be sent on is copied at a click.
for (const button of document.querySelectorAll("[data-copy]")) {
	const field = document.getElementById(button.dataset.copy);
	button.hidden = false;
	button.addEventListener("click", async () => {
		field.select();
		await navigator.clipboard.writeText(field.value);
		button.nextElementSibling.textContent = "Copied";
	});
}
