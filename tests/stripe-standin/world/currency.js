// Which currencies there are, and the least that may be charged in them (minor units).

const MINIMUM = {
  usd: 50,
  aed: 200,
  aud: 50,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  inr: 50,
  jpy: 50,
  krw: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
  zar: 50,
};
const OTHERS = [
  'bif',
  'clp',
  'djf',
  'gnf',
  'kmf',
  'mga',
  'pyg',
  'rwf',
  'vnd',
  'vuv',
  'xaf',
  'xof',
  'xpf',
  'bhd',
  'jod',
  'kwd',
  'omr',
  'tnd',
  'isk',
  'ugx',
  'twd',
  'ils',
  'php',
  'idr',
  'cop',
  'pen',
  'ars',
  'uyu',
  'crc',
  'bgn',
  'try',
  'uah',
  'ngn',
  'kes',
  'egp',
  'mad',
  'sar',
  'qar',
  'lkr',
  'pkr',
];
const ZERO_DECIMAL = new Set([
  'bif',
  'clp',
  'djf',
  'gnf',
  'jpy',
  'kmf',
  'krw',
  'mga',
  'pyg',
  'rwf',
  'vnd',
  'vuv',
  'xaf',
  'xof',
  'xpf',
]);
const THREE_DECIMAL = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);
const KNOWN = new Set([...Object.keys(MINIMUM), ...OTHERS]);

// Eight digits are Stripe's limit for most ways to pay.
export const AMOUNT_MAX = 99999999;

export const isCurrency = (code) => KNOWN.has(code);
export const currencyNames = () => [...KNOWN];

// Where no minimum is published the settlement currency's counts, after conversion; one unit will do here.
export const minimumCharge = (code) => MINIMUM[code] ?? 1;

export function formatAmount(amount, code) {
  if (ZERO_DECIMAL.has(code)) return `${amount} ${code.toUpperCase()}`;
  const digits = THREE_DECIMAL.has(code) ? 3 : 2;
  return `${(amount / 10 ** digits).toFixed(digits)} ${code.toUpperCase()}`;
}
