// A stand-in for the server, for work on the pages and for their tests: the API's shapes over made-up data in memory.
// Run `npm run build` first, then `npm run mock`; any key that begins with "isk_" signs in, "isk_reader" without the admin scope.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const port = Number(process.env.PORT ?? 5099);
const empty = process.env.MOCK_EMPTY === '1';
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const csp = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'";
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const iso = (ms = Date.now()) => new Date(ms).toISOString();
const noise = (scale) => (Math.random() - 0.5) * scale;

const accounts = new Map();
const transfers = [];
const cards = [];
const keys = [{ id: randomUUID(), name: 'admin', prefix: 'isk_k3v9q2ab', scopes: ['admin'], createdAt: iso(), expiresAt: null, revokedAt: null, lastUsedAt: iso() }];
const demo = { running: !empty && process.env.MOCK_DEMO === '1', speed: 100 };
const startedAt = iso();

function addAccount(body) {
  const zero = { debitsPendingMinor: 0, debitsPostedMinor: 0, creditsPendingMinor: 0, creditsPostedMinor: 0, balanceMinor: 0, availableMinor: 0, asOfSequence: 0 };
  accounts.set(body.id, { flags: [], overdraftLimitMinor: 0, ...body, createdAt: iso(), balance: zero });
  return accounts.get(body.id);
}

function post(body) {
  const existing = transfers.find((transfer) => transfer.id === body.id);
  if (existing) {
    return existing.amountMinor === body.amountMinor ? { http: 200, status: 'exists', transfer: existing } : { http: 409, code: 'exists-with-different-amount', field: 'amountMinor' };
  }
  const debit = accounts.get(body.debitAccountId);
  const credit = accounts.get(body.creditAccountId);
  if (!debit) return { http: 404, code: 'debit-account-not-found', field: 'debitAccountId' };
  if (!credit) return { http: 404, code: 'credit-account-not-found', field: 'creditAccountId' };
  const kind = body.kind ?? 'post';
  const pending = transfers.find((transfer) => transfer.id === body.pendingId);
  if (pending?.resolved) return { http: 409, code: `pending-transfer-already-${pending.resolved}`, field: 'pendingId' };
  if (pending && body.amountMinor > pending.amountMinor) return { http: 422, code: 'exceeds-pending-amount', field: 'amountMinor' };
  if (kind !== 'voidPending' && debit.flags.includes('debitsMayNotExceedCredits') && !pending
    && debit.balance.availableMinor + debit.overdraftLimitMinor < body.amountMinor) return { http: 422, code: 'exceeds-credits', field: 'amountMinor' };
  const sequence = transfers.length + 1;
  const transfer = { sequence, id: body.id, kind, debitAccountId: debit.id, debitAccountName: debit.name, creditAccountId: credit.id, creditAccountName: credit.name,
    amountMinor: body.amountMinor, currency: body.currency, pendingId: body.pendingId ?? null, code: body.code ?? 0, reference: body.reference ?? null, postedAt: iso(), occurredAt: body.occurredAt ?? null };
  const held = kind === 'pending' ? body.amountMinor : pending ? -pending.amountMinor : 0;
  const moved = kind === 'post' || kind === 'postPending' ? body.amountMinor : 0;
  debit.balance.debitsPendingMinor += held;
  credit.balance.creditsPendingMinor += held;
  debit.balance.debitsPostedMinor += moved;
  credit.balance.creditsPostedMinor += moved;
  for (const account of [debit, credit]) {
    const b = account.balance;
    const sign = account.kind === 'asset' ? 1 : -1;
    b.balanceMinor = sign * (b.debitsPostedMinor - b.creditsPostedMinor);
    b.availableMinor = b.balanceMinor - (account.kind === 'asset' ? b.creditsPendingMinor : b.debitsPendingMinor);
    b.asOfSequence = sequence;
  }
  if (pending) pending.resolved = kind === 'postPending' ? 'posted' : 'voided';
  transfer.after = { [debit.id]: debit.balance.balanceMinor, [credit.id]: credit.balance.balanceMinor };
  transfers.push(transfer);
  return { http: 201, status: 'ok', transfer };
}

