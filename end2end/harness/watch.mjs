// What a browser must not do on our pages: write to the console, break the policy, ask another origin.

/** Chromium's own line about an answer that is an error, also where it is the page that was asked for. */
const STATUS_LINE = /^Failed to load resource: the server responded with a status of 4\d\d/;
/** What it says of every answer that clears what a site had stored. */
const CLEARED = /^Clear-Site-Data header on '\S+\/sign-out': Cleared data types:/;

/**
 * Watches a browser context. `app` is our origin; `others` are those of the providers, to which a person may be led
 * and whose own pages are not ours to judge.
 */
export async function watch(context, { app, others, secrets, pages }) {
  const problems = [];
  const known = new Set([app, ...others]);
  const origin = (url) => (URL.canParse(url) ? new URL(url).origin : 'null');

  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { effectiveDirective, blockedURI, documentURI } = event;
      console.error(`policy violated: ${effectiveDirective} ${blockedURI} on ${documentURI}`);
    });
  });
  context.on('console', (message) => {
    const { url } = message.location();
    const place = origin(message.page()?.url() ?? '');
    const ours = origin(url) === app || (place === app && !others.includes(origin(url)));
    const text = message.text();
    const expected = STATUS_LINE.test(text) || CLEARED.test(text);
    if (ours && !expected) {
      problems.push(`console ${message.type()}: ${text} (${url})`);
    }
  });
  context.on('weberror', (error) => {
    if (origin(error.page()?.url() ?? '') === app) problems.push(`uncaught: ${error.error()}`);
  });
  context.on('request', (request) => {
    remember(request.url(), secrets);
    const target = request.url();
    if (known.has(origin(target)) || /^(data|blob|about):/.test(target)) return;
    // A provider's page may ask whom it likes; it gets no answer.
    if (!request.isNavigationRequest() && others.includes(origin(request.frame().url()))) return;
    problems.push(`asked ${target} from ${request.frame().url()}`);
  });
  context.on('response', async (response) => {
    const html = response.headers()['content-type']?.startsWith('text/html');
    if (origin(response.url()) !== app || !html) return;
    // The body is gone where the browser went on meanwhile; the page's document is kept in any case.
    const body = await response.text().catch(() => '');
    pages.push({ method: response.request().method(), url: response.url(), body });
  });
  return problems;
}

/** What travels through the browser in addresses and must stay nowhere: state and code. */
function remember(url, secrets) {
  if (!URL.canParse(url)) return;
  const { searchParams } = new URL(url);
  for (const name of ['state', 'code']) {
    const value = searchParams.get(name);
    if (value && value.length >= 16) secrets.set(`${name} ${value.slice(0, 6)}…`, value);
  }
}
