import fc from 'fast-check';

/** Text of JSONata expressions of every construct, over the names the data of {@link dirtyData} uses. */
export function anyExpression(): fc.Arbitrary<string> {
  return fc.letrec<Grammar>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: leaf() },
      { weight: 5, arbitrary: tie('path') },
      { weight: 3, arbitrary: tie('operation') },
      { weight: 3, arbitrary: tie('call') },
      { weight: 2, arbitrary: tie('constructor') },
      { weight: 2, arbitrary: tie('control') },
      { weight: 2, arbitrary: tie('higherOrder') },
      { weight: 1, arbitrary: tie('lambdaCall') },
      { weight: 2, arbitrary: tie('idiom') },
    ),
    path: pathOf(tie('expression')),
    operation: operationOf(tie('expression')),
    call: callOf(tie('expression')),
    constructor: constructorOf(tie('expression')),
    control: controlOf(tie('expression')),
    higherOrder: higherOrderOf(tie('expression')),
    lambdaCall: lambdaCallOf(tie('expression')),
    idiom: idiomOf(tie('expression')),
  })).expression;
}

/** Only what mappings say over and over, which the compiler has ways of its own for. */
export function anyIdiom(): fc.Arbitrary<string> {
  return idiomOf(anyExpression());
}

type Grammar = {
  expression: string;
  path: string;
  operation: string;
  call: string;
  constructor: string;
  control: string;
  higherOrder: string;
  lambdaCall: string;
  idiom: string;
};

type Text = fc.Arbitrary<string>;

/** A text with holes for the parts, in order. */
function written(template: string, ...parts: Text[]): Text {
  const [first = '', ...rest] = template.split('~');
  return fc
    .tuple(...parts)
    .map((texts) => rest.reduce((text, piece, index) => text + (texts[index] ?? '') + piece, first));
}

const names = ['a', 'b', 'c', 'list', 'name', '`two words`', 'value', 'toString', '`__proto__`', 'constructor'];

const name = (): Text =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'c', 'list') },
    { weight: 1, arbitrary: fc.constantFrom(...names) },
  );

const literal = (): Text =>
  fc.constantFrom(
    '0',
    '1',
    '-1',
    '2.5',
    '1e3',
    '""',
    '"x"',
    '"a"',
    '"10"',
    '"é😀"',
    'true',
    'false',
    'null',
    '[]',
    '{}',
  );

const variable = (): Text => fc.constantFrom('$', '$', '$x', '$y', '$$', '$bound', '$missing');

const leaf = (): Text => fc.oneof(literal(), variable(), name(), name(), written('~.~', name(), name()));

const place = (): Text => fc.constantFrom('0', '1', '-1', '1.5', '5');

function pathOf(expression: Text): Text {
  const predicate = fc.oneof(
    place(),
    expression,
    written('~ = ~', name(), literal()),
    written('~ > ~', name(), literal()),
  );
  const step = fc.oneof(
    { weight: 8, arbitrary: name() },
    { weight: 2, arbitrary: written('~[~]', name(), predicate) },
    { weight: 1, arbitrary: written('(~)', expression) },
    { weight: 1, arbitrary: written('[~]', expression) },
    { weight: 1, arbitrary: written('{"k": ~}', expression) },
    { weight: 1, arbitrary: fc.constantFrom('*', '**', '$', '$string()', '$keys()', '%', 'a[]', 'list[]') },
    { weight: 1, arbitrary: written('~[]', name()) },
    { weight: 1, arbitrary: written('~#$i', name()) },
    { weight: 1, arbitrary: written('~@$y', name()) },
  );
  const walked = fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => steps.join('.'));
  return fc.oneof(
    { weight: 6, arbitrary: walked },
    { weight: 2, arbitrary: written('~.~', variable(), walked) },
    { weight: 1, arbitrary: written('~[~]', walked, predicate) },
    { weight: 1, arbitrary: written('(~)[~]', expression, predicate) },
    { weight: 1, arbitrary: written('~[~].~', variable(), predicate, walked) },
    { weight: 1, arbitrary: written('~^(~)', walked, fc.oneof(name(), variable(), expression)) },
    { weight: 1, arbitrary: written('~^(>~, <~).~', walked, name(), name(), walked) },
    { weight: 1, arbitrary: written('~{~: ~}', walked, fc.oneof(name(), expression), expression) },
    { weight: 1, arbitrary: written('~{$string(~): ~, "z": ~}', walked, name(), expression, expression) },
    { weight: 1, arbitrary: written('(~).~', expression, walked) },
    { weight: 1, arbitrary: written('[~, ~].~', expression, expression, walked) },
    { weight: 1, arbitrary: written('(~)[]', expression) },
    { weight: 1, arbitrary: written('~.($y := ~; ~)', walked, expression, expression) },
    { weight: 1, arbitrary: written('~@$y.~[$y.~ = ~]', name(), walked, name(), name()) },
    { weight: 1, arbitrary: written('~#$x.~{$string($x): ~}', name(), walked, expression) },
    { weight: 2, arbitrary: parentOf(expression, walked) },
    { weight: 2, arbitrary: tuplesOf(expression, walked) },
  );
}

