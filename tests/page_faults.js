// What is wrong with a page, asked of the page itself. Each function gives a list of lines for people, empty where all
// is well; `Watched.find_faults` calls them by name.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const tell = (element) => {
    const name = [element.localName + (element.id && `#${element.id}`), ...element.classList].join(".");
    return `${name} "${(element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 50)}"`;
  };
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const texts = function* (root = document.body) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.data.trim() && node.parentElement.checkVisibility({ visibilityProperty: true })) yield node;
    }
  };
  const rects = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter((rect) => rect.width > 0);
  };
  const nameOf = (element) =>
    element.getAttribute("aria-label") || document.getElementById(element.getAttribute("aria-labelledby"))?.textContent;
  const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
  const clips = (element) => getComputedStyle(element).overflowX !== "visible";
  const within = (element, test) => {
    for (let above = element.parentElement; above && above !== document.body; above = above.parentElement) {
      if (test(above)) return true;
    }
    return false;
  };

  // `viewport` in CSS pixels is the width that the page was given: a phone widens its own to what does not fit.
  const overflow = ({ viewport }) => {
    const width = document.documentElement.scrollWidth;
    if (width <= viewport) return [];
    const isOutside = (one) => one.getBoundingClientRect().right > viewport + 1 && !within(one, clips);
    const outside = all("body *").filter(isOutside);
    return [`the page is ${width} px wide, and ${viewport} px are seen`, ...outside.slice(0, 5).map(tell)];
  };

  // Text in drawings shrinks with them.
  const smallText = ({ least = 12, leastOfCharts = 9 }) =>
    [...texts()].map((node) => node.parentElement).flatMap((element) => {
      const drawn = element.getScreenCTM?.();
      const scale = drawn ? Math.hypot(drawn.a, drawn.b) : 1; // some labels are turned
      const size = parseFloat(getComputedStyle(element).fontSize) * scale;
      return size < (drawn ? leastOfCharts : least) - 0.01 ? [`${size.toFixed(1)} px: ${tell(element)}`] : [];
    });

  // Links in running text are exempt (WCAG 2.5.8); axe looks at the others.
  const smallTargets = ({ least = 24 }) =>
    all("button, input, select, summary").filter(isSeen).flatMap((element) => {
      const { width, height } = element.getBoundingClientRect();
      const isSmall = height < least - 0.5 || width < least - 0.5;
      return isSmall ? [`${Math.round(width)} × ${Math.round(height)} px: ${tell(element)}`] : [];
    });

  const repeatedIds = () => {
    const ids = all("[id]").map((element) => element.id);
    return [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))];
  };

  const isBeside = (rect, box, most) => rect.left < box.left - most || rect.right > box.right + most;
  const touch = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  // Fonts differ: a label may stick out of its figure as long as nothing cuts it and it stands on nothing else.
  const hasNoRoom = (text, svg, figure) => {
    const place = text.getBoundingClientRect();
    if (clips(svg)) return isBeside(place, svg.getBoundingClientRect(), 1);
    const screen = { left: 0, right: document.documentElement.clientWidth };
    const others = all("figure").filter((other) => other !== figure).map((other) => other.getBoundingClientRect());
    return isBeside(place, screen, 0) || others.some((other) => touch(place, other));
  };

  // Axes are lines, and the frames around marks are shapes without ink.
  const isPainted = (shape) => {
    const [{ width, height }, { fill, stroke }] = [shape.getBBox(), getComputedStyle(shape)];
    return (width > 0 || height > 0) && (fill !== "none" || stroke !== "none");
  };

  const charts = () => {
    const figures = all("figure.chart");
    const faults = figures.flatMap((figure) => {
      const box = figure.getBoundingClientRect();
      const drawn = all("svg", figure).filter((svg) => isSeen(svg) && svg.getBoundingClientRect().width > 0);
      if (drawn.length !== 1) return [`expected one drawing that is seen, found ${drawn.length}: ${tell(figure)}`];
      const [svg] = drawn;
      const marks = all("path, rect, circle", svg).filter(isPainted);
      const { width, height } = svg.getBoundingClientRect();
      return [
        svg.getAttribute("role") !== "img" && "expected role=img",
        !nameOf(svg)?.trim() && "expected a name",
        !marks.length && "expected marks, found none",
        height < 20 && `expected a height, found ${height} px`,
        isBeside(svg.getBoundingClientRect(), box, 1) && `wider than its figure: ${width} px of ${box.width}`,
        ...all("text", svg).filter((text) => hasNoRoom(text, svg, figure)).map((text) => `no room for ${tell(text)}`),
      ].filter(Boolean).map((fault) => `${fault}: ${tell(figure)}`);
    });
    return figures.length ? faults : ["expected charts, found none"];
  };

  // Axe leaves text in drawings out.
  const dimChartText = ({ least = 4.5 }) => {
    const faults = [];
    for (const text of all("figure.chart svg text").filter((one) => isSeen(one) && one.textContent.trim())) {
      const behind = backgroundOf(text);
      const [ink, ratio] = [colour(getComputedStyle(text).fill), contrast(colour(getComputedStyle(text).fill), behind)];
      if (ratio < least) faults.push(`${ratio.toFixed(1)}:1, ${ink} on ${behind}: ${tell(text)}`);
    }
    return faults;
  };
  const colour = (value) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = value;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = (above, below) => {
    const share = above[3] / 255;
    return [0, 1, 2].map((at) => Math.round(above[at] * share + below[at] * (1 - share))).concat(255);
  };
  const backgroundOf = (element) => {
    const layers = [];
    for (let above = element.closest("svg"); above; above = above.parentElement) {
      layers.push(colour(getComputedStyle(above).backgroundColor));
    }
    return layers.reverse().reduce((below, above) => over(above, below), canvasColour());
  };
  const canvasColour = () => (getComputedStyle(document.documentElement).colorScheme.includes("dark")
    && matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18, 255] : [255, 255, 255, 255]);
  const brightness = (rgb) => {
    const [red, green, blue] = rgb.slice(0, 3).map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (ink, behind) => {
    const [lighter, darker] = [brightness(over(ink, behind)), brightness(behind)].sort((one, other) => other - one);
    return (lighter + 0.05) / (darker + 0.05);
  };
  const bright = () => {
    const value = brightness(backgroundOf(document.body));
    return value > 0.05 ? [`the page's background is ${backgroundOf(document.body)}`] : [];
  };

  const unlabelledRegions = () =>
    all("body *").filter((one) => isSeen(one) && scrolls(one) && one.scrollWidth > one.clientWidth + 1).filter((one) =>
      one.tabIndex !== 0 || one.getAttribute("role") !== "region" || !nameOf(one)).map(tell);

  // Elements and attributes that only foreign markup would bring into a page of ours.
  const addresses = ["href", "src", "action", "formaction", "ping"];
  const foreignMarkup = () => [
    ...all("img, iframe, object, embed, base, video, audio, marquee, plaintext, meta[http-equiv=refresh]").map(tell),
    ...all("form:not([role=search]), link:not([href='data:,'])").map(tell),
    ...all("*").filter((one) => one.getAttributeNames().some((name) => /^on/i.test(name))).map(tell),
    ...addresses.flatMap((name) => all(`[${name}]`).map((one) => `${one.getAttribute(name)} in ${tell(one)}`))
      .filter((told) => !/^(https?:\/\/|#|data:, )/.test(told)),
    ...all("a[href]:not([href^='#'])").filter((one) => !one.relList.contains("noopener")).map(tell),
    ...(window.__pwned ? [`a script ran: ${window.__pwned}`] : []),
  ];

  const block = (node) => {
    let above = node.parentElement;
    const isInline = (one) => /^(inline|contents)$/.test(getComputedStyle(one).display) && one.localName !== "text";
    while (isInline(above)) above = above.parentElement;
    return above;
  };

  // Text that runs from right to left, or turns what follows, and stands not alone in an element that keeps it apart.
  const notApart = () => {
    const isApart = (element) => /isolate/.test(getComputedStyle(element).unicodeBidi);
    return [...texts()].filter((node) => /[\u0590-\u08ff\u202a-\u202e\u2066-\u2069]/.test(node.data)).filter((node) => {
      const place = block(node);
      let above = node.parentElement;
      while (above !== place && !isApart(above)) above = above.parentElement;
      return above === place && place.textContent.trim() !== node.data.trim();
    }).map((node) => tell(node.parentElement));
  };

  // Marks that stand upon one another run over the lines above and below, which no measure of a box shows.
  const towers = ({ most = 8 }) => {
    const isTower = new RegExp(`\\p{M}{${most + 1}}`, "u");
    return [...texts()].filter((node) => isTower.test(node.data)).filter((node) => {
      const place = block(node);
      let above = node.parentElement;
      while (above !== place && !clips(above)) above = above.parentElement;
      return !clips(above);
    }).map((node) => tell(node.parentElement));
  };

  // What a box shows only to one who scrolls in it: nobody can, on paper.
  const cutOff = () =>
    all("body *").filter((one) => isSeen(one) && clips(one)
      && (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)).map(tell);

  // In a page that reads from left to right, of two texts on one line the first stands left, unless the first turned
  // round what comes behind it.
  const turnedRound = () => {
    const faults = [];
    let before = null;
    for (const node of texts()) {
      const [own, place] = [rects(node), block(node)];
      const isNear = before && own.length && before.place === place && Math.abs(own[0].top - before.rect.top) < 3;
      if (isNear && own[0].left < before.rect.left - 1) {
        faults.push(`"${node.data.trim().slice(0, 40)}" stands left of "${before.data.trim().slice(0, 40)}" before it`);
      }
      if (own.length) before = { place, rect: own.at(-1), data: node.data };
    }
    return faults;
  };

  return {
    overflow, smallText, smallTargets, repeatedIds, charts, dimChartText, bright, unlabelledRegions, foreignMarkup,
    notApart, towers, cutOff, turnedRound,
  };
})()
