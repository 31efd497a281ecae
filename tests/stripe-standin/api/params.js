// What each operation takes. Written from Stripe's published API reference, by hand and on purpose:
// tests/conformance holds it against the facts that are derived from Stripe's OpenAPI.

import { AMOUNT_MAX } from '../world/currency.js';
import {
  anything,
  bool,
  decimal,
  email,
  foreign,
  group,
  int,
  list,
  metadata,
  oneOf,
  range,
  required,
  str,
  unsettable,
} from './schema.js';

const expand = list(str());
const page = { expand, limit: int({ min: 1, max: 100 }), starting_after: str(), ending_before: str() };
const created = range();

const address = (line1 = str()) =>
  group({
    city: str(),
    country: str(),
    line1,
    line2: str(),
    postal_code: str(),
    state: str(),
  });

const priceData = group({
  currency: required(str(3)),
  product: str(),
  product_data: group({
    name: required(str()),
    description: str(40000),
    images: list(str(2048), 8),
    metadata: metadata(),
    tax_code: str(),
    unit_label: str(12),
  }),
  recurring: group({
    interval: required(oneOf('day', 'month', 'week', 'year')),
    interval_count: int({ min: 1 }),
  }),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  unit_amount: int({ min: 0, max: AMOUNT_MAX, maxCode: 'amount_too_large' }),
  unit_amount_decimal: decimal(),
});

const lineItem = group({
  adjustable_quantity: group({
    enabled: required(bool()),
    maximum: int({ min: 0 }),
    minimum: int({ min: 0 }),
  }),
  dynamic_tax_rates: list(foreign()),
  metadata: metadata(),
  price: str(),
  price_data: priceData,
  quantity: int({ min: 1 }),
  tax_rates: list(foreign()),
});

const paymentIntentData = group({
  application_fee_amount: foreign(),
  capture_method: oneOf('automatic', 'automatic_async', 'manual'),
  description: str(1000),
  metadata: metadata(),
  on_behalf_of: foreign(),
  receipt_email: email(800),
  setup_future_usage: oneOf('off_session', 'on_session'),
  shipping: group({
    address: required(address(required(str()))),
    carrier: str(),
    name: required(str()),
    phone: str(),
    tracking_number: str(),
  }),
  statement_descriptor: str(22),
  statement_descriptor_suffix: str(22),
  transfer_data: foreign(),
  transfer_group: str(),
});

const LOCALES = (
  'auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko lt lv ms mt nb nl pl pt ' +
  'pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW'
).split(' ');

export const sessionCreate = {
  adaptive_pricing: group({ enabled: bool() }),
  after_expiration: group({ recovery: group({ allow_promotion_codes: bool(), enabled: required(bool()) }) }),
  allow_promotion_codes: bool(),
  automatic_tax: group({ enabled: required(bool()), liability: anything() }),
  billing_address_collection: oneOf('auto', 'required'),
  branding_settings: anything(),
  cancel_url: str(),
  client_reference_id: str(200),
  consent_collection: group({
    payment_method_reuse_agreement: anything(),
    promotions: oneOf('auto', 'none'),
    terms_of_service: oneOf('none', 'required'),
  }),
  currency: str(3),
  custom_fields: list(anything(), 3),
  custom_text: anything(),
  customer: str(),
  customer_account: foreign(),
  customer_creation: oneOf('always', 'if_required'),
  customer_email: email(800),
  customer_update: group({
    address: oneOf('auto', 'never'),
    name: oneOf('auto', 'never'),
    shipping: oneOf('auto', 'never'),
  }),
  discounts: list(foreign()),
  excluded_payment_method_types: list(str()),
  expand,
  expires_at: int({ min: 0 }),
  integration_identifier: str(),
  invoice_creation: group({ enabled: required(bool()), invoice_data: anything() }),
  line_items: list(lineItem, 100),
  locale: oneOf(...LOCALES),
  managed_payments: foreign(),
  metadata: metadata(),
  mode: required(oneOf('payment', 'setup', 'subscription')),
  name_collection: anything(),
  optional_items: list(foreign()),
  origin_context: oneOf('mobile_app', 'web'),
  payment_intent_data: paymentIntentData,
  payment_method_collection: oneOf('always', 'if_required'),
  payment_method_configuration: str(100),
  payment_method_data: anything(),
  payment_method_options: anything(),
  payment_method_types: list(str()),
  permissions: anything(),
  phone_number_collection: group({ enabled: required(bool()) }),
  redirect_on_completion: oneOf('always', 'if_required', 'never'),
  return_url: str(),
  saved_payment_method_options: anything(),
  setup_intent_data: anything(),
  shipping_address_collection: group({ allowed_countries: required(list(str(2))) }),
  shipping_options: list(foreign()),
  submit_type: oneOf('auto', 'book', 'donate', 'pay'),
  subscription_data: anything(),
  success_url: str(),
  tax_id_collection: group({ enabled: required(bool()), required: oneOf('if_supported', 'never') }),
  ui_mode: str(),
  wallet_options: anything(),
};

