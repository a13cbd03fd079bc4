import { hash } from 'node:crypto';

/**
 * HTML pages that are not built: they look like the page of `src/web`, without its scripts. A
 * policy permits only the style and the script that they contain.
 */

/** The colours, sizes and fonts of the page. `color-scheme` chooses between light and dark. */
const STYLE = `
:root {
  color-scheme: light dark;
  --text: light-dark(#000, #c9c9c9);
  --dimmed: light-dark(#5c636a, #adb5bd);
  --error: light-dark(#c92a2a, #ff8787);
  --body: light-dark(#fff, #242424);
  --raised: light-dark(#f8f9fa, #2e2e2e);
  --border: light-dark(#ced4da, #424242);
  --anchor: light-dark(#3b5bdb, #91a7ff);
}
* { box-sizing: border-box }
[hidden] { display: none !important }
body {
  margin: 0;
  background: var(--body);
  color: var(--text);
  font: 16px/1.55 -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif;
}
header { display: flex; align-items: center; height: 56px; padding: 0 16px; border-bottom: 1px solid var(--border); font-size: 22px; font-weight: 700 }
main { max-width: 46rem; margin: 0 auto; padding: 24px 16px }
h1 { margin: 0 0 12px; font-size: 26px; line-height: 1.35; overflow-wrap: anywhere }
a { color: var(--anchor); text-decoration: none }
a:hover { text-decoration: underline }
:focus-visible { outline: 2px solid #4263eb; outline-offset: 2px }
button, .button {
  display: inline-flex; align-items: center; justify-content: center; min-height: 36px; padding: 0 18px;
  border: 1px solid transparent; border-radius: 8px; background: #3b5bdb; color: #fff;
  font: inherit; font-size: 14px; font-weight: 600; cursor: pointer;
}
button:hover, .button:hover { background: #364fc7; text-decoration: none }
@media (max-width: 48em), (pointer: coarse) { button, .button { min-height: 44px } }
`;

const digest = (text: string) => `'sha256-${hash('sha256', text, 'base64')}'`;

interface PlainPage {
  title: string;
  /** The content of `<main>`, as HTML. */
  main: string;
  /** Rules beyond those of every such page. */
  style?: string;
  script?: string;
}

/** Such a page, with the headers that it needs. */
export function plainPage({ title, main, style = '', script }: PlainPage) {
  const styles = STYLE + style;
  const scriptPolicy = script ? `script-src ${digest(script)}; connect-src 'self'; ` : '';
  return {
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${styles}</style>
</head>
<body>
<header>Attaché</header>
<main>
${main}
</main>
${script ? `<script>${script}</script>` : ''}
</body>
</html>
`,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        `default-src 'none'; ${scriptPolicy}style-src ${digest(styles)}; ` +
        `img-src ${script ? "'self' " : ''}data:; ` +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    },
  };
}
