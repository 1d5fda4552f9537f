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
  IconProgress,
  IconTransfer,
  IconWifi1,
  IconWorldQuestion,
} from '@tabler/icons-react';
import type { Status } from '../../shared/schemas.ts';

type Icon = typeof IconLink;

/** States differ in shape, not only in colour. */
export const STATE_ICONS: Record<Status['state'] | 'gone' | 'connecting', Icon> = {
  ok: IconCircleCheck,
  working: IconTransfer,
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
