import * as z from 'zod';
import { nameSchema } from '../name-schema.js';

const environment = z.enum(['production', 'staging']);

export const newProjectSchema = z.strictObject({ name: nameSchema, environment: environment.default('production') });

export const projectPatchSchema = z.strictObject({ name: nameSchema.optional(), environment: environment.optional() });

export const newKeySchema = z.strictObject({ label: nameSchema });
