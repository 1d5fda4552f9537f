import { Button } from '@mantine/core';
import type { Block } from '../../../shared/schemas.ts';
import { useGatewayNow } from '../../app/gateway.ts';
import { text } from '../../texts/en.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Fact, Facts } from '../../ui/Facts.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { Stamp } from '../../ui/Stamp.tsx';
import { formatUtcDay } from '../../ui/times.ts';
import css from './BlockDialog.module.css';
import { faultName, LOOK_ICONS, lookName, lookOf, lossOf, mayRetry } from './block-words.ts';
import type { Retry } from './retry.ts';

const words = text.transfers;
const { detail } = words;

/** Everything about one block; undefined keeps it closed. */
export function BlockDialog({ block, retry, onClose }: { block: Block | undefined; retry: Retry; onClose(): void }) {
  const now = useGatewayNow();
  const retriable = block !== undefined && mayRetry(block, now);
  return (
    <Dialog
      open={block !== undefined}
      onClose={onClose}
      title={block === undefined ? '' : words.title(formatUtcDay(block.day))}
      actions={
        <>
          <Button size="xl" onClick={onClose}>
            {text.close}
          </Button>
          {retriable && (
            <Button
              size="xl"
              variant="filled"
              loading={retry.pending === block.id}
              disabled={!retry.able}
              onClick={() => retry.ask(block.id)}
            >
              {words.retry}
            </Button>
          )}
        </>
      }
    >
      {block !== undefined && <Details block={block} />}
    </Dialog>
  );
}

function Details({ block }: { block: Block }) {
  const look = lookOf(block);
  const Icon = LOOK_ICONS[look];
  const loss = lossOf(look);
  const error = block.last_error;
  const parts = (done: number): string => detail.of(formatCount(done), formatCount(block.parts));
  return (
    <div className={css.details}>
      <p className={css.state} data-look={look}>
        <Icon stroke={1.7} aria-hidden />
        {lookName(look)}
      </p>
      {loss !== undefined && (
        <div className={css.trouble}>
          <p>{loss}</p>
          <p>{words.restore}</p>
        </div>
      )}
      {error !== null && loss === undefined && (
        <div className={css.trouble}>
          <p>{faultName(error.code)}</p>
          {block.state !== 'cold' && <p>{words.safe}</p>}
        </div>
      )}
      <Facts>
        <Fact name={words.size}>{formatBytes(block.bytes)}</Fact>
        <Fact name={detail.readings}>{formatCount(block.readings)}</Fact>
        <Fact name={detail.series}>{formatCount(block.series)}</Fact>
        <Fact name={detail.sent}>{parts(block.uploaded_us === null ? block.parts_stored : block.parts)}</Fact>
        <Fact name={detail.checked}>{parts(block.verified_us === null ? block.parts_verified : block.parts)}</Fact>
        <Fact name={words.attempts}>{formatCount(block.attempts)}</Fact>
        <Fact name={detail.planned}>
          <Stamp us={block.planned_us} />
        </Fact>
        <Fact name={detail.uploaded}>
          <Stamp us={block.uploaded_us} none={detail.notYet} />
        </Fact>
        <Fact name={detail.verified}>
          <Stamp us={block.verified_us} none={detail.notYet} />
        </Fact>
        {block.verify !== null && <Fact name={detail.proof}>{detail.proofs[block.verify]}</Fact>}
        <Fact name={detail.cold}>
          <Stamp us={block.cold_us} none={detail.notYet} />
        </Fact>
      </Facts>
      <Fold title={detail.support}>
        <Facts>
          {error !== null && (
            <>
              <Fact name={detail.error} code>
                {`${error.code}: ${error.message}`}
              </Fact>
              <Fact name={detail.at}>
                <Stamp us={error.at_us} />
              </Fact>
            </>
          )}
          <Fact name={detail.id} code>
            {block.id}
          </Fact>
          <Fact name={detail.key} code>
            {block.key}
          </Fact>
          <Fact name={detail.store} code>
            {block.store}
          </Fact>
          <Fact name={detail.sha256} code>
            {block.sha256}
          </Fact>
        </Facts>
      </Fold>
    </div>
  );
}
