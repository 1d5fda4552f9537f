import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace tidemark. */
export namespace tidemark {

    /** Namespace v1. */
    namespace v1 {

        /**
         * Properties of a Frame.
         * @deprecated Use tidemark.v1.Frame.$Properties instead.
         */
        interface IFrame extends tidemark.v1.Frame.$Properties {
        }

        /** Represents a Frame. */
        class Frame {

            /**
             * Constructs a new Frame.
             * @param [properties] Properties to set
             */
            constructor(properties?: tidemark.v1.Frame.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Frame kind. */
            kind: number;

            /** Frame encoding. */
            encoding: number;

            /** Frame count. */
            count: number;

            /** Frame data. */
            data: Uint8Array;

            /**
             * Creates a new Frame instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Frame instance
             */
            static create(properties: tidemark.v1.Frame.$Shape): tidemark.v1.Frame & tidemark.v1.Frame.$Shape;
            static create(properties?: tidemark.v1.Frame.$Properties): tidemark.v1.Frame;

            /**
             * Encodes the specified Frame message. Does not implicitly {@link tidemark.v1.Frame.verify|verify} messages.
             * @param message Frame message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tidemark.v1.Frame.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Frame message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tidemark.v1.Frame & tidemark.v1.Frame.$Shape} Frame
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tidemark.v1.Frame & tidemark.v1.Frame.$Shape;

            /**
             * Creates a Frame message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Frame
             */
            static fromObject(object: { [k: string]: any }): tidemark.v1.Frame;

            /**
             * Creates a plain object from a Frame message. Also converts values to other types if specified.
             * @param message Frame
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: tidemark.v1.Frame, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Frame to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Frame {

            /** Properties of a Frame. */
            interface $Properties {

                /** Frame kind */
                kind?: (number|null);

                /** Frame encoding */
                encoding?: (number|null);

                /** Frame count */
                count?: (number|null);

                /** Frame data */
                data?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Frame. */
            type $Shape = tidemark.v1.Frame.$Properties;
        }

        /**
         * Properties of a Directory.
         * @deprecated Use tidemark.v1.Directory.$Properties instead.
         */
        interface IDirectory extends tidemark.v1.Directory.$Properties {
        }

        /** Represents a Directory. */
        class Directory {

            /**
             * Constructs a new Directory.
             * @param [properties] Properties to set
             */
            constructor(properties?: tidemark.v1.Directory.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Directory series. */
            series: number[];

            /** Directory segment. */
            segment: number[];

            /** Directory count. */
            count: number[];

            /** Directory tMin. */
            tMin: number[];

            /** Directory tSpan. */
            tSpan: number[];

            /** Directory timeFrame. */
            timeFrame: number[];

            /** Directory valueFrame. */
            valueFrame: number[];

            /** Directory zone. */
            zone: Uint8Array[];

            /** Directory sum. */
            sum: Uint8Array[];

            /** Directory nan. */
            nan: number[];

            /** Directory frameGap. */
            frameGap: number[];

            /** Directory frameLength. */
            frameLength: number[];

            /** Directory frameDigest. */
            frameDigest: Uint8Array;

            /** Directory key. */
            key: string[];

            /** Directory unit. */
            unit: string[];

            /** Directory age. */
            age: number[];

            /** Directory rollupOffset. */
            rollupOffset: number;

            /** Directory rollupSeries. */
            rollupSeries: number[];

            /** Directory rollupWidth. */
            rollupWidth: number[];

            /** Directory rollupLength. */
            rollupLength: number[];

            /** Directory rollupDigest. */
            rollupDigest: Uint8Array;

            /**
             * Creates a new Directory instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Directory instance
             */
            static create(properties: tidemark.v1.Directory.$Shape): tidemark.v1.Directory & tidemark.v1.Directory.$Shape;
            static create(properties?: tidemark.v1.Directory.$Properties): tidemark.v1.Directory;

            /**
             * Encodes the specified Directory message. Does not implicitly {@link tidemark.v1.Directory.verify|verify} messages.
             * @param message Directory message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tidemark.v1.Directory.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Directory message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tidemark.v1.Directory & tidemark.v1.Directory.$Shape} Directory
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tidemark.v1.Directory & tidemark.v1.Directory.$Shape;

            /**
             * Creates a Directory message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Directory
             */
            static fromObject(object: { [k: string]: any }): tidemark.v1.Directory;

            /**
             * Creates a plain object from a Directory message. Also converts values to other types if specified.
             * @param message Directory
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: tidemark.v1.Directory, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Directory to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Directory {

            /** Properties of a Directory. */
            interface $Properties {

                /** Directory series */
                series?: (number[]|null);

                /** Directory segment */
                segment?: (number[]|null);

                /** Directory count */
                count?: (number[]|null);

                /** Directory tMin */
                tMin?: (number[]|null);

                /** Directory tSpan */
                tSpan?: (number[]|null);

                /** Directory timeFrame */
                timeFrame?: (number[]|null);

                /** Directory valueFrame */
                valueFrame?: (number[]|null);

                /** Directory zone */
                zone?: (Uint8Array[]|null);

                /** Directory sum */
                sum?: (Uint8Array[]|null);

                /** Directory nan */
                nan?: (number[]|null);

                /** Directory frameGap */
                frameGap?: (number[]|null);

                /** Directory frameLength */
                frameLength?: (number[]|null);

                /** Directory frameDigest */
                frameDigest?: (Uint8Array|null);

                /** Directory key */
                key?: (string[]|null);

                /** Directory unit */
                unit?: (string[]|null);

                /** Directory age */
                age?: (number[]|null);

                /** Directory rollupOffset */
                rollupOffset?: (number|null);

                /** Directory rollupSeries */
                rollupSeries?: (number[]|null);

                /** Directory rollupWidth */
                rollupWidth?: (number[]|null);

                /** Directory rollupLength */
                rollupLength?: (number[]|null);

                /** Directory rollupDigest */
                rollupDigest?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Directory. */
            type $Shape = tidemark.v1.Directory.$Properties;
        }

        /**
         * Properties of a SeriesEntry.
         * @deprecated Use tidemark.v1.SeriesEntry.$Properties instead.
         */
        interface ISeriesEntry extends tidemark.v1.SeriesEntry.$Properties {
        }

        /** Represents a SeriesEntry. */
        class SeriesEntry {

            /**
             * Constructs a new SeriesEntry.
             * @param [properties] Properties to set
             */
            constructor(properties?: tidemark.v1.SeriesEntry.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SeriesEntry measurement. */
            measurement: string;

            /** SeriesEntry field. */
            field: string;

            /** SeriesEntry tagName. */
            tagName: string[];

            /** SeriesEntry tagValue. */
            tagValue: string[];

            /** SeriesEntry unit. */
            unit: string;

            /**
             * Creates a new SeriesEntry instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SeriesEntry instance
             */
            static create(properties: tidemark.v1.SeriesEntry.$Shape): tidemark.v1.SeriesEntry & tidemark.v1.SeriesEntry.$Shape;
            static create(properties?: tidemark.v1.SeriesEntry.$Properties): tidemark.v1.SeriesEntry;

            /**
             * Encodes the specified SeriesEntry message. Does not implicitly {@link tidemark.v1.SeriesEntry.verify|verify} messages.
             * @param message SeriesEntry message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tidemark.v1.SeriesEntry.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SeriesEntry message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tidemark.v1.SeriesEntry & tidemark.v1.SeriesEntry.$Shape} SeriesEntry
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tidemark.v1.SeriesEntry & tidemark.v1.SeriesEntry.$Shape;

            /**
             * Creates a SeriesEntry message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SeriesEntry
             */
            static fromObject(object: { [k: string]: any }): tidemark.v1.SeriesEntry;

            /**
             * Creates a plain object from a SeriesEntry message. Also converts values to other types if specified.
             * @param message SeriesEntry
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: tidemark.v1.SeriesEntry, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SeriesEntry to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace SeriesEntry {

            /** Properties of a SeriesEntry. */
            interface $Properties {

                /** SeriesEntry measurement */
                measurement?: (string|null);

                /** SeriesEntry field */
                field?: (string|null);

                /** SeriesEntry tagName */
                tagName?: (string[]|null);

                /** SeriesEntry tagValue */
                tagValue?: (string[]|null);

                /** SeriesEntry unit */
                unit?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SeriesEntry. */
            type $Shape = tidemark.v1.SeriesEntry.$Properties;
        }

        /**
         * Properties of a SegmentEntry.
         * @deprecated Use tidemark.v1.SegmentEntry.$Properties instead.
         */
        interface ISegmentEntry extends tidemark.v1.SegmentEntry.$Properties {
        }

        /** Represents a SegmentEntry. */
        class SegmentEntry {

            /**
             * Constructs a new SegmentEntry.
             * @param [properties] Properties to set
             */
            constructor(properties?: tidemark.v1.SegmentEntry.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SegmentEntry epoch. */
            epoch: number;

            /** SegmentEntry seqLo. */
            seqLo: number;

            /** SegmentEntry seqHi. */
            seqHi: number;

            /**
             * Creates a new SegmentEntry instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SegmentEntry instance
             */
            static create(properties: tidemark.v1.SegmentEntry.$Shape): tidemark.v1.SegmentEntry & tidemark.v1.SegmentEntry.$Shape;
            static create(properties?: tidemark.v1.SegmentEntry.$Properties): tidemark.v1.SegmentEntry;

            /**
             * Encodes the specified SegmentEntry message. Does not implicitly {@link tidemark.v1.SegmentEntry.verify|verify} messages.
             * @param message SegmentEntry message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tidemark.v1.SegmentEntry.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SegmentEntry message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tidemark.v1.SegmentEntry & tidemark.v1.SegmentEntry.$Shape} SegmentEntry
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tidemark.v1.SegmentEntry & tidemark.v1.SegmentEntry.$Shape;

            /**
             * Creates a SegmentEntry message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SegmentEntry
             */
            static fromObject(object: { [k: string]: any }): tidemark.v1.SegmentEntry;

            /**
             * Creates a plain object from a SegmentEntry message. Also converts values to other types if specified.
             * @param message SegmentEntry
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: tidemark.v1.SegmentEntry, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SegmentEntry to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace SegmentEntry {

            /** Properties of a SegmentEntry. */
            interface $Properties {

                /** SegmentEntry epoch */
                epoch?: (number|null);

                /** SegmentEntry seqLo */
                seqLo?: (number|null);

                /** SegmentEntry seqHi */
                seqHi?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SegmentEntry. */
            type $Shape = tidemark.v1.SegmentEntry.$Properties;
        }

        /**
         * Properties of an Index.
         * @deprecated Use tidemark.v1.Index.$Properties instead.
         */
        interface IIndex extends tidemark.v1.Index.$Properties {
        }

        /** Represents an Index. */
        class Index {

            /**
             * Constructs a new Index.
             * @param [properties] Properties to set
             */
            constructor(properties?: tidemark.v1.Index.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Index version. */
            version: number;

            /** Index gateway. */
            gateway: string;

            /** Index day. */
            day: number;

            /** Index blockId. */
            blockId: string;

            /** Index readings. */
            readings: number;

            /** Index series. */
            series: tidemark.v1.SeriesEntry.$Properties[];

            /** Index segments. */
            segments: tidemark.v1.SegmentEntry.$Properties[];

            /** Index directory. */
            directory?: (tidemark.v1.Directory.$Properties|null);

            /**
             * Creates a new Index instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Index instance
             */
            static create(properties: tidemark.v1.Index.$Shape): tidemark.v1.Index & tidemark.v1.Index.$Shape;
            static create(properties?: tidemark.v1.Index.$Properties): tidemark.v1.Index;

            /**
             * Encodes the specified Index message. Does not implicitly {@link tidemark.v1.Index.verify|verify} messages.
             * @param message Index message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tidemark.v1.Index.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Index message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tidemark.v1.Index & tidemark.v1.Index.$Shape} Index
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tidemark.v1.Index & tidemark.v1.Index.$Shape;

            /**
             * Creates an Index message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Index
             */
            static fromObject(object: { [k: string]: any }): tidemark.v1.Index;

            /**
             * Creates a plain object from an Index message. Also converts values to other types if specified.
             * @param message Index
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: tidemark.v1.Index, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Index to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Index {

            /** Properties of an Index. */
            interface $Properties {

                /** Index version */
                version?: (number|null);

                /** Index gateway */
                gateway?: (string|null);

                /** Index day */
                day?: (number|null);

                /** Index blockId */
                blockId?: (string|null);

                /** Index readings */
                readings?: (number|null);

                /** Index series */
                series?: (tidemark.v1.SeriesEntry.$Properties[]|null);

                /** Index segments */
                segments?: (tidemark.v1.SegmentEntry.$Properties[]|null);

                /** Index directory */
                directory?: (tidemark.v1.Directory.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Index. */
            type $Shape = tidemark.v1.Index.$Properties;
        }
    }
}
