// What each file of tests begins with: a stack, a browser, and stories that are
// told on each screen.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SCREENS, Visit, launch } from './browser.js';
import { Stack } from './stack.js';

export class Stage {
  constructor() {
    this.stack = new Stack();
    before(async () => {
      this.browser = await launch(this.stack);
    });
    after(() => this.browser?.close());
  }

  // `tell` gets a visitor who has never been here; a page of ours that
  // complained on the way fails the story.
  story(name, tell) {
    for (const screen of Object.keys(SCREENS))
      test(`${name} (${screen})`, { timeout: 60e3 }, (t) =>
        this.visit(screen, {}, (visit) => tell(visit, t)),
      );
  }

  async visit(screen, options, tell) {
    const visit = await Visit.start(this.browser, this.stack, screen, options);
    try {
      await tell(visit);
      assert.deepEqual(visit.faults, []);
    } finally {
      await visit.close();
    }
  }
}
