/*
 * watchdog - what PyTorch's ProcessGroupNCCL writes to the log of a job that
 * hangs: the watchdog's timeouts, the counters that it and the flight recorder
 * print, desync reports, calls that do not match, barriers that no rank passed,
 * how process groups begin; and the lines of NCCL and srun that show which
 * rank ran on which host.  The words are looked for anywhere in a line: what
 * launchers put in front varies, and progress bars end without a newline.
 * Other backends print the same words with other names (WorkXCCL, WorkHCCL).
 * Sources: ProcessGroupNCCL.cpp and TraceUtils.h of PyTorch 1.9 to 2.13,
 * ProcessGroupWrapper.cpp and ProcessGroupGloo.cpp (mismatches, barriers),
 * TCPStore.cpp, torchcomms' TorchWorkNCCLX.cpp, GraphEventTracker.cpp and
 * TorchCommLogging.hpp, torch_npu's ProcessGroupHCCL.cpp, UCC's ucc_schedule.h,
 * HCCL's task_exception_handler.cc, gloo's
 * transport/tcp/unbound_buffer.cc, NCCL's init.cc, socket.cc and net_ib.cc,
 * Ray's log monitor, Slurm's srun.
 * Layer text: includes time, text.
 */
#ifndef WATCHDOG_H
#define WATCHDOG_H

#include "base/time.h"

enum watchdog_part {
	WATCHDOG_TIMEOUT,  /* rank waits in collective seq, since ran_ns */
	WATCHDOG_FAILURE,  /* the same, with the group's counters */
	WATCHDOG_DUMP,     /* the default group's counters; other raised the alarm */
	WATCHDOG_PROGRESS, /* the group's counters, printed now and then */
	WATCHDOG_LAGGING,  /* ranks did not join collective seq; -1: any */
	WATCHDOG_JOINED,   /* ranks joined collective seq and did not finish it */
	WATCHDOG_STARTED,  /* ranks started an op, others may not have */
	WATCHDOG_FINISHED, /* ranks finished an op and started none since */
	WATCHDOG_MISMATCH, /* the calls of local and other at seq differ */
	WATCHDOG_BARRIER,  /* ranks did not come to the barrier of local */
	WATCHDOG_GROUP,    /* local of the group is rank, and the group has size */
	WATCHDOG_ALARM,    /* rank was the first to ask for dumps */
	WATCHDOG_HEARD,    /* rank lives; it says nothing else */
	WATCHDOG_STUCK,    /* the watchdog of rank gave no heartbeat */
	WATCHDOG_STORE,    /* wait for the key op of the store, which timed out; where op
	                    * is "3/4", for the clients of it, as many as size */
	WATCHDOG_LOST,     /* rank lost the store: the process that has it ended */
	WATCHDOG_FOREIGN,  /* a wait in the library op timed out, in which call is not known */
	WATCHDOG_NETWORK,  /* NCCL's call to the network failed on host, with the peer
	                    * that ranks names */
	WATCHDOG_HOST,     /* ranks, of a communicator of size, ran on host */
	WATCHDOG_CYCLE,    /* no line, a launcher's word: the ranks of job desc begin,
	                    * as many each on the nodes that ranks lists */
};

/* Numbers are -1 and strings "no string" where the line has none. */
struct watchdog_line {
	enum watchdog_part part;
	int64_t rank;        /* global: the rank that wrote the line; of HOST the one that it is about */
	int64_t local;       /* the same in the group */
	int64_t other;       /* DUMP: a global rank; MISMATCH: one of the group */
	struct str group;    /* its name: the same on all ranks; or, if not */
	bool process_local;  /* its number in the process that wrote the line */
	struct str desc;     /* what the program calls it */
	int64_t seq, enqueued, completed;
	struct str op;       /* ALLREDUCE */
	int64_t in, out;     /* elements of a call */
	struct str shape, other_op, other_shape; /* MISMATCH: of the calls */
	int64_t ran_ns, timeout_ns;
	struct str ranks;    /* "4, 5, 6, 7", "8-12,14-15" */
	int64_t size;
	bool repeat;         /* a timeout, repeated in an exception's text */
	bool thinned;        /* Ray left out the same lines of other ranks */
	int64_t t;           /* from a stamp with a zone, else NO_TIME */
	struct str host;
	struct str pod;      /* as kubectl logs --prefix has it */
};

/*
 * The next of these lines in a message, which may have several; *message
 * keeps what follows it.  False when there is none left.
 */
bool watchdog_next(struct str *message, struct watchdog_line *l);

struct text;
/* The global rank that wrote a line which is being read: what the line says, else
 * what stands around it or the name of its file, unless that contradicts; -1. */
int64_t watchdog_writer(const struct text *t, const struct watchdog_line *l);

/* The next rank of a list, "0-2, 5": removed from *ranks. False at its end,
 * and where it is no such list. */
struct watchdog_ranks {
	struct str rest;
	uint64_t next, last; /* of the range at hand */
};
bool watchdog_rank(struct watchdog_ranks *w, uint32_t *rank);
/* So many ranks of a line about a host count: no node has more, and a few bytes
 * of the input are no megabytes. */
enum { WATCHDOG_TASKS_MAX = 256 };

#endif
