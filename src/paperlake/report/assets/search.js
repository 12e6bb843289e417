// The search: over the papers that the page carries, or over all of them where a server answers.

const ON_A_PAGE = 50;
const WAIT = 150;
const isServed = "served" in document.body.dataset;
const box = document.getElementById("search");
const state = document.getElementById("search-status");
const results = document.getElementById("results");
const shown = { page: 1, query: null };

async function unpack(piece) {
  const bytes = Uint8Array.from(atob(piece), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const letters = (text) => fold(text).replace(/[^\p{L}\p{N}]/gu, "");

function withHay(paper) {
  const names = [paper.paper_id, paper.arxiv_id, paper.doi, paper.organisation, ...(paper.repositories ?? [])];
  paper.hay = fold([paper.title, letters(paper.title), ...names.filter(Boolean)].join("\n"));
  return paper;
}

let carried = null;
function carriedPapers() {
  const pieces = [...document.querySelectorAll("script.papers")].map((script) => script.textContent);
  carried ??= Promise.all(pieces.map(unpack)).then((lists) => lists.flat().map(withHay));
  return carried;
}

// A pasted address becomes the id in it.
const ARXIV = /^(?:(?:[a-z]+\.)?arxiv\.org\/(?:abs|pdf|html)\/|arxiv:|(?:huggingface\.co|hf\.co)\/papers\/)?(\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?(?:[?#].*)?$/;
const GITHUB = /^(?:github\.com\/|git@github\.com:)([\w-]+\/[\w.-]+?)(?:\.git)?(?:[/?#].*)?$/;

function bare(word) {
  const plainWord = word.replace(/^https?:\/\/(www\.)?/, "");
  const found = ARXIV.exec(plainWord) ?? GITHUB.exec(plainWord);
  return found ? found[1] : plainWord.replace(/^(?:dx\.)?doi\.org\//, "");
}

const meant = (query) => fold(query).split(/\s+/).filter(Boolean).map(bare).join(" ");

function rank(paper, wanted) {
  const ids = [paper.paper_id, paper.arxiv_id, paper.doi, paper.repository];
  if (ids.some((id) => id && fold(id) === wanted)) return 0;
  return fold(paper.title).includes(wanted) ? 1 : 2;
}

async function askPage(query, page) {
  const wanted = meant(query);
  const words = wanted.split(/\s+/).filter(Boolean);
  const found = (await carriedPapers()).filter((paper) => words.every((word) => paper.hay.includes(word)));
  const ranked = found.map((paper) => [rank(paper, wanted), paper]).sort((one, other) => one[0] - other[0]);
  const papers = ranked.slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE).map((one) => one[1]);
  return { n_found: found.length, n_pages: Math.ceil(found.length / ON_A_PAGE), papers };
}

async function fetched(path) {
  const answer = await fetch(path, { headers: { accept: "application/json" } });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error ?? `the server answered ${answer.status}`);
  return told;
}

const askServer = (query, page) => fetched(`search?q=${encodeURIComponent(query)}&page=${page}`);
const whole = async (paper) => (isServed ? fetched(`papers/${encodeURIComponent(paper.paper_id)}`) : paper);

function result(paper) {
  const title = element("span", foreign(paper.title));
  title.className = "title";
  const side = [paper.paper_id, paper.arxiv_id, paper.repository].filter(Boolean).join(" · ");
  const made = element("details", element("summary", title, " ", element("small", foreign(side))));
  made.className = "paper";
  made.addEventListener("toggle", async () => {
    if (!made.open || made.dataset.filled !== undefined) return;
    made.dataset.filled = "";
    try {
      made.append(describe(await whole(paper)));
    } catch (error) {
      made.append(element("p", `It cannot be shown: ${error.message}`));
    }
  });
  return made;
}

function told(found, page) {
  const papers = `${found.n_found.toLocaleString("en")} paper${found.n_found === 1 ? "" : "s"}`;
  if (found.n_found === 0) return "No paper found";
  return found.n_pages > 1 ? `${papers}, page ${page} of ${found.n_pages}` : papers;
}

function showPages(found, page) {
  document.getElementById("pages").hidden = found.n_pages < 2;
  document.getElementById("earlier").disabled = page <= 1;
  document.getElementById("later").disabled = page >= found.n_pages;
}

function showDownloads(query) {
  if (!isServed) return;
  for (const form of ["csv", "parquet"]) {
    document.getElementById(`as-${form}`).href = `search.${form}?q=${encodeURIComponent(query)}`;
  }
}

async function show(query, page = 1) {
  shown.query = query;
  shown.page = page;
  if (query.trim() === "") {
    results.replaceChildren();
    state.textContent = "";
    showPages({ n_pages: 0 }, 1);
    return showDownloads("");
  }
  try {
    const found = await (isServed ? askServer : askPage)(query, page);
    if (shown.query !== query || shown.page !== page) return; // somebody typed on meanwhile
    results.replaceChildren(...found.papers.map(result));
    state.textContent = told(found, page);
    showPages(found, page);
    showDownloads(query);
    if (found.papers.length === 1) results.firstElementChild.open = true;
  } catch (error) {
    state.textContent = `The search failed: ${error.message}`;
  }
}

let waiting;
box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => show(box.value), WAIT);
});
document.getElementById("search-form").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  clearTimeout(waiting);
  history.replaceState(null, "", `#q=${encodeURIComponent(box.value)}`);
  show(box.value);
});
document.getElementById("earlier").addEventListener("click", () => show(shown.query, shown.page - 1));
document.getElementById("later").addEventListener("click", () => show(shown.query, shown.page + 1));

function askAddress() {
  if (!location.hash.startsWith("#q=")) return;
  try {
    box.value = decodeURIComponent(location.hash.slice(3));
  } catch {
    return; // an address that somebody cut or misspelt asks for nothing
  }
  document.getElementById("search-section").scrollIntoView();
  show(box.value);
}
for (const part of document.querySelectorAll(".for-search")) part.hidden = false;
addEventListener("hashchange", askAddress);
askAddress();
