// One paper as an element: what is told of it, the places it stands in, its links and why they are what they are.
// All text goes in as text, never as HTML.

const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const TOWERS = /(\p{M}{4})\p{M}+/gu; // marks that would be stacked over the lines around
const evidenceWords = JSON.parse(document.getElementById("evidence-words").textContent);

const plain = (text) =>
  String(text).replace(TOWERS, "$1").replace(STEERING, (mark) => `[U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`);

function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const foreign = (text) => element("bdi", plain(text)); // text of a dump stands apart from what is around it

function address(url) {
  if (!/^https?:\/\//i.test(url)) return foreign(url);
  const link = element("a", plain(url));
  link.href = url;
  link.rel = "noopener noreferrer nofollow";
  return element("bdi", link);
}

function listOf(heading, items) {
  if (items.length === 0) return null;
  return element("div", element("h3", heading), element("ul", ...items.map((item) => element("li", ...item))));
}

const FIELDS = [
  ["abstract", "abstract", foreign],
  ["arxiv_id", "arXiv", (id) => address(`https://arxiv.org/abs/${id}`)],
  ["doi", "DOI", (doi) => address(`https://doi.org/${doi}`)],
  ["paper_url", "page", address],
  ["published_on", "published", foreign],
  ["organisation", "organisation", foreign],
  ["submitted_by", "submitted by", foreign],
  ["n_authors", "authors", foreign],
  ["upvotes", "upvotes", foreign],
  ["github_stars", "stars", foreign],
  ["flags", "flags", (flags) => foreign(flags.join(", "))],
];

function facts(paper) {
  const list = document.createElement("dl");
  const add = (name, value) => list.append(element("div", element("dt", name), element("dd", value)));
  if (paper.repository) {
    const sure = ` (confidence ${paper.repository_confidence.toFixed(3)})`;
    add("repository", element("span", address(`https://github.com/${paper.repository}`), sure));
  } else {
    add("repository", "none that is official and sure enough");
  }
  for (const [name, label, show] of FIELDS) {
    const value = paper[name];
    if (value !== null && value !== undefined && value.length !== 0) add(label, show(value));
  }
  return list;
}

function appearance(seen) {
  const lines = seen.line_start === seen.line_end ? seen.line_start : `${seen.line_start}-${seen.line_end}`;
  const day = seen.captured_on ? `, captured ${seen.captured_on}` : "";
  const partner = seen.matched_with ? ` with ${seen.matched_with}` : "";
  const how = seen.match_rule === "new" ? "the first of its paper" : `joined by ${seen.match_rule}${partner}`;
  const score = seen.match_score === null ? "" : `, score ${seen.match_score.toFixed(1)}`;
  const cut = seen.is_cut ? "; the dump ends inside it" : "";
  const place = element("bdi", `${plain(seen.path)}:${lines}`);
  const told = `, layout ${seen.layout ?? "none"}${day}; ${seen.appearance_id}, ${how}${score}${cut}`;
  return [place, told, element("br"), "as written: ", foreign(seen.title_raw)];
}

function link(one) {
  const rules = (one.evidence ?? []).map((rule) => element("li", `${rule}: ${evidenceWords[rule] ?? "a rule of another version"}`));
  const raw = one.raw === one.url ? [] : [element("br"), "as written: ", foreign(one.raw)];
  const repairs = one.repairs?.length ? `; repaired: ${one.repairs.join(", ")}` : "";
  const unsure = one.candidates?.length ? [element("br"), "may mean ", foreign(one.candidates.join(", "))] : [];
  const told = ` ${one.role}, confidence ${one.confidence.toFixed(3)} (${one.kind}, in the ${one.found_in}${repairs})`;
  const place = one.place ? [element("br"), "at ", foreign(one.place)] : [];
  return [address(one.url), told, ...place, ...raw, ...unsure, rules.length ? element("ul", ...rules) : null];
}

const event = (one) => [
  `${one.id} ${one.event.replaceAll("_", " ")} ${one.other_id ?? ""} in release ${one.release}`,
  one.reason ? foreign(`: ${one.reason}`) : null,
];

const more = (all, shown) => (all > shown ? ` (the first ${shown} of ${all})` : "");

function describe(paper) {
  const seen = paper.appearances ?? [];
  const links = paper.links ?? [];
  return element(
    "div",
    facts(paper),
    listOf(`Appearances${more(paper.n_appearances, seen.length)}`, seen.map(appearance)),
    listOf(`Links${more(paper.n_links ?? 0, links.length)}`, links.map(link)),
    listOf("What became of its id", (paper.history ?? []).map(event)),
  );
}
