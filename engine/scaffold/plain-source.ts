import type { JsonObject } from '../records.ts';
import type { SourceShape } from './feed-draft.ts';

/** The row that stands for the vendor's until the author puts a real one in its place. */
export const plainSource: SourceShape = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    name: { type: 'string' },
    email: { type: ['string', 'null'] },
    updatedAt: { type: ['string', 'null'], format: 'date-time' },
    team: { type: ['string', 'null'] },
  },
  required: ['id', 'name'],
};

/** Two rows of invented people: one whole, one with what may be missing. */
export const plainRows: readonly JsonObject[] = [
  { id: 'a-1', name: 'Nora Quist', email: 'nora@acme.example', updatedAt: '2026-03-04T05:06:07Z', team: 'Blue' },
  { id: 'a-2', name: 'Li Wei', email: null, updatedAt: null, team: null },
];

export const plainCase = 'whole-and-sparse';