function parentOf(expression: Text, walked: Text): Text {
  return fc.oneof(
    written('~.~.{"p": %.~, "q": ~}', name(), name(), name(), name()),
    written('~.~.~.{"p": %.%.~, "q": %.~}', name(), name(), name(), name(), name()),
    written('~.~[%.~ = ~]', name(), name(), name(), literal()),
    written('~.~.(%.~)', name(), name(), walked),
    written('~.(~.%.~)', name(), name(), name()),
    written('~.~^(%.~)', name(), name(), name()),
    written('~[~].~.%', name(), expression, name()),
    written('*.~.%.~', name(), name()),
  );
}

function tuplesOf(expression: Text, walked: Text): Text {
  return fc.oneof(
    written('~@$l.~@$m[$l.~ = $m.~].{"l": $l.~, "m": $m}', name(), name(), name(), name(), name()),
    written('~#$i[$i = ~].~', name(), place(), walked),
    written('~[~]#$i.{"i": $i, "v": ~}', name(), expression, expression),
    written('~#$i.~#$j.[$i, $j, ~]', name(), name(), expression),
    written('~^(~)#$i.{"i": $i, "v": ~}', name(), name(), expression),
    written('~@$l.~{$string($l.~): ~}', name(), name(), name(), expression),
    written('~@$l#$i.~', name(), walked),
    written('$~#$i[$i > 0]', fc.constantFrom('', '$', 'x')),
  );
}

function operationOf(expression: Text): Text {
  const operators = ['+', '-', '*', '/', '%', '=', '!=', '<', '<=', '>', '>=', '&', 'and', 'or', 'in'];
  return fc.oneof(
    { weight: 8, arbitrary: written('(~ ~ ~)', expression, fc.constantFrom(...operators), expression) },
    { weight: 1, arbitrary: written('-~', fc.oneof(name(), literal())) },
    {
      weight: 1,
      arbitrary: written('[~..~]', fc.constantFrom('0', '1', 'a', '"x"'), fc.constantFrom('3', '1', 'b', '-1')),
    },
  );
}

function callOf(expression: Text): Text {
  const one = [
    ...['string', 'length', 'lowercase', 'uppercase', 'trim', 'number', 'floor', 'ceil', 'round', 'abs', 'sqrt'],
    ...['boolean', 'not', 'exists', 'count', 'sum', 'max', 'min', 'average', 'keys', 'type', 'merge', 'spread'],
    ...[
      'reverse',
      'distinct',
      'sort',
      'join',
      'toMillis',
      'fromMillis',
      'single',
      'zip',
      'each',
      'clone',
      'base64encode',
    ],
    ...['formatBase', 'parseInteger', 'error', 'assert', 'encodeUrlComponent'],
  ];
  const two = [
    ...[
      'substring',
      'substringBefore',
      'substringAfter',
      'contains',
      'split',
      'join',
      'append',
      'lookup',
      'pad',
      'power',
    ],
    ...[
      'round',
      'zip',
      'formatNumber',
      'formatInteger',
      'string',
      'formatBase',
      'fromMillis',
      'toMillis',
      'map',
      'filter',
    ],
  ];
  return fc.oneof(
    { weight: 5, arbitrary: written('$~(~)', fc.constantFrom(...one), expression) },
    { weight: 1, arbitrary: written('$~()', fc.constantFrom(...one)) },
    { weight: 4, arbitrary: written('$~(~, ~)', fc.constantFrom(...two), expression, expression) },
    { weight: 1, arbitrary: written('$~(~, "a")', fc.constantFrom(...two), expression) },
    { weight: 2, arbitrary: pictureOf(expression) },
    { weight: 1, arbitrary: written('$substring(~, ~, ~)', expression, place(), place()) },
    { weight: 1, arbitrary: written('$replace(~, ~, ~)', expression, pattern(), fc.oneof(literal(), expression)) },
    { weight: 1, arbitrary: written('$~(~, ~)', fc.constantFrom('match', 'split', 'contains'), expression, pattern()) },
    { weight: 1, arbitrary: written('~ ~> $~', expression, fc.constantFrom(...one)) },
    { weight: 1, arbitrary: written('~ ~> $~(~)', expression, fc.constantFrom(...two), expression) },
    { weight: 1, arbitrary: written('~.$~()', name(), fc.constantFrom(...one)) },
  );
}

