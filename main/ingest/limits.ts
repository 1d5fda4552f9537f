/** Bounds of what ingest takes. Every one is refused by name, none cuts silently. Sizes are bytes unless a name says otherwise. */

/** A request body, as sent and after decompression. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;
/** A JSON body: what parsing makes out of it is several times its size. Protobuf has no such bound of its own. */
export const MAX_JSON_BYTES = 8 * 1024 * 1024;
/** One line of line protocol. */
export const MAX_LINE_BYTES = 1024 * 1024;
/** Measurement, tags and field of one series together, UTF-8, as sent. */
export const MAX_KEY_BYTES = 4096;
export const MAX_TAGS = 64;
/** Different tag names (in JSON: keys of any kind) in one `/readings` body. */
export const MAX_NAMES_PER_BODY = 1_000;
/** A unit such as `°C`, in UTF-16 code units. */
export const MAX_UNIT_LENGTH = 64;
/** Refusals listed in one reply; all are counted. */
export const MAX_REFUSALS_LISTED = 100;
/** Series in one `/readings` body: as many as a gateway holds by default (`max_series`). */
export const MAX_SERIES_PER_BODY = 200_000;
/** One encoded SensorSeries: more readings than this go into several. Bounds what decoding allocates. */
export const MAX_SERIES_MESSAGE_BYTES = 8 * 1024 * 1024;