function seed() {
  const names = ['Расчётный счёт эквайринга', 'Касса', 'Анна Смирнова', 'Борис Иванов', 'Магазин «Северный»', 'Coffee & Co', 'Kuwait branch', 'Tokyo branch'];
  const list = names.map((name, i) => addAccount({ id: randomUUID(), name, kind: i < 2 ? 'asset' : 'liability', currency: ['KWD', 'JPY'][i - 6] ?? 'RUB', flags: i === 3 ? ['debitsMayNotExceedCredits'] : i === 5 ? ['frozen'] : [] }));
  for (let i = 0; i < 64; i++) addAccount({ id: randomUUID(), name: `Customer ${String(i + 1).padStart(4, '0')}`, kind: 'liability', currency: 'RUB' });
  for (let i = 0; i < 130; i++) {
    const from = i % 5;
    post({ id: randomUUID(), debitAccountId: list[from].id, creditAccountId: list[(from + 1 + (i % 3)) % 5].id, amountMinor: 1 + Math.floor(Math.random() * 5_000_000), currency: 'RUB', kind: i % 17 === 0 ? 'pending' : 'post', reference: i % 3 ? `Заказ ${1000 + i}` : null });
  }
  cards.push({ id: randomUUID(), accountId: list[2].id, bin: '220070', last4: '1234', expiryMonth: 12, expiryYear: 2029, token: 'tok', createdAt: iso() });
}
if (!empty) seed();

// Pulse
const history = [];
let total = transfers.length;
let sequence = 0;
let recent = [];
const busy = () => demo.running || process.env.MOCK_DEMO === '1';
function tick(at) {
  const tps = busy() ? 900 + 300 * Math.sin(at / 60_000) + noise(120) : 0;
  const p50 = busy() ? 3 + Math.abs(noise(2)) : null;
  total += Math.round(tps);
  const now = { transactionsPerSecond: tps, requestsPerSecond: tps / 9 + 1, p50Ms: p50, p95Ms: p50 && p50 * 2.6 + Math.abs(noise(3)), p99Ms: p50 && p50 * 5 + Math.abs(noise(9)), errorRate: busy() ? Math.max(0, noise(0.02)) : 0, queueDepth: busy() ? Math.round(40 + Math.abs(noise(80))) : 0, queueCapacity: 65536, cpuPercent: busy() ? 38 + noise(14) : 2, memoryBytes: 210e6 + 30e6 * Math.sin(at / 200_000), transfersTotal: total };
  if (tps > 0) recent = [{ at: iso(at), transfers: Math.round(tps), firstSequence: total - Math.round(tps) + 1, lastSequence: total }, ...recent].slice(0, 20);
  history.push(now);
  if (history.length > 900) history.shift();
  return { type: 'frame', at: iso(at), sequence: ++sequence, now, recent };
}
const second = () => Math.floor(Date.now() / 1000) * 1000;
if (!empty) for (let i = 900; i > 0; i--) tick(second() - i * 1000);
let frame = tick(second());
function snapshot() {
  const names = ['transactionsPerSecond', 'p50Ms', 'p95Ms', 'p99Ms', 'errorRate', 'queueDepth', 'cpuPercent', 'memoryBytes'];
  const hole = (i) => process.env.MOCK_GAP === '1' && i > 400 && i < 450;
  return { type: 'snapshot', at: frame.at, sequence, intervalSeconds: 1, now: frame.now, recent, history: { startedAt: iso(Date.parse(frame.at) - (history.length - 1) * 1000), intervalSeconds: 1, ...Object.fromEntries(names.map((n) => [n, history.map((point, i) => (hole(i) ? null : point[n]))])) } };
}
const sockets = new Set();
const streams = new Set();
function wsText(text) {
  const data = Buffer.from(text);
  const head = data.length < 126 ? Buffer.from([0x81, data.length]) : data.length < 65536 ? Buffer.from([0x81, 126, data.length >> 8, data.length & 255]) : Buffer.concat([Buffer.from([0x81, 127, 0, 0, 0, 0]), Buffer.from(new Uint32Array([data.length]).buffer).reverse()]);
  return Buffer.concat([head, data]);
}
setInterval(() => {
  frame = tick(second());
  const text = JSON.stringify(frame);
  sockets.forEach((socket) => socket.write(wsText(text)));
  streams.forEach((response) => response.write(`event: pulse\ndata: ${text}\n\n`));
}, 1000);

