import { plainPage } from '../static/plain-page.ts';
import { shareScript } from './share-script.ts';

/**
 * The page of share links. The token is in the fragment of its URL, which browsers send to no
 * server: it is in no log and no `Referer`, and programs that preview links do not use it. The page
 * sends it in a header instead, lists the files with thumbnails, and prompts for the password
 * if there is one.
 */

const style = `
form { display: grid; gap: 8px; max-width: 24rem; margin: 24px 0 }
label { font-size: 14px; font-weight: 500 }
input {
  width: 100%; min-height: 36px; padding: 0 12px; border: 1px solid var(--border); border-radius: 8px;
  background: var(--body); color: inherit; font: inherit;
}
form button { justify-self: start }
[role=alert] { color: var(--error) }
[role=alert]:empty { display: none }
#left { color: var(--dimmed) }
ul { margin: 16px 0; padding: 0; border: 1px solid var(--border); border-radius: 8px; list-style: none }
ul:empty { display: none }
li { display: flex; align-items: center; gap: 12px; padding: 8px 12px; overflow-wrap: anywhere }
li + li { border-top: 1px solid var(--border) }
li:hover { background: var(--raised) }
li div { min-width: 0 }
li a { display: block; padding: 2px 0; font-weight: 500 }
img, i { flex: none; width: 48px; height: 48px; border-radius: 4px; object-fit: cover }
i {
  display: grid; place-items: center; background: var(--raised); color: var(--dimmed);
  font-size: 11px; font-style: normal; font-weight: 700; text-transform: uppercase;
}
small { color: var(--dimmed) }
#more { border-color: var(--border); background: var(--body); color: var(--text) }
@media (max-width: 48em), (pointer: coarse) { input { min-height: 44px } }
`;

const main = `<h1>Shared files</h1>
<form hidden>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="off" required>
<button>Open</button>
</form>
<p role="alert"></p>
<p id="left" role="status" hidden></p>
<a id="all" class="button" hidden>Download all</a>
<ul aria-label="Files"></ul>
<button id="more" type="button" hidden>Show more</button>`;

const { html, headers } = plainPage({ title: 'Shared files', main, style, script: shareScript });

export const sharePage = { html, headers: { ...headers, 'x-robots-tag': 'noindex' } };
