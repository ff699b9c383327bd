// nginx, as the provider's API and as the proxy that calls are measured against.

import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from './server.mjs';
import { until } from './wait.mjs';

const binary = process.env.NGINX ?? '/usr/sbin/nginx';

/** The provider: one worker that answers 1 KiB at /v2/small and streams `large` bytes at /v2/large. */
const provider = (port, root) => `
  server {
    listen 127.0.0.1:${port} reuseport backlog=4096;
    root ${root};
    location = /v2/small { default_type application/json; return 200 "${'x'.repeat(1024)}"; }
    location /v2/large { alias ${root}/large; default_type application/octet-stream; }
  }`;

/** The measure: the same call, with a fixed header in place of a credential. */
const proxy = (port, upstream) => `
  upstream provider { server 127.0.0.1:${upstream}; keepalive 128; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port} reuseport backlog=4096;
    keepalive_requests 1000000;
    location / {
      proxy_pass http://provider;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Authorization "Bearer fixed-token-of-the-measure";
      proxy_buffering off;
    }
  }`;

const conf = (workers, home, servers) => `
worker_processes ${workers};
daemon off;
pid ${home}/pid;
error_log ${home}/error.log;
worker_rlimit_nofile 65536;
events { worker_connections 8192; }
http {
  access_log off;
  keepalive_requests 1000000;
  sendfile on;
  client_body_temp_path ${home}/body; proxy_temp_path ${home}/proxy; fastcgi_temp_path ${home}/f;
  uwsgi_temp_path ${home}/u; scgi_temp_path ${home}/s;
  ${servers}
}`;

async function start(workers, servers) {
  const [home, port] = [await mkdtemp(join(tmpdir(), 'nginx-')), await freePort()];
  // Its workers belong to another user.
  await chmod(home, 0o755);
  await writeFile(join(home, 'nginx.conf'), conf(workers, home, servers(port, home)));
  const child = spawn(binary, ['-p', home, '-c', join(home, 'nginx.conf')], { stdio: 'ignore' });
  const origin = `http://127.0.0.1:${port}`;
  await until('nginx answers', async () => (await fetch(`${origin}/v2/small`)).status < 600);
  const stop = async () => {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    await rm(home, { recursive: true });
  };
  return { origin, host: `127.0.0.1:${port}`, port, home, stop };
}

export const startProvider = () => start(1, provider);
export const startProxy = (upstreamPort) => start(2, (port) => proxy(port, upstreamPort));
