/*
 * stamps - what log carriers put in front of a line: when, on which host and
 * who speaks.  Journals, syslog, dmesg, container runtimes, pdsh and its kin,
 * log query tools.  A head is a stamp with a host; of several on one line the
 * innermost is the emitter's and counts.
 * Sources: systemd's journalctl(1), RFC 3164, RFC 5424, util-linux dmesg,
 * glibc's locales (names of months), Kubernetes' CRI log format, talosctl,
 * Loki's logcli, rsyslog's and syslog-ng's templates, klog, Grafana's download
 * of logs, Ansible's ad-hoc output.
 * Layer text: includes time.
 */
#ifndef STAMPS_H
#define STAMPS_H

#include "base/time.h"

/* What a stamp says of the time, from little to all. */
enum stamp_kind {
	STAMP_NONE,
	STAMP_BOOT,     /* seconds since boot */
	STAMP_EARLIER,  /* the same, of a boot before the last in a file */
	STAMP_MONTH,    /* a month by a name that is not known */
	STAMP_YEARLESS, /* a day and a time, no year and no zone */
	STAMP_ABBREV,   /* all, but the zone by a name that may mean several */
	STAMP_ZONELESS, /* all but the zone */
	STAMP_FULL,     /* all */
};

struct stamp {
	enum stamp_kind kind;
	int64_t ns;     /* since 1970, of a time without zone as if in UTC; since
	                 * boot; without a year, since the day began */
	unsigned char month, day; /* of a stamp without a year */
};

struct stamps {
	struct stamp at;
	int64_t around; /* when a carrier saw the line, or NO_TIME */
	struct str host;
	bool program;   /* another program than the kernel speaks */
	bool minute;    /* the stamp is a minute that dmesg -H prints once; */
	bool relative;  /* none but how much later than the line before it was */
	bool task;      /* a number of a task stands where a host's name would */
};
#define NO_STAMPS ((struct stamps){.around = NO_TIME})

/* What stamps do not say. */
struct stamps_clock {
	int64_t year;   /* of those without; 0: unknown */
	int64_t zone;   /* of those without, ns east of UTC, and */
	bool zoned;     /* it was given */
	int64_t boot;   /* what seconds since boot count from, or NO_TIME */
};

/* Eat all that stands in front of a line's own text. */
void stamps_eat(struct str *s, struct stamps *to);

/* What stands in front of a line, for who reads it next. */
struct stamped {
	struct str line, rest;
	struct stamps s;
};

/* The same of a line that may be the one that is known; if not, it will be. */
void stamps_eat_known(struct str *s, struct stamps *to, struct stamped *known);

/*
 * The time of a stamp.  A year that is not known is the one that puts it
 * nearest to a time, unless that is NO_TIME.  NO_TIME if there is too little to
 * decide, and for what is before 2000: such clocks were not set yet.
 */
int64_t stamps_time(const struct stamps *s, const struct stamps_clock *c, int64_t near);

/* "UTC", "Z", "+02:00" or "-0730": ns east of UTC. */
bool stamps_zone(struct str s, int64_t *zone);

#endif
