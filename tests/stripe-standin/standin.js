// The stand-in as one thing: its state, its clock, and everything that can be reset between tests.

import { Idempotency } from './api/idempotency.js';
import { Keys } from './api/keys.js';
import { RequestLog } from './api/log.js';
import { Faults } from './control/faults.js';
import { Deliveries } from './delivery/queue.js';
import { Clock } from './world/clock.js';
import { World } from './world/world.js';

const CHANGEABLE = {
  deliveriesEnabled: true,
  firstRetryMs: 1000,
  duplicateFraction: 0,
  shuffle: false,
  dropFraction: 0,
  seed: 1,
  enabledEvents: ['*'],
  refundStatus: 'succeeded',
};

export class Standin {
  constructor(config) {
    this.config = config;
    this.baseUrl = '';
    this.reset();
  }

  // Back to birth: nothing exists, and the settings are those of the environment.
  reset() {
    this.deliveries?.close();
    this.settings = { ...CHANGEABLE, ...this.config };
    this.clock = new Clock();
    this.keys = new Keys(this.config.keys);
    this.idempotency = new Idempotency(this.clock);
    this.faults = new Faults();
    this.log = new RequestLog();
    this.world = new World(this.clock, this.settings);
    this.deliveries = new Deliveries(this.world, this.settings);
    this.world.onEvent = (row) => this.deliveries.add(row);
  }
}