// HTTP
const reply = (response, status, body, headers = {}) => response.writeHead(status, { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers }).end(body === undefined ? '' : JSON.stringify(body));
const problem = (response, status, code, field) => reply(response, status, { type: `https://iskra.dev/problems/${code}`, title: code, status, code, traceId: randomUUID(), ...(field ? { errors: [{ path: `$.${field}`, message: code }] } : {}) });
function page(query, items) {
  const from = Number(query.get('cursor') ?? 0);
  const to = from + Number(query.get('limit') ?? 50);
  return { items: items.slice(from, to), nextCursor: to < items.length ? String(to) : null };
}
const scopesOf = (request) => ((request.headers.cookie ?? '').match(/iskra_session=(\w+)/)?.[1] === 'reader' ? ['cards:read', 'dashboards:read'] : ['admin', 'system']);
const session = (scopes) => ({ name: scopes[0] === 'admin' ? 'admin' : 'reader', prefix: 'k3v9q2ab', kind: 'session', userId: null, keyId: null, tenant: 'default', tenantName: 'Default', roles: [], scopes, expiresAt: iso(Date.now() + 8 * 3600e3) });

async function handle(request, response) {
  const url = new URL(request.url, 'http://localhost');
  const route = `${request.method} ${url.pathname}`;
  const q = url.searchParams;
  let text = '';
  for await (const chunk of request) text += chunk;
  const body = text ? JSON.parse(text) : {};
  if (route === 'GET /health/live') return reply(response, 200, {});
  if (route === 'POST /v1/security/session') {
    if (!body.apiKey?.startsWith('isk_')) return problem(response, 401, 'unauthenticated');
    const reader = body.apiKey === 'isk_reader';
    return reply(response, 200, session(reader ? ['cards:read', 'dashboards:read'] : ['admin']), { 'Set-Cookie': `iskra_session=${reader ? 'reader' : 'admin'}; HttpOnly; SameSite=Strict; Path=/` });
  }
  if (!url.pathname.startsWith('/v1/')) return file(url.pathname, response);
  if (!/iskra_session=\w/.test(request.headers.cookie ?? '')) return problem(response, 401, 'unauthenticated');
  const id = url.pathname.split('/')[4];
  const one = (item, code) => (item ? reply(response, 200, item) : problem(response, 404, code));
  switch (id ? route.replace(id, ':id') : route) {
    case 'GET /v1/security/session': return reply(response, 200, session(scopesOf(request)));
    case 'DELETE /v1/security/session': return response.writeHead(204, { 'Set-Cookie': 'iskra_session=; Max-Age=0; Path=/' }).end();
    case 'GET /v1/security/users': return reply(response, 200, page(q, []));
    case 'GET /v1/security/roles': return reply(response, 200, { items: [{ name: 'admin', description: '', scopes: ['admin'], isBuiltIn: true }] });
    case 'GET /v1/tenants': return reply(response, 200, page(q, [{ id: 1, slug: 'default', name: 'Default', createdAt: iso(0), disabledAt: null }]));
    case 'GET /v1/security/keys': return reply(response, 200, page(q, keys));
    case 'POST /v1/security/keys': {
      const key = { id: randomUUID(), ...body, prefix: 'isk_' + randomUUID().slice(0, 8), createdAt: iso(), expiresAt: body.expiresAt ?? null, revokedAt: null, lastUsedAt: null };
      keys.unshift(key);
      return reply(response, 201, { ...key, key: `${key.prefix}_${randomUUID().replaceAll('-', '')}` });
    }
    case 'DELETE /v1/security/keys/:id': keys.find((key) => key.id === id).revokedAt = iso(); return response.writeHead(204).end();
    case 'GET /v1/system': return reply(response, 200, { name: 'Iskra', version: '0.1.0', roles: ['cards', 'dashboards'], engine: 'sqlite', startedAt, isEmpty: transfers.length === 0, demo: { running: demo.running, speed: demo.running ? demo.speed : null } });
    case 'POST /v1/cards/demo': Object.assign(demo, { running: true, speed: body.speed ?? 100 }); return response.writeHead(202).end();
    case 'DELETE /v1/cards/demo': demo.running = false; return response.writeHead(204).end();
    case 'GET /v1/dashboards/pulse': return reply(response, 200, snapshot());
    case 'GET /v1/dashboards/pulse/:id':
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(`event: pulse\ndata: ${JSON.stringify(snapshot())}\n\n`);
      streams.add(response);
      return response.on('close', () => streams.delete(response));
    case 'GET /v1/cards/accounts': return reply(response, 200, page(q, [...accounts.values()].filter((a) => a.name.toLowerCase().includes((q.get('q') ?? '').toLowerCase()) && (!q.get('currency') || a.currency === q.get('currency')))));
    case 'POST /v1/cards/accounts': return /^[A-Z]{3}$/.test(body.currency) && body.currency !== 'ZZZ' ? reply(response, 201, addAccount(body)) : problem(response, 400, 'unknown-currency', 'currency');
    case 'GET /v1/cards/accounts/:id': return one(accounts.get(id), 'account-not-found');
    case 'GET /v1/cards/accounts/:id/statement': return reply(response, 200, page(q, transfers.filter((t) => t.after[id] !== undefined && (t.kind === 'post' || t.kind === 'postPending')).slice().reverse().map((t) => {
      const debit = t.debitAccountId === id;
      const sign = debit === (accounts.get(id).kind === 'asset') ? 1 : -1;
      return { sequence: t.sequence, transferId: t.id, postedAt: t.postedAt, kind: t.kind, side: debit ? 'debit' : 'credit', counterpartyId: debit ? t.creditAccountId : t.debitAccountId, counterpartyName: debit ? t.creditAccountName : t.debitAccountName, amountMinor: t.amountMinor, signedAmountMinor: sign * t.amountMinor, balanceAfterMinor: t.after[id], reference: t.reference };
    })));
    case 'GET /v1/cards/transfers': return reply(response, 200, page(q, transfers.slice().reverse().filter((t) => (!q.get('accountId') || t.after[q.get('accountId')] !== undefined) && (!q.get('kind') || t.kind === q.get('kind')) && (!q.get('currency') || t.currency === q.get('currency')) && t.amountMinor >= Number(q.get('minAmountMinor') ?? 0) && t.amountMinor <= Number(q.get('maxAmountMinor') ?? 2 ** 53))));
    case 'POST /v1/cards/transfers': {
      const result = post(body);
      return result.code ? problem(response, result.http, result.code, result.field) : reply(response, result.http, { status: result.status, transfer: result.transfer });
    }
    case 'GET /v1/cards/transfers/:id': return one(transfers.find((t) => t.id === id), 'transfer-not-found');
    case 'GET /v1/cards/cards': return reply(response, 200, page(q, cards.filter((card) => card.accountId === q.get('accountId'))));
    case 'POST /v1/cards/cards': {
      const { number, ...rest } = body;
      cards.push({ ...rest, bin: number.slice(0, 6), last4: number.slice(-4), token: 'tok', createdAt: iso() });
      return reply(response, 201, cards.at(-1));
    }
    default: return problem(response, 404, 'not-found');
  }
}

function file(path, response) {
  let name = join(dist, normalize(path));
  if (!name.startsWith(dist) || !existsSync(name) || statSync(name).isDirectory()) name = join(dist, 'index.html');
  response.writeHead(200, { 'Content-Type': types[extname(name)] ?? 'application/octet-stream', 'Content-Security-Policy': csp }).end(readFileSync(name));
}

const server = createServer((request, response) => {
  handle(request, response).catch((error) => { console.error(error); problem(response, 500, 'internal-error'); });
});
server.on('upgrade', (request, socket) => {
  socket.on('error', () => {});
  if (process.env.MOCK_NO_WS === '1' || request.url !== '/ws/pulse') return socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
  const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  socket.write(wsText(JSON.stringify(snapshot())));
  sockets.add(socket);
  socket.on('data', (data) => (data[0] & 0x0f) === 8 && socket.end(Buffer.from([0x88, 0])));
  socket.on('close', () => sockets.delete(socket));
});
server.listen(port, '127.0.0.1', () => console.log(`mock at http://127.0.0.1:${port}`));
