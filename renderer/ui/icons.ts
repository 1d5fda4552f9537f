import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconClockExclamation,
  IconCloudOff,
  IconKeyOff,
  IconLink,
  IconLinkOff,
  IconPlayerPause,
  IconProgress,
  IconTransfer,
  IconWifi1,
  IconWorldQuestion,
} from '@tabler/icons-react';
import type { Status } from '../../shared/schemas.ts';

type Icon = typeof IconLink;

export type Overall = Status['state'] | 'paused' | 'gone' | 'connecting';

/** The state as a person is told it: while moving is paused nothing works, though nothing is wrong either. */
export function overallOf(status: Status | undefined, live: boolean): Overall {
  if (!live) return 'gone';
  if (status === undefined) return 'connecting';
  return status.state === 'working' && status.tiering.paused_until_us !== null ? 'paused' : status.state;
}

/** States differ in shape, not only in colour. */
export const STATE_ICONS: Record<Overall, Icon> = {
  ok: IconCircleCheck,
  working: IconTransfer,
  paused: IconPlayerPause,
  offline: IconCloudOff,
  attention: IconAlertTriangle,
  error: IconAlertOctagon,
  gone: IconLinkOff,
  connecting: IconProgress,
};

export const LINK_ICONS: Record<Status['link']['state'], Icon> = {
  ok: IconLink,
  offline: IconLinkOff,
  slow: IconWifi1,
  clock: IconClockExclamation,
  credentials: IconKeyOff,
  bucket: IconAlertTriangle,
  portal: IconWorldQuestion,
  unset: IconCircleDashed,
};
