/*
 * filename - what the names of files and folders say of the rank that wrote them.
 * Endings that only say how a file is packed or written are no part of a name.
 * Sources: PyTorch's TORCH_FR_DUMP_TEMP_FILE and nccl_trace_rank_N, torchrun's
 * --log-dir (attempt_A/LOCAL_RANK/stderr.log), Slurm's --output patterns.
 * Layer input: includes base.
 */
#ifndef FILENAME_H
#define FILENAME_H

#include "base/str.h"

/* The rank of a dump: of the file's name, or else of the folder that it is in. */
bool filename_dump_rank(struct str file, uint32_t *rank);

/* Of a log. Views of the path. */
struct filename {
	int64_t rank;    /* -1: unknown */
	bool local;      /* it may be a number among the ranks of its host */
	struct str host; /* or "no string" */
};
struct filename filename_of_log(struct str path);

#endif