function pictureOf(expression: Text): Text {
  const dates = fc.constantFrom(
    '"[Y0001]-[M01]-[D01]"',
    '"[D1o] [MNn] [Y]"',
    '"[h]:[m] [P]"',
    '"[FNn,*-3] [W] [X]"',
    '"[Y"',
    '"[H01][z]"',
  );
  const numbers = fc.constantFrom('"#,##0.00"', '"0.0e0"', '"00%"', '"#"', '"w"', '"I"', '"Ww;o"', '"###,###"', '"a"');
  return fc.oneof(
    written('$fromMillis(~, ~)', expression, dates),
    written('$fromMillis(1741752000000, ~, ~)', dates, fc.constantFrom('"+0100"', '"-0530"', 'a')),
    written('$toMillis(~, ~)', fc.oneof(expression, fc.constant('"2025-03-12"')), dates),
    written('$formatNumber(~, ~)', fc.oneof(expression, fc.constantFrom('1234.567', '-1', '0.001')), numbers),
    written('$formatInteger(~, ~)', fc.oneof(expression, fc.constantFrom('1234', '-7', '19')), numbers),
    written('$parseInteger(~, ~)', fc.oneof(expression, fc.constantFrom('"1,234"', '"xii"', '"twelve"')), numbers),
  );
}

const pattern = (): Text => fc.constantFrom('/a/', '/[a-z]+/i', '/(\\d)(\\d)?/', '/x*/', '"a"', '"x"', '/\\s/m');

function constructorOf(expression: Text): Text {
  const key = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('"p"', '"q"', '"10"', '"2"', '"__proto__"', '"a"') },
    { weight: 1, arbitrary: expression },
  );
  return fc.oneof(
    written('[~]', expression),
    written('[~, ~]', expression, expression),
    written('[[~], ~]', expression, expression),
    written('{~: ~}', key, expression),
    written('{~: ~, ~: ~}', key, expression, key, expression),
    written('{"x": ~, "y": {"z": ~}}', expression, expression),
  );
}

function controlOf(expression: Text): Text {
  return fc.oneof(
    written('(~ ? ~ : ~)', expression, expression, expression),
    written('(~ ? ~)', expression, expression),
    written('(~ ?: ~)', expression, expression),
    written('(~ ?? ~)', expression, expression),
    written('(~; ~)', expression, expression),
    written('($x := ~; ~)', expression, expression),
    written('($x := ~; $y := ~; [$x, $y])', expression, expression),
    written('(~ ? $x := ~; $x)', expression, expression),
    written('($x := 1; ($x := ~); $x)', expression),
    written('(~ ~> |~|{"new": ~}|)', fc.constantFrom('$', 'a', '$$'), fc.oneof(name(), fc.constant('$')), expression),
    written('($$ ~> |~|{"new": ~}, ~|)', name(), expression, fc.constantFrom('"a"', '["a", "b"]', 'name')),
  );
}

