// Looks for secrets where none may be, in every writing in which one could stand there.

/** A secret, text or bytes, in the clear and in the encodings that hide nothing. */
function* writings(given) {
  const bytes = Buffer.from(given);
  const secret = bytes.toString('latin1');
  yield secret;
  yield encodeURIComponent(secret);
  yield JSON.stringify(secret).slice(1, -1);
  yield bytes.toString('hex');
  yield bytes.toString('hex').toUpperCase();
  // Base64 inside longer base64 depends on where it begins; the first and last characters depend on the neighbours.
  for (const shift of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
    const whole = shifted.toString('base64').replaceAll('=', '');
    const core = whole.slice(shift === 0 ? 0 : shift + 1, -1);
    yield core;
    yield core.replaceAll('+', '-').replaceAll('/', '_');
  }
}

/** The one answer that may show a key: the page on which it was made. */
const madeHere = (page) => new URL(page.url).pathname === '/setup/keys' && page.body.includes('id="new-key-text"');

/** Names every secret that is readable in the dump, the log or a page, and where. */
export function findLeaks(secrets, { dump, log, pages }) {
  const places = new Map([
    ['the database dump', dump],
    ['the log', log],
  ]);
  for (const [at, page] of pages.entries()) {
    const body = madeHere(page) ? page.body.replaceAll(/cnx_[A-Za-z0-9_-]{49}/g, '') : page.body;
    places.set(`page ${at}: ${page.method} ${page.url}`, body);
  }
  const leaks = [];
  for (const [name, secret] of secrets) {
    const forms = [...new Set(writings(secret))];
    for (const [place, text] of places) {
      const form = forms.find((form) => text.includes(form));
      if (form) leaks.push(`${name} in ${place}`);
    }
  }
  return leaks;
}
