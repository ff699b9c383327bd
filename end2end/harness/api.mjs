// The product as programs see it.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Asks for a credential; gives status and body. */
export async function credentials(world, linkName, key, query = '') {
  const response = await fetch(`${world.origin}/api/v1/connections/${linkName}/credentials${query}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const body = await response.json();
  if (body.access_token) world.secrets.set(`access token ${body.version} of ${linkName}`, body.access_token);
  return { status: response.status, body };
}

/** Runs a snippet as somebody would who pasted it into a shell. */
export async function runSnippet(snippet, key) {
  const env = { PATH: process.env.PATH, CONNECTIONS_KEY: key };
  const { stdout } = await promisify(execFile)('sh', ['-c', snippet], { env });
  return JSON.parse(stdout);
}