export const sessionList = {
  ...page,
  created,
  customer: str(),
  customer_account: str(),
  customer_details: group({ email: required(str()) }),
  payment_intent: str(),
  payment_link: str(),
  status: oneOf('complete', 'expired', 'open'),
  subscription: str(),
};
export const sessionUpdate = { expand, metadata: unsettable(metadata()), collected_information: anything() };
export const lineItemList = { ...page };

const customerFields = {
  address: unsettable(address()),
  balance: int(),
  business_name: unsettable(str(150)),
  cash_balance: anything(),
  coupon: foreign(),
  description: unsettable(str()),
  email: unsettable(email(512)),
  expand,
  individual_name: unsettable(str(150)),
  invoice_prefix: str(),
  invoice_settings: anything(),
  metadata: unsettable(metadata()),
  name: unsettable(str(256)),
  next_invoice_sequence: int(),
  phone: unsettable(str(20)),
  preferred_locales: list(str()),
  promotion_code: foreign(),
  shipping: unsettable(group({ address: required(address()), name: required(str()), phone: str() })),
  source: foreign(),
  tax: anything(),
  tax_exempt: oneOf('', 'exempt', 'none', 'reverse'),
};

export const customerCreate = {
  ...customerFields,
  payment_method: foreign(),
  tax_id_data: list(foreign()),
  test_clock: foreign(),
};
export const customerUpdate = {
  ...customerFields,
  bank_account: foreign(),
  card: foreign(),
  default_alipay_account: foreign(),
  default_bank_account: foreign(),
  default_card: foreign(),
  default_source: foreign(),
};
export const customerList = { ...page, created, email: str(512), test_clock: str() };
export const retrieve = { expand };
export const nothing = {};

export const intentRetrieve = { client_secret: str(), expand };
export const intentList = { ...page, created, customer: str(), customer_account: str() };
export const chargeList = { ...page, created, customer: str(), payment_intent: str(), transfer_group: str() };

export const refundCreate = {
  amount: int({ min: 1 }),
  charge: str(),
  currency: foreign(),
  customer: foreign(),
  expand,
  instructions_email: email(),
  metadata: unsettable(metadata()),
  origin: foreign(),
  payment_intent: str(),
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
  refund_application_fee: bool(),
  reverse_transfer: bool(),
};
export const refundUpdate = { expand, metadata: unsettable(metadata()) };
export const refundList = { ...page, charge: str(), created, payment_intent: str() };
export const warningList = { ...page, charge: str(), created, payment_intent: str() };
export const disputeList = { ...page, charge: str(), created, payment_intent: str() };
export const eventList = {
  ...page,
  created,
  delivery_success: bool(),
  type: str(),
  types: list(str(), 20),
};
export const endpointList = { ...page };
export const endpointCreate = {
  api_version: str(),
  connect: foreign(),
  description: str(),
  enabled_events: required(list(str())),
  expand,
  metadata: unsettable(metadata()),
  url: required(str()),
};
export const endpointUpdate = {
  description: str(),
  disabled: bool(),
  enabled_events: list(str()),
  expand,
  metadata: unsettable(metadata()),
  url: str(),
};
