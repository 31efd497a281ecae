'use strict';
// pages-test.js BUILD: what the pages of the project name exists, and what they
// are to name they do name; nginx asks each program for its health.  names.js
// knows what the source has; a page that lacks or invents one thing is tried for
// each rule, so that each can fail.

const fs = require('node:fs');
const path = require('node:path');
const { Source } = require('./names.js');

const source = new Source(process.argv[2] || 'build');

const quoted = (text) => [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]);
const withoutFences = (text) => text.replace(/^```[^]*?^```/gm, '');
const anchorOf = (heading) => heading.toLowerCase().replace(/[^\w\- ]/g, '').replace(/ /g, '-');

function anchors(text) {
  return [...withoutFences(text).matchAll(/^#+ (.*)$/gm)].map((match) => anchorOf(match[1]));
}

// Links lead to a file that is there, and to a heading of it.
function* brokenLinks(page, pages) {
  for (const [, target] of pages[page].matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^https?:/.test(target)) continue;
    const [file, anchor] = target.split('#');
    const to = file ? path.join(path.dirname(page), file) : page;
    if (!source.hasPath(to)) yield `link to ${target}: no such file`;
    else if (anchor && !anchors(pages[to] ?? '').includes(anchor)) yield `link to ${target}: no such heading`;
  }
}

const PATH = /(?<![\w./-])(?:lib|sql|tests|cgi-bin|runbook|nginx)\/[\w./*-]*[\w/*]/g;
const FILE = /^[\w*][\w./*-]*\.(?:c|h|sql|sh|js|awk|mk|md|svg|html|css|conf)$/;

function* missingPaths(page, pages) {
  const names = new Set([...pages[page].matchAll(PATH)].map((match) => match[0]));
  for (const name of names) if (!source.hasPath(name)) yield `no path ${name}`;
  for (const name of quoted(pages[page])) {
    const places = [name, path.join(path.dirname(page), name)];
    if (FILE.test(name) && !places.some((place) => source.hasPath(place)) && !source.hasFile(name)) yield `no file ${name}`;
  }
}

// Functions, settings, tables, columns, structs: every word that can be one.
function* missingWords(page, pages) {
  for (const [, name] of withoutFences(pages[page]).matchAll(/\b([a-z_][a-z0-9_]*)\(\)/g)) {
    if (!source.functions.has(name)) yield `no function ${name}()`;
  }
  for (const text of quoted(pages[page])) {
    const kind = /^(struct|enum) ([a-z_0-9]+)$/.exec(text);
    if (kind && !source.types.has(text)) yield `no ${text}`;
    if (/^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)+$/.test(text) && !source.hasWord(text)) yield `no ${text} in the source`;
    if (/^(GET |POST )?\/[a-z][\w./…-]*$/.test(text) && !source.hasAddress(text.replace(/^[A-Z]+ /, ''))) {
      yield `no address ${text}`;
    }
  }
}

// `teamdues email blast --again`, whole or only its first words; `make demo`.
function* missingCommands(page, pages) {
  for (const text of quoted(withoutFences(pages[page]))) {
    const words = text.split(' ');
    if (words[0] === 'make' && /^[a-z-]+$/.test(words[1] ?? '') && !source.targets.has(words[1])) {
      yield `no target: ${text}`;
    }
    if (words[0] === 'teamdues' && words.length > 1) {
      const fault = source.commandFault(words.slice(1));
      if (fault) yield `${text}: ${fault}`;
    }
  }
}

// A folder is named by itself or by something in it.
function* unnamed(pages, page, what, names) {
  const named = quoted(pages[page] ?? '');
  for (const name of names) {
    if (!named.some((text) => text === name || text.startsWith(`${name}/`))) yield `${page} does not name the ${what} ${name}`;
  }
}

// Each page names all that is its to name.
function* omissions(pages) {
  yield* unnamed(pages, 'lib/README.md', 'room', source.rooms());
  yield* unnamed(pages, 'lib/README.md', 'order status', source.orderStatuses());
  yield* unnamed(pages, 'runbook/install.md', 'setting', source.settings());
  yield* unnamed(pages, 'runbook/README.md', 'cause', source.causes());
  yield* unnamed(pages, 'tests/README.md', 'folder', source.foldersOf('tests'));
  for (const file of source.foldersFiles('runbook', '.md')) {
    if (!/(README|changelog)\.md$/.test(file) && !pages['runbook/README.md'].includes(`](${path.basename(file)}`)) {
      yield `runbook/README.md leads nowhere to ${file}`;
    }
  }
  for (const folder of ['lib', 'sql', 'tests', 'runbook']) {
    if (!pages['README.md'].includes(`${folder}/README.md`)) yield `README.md does not point to ${folder}/README.md`;
  }
}

// The table of rooms says where each looks, as house-check.sh does.
function* lookFaults(pages) {
  for (const [room, below] of source.looks()) {
    const row = new RegExp(`^\\| \`${room}\` \\|.*\\|(.*)\\|$`, 'm').exec(pages['lib/README.md'] ?? '');
    const said = row ? quoted(row[1]).sort().join(' ') : '';
    if (!row || said !== below) yield `lib/README.md: ${room} looks at "${below}", not "${said}"`;
  }
}

// The invariants of lib/README.md: what the audit says in words, what tests cite,
// and the tests that tests/README.md gives for each.
function* invariantFaults(pages) {
  const stated = new Map([...(pages['lib/README.md'] ?? '').matchAll(/^(\d+)\. \*\*(.*?)\*\*/gms)]
    .map(([, number, sentence]) => [Number(number), sentence.replace(/\s+/g, ' ')]));
  for (const [number, sentence] of source.auditedInvariants()) {
    if (stated.get(number) !== sentence) yield `lib/README.md does not state invariant ${number} as the audit does: ${sentence}`;
  }
  const cited = source.citedInvariants();
  for (const [file, numbers] of cited) {
    for (const number of numbers) if (!stated.has(number)) yield `${file} cites invariant ${number}, which is none`;
  }
  for (const number of stated.keys()) {
    const row = new RegExp(`^\\| ${number} .*$`, 'm').exec(pages['tests/README.md'] ?? '');
    const tests = row ? quoted(row[0]) : [];
    if (tests.length === 0) yield `tests/README.md names no test of invariant ${number}`;
    for (const test of tests) {
      if (!cited.get(`tests/system/${test}.c`)?.has(number)) yield `${test} does not cite invariant ${number}`;
    }
  }
}

