// Colours the code of an answer by what most languages share. No library: each weighs more than this page's own scripts together.

const HASH = /^(py|python3?|sh|bash|zsh|shell|console|ya?ml|toml|ini|properties|rb|ruby|r|perl|pl|dockerfile|make|makefile|ps1?|powershell|elixir|nix|nginx)$/;
const DASH = /^(sql|lua|haskell|hs|elm)$/;
const MARKUP = /^(html?|xml|svg|vue|xhtml)$/;
const PLAIN = /^(text|txt|plain|plaintext|output|csv|markdown|md)$/;
const KEYWORDS = new Set(
  `abstract and as async await begin boolean break case catch char class const continue def default del delete do double elif else end enum except export extends false final
  finally float fn for from func function if implements import in instanceof int interface is lambda let long match module mut namespace new nil none not null of or package
  pass private protected public pub raise record return select self sealed short static string struct super switch then this throw throws trait true try type typeof undefined
  union use using val var void when where while with yield echo fi done esac local insert into update set values create table join left right on group by order limit having`
    .split(/\s+/),
);
const STRING = String.raw`"""[\s\S]*?(?:"""|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|\`(?:[^\`\\]|\\.)*\`?`;
const MOST = 50_000;

/** The parts of some code: each with its kind, or with an empty one. Together they are the code. */
export function parts(code, language) {
  const comment = MARKUP.test(language) ? "<!--[\\s\\S]*?(?:-->|$)" : HASH.test(language) ? "#[^\\n]*" : DASH.test(language) ? "--[^\\n]*" : "//[^\\n]*|/\\*[\\s\\S]*?(?:\\*/|$)";
  const word = MARKUP.test(language) ? "</?[A-Za-z][\\w:-]*|/?>" : "[A-Za-z_$][\\w$]*";
  const token = new RegExp(`(?<comment>${comment})|(?<string>${STRING})|(?<number>\\b\\d[\\w.]*)|(?<word>${word})`, "g");
  const found = [];
  let end = 0;
  for (const match of code.matchAll(token)) {
    const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    const shown = kind !== "word" ? kind : MARKUP.test(language) || KEYWORDS.has(match[0]) || (DASH.test(language) && KEYWORDS.has(match[0].toLowerCase())) ? "keyword" : "";
    if (!shown) continue;
    if (match.index > end) found.push(["", code.slice(end, match.index)]);
    found.push([shown, match[0]]);
    end = match.index + match[0].length;
  }
  if (end < code.length) found.push(["", code.slice(end)]);
  return found;
}

/** Colours one block, if it names its language and is of a usual length. */
export function highlight(code) {
  const language = /^language-(.+)$/.exec(code.className)?.[1].toLowerCase() ?? "";
  if (!language || PLAIN.test(language) || code.textContent.length > MOST) return;
  code.replaceChildren(
    ...parts(code.textContent, language).map(([kind, text]) => {
      if (!kind) return text;
      const span = document.createElement("span");
      span.className = `code-${kind}`;
      span.textContent = text;
      return span;
    }),
  );
}
