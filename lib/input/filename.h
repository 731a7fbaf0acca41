/*
 * filename - the rank and host in names of files and folders.  Endings for compression
 * and format are ignored.
 * Sources: PyTorch's TORCH_FR_DUMP_TEMP_FILE and nccl_trace_rank_N, torchrun's
 * --log-dir (attempt_A/LOCAL_RANK/stderr.log), Slurm's --output patterns.
 * Layer input: includes base.
 */
#ifndef FILENAME_H
#define FILENAME_H

#include "base/str.h"

/* The rank of a dump, from the file's name or else from its folder's. */
bool filename_dump_rank(struct str file, uint32_t *rank);

/* The rank and host of a log; strings point into the path. */
struct filename {
	int64_t rank;    /* -1: unknown */
	bool local;      /* it may be a local rank of its host */
	struct str host; /* or "no string" */
};
struct filename filename_of_log(struct str path);

#endif
