import { Fragment } from 'react';
import { jointsOf } from './joints.ts';

/** A name that may be long, such as `machine_temperature_system_failure`: it breaks at its joints, not in the middle of a word. */
export function LongName({ children }: { children: string }) {
  return jointsOf(children).map(({ at, part }) => (
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
