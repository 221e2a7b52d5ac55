/** Under this type the metadata of a synthesized stack has the settings of its Punctual: `punctual preflight` reads them. */
export const SETTINGS_METADATA = 'punctual:settings';
