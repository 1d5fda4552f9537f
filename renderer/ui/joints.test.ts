import { expect, it } from 'vitest';
import { jointsOf } from './joints.ts';

it('U13 a long name breaks at its joints, and its parts are the whole name', () => {
  expect(jointsOf('machine_temperature.value')).toEqual([
    { at: 0, part: 'machine_' },
    { at: 8, part: 'temperature.' },
    { at: 20, part: 'value' },
  ]);
  for (const name of ['', 'pump temp', '__a', 'a-/b:'])
    expect(
      jointsOf(name)
        .map(({ part }) => part)
        .join(''),
    ).toBe(name);
});
