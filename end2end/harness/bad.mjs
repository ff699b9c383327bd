// What must not be accepted, a kind of field at a time: value, and words of the sentence that says so.

const long = (length) => 'x'.repeat(length);
/** Cyrillic о for o, and a full-width letter. */
const LOOK_ALIKE = 'zооm';

const invisible = /line break or an invisible character/;
export const line = (limit) => [
  ['', /is missing/],
  ['   ', /is missing/],
  [long(limit + 1), /too long: at most \d+ characters/],
  ['a\r\nSet-Cookie: x=y', invisible],
  ['a\0b', invisible],
  ['a\u202egnp.exe', invisible],
];

export const name = line(100);

export const email = [
  '',
  'ada',
  '@example.com',
  '<script>@example.com',
  'ada@a@b',
  'ada@b\r\nBcc: eve@x',
  'a\0@b.example',
  `${long(65)}@b.example`,
  `a@${long(260)}`,
].map((value) => [value, /Type an email address/]);

export const password = [
  ['', /at least 12 characters/],
  ['short', /at least 12 characters/],
  ['password1234', /easy to guess/],
  ['aaaaaaaaaaaaaaaa', /easy to guess/],
  [long(257), /at most 256 characters/],
];

export const linkName = [
  ['', /Type a link name/],
  [LOOK_ALIKE, /only the letters a to z/],
  ['ｚoom', /only the letters a to z/],
  ['Zoom', /only the letters a to z/],
  ['<script>', /only the letters a to z/],
  ['zoom\r\n', /only the letters a to z/],
  ['zoom\0', /only the letters a to z/],
  ['../zoom', /only the letters a to z/],
  ['2zoom', /starts with a letter/],
  ['new', /reserved/],
  [long(51), /at most 50 characters/],
];

/** Shape first, then the operator's rules, which only the server knows. */
const anyUrl = [
  ['zoom.us/oauth', /not a full URL/],
  ['https://', /not a full URL/],
  ['<script>alert(1)</script>', /not a full URL/],
  ['javascript:alert(1)', /not supported/],
  ['file:///etc/passwd', /not supported/],
  ['https://user:pw@zoom.us/', /user name and password/],
  ['https://zoom.us@evil.example/', /user name and password/],
  ['https://zoom.us/\r\nHost: evil', /no spaces or line breaks/],
  ['https://zoom.us/\0', /no spaces or line breaks/],
  ['https:\\\\zoom.us', /no backslash/],
  ['https://zoom.us/#x', /from # on/],
  [`https://zoom.us/${long(2048)}`, /at most 2048 characters/],
  ['http://10.0.0.1/token', /CONNECTIONS_ALLOW_HOSTS|use https/],
  ['https://10.0.0.1/', /not a public address/],
  ['https://169.254.169.254/latest', /not a public address/],
  ['https://0x7f000001/', /not a public address/],
  ['https://[::ffff:127.0.0.1]/', /not a public address/],
  ['https://localhost/', /local name/],
  ['http://zoom.us/', /not encrypted/],
  ['https://zoom.us:22/', /port/],
];
export const optionalUrl = anyUrl;
export const url = [['', /Type the full URL/], ...anyUrl];

export const scope = ['a b', '"read"', 'lesen-über', 'a\\b', long(301), 'a\r\nb', 'a\0'].map((value) => [
  value,
  /A scope has/,
]);
export const label = line(100).slice(2);
export const hosts = ['*.com', 'http://api.example/', 'user@api.example', 'api.example/path', 'a\0b'].map((value) => [
  value,
  /\w/,
]);
export const path = [
  'users/me',
  '//evil.example',
  '/../admin',
  '/%2e%2e/admin',
  '/a\r\nb',
  '/a\0b',
  '/a#b',
  '/\\evil',
  `/${long(1001)}`,
].map((value) => [value, /Type a path that starts with a single/]);
export const choice = [
  ['nonsense', /Choose/],
  ["'><script>", /Choose/],
];
