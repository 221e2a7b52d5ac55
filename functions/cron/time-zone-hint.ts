/** Places, and abbreviations of their times that are no zone names; the likeliest place of each comes first. */
const ABBREVIATED: readonly (readonly [place: string, abbreviations: string])[] = [
  ['America/New_York', 'ET EDT'],
  ['America/Chicago', 'CT CST CDT'],
  ['America/Denver', 'MT MDT'],
  ['America/Los_Angeles', 'PT PST PDT'],
  ['America/Halifax', 'AST ADT'],
  ['America/Anchorage', 'AKST AKDT AST'],
  ['America/St_Johns', 'NST NDT CNT'],
  ['America/Phoenix', 'PNT'],
  ['America/Indiana/Indianapolis', 'IET'],
  ['America/Puerto_Rico', 'PRT AST'],
  ['America/Sao_Paulo', 'BRT BET'],
  ['America/Argentina/Buenos_Aires', 'ART AGT'],
  ['America/Guayaquil', 'ECT'],
  ['Europe/London', 'BST'],
  ['Europe/Lisbon', 'WEST'],
  ['Europe/Berlin', 'CEST'],
  ['Europe/Paris', 'ECT'],
  ['Europe/Athens', 'EEST'],
  ['Europe/Moscow', 'MSK'],
  ['Africa/Cairo', 'ART'],
  ['Africa/Lagos', 'WAT'],
  ['Africa/Maputo', 'CAT'],
  ['Africa/Nairobi', 'EAT'],
  ['Africa/Johannesburg', 'SAST'],
  ['Asia/Kolkata', 'IST'],
  ['Asia/Jerusalem', 'IST'],
  ['Europe/Dublin', 'IST'],
  ['Asia/Yerevan', 'NET'],
  ['Asia/Karachi', 'PKT PLT'],
  ['Asia/Dhaka', 'BST'],
  ['Asia/Bangkok', 'ICT'],
  ['Asia/Ho_Chi_Minh', 'VST'],
  ['Asia/Singapore', 'SGT'],
  ['Asia/Hong_Kong', 'HKT'],
  ['Asia/Shanghai', 'CST CTT'],
  ['Asia/Manila', 'PST'],
  ['Asia/Seoul', 'KST'],
  ['Asia/Tokyo', 'JST'],
  ['Australia/Perth', 'AWST'],
  ['Australia/Darwin', 'ACST ACT'],
  ['Australia/Adelaide', 'ACST ACDT'],
  ['Australia/Sydney', 'AEST AEDT AET'],
  ['Pacific/Auckland', 'NZST NZDT NST'],
  ['Pacific/Guadalcanal', 'SST'],
  ['Pacific/Pago_Pago', 'SST'],
  ['Pacific/Apia', 'MIT'],
];

const OFFSET = /^(?:UTC|GMT)?([+-])(\d\d?)(?::?(\d\d))?$/i;

/** What to write instead of a name that is not a time zone. */
export function timeZoneHint(name: string): string {
  const wanted = name.trim();
  const places = ABBREVIATED.filter(([, abbreviations]) => abbreviations.split(' ').includes(wanted.toUpperCase()));
  if (places.length > 0)
    return `An abbreviation is no name of a time zone; give one such as ${either(places.map(([place]) => place))}.`;
  if (OFFSET.test(wanted)) return `An offset is no time zone; give a name such as ${either(namesForOffset(wanted))}.`;
  const near = namesLike(wanted);
  return `Not a known time zone; give a name such as ${either(near.length > 0 ? near : ['Europe/Berlin', 'UTC'])}.`;
}

/** Zones with a fixed offset of whole hours have names in which the sign is inverted. */
function namesForOffset(offset: string): string[] {
  const [, sign, hours = '', minutes = '0'] = OFFSET.exec(offset)!;
  const isWhole = Number(minutes) === 0 && Number(hours) > 0 && Number(hours) <= (sign === '+' ? 14 : 12);
  return isWhole ? ['Europe/Berlin', `Etc/GMT${sign === '+' ? '-' : '+'}${Number(hours)}`] : ['Asia/Kolkata', 'UTC'];
}

/** The zones whose last part is this name: `Berlin`, `new york`. */
function namesLike(name: string): string[] {
  const place = `/${name.replace(/^.*\//, '').replaceAll(' ', '_').toLowerCase()}`;
  return Intl.supportedValuesOf('timeZone').filter((zone) => zone.toLowerCase().endsWith(place));
}

function either(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(' or ');
}