function higherOrderOf(expression: Text): Text {
  const heads = ['$v', '$v, $i', '$v, $i, $w', ''];
  const body = fc.oneof(
    expression,
    fc.constantFrom('$v', '$v.a', '$keys($v)', '$string($v)', '$i', '[$v]', '$v = 1', '$w'),
  );
  const lambda = written('function(~){~}', fc.constantFrom(...heads), body);
  const callable = fc.oneof(
    { weight: 4, arbitrary: lambda },
    { weight: 1, arbitrary: fc.constantFrom('$string', '$keys', '$exists', '$sum', '$uppercase', '$substring(?, 1)') },
  );
  return fc.oneof(
    {
      weight: 4,
      arbitrary: written('$~(~, ~)', fc.constantFrom('map', 'filter', 'each', 'sift', 'single'), expression, callable),
    },
    { weight: 1, arbitrary: written('$map(~, ~)[]', expression, callable) },
    { weight: 1, arbitrary: written('[$map(~, ~)]', expression, callable) },
    { weight: 1, arbitrary: written('$reduce(~, function($p, $n){~})', expression, expression) },
    { weight: 1, arbitrary: written('$reduce(~, function($p, $n){$append($p, $n)}, ~)', expression, expression) },
    { weight: 1, arbitrary: written('$sort(~, function($l, $r){$l.~ > $r.~})', expression, name(), name()) },
    { weight: 1, arbitrary: written('~ ~> $map(~)', expression, callable) },
  );
}

function lambdaCallOf(expression: Text): Text {
  return fc.oneof(
    written('function($x){~}(~)', expression, expression),
    written('($f := function($x, $y){~}; $f(~, ~))', expression, expression, expression),
    written('($f := function($x){~}; $g := $f(?); $g(~))', expression, expression),
    written('($f := function($n){$n > 0 ? $f($n - 1) : ~}; $f(3))', expression),
    written('($f := function($n){$n > 0 ? [$n, $f($n - 1)] : ~}; $f(3))', expression),
    written('($f := $substring(?, 0, ~); $f(~))', place(), expression),
    written('($f := $uppercase ~> $length; $f(~))', expression),
    written('($f := function($x)<s-:s>{~}; $f(~))', expression, expression),
    written('($f := function($x)<a<n>:n>{~}; $f(~))', expression, expression),
    written('~.(function($x){~}(~))', name(), expression, expression),
    written('$bound.(~)', expression),
    written('($f := function($v){~}; [$f(~), $f(~, 1)])', expression, expression, expression),
    written('($f := function($v, $w){$w > 0 ? $f($v, $w - 1) : ~}; ~.$f($, 2))', expression, name()),
    written('($t := {"a": 1, "x": "y"}; ~.$lookup($t, ~))', name(), expression),
    written('($t := {"a": 1, "x": "y"}; [$lookup($t, ~), $t])', expression),
    written('(~; $l := ["a", 1, null]; ~ in $l)', expression, expression),
    written('($l := ["a", 1]; [~ in $l, $l, ~ in ["x", 2.5]])', expression, expression),
    written('($p := /a/; ~[$contains(~, $p)])', name(), fc.oneof(variable(), expression)),
    written('($p := /a/; [$contains(~, $p), $match(~, $p)])', expression, expression),
  );
}

