import { PRICES, PRICES_APART } from './prices.js';

const ALL_PRICES = { ...PRICES, ...PRICES_APART };

export type Unit = keyof typeof ALL_PRICES;
/** Amounts of billable units. A read unit is strongly consistent; an eventually consistent read takes half a unit. */
export type Units = Record<Unit, number>;

const UNITS = Object.keys(ALL_PRICES) as Unit[];
/** Units that make up the price of a delivery. */
export const BILLED = Object.keys(PRICES) as (keyof typeof PRICES)[];
export const APART = Object.keys(PRICES_APART) as (keyof typeof PRICES_APART)[];

export function units(some: Partial<Units> = {}): Units {
  return Object.fromEntries(UNITS.map((unit) => [unit, some[unit] ?? 0])) as Units;
}

export function sum(parts: readonly Partial<Units>[]): Units {
  return parts.reduce<Units>((total, part) => {
    for (const unit of UNITS) total[unit] += part[unit] ?? 0;
    return total;
  }, units());
}

export function times(factor: number, of: Units): Units {
  return Object.fromEntries(UNITS.map((unit) => [unit, of[unit] * factor])) as Units;
}

/** Dollars for a million times `amount` of a unit. */
export function dollarsPerMillion(unit: Unit, amount: number): number {
  const { dollars, per } = ALL_PRICES[unit];
  return ((amount * dollars) / per) * 1_000_000;
}

/** Dollars for a million times these units, without the units of `PRICES_APART`. */
export function billOf(of: Units): number {
  return BILLED.reduce((total, unit) => total + dollarsPerMillion(unit, of[unit]), 0);
}

export function describe(unit: Unit): string {
  return ALL_PRICES[unit].what;
}
