#!/usr/bin/env node
'use strict';
// format-check.js FILE...: C is as clang-format writes it by the style beside
// this file, but for where a statement breaks into lines and how far its later
// lines are indented: these are its author's, within 80 columns.  The versions
// of clang-format differ there, and a table of short values reads best in rows.
// Directives are not looked at.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const STYLE = path.join(__dirname, 'clang-format');
const DIRECTIVE = /^[ \t]*#(?:.*\\\n)*.*\n/gm;
const LEFT_OUT = '\x01';	// a line of a directive
const TOKEN = /\/\*[^]*?\*\/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\n\s*|[ \t]+|[^]/g;

// What ends with a line that no bracket holds open, beside ; { } and comments.
const HEAD = /^\s*(?:\} )?(?:if|else|for|while|do|switch)\b/;
const LABEL = /^\s*(?:case\b.*|default|[a-z_]+):$/;
const TYPE = /^[a-z][\w *]*$/i;	// a function's, above its name
const isOver = (text, next) => /^\s*$|[;{}]$|\*\/$/.test(text)
  || HEAD.test(text) || LABEL.test(text) || TYPE.test(text) || next === '{';

// The brace of a list comes after these, that of a block does not.
const isListNext = (text) => /(?:=\s*|\breturn\s+|\)|\benum(?: \w+)? )$/.test(text);

// A statement's tokens in one line.
function joined(tokens) {
  const isBroken = tokens.some((token) => token[0] === '\n');

  return tokens.map((token, i) => {
    const next = tokens[i + 1] ?? '';

    if (token[0] === '\n' && (['(', '['].includes(tokens[i - 1]) || [')', ']'].includes(next)))
      return '';
    if (i > 0 && /^\s/.test(token) && (isBroken || next.startsWith('/*')))
      return ' ';
    return token.startsWith('/*') ? token.replace(/\n\s*/g, ' ') : token;
  }).join('').trimEnd();
}

// The statements of a text, with the lines that they begin in.
function statements(text) {
  const found = [];
  let tokens = [];
  let depth = 0;
  let line = 1;
  let begin = 1;

  const plain = text.replace(DIRECTIVE,
    (directive) => LEFT_OUT.repeat(directive.split('\n').length - 1));
  for (const { 0: token, index } of plain.matchAll(TOKEN)) {
    const so_far = tokens.join('');

    if (token === LEFT_OUT) {
      line += 1;
      continue;
    }
    if (token[0] === '\n' && depth === 0 && isOver(so_far.trimEnd(), plain[index + token.length])) {
      found.push({ line: begin, text: joined(tokens) });
      const blank = token.lastIndexOf('\n');
      if (blank > 0)
        found.push({ line: line + 1, text: '' });
      line += token.split('\n').length - 1;
      tokens = token.length > blank + 1 ? [token.slice(blank + 1)] : [];
      begin = line;
      continue;
    }
    if (tokens.length === 0)
      begin = line;
    if ('(['.includes(token) || (token === '{' && (depth > 0 || isListNext(so_far))))
      depth += 1;
    else if (')]}'.includes(token) && depth > 0)
      depth -= 1;
    tokens.push(token);
    line += token.split('\n').length - 1;
  }
  return found;
}

function* differences(file, formatted) {
  const there = statements(fs.readFileSync(file, 'utf8'));
  const wanted = statements(fs.readFileSync(formatted, 'utf8'));

  for (let i = 0; i < there.length || i < wanted.length; i += 1) {
    if (there[i]?.text !== wanted[i]?.text) {
      yield `${file}:${there[i]?.line}:${there[i]?.text}\n  as written by clang-format:${wanted[i]?.text}`;
      return;	// what follows may only have moved
    }
  }
}

const files = process.argv.slice(2);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'format-'));
const copies = files.map((file) => path.join(scratch, file));
let count = 0;

try {
  files.forEach((file, i) => {
    fs.mkdirSync(path.dirname(copies[i]), { recursive: true });
    fs.copyFileSync(file, copies[i]);
  });
  execFileSync(process.env.CLANG_FORMAT || 'clang-format', ['-i', `--style=file:${STYLE}`, ...copies]);
  for (const [i, file] of files.entries())
    for (const difference of differences(file, copies[i])) {
      console.log(difference);
      count += 1;
    }
} finally {
  fs.rmSync(scratch, { recursive: true });
}
process.exitCode = count > 0 ? 1 : 0;
