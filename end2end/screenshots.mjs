// `make screenshots`: every page in every state, light and dark, wide and narrow, to artifacts/screenshots.

import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { tour } from './harness/tour.mjs';
import { World } from './harness/world.mjs';

const folder = fileURLToPath(new URL('artifacts/screenshots/', import.meta.url));
const widths = { 1280: 800, 360: 740 };

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });

const world = await World.start('screenshots');
let pages = 0;
try {
  // A page that is still moving would be cut off by the change of the window's size.
  const person = await world.person({ reducedMotion: 'reduce' });
  const { page } = person;
  await tour(person, async (name) => {
    await person.still();
    for (const [width, height] of Object.entries(widths)) {
      await page.setViewportSize({ width: Number(width), height });
      // As tall as the page: what sticks to the window's edges then stands where it belongs.
      const tall = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ width: Number(width), height: Math.max(height, tall) });
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await person.still();
        const path = `${folder}${name}-${width}-${colorScheme}.png`;
        await page.screenshot({ path });
      }
    }
    pages += 1;
    process.stdout.write(`${name}\n`);
  });
  await person.leave();
} finally {
  await world.end();
}
process.stdout.write(`\n${pages} pages, 4 pictures each, in ${folder}\n`);
