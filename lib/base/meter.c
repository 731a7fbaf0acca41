#include "base/meter.h"

#include <time.h>
#include <unistd.h>

#include "base/time.h"

static const struct str wipe = STR_INIT("\r\033[K");

static int64_t
monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

static uint64_t
read_of(int fd)
{
	off_t at = lseek(fd, 0, SEEK_CUR);

	return at > 0 ? (uint64_t)at : 0;
}

void
meter_begin(struct meter *p, struct diag *d, uint64_t total)
{
	if (!isatty(d->to->fd))
		return;
	d->before = wipe;
	*p = (struct meter){.diag = d, .total = total, .began = monotonic()};
	p->next = p->began + SECOND / 4;
}

/* "12.3 MB" */
static void
put_bytes(struct buf *b, double n)
{
	static const struct str units[] = {
		STR_INIT(" B"), STR_INIT(" kB"), STR_INIT(" MB"), STR_INIT(" GB"), STR_INIT(" TB"), STR_INIT(" PB"),
	};
	size_t u = 0;

	for (; n >= 1000 && u + 1 < NELEM(units); u++)
		n /= 1000;
	buf_fixed(b, u ? (int64_t)(n * 10) : (int64_t)n * 10, 1);
	buf_add(b, units[u]);
}

void
meter_put(struct buf *b, uint64_t bytes, int64_t ns, uint64_t share, uint64_t total)
{
	put_bytes(b, (double)bytes);
	if (ns > 0) {
		buf_add(b, S(", "));
		put_bytes(b, (double)bytes / (double)ns * SECOND);
		buf_add(b, S("/s"));
	}
	if (total) {
		buf_add(b, S(", "));
		buf_u64(b, (uint64_t)((double)share * 100 / (double)total));
		buf_chr(b, '%');
	}
}

void
meter_draw(struct meter *p, uint64_t bytes, int fd)
{
	struct out *to;
	int64_t now;

	if (!p->diag || (now = monotonic()) < p->next)
		return;
	p->next = now + SECOND / 4;
	to = p->diag->to;
	buf_add(&to->b, wipe);
	buf_add(&to->b, p->diag->prog);
	buf_add(&to->b, S(": "));
	meter_put(&to->b, bytes, now - p->began, p->done + read_of(fd), p->total);
	out_flush(to);
}

void
meter_next(struct meter *p, int fd)
{
	if (p->diag)
		p->done += read_of(fd);
}

void
meter_end(struct meter *p)
{
	if (!p->diag)
		return;
	p->diag->before = (struct str){0};
	buf_add(&p->diag->to->b, wipe);
	out_flush(p->diag->to);
}
