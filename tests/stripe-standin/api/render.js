// An object as a given API version shows it. `ui_mode` got new names with this version.

const NEW_UI_NAMES = '2026-03-25';
const OLD_NAME = { hosted_page: 'hosted', embedded_page: 'embedded', elements: 'custom' };

export const usesNewUiNames = (version) => version.slice(0, 10) >= NEW_UI_NAMES;

export function render(object, version) {
  if (object.object !== 'checkout.session' || usesNewUiNames(version)) return { ...object };
  return { ...object, ui_mode: OLD_NAME[object.ui_mode] ?? object.ui_mode };
}
