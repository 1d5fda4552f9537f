/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";
$protobuf.util.Long = undefined;
$protobuf.configure();

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError, $TypeError = $util.global.TypeError, $String = $util.global.String, $Array = $util.global.Array, $parseInt = $util.global.parseInt, $Number = $util.global.Number, $BigInt = $util.global.BigInt, $isFinite = $util.global.isFinite;

// Exported root namespace
const $root = $protobuf.roots["tidemark_sensor"] || ($protobuf.roots["tidemark_sensor"] = {});

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

        v1.SensorData = (function() {

            /**
             * Properties of a SensorData.
             * @typedef {Object} tidemark.v1.SensorData.$Properties
             * @property {string|null} [hub] SensorData hub
             * @property {Array.<tidemark.v1.SensorSeries.$Properties>|null} [series] SensorData series
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SensorData.
             * @memberof tidemark.v1
             * @interface ISensorData
             * @augments tidemark.v1.SensorData.$Properties
             * @deprecated Use tidemark.v1.SensorData.$Properties instead.
             */

            /**
             * Shape of a SensorData.
             * @typedef {tidemark.v1.SensorData.$Properties} tidemark.v1.SensorData.$Shape
             */

            /**
             * Constructs a new SensorData.
             * @memberof tidemark.v1
             * @classdesc Represents a SensorData.
             * @constructor
             * @param {tidemark.v1.SensorData.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SensorData = function (properties) {
                this.series = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SensorData hub.
             * @member {string} hub
             * @memberof tidemark.v1.SensorData
             * @instance
             */
            SensorData.prototype.hub = "";

            /**
             * SensorData series.
             * @member {Array.<tidemark.v1.SensorSeries.$Properties>} series
             * @memberof tidemark.v1.SensorData
             * @instance
             */
            SensorData.prototype.series = $util.emptyArray;

            /**
             * Creates a new SensorData instance using the specified properties.
             * @function create
             * @memberof tidemark.v1.SensorData
             * @static
             * @param {tidemark.v1.SensorData.$Properties=} [properties] Properties to set
             * @returns {tidemark.v1.SensorData} SensorData instance
             * @type {{
             *   (properties: tidemark.v1.SensorData.$Shape): tidemark.v1.SensorData & tidemark.v1.SensorData.$Shape;
             *   (properties?: tidemark.v1.SensorData.$Properties): tidemark.v1.SensorData;
             * }}
             */
            SensorData.create = function(properties) {
                return new SensorData(properties);
            };

            /**
             * Encodes the specified SensorData message. Does not implicitly {@link tidemark.v1.SensorData.verify|verify} messages.
             * @function encode
             * @memberof tidemark.v1.SensorData
             * @static
             * @param {tidemark.v1.SensorData.$Properties} message SensorData message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SensorData.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hub != null && $Object.hasOwnProperty.call(message, "hub") && message.hub !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.hub);
                if (message.series != null && message.series.length)
                    for (let i = 0; i < message.series.length; ++i)
                        $root.tidemark.v1.SensorSeries.encode(message.series[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SensorData message from the specified reader or buffer.
             * @function decode
             * @memberof tidemark.v1.SensorData
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tidemark.v1.SensorData & tidemark.v1.SensorData.$Shape} SensorData
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SensorData.decode = function (reader, length, _end, _depth, _target) {
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
                message = _target || new $root.tidemark.v1.SensorData();
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
                                message.hub = value;
                            else
                                delete message.hub;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.series && message.series.length))
                                message.series = [];
                            message.series.push($root.tidemark.v1.SensorSeries.decode(reader, reader.size(), $undefined, _depth + 1));
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
             * Creates a SensorData message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof tidemark.v1.SensorData
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {tidemark.v1.SensorData} SensorData
             */
            SensorData.fromObject = function (object, _depth) {
                if (object instanceof $root.tidemark.v1.SensorData)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".tidemark.v1.SensorData: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.tidemark.v1.SensorData();
                if (object.hub != null)
                    if (typeof object.hub !== "string" || object.hub.length)
                        message.hub = $String(object.hub);
                if (object.series) {
                    if (!$Array.isArray(object.series))
                        throw $TypeError(".tidemark.v1.SensorData.series: array expected");
                    message.series = $Array(object.series.length);
                    for (let i = 0; i < object.series.length; ++i) {
                        if (!$util.isObject(object.series[i]))
                            throw $TypeError(".tidemark.v1.SensorData.series: object expected");
                        message.series[i] = $root.tidemark.v1.SensorSeries.fromObject(object.series[i], _depth + 1);
                    }
                }
                return message;
            };

            /**
             * Creates a plain object from a SensorData message. Also converts values to other types if specified.
             * @function toObject
             * @memberof tidemark.v1.SensorData
             * @static
             * @param {tidemark.v1.SensorData} message SensorData
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            SensorData.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults)
                    object.series = [];
                if (options.defaults)
                    object.hub = "";
                if (message.hub != null && $Object.hasOwnProperty.call(message, "hub"))
                    object.hub = message.hub;
                if (message.series && message.series.length) {
                    object.series = $Array(message.series.length);
                    for (let j = 0; j < message.series.length; ++j)
                        object.series[j] = $root.tidemark.v1.SensorSeries.toObject(message.series[j], options, _depth + 1);
                }
                return object;
            };

            /**
             * Converts this SensorData to JSON.
             * @function toJSON
             * @memberof tidemark.v1.SensorData
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            SensorData.prototype.toJSON = function() {
                return SensorData.toObject(this, $protobuf.util.toJSONOptions);
            };

            return SensorData;
        })();

        v1.SensorSeries = (function() {

            /**
             * Properties of a SensorSeries.
             * @typedef {Object} tidemark.v1.SensorSeries.$Properties
             * @property {string|null} [measurement] SensorSeries measurement
             * @property {string|null} [field] SensorSeries field
             * @property {Object.<string,string>|null} [tags] SensorSeries tags
             * @property {string|null} [unit] SensorSeries unit
             * @property {Array.<number>|null} [timestampUs] SensorSeries timestampUs
             * @property {Array.<number>|null} [value] SensorSeries value
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SensorSeries.
             * @memberof tidemark.v1
             * @interface ISensorSeries
             * @augments tidemark.v1.SensorSeries.$Properties
             * @deprecated Use tidemark.v1.SensorSeries.$Properties instead.
             */

            /**
             * Shape of a SensorSeries.
             * @typedef {tidemark.v1.SensorSeries.$Properties} tidemark.v1.SensorSeries.$Shape
             */

            /**
             * Constructs a new SensorSeries.
             * @memberof tidemark.v1
             * @classdesc Represents a SensorSeries.
             * @constructor
             * @param {tidemark.v1.SensorSeries.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SensorSeries = function (properties) {
                this.tags = {};
                this.timestampUs = [];
                this.value = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SensorSeries measurement.
             * @member {string} measurement
             * @memberof tidemark.v1.SensorSeries
             * @instance
             */
            SensorSeries.prototype.measurement = "";

            /**
             * SensorSeries field.
             * @member {string} field
             * @memberof tidemark.v1.SensorSeries
             * @instance
             */
            SensorSeries.prototype.field = "";

            /**
             * SensorSeries tags.
             * @member {Object.<string,string>} tags
             * @memberof tidemark.v1.SensorSeries
             * @instance
             */
            SensorSeries.prototype.tags = $util.emptyObject;

            /**
             * SensorSeries unit.
             * @member {string} unit
             * @memberof tidemark.v1.SensorSeries
             * @instance
             */
            SensorSeries.prototype.unit = "";

            /**
             * SensorSeries timestampUs.
             * @member {Array.<number>} timestampUs
             * @memberof tidemark.v1.SensorSeries
             * @instance
             */
            SensorSeries.prototype.timestampUs = $util.emptyArray;

            /**
             * SensorSeries value.
             * @member {Array.<number>} value
             * @memberof tidemark.v1.SensorSeries
             * @instance
             */
            SensorSeries.prototype.value = $util.emptyArray;

            /**
             * Creates a new SensorSeries instance using the specified properties.
             * @function create
             * @memberof tidemark.v1.SensorSeries
             * @static
             * @param {tidemark.v1.SensorSeries.$Properties=} [properties] Properties to set
             * @returns {tidemark.v1.SensorSeries} SensorSeries instance
             * @type {{
             *   (properties: tidemark.v1.SensorSeries.$Shape): tidemark.v1.SensorSeries & tidemark.v1.SensorSeries.$Shape;
             *   (properties?: tidemark.v1.SensorSeries.$Properties): tidemark.v1.SensorSeries;
             * }}
             */
            SensorSeries.create = function(properties) {
                return new SensorSeries(properties);
            };

            /**
             * Encodes the specified SensorSeries message. Does not implicitly {@link tidemark.v1.SensorSeries.verify|verify} messages.
             * @function encode
             * @memberof tidemark.v1.SensorSeries
             * @static
             * @param {tidemark.v1.SensorSeries.$Properties} message SensorSeries message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SensorSeries.encode = function (message, writer, _depth) {
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
                if (message.tags != null && $Object.hasOwnProperty.call(message, "tags"))
                    for (let keys = $Object.keys(message.tags), i = 0; i < keys.length; ++i)
                        writer.uint32(/* id 3, wireType 2 =*/26).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 2 =*/18).string(message.tags[keys[i]]).ldelim();
                if (message.unit != null && $Object.hasOwnProperty.call(message, "unit") && message.unit !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.unit);
                if (message.timestampUs != null && message.timestampUs.length)
                    writer.uint32(/* id 5, wireType 2 =*/42).int64s(message.timestampUs);
                if (message.value != null && message.value.length)
                    writer.uint32(/* id 6, wireType 2 =*/50).doubles(message.value);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SensorSeries message from the specified reader or buffer.
             * @function decode
             * @memberof tidemark.v1.SensorSeries
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tidemark.v1.SensorSeries & tidemark.v1.SensorSeries.$Shape} SensorSeries
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SensorSeries.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, key, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tidemark.v1.SensorSeries();
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
                            if (message.tags === $util.emptyObject)
                                message.tags = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = "";
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 2)
                                        break;
                                    value = reader.stringVerify();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.tags, key);
                            message.tags[key] = value;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.unit = value;
                            else
                                delete message.unit;
                            continue;
                        }
                    case 5: {
                            if (wireType === 2) {
                                if (!(message.timestampUs && message.timestampUs.length))
                                    message.timestampUs = [];
                                reader.int64s(message.timestampUs);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.timestampUs && message.timestampUs.length))
                                message.timestampUs = [];
                            message.timestampUs.push(reader.int64());
                            continue;
                        }
                    case 6: {
                            if (wireType === 2) {
                                if (!(message.value && message.value.length))
                                    message.value = [];
                                reader.doubles(message.value);
                                continue;
                            }
                            if (wireType !== 1)
                                break;
                            if (!(message.value && message.value.length))
                                message.value = [];
                            message.value.push(reader.double());
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
             * Creates a SensorSeries message from a plain object. Also converts values to their respective internal types.
             * @function fromObject
             * @memberof tidemark.v1.SensorSeries
             * @static
             * @param {Object.<string,*>} object Plain object
             * @returns {tidemark.v1.SensorSeries} SensorSeries
             */
            SensorSeries.fromObject = function (object, _depth) {
                if (object instanceof $root.tidemark.v1.SensorSeries)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".tidemark.v1.SensorSeries: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.tidemark.v1.SensorSeries();
                if (object.measurement != null)
                    if (typeof object.measurement !== "string" || object.measurement.length)
                        message.measurement = $String(object.measurement);
                if (object.field != null)
                    if (typeof object.field !== "string" || object.field.length)
                        message.field = $String(object.field);
                if (object.tags) {
                    if (!$util.isObject(object.tags))
                        throw $TypeError(".tidemark.v1.SensorSeries.tags: object expected");
                    message.tags = {};
                    for (let keys = $Object.keys(object.tags), i = 0; i < keys.length; ++i) {
                        if (keys[i] === "__proto__")
                            $util.makeProp(message.tags, keys[i]);
                        message.tags[keys[i]] = $String(object.tags[keys[i]]);
                    }
                }
                if (object.unit != null)
                    if (typeof object.unit !== "string" || object.unit.length)
                        message.unit = $String(object.unit);
                if (object.timestampUs) {
                    if (!$Array.isArray(object.timestampUs))
                        throw $TypeError(".tidemark.v1.SensorSeries.timestampUs: array expected");
                    message.timestampUs = $Array(object.timestampUs.length);
                    for (let i = 0; i < object.timestampUs.length; ++i)
                        if ($util.Long)
                            message.timestampUs[i] = $util.Long.fromValue(object.timestampUs[i], false);
                        else if (typeof object.timestampUs[i] === "string")
                            message.timestampUs[i] = $parseInt(object.timestampUs[i], 10);
                        else if (typeof object.timestampUs[i] === "number")
                            message.timestampUs[i] = object.timestampUs[i];
                        else if (typeof object.timestampUs[i] === "object")
                            message.timestampUs[i] = new $util.LongBits(object.timestampUs[i].low >>> 0, object.timestampUs[i].high >>> 0).toNumber();
                }
                if (object.value) {
                    if (!$Array.isArray(object.value))
                        throw $TypeError(".tidemark.v1.SensorSeries.value: array expected");
                    message.value = $Array(object.value.length);
                    for (let i = 0; i < object.value.length; ++i)
                        message.value[i] = $Number(object.value[i]);
                }
                return message;
            };

            /**
             * Creates a plain object from a SensorSeries message. Also converts values to other types if specified.
             * @function toObject
             * @memberof tidemark.v1.SensorSeries
             * @static
             * @param {tidemark.v1.SensorSeries} message SensorSeries
             * @param {$protobuf.IConversionOptions} [options] Conversion options
             * @returns {Object.<string,*>} Plain object
             */
            SensorSeries.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.timestampUs = [];
                    object.value = [];
                }
                if (options.objects || options.defaults)
                    object.tags = {};
                if (options.defaults) {
                    object.measurement = "";
                    object.field = "";
                    object.unit = "";
                }
                if (message.measurement != null && $Object.hasOwnProperty.call(message, "measurement"))
                    object.measurement = message.measurement;
                if (message.field != null && $Object.hasOwnProperty.call(message, "field"))
                    object.field = message.field;
                let keys2;
                if (message.tags && (keys2 = $Object.keys(message.tags)).length) {
                    object.tags = {};
                    for (let j = 0; j < keys2.length; ++j) {
                        if (keys2[j] === "__proto__")
                            $util.makeProp(object.tags, keys2[j]);
                        object.tags[keys2[j]] = message.tags[keys2[j]];
                    }
                }
                if (message.unit != null && $Object.hasOwnProperty.call(message, "unit"))
                    object.unit = message.unit;
                if (message.timestampUs && message.timestampUs.length) {
                    object.timestampUs = $Array(message.timestampUs.length);
                    for (let j = 0; j < message.timestampUs.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.timestampUs[j] = typeof message.timestampUs[j] === "number" ? $BigInt(message.timestampUs[j]) : $util.Long.fromBits(message.timestampUs[j].low >>> 0, message.timestampUs[j].high >>> 0, false).toBigInt();
                        else if (typeof message.timestampUs[j] === "number")
                            object.timestampUs[j] = options.longs === $String ? $String(message.timestampUs[j]) : message.timestampUs[j];
                        else
                            object.timestampUs[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.timestampUs[j]) : options.longs === $Number ? new $util.LongBits(message.timestampUs[j].low >>> 0, message.timestampUs[j].high >>> 0).toNumber() : message.timestampUs[j];
                }
                if (message.value && message.value.length) {
                    object.value = $Array(message.value.length);
                    for (let j = 0; j < message.value.length; ++j)
                        object.value[j] = options.json && !$isFinite(message.value[j]) ? $String(message.value[j]) : message.value[j];
                }
                return object;
            };

            /**
             * Converts this SensorSeries to JSON.
             * @function toJSON
             * @memberof tidemark.v1.SensorSeries
             * @instance
             * @returns {Object.<string,*>} JSON object
             */
            SensorSeries.prototype.toJSON = function() {
                return SensorSeries.toObject(this, $protobuf.util.toJSONOptions);
            };

            return SensorSeries;
        })();

        return v1;
    })();

    return tidemark;
})();

export {
  $root as default
};
