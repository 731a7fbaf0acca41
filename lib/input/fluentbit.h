/*
 * fluentbit - a line that Fluent Bit's output stdout prints, turned into the object
 * that it stands for.
 * Source: Fluent Bit's documentation, outputs/standard-output; fluent-bit/
 * plugins/out_stdout: [0] tag: [[seconds, {metadata}], {"name"=>"text", …}], before
 * version 2.1 [seconds, {…}] behind the tag.
 * Layer input: includes base.
 */
#ifndef FLUENTBIT_H
#define FLUENTBIT_H

#include "base/buf.h"

/* Is a line such?  Then its object stands behind what is in json: {"date":…,…}. */
bool fluentbit_object(struct str line, struct buf *json);

#endif
