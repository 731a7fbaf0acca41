/*
 * influx - a line of InfluxDB's line protocol, as telegraf writes it to files,
 * queues and sockets, turned into the object of telegraf's JSON.
 * Source: InfluxDB v2's reference, line protocol: a measurement and tags, a
 * blank, fields, a blank, a time in ns; a backslash before what would end a
 * name, and in texts before a quote.
 * Layer input: includes base.
 */
#ifndef INFLUX_H
#define INFLUX_H

#include "base/buf.h"

/* Is a line such?  Then its object stands behind what is in json:
 * {"name":…,"tags":{…},"fields":{…},"timestamp":…} */
bool influx_object(struct str line, struct buf *json);

#endif
