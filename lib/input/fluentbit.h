/*
 * fluentbit - makes a JSON object of a line printed by Fluent Bit's output plugins
 * stdout and file.
 * Source: Fluent Bit's documentation, outputs/standard-output and outputs/file;
 * fluent-bit/plugins/out_stdout: [0] tag: [[seconds, {metadata}], {"name"=>"text", …}],
 * before version 2.1 [seconds, {…}] after the tag; out_file: tag: [seconds, {"name":"text", …}].
 * Layer input: includes base.
 */
#ifndef FLUENTBIT_H
#define FLUENTBIT_H

#include "base/buf.h"

/* If a line is of this form, append its object to json: {"date":…,…}. */
bool fluentbit_object(struct str line, struct buf *json);

#endif
