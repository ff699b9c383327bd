// Reads what a page of ours says, without a browser.

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", '#39': "'" };

export const text = (html) =>
  html.replaceAll(/<[^>]*>/g, '').replaceAll(/&(#?\w+);/g, (whole, name) => entities[name] ?? whole);

/** Field to the sentence that stands beside it. */
export function complaints(html) {
  const lines = html.matchAll(/<p\b([^>]*)\bdata-error="([^"]*)"([^>]*)>(.*?)<\/p>/gs);
  return Object.fromEntries(
    [...lines]
      .filter(([, before, , behind]) => !/\bhidden\b/.test(before + behind))
      .map(([, , field, , words]) => [field, text(words)]),
  );
}

/** Everything in the fields of a name: what was typed, or is chosen. */
export function values(html, name) {
  const inputs = [...html.matchAll(/<input\b[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => tag.includes(`name="${name}"`));
  const areas = [...html.matchAll(/<textarea\b[^>]*\bname="([^"]*)"[^>]*>([^]*?)<\/textarea>/g)];
  return [
    ...inputs.map((tag) => text(/\bvalue="([^"]*)"/.exec(tag)?.[1] ?? '')),
    ...areas.filter(([, of]) => of === name).map(([, , inner]) => text(inner)),
  ];
}
