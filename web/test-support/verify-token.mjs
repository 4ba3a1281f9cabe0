// Checks an access token the way a foreign service does: with the published keys and a library that is not ours. The address of the server
// is the first argument, the token comes on standard input; prints the claims as JSON, or the library's code of the fault.
import { createLocalJWKSet, jwtVerify } from 'jose';

const address = process.argv[2];
const metadata = await (await fetch(`${address}/.well-known/oauth-authorization-server`)).json();
const keys = await (await fetch(`${address}/.well-known/jwks.json`)).json();
let token = '';
for await (const part of process.stdin) {
  token += part;
}

try {
  const { payload, protectedHeader } = await jwtVerify(token.trim(), createLocalJWKSet(keys), {
    issuer: metadata.issuer, audience: 'iskra', typ: 'at+jwt', algorithms: ['ES256'],
  });
  console.log(JSON.stringify({ header: protectedHeader, payload }));
} catch (error) {
  console.log(JSON.stringify({ fault: error.code }));
}
