/**
 * Works on items, up to `parallel` at once, and gives the results in the order of the items. The next one is begun
 * before a result is handed over, so that the source is at work while we are.
 */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  parallel: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<readonly [Item, Result], void, void> {
  const waiting = [...items];
  const underWay: { readonly item: Item; readonly result: Promise<Result> }[] = [];
  const begin = (): void => {
    while (underWay.length < parallel) {
      const [item] = waiting.splice(0, 1);
      if (item === undefined) return;
      const result = work(item);
      result.catch(() => undefined); // told when its turn comes
      underWay.push({ item, result });
    }
  };
  begin();
  while (underWay.length > 0) {
    const [first] = underWay.splice(0, 1);
    if (first === undefined) return;
    const result = await first.result;
    begin();
    yield [first.item, result];
  }
}