function faultsOf(pages) {
  const faults = [];
  for (const page of Object.keys(pages)) {
    for (const rule of [brokenLinks, missingPaths, missingWords, missingCommands]) {
      for (const fault of rule(page, pages)) faults.push(`${page}: ${fault}`);
    }
  }
  return [...faults, ...omissions(pages), ...lookFaults(pages), ...invariantFaults(pages)];
}

// What each rule must see: a page, what is put in place of what, and the fault.
const MISTAKES = [
  ['runbook/README.md', 'webhooks.md#failing', 'webhooks.md#falling', 'no such heading'],
  ['runbook/README.md', '(monitoring.md)', '(monitor.md)', 'no such file'],
  ['sql/README.md', 'tests/system/test_roles.c', 'tests/system/test_rules.c', 'no path'],
  ['sql/README.md', '`functions/record.sql`', '`functions/recorded.sql`', 'no file'],
  ['sql/README.md', 'record_ledger()', 'record_book()', 'no function'],
  ['sql/README.md', '`struct statement`', '`struct sentence`', 'no struct'],
  ['sql/README.md', '`refund_facts`', '`refund_rumours`', 'in the source'],
  ['runbook/install.md', '`SMTP_URL`', '`SMTP_URI`', 'in the source'],
  ['runbook/install.md', '`RECEIPTS`', 'RECEIPTS', 'setting'],
  ['README.md', '`make help`', '`make halp`', 'no target'],
  ['runbook/README.md', '`teamdues unmatched list`', '`teamdues unmatched lest`', 'no command'],
  ['runbook/README.md', '--order N', '--odour N', 'no option'],
  ['runbook/README.md', '`open_sessions`', 'open sessions', 'cause'],
  ['lib/README.md', '`lib/app`, `lib/mail`, `lib/store`', '`lib/app`, `lib/store`', 'looks at'],
  ['tests/README.md', '`test_words`', '`test_webhook`', 'does not cite'],
  ['tests/README.md', '`tests/lint`', 'tests/lint', 'folder'],
];

let passed = 0;
let failed = 0;

function expect(name, faults) {
  if (faults.length === 0) passed += 1;
  else failed += 1;
  console.log([faults.length === 0 ? `ok: ${name}` : `FAILED: ${name}`, ...faults].join('\n'));
}

const pages = Object.fromEntries(source.pages().map((page) => [page, fs.readFileSync(page, 'utf8')]));
for (const page of Object.keys(pages)) {
  expect(`${page} names what exists`, faultsOf({ ...pages }).filter((fault) => fault.startsWith(`${page}: `)));
}
expect('the pages name what is theirs to name', [...omissions(pages)]);
expect('the rooms look where they are said to', [...lookFaults(pages)]);
expect('the invariants are stated, cited and tested', [...invariantFaults(pages)]);
const asked = source.askedPrograms();
expect('nginx lets each program be asked for its health', source.programs().filter((program) => !asked.includes(program)));
for (const [page, right, wrong, fault] of MISTAKES) {
  const broken = { ...pages, [page]: pages[page].replaceAll(right, wrong) };
  const seen = pages[page].includes(right)
    && faultsOf(broken).some((line) => line.includes(fault) && !faultsOf(pages).includes(line));
  expect(`a mistake in ${page} would be seen: ${wrong}`, seen ? [] : ['it is not']);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
