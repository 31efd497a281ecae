'use strict';
// What the source has that a page may name: files, functions, words, commands
// with their options, make's targets, addresses, rooms, causes and invariants.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const SOURCE = /\.(c|h|sql|sh|js|mk|awk|conf|html|[0-9])$|(^|\/)Makefile$|^tests\/stack\/roles$/;

class Source {
  constructor(build) {
    process.chdir(path.resolve(__dirname, '../..'));
    this.build = build;
    this.files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
      .split('\n').filter((file) => file && fs.existsSync(file));
    this.texts = new Map(this.files.filter((file) => SOURCE.test(file) && !file.startsWith('tests/pages/'))
      .map((file) => [file, fs.readFileSync(file, 'utf8')]));
    this.words = new Set([...this.#all(/[A-Za-z_][A-Za-z0-9_]*/g),
      ...this.files.map((file) => path.basename(file).replace(/\..*/, ''))]);
    this.functions = new Set([
      ...this.#all(/^([a-z_][a-z0-9_]*)\(/gm, /\.[ch]$/),
      ...this.#all(/^#define ([A-Z_]+)\(/gm, /\.h$/),
      ...this.#all(/^(?:NODISCARD )?(?:[a-z_]+ )+\*?([a-z_0-9]+)\(/gm, /\.h$/),
      ...this.#all(/create (?:or replace )?function teamdues\.([a-z_0-9]+)/g, /\.sql$/),
    ]);
    this.types = new Set(this.#all(/^\s*((?:struct|enum) [a-z_0-9]+)(?=[ ;])/gm, /\.[ch]$/));
    this.targets = new Set(this.#all(/^([a-z-]+):/gm, /Makefile$|\.mk$/));
    this.commands = this.#commandTable();
  }

  *#all(pattern, files = /./) {
    for (const [file, text] of this.texts) {
      if (files.test(file)) for (const match of text.matchAll(pattern)) yield match[1] ?? match[0];
    }
  }

  // From the usage: each command's words, with its options.
  #commandTable() {
    const usage = execFileSync(path.join(this.build, 'teamdues'), ['--help'], { encoding: 'utf8' });
    const table = new Map();
    for (const [, line] of usage.matchAll(/^ {7}teamdues ([a-z].*)$/gm)) {
      const name = /^[a-z-]+(?: [a-z][a-z-]*(?= |$))*/.exec(line)[0];
      table.set(name, line.match(/--[a-z-]+/g) ?? []);
      this.statuses ??= /--status ([a-z_|]+)/.exec(line)?.[1].split('|');
    }
    return table;
  }

