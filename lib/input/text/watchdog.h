/*
 * watchdog - lines that PyTorch's ProcessGroupNCCL writes to the log of a hung
 * job: the watchdog's timeouts, the counters printed by it and the flight
 * recorder, desync reports, mismatched calls, barriers that no rank passed,
 * creation of process groups; and lines of NCCL and srun that show the hosts of
 * ranks.  The texts are searched anywhere in a line: prefixes of launchers
 * vary, and progress bars end without a newline.  Other backends print the same
 * texts with other names (WorkXCCL, WorkHCCL).
 * Sources: ProcessGroupNCCL.cpp and TraceUtils.h of PyTorch 1.9 to 2.13,
 * ProcessGroupWrapper.cpp and ProcessGroupGloo.cpp (mismatches, barriers),
 * TCPStore.cpp, torchcomms' TorchWorkNCCLX.cpp, GraphEventTracker.cpp and
 * TorchCommLogging.hpp, torch_npu's ProcessGroupHCCL.cpp, UCC's ucc_schedule.h,
 * HCCL's task_exception_handler.cc, gloo's
 * transport/tcp/unbound_buffer.cc and pair.cc, NCCL's init.cc, socket.cc and net_ib.cc,
 * Ray's log monitor, Slurm's srun, PyTorch's distributed_c10d.py (the rank in front of
 * a traceback), Lightning's subprocess_script.py, Open MPI's help-orterun.txt.
 * Layer text: includes time, text.
 */
#ifndef WATCHDOG_H
#define WATCHDOG_H

#include "base/time.h"

enum watchdog_part {
	WATCHDOG_TIMEOUT,  /* rank has waited in collective seq for ran_ns */
	WATCHDOG_FAILURE,  /* the same, with the group's counters */
	WATCHDOG_DUMP,     /* the default group's counters; other: the rank that raised the alarm */
	WATCHDOG_PROGRESS, /* the group's counters, printed periodically */
	WATCHDOG_LAGGING,  /* ranks did not join collective seq; -1: any */
	WATCHDOG_JOINED,   /* ranks joined collective seq but did not finish it */
	WATCHDOG_STARTED,  /* ranks started op, others may not have */
	WATCHDOG_FINISHED, /* ranks finished op and have not started another */
	WATCHDOG_MISMATCH, /* the calls of local and other at seq differ */
	WATCHDOG_BARRIER,  /* ranks did not reach the barrier of local; no ranks: local
	                    * reached it, and rank 0 did not answer */
	WATCHDOG_GROUP,    /* rank has number local in the group of size */
	WATCHDOG_ALARM,    /* rank was the first to request dumps */
	WATCHDOG_HEARD,    /* rank is alive; nothing else */
	WATCHDOG_STUCK,    /* the watchdog of rank sent no heartbeat */
	WATCHDOG_STORE,    /* the wait for key op of the store timed out; if op
	                    * is "3/4", the wait for its size clients */
	WATCHDOG_LOST,     /* rank lost the store: the store's process ended */
	WATCHDOG_FOREIGN,  /* a wait in library op timed out, in an unknown call */
	WATCHDOG_NETWORK,  /* a network call of NCCL failed on host, with the
	                    * peer in ranks */
	WATCHDOG_HOST,     /* ranks, of a communicator of size, ran on host */
	WATCHDOG_ENDED,    /* rank, or srun's ranks on host, ended with op: an exception or a signal */
	WATCHDOG_CYCLE,    /* not a line, but from a launcher: the ranks of job
	                    * desc start, the same number on each of the nodes
	                    * in ranks */
};

/* Numbers are -1 and strings "no string" if not in the line. */
struct watchdog_line {
	enum watchdog_part part;
	int64_t rank;        /* global: the rank that wrote the line; HOST: the rank described */
	int64_t local;       /* its number in the group */
	int64_t other;       /* DUMP: a global rank; MISMATCH: a rank of the group */
	struct str group;    /* name: the same on all ranks; or a number, if process_local */
	bool process_local;  /* group is a number in the process that wrote the line */
	struct str desc;     /* the program's name for the group */
	int64_t seq, enqueued, completed;
	struct str op;       /* ALLREDUCE */
	int64_t in, out;     /* elements of a call */
	struct str shape, other_op, other_shape; /* MISMATCH: of the calls */
	int64_t ran_ns, timeout_ns;
	struct str ranks;    /* "4, 5, 6, 7", "8-12,14-15" */
	int64_t size;
	bool repeat;         /* a timeout, repeated in an exception's text */
	bool thinned;        /* Ray left out the same lines of other ranks */
	int64_t t;           /* from a stamp with a zone, or NO_TIME */
	int64_t clock;       /* time in 2000, from a stamp without a year; or 0 */
	struct str host;
	struct str pod;      /* from kubectl logs --prefix */
};

/*
 * The next of these lines in a message; *message keeps the text after it.
 * False if there is none.
 */
bool watchdog_next(struct str *message, struct watchdog_line *l);

struct text;
/* The global rank that wrote the current line: from the line, or else from its
 * context or the name of its file, unless they contradict each other; or -1. */
int64_t watchdog_writer(const struct text *t, const struct watchdog_line *l);

/* The next rank of a list, "0-2, 5", which is removed from *ranks.  False at
 * its end, and if it is not such a list. */
struct watchdog_ranks {
	struct str rest;
	uint64_t next, last; /* of the current range */
};
bool watchdog_rank(struct watchdog_ranks *w, uint32_t *rank);
/* Limit of ranks in a line about a host: no node has more, and a few bytes of
 * input must not become megabytes. */
enum { WATCHDOG_TASKS_MAX = 256 };

#endif
