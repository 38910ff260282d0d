// Prints the table of docs/reliability.md from what the tests of the faults reported:
//   node eng/faults-table.mjs REPORT.jsonl TESTS.json
// The rows stand here and nowhere else. One that no test reported is not shown; one with a failed test has failed.
import { existsSync, readFileSync } from 'node:fs';

const rows = [
  'kill -9 during saves',
  '2 and 10 servers on one database, killed together or one at a time',
  'kill during first start and migration',
  '10 processes migrate at once',
  'kill during backup',
  'kill during restore',
  'restore while servers run',
  'disk full: database, log, backup, event log',
  'I/O error at the nth write or fsync',
  'read-only file system, no permission',
  'damaged pages',
  'truncated, stale or foreign WAL, missing -shm',
  'full-text index damaged, missing, out of step',
  'newer schema, foreign database',
  'older schemas, another memory\'s database',
  'failing migration',
  'clock backwards, far ahead, daylight saving',
  'oversize text, tags and names',
  'invalid UTF-8, lone surrogates, NUL, control and bidi characters',
  'malformed, deep or huge JSON-RPC',
  'unknown fields',
  'full-text syntax, SQL and globs in a query',
  'path traversal in ingestion: .., links, devices, huge and binary files',
  'hostile git repository',
  'SIGTERM, SIGINT, SIGHUP in mid-write',
  'end of input, parent killed, output closed',
  'slow client, full output pipe',
  'anything but the protocol on standard output',
  'many sessions at once',
  'network use',
  'HTTP: rebinding, cross-origin, no token',
  'network file system',
];

const lines = (path) => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []);
const reports = lines(process.argv[2]).map((line) => JSON.parse(line));
const tests = existsSync(process.argv[3]) ? JSON.parse(readFileSync(process.argv[3], 'utf8')).results.tests : [];
const failed = tests.filter((test) => test.status === 'failed').map((test) => Number(/Row(\d\d)_/.exec(test.name)?.[1]));
const cell = (texts) => [...new Set(texts.filter(Boolean))].join('; ').replace(/\s+/g, ' ').replaceAll('|', '\\|');

console.log('| # | fault | how injected | rounds | result | what the user saw |');
console.log('|---|---|---|---|---|---|');
rows.forEach((fault, index) => {
  const row = index + 1;
  const own = reports.filter((report) => report.row === row).sort((a, b) => (a.fault < b.fault ? -1 : 1));
  const count = failed.filter((number) => number === row).length;
  const result = count > 0 ? `**FAILED** (${count} of its tests)` : own.length > 0 ? cell(own.map((report) => report.held)) : 'not shown';
  const rounds = own.reduce((sum, report) => sum + report.rounds, 0);
  const saw = cell(own.map((report) => report.user_sees));
  console.log(`| ${row} | ${fault} | ${cell(own.map((report) => report.injected_by))} | ${own.length > 0 ? rounds : ''} | ${result} | ${saw} |`);
});
