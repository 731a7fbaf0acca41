/*
 * time - points in time as int64 nanoseconds since 1970-01-01 UTC, from
 * 1677-09-21 to 2262-04-11; times outside are rejected, never wrapped.  The
 * proleptic Gregorian calendar, no leap seconds (second 60 is second 0 of the
 * next minute), no time zone database.
 * Source: RFC 3339; days-from-civil after H. Hinnant, chrono date algorithms.
 * Layer base: includes buf, num.
 */
#ifndef TIME_H
#define TIME_H

#include "base/buf.h"

#define NO_TIME INT64_MIN /* unset timestamp */
#define SECOND INT64_C(1000000000)

/*
 * RFC 3339 and common variants: a blank for the T, a comma for the decimal
 * point, slashes in the date, +0200 or +02, a trailing " UTC" or " +0000 UTC"
 * (Go), and no zone, which means UTC.  Digits beyond nanoseconds are cut off.
 * On failure *ns is unchanged, here and below.
 */
bool time_parse(struct str s, int64_t *ns);

/* The same at the start of *s, which is removed; the zone is required. */
bool time_eat(struct str *s, int64_t *ns);

/* A date and time without zone at the start of *s, read as UTC. */
bool time_eat_local(struct str *s, int64_t *ns);

/* A second of a day in UTC; false if there is no such day. */
bool time_civil(int64_t year, unsigned month, unsigned day, int64_t second, int64_t *ns);

/* 2000-01-01T00:00:00Z: clocks before that were not set yet. */
#define TIME_SET (INT64_C(946684800) * SECOND)

/* The year of a time. */
int64_t time_year(int64_t ns);

/* Epoch digits in units of 10^-digits seconds (0 s, 3 ms, 6 us, 9 ns), with
 * an optional fraction and sign. */
bool time_epoch(struct str s, unsigned digits, int64_t *ns);

/*
 * RFC 3339 or an epoch number, whose unit follows from its size: below 10^11
 * seconds, below 10^14 ms, below 10^17 us, else ns.
 */
bool time_guess(struct str s, int64_t *ns);

/* RFC 3339 in UTC with 0, 3, 6 or 9 fraction digits, as few as are exact. */
void time_put(struct buf *b, int64_t ns);

/* a - b, saturated. */
static inline int64_t
time_diff(int64_t a, int64_t b)
{
	if (b < 0 && a > INT64_MAX + b)
		return INT64_MAX;
	if (b > 0 && a < INT64_MIN + b)
		return INT64_MIN;
	return a - b;
}
/* a + b for b >= 0, saturated. */
static inline int64_t
time_add(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}
/* Distance of two times. */
static inline uint64_t
time_apart(int64_t a, int64_t b)
{
	return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

#endif
