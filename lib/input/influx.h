/*
 * influx - makes telegraf's JSON object of a line of InfluxDB's line protocol, as
 * written by telegraf to files, queues and sockets.
 * Source: InfluxDB v2's reference, line protocol: a measurement and tags, a
 * blank, fields, a blank, a time in ns; delimiters in names, and quotes in texts, are
 * escaped by a backslash.
 * Layer input: includes base.
 */
#ifndef INFLUX_H
#define INFLUX_H

#include "base/buf.h"

/* If a line is of this form, append its object to json:
 * {"name":…,"tags":{…},"fields":{…},"timestamp":…} */
bool influx_object(struct str line, struct buf *json);

#endif
