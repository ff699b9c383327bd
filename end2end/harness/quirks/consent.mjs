// A person in a browser without a window, at the sandbox: opens the address as it was given, reads the page, presses
// Allow. Unlike `agree`, what the address is like counts here.

import { text } from '../html.mjs';

/** Gives where the browser is sent with the answer; nothing where the provider shows no consent page. */
export async function consent(world, url) {
  const address = await arrived(url);
  const page = await fetch(address, { redirect: 'manual' });
  const at = page.headers.get('location');
  if (page.status !== 200) return at ? answered(world, at) : undefined;
  const form = new URLSearchParams(fields(await page.text()));
  form.append('account', 'ada@example.com');
  form.append('decision', 'allow');
  const answer = await fetch(new URL('authorize', address), { method: 'POST', body: form, redirect: 'manual' });
  const back = answer.headers.get('location');
  return back ? answered(world, back) : undefined;
}

/** What the script of `/spa` does with what stands behind the #. */
async function arrived(url) {
  const { hash, pathname, origin } = new URL(url);
  if (!hash) return url;
  const page = await (await fetch(origin + pathname)).text();
  const [path, query] = hash.slice(1).split(/\?(.*)/s);
  const known = page.includes('location.hash') && path === '/authorize';
  return known ? `${origin}/authorize?${query ?? ''}&via=spa` : url;
}

/** What the form would send as it stands: hidden fields, and all scopes, which are ticked. */
function fields(html) {
  const one = (tag, name) => text(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
  return [...html.matchAll(/<input\b[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => /type="(hidden|checkbox)"/.test(tag))
    .map((tag) => [one(tag, 'name'), one(tag, 'value')]);
}

/** What an answer carries must stay nowhere. */
function answered(world, location) {
  const back = new URL(location);
  for (const [name, value] of back.searchParams)
    if (/code|state|verifier/.test(name)) world.secret(`${name} ${value.slice(0, 6)}…`, value);
  return back;
}
