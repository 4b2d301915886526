/**
 * Every code an issue or error may carry, with one line that says what it means.
 * `engine/diagnostics/README.md` documents each and nothing else; a test compares the two.
 */
export const codes = {
  // descriptor: what `sluice validate` finds
  'descriptor/not-found': 'There is no integration of that name, or its folder has no integration.yaml.',
  'descriptor/unreadable': 'The file could not be read, or is larger than a descriptor may be.',
  'descriptor/yaml-syntax': 'The YAML does not parse.',
  'descriptor/json-syntax': 'A JSON file of the integration does not parse.',
  'descriptor/unknown-key': 'A key that the descriptor language does not have.',
  'descriptor/missing-key': 'A key that must be there is not.',
  'descriptor/wrong-value': 'A value of the wrong type or outside what is allowed.',
  'descriptor/unknown-reference': 'A name that points at nothing: a stream, property, permission, budget or file.',
  'descriptor/unknown-placeholder': 'A {placeholder} that is no connection property.',
  'descriptor/bad-derivation': 'A derived stream that cannot be computed as declared.',
  'descriptor/derived-from-off': 'A stream that is on by default is computed from one that is off.',
  'descriptor/deprecated-on': 'A stream that the vendor gives up is on by default.',
  'descriptor/duplicate-stream': 'Two streams ask for the same and give the same class.',
  'descriptor/impossible-paging': 'Paging that cannot move, cannot end, or asks for other pages than it says.',
  'descriptor/pointer-finds-nothing':
    'A JSON Pointer that finds nothing, or something else, in every saved answer of the stream.',
  'descriptor/pages-not-read': 'A saved answer tells of a next page that the stream never reads.',
  'descriptor/absent-field': 'A field of the row that no row of any case has.',
  'descriptor/unused-property': 'A connection property that nothing uses.',
  'descriptor/unused-rate-limit': 'A rate limit that no stream keeps to.',
  'descriptor/unused-file': 'A mapping or derivation that no stream uses.',
  'descriptor/secret-in-clear': 'A credential that stands in the file itself.',
  'descriptor/secret-exposed': 'A secret placeholder where logs, reports or messages would show its value.',
  'descriptor/unmarked-secret': 'A connection property that sounds like a secret and is not marked as one.',
  'descriptor/unsafe-address': 'An address that is not https, or whose host could be anything.',
  'descriptor/foreign-host': 'A path that is a whole address, of another host than baseUrl.',
  'descriptor/path-encoding': 'A path that is not, or not only once, percent-encoded when it is sent.',
  'descriptor/dead-rule': 'A rule of the error catalogue that no answer can reach.',
  'descriptor/bad-pattern': 'A regular expression that does not compile.',
  'descriptor/slow-pattern': 'A regular expression that can take exponential time.',
  'descriptor/unknown-class': 'The OCSF release or class does not exist here.',

  // permissions: what the vendor's own list says against a descriptor
  'permissions/unused': 'A permission that the descriptor asks for and no stream uses.',
  'permissions/undeclared': 'A stream declares no permission, but its path is closed without one.',
  'permissions/does-not-open': 'A declared permission that does not open the path of its stream.',
  'permissions/not-least': 'A declared permission, though a lesser one opens the path.',
  'permissions/beyond-need': 'A declared permission that is not needed beside another of the stream.',
  'permissions/delegated-only': 'No app-only token can read the path, whatever is granted.',
  'permissions/app-only-allowed':
    'A stream is said to be for signed-in users only, but the vendor opens its path to app-only tokens.',
  'permissions/unknown-path': 'The vendor catalogue does not list the path, so nothing proves its permissions.',

  // connection: what the operator supplied
  'connection/unknown-property': 'A connection property that the integration does not have.',
  'connection/missing-property': 'A connection property that must be given is not.',
  'connection/wrong-value': 'A connection property of the wrong form.',
  'connection/unreadable': 'A connection file, environment variable or secret file could not be read.',

  // auth
  'auth/refused': 'The token endpoint refused the credentials.',
  'auth/bad-answer': 'The token endpoint answered something that is no token.',
  'auth/unreachable': 'The token endpoint could not be reached.',
  'auth/bad-key': 'A certificate or private key could not be read.',

  // fetch
  'fetch/permission-denied': 'The source refused our rights; trying again will not help.',
  'fetch/unauthorized': 'The source refused the token, also after a fresh one.',
  'fetch/unlicensed': 'The source refuses because the tenant lacks a licence.',
  'fetch/retired': 'The vendor has retired this endpoint.',
  'fetch/not-in-cloud': 'The vendor does not offer this endpoint in the chosen cloud.',
  'fetch/not-found': 'The source does not know the address.',
  'fetch/bad-request': 'The source did not understand the request.',
  'fetch/throttled': 'The source kept asking to wait until the retry budget was used up.',
  'fetch/unavailable': 'The source kept failing until the retry budget was used up.',
  'fetch/network': 'The source could not be reached, or the connection broke, until the retry budget was used up.',
  'fetch/not-json': 'The answer is not JSON, or was cut off.',
  'fetch/wrong-shape': 'The answer is JSON, but not of the shape the descriptor declares.',
  'fetch/too-large': 'The answer is larger than a page may be.',
  'fetch/foreign-link': 'A next link or redirect leads to another origin; nothing was sent there.',
  'fetch/paging-loop': 'The source sent a next link or page that was seen before.',
  'fetch/children-failed': 'The children of some parents could not be read; those of the others were.',
  'fetch/job-failed': 'A job that the source prepares ended badly, or nothing came of it.',
  'fetch/expired-page-token': 'The page token expired a second time.',
  'fetch/resync': 'The source forgot what it had sent, and again right after a full reading.',
  'fetch/window-too-full': 'One second has more records than the source gives of one window.',
  'fetch/row-not-object': 'A row that is no JSON object.',

  // mapping
  'mapping/syntax': 'The mapping does not parse as JSONata.',
  'mapping/failed': 'The mapping raised an error on this record.',
  'mapping/no-record': 'The mapping gave nothing, or something that is no object.',
  'mapping/unknown-attribute': 'The mapping gives an attribute that the class or object does not have.',
  'mapping/wrong-type': 'The mapping gives a value of another type than the attribute has.',
  'mapping/unknown-enum-value': 'The mapping gives an id that the enumeration does not have.',
  'mapping/caption-mismatch': 'The mapping gives a caption that does not say what its id says, or that no id has.',
  'mapping/missing-required': 'The mapping gives no value for a required attribute that the engine does not fill in.',
  'mapping/needs-profile': 'The mapping gives an attribute of a profile that the stream does not declare.',
  'mapping/deprecated-attribute': 'The mapping gives an attribute, object or id that OCSF has deprecated.',
  'mapping/redundant-attribute':
    'The mapping gives an attribute that the engine fills in by itself, or gives one twice.',
  'mapping/constraint': 'An at-least-one or just-one constraint can never hold.',
  'mapping/iso-time': 'The mapping gives text where OCSF wants milliseconds.',
  'mapping/unknown-name': 'The mapping uses a variable, function or connection property that does not exist.',
  'mapping/unknown-source-field': 'The mapping uses a field that the declared source record does not have.',
  'mapping/unused-source-field': 'A declared source field is neither mapped nor kept under unmapped.',
  'mapping/unguarded-optional': 'A source field that may be missing or null is used where that does harm.',
  'mapping/not-only-bindings': 'A shared file holds something else than bindings.',
  'mapping/unused-binding': 'A variable is set that nothing uses, in a mapping or, of a shared file, in any of them.',
  'mapping/not-compiled': 'The mapping is left to the interpreter: it has no program to show.',

  // ocsf
  'ocsf/unknown-attribute': 'An attribute that the class or object does not have.',
  'ocsf/missing-attribute': 'A required attribute is missing.',
  'ocsf/wrong-type': 'A value of the wrong type.',
  'ocsf/out-of-range': 'A number, length or pattern outside what the type allows.',
  'ocsf/unknown-enum-value': 'An id that the enumeration does not have.',
  'ocsf/sibling-mismatch': 'A caption that does not say what its id says.',
  'ocsf/type-uid': 'type_uid is not class_uid × 100 + activity_id.',
  'ocsf/constraint': 'An at-least-one or just-one constraint does not hold.',
  'ocsf/profile':
    'A profile that does not exist or that the class does not take, or an attribute whose profile is not declared.',
  'ocsf/observable': 'An observable that names no attribute of the record, or whose type or value does not fit.',
  'ocsf/version': 'metadata.version is not the release the record was checked against.',
  'ocsf/implausible-time': 'A time that looks like seconds or lies outside any plausible range.',
  'ocsf/deprecated': 'A class, object, attribute or enum value that OCSF has deprecated.',

  // state
  'state/unreadable': 'A saved cursor cannot be read.',
  'state/locked': 'Another run has the state of this connection in hand.',
  'state/ambiguous': 'There is state of several connections, and none was chosen.',
  'state/no-time': 'A stream whose place is no time cannot be moved to one.',
  'state/write-failed': 'The state could not be written.',

  // derive
  'derive/source-incomplete': 'The stream this one is computed from did not complete.',
  'derive/not-derivable': 'What was asked cannot be computed from the rows of the other stream.',
  'derive/too-many-groups': 'The computation would hold more groups than its bound.',

  // run
  'run/unknown-stream': 'The integration has no stream of that name.',
  'run/no-output': 'The folder holds no output of a run.',
  'run/limit-reached': 'The stream stopped at --limit.',
  'run/interrupted': 'The run was interrupted; what had been accepted is kept.',
  'run/worker-died': 'Two workers died of the page that the row is on.',
  'run/unforeseen': 'An error the engine did not foresee: a bug to report.',
  'run/usage': 'The options do not go together.',

  // sink
  'sink/write-failed': 'The output could not be written.',

  // cases
  'case/low-coverage': 'The golden cases exercise less of the mappings than the descriptor asks for.',
  'case/unreadable': 'A golden case is incomplete or no JSON.',

  // new
  'new/bad-name': 'A name that no integration or stream can have.',
  'new/bad-address': 'An address that cannot be the base URL of a source.',
  'new/exists': 'The folder of the new integration is there already.',
  'new/unknown-choice': 'A kind of auth or pagination that the descriptor language does not have.',
  'new/not-openapi': 'The file is no OpenAPI 3.0 or 3.1 document, or has no list to read.',
  'new/unknown-operation': 'An operation that the OpenAPI document does not have, or that answers no list.',
  'new/write-failed': 'The folder of the new integration could not be written.',

  // import: what another tool's file cannot bring along
  'import/not-carried': 'Something in the file that the descriptor language has no word for.',
  'import/secret-in-clear': 'A credential that stands in the file; it was not copied.',
  'import/carried-otherwise': 'Something that is carried, but not word for word.',
  'import/passed-over': 'Something in the file that Sluice has no need of.',
  'import/unreadable': 'The file could not be read: missing, too large, no YAML or JSON, or references in a circle.',
  'import/wrong-format': 'The file is of another format than was said.',
  'import/nothing-to-read': 'The file describes no stream that could be carried.',
  'import/unknown-stream': 'A class was given for a stream that the file does not have.',

  // record
  'record/case-exists': 'A case of that name exists, and it was not to be written over.',
  'record/no-rows': 'The source has no row to record.',

  // sandbox
  'sandbox/not-found': 'The integration has no sandbox.',
  'sandbox/wrong-value': 'The sandbox description or an option of it is not understood.',
} as const satisfies Record<string, string>;

export type IssueCode = keyof typeof codes;
