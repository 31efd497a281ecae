// Early fraud warnings: a card network thinks that a payment's holder will dispute it.

import { newId } from './ids.js';
import { WrongState } from './payment.js';

export function warn(world, charge, { fraud_type: type = 'misc' }) {
  if (charge?.object.status !== 'succeeded') throw new WrongState('there is no successful charge to warn of');
  const object = {
    id: newId('issfr'),
    object: 'radar.early_fraud_warning',
    actionable: true,
    charge: charge.object.id,
    created: world.now(),
    fraud_type: type,
    livemode: charge.live,
    payment_intent: charge.object.payment_intent,
  };
  const row = world.warnings.insert(object, charge.live);
  world.emit('radar.early_fraud_warning.created', row);
  return row;
}

// Nothing can be done about it any more: it was refunded in full, or disputed.
export function settleWarning(world, row) {
  row.object = { ...row.object, actionable: false };
  world.emit('radar.early_fraud_warning.updated', row, { actionable: true });
}
