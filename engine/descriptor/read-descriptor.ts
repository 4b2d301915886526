import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Issue } from '../diagnostics/issue.ts';
import { shortPath } from '../diagnostics/short-path.ts';
import { pointerTo } from '../json-pointer.ts';
import { type CheckSchema, compileSchema } from '../schema/compile-schema.ts';
import { checkPrudence, checkSoundness } from './checks/check-descriptor.ts';
import type { Subject } from './checks/subject.ts';
import type { Descriptor, Setup } from './descriptor.ts';
import { fillDefaults, type RawDispatchTable, type RawErrors } from './fill-defaults.ts';
import { type Locate, locateWritten } from './locate-written.ts';
import { isThere, openText, type OpenTexts, withOpenNames } from './open-texts.ts';
import { type CheckName, type KnownTo, knownTo, salvage, writtenOf } from './salvage.ts';
import { schemaIssues } from './schema-issues.ts';
import { readYamlFile, type YamlFile } from './yaml-file.ts';

/**
 * What was read of one integration folder. Without a descriptor, `issues` says why. A descriptor may come with errors in
 * `issues` as well: it can then be checked further, but must not be run.
 */
export type ReadDescriptor = {
  readonly descriptor?: Descriptor;
  /** `errors.yaml`, where there is one that is sound. */
  readonly errorsFile?: YamlFile | undefined;
  readonly issues: readonly Issue[];
  /** For checks that run later and point into `integration.yaml`. */
  readonly locate: Locate;
  /** What is sound of the descriptor, for checks that run later; also where it breaks its schema. Never to be run. */
  readonly knownTo: KnownTo;
  /**
   * What else its author should know, without which a run does well. `expressions` are the texts of the feed's mappings
   * and derivations.
   */
  readonly checkFurther: (expressions: readonly string[]) => Promise<Issue[]>;
};

/** Reads `integration.yaml`, `errors.yaml`, `setup.yaml`, `derivations/` and `dispatch/` of a folder and checks them, all problems at once. */
export async function readDescriptor(folder: string, schemasDir: string, open?: OpenTexts): Promise<ReadDescriptor> {
  const path = join(folder, 'integration.yaml');
  const file = await readYamlFile(path, shortPath(path), { open });
  const check = await loadCheck(join(schemasDir, 'descriptor.schema.json'));
  const own = file.issues.length > 0 ? file.issues : schemaIssues(file, check);
  const errors = await readBeside({ folder, name: 'errors', schemasDir, open });
  const setup = await readBeside({ folder, name: 'setup', schemasDir, open });
  const { tables, broken, issues: ofTables } = await readTables(folder, schemasDir, open);

  // What is sound of each file passes the schema that the type restates.
  const isSound = own.length === 0;
  const salvaged = salvage(file.value, isSound ? () => [] : check);
  const rawErrors = (errors.sound?.value ?? {}) as RawErrors;
  const rawSetup = (setup.sound?.value ?? {}) as Partial<Setup>;
  const descriptor = fillDefaults(salvaged.raw, rawErrors, await readDerivations(folder, open), rawSetup, tables);

  const beside = [
    ...(errors.issues.length > 0 ? ['/errors'] : []),
    ...(setup.issues.length > 0 ? ['/setup'] : []),
    ...broken.map((stream) => pointerTo(['streams', stream, 'dispatch'])),
  ];
  const known = { ...salvaged, leftOut: new Set([...salvaged.leftOut, ...beside]) };
  const knows = knownTo(descriptor, known);
  const locate = locateWritten(file);
  const subjectFor = (name: CheckName): Subject | undefined => {
    const seen = knows(name);
    return (
      seen && {
        descriptor: seen,
        folderName: basename(folder),
        integrationFile: seen === descriptor && isSound ? file : { ...file, value: writtenOf(salvaged.written, seen) },
        locate,
        errorsFile: errors.sound,
        setupFile: setup.sound,
      }
    );
  };
  return {
    ...(isSound && { descriptor }),
    errorsFile: errors.sound,
    issues: [...own, ...errors.issues, ...setup.issues, ...ofTables, ...checkSoundness(subjectFor)],
    locate,
    knownTo: knows,
    checkFurther: (expressions) => checkPrudence(subjectFor, expressions),
  };
}

type Beside = { readonly sound?: YamlFile; readonly issues: readonly Issue[] };

/** One that is not sound counts as absent, so that what is wrong elsewhere is told as well. */
async function readBeside({ folder, name, schemasDir, schema = name, open }: BesideRequest): Promise<Beside> {
  const path = join(folder, `${name}.yaml`);
  if (!(await isThere(path, open))) return { issues: [] };
  const file = await readYamlFile(path, shortPath(path), { open });
  const issues = await checkFile(file, join(schemasDir, `${schema}.schema.json`));
  return issues.length > 0 ? { issues } : { sound: file, issues };
}

type BesideRequest = {
  readonly folder: string;
  /** Of the file, without its ending. */
  readonly name: string;
  readonly schemasDir: string;
  /** Default: the name. */
  readonly schema?: string;
  readonly open: OpenTexts | undefined;
};

async function readTables(folder: string, schemasDir: string, open: OpenTexts | undefined) {
  const names = await namesIn(join(folder, 'dispatch'), open);
  const tables = new Map<string, RawDispatchTable>();
  const broken: string[] = [];
  const issues: Issue[] = [];
  for (const file of names.filter((name) => name.endsWith('.yaml'))) {
    const stream = basename(file, '.yaml');
    const name = join('dispatch', stream);
    const read = await readBeside({ folder, name, schemasDir, schema: 'dispatch', open });
    issues.push(...read.issues);
    // It has just passed the schema that this type restates.
    if (read.sound !== undefined) tables.set(stream, read.sound.value as RawDispatchTable);
    else broken.push(stream);
  }
  return { tables, broken, issues };
}

async function namesIn(folder: string, open: OpenTexts | undefined): Promise<string[]> {
  const saved = (await isThere(folder)) ? await readdir(folder) : [];
  return withOpenNames(saved, folder, open);
}

async function readDerivations(folder: string, open: OpenTexts | undefined): Promise<Map<string, string>> {
  const inside = join(folder, 'derivations');
  const files = (await namesIn(inside, open)).filter((name) => name.endsWith('.jsonata'));
  return new Map(
    await Promise.all(
      files.map(async (name) => {
        const path = join(inside, name);
        return [basename(name, '.jsonata'), openText(path, open) ?? (await readFile(path, 'utf8'))] as const;
      }),
    ),
  );
}

async function checkFile(file: YamlFile, schemaPath: string): Promise<readonly Issue[]> {
  if (file.issues.length > 0) return file.issues;
  return schemaIssues(file, await loadCheck(schemaPath));
}

const loaded = new Map<string, Promise<CheckSchema>>();

/** A schema is read and compiled once a process. */
function loadCheck(path: string): Promise<CheckSchema> {
  let check = loaded.get(path);
  if (check === undefined) {
    check = readFile(path, 'utf8').then((text) => compileSchema(JSON.parse(text) as object)); // our own file
    loaded.set(path, check);
  }
  return check;
}
