// Adds up the reports of `dotnet test` (one .trx per suite) and shows each test that did not pass. A skipped test counts as failed; a
// suite without a report is one failure. Standard output: "suite passed failed seconds" per suite, for .ci/run; the rest is on the error
// stream.
//   node .ci/suites.mjs FOLDER SUITE...
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, ...expected] = process.argv.slice(2);
const shownMax = 40;
const linesMax = 30;

const plain = text => text
  .replace(/&#x([0-9a-f]+);/gi, (_, code) => String.fromCodePoint(parseInt(code, 16)))
  .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&amp;/g, '&');
const attribute = (element, name) => plain(new RegExp(`\\b${name}="([^"]*)"`).exec(element)?.[1] ?? '');

function showFailures(suite, text) {
  const results = text.match(/<UnitTestResult\b[^>]*?(?:\/>|>[\s\S]*?<\/UnitTestResult>)/g) ?? [];
  const failed = results.filter(result => attribute(result, 'outcome') !== 'Passed');
  for (const result of failed.slice(0, shownMax)) {
    const parts = ['Message', 'StackTrace'].map(tag => plain(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(result)?.[1] ?? ''));
    console.error(`    | ${suite}: ${attribute(result, 'testName')}: ${attribute(result, 'outcome')}`);
    for (const line of parts.join('\n').split('\n').filter(Boolean).slice(0, linesMax)) console.error(`    |   ${line.trimEnd()}`);
  }
  if (failed.length > shownMax) console.error(`    | ${suite}: and ${failed.length - shownMax} more`);
}

const seen = new Map();
for (const name of readdirSync(folder).filter(file => file.endsWith('.trx'))) {
  const text = readFileSync(join(folder, name), 'utf8');
  const assembly = /\bstorage="[^"]*?([^"/\\]+)\.tests\.dll"/i.exec(text)?.[1];
  const suite = expected.find(one => `iskra.${one}`.toLowerCase() === assembly?.toLowerCase()) ?? assembly ?? name;
  const counters = /<Counters\b[^>]*>/.exec(text)?.[0] ?? '';
  const passed = Number(attribute(counters, 'passed'));
  const failed = Math.max(Number(attribute(counters, 'total')) - passed, Number(attribute(counters, 'failed')));
  const times = /<Times\b[^>]*>/.exec(text)?.[0] ?? '';
  const seconds = Math.round((Date.parse(attribute(times, 'finish')) - Date.parse(attribute(times, 'start'))) / 1000) || 0;
  // A run that was cut short may have a report of passed tests alone.
  const broken = passed === 0 || (failed === 0 && attribute(/<ResultSummary\b[^>]*>/.exec(text)?.[0] ?? '', 'outcome') !== 'Completed');
  seen.set(suite, { passed, failed: failed || (broken ? 1 : 0), seconds });
  if (failed) showFailures(suite, text);
}
for (const suite of expected.filter(one => !seen.has(one))) seen.set(suite, { passed: 0, failed: 1, seconds: 0 });
for (const [suite, { passed, failed, seconds }] of seen) console.log(`${suite} ${passed} ${failed} ${seconds}`);
