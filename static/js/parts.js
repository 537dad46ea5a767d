// A long form on a phone, one part at a time: the links of [data-parts] choose which. Where there is
// room, or no script, all parts stand on the page. A part with an error comes first.
const nav = document.querySelector("[data-parts]");
const links = nav ? [...nav.querySelectorAll("a")] : [];
const narrow = window.matchMedia("(max-width: 48rem)");
const part = (link) => document.getElementById(link.hash.slice(1));
let current = links.find((link) => part(link).querySelector(".errorlist, [aria-invalid]")) || links[0];

function draw() {
  for (const link of links) {
    if (link === current) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    part(link).hidden = narrow.matches && link !== current;
  }
}

nav?.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link) return;
  current = link;
  draw();
  if (narrow.matches) { event.preventDefault(); window.scrollTo(0, 0); }
});
if (nav) { draw(); narrow.addEventListener("change", draw); }

// An error's link leads to a control that may stand in another part.
document.addEventListener("click", (event) => {
  const target = document.getElementById(event.target.closest("[role=alert] a")?.hash.slice(1) || " ");
  const owner = target && links.find((link) => part(link).contains(target));
  if (owner) { current = owner; draw(); target.closest("details")?.setAttribute("open", ""); target.focus(); }
});