  // A group's first words, or a command and options that it has.
  commandFault(words) {
    const name = [];
    if (words[0] === '--club') words.splice(0, 2);
    while (words.length > 0 && /^[a-z][a-z-]*$/.test(words[0])) name.push(words.shift());
    const options = words.filter((word) => word.startsWith('--')).map((word) => word.replace(/[=\]].*/, ''));
    const of = [...this.commands.keys()].filter((key) => `${key} `.startsWith(`${name.join(' ')} `));
    if (name.length > 0 && of.length === 0) return `no command ${name.join(' ')}`;
    const known = new Set(['--help', '--version', ...of.flatMap((key) => this.commands.get(key))]);
    const strange = options.find((option) => !known.has(option));
    return strange ? `no option ${strange}` : '';
  }

  pages() {
    return this.files.filter((file) => file.endsWith('.md'));
  }

  // As a whole or as a part of a longer one; ids of Stripe's are made up.
  hasWord(word) {
    return this.words.has(word) || /^(cs|pi|evt|re|dp)_\w*\d/.test(word)
      || [...this.words].some((longer) => longer.startsWith(`${word}_`));
  }

  // A file, a folder, or a pattern that some file matches; NAME is any name.
  hasPath(name) {
    const clean = path.normalize(name).replace(/\/$/, '').replace(/[A-Z]{4,}(?!\w*\.md)/g, '*');
    if (fs.existsSync(clean)) return true;
    const pattern = new RegExp(`^${clean.replace(/[.+]/g, '\\$&').replace(/\*/g, '[^/]*')}$`);
    return clean.includes('*') && this.files.some((file) => pattern.test(file));
  }

  hasFile(name) {
    return this.files.some((file) => file === name || file.endsWith(`/${name}`));
  }

  // An address of the site, of Stripe or of a test's server; NAME is any name,
  // and each program is asked for its health.
  hasAddress(address) {
    const fixed = address.replace(/[A-Z]{2,}.*|….*/, '');
    const program = /^\/healthz\/([a-z-]+)$/.exec(address)?.[1];
    return [...this.texts.values()].some((text) => text.includes(fixed))
      || this.files.some((file) => file.replace(/^cgi-bin\/(.*)\.c$/, '$1').replaceAll('/', '-') === program);
  }

  foldersOf(parent) {
    return [...new Set(this.files.map((file) => file.split('/')).filter((parts) => parts[0] === parent && parts.length > 2)
      .map((parts) => `${parent}/${parts[1]}`))];
  }

  foldersFiles(folder, ending) {
    return this.files.filter((file) => path.dirname(file) === folder && file.endsWith(ending));
  }

  // The web programs, as their sockets are called.
  programs() {
    return this.files.filter((file) => /^cgi-bin\/.*\.c$/.test(file))
      .map((file) => file.replace(/^cgi-bin\/(.*)\.c$/, '$1').replaceAll('/', '-')).sort();
  }

  // Those that nginx lets be asked for their health.
  askedPrograms() {
    const [, pattern] = /\^\/healthz\/\(\?<\w+>(.*)\)\$ /.exec(this.texts.get('nginx/teamdues.conf'));
    const nginx = new RegExp(`^(?:${pattern})$`);
    return this.programs().filter((program) => nginx.test(program));
  }

  // Every folder of lib that has sources.
  rooms() {
    return [...new Set(this.files.filter((file) => /^lib\/.*\.c$/.test(file)).map((file) => path.dirname(file)))];
  }

  // Which rooms each one looks at, beside lib/base: house-check.sh holds the
  // includes to that.
  looks() {
    const [, table] = /^rooms\(\) \{\n\tcat <<-'END'\n([^]*?)\tEND$/m.exec(this.texts.get('tests/lint/house-check.sh'));
    return new Map(table.trim().split('\n').map((line) => line.trim().split(/:\s*/)).map(([room, below = '']) =>
      [`lib/${room}`, below.split(' ').filter((name) => name && name !== 'base').map((name) => `lib/${name}`).sort().join(' ')]));
  }

  orderStatuses() {
    return this.statuses;
  }

  // As teamdues.conf(5) has them, which manual-test.sh holds to the code.
  settings() {
    return [...this.texts.get('runbook/teamdues.conf.5').matchAll(/^\.It Ev (.*)$/gm)].flatMap(([, names]) => names.split(' , Ev '));
  }

  causes() {
    return new Set([...this.#all(/VERDICT_\w+[^";]*,\s*"([a-z_]+)"/g, /^runbook\/.*\.c$/),
      ...this.#all(/\[CAUSE_[A-Z_]+\] = \{ (?:\.name = )?"([a-z_]+)"/g, /^runbook\/.*\.c$/)]);
  }

  // Number and sentence of each invariant that the audit checks.
  auditedInvariants() {
    const [, body] = /function teamdues\.invariant[^]*?case p_number([^]*?)\n\tend/.exec(this.texts.get('sql/functions/audit.sql'));
    return [...body.matchAll(/when (\d+) then((?:\s+'(?:[^']|'')*')+)/g)].map(([, number, strings]) => [Number(number),
      [...strings.matchAll(/'((?:[^']|'')*)'/g)].map((match) => match[1]).join('').replaceAll("''", "'")]);
  }

  // The invariants that each test cites: "invariants 1, 2 and 7".
  citedInvariants() {
    const cited = new Map();
    for (const [file, text] of this.texts) {
      if (!/^tests\/.*\.[ch]$/.test(file)) continue;
      for (const [, list] of text.matchAll(/\binvariants?((?:[\s*]|,|and|to|\d)+)/gi)) {
        const numbers = cited.get(file) ?? new Set();
        for (const number of list.match(/\d+/g) ?? []) numbers.add(Number(number));
        cited.set(file, numbers);
      }
    }
    return cited;
  }
}

module.exports = { Source };
