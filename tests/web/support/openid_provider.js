// A provider of OpenID Connect as others run it (oidc-provider), on this machine, with people of a test's making. Its
// pages take any password.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const keyTypes = {
  RS256: ['rsa', { modulusLength: 2048 }],
  PS256: ['rsa', { modulusLength: 2048 }],
  ES256: ['ec', { namedCurve: 'P-256' }],
};

function newKey(algorithm) {
  const [type, options] = keyTypes[algorithm];
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: algorithm };
}

/**
 * `people` are claims by the name that one logs in by. `client` is what it knows Movio by; `origin` where that is.
 * `begin` starts it, with a new key of the algorithm; `end` stops it.
 */
export function openidProvider(port, client, origin) {
  const issuer = `http://127.0.0.1:${port}`;
  const people = {};
  let server;
  const begin = async (algorithm = 'RS256') => {
    const provider = new Provider(issuer, {
      clients: [
        {
          ...client,
          redirect_uris: [`${origin}/api/v2/openid/callback`],
          post_logout_redirect_uris: [`${origin}/`],
          grant_types: ['authorization_code'],
          response_types: ['code'],
          id_token_signed_response_alg: algorithm,
        },
      ],
      // Its own needs one of RSA, whatever a client wants.
      jwks: { keys: algorithm === 'RS256' ? [newKey('RS256')] : [newKey(algorithm), newKey('RS256')] },
      enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256'] },
      scopes: ['openid', 'email', 'profile', 'groups'],
      claims: {
        openid: ['sub'],
        email: ['email', 'email_verified'],
        profile: ['name', 'given_name', 'family_name'],
        groups: ['groups', 'roles'],
      },
      features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
      pkce: { methods: ['S256'], required: () => true },
      cookies: { keys: ['a key of the test'] },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    });
    server = createServer(provider.callback());
    await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  };
  const end = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { issuer, people, begin, end };
}
