'use strict';
// page.js PAGE.md: runs every command that the page shows, beside a stack of its
// own, and compares exit status and output with what the page says.  In a
// ```console block "$ " begins a command, "# exit N" tells a status other than
// 0, a line of "…" stands for any lines and "…" in a line for any text; blanks
// count as one; what the log says beside it does not count.
// <!-- scene: NAME --> lets something happen (scenes.sh).

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const project = path.resolve(__dirname, '../..');
const build = path.resolve(process.env.BUILD || path.join(project, 'build'));

// The page's steps in their order: { scene } or { command, status, expected }.
function stepsOf(text) {
  const steps = [];
  let inside = false;
  for (const line of text.split('\n')) {
    const scene = /^<!-- scene: ([a-z_]+) -->$/.exec(line);
    if (scene) steps.push({ scene: scene[1] });
    else if (line.startsWith('```')) inside = !inside && line === '```console';
    else if (inside && line.startsWith('$ ')) {
      steps.push({ command: line.slice(2), status: 0, expected: [] });
    } else if (inside && /^# exit \d+$/.test(line)) {
      steps.at(-1).status = Number(line.slice(7));
    } else if (inside) steps.at(-1).expected.push(line);
  }
  return steps;
}

const LOG_LINE = /^(debug|info|warn|error) [a-z_]+ [a-z_]+=/;

const squeeze = (line) => line.trim().replace(/\s+/g, ' ');

// A whole output as one regular expression: what is fixed has to be there.
function patternOf(lines) {
  const parts = lines.map((line) => {
    if (line.trim() === '…') return '(?:.*\n)*?';
    const fixed = squeeze(line).split('…').map((part) =>
      part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return `${fixed.join('.*')}\n`;
  });
  return new RegExp(`^${parts.join('')}$`);
}

function matches(expected, output) {
  const lines = output.split('\n').filter((line) => !LOG_LINE.test(line)).map(squeeze);
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  return patternOf(expected).test(lines.map((line) => `${line}\n`).join(''));
}

function shell(folder, script) {
  return spawnSync('bash', ['-c', `. "$project/tests/runbook/scenes.sh"; ${script}`], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, project, PATH: `${build}:${process.env.PATH}` },
  });
}

// Words in capitals stand for what a scene has named.
function named(folder, text) {
  const file = path.join(folder, 'names');
  const names = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const values = Object.fromEntries(names.split('\n').filter(Boolean).map((line) => line.split('=')));
  return text.replace(/\b[A-Z]{3,}\b/g, (word) => values[word] || word);
}

// What is wrong with a step; '' when nothing is.
function faultOf(folder, step) {
  if (step.scene) {
    const done = shell(folder, `set -eu; scene_${step.scene}`);
    return done.status === 0 ? '' : `the scene failed:\n${done.stdout}${done.stderr}`;
  }
  const done = shell(folder, `{ ${named(folder, step.command)}; } 2>&1`);
  const shown = `it printed:\n${done.stdout}${done.stderr}`;
  if (done.status !== step.status) {
    return `exit ${done.status}, the page says ${step.status}; ${shown}`;
  }
  const expected = step.expected.map((line) => named(folder, line));
  return matches(expected, done.stdout) ? '' : `the page shows:\n${expected.join('\n')}\n${shown}`;
}

// The commands that the page only mentions: teamdues has to know them.
function mentioned(text) {
  const found = text.replace(/^```[^]*?^```/gm, '').matchAll(/`teamdues ((?:[a-z][a-z-]*[ \n`])+)/g);
  return [...new Set([...found].map((match) => match[1].replace(/[\n` ]+/g, ' ').trim()))];
}

// The comparison itself must be able to fail.
function checkTheCheck() {
  const page = ['a  b', '…', 'order 1  …  paid'];
  const good = matches(page, 'a b\nx\ny\norder 1 Mia paid\n');
  const bad = ['a c\norder 1 Mia paid\n', 'a b\norder 1 Mia pending\n', 'a b\norder 1 Mia paid\nmore\n', '']
    .some((output) => matches(page, output));
  return good && !bad && matches([], '') && !matches([], 'x\n');
}

function main(page) {
  const text = fs.readFileSync(page, 'utf8');
  const steps = stepsOf(text);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'teamdues-page.'));
  let passed = 0;
  let failed = 0;
  const tell = (name, fault) => {
    if (fault) failed += 1;
    else passed += 1;
    console.log(fault ? `FAILED: ${name}: ${fault}` : `ok: ${name}`);
  };
  tell('the comparison can fail', checkTheCheck() ? '' : 'it cannot');
  tell('the page shows commands', steps.some((step) => step.command) ? '' : 'it shows none');
  try {
    for (const step of steps) tell(step.scene ? `scene ${step.scene}` : step.command, faultOf(folder, step));
    for (const words of mentioned(text)) {
      tell(`${words} is a command`, faultOf(folder, { command: `teamdues ${words} --help`, status: 0, expected: ['Usage: teamdues …', '…'] }));
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main(process.argv[2]);
