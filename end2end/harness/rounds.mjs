// What is typed into forms in the browser, a round at a time: for each label the value, the words of the complaint
// (none where the value is good), and the field's name.

export const long = 'x'.repeat(3000);
export const hostile = `<script>document.title='owned'</script>"'><img src=x onerror=alert(1)>`;

export const forms = {
  signUp: {
    secret: 'Password',
    button: 'Create organization',
    rounds: [
      {
        'Organization name': ['', /missing/, 'organization_name'],
        'Your name': ['', /missing/, 'name'],
        Email: ['', /Type an email/, 'email'],
        Password: ['', /12 characters/, 'password'],
      },
      {
        'Organization name': [long, /too long/, 'organization_name'],
        'Your name': [long, /too long/, 'name'],
        Email: [long, /Type an email/, 'email'],
        Password: [long, /at most 256/, 'password'],
      },
      {
        'Organization name': [hostile, undefined, 'organization_name'],
        'Your name': ['a\u202eb', /invisible/, 'name'],
        Email: ['<script>@x', /Type an email/, 'email'],
        Password: ['password1234', /easy to guess/, 'password'],
      },
    ],
  },
  service: {
    secret: 'Client secret',
    button: 'Create service',
    rounds: [
      {
        'Service name': ['', /missing/, 'name'],
        'Service link name': ['', /Type a link name/, 'link_name'],
        'Client ID': ['', /missing/, 'client_id'],
        'Client secret': ['', /missing/, 'client_secret'],
        'Authorize URL': ['', /Type the full URL/, 'authorize_url'],
        'Access token URL': ['', /Type the full URL/, 'access_token_url'],
      },
      {
        'Service name': [long, /too long/, 'name'],
        'Service link name': ['a'.repeat(51), /at most 50/, 'link_name'],
        'Client ID': [long, /too long/, 'client_id'],
        'Client secret': [long, /too long/, 'client_secret'],
        'Authorize URL': [`https://a.example/${long}`, /at most 2048/, 'authorize_url'],
        'Sample request': [`/${long}`, /Type a path/, 'sample_path'],
        'Scope name': [long, /at most 300/, 'scope_name'],
      },
      {
        'Service name': [hostile, undefined, 'name'],
        'Service link name': ['zооm', /only the letters/, 'link_name'],
        'Client secret': ['a secret that was typed', undefined, 'client_secret'],
        'Authorize URL': ['javascript:alert(1)', /not supported/, 'authorize_url'],
        'Access token URL': ['https://zoom.us\\@evil.example/', /no backslash/, 'access_token_url'],
        'Refresh token URL': ['https://user:pw@zoom.us/', /user name and password/, 'refresh_token_url'],
        'Revoke token URL': ['https://zoom.us/#x', /from # on/, 'revoke_token_url'],
        'API base URL': ['https://api.example/?x', /from \? on/, 'api_base_url'],
        'Allowed hosts': ['*.com', /\w/, 'allowed_hosts'],
        'Sample request': ['//evil.example', /Type a path/, 'sample_path'],
        'Scope name': ['a "b"', /A scope has no/, 'scope_name'],
        Issuer: ['zoom', /not a full URL/, 'issuer'],
        'Identity URL': ['zoom', /not a full URL/, 'identity_url'],
      },
      // What the operator's rules say is asked once every field has its shape.
      {
        'Service name': [hostile, undefined, 'name'],
        'Service link name': ['zoom', undefined, 'link_name'],
        'Client ID': ['id', undefined, 'client_id'],
        'Client secret': ['a secret that was typed', undefined, 'client_secret'],
        'Authorize URL': ['https://10.0.0.1/', /not a public address/, 'authorize_url'],
        'Access token URL': ['http://10.0.0.1/token', /CONNECTIONS_ALLOW_HOSTS|https/, 'access_token_url'],
        'Refresh token URL': ['https://[::1]/', /not a public address/, 'refresh_token_url'],
        'Revoke token URL': ['https://169.254.169.254/', /not a public address/, 'revoke_token_url'],
        'API base URL': ['https://localhost/', /local name/, 'api_base_url'],
        'Allowed hosts': ['localhost', undefined, 'allowed_hosts'],
        'Sample request': ['/me', undefined, 'sample_path'],
        'Scope name': ['read', undefined, 'scope_name'],
        Issuer: ['', undefined, 'issuer'],
        'Identity URL': ['https://10.1.2.3/', /not a public address/, 'identity_url'],
      },
    ],
  },
  connection: {
    button: 'Create and connect',
    rounds: [
      { 'Connection name': ['', /missing/, 'name'], 'Connection link name': ['', /Type a link name/, 'link_name'] },
      { 'Connection name': [long, /too long/, 'name'], 'Connection link name': ['new', /reserved/, 'link_name'] },
      {
        'Connection name': [hostile, undefined, 'name'],
        'Connection link name': ['taken', /already in use/, 'link_name'],
      },
    ],
  },
};
