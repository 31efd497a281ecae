// A treasurer at work: what she clicks and fills in is counted, and how long she
// is at it, so that a job which gets longer is seen.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './look.js';

const field = (part, name) =>
  part.getByLabel(new RegExp(`^${name}( \\(optional\\))?$`));

export class Work {
  constructor(visit) {
    this.visit = visit;
    this.page = visit.page;
    this.clicks = 0;
    this.fields = 0;
  }

  // `part`: of what it is the only one; the page, where none is told.
  async click(role, name, part = this.page) {
    this.clicks += 1;
    await part.getByRole(role, { name, exact: true }).click();
  }

  async fill(name, text, part = this.page) {
    this.fields += 1;
    await field(part, name).fill(text);
  }

  async choose(name, option, part = this.page) {
    this.fields += 1;
    await field(part, name).selectOption(option);
  }

  // An act that is folded behind its title, open.
  async unfold(name, part = this.page) {
    this.clicks += 1;
    const title = part.locator('summary').getByText(name, { exact: true });
    await title.click();
    return part.locator('details[open]').filter({ has: title });
  }

  // By the box that is on every page; Enter is no click.
  async find(text) {
    await this.click('searchbox', 'Find a family');
    await this.fill('Find a family', text);
    await this.page.keyboard.press('Enter');
  }

  // The last button, and what it leads to.
  async confirm(name) {
    await this.click('button', name);
    await this.visit.heading(/^(Done|On their way)$/);
  }
}

// Of each job, on each screen: what it took.
export class Jobs {
  constructor() {
    this.rows = new Map();
  }

  async do(visit, name, tell) {
    const work = new Work(visit);
    const began = Date.now();
    await tell(work);
    const seconds = (Date.now() - began) / 1000;
    if (!this.rows.has(name)) this.rows.set(name, new Map());
    const { clicks, fields } = work;
    this.rows.get(name).set(visit.screen, { clicks, fields, seconds });
  }

  // A line a job: on each screen clicks, fields, seconds.
  table(screens) {
    const cell = (row) =>
      row
        ? `${row.clicks} clicks, ${row.fields} fields, ${row.seconds.toFixed(1)} s`
        : '';
    const lines = [...this.rows].map(([name, row]) =>
      [name, ...screens.map((screen) => cell(row.get(screen)))].join(' | '),
    );
    return [['job', ...screens].join(' | '), ...lines, ''].join('\n');
  }

  keep(screens) {
    const folder = join(build, 'test');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'desk-jobs.txt'), this.table(screens));
  }
}
