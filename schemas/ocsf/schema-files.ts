import type { ClassFacts, Objects, ReleaseFacts } from '../../engine/ocsf/facts.ts';
import { classSchema, objectsSchema, type ProfileSet, schemaFileName } from '../../engine/ocsf/json-schema.ts';
import { printEntries } from './print-entries.ts';

/** Sets of profiles other than the empty one that are committed, with the classes they are committed for. */
const committedSets: readonly { profiles: ProfileSet; classes: readonly string[] }[] = [
  { profiles: ['cloud'], classes: ['base_event', 'inventory_info', 'user_inventory'] },
];

/** Every committed JSON Schema of one release: file name to text. */
export function schemaFiles(release: ReleaseFacts, objects: Objects, classes: readonly ClassFacts[]) {
  const facts = { release, objects };
  const files = new Map<string, string>();
  const sets = [{ profiles: [], classes: classes.map(({ name }) => name) }, ...committedSets];
  for (const { profiles, classes: names } of sets) {
    // Depth 3 gives an object of `$defs` one line for each of its attributes; a class is one level flatter.
    files.set(schemaFileName('objects', profiles), printEntries(objectsSchema(facts, profiles), 4));
    for (const one of classes.filter(({ name }) => names.includes(name))) {
      files.set(schemaFileName(one.name, profiles), printEntries(classSchema(facts, one, profiles), 2));
    }
  }
  return files;
}
