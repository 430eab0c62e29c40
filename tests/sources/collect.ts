/** All that an asynchronous source gives. (Array.fromAsync is not in the library that the types are of.) */
export const collect = async <T>(source: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
};
