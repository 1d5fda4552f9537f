import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace tidemark. */
export namespace tidemark {

    /** Namespace v1. */
    namespace v1 {

        /**
         * Properties of a SensorData.
         * @deprecated Use tidemark.v1.SensorData.$Properties instead.
         */
        interface ISensorData extends tidemark.v1.SensorData.$Properties {
        }

        /** Represents a SensorData. */
        class SensorData {

            /**
             * Constructs a new SensorData.
             * @param [properties] Properties to set
             */
            constructor(properties?: tidemark.v1.SensorData.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SensorData hub. */
            hub: string;

            /** SensorData series. */
            series: tidemark.v1.SensorSeries.$Properties[];

            /**
             * Creates a new SensorData instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SensorData instance
             */
            static create(properties: tidemark.v1.SensorData.$Shape): tidemark.v1.SensorData & tidemark.v1.SensorData.$Shape;
            static create(properties?: tidemark.v1.SensorData.$Properties): tidemark.v1.SensorData;

            /**
             * Encodes the specified SensorData message. Does not implicitly {@link tidemark.v1.SensorData.verify|verify} messages.
             * @param message SensorData message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tidemark.v1.SensorData.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SensorData message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tidemark.v1.SensorData & tidemark.v1.SensorData.$Shape} SensorData
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tidemark.v1.SensorData & tidemark.v1.SensorData.$Shape;

            /**
             * Creates a SensorData message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SensorData
             */
            static fromObject(object: { [k: string]: any }): tidemark.v1.SensorData;

            /**
             * Creates a plain object from a SensorData message. Also converts values to other types if specified.
             * @param message SensorData
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: tidemark.v1.SensorData, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SensorData to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace SensorData {

            /** Properties of a SensorData. */
            interface $Properties {

                /** SensorData hub */
                hub?: (string|null);

                /** SensorData series */
                series?: (tidemark.v1.SensorSeries.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SensorData. */
            type $Shape = tidemark.v1.SensorData.$Properties;
        }

        /**
         * Properties of a SensorSeries.
         * @deprecated Use tidemark.v1.SensorSeries.$Properties instead.
         */
        interface ISensorSeries extends tidemark.v1.SensorSeries.$Properties {
        }

        /** Represents a SensorSeries. */
        class SensorSeries {

            /**
             * Constructs a new SensorSeries.
             * @param [properties] Properties to set
             */
            constructor(properties?: tidemark.v1.SensorSeries.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SensorSeries measurement. */
            measurement: string;

            /** SensorSeries field. */
            field: string;

            /** SensorSeries tags. */
            tags: { [k: string]: string };

            /** SensorSeries unit. */
            unit: string;

            /** SensorSeries timestampUs. */
            timestampUs: number[];

            /** SensorSeries value. */
            value: number[];

            /**
             * Creates a new SensorSeries instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SensorSeries instance
             */
            static create(properties: tidemark.v1.SensorSeries.$Shape): tidemark.v1.SensorSeries & tidemark.v1.SensorSeries.$Shape;
            static create(properties?: tidemark.v1.SensorSeries.$Properties): tidemark.v1.SensorSeries;

            /**
             * Encodes the specified SensorSeries message. Does not implicitly {@link tidemark.v1.SensorSeries.verify|verify} messages.
             * @param message SensorSeries message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: tidemark.v1.SensorSeries.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SensorSeries message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {tidemark.v1.SensorSeries & tidemark.v1.SensorSeries.$Shape} SensorSeries
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): tidemark.v1.SensorSeries & tidemark.v1.SensorSeries.$Shape;

            /**
             * Creates a SensorSeries message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SensorSeries
             */
            static fromObject(object: { [k: string]: any }): tidemark.v1.SensorSeries;

            /**
             * Creates a plain object from a SensorSeries message. Also converts values to other types if specified.
             * @param message SensorSeries
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: tidemark.v1.SensorSeries, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SensorSeries to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace SensorSeries {

            /** Properties of a SensorSeries. */
            interface $Properties {

                /** SensorSeries measurement */
                measurement?: (string|null);

                /** SensorSeries field */
                field?: (string|null);

                /** SensorSeries tags */
                tags?: ({ [k: string]: string }|null);

                /** SensorSeries unit */
                unit?: (string|null);

                /** SensorSeries timestampUs */
                timestampUs?: (number[]|null);

                /** SensorSeries value */
                value?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SensorSeries. */
            type $Shape = tidemark.v1.SensorSeries.$Properties;
        }
    }
}
