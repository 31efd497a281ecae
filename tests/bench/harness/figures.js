// Figures of processes, and tables of figures.

import { readFileSync, readdirSync } from 'node:fs';

const TICKS_A_SECOND = 100;

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has just ended
  }
}

// The fields after the name, which may hold anything.
function statOf(pid) {
  const text = read(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

// A process and all that came from it.
export function family(root) {
  const children = new Map();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = Number(statOf(entry)[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

// Microseconds of processor time of a family, with what its ended children used.
export function cpuOf(root) {
  let ticks = 0;
  for (const pid of family(root)) {
    const stat = statOf(pid).slice(11, 15).map(Number);
    ticks += (stat[0] || 0) + (stat[1] || 0);
    if (pid === root) ticks += (stat[2] || 0) + (stat[3] || 0);
  }
  return (ticks * 1e6) / TICKS_A_SECOND;
}

function kilobytes(pid, file, name) {
  const line = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(read(`/proc/${pid}/${file}`));
  return line ? Number(line[1]) : 0;
}

export const pssOf = (pid) => kilobytes(pid, 'smaps_rollup', 'Pss');
export const peakOf = (pid) => kilobytes(pid, 'status', 'VmHWM');

// The machine's idle share between two calls, in per cent.
export function idleMeter() {
  const now = () => read('/proc/stat').split('\n')[0].split(/\s+/).slice(1, 9).map(Number);
  const before = now();
  return () => {
    const spent = now().map((value, i) => value - before[i]);
    return (100 * spent[3]) / Math.max(1, spent.reduce((a, b) => a + b));
  };
}

export function median(values) {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

// With as many decimals as say something.
export function shown(value) {
  if (!Number.isFinite(value)) return '-';
  const decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

// A Markdown table; numbers are shown, and stand to the right.
export function table(head, rows) {
  const lines = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? shown(cell) : String(cell))));
  const widths = head.map((name, i) => Math.max(name.length, ...lines.map((line) => line[i].length)));
  const isNumber = head.map((_, i) => rows.some((row) => typeof row[i] === 'number'));
  const pad = (cell, i) => (isNumber[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i]));
  const rule = widths.map((width, i) => '-'.repeat(width + 1) + (isNumber[i] ? ':' : '-'));
  const line = (cells) => `| ${cells.map(pad).join(' | ')} |`;
  return [line(head), `|${rule.join('|')}|`, ...lines.map(line), ''].join('\n');
}
