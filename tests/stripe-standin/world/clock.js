// The stand-in's time: real time plus what tests have moved it forward.

export class Clock {
  constructor() {
    this.offset = 0;
  }

  // Whole seconds, as in every `created` of Stripe.
  now() {
    return Math.floor(Date.now() / 1000) + this.offset;
  }

  advance(seconds) {
    this.offset += seconds;
  }
}
