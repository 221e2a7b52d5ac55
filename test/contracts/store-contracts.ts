import { bulkStoreContract } from './bulk-store.js';
import { configReaderContract } from './config-reader.js';
import { deadLetterStoreContract } from './dead-letter-store.js';
import { healthStoreContract, heldRunStoreContract, limitStoreContract } from './endpoint-stores.js';
import { eventStoreContract } from './event-store.js';
import { listenersContract } from './listeners.js';
import { placeStoreContract } from './place-store.js';
import { relayStoreContract } from './relay-store.js';
import { runListsContract } from './run-lists.js';
import { runStoreContract } from './run-store.js';
import { scheduleStoreContract } from './schedule-store.js';
import { statsStoreContract } from './stats-store.js';
import { type Stores, storesOf } from './stores.js';

/** Every store that has a fake. */
export function storeContracts(make: () => Promise<Stores>): void {
  const stores = storesOf(make);
  describe('runs', () => runStoreContract(stores));
  describe('dead letters', () => deadLetterStoreContract(stores));
  describe('schedules', () => scheduleStoreContract(stores));
  describe('events', () => eventStoreContract(stores));
  describe('listeners', () => listenersContract(stores));
  describe('configuration', () => configReaderContract(stores));
  describe('held runs', () => heldRunStoreContract(stores));
  describe('limits', () => limitStoreContract(stores));
  describe('health', () => healthStoreContract(stores));
  describe('relays', () => relayStoreContract(stores));
  describe('places', () => placeStoreContract(stores));
  describe('bulk jobs', () => bulkStoreContract(stores));
  describe('lists of runs', () => runListsContract(stores));
  describe('statistics', () => statsStoreContract(stores));
}
