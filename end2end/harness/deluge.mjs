// As much of Deluge as our snippet uses: texts and maps in variables, one `invokeurl` task, and `info` behind its status.
// Gives the HTTP request that Deluge would send.

/** The value of an expression: texts and variables, joined by plus signs. */
function value(text, variables) {
  const parts = text.match(/"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|\+/g);
  if (parts?.join('') !== text.replaceAll(/\s*\+\s*/g, '+').trim()) throw new Error(`not an expression: ${text}`);
  const operands = parts.filter((part) => part !== '+');
  const values = operands.map((part) => (part.startsWith('"') ? JSON.parse(part) : variables.get(part)));
  if (values.some((one) => one === undefined)) throw new Error(`an unknown variable in ${text}`);
  return values.length === 1 ? values[0] : values.join('');
}

/** The lines before the task: `x = "…";`, `x = Map();` and `x.put("…", …);`. */
function assign(line, variables) {
  const put = /^(\w+)\.put\(("(?:[^"\\]|\\.)*"),(.*)\);$/.exec(line);
  const set = /^(\w+) = (.*);$/.exec(line);
  if (put) variables.get(put[1])[JSON.parse(put[2])] = value(put[3], variables);
  else if (set) variables.set(set[1], set[2] === 'Map()' ? {} : value(set[2], variables));
  else throw new Error(`not understood: ${line}`);
}

/** Reads a snippet; `key` is what its author would put in place of CONNECTIONS_KEY. */
export function read(snippet, key) {
  const [before, task, after] = snippet.split(/^response = invokeurl\n\[\n|^\];\n/m);
  const variables = new Map();
  for (const line of before.replace('"CONNECTIONS_KEY"', `"${key}"`).split('\n')) {
    if (line && !line.startsWith('//')) assign(line, variables);
  }
  const parameters = Object.fromEntries(
    task
      .trimEnd()
      .split('\n')
      .map((line) => /^\t([a-z-]+) ?:(.*)$/.exec(line).slice(1)),
  );
  if (!/^if\(response\.get\("responseCode"\) >= 400\)\n\{\n\tinfo [^]*\n\}\nelse\n\{\n\tinfo [^]*\n\}\n$/.test(after))
    throw new Error(`not understood: ${after}`);
  const kind = parameters['content-type'];
  return {
    url: value(parameters.url, variables),
    method: parameters.type,
    headers: { ...value(parameters.headers, variables), ...(kind && { 'content-type': value(kind, variables) }) },
    body: parameters.parameters && value(parameters.parameters, variables),
  };
}
