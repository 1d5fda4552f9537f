/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";
$protobuf.util.Long = undefined;
$protobuf.configure();

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError, $TypeError = $util.global.TypeError, $Number = $util.global.Number, $String = $util.global.String, $Array = $util.global.Array, $parseInt = $util.global.parseInt, $BigInt = $util.global.BigInt;

// Exported root namespace
const $root = $protobuf.roots["tidemark_block"] || ($protobuf.roots["tidemark_block"] = {});

export const tidemark = $root.tidemark = (() => {

    /**
     * Namespace tidemark.
     * @exports tidemark
     * @namespace
     */
    const tidemark = {};

    tidemark.v1 = (function() {

        /**
         * Namespace v1.
         * @memberof tidemark
         * @namespace
         */
        const v1 = {};

        v1.Frame = (function() {

            /**
             * Properties of a Frame.
             * @typedef {Object} tidemark.v1.Frame.$Properties
             * @property {number|null} [kind] Frame kind
             * @property {number|null} [encoding] Frame encoding
             * @property {number|null} [count] Frame count
             * @property {Uint8Array|null} [data] Frame data
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Frame.
             * @memberof tidemark.v1
             * @interface IFrame
             * @augments tidemark.v1.Frame.$Properties
             * @deprecated Use tidemark.v1.Frame.$Properties instead.
             */

            /**
             * Shape of a Frame.
             * @typedef {tidemark.v1.Frame.$Properties} tidemark.v1.Frame.$Shape
             */

            /**
             * Constructs a new Frame.
             * @memberof tidemark.v1
             * @classdesc Represents a Frame.
             * @constructor
             * @param {tidemark.v1.Frame.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Frame = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Frame kind.
             * @member {number} kind
             * @memberof tidemark.v1.Frame
             * @instance
             */
            Frame.prototype.kind = 0;

            /**
             * Frame encoding.
             * @member {number} encoding
             * @memberof tidemark.v1.Frame
             * @instance
             */
            Frame.prototype.encoding = 0;

            /**
             * Frame count.
             * @member {number} count
             * @memberof tidemark.v1.Frame
             * @instance
             */
            Frame.prototype.count = 0;

            /**
             * Frame data.
             * @member {Uint8Array} data
             * @memberof tidemark.v1.Frame
             * @instance
             */
            Frame.prototype.data = $util.newBuffer([]);

            /**
             * Creates a new Frame instance using the specified properties.
             * @function create
             * @memberof tidemark.v1.Frame
             * @static
             * @param {tidemark.v1.Frame.$Properties=} [properties] Properties to set
             * @returns {tidemark.v1.Frame} Frame instance
             * @type {{
             *   (properties: tidemark.v1.Frame.$Shape): tidemark.v1.Frame & tidemark.v1.Frame.$Shape;
             *   (properties?: tidemark.v1.Frame.$Properties): tidemark.v1.Frame;
             * }}
             */
            Frame.create = function(properties) {
                return new Frame(properties);
            };

            /**
             * Encodes the specified Frame message. Does not implicitly {@link tidemark.v1.Frame.verify|verify} messages.
             * @function encode
             * @memberof tidemark.v1.Frame
             * @static
             * @param {tidemark.v1.Frame.$Properties} message Frame message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Frame.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.kind);
                if (message.encoding != null && $Object.hasOwnProperty.call(message, "encoding") && message.encoding !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.encoding);
                if (message.count != null && $Object.hasOwnProperty.call(message, "count") && message.count !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.count);
                if (message.data != null && $Object.hasOwnProperty.call(message, "data") && message.data.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.data);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Frame message from the specified reader or buffer.
             * @function decode
             * @memberof tidemark.v1.Frame
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tidemark.v1.Frame & tidemark.v1.Frame.$Shape} Frame
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Frame.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tidemark.v1.Frame();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.encoding = value;
                            else
                                delete message.encoding;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.count = value;
                            else
                                delete message.count;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.data = value;
                            else
                                delete message.data;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Creates a Frame message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof tidemark.v1.Frame
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {tidemark.v1.Frame} Frame
             */
            Frame.fromObject = function (object, _depth) {
                if (object instanceof $root.tidemark.v1.Frame)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".tidemark.v1.Frame: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.tidemark.v1.Frame();
                if (object.kind != null)
                    if ($Number(object.kind) !== 0)
                        message.kind = object.kind >>> 0;
                if (object.encoding != null)
                    if ($Number(object.encoding) !== 0)
                        message.encoding = object.encoding >>> 0;
                if (object.count != null)
                    if ($Number(object.count) !== 0)
                        message.count = object.count >>> 0;
                if (object.data != null)
                    if (object.data.length)
                        if (typeof object.data === "string")
                            $util.base64.decode(object.data, message.data = $util.newBuffer($util.base64.length(object.data)), 0);
                        else if (object.data.length >= 0)
                            message.data = object.data;
                return message;
            };

            /**
             * Creates a plain object from a Frame message. Also converts values to other types if specified.
             * @function toObject
             * @memberof tidemark.v1.Frame
             * @static
             * @param {tidemark.v1.Frame} message Frame
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            Frame.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.kind = 0;
                    object.encoding = 0;
                    object.count = 0;
                    if (options.bytes === $String)
                        object.data = "";
                    else {
                        object.data = [];
                        if (options.bytes !== $Array)
                            object.data = $util.newBuffer(object.data);
                    }
                }
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind"))
                    object.kind = message.kind;
                if (message.encoding != null && $Object.hasOwnProperty.call(message, "encoding"))
                    object.encoding = message.encoding;
                if (message.count != null && $Object.hasOwnProperty.call(message, "count"))
                    object.count = message.count;
                if (message.data != null && $Object.hasOwnProperty.call(message, "data"))
                    object.data = options.bytes === $String ? $util.base64.encode(message.data, 0, message.data.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.data) : message.data;
                return object;
            };

            /**
             * Converts this Frame to JSON.
             * @function toJSON
             * @memberof tidemark.v1.Frame
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            Frame.prototype.toJSON = function() {
                return Frame.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Frame;
        })();

        v1.Directory = (function() {

            /**
             * Properties of a Directory.
             * @typedef {Object} tidemark.v1.Directory.$Properties
             * @property {Array.<number>|null} [series] Directory series
             * @property {Array.<number>|null} [segment] Directory segment
             * @property {Array.<number>|null} [count] Directory count
             * @property {Array.<number>|null} [tMin] Directory tMin
             * @property {Array.<number>|null} [tSpan] Directory tSpan
             * @property {Array.<number>|null} [timeFrame] Directory timeFrame
             * @property {Array.<number>|null} [valueFrame] Directory valueFrame
             * @property {Array.<Uint8Array>|null} [zone] Directory zone
             * @property {Array.<Uint8Array>|null} [sum] Directory sum
             * @property {Array.<number>|null} [nan] Directory nan
             * @property {Array.<number>|null} [frameGap] Directory frameGap
             * @property {Array.<number>|null} [frameLength] Directory frameLength
             * @property {Uint8Array|null} [frameDigest] Directory frameDigest
             * @property {Array.<string>|null} [key] Directory key
             * @property {Array.<string>|null} [unit] Directory unit
             * @property {Array.<number>|null} [age] Directory age
             * @property {number|null} [rollupOffset] Directory rollupOffset
             * @property {Array.<number>|null} [rollupSeries] Directory rollupSeries
             * @property {Array.<number>|null} [rollupWidth] Directory rollupWidth
             * @property {Array.<number>|null} [rollupLength] Directory rollupLength
             * @property {Uint8Array|null} [rollupDigest] Directory rollupDigest
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Directory.
             * @memberof tidemark.v1
             * @interface IDirectory
             * @augments tidemark.v1.Directory.$Properties
             * @deprecated Use tidemark.v1.Directory.$Properties instead.
             */

            /**
             * Shape of a Directory.
             * @typedef {tidemark.v1.Directory.$Properties} tidemark.v1.Directory.$Shape
             */

            /**
             * Constructs a new Directory.
             * @memberof tidemark.v1
             * @classdesc Represents a Directory.
             * @constructor
             * @param {tidemark.v1.Directory.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Directory = function (properties) {
                this.series = [];
                this.segment = [];
                this.count = [];
                this.tMin = [];
                this.tSpan = [];
                this.timeFrame = [];
                this.valueFrame = [];
                this.zone = [];
                this.sum = [];
                this.nan = [];
                this.frameGap = [];
                this.frameLength = [];
                this.key = [];
                this.unit = [];
                this.age = [];
                this.rollupSeries = [];
                this.rollupWidth = [];
                this.rollupLength = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Directory series.
             * @member {Array.<number>} series
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.series = $util.emptyArray;

            /**
             * Directory segment.
             * @member {Array.<number>} segment
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.segment = $util.emptyArray;

            /**
             * Directory count.
             * @member {Array.<number>} count
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.count = $util.emptyArray;

            /**
             * Directory tMin.
             * @member {Array.<number>} tMin
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.tMin = $util.emptyArray;

            /**
             * Directory tSpan.
             * @member {Array.<number>} tSpan
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.tSpan = $util.emptyArray;

            /**
             * Directory timeFrame.
             * @member {Array.<number>} timeFrame
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.timeFrame = $util.emptyArray;

            /**
             * Directory valueFrame.
             * @member {Array.<number>} valueFrame
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.valueFrame = $util.emptyArray;

            /**
             * Directory zone.
             * @member {Array.<Uint8Array>} zone
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.zone = $util.emptyArray;

            /**
             * Directory sum.
             * @member {Array.<Uint8Array>} sum
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.sum = $util.emptyArray;

            /**
             * Directory nan.
             * @member {Array.<number>} nan
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.nan = $util.emptyArray;

            /**
             * Directory frameGap.
             * @member {Array.<number>} frameGap
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.frameGap = $util.emptyArray;

            /**
             * Directory frameLength.
             * @member {Array.<number>} frameLength
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.frameLength = $util.emptyArray;

            /**
             * Directory frameDigest.
             * @member {Uint8Array} frameDigest
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.frameDigest = $util.newBuffer([]);

            /**
             * Directory key.
             * @member {Array.<string>} key
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.key = $util.emptyArray;

            /**
             * Directory unit.
             * @member {Array.<string>} unit
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.unit = $util.emptyArray;

            /**
             * Directory age.
             * @member {Array.<number>} age
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.age = $util.emptyArray;

            /**
             * Directory rollupOffset.
             * @member {number} rollupOffset
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.rollupOffset = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Directory rollupSeries.
             * @member {Array.<number>} rollupSeries
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.rollupSeries = $util.emptyArray;

            /**
             * Directory rollupWidth.
             * @member {Array.<number>} rollupWidth
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.rollupWidth = $util.emptyArray;

            /**
             * Directory rollupLength.
             * @member {Array.<number>} rollupLength
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.rollupLength = $util.emptyArray;

            /**
             * Directory rollupDigest.
             * @member {Uint8Array} rollupDigest
             * @memberof tidemark.v1.Directory
             * @instance
             */
            Directory.prototype.rollupDigest = $util.newBuffer([]);

            /**
             * Creates a new Directory instance using the specified properties.
             * @function create
             * @memberof tidemark.v1.Directory
             * @static
             * @param {tidemark.v1.Directory.$Properties=} [properties] Properties to set
             * @returns {tidemark.v1.Directory} Directory instance
             * @type {{
             *   (properties: tidemark.v1.Directory.$Shape): tidemark.v1.Directory & tidemark.v1.Directory.$Shape;
             *   (properties?: tidemark.v1.Directory.$Properties): tidemark.v1.Directory;
             * }}
             */
            Directory.create = function(properties) {
                return new Directory(properties);
            };

            /**
             * Encodes the specified Directory message. Does not implicitly {@link tidemark.v1.Directory.verify|verify} messages.
             * @function encode
             * @memberof tidemark.v1.Directory
             * @static
             * @param {tidemark.v1.Directory.$Properties} message Directory message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Directory.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.series != null && message.series.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).sint32s(message.series);
                if (message.segment != null && message.segment.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).sint32s(message.segment);
                if (message.count != null && message.count.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).uint32s(message.count);
                if (message.tMin != null && message.tMin.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).sint64s(message.tMin);
                if (message.tSpan != null && message.tSpan.length)
                    writer.uint32(/* id 5, wireType 2 =*/42).uint64s(message.tSpan);
                if (message.timeFrame != null && message.timeFrame.length)
                    writer.uint32(/* id 6, wireType 2 =*/50).sint32s(message.timeFrame);
                if (message.valueFrame != null && message.valueFrame.length)
                    writer.uint32(/* id 7, wireType 2 =*/58).sint32s(message.valueFrame);
                if (message.zone != null && message.zone.length)
                    for (let i = 0; i < message.zone.length; ++i)
                        writer.uint32(/* id 8, wireType 2 =*/66).bytes(message.zone[i]);
                if (message.sum != null && message.sum.length)
                    for (let i = 0; i < message.sum.length; ++i)
                        writer.uint32(/* id 9, wireType 2 =*/74).bytes(message.sum[i]);
                if (message.frameGap != null && message.frameGap.length)
                    writer.uint32(/* id 10, wireType 2 =*/82).sint64s(message.frameGap);
                if (message.frameLength != null && message.frameLength.length)
                    writer.uint32(/* id 11, wireType 2 =*/90).uint32s(message.frameLength);
                if (message.frameDigest != null && $Object.hasOwnProperty.call(message, "frameDigest") && message.frameDigest.length)
                    writer.uint32(/* id 12, wireType 2 =*/98).bytes(message.frameDigest);
                if (message.key != null && message.key.length)
                    for (let i = 0; i < message.key.length; ++i)
                        writer.uint32(/* id 13, wireType 2 =*/106).string(message.key[i]);
                if (message.unit != null && message.unit.length)
                    for (let i = 0; i < message.unit.length; ++i)
                        writer.uint32(/* id 14, wireType 2 =*/114).string(message.unit[i]);
                if (message.age != null && message.age.length)
                    writer.uint32(/* id 15, wireType 2 =*/122).sint64s(message.age);
                if (message.rollupOffset != null && $Object.hasOwnProperty.call(message, "rollupOffset") && (typeof message.rollupOffset === "object" ? message.rollupOffset.low || message.rollupOffset.high : message.rollupOffset !== 0))
                    writer.uint32(/* id 16, wireType 0 =*/128).uint64(message.rollupOffset);
                if (message.rollupSeries != null && message.rollupSeries.length)
                    writer.uint32(/* id 17, wireType 2 =*/138).sint32s(message.rollupSeries);
                if (message.rollupWidth != null && message.rollupWidth.length)
                    writer.uint32(/* id 18, wireType 2 =*/146).sint64s(message.rollupWidth);
                if (message.rollupLength != null && message.rollupLength.length)
                    writer.uint32(/* id 19, wireType 2 =*/154).uint32s(message.rollupLength);
                if (message.rollupDigest != null && $Object.hasOwnProperty.call(message, "rollupDigest") && message.rollupDigest.length)
                    writer.uint32(/* id 20, wireType 2 =*/162).bytes(message.rollupDigest);
                if (message.nan != null && message.nan.length)
                    writer.uint32(/* id 21, wireType 2 =*/170).uint32s(message.nan);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Directory message from the specified reader or buffer.
             * @function decode
             * @memberof tidemark.v1.Directory
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tidemark.v1.Directory & tidemark.v1.Directory.$Shape} Directory
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Directory.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tidemark.v1.Directory();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType === 2) {
                                if (!(message.series && message.series.length))
                                    message.series = [];
                                reader.sint32s(message.series);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.series && message.series.length))
                                message.series = [];
                            message.series.push(reader.sint32());
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.segment && message.segment.length))
                                    message.segment = [];
                                reader.sint32s(message.segment);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.segment && message.segment.length))
                                message.segment = [];
                            message.segment.push(reader.sint32());
                            continue;
                        }
                    case 3: {
                            if (wireType === 2) {
                                if (!(message.count && message.count.length))
                                    message.count = [];
                                reader.uint32s(message.count);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.count && message.count.length))
                                message.count = [];
                            message.count.push(reader.uint32());
                            continue;
                        }
                    case 4: {
                            if (wireType === 2) {
                                if (!(message.tMin && message.tMin.length))
                                    message.tMin = [];
                                reader.sint64s(message.tMin);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.tMin && message.tMin.length))
                                message.tMin = [];
                            message.tMin.push(reader.sint64());
                            continue;
                        }
                    case 5: {
                            if (wireType === 2) {
                                if (!(message.tSpan && message.tSpan.length))
                                    message.tSpan = [];
                                reader.uint64s(message.tSpan);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.tSpan && message.tSpan.length))
                                message.tSpan = [];
                            message.tSpan.push(reader.uint64());
                            continue;
                        }
                    case 6: {
                            if (wireType === 2) {
                                if (!(message.timeFrame && message.timeFrame.length))
                                    message.timeFrame = [];
                                reader.sint32s(message.timeFrame);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.timeFrame && message.timeFrame.length))
                                message.timeFrame = [];
                            message.timeFrame.push(reader.sint32());
                            continue;
                        }
                    case 7: {
                            if (wireType === 2) {
                                if (!(message.valueFrame && message.valueFrame.length))
                                    message.valueFrame = [];
                                reader.sint32s(message.valueFrame);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.valueFrame && message.valueFrame.length))
                                message.valueFrame = [];
                            message.valueFrame.push(reader.sint32());
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if (!(message.zone && message.zone.length))
                                message.zone = [];
                            message.zone.push(reader.bytes());
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if (!(message.sum && message.sum.length))
                                message.sum = [];
                            message.sum.push(reader.bytes());
                            continue;
                        }
                    case 21: {
                            if (wireType === 2) {
                                if (!(message.nan && message.nan.length))
                                    message.nan = [];
                                reader.uint32s(message.nan);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.nan && message.nan.length))
                                message.nan = [];
                            message.nan.push(reader.uint32());
                            continue;
                        }
                    case 10: {
                            if (wireType === 2) {
                                if (!(message.frameGap && message.frameGap.length))
                                    message.frameGap = [];
                                reader.sint64s(message.frameGap);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.frameGap && message.frameGap.length))
                                message.frameGap = [];
                            message.frameGap.push(reader.sint64());
                            continue;
                        }
                    case 11: {
                            if (wireType === 2) {
                                if (!(message.frameLength && message.frameLength.length))
                                    message.frameLength = [];
                                reader.uint32s(message.frameLength);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.frameLength && message.frameLength.length))
                                message.frameLength = [];
                            message.frameLength.push(reader.uint32());
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.frameDigest = value;
                            else
                                delete message.frameDigest;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            if (!(message.key && message.key.length))
                                message.key = [];
                            message.key.push(reader.stringVerify());
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            if (!(message.unit && message.unit.length))
                                message.unit = [];
                            message.unit.push(reader.stringVerify());
                            continue;
                        }
                    case 15: {
                            if (wireType === 2) {
                                if (!(message.age && message.age.length))
                                    message.age = [];
                                reader.sint64s(message.age);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.age && message.age.length))
                                message.age = [];
                            message.age.push(reader.sint64());
                            continue;
                        }
                    case 16: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.rollupOffset = value;
                            else
                                delete message.rollupOffset;
                            continue;
                        }
                    case 17: {
                            if (wireType === 2) {
                                if (!(message.rollupSeries && message.rollupSeries.length))
                                    message.rollupSeries = [];
                                reader.sint32s(message.rollupSeries);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.rollupSeries && message.rollupSeries.length))
                                message.rollupSeries = [];
                            message.rollupSeries.push(reader.sint32());
                            continue;
                        }
                    case 18: {
                            if (wireType === 2) {
                                if (!(message.rollupWidth && message.rollupWidth.length))
                                    message.rollupWidth = [];
                                reader.sint64s(message.rollupWidth);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.rollupWidth && message.rollupWidth.length))
                                message.rollupWidth = [];
                            message.rollupWidth.push(reader.sint64());
                            continue;
                        }
                    case 19: {
                            if (wireType === 2) {
                                if (!(message.rollupLength && message.rollupLength.length))
                                    message.rollupLength = [];
                                reader.uint32s(message.rollupLength);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.rollupLength && message.rollupLength.length))
                                message.rollupLength = [];
                            message.rollupLength.push(reader.uint32());
                            continue;
                        }
                    case 20: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.rollupDigest = value;
                            else
                                delete message.rollupDigest;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Creates a Directory message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof tidemark.v1.Directory
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {tidemark.v1.Directory} Directory
             */
            Directory.fromObject = function (object, _depth) {
                if (object instanceof $root.tidemark.v1.Directory)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".tidemark.v1.Directory: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.tidemark.v1.Directory();
                if (object.series) {
                    if (!$Array.isArray(object.series))
                        throw $TypeError(".tidemark.v1.Directory.series: array expected");
                    message.series = $Array(object.series.length);
                    for (let i = 0; i < object.series.length; ++i)
                        message.series[i] = object.series[i] | 0;
                }
                if (object.segment) {
                    if (!$Array.isArray(object.segment))
                        throw $TypeError(".tidemark.v1.Directory.segment: array expected");
                    message.segment = $Array(object.segment.length);
                    for (let i = 0; i < object.segment.length; ++i)
                        message.segment[i] = object.segment[i] | 0;
                }
                if (object.count) {
                    if (!$Array.isArray(object.count))
                        throw $TypeError(".tidemark.v1.Directory.count: array expected");
                    message.count = $Array(object.count.length);
                    for (let i = 0; i < object.count.length; ++i)
                        message.count[i] = object.count[i] >>> 0;
                }
                if (object.tMin) {
                    if (!$Array.isArray(object.tMin))
                        throw $TypeError(".tidemark.v1.Directory.tMin: array expected");
                    message.tMin = $Array(object.tMin.length);
                    for (let i = 0; i < object.tMin.length; ++i)
                        if ($util.Long)
                            message.tMin[i] = $util.Long.fromValue(object.tMin[i], false);
                        else if (typeof object.tMin[i] === "string")
                            message.tMin[i] = $parseInt(object.tMin[i], 10);
                        else if (typeof object.tMin[i] === "number")
                            message.tMin[i] = object.tMin[i];
                        else if (typeof object.tMin[i] === "object")
                            message.tMin[i] = new $util.LongBits(object.tMin[i].low >>> 0, object.tMin[i].high >>> 0).toNumber();
                }
                if (object.tSpan) {
                    if (!$Array.isArray(object.tSpan))
                        throw $TypeError(".tidemark.v1.Directory.tSpan: array expected");
                    message.tSpan = $Array(object.tSpan.length);
                    for (let i = 0; i < object.tSpan.length; ++i)
                        if ($util.Long)
                            message.tSpan[i] = $util.Long.fromValue(object.tSpan[i], true);
                        else if (typeof object.tSpan[i] === "string")
                            message.tSpan[i] = $parseInt(object.tSpan[i], 10);
                        else if (typeof object.tSpan[i] === "number")
                            message.tSpan[i] = object.tSpan[i];
                        else if (typeof object.tSpan[i] === "object")
                            message.tSpan[i] = new $util.LongBits(object.tSpan[i].low >>> 0, object.tSpan[i].high >>> 0).toNumber(true);
                }
                if (object.timeFrame) {
                    if (!$Array.isArray(object.timeFrame))
                        throw $TypeError(".tidemark.v1.Directory.timeFrame: array expected");
                    message.timeFrame = $Array(object.timeFrame.length);
                    for (let i = 0; i < object.timeFrame.length; ++i)
                        message.timeFrame[i] = object.timeFrame[i] | 0;
                }
                if (object.valueFrame) {
                    if (!$Array.isArray(object.valueFrame))
                        throw $TypeError(".tidemark.v1.Directory.valueFrame: array expected");
                    message.valueFrame = $Array(object.valueFrame.length);
                    for (let i = 0; i < object.valueFrame.length; ++i)
                        message.valueFrame[i] = object.valueFrame[i] | 0;
                }
                if (object.zone) {
                    if (!$Array.isArray(object.zone))
                        throw $TypeError(".tidemark.v1.Directory.zone: array expected");
                    message.zone = $Array(object.zone.length);
                    for (let i = 0; i < object.zone.length; ++i)
                        if (typeof object.zone[i] === "string")
                            $util.base64.decode(object.zone[i], message.zone[i] = $util.newBuffer($util.base64.length(object.zone[i])), 0);
                        else if (object.zone[i].length >= 0)
                            message.zone[i] = object.zone[i];
                }
                if (object.sum) {
                    if (!$Array.isArray(object.sum))
                        throw $TypeError(".tidemark.v1.Directory.sum: array expected");
                    message.sum = $Array(object.sum.length);
                    for (let i = 0; i < object.sum.length; ++i)
                        if (typeof object.sum[i] === "string")
                            $util.base64.decode(object.sum[i], message.sum[i] = $util.newBuffer($util.base64.length(object.sum[i])), 0);
                        else if (object.sum[i].length >= 0)
                            message.sum[i] = object.sum[i];
                }
                if (object.nan) {
                    if (!$Array.isArray(object.nan))
                        throw $TypeError(".tidemark.v1.Directory.nan: array expected");
                    message.nan = $Array(object.nan.length);
                    for (let i = 0; i < object.nan.length; ++i)
                        message.nan[i] = object.nan[i] >>> 0;
                }
                if (object.frameGap) {
                    if (!$Array.isArray(object.frameGap))
                        throw $TypeError(".tidemark.v1.Directory.frameGap: array expected");
                    message.frameGap = $Array(object.frameGap.length);
                    for (let i = 0; i < object.frameGap.length; ++i)
                        if ($util.Long)
                            message.frameGap[i] = $util.Long.fromValue(object.frameGap[i], false);
                        else if (typeof object.frameGap[i] === "string")
                            message.frameGap[i] = $parseInt(object.frameGap[i], 10);
                        else if (typeof object.frameGap[i] === "number")
                            message.frameGap[i] = object.frameGap[i];
                        else if (typeof object.frameGap[i] === "object")
                            message.frameGap[i] = new $util.LongBits(object.frameGap[i].low >>> 0, object.frameGap[i].high >>> 0).toNumber();
                }
                if (object.frameLength) {
                    if (!$Array.isArray(object.frameLength))
                        throw $TypeError(".tidemark.v1.Directory.frameLength: array expected");
                    message.frameLength = $Array(object.frameLength.length);
                    for (let i = 0; i < object.frameLength.length; ++i)
                        message.frameLength[i] = object.frameLength[i] >>> 0;
                }
                if (object.frameDigest != null)
                    if (object.frameDigest.length)
                        if (typeof object.frameDigest === "string")
                            $util.base64.decode(object.frameDigest, message.frameDigest = $util.newBuffer($util.base64.length(object.frameDigest)), 0);
                        else if (object.frameDigest.length >= 0)
                            message.frameDigest = object.frameDigest;
                if (object.key) {
                    if (!$Array.isArray(object.key))
                        throw $TypeError(".tidemark.v1.Directory.key: array expected");
                    message.key = $Array(object.key.length);
                    for (let i = 0; i < object.key.length; ++i)
                        message.key[i] = $String(object.key[i]);
                }
                if (object.unit) {
                    if (!$Array.isArray(object.unit))
                        throw $TypeError(".tidemark.v1.Directory.unit: array expected");
                    message.unit = $Array(object.unit.length);
                    for (let i = 0; i < object.unit.length; ++i)
                        message.unit[i] = $String(object.unit[i]);
                }
                if (object.age) {
                    if (!$Array.isArray(object.age))
                        throw $TypeError(".tidemark.v1.Directory.age: array expected");
                    message.age = $Array(object.age.length);
                    for (let i = 0; i < object.age.length; ++i)
                        if ($util.Long)
                            message.age[i] = $util.Long.fromValue(object.age[i], false);
                        else if (typeof object.age[i] === "string")
                            message.age[i] = $parseInt(object.age[i], 10);
                        else if (typeof object.age[i] === "number")
                            message.age[i] = object.age[i];
                        else if (typeof object.age[i] === "object")
                            message.age[i] = new $util.LongBits(object.age[i].low >>> 0, object.age[i].high >>> 0).toNumber();
                }
                if (object.rollupOffset != null)
                    if (typeof object.rollupOffset === "object" ? object.rollupOffset.low || object.rollupOffset.high : $Number(object.rollupOffset) !== 0)
                        if ($util.Long)
                            message.rollupOffset = $util.Long.fromValue(object.rollupOffset, true);
                        else if (typeof object.rollupOffset === "string")
                            message.rollupOffset = $parseInt(object.rollupOffset, 10);
                        else if (typeof object.rollupOffset === "number")
                            message.rollupOffset = object.rollupOffset;
                        else if (typeof object.rollupOffset === "object")
                            message.rollupOffset = new $util.LongBits(object.rollupOffset.low >>> 0, object.rollupOffset.high >>> 0).toNumber(true);
                if (object.rollupSeries) {
                    if (!$Array.isArray(object.rollupSeries))
                        throw $TypeError(".tidemark.v1.Directory.rollupSeries: array expected");
                    message.rollupSeries = $Array(object.rollupSeries.length);
                    for (let i = 0; i < object.rollupSeries.length; ++i)
                        message.rollupSeries[i] = object.rollupSeries[i] | 0;
                }
                if (object.rollupWidth) {
                    if (!$Array.isArray(object.rollupWidth))
                        throw $TypeError(".tidemark.v1.Directory.rollupWidth: array expected");
                    message.rollupWidth = $Array(object.rollupWidth.length);
                    for (let i = 0; i < object.rollupWidth.length; ++i)
                        if ($util.Long)
                            message.rollupWidth[i] = $util.Long.fromValue(object.rollupWidth[i], false);
                        else if (typeof object.rollupWidth[i] === "string")
                            message.rollupWidth[i] = $parseInt(object.rollupWidth[i], 10);
                        else if (typeof object.rollupWidth[i] === "number")
                            message.rollupWidth[i] = object.rollupWidth[i];
                        else if (typeof object.rollupWidth[i] === "object")
                            message.rollupWidth[i] = new $util.LongBits(object.rollupWidth[i].low >>> 0, object.rollupWidth[i].high >>> 0).toNumber();
                }
                if (object.rollupLength) {
                    if (!$Array.isArray(object.rollupLength))
                        throw $TypeError(".tidemark.v1.Directory.rollupLength: array expected");
                    message.rollupLength = $Array(object.rollupLength.length);
                    for (let i = 0; i < object.rollupLength.length; ++i)
                        message.rollupLength[i] = object.rollupLength[i] >>> 0;
                }
                if (object.rollupDigest != null)
                    if (object.rollupDigest.length)
                        if (typeof object.rollupDigest === "string")
                            $util.base64.decode(object.rollupDigest, message.rollupDigest = $util.newBuffer($util.base64.length(object.rollupDigest)), 0);
                        else if (object.rollupDigest.length >= 0)
                            message.rollupDigest = object.rollupDigest;
                return message;
            };

            /**
             * Creates a plain object from a Directory message. Also converts values to other types if specified.
             * @function toObject
             * @memberof tidemark.v1.Directory
             * @static
             * @param {tidemark.v1.Directory} message Directory
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            Directory.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.series = [];
                    object.segment = [];
                    object.count = [];
                    object.tMin = [];
                    object.tSpan = [];
                    object.timeFrame = [];
                    object.valueFrame = [];
                    object.zone = [];
                    object.sum = [];
                    object.frameGap = [];
                    object.frameLength = [];
                    object.key = [];
                    object.unit = [];
                    object.age = [];
                    object.rollupSeries = [];
                    object.rollupWidth = [];
                    object.rollupLength = [];
                    object.nan = [];
                }
                if (options.defaults) {
                    if (options.bytes === $String)
                        object.frameDigest = "";
                    else {
                        object.frameDigest = [];
                        if (options.bytes !== $Array)
                            object.frameDigest = $util.newBuffer(object.frameDigest);
                    }
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.rollupOffset = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.rollupOffset = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if (options.bytes === $String)
                        object.rollupDigest = "";
                    else {
                        object.rollupDigest = [];
                        if (options.bytes !== $Array)
                            object.rollupDigest = $util.newBuffer(object.rollupDigest);
                    }
                }
                if (message.series && message.series.length) {
                    object.series = $Array(message.series.length);
                    for (let j = 0; j < message.series.length; ++j)
                        object.series[j] = message.series[j];
                }
                if (message.segment && message.segment.length) {
                    object.segment = $Array(message.segment.length);
                    for (let j = 0; j < message.segment.length; ++j)
                        object.segment[j] = message.segment[j];
                }
                if (message.count && message.count.length) {
                    object.count = $Array(message.count.length);
                    for (let j = 0; j < message.count.length; ++j)
                        object.count[j] = message.count[j];
                }
                if (message.tMin && message.tMin.length) {
                    object.tMin = $Array(message.tMin.length);
                    for (let j = 0; j < message.tMin.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.tMin[j] = typeof message.tMin[j] === "number" ? $BigInt(message.tMin[j]) : $util.Long.fromBits(message.tMin[j].low >>> 0, message.tMin[j].high >>> 0, false).toBigInt();
                        else if (typeof message.tMin[j] === "number")
                            object.tMin[j] = options.longs === $String ? $String(message.tMin[j]) : message.tMin[j];
                        else
                            object.tMin[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.tMin[j]) : options.longs === $Number ? new $util.LongBits(message.tMin[j].low >>> 0, message.tMin[j].high >>> 0).toNumber() : message.tMin[j];
                }
                if (message.tSpan && message.tSpan.length) {
                    object.tSpan = $Array(message.tSpan.length);
                    for (let j = 0; j < message.tSpan.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.tSpan[j] = typeof message.tSpan[j] === "number" ? $BigInt(message.tSpan[j]) : $util.Long.fromBits(message.tSpan[j].low >>> 0, message.tSpan[j].high >>> 0, true).toBigInt();
                        else if (typeof message.tSpan[j] === "number")
                            object.tSpan[j] = options.longs === $String ? $String(message.tSpan[j]) : message.tSpan[j];
                        else
                            object.tSpan[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.tSpan[j]) : options.longs === $Number ? new $util.LongBits(message.tSpan[j].low >>> 0, message.tSpan[j].high >>> 0).toNumber(true) : message.tSpan[j];
                }
                if (message.timeFrame && message.timeFrame.length) {
                    object.timeFrame = $Array(message.timeFrame.length);
                    for (let j = 0; j < message.timeFrame.length; ++j)
                        object.timeFrame[j] = message.timeFrame[j];
                }
                if (message.valueFrame && message.valueFrame.length) {
                    object.valueFrame = $Array(message.valueFrame.length);
                    for (let j = 0; j < message.valueFrame.length; ++j)
                        object.valueFrame[j] = message.valueFrame[j];
                }
                if (message.zone && message.zone.length) {
                    object.zone = $Array(message.zone.length);
                    for (let j = 0; j < message.zone.length; ++j)
                        object.zone[j] = options.bytes === $String ? $util.base64.encode(message.zone[j], 0, message.zone[j].length) : options.bytes === $Array ? $Array.prototype.slice.call(message.zone[j]) : message.zone[j];
                }
                if (message.sum && message.sum.length) {
                    object.sum = $Array(message.sum.length);
                    for (let j = 0; j < message.sum.length; ++j)
                        object.sum[j] = options.bytes === $String ? $util.base64.encode(message.sum[j], 0, message.sum[j].length) : options.bytes === $Array ? $Array.prototype.slice.call(message.sum[j]) : message.sum[j];
                }
                if (message.frameGap && message.frameGap.length) {
                    object.frameGap = $Array(message.frameGap.length);
                    for (let j = 0; j < message.frameGap.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.frameGap[j] = typeof message.frameGap[j] === "number" ? $BigInt(message.frameGap[j]) : $util.Long.fromBits(message.frameGap[j].low >>> 0, message.frameGap[j].high >>> 0, false).toBigInt();
                        else if (typeof message.frameGap[j] === "number")
                            object.frameGap[j] = options.longs === $String ? $String(message.frameGap[j]) : message.frameGap[j];
                        else
                            object.frameGap[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.frameGap[j]) : options.longs === $Number ? new $util.LongBits(message.frameGap[j].low >>> 0, message.frameGap[j].high >>> 0).toNumber() : message.frameGap[j];
                }
                if (message.frameLength && message.frameLength.length) {
                    object.frameLength = $Array(message.frameLength.length);
                    for (let j = 0; j < message.frameLength.length; ++j)
                        object.frameLength[j] = message.frameLength[j];
                }
                if (message.frameDigest != null && $Object.hasOwnProperty.call(message, "frameDigest"))
                    object.frameDigest = options.bytes === $String ? $util.base64.encode(message.frameDigest, 0, message.frameDigest.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.frameDigest) : message.frameDigest;
                if (message.key && message.key.length) {
                    object.key = $Array(message.key.length);
                    for (let j = 0; j < message.key.length; ++j)
                        object.key[j] = message.key[j];
                }
                if (message.unit && message.unit.length) {
                    object.unit = $Array(message.unit.length);
                    for (let j = 0; j < message.unit.length; ++j)
                        object.unit[j] = message.unit[j];
                }
                if (message.age && message.age.length) {
                    object.age = $Array(message.age.length);
                    for (let j = 0; j < message.age.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.age[j] = typeof message.age[j] === "number" ? $BigInt(message.age[j]) : $util.Long.fromBits(message.age[j].low >>> 0, message.age[j].high >>> 0, false).toBigInt();
                        else if (typeof message.age[j] === "number")
                            object.age[j] = options.longs === $String ? $String(message.age[j]) : message.age[j];
                        else
                            object.age[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.age[j]) : options.longs === $Number ? new $util.LongBits(message.age[j].low >>> 0, message.age[j].high >>> 0).toNumber() : message.age[j];
                }
                if (message.rollupOffset != null && $Object.hasOwnProperty.call(message, "rollupOffset"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.rollupOffset = typeof message.rollupOffset === "number" ? $BigInt(message.rollupOffset) : $util.Long.fromBits(message.rollupOffset.low >>> 0, message.rollupOffset.high >>> 0, true).toBigInt();
                    else if (typeof message.rollupOffset === "number")
                        object.rollupOffset = options.longs === $String ? $String(message.rollupOffset) : message.rollupOffset;
                    else
                        object.rollupOffset = options.longs === $String ? $util.Long.prototype.toString.call(message.rollupOffset) : options.longs === $Number ? new $util.LongBits(message.rollupOffset.low >>> 0, message.rollupOffset.high >>> 0).toNumber(true) : message.rollupOffset;
                if (message.rollupSeries && message.rollupSeries.length) {
                    object.rollupSeries = $Array(message.rollupSeries.length);
                    for (let j = 0; j < message.rollupSeries.length; ++j)
                        object.rollupSeries[j] = message.rollupSeries[j];
                }
                if (message.rollupWidth && message.rollupWidth.length) {
                    object.rollupWidth = $Array(message.rollupWidth.length);
                    for (let j = 0; j < message.rollupWidth.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.rollupWidth[j] = typeof message.rollupWidth[j] === "number" ? $BigInt(message.rollupWidth[j]) : $util.Long.fromBits(message.rollupWidth[j].low >>> 0, message.rollupWidth[j].high >>> 0, false).toBigInt();
                        else if (typeof message.rollupWidth[j] === "number")
                            object.rollupWidth[j] = options.longs === $String ? $String(message.rollupWidth[j]) : message.rollupWidth[j];
                        else
                            object.rollupWidth[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.rollupWidth[j]) : options.longs === $Number ? new $util.LongBits(message.rollupWidth[j].low >>> 0, message.rollupWidth[j].high >>> 0).toNumber() : message.rollupWidth[j];
                }
                if (message.rollupLength && message.rollupLength.length) {
                    object.rollupLength = $Array(message.rollupLength.length);
                    for (let j = 0; j < message.rollupLength.length; ++j)
                        object.rollupLength[j] = message.rollupLength[j];
                }
                if (message.rollupDigest != null && $Object.hasOwnProperty.call(message, "rollupDigest"))
                    object.rollupDigest = options.bytes === $String ? $util.base64.encode(message.rollupDigest, 0, message.rollupDigest.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.rollupDigest) : message.rollupDigest;
                if (message.nan && message.nan.length) {
                    object.nan = $Array(message.nan.length);
                    for (let j = 0; j < message.nan.length; ++j)
                        object.nan[j] = message.nan[j];
                }
                return object;
            };

            /**
             * Converts this Directory to JSON.
             * @function toJSON
             * @memberof tidemark.v1.Directory
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            Directory.prototype.toJSON = function() {
                return Directory.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Directory;
        })();

        v1.SeriesEntry = (function() {

            /**
             * Properties of a SeriesEntry.
             * @typedef {Object} tidemark.v1.SeriesEntry.$Properties
             * @property {string|null} [measurement] SeriesEntry measurement
             * @property {string|null} [field] SeriesEntry field
             * @property {Array.<string>|null} [tagName] SeriesEntry tagName
             * @property {Array.<string>|null} [tagValue] SeriesEntry tagValue
             * @property {string|null} [unit] SeriesEntry unit
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SeriesEntry.
             * @memberof tidemark.v1
             * @interface ISeriesEntry
             * @augments tidemark.v1.SeriesEntry.$Properties
             * @deprecated Use tidemark.v1.SeriesEntry.$Properties instead.
             */

            /**
             * Shape of a SeriesEntry.
             * @typedef {tidemark.v1.SeriesEntry.$Properties} tidemark.v1.SeriesEntry.$Shape
             */

            /**
             * Constructs a new SeriesEntry.
             * @memberof tidemark.v1
             * @classdesc Represents a SeriesEntry.
             * @constructor
             * @param {tidemark.v1.SeriesEntry.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SeriesEntry = function (properties) {
                this.tagName = [];
                this.tagValue = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SeriesEntry measurement.
             * @member {string} measurement
             * @memberof tidemark.v1.SeriesEntry
             * @instance
             */
            SeriesEntry.prototype.measurement = "";

            /**
             * SeriesEntry field.
             * @member {string} field
             * @memberof tidemark.v1.SeriesEntry
             * @instance
             */
            SeriesEntry.prototype.field = "";

            /**
             * SeriesEntry tagName.
             * @member {Array.<string>} tagName
             * @memberof tidemark.v1.SeriesEntry
             * @instance
             */
            SeriesEntry.prototype.tagName = $util.emptyArray;

            /**
             * SeriesEntry tagValue.
             * @member {Array.<string>} tagValue
             * @memberof tidemark.v1.SeriesEntry
             * @instance
             */
            SeriesEntry.prototype.tagValue = $util.emptyArray;

            /**
             * SeriesEntry unit.
             * @member {string} unit
             * @memberof tidemark.v1.SeriesEntry
             * @instance
             */
            SeriesEntry.prototype.unit = "";

            /**
             * Creates a new SeriesEntry instance using the specified properties.
             * @function create
             * @memberof tidemark.v1.SeriesEntry
             * @static
             * @param {tidemark.v1.SeriesEntry.$Properties=} [properties] Properties to set
             * @returns {tidemark.v1.SeriesEntry} SeriesEntry instance
             * @type {{
             *   (properties: tidemark.v1.SeriesEntry.$Shape): tidemark.v1.SeriesEntry & tidemark.v1.SeriesEntry.$Shape;
             *   (properties?: tidemark.v1.SeriesEntry.$Properties): tidemark.v1.SeriesEntry;
             * }}
             */
            SeriesEntry.create = function(properties) {
                return new SeriesEntry(properties);
            };

            /**
             * Encodes the specified SeriesEntry message. Does not implicitly {@link tidemark.v1.SeriesEntry.verify|verify} messages.
             * @function encode
             * @memberof tidemark.v1.SeriesEntry
             * @static
             * @param {tidemark.v1.SeriesEntry.$Properties} message SeriesEntry message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SeriesEntry.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.measurement != null && $Object.hasOwnProperty.call(message, "measurement") && message.measurement !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.measurement);
                if (message.field != null && $Object.hasOwnProperty.call(message, "field") && message.field !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.field);
                if (message.tagName != null && message.tagName.length)
                    for (let i = 0; i < message.tagName.length; ++i)
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.tagName[i]);
                if (message.tagValue != null && message.tagValue.length)
                    for (let i = 0; i < message.tagValue.length; ++i)
                        writer.uint32(/* id 4, wireType 2 =*/34).string(message.tagValue[i]);
                if (message.unit != null && $Object.hasOwnProperty.call(message, "unit") && message.unit !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.unit);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SeriesEntry message from the specified reader or buffer.
             * @function decode
             * @memberof tidemark.v1.SeriesEntry
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tidemark.v1.SeriesEntry & tidemark.v1.SeriesEntry.$Shape} SeriesEntry
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SeriesEntry.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tidemark.v1.SeriesEntry();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.measurement = value;
                            else
                                delete message.measurement;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.field = value;
                            else
                                delete message.field;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.tagName && message.tagName.length))
                                message.tagName = [];
                            message.tagName.push(reader.stringVerify());
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.tagValue && message.tagValue.length))
                                message.tagValue = [];
                            message.tagValue.push(reader.stringVerify());
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.unit = value;
                            else
                                delete message.unit;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Creates a SeriesEntry message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof tidemark.v1.SeriesEntry
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {tidemark.v1.SeriesEntry} SeriesEntry
             */
            SeriesEntry.fromObject = function (object, _depth) {
                if (object instanceof $root.tidemark.v1.SeriesEntry)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".tidemark.v1.SeriesEntry: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.tidemark.v1.SeriesEntry();
                if (object.measurement != null)
                    if (typeof object.measurement !== "string" || object.measurement.length)
                        message.measurement = $String(object.measurement);
                if (object.field != null)
                    if (typeof object.field !== "string" || object.field.length)
                        message.field = $String(object.field);
                if (object.tagName) {
                    if (!$Array.isArray(object.tagName))
                        throw $TypeError(".tidemark.v1.SeriesEntry.tagName: array expected");
                    message.tagName = $Array(object.tagName.length);
                    for (let i = 0; i < object.tagName.length; ++i)
                        message.tagName[i] = $String(object.tagName[i]);
                }
                if (object.tagValue) {
                    if (!$Array.isArray(object.tagValue))
                        throw $TypeError(".tidemark.v1.SeriesEntry.tagValue: array expected");
                    message.tagValue = $Array(object.tagValue.length);
                    for (let i = 0; i < object.tagValue.length; ++i)
                        message.tagValue[i] = $String(object.tagValue[i]);
                }
                if (object.unit != null)
                    if (typeof object.unit !== "string" || object.unit.length)
                        message.unit = $String(object.unit);
                return message;
            };

            /**
             * Creates a plain object from a SeriesEntry message. Also converts values to other types if specified.
             * @function toObject
             * @memberof tidemark.v1.SeriesEntry
             * @static
             * @param {tidemark.v1.SeriesEntry} message SeriesEntry
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            SeriesEntry.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.tagName = [];
                    object.tagValue = [];
                }
                if (options.defaults) {
                    object.measurement = "";
                    object.field = "";
                    object.unit = "";
                }
                if (message.measurement != null && $Object.hasOwnProperty.call(message, "measurement"))
                    object.measurement = message.measurement;
                if (message.field != null && $Object.hasOwnProperty.call(message, "field"))
                    object.field = message.field;
                if (message.tagName && message.tagName.length) {
                    object.tagName = $Array(message.tagName.length);
                    for (let j = 0; j < message.tagName.length; ++j)
                        object.tagName[j] = message.tagName[j];
                }
                if (message.tagValue && message.tagValue.length) {
                    object.tagValue = $Array(message.tagValue.length);
                    for (let j = 0; j < message.tagValue.length; ++j)
                        object.tagValue[j] = message.tagValue[j];
                }
                if (message.unit != null && $Object.hasOwnProperty.call(message, "unit"))
                    object.unit = message.unit;
                return object;
            };

            /**
             * Converts this SeriesEntry to JSON.
             * @function toJSON
             * @memberof tidemark.v1.SeriesEntry
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            SeriesEntry.prototype.toJSON = function() {
                return SeriesEntry.toObject(this, $protobuf.util.toJSONOptions);
            };

            return SeriesEntry;
        })();

        v1.SegmentEntry = (function() {

            /**
             * Properties of a SegmentEntry.
             * @typedef {Object} tidemark.v1.SegmentEntry.$Properties
             * @property {number|null} [epoch] SegmentEntry epoch
             * @property {number|null} [seqLo] SegmentEntry seqLo
             * @property {number|null} [seqHi] SegmentEntry seqHi
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SegmentEntry.
             * @memberof tidemark.v1
             * @interface ISegmentEntry
             * @augments tidemark.v1.SegmentEntry.$Properties
             * @deprecated Use tidemark.v1.SegmentEntry.$Properties instead.
             */

            /**
             * Shape of a SegmentEntry.
             * @typedef {tidemark.v1.SegmentEntry.$Properties} tidemark.v1.SegmentEntry.$Shape
             */

            /**
             * Constructs a new SegmentEntry.
             * @memberof tidemark.v1
             * @classdesc Represents a SegmentEntry.
             * @constructor
             * @param {tidemark.v1.SegmentEntry.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SegmentEntry = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SegmentEntry epoch.
             * @member {number} epoch
             * @memberof tidemark.v1.SegmentEntry
             * @instance
             */
            SegmentEntry.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * SegmentEntry seqLo.
             * @member {number} seqLo
             * @memberof tidemark.v1.SegmentEntry
             * @instance
             */
            SegmentEntry.prototype.seqLo = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * SegmentEntry seqHi.
             * @member {number} seqHi
             * @memberof tidemark.v1.SegmentEntry
             * @instance
             */
            SegmentEntry.prototype.seqHi = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Creates a new SegmentEntry instance using the specified properties.
             * @function create
             * @memberof tidemark.v1.SegmentEntry
             * @static
             * @param {tidemark.v1.SegmentEntry.$Properties=} [properties] Properties to set
             * @returns {tidemark.v1.SegmentEntry} SegmentEntry instance
             * @type {{
             *   (properties: tidemark.v1.SegmentEntry.$Shape): tidemark.v1.SegmentEntry & tidemark.v1.SegmentEntry.$Shape;
             *   (properties?: tidemark.v1.SegmentEntry.$Properties): tidemark.v1.SegmentEntry;
             * }}
             */
            SegmentEntry.create = function(properties) {
                return new SegmentEntry(properties);
            };

            /**
             * Encodes the specified SegmentEntry message. Does not implicitly {@link tidemark.v1.SegmentEntry.verify|verify} messages.
             * @function encode
             * @memberof tidemark.v1.SegmentEntry
             * @static
             * @param {tidemark.v1.SegmentEntry.$Properties} message SegmentEntry message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SegmentEntry.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.epoch);
                if (message.seqLo != null && $Object.hasOwnProperty.call(message, "seqLo") && (typeof message.seqLo === "object" ? message.seqLo.low || message.seqLo.high : message.seqLo !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.seqLo);
                if (message.seqHi != null && $Object.hasOwnProperty.call(message, "seqHi") && (typeof message.seqHi === "object" ? message.seqHi.low || message.seqHi.high : message.seqHi !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.seqHi);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SegmentEntry message from the specified reader or buffer.
             * @function decode
             * @memberof tidemark.v1.SegmentEntry
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tidemark.v1.SegmentEntry & tidemark.v1.SegmentEntry.$Shape} SegmentEntry
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SegmentEntry.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tidemark.v1.SegmentEntry();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.epoch = value;
                            else
                                delete message.epoch;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.seqLo = value;
                            else
                                delete message.seqLo;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.seqHi = value;
                            else
                                delete message.seqHi;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Creates a SegmentEntry message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof tidemark.v1.SegmentEntry
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {tidemark.v1.SegmentEntry} SegmentEntry
             */
            SegmentEntry.fromObject = function (object, _depth) {
                if (object instanceof $root.tidemark.v1.SegmentEntry)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".tidemark.v1.SegmentEntry: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.tidemark.v1.SegmentEntry();
                if (object.epoch != null)
                    if (typeof object.epoch === "object" ? object.epoch.low || object.epoch.high : $Number(object.epoch) !== 0)
                        if ($util.Long)
                            message.epoch = $util.Long.fromValue(object.epoch, true);
                        else if (typeof object.epoch === "string")
                            message.epoch = $parseInt(object.epoch, 10);
                        else if (typeof object.epoch === "number")
                            message.epoch = object.epoch;
                        else if (typeof object.epoch === "object")
                            message.epoch = new $util.LongBits(object.epoch.low >>> 0, object.epoch.high >>> 0).toNumber(true);
                if (object.seqLo != null)
                    if (typeof object.seqLo === "object" ? object.seqLo.low || object.seqLo.high : $Number(object.seqLo) !== 0)
                        if ($util.Long)
                            message.seqLo = $util.Long.fromValue(object.seqLo, true);
                        else if (typeof object.seqLo === "string")
                            message.seqLo = $parseInt(object.seqLo, 10);
                        else if (typeof object.seqLo === "number")
                            message.seqLo = object.seqLo;
                        else if (typeof object.seqLo === "object")
                            message.seqLo = new $util.LongBits(object.seqLo.low >>> 0, object.seqLo.high >>> 0).toNumber(true);
                if (object.seqHi != null)
                    if (typeof object.seqHi === "object" ? object.seqHi.low || object.seqHi.high : $Number(object.seqHi) !== 0)
                        if ($util.Long)
                            message.seqHi = $util.Long.fromValue(object.seqHi, true);
                        else if (typeof object.seqHi === "string")
                            message.seqHi = $parseInt(object.seqHi, 10);
                        else if (typeof object.seqHi === "number")
                            message.seqHi = object.seqHi;
                        else if (typeof object.seqHi === "object")
                            message.seqHi = new $util.LongBits(object.seqHi.low >>> 0, object.seqHi.high >>> 0).toNumber(true);
                return message;
            };

            /**
             * Creates a plain object from a SegmentEntry message. Also converts values to other types if specified.
             * @function toObject
             * @memberof tidemark.v1.SegmentEntry
             * @static
             * @param {tidemark.v1.SegmentEntry} message SegmentEntry
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            SegmentEntry.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.epoch = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.epoch = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.seqLo = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.seqLo = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.seqHi = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.seqHi = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.epoch = typeof message.epoch === "number" ? $BigInt(message.epoch) : $util.Long.fromBits(message.epoch.low >>> 0, message.epoch.high >>> 0, true).toBigInt();
                    else if (typeof message.epoch === "number")
                        object.epoch = options.longs === $String ? $String(message.epoch) : message.epoch;
                    else
                        object.epoch = options.longs === $String ? $util.Long.prototype.toString.call(message.epoch) : options.longs === $Number ? new $util.LongBits(message.epoch.low >>> 0, message.epoch.high >>> 0).toNumber(true) : message.epoch;
                if (message.seqLo != null && $Object.hasOwnProperty.call(message, "seqLo"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.seqLo = typeof message.seqLo === "number" ? $BigInt(message.seqLo) : $util.Long.fromBits(message.seqLo.low >>> 0, message.seqLo.high >>> 0, true).toBigInt();
                    else if (typeof message.seqLo === "number")
                        object.seqLo = options.longs === $String ? $String(message.seqLo) : message.seqLo;
                    else
                        object.seqLo = options.longs === $String ? $util.Long.prototype.toString.call(message.seqLo) : options.longs === $Number ? new $util.LongBits(message.seqLo.low >>> 0, message.seqLo.high >>> 0).toNumber(true) : message.seqLo;
                if (message.seqHi != null && $Object.hasOwnProperty.call(message, "seqHi"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.seqHi = typeof message.seqHi === "number" ? $BigInt(message.seqHi) : $util.Long.fromBits(message.seqHi.low >>> 0, message.seqHi.high >>> 0, true).toBigInt();
                    else if (typeof message.seqHi === "number")
                        object.seqHi = options.longs === $String ? $String(message.seqHi) : message.seqHi;
                    else
                        object.seqHi = options.longs === $String ? $util.Long.prototype.toString.call(message.seqHi) : options.longs === $Number ? new $util.LongBits(message.seqHi.low >>> 0, message.seqHi.high >>> 0).toNumber(true) : message.seqHi;
                return object;
            };

            /**
             * Converts this SegmentEntry to JSON.
             * @function toJSON
             * @memberof tidemark.v1.SegmentEntry
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            SegmentEntry.prototype.toJSON = function() {
                return SegmentEntry.toObject(this, $protobuf.util.toJSONOptions);
            };

            return SegmentEntry;
        })();

        v1.Index = (function() {

            /**
             * Properties of an Index.
             * @typedef {Object} tidemark.v1.Index.$Properties
             * @property {number|null} [version] Index version
             * @property {string|null} [gateway] Index gateway
             * @property {number|null} [day] Index day
             * @property {string|null} [blockId] Index blockId
             * @property {number|null} [readings] Index readings
             * @property {Array.<tidemark.v1.SeriesEntry.$Properties>|null} [series] Index series
             * @property {Array.<tidemark.v1.SegmentEntry.$Properties>|null} [segments] Index segments
             * @property {tidemark.v1.Directory.$Properties|null} [directory] Index directory
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Index.
             * @memberof tidemark.v1
             * @interface IIndex
             * @augments tidemark.v1.Index.$Properties
             * @deprecated Use tidemark.v1.Index.$Properties instead.
             */

            /**
             * Shape of an Index.
             * @typedef {tidemark.v1.Index.$Properties} tidemark.v1.Index.$Shape
             */

            /**
             * Constructs a new Index.
             * @memberof tidemark.v1
             * @classdesc Represents an Index.
             * @constructor
             * @param {tidemark.v1.Index.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Index = function (properties) {
                this.series = [];
                this.segments = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Index version.
             * @member {number} version
             * @memberof tidemark.v1.Index
             * @instance
             */
            Index.prototype.version = 0;

            /**
             * Index gateway.
             * @member {string} gateway
             * @memberof tidemark.v1.Index
             * @instance
             */
            Index.prototype.gateway = "";

            /**
             * Index day.
             * @member {number} day
             * @memberof tidemark.v1.Index
             * @instance
             */
            Index.prototype.day = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Index blockId.
             * @member {string} blockId
             * @memberof tidemark.v1.Index
             * @instance
             */
            Index.prototype.blockId = "";

            /**
             * Index readings.
             * @member {number} readings
             * @memberof tidemark.v1.Index
             * @instance
             */
            Index.prototype.readings = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Index series.
             * @member {Array.<tidemark.v1.SeriesEntry.$Properties>} series
             * @memberof tidemark.v1.Index
             * @instance
             */
            Index.prototype.series = $util.emptyArray;

            /**
             * Index segments.
             * @member {Array.<tidemark.v1.SegmentEntry.$Properties>} segments
             * @memberof tidemark.v1.Index
             * @instance
             */
            Index.prototype.segments = $util.emptyArray;

            /**
             * Index directory.
             * @member {tidemark.v1.Directory.$Properties|null|undefined} directory
             * @memberof tidemark.v1.Index
             * @instance
             */
            Index.prototype.directory = null;

            /**
             * Creates a new Index instance using the specified properties.
             * @function create
             * @memberof tidemark.v1.Index
             * @static
             * @param {tidemark.v1.Index.$Properties=} [properties] Properties to set
             * @returns {tidemark.v1.Index} Index instance
             * @type {{
             *   (properties: tidemark.v1.Index.$Shape): tidemark.v1.Index & tidemark.v1.Index.$Shape;
             *   (properties?: tidemark.v1.Index.$Properties): tidemark.v1.Index;
             * }}
             */
            Index.create = function(properties) {
                return new Index(properties);
            };

            /**
             * Encodes the specified Index message. Does not implicitly {@link tidemark.v1.Index.verify|verify} messages.
             * @function encode
             * @memberof tidemark.v1.Index
             * @static
             * @param {tidemark.v1.Index.$Properties} message Index message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Index.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.version);
                if (message.gateway != null && $Object.hasOwnProperty.call(message, "gateway") && message.gateway !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.gateway);
                if (message.day != null && $Object.hasOwnProperty.call(message, "day") && (typeof message.day === "object" ? message.day.low || message.day.high : message.day !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).sint64(message.day);
                if (message.blockId != null && $Object.hasOwnProperty.call(message, "blockId") && message.blockId !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.blockId);
                if (message.readings != null && $Object.hasOwnProperty.call(message, "readings") && (typeof message.readings === "object" ? message.readings.low || message.readings.high : message.readings !== 0))
                    writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.readings);
                if (message.series != null && message.series.length)
                    for (let i = 0; i < message.series.length; ++i)
                        $root.tidemark.v1.SeriesEntry.encode(message.series[i], writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.segments != null && message.segments.length)
                    for (let i = 0; i < message.segments.length; ++i)
                        $root.tidemark.v1.SegmentEntry.encode(message.segments[i], writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.directory != null && $Object.hasOwnProperty.call(message, "directory"))
                    $root.tidemark.v1.Directory.encode(message.directory, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Index message from the specified reader or buffer.
             * @function decode
             * @memberof tidemark.v1.Index
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tidemark.v1.Index & tidemark.v1.Index.$Shape} Index
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Index.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tidemark.v1.Index();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.gateway = value;
                            else
                                delete message.gateway;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.sint64()) === "object" ? value.low || value.high : value !== 0)
                                message.day = value;
                            else
                                delete message.day;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.blockId = value;
                            else
                                delete message.blockId;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.readings = value;
                            else
                                delete message.readings;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.series && message.series.length))
                                message.series = [];
                            message.series.push($root.tidemark.v1.SeriesEntry.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if (!(message.segments && message.segments.length))
                                message.segments = [];
                            message.segments.push($root.tidemark.v1.SegmentEntry.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.directory = $root.tidemark.v1.Directory.decode(reader, reader.size(), $undefined, _depth + 1, message.directory);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            /**
             * Creates an Index message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof tidemark.v1.Index
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {tidemark.v1.Index} Index
             */
            Index.fromObject = function (object, _depth) {
                if (object instanceof $root.tidemark.v1.Index)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".tidemark.v1.Index: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.tidemark.v1.Index();
                if (object.version != null)
                    if ($Number(object.version) !== 0)
                        message.version = object.version >>> 0;
                if (object.gateway != null)
                    if (typeof object.gateway !== "string" || object.gateway.length)
                        message.gateway = $String(object.gateway);
                if (object.day != null)
                    if (typeof object.day === "object" ? object.day.low || object.day.high : $Number(object.day) !== 0)
                        if ($util.Long)
                            message.day = $util.Long.fromValue(object.day, false);
                        else if (typeof object.day === "string")
                            message.day = $parseInt(object.day, 10);
                        else if (typeof object.day === "number")
                            message.day = object.day;
                        else if (typeof object.day === "object")
                            message.day = new $util.LongBits(object.day.low >>> 0, object.day.high >>> 0).toNumber();
                if (object.blockId != null)
                    if (typeof object.blockId !== "string" || object.blockId.length)
                        message.blockId = $String(object.blockId);
                if (object.readings != null)
                    if (typeof object.readings === "object" ? object.readings.low || object.readings.high : $Number(object.readings) !== 0)
                        if ($util.Long)
                            message.readings = $util.Long.fromValue(object.readings, true);
                        else if (typeof object.readings === "string")
                            message.readings = $parseInt(object.readings, 10);
                        else if (typeof object.readings === "number")
                            message.readings = object.readings;
                        else if (typeof object.readings === "object")
                            message.readings = new $util.LongBits(object.readings.low >>> 0, object.readings.high >>> 0).toNumber(true);
                if (object.series) {
                    if (!$Array.isArray(object.series))
                        throw $TypeError(".tidemark.v1.Index.series: array expected");
                    message.series = $Array(object.series.length);
                    for (let i = 0; i < object.series.length; ++i) {
                        if (!$util.isObject(object.series[i]))
                            throw $TypeError(".tidemark.v1.Index.series: object expected");
                        message.series[i] = $root.tidemark.v1.SeriesEntry.fromObject(object.series[i], _depth + 1);
                    }
                }
                if (object.segments) {
                    if (!$Array.isArray(object.segments))
                        throw $TypeError(".tidemark.v1.Index.segments: array expected");
                    message.segments = $Array(object.segments.length);
                    for (let i = 0; i < object.segments.length; ++i) {
                        if (!$util.isObject(object.segments[i]))
                            throw $TypeError(".tidemark.v1.Index.segments: object expected");
                        message.segments[i] = $root.tidemark.v1.SegmentEntry.fromObject(object.segments[i], _depth + 1);
                    }
                }
                if (object.directory != null) {
                    if (!$util.isObject(object.directory))
                        throw $TypeError(".tidemark.v1.Index.directory: object expected");
                    message.directory = $root.tidemark.v1.Directory.fromObject(object.directory, _depth + 1);
                }
                return message;
            };

            /**
             * Creates a plain object from an Index message. Also converts values to other types if specified.
             * @function toObject
             * @memberof tidemark.v1.Index
             * @static
             * @param {tidemark.v1.Index} message Index
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            Index.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.series = [];
                    object.segments = [];
                }
                if (options.defaults) {
                    object.version = 0;
                    object.gateway = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, false);
                        object.day = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.day = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.blockId = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.readings = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.readings = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.directory = null;
                }
                if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                    object.version = message.version;
                if (message.gateway != null && $Object.hasOwnProperty.call(message, "gateway"))
                    object.gateway = message.gateway;
                if (message.day != null && $Object.hasOwnProperty.call(message, "day"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.day = typeof message.day === "number" ? $BigInt(message.day) : $util.Long.fromBits(message.day.low >>> 0, message.day.high >>> 0, false).toBigInt();
                    else if (typeof message.day === "number")
                        object.day = options.longs === $String ? $String(message.day) : message.day;
                    else
                        object.day = options.longs === $String ? $util.Long.prototype.toString.call(message.day) : options.longs === $Number ? new $util.LongBits(message.day.low >>> 0, message.day.high >>> 0).toNumber() : message.day;
                if (message.blockId != null && $Object.hasOwnProperty.call(message, "blockId"))
                    object.blockId = message.blockId;
                if (message.readings != null && $Object.hasOwnProperty.call(message, "readings"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.readings = typeof message.readings === "number" ? $BigInt(message.readings) : $util.Long.fromBits(message.readings.low >>> 0, message.readings.high >>> 0, true).toBigInt();
                    else if (typeof message.readings === "number")
                        object.readings = options.longs === $String ? $String(message.readings) : message.readings;
                    else
                        object.readings = options.longs === $String ? $util.Long.prototype.toString.call(message.readings) : options.longs === $Number ? new $util.LongBits(message.readings.low >>> 0, message.readings.high >>> 0).toNumber(true) : message.readings;
                if (message.series && message.series.length) {
                    object.series = $Array(message.series.length);
                    for (let j = 0; j < message.series.length; ++j)
                        object.series[j] = $root.tidemark.v1.SeriesEntry.toObject(message.series[j], options, _depth + 1);
                }
                if (message.segments && message.segments.length) {
                    object.segments = $Array(message.segments.length);
                    for (let j = 0; j < message.segments.length; ++j)
                        object.segments[j] = $root.tidemark.v1.SegmentEntry.toObject(message.segments[j], options, _depth + 1);
                }
                if (message.directory != null && $Object.hasOwnProperty.call(message, "directory"))
                    object.directory = $root.tidemark.v1.Directory.toObject(message.directory, options, _depth + 1);
                return object;
            };

            /**
             * Converts this Index to JSON.
             * @function toJSON
             * @memberof tidemark.v1.Index
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            Index.prototype.toJSON = function() {
                return Index.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Index;
        })();

        return v1;
    })();

    return tidemark;
})();

export {
  $root as default
};
