// Keeps the parts of Tabler that carry our pages: grid, spacing, flex, display and text utilities.
//
// Its components stay out: their dark mode hangs on an attribute set by script, and their look is not
// ours (docs/decisions/0003). What is kept goes into a cascade layer below our own rules. The list is
// fixed here, so that a page's look never depends on which templates were there when it was built.

const KEPT = [
  /^(container|container-fluid|row|col(-(sm|md|lg|xl))?(-(auto|\d+))?|row-cols-.*|g[xy]?-\d|offset-.*|order-.*)$/,
  /^d-(sm-|md-|lg-|xl-|print-)?(none|block|inline|inline-block|flex|inline-flex|grid|table-cell)$/,
  /^flex-(sm-|md-|lg-)?(row|column|wrap|nowrap|fill|grow-[01]|shrink-[01])$/,
  /^(align|justify)-(items|self|content)-(sm-|md-|lg-)?[a-z]+$/,
  /^(gap|row-gap|column-gap)-\d$/,
  /^[mp][tbsexy]?-(sm-|md-|lg-)?(\d|auto)$/,
  /^(w|h|mw)-(25|50|75|100|auto)$/,
  /^text-(start|end|center|nowrap|wrap|break|truncate|uppercase)$/,
  /^(visually-hidden|visually-hidden-focusable|stretched-link|vstack|hstack|list-unstyled|list-inline|list-inline-item)$/,
  /^(overflow-(auto|hidden)|position-(relative|sticky|static|absolute)|float-(start|end))$/,
];

function isKept(selector) {
  const classes = [...selector.matchAll(/\.((?:\\.|[\w-])+)/g)].map((match) => match[1].replace(/\\/g, ""));
  return classes.length > 0 && classes.every((name) => KEPT.some((pattern) => pattern.test(name)));
}

// Splits a style sheet into [prelude, body] at its outermost braces; Tabler's has no braces in strings.
function* blocks(css) {
  let depth = 0;
  let start = 0;
  let open = 0;
  for (let at = 0; at < css.length; at += 1) {
    if (css[at] === "{") {
      if (depth === 0) open = at;
      depth += 1;
    } else if (css[at] === "}") {
      depth -= 1;
      if (depth === 0) {
        yield [css.slice(start, open).trim(), css.slice(open + 1, at)];
        start = at + 1;
      }
    } else if (css[at] === ";" && depth === 0) start = at + 1;
  }
}

function kept(css) {
  let out = "";
  for (const [prelude, body] of blocks(css)) {
    if (prelude.startsWith("@media")) {
      const inner = kept(body);
      if (inner) out += `${prelude} {\n${inner}}\n`;
    } else if (!prelude.startsWith("@")) {
      const selectors = prelude.split(",").map((part) => part.trim()).filter(isKept);
      if (selectors.length) out += `${selectors.join(", ")} {${body}}\n`;
    }
  }
  return out;
}

export function tablerSubset(css) {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^@charset[^;]*;/, "");
  return `@layer tabler {\n${kept(plain)}}\n`;
}