function idiomOf(expression: Text): Text {
  const separator = fc.constantFrom('" "', '","', '"a"', '""', '"  "', '"aa"', '1', '/a/');
  const predicate = fc.oneof(
    fc.constantFrom('$ != null', '$ != null and $ != ""', '$ = "a"', '$ in ["a", 1]', '$ = $', 'true', 'false', '$'),
    written('~ != ~', name(), literal()),
    written('~ = ~ or $ = ~', name(), literal(), name()),
    written('$type($) = "string" and $contains($, ~)', pattern()),
    expression,
  );
  const list = fc.oneof(
    name(),
    written('~.~', name(), name()),
    written('~.*', name()),
    fc.constantFrom('*', '$.*', '$x'),
  );
  const kept = fc.oneof(
    fc.constantFrom(
      '$not($f in ["a", "10", "__proto__"])',
      '$f in ["b", "list"] or ($f = "a" and $type($v) = "boolean")',
      '$v != null',
      '$v',
      '$f',
      '$exists($v)',
      '$type($v) = "array"',
    ),
    written('$v = ~', expression),
    written('$f = "~" and $v != ~', name(), name()),
  );
  return fc.oneof(
    written('$split(~, ~)[~]', expression, separator, fc.oneof(place(), fc.constantFrom('2', '-2', '-5'))),
    written('(~)[~]', expression, place()),
    written('$exists(~[~])', list, predicate),
    written('$exists(~.(~)[~])', list, expression, predicate),
    written('[~[~].(~)]', list, predicate, expression),
    written('[~.{"k": ~, "l": $}]', list, expression),
    written('[~.($c := ~; {"c": $c, "d": $c ? $c : $})]', list, expression),
    written('[~]', list),
    written('[(~ ? ~)]', expression, expression),
    written('$sift($, function($v, $f) { ~ })', kept),
    written('$sift(~, function($v, $f) { ~ })', fc.oneof(name(), expression), kept),
    written('{"x": $sift($, function($v, $f) { $not(~) })}', kept),
    written('~.$sift(function($v, $f) { ~ })', name(), kept),
    written('$sift($, function($v) { ~ })', fc.oneof(expression, fc.constantFrom('$v', '$v != null'))),
    written('($t := function($x) { $x = ~ ? ~ : $x }; {"p": $t(~), "q": $t(~)})', literal(), literal(), name(), name()),
    written('($t := function($x) { ~ }; [$t(~), ~.$t($)])', expression, name(), name()),
    written('$type(~) = "~"', expression, fc.constantFrom('string', 'number', 'null', 'array', 'object', 'function')),
    written('$type(~) in ["string", "number"] ? ~', expression, expression),
    written('~ != ~ and ~ != ~ ? ~', name(), literal(), name(), literal(), name()),
    written('(~ ?: ~ ?: "none") & " of " & ~', name(), name(), name()),
    written('$bound.~ & $bound.~', name(), walkedNames()),
    written('~ = true ? 1 : ~ = false ? 2', name(), name()),
    written('(~ ? ~ : ~) & ""', name(), name(), literal()),
  );
}

const walkedNames = (): Text =>
  fc.constantFrom('a', 'a.b', 'a.b.c', 'list', 'list.a', '`__proto__`', 'toString', 'length');

/** JSON as sources send it and as they should not: fields missing, null, of another kind, huge, nested lists, holes. */
export function dirtyData(): fc.Arbitrary<unknown> {
  const { value, object } = fc.letrec<{ value: unknown; object: unknown; list: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      { weight: 3, arbitrary: scalar() },
      { weight: 2, arbitrary: tie('object') },
      { weight: 2, arbitrary: tie('list') },
    ),
    object: fc.dictionary(fieldName(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    list: fc.oneof(
      { weight: 5, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
      { weight: 3, arbitrary: fc.array(tie('object'), { maxLength: 4 }) },
      { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }).map(withHole) },
    ),
  }));
  return fc.oneof({ weight: 2, arbitrary: object }, { weight: 1, arbitrary: value }).map(withOwnPrototypes);
}

/** Stands for a field called `__proto__`, which no object can be given by writing it. */
const ownPrototype = '(__proto__)';

function withOwnPrototypes(data: unknown): unknown {
  if (Array.isArray(data)) {
    const copy = data.slice(); // holes stay holes
    for (const index of data.keys()) if (index in data) copy[index] = withOwnPrototypes(data[index]);
    return copy;
  }
  if (typeof data !== 'object' || data === null) return data;
  const copy = {};
  for (const [name, value] of Object.entries(data)) {
    const field = name === ownPrototype ? '__proto__' : name;
    Object.defineProperty(copy, field, { value: withOwnPrototypes(value), ...ordinary });
  }
  return copy;
}

const ordinary = { enumerable: true, configurable: true, writable: true };

const fieldName = (): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom('a', 'b', 'c', 'list', 'name') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        ...['two words', 'value', 'toString', 'constructor', '10', '2', 'sequence', 'length', '', ownPrototype],
      ),
    },
  );

const scalar = (): fc.Arbitrary<unknown> =>
  fc.constantFrom(
    ...[0, 1, -1, 2.5, 3, 10, 0.1 + 0.2, 1e21, 1e308, -0, 1741752000000],
    ...['', 'a', 'x', 'b', '10', ' a  b ', 'é😀', 'a,b', '2025-03-12T04:00:00Z', 'A'.repeat(300)],
    ...[true, false, null],
  );

function withHole(list: unknown[]): unknown[] {
  const holey = list.slice();
  holey.length += 1;
  holey.push('a');
  return holey;
}
