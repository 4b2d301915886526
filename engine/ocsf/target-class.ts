import type { ClassPlan, ShapePlan } from './class-plan.ts';

/** How the engine fills an attribute in: whatever the mapping says, or only where it says nothing. */
export type FilledIn = 'always' | 'by-default';

/**
 * A class as those see it who check a mapping before it runs: its shape, and by dotted path what `complete-record.ts`
 * fills in.
 */
export function targetClass({ version, shape }: ClassPlan): {
  readonly version: string;
  readonly shape: ShapePlan;
  readonly filledIn: ReadonlyMap<string, FilledIn>;
} {
  return { version, shape, filledIn };
}

const always = [
  ...['class_uid', 'class_name', 'category_uid', 'category_name', 'type_uid', 'type_name'],
  ...['metadata.version', 'metadata.uid', 'metadata.profiles'],
];

const byDefault = [
  ...['time', 'metadata', 'metadata.logged_time', 'metadata.processed_time', 'metadata.correlation_uid'],
  ...['metadata.event_code', 'metadata.log_name', 'metadata.product'],
  ...['metadata.product.vendor_name', 'metadata.product.name'],
];

const filledIn: ReadonlyMap<string, FilledIn> = new Map([
  ...always.map((path) => [path, 'always'] as const),
  ...byDefault.map((path) => [path, 'by-default'] as const),
]);
