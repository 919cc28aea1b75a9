// What a person does not get to see without scrolling sideways, and what the main button covers.
const found = [];
// On a telephone the page itself is scrolled down, never to the side.
const telephone = innerWidth < 600;
const shown = (element) => element.getClientRects().length > 0;
const name = (element) => element.dataset.testid || element.className || element.tagName;
if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider than the screen");
for (const box of document.querySelectorAll(".card, .rail, main, .dialog-body, .console-main, .filters")) {
  if (shown(box) && box.scrollWidth > box.clientWidth + 1) found.push(`${name(box)} is wider than its place`);
}
for (const box of document.querySelectorAll(".rail, .receipt, .order-form, .finder, .top, .console-top")) {
  if (shown(box) && box.scrollHeight > box.clientHeight + 1) found.push(`${name(box)} is higher than its place`);
}
for (const button of document.querySelectorAll("button, .top h1, .top span, .console-top b")) {
  const box = button.getBoundingClientRect();
  if (shown(button) && button.scrollWidth > button.clientWidth + 1 && getComputedStyle(button).display !== "inline") found.push(`${button.innerText} is cut`);
  if (shown(button) && !button.closest(".scroll, details, .dialog-body") && (box.right > innerWidth + 1 || (!telephone && box.bottom > innerHeight + 1))) found.push(`${button.innerText} is off the screen`);
}
return found;
