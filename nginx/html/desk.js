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
