/*
 * stamps - the text that log carriers put before a line: time, host and
 * program.  Journals, syslog, dmesg, container runtimes, pdsh and similar
 * tools, log query tools.  A head is a stamp with a host; if a line has
 * several, the innermost one is the emitter's and wins.
 * Sources: systemd's journalctl(1), RFC 3164, RFC 5424, util-linux dmesg,
 * glibc's locales (names of months), Kubernetes' CRI log format, talosctl,
 * Loki's logcli, rsyslog's and syslog-ng's templates, klog, Grafana's download
 * of logs, Ansible's ad-hoc output.
 * Layer text: includes time.
 */
#ifndef STAMPS_H
#define STAMPS_H

#include "base/time.h"

/* Completeness of a stamp's time, ascending. */
enum stamp_kind {
	STAMP_NONE,
	STAMP_BOOT,     /* seconds since boot */
	STAMP_EARLIER,  /* the same, from a boot before the last one in a file */
	STAMP_MONTH,    /* a month with an unknown name */
	STAMP_YEARLESS, /* a day and a time, no year and no zone */
	STAMP_ABBREV,   /* complete, but with an ambiguous zone abbreviation */
	STAMP_ZONELESS, /* complete except for the zone */
	STAMP_FULL,     /* complete */
};

struct stamp {
	enum stamp_kind kind;
	int64_t ns;     /* since 1970 (without zone: as UTC); since boot;
	                 * without a year: since the day began */
	unsigned char month, day; /* of a stamp without a year */
};

struct stamps {
	struct stamp at;
	int64_t around; /* when a carrier received the line, or NO_TIME */
	struct str host;
	bool program;   /* written by a program other than the kernel */
	bool minute;    /* the stamp is a minute, which dmesg -H prints once */
	bool relative;  /* no stamp, only the time since the previous line */
	bool task;      /* a task number is in the place of a host name */
};
#define NO_STAMPS ((struct stamps){.around = NO_TIME})

/* Settings for incomplete stamps. */
struct stamps_clock {
	int64_t year;   /* of stamps without a year; 0: unknown */
	int64_t zone;   /* of stamps without a zone, ns east of UTC */
	bool zoned;     /* zone was set */
	int64_t boot;   /* time of boot for seconds since boot, or NO_TIME */
};

/* Remove everything before a line's own text. */
void stamps_eat(struct str *s, struct stamps *to);

/* Cache of the stamps of a line, for several readers. */
struct stamped {
	struct str line, rest;
	struct stamps s;
};

/* The same with a cache, which is updated for another line. */
void stamps_eat_known(struct str *s, struct stamps *to, struct stamped *known);

/*
 * The time of a stamp.  An unknown year is chosen so that the time is nearest
 * to near, unless that is NO_TIME.  NO_TIME if the stamp is too incomplete, and
 * for times before 2000, when the clock was not set yet.
 */
int64_t stamps_time(const struct stamps *s, const struct stamps_clock *c, int64_t near);

/* Is a stamp without a zone (as UTC) of a time so long before a carrier's that no zone
 * explains it? */
bool stamps_is_old(int64_t local, int64_t carried);

/* Can a name and a colon in front of a line be a host's?  Letters, digits, '-', '.' and
 * '_'; not digits alone, which are a task's, and not "kernel". */
bool stamps_is_host(struct str name);

/* "UTC", "Z", "+02:00" or "-0730": ns east of UTC. */
bool stamps_zone(struct str s, int64_t *zone);

#endif
