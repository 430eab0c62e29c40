/**
 * Prints the tables of docs/cost.md: what the stack costs, from its inputs.
 *
 *   node bench/cost.js
 *   node bench/cost.js --hosts 250 --set eventsPerHostDay=60000 --set batchWindowSeconds=300
 *   node bench/cost.js --json
 */
import { parseArgs } from 'node:util';
import { CLASS_SHARES, EVENT, FIXED, LOAD, PRICES } from './cost-inputs.js';
import { costOf } from './cost-model.js';

const GROUPS = { Load: LOAD, 'An event': EVENT, Classes: CLASS_SHARES, 'The stack': FIXED };
const HOSTS = [1, 100, 10_000, 100_000];

/** Two digits: the inputs are no better. Above 100 with commas. */
const digits = (number) => {
  const rounded = Number(number.toPrecision(2));
  return rounded >= 1 ? rounded.toLocaleString('en-US') : String(rounded);
};
const dollars = (number) => `$${digits(number)}`;
const exact = (number) => number.toLocaleString('en-US', { maximumFractionDigits: 12 });

/** A table as prettier lays it out; all columns but the first are numbers where `numbers` is set. */
function table(header, rows, numbers = true) {
  const widths = header.map((name, i) => Math.max(3, name.length, ...rows.map((row) => row[i].length)));
  const isRight = (i) => numbers && i > 0;
  const line = (cells) =>
    `| ${cells.map((cell, i) => (isRight(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join(' | ')} |`;
  const rule = widths.map((width, i) => (isRight(i) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(header), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

const inputRows = (inputs, of) =>
  Object.entries(inputs).map(([name, { unit, from }]) => [`\`${name}\``, exact(of[name]), unit, from]);

function report(of, hosts) {
  const results = hosts.map((count) => costOf(of, count));
  const services = Object.keys(results[0].services);
  const perMillion = (result, amount) => dollars((amount / result.events) * 1e6);
  return [
    '### A month, by service',
    table(
      ['Hosts', ...services, 'Sum', 'A host'],
      results.map((result) => [
        exact(result.hosts),
        ...services.map((service) => dollars(result.services[service])),
        dollars(result.total),
        dollars(result.total / result.hosts),
      ]),
    ),
    '### A million events, by service',
    table(
      ['Hosts', 'Million events a month', ...services, 'Sum'],
      results.map((result) => [
        exact(result.hosts),
        digits(result.events / 1e6),
        ...services.map((service) => perMillion(result, result.services[service])),
        perMillion(result, result.total),
      ]),
    ),
    '### What it takes',
    table(
      [
        'Hosts',
        'Events/s',
        'MiB/s at peak',
        'Shards',
        'Events a batch',
        'Objects a day',
        'KB an object',
        'Concurrency at peak',
        'A shard busy at peak',
      ],
      results.map(({ hosts: count, needs }) => [
        exact(count),
        digits(needs.rate),
        digits(needs.peakMibPerSecond),
        exact(needs.shards),
        digits(needs.batchEvents),
        digits(needs.objectsPerDay),
        digits(needs.objectBytes / 1000),
        exact(Math.ceil(needs.concurrency)),
        `${digits(needs.shardBusy * 100)}%`,
      ]),
    ),
    '### Kinesis, on demand or provisioned',
    table(
      ['Hosts', 'On demand, a month', 'Provisioned shards', 'Provisioned, a month'],
      results.map((result) => [
        exact(result.hosts),
        dollars(result.services.Kinesis),
        exact(result.needs.provisionedShards),
        dollars(result.provisionedKinesis),
      ]),
    ),
    '### Inputs',
    ...Object.entries(GROUPS).map(([title, inputs]) =>
      table([title, 'Value', 'Unit', 'From'], inputRows(inputs, of), false),
    ),
    '### Prices',
    table(['us-east-1', 'Value', 'Unit', 'Of'], inputRows(PRICES, of), false),
  ].join('\n\n');
}

/** @throws {TypeError} one line, for a person */
function readArguments(args) {
  const { values } = parseArgs({
    args,
    options: {
      set: { type: 'string', multiple: true, default: [] },
      hosts: { type: 'string', default: HOSTS.join(',') },
      json: { type: 'boolean', default: false },
    },
  });
  const all = { ...LOAD, ...EVENT, ...CLASS_SHARES, ...FIXED, ...PRICES };
  const of = Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value]));
  for (const setting of values.set) {
    const [name, text = ''] = setting.split('=');
    if (!Object.hasOwn(of, name)) throw new TypeError(`--set: there is no input ${JSON.stringify(name)}`);
    if (!/^\d+(\.\d+)?$/.test(text)) throw new TypeError(`--set ${name}: a number from 0, please`);
    of[name] = Number(text);
  }
  const hosts = values.hosts.split(',').map(Number);
  if (!hosts.every((count) => Number.isInteger(count) && count > 0)) {
    throw new TypeError('--hosts: whole numbers above 0, joined with commas');
  }
  return { of, hosts, json: values.json };
}

try {
  const { of, hosts, json } = readArguments(process.argv.slice(2));
  console.log(json ? JSON.stringify(hosts.map((count) => costOf(of, count))) : report(of, hosts));
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  console.error(`cost: ${error.message.split('\n')[0]}`);
  process.exitCode = 2;
}
