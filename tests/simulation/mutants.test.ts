import { describe, expect, it } from '@jest/globals';
import { edited, MutantError, MUTANTS, withMutant } from './mutants.ts';
import { planOf } from './plan.ts';
import { simulate } from './simulation.ts';

describe('the simulation catches a product that', () => {
  it.each(MUTANTS)('$name', async (mutant) => {
    const caught = await withMutant(mutant, async (product) => {
      for (const seed of mutant.caughtBy) {
        if ((await simulate(product, planOf(seed))).broken.length > 0) return true;
      }
      return false;
    });
    expect(caught).toBe(true);
  });
});

describe('an edit', () => {
  const edit = { file: 'src/a.ts', find: 'const a = 1;', replace: 'const a = 2;' };

  it('replaces what it finds', () => {
    expect(edited('{ const a = 1; }', edit, 'm')).toBe('{ const a = 2; }');
  });

  it.each([
    ['is not there any more', 'const a = 3;'],
    ['is there twice', 'const a = 1; const a = 1;'],
  ])('is an error where its text %s', (_, text) => {
    expect(() => edited(text, edit, 'm')).toThrow(MutantError);
  });
});
