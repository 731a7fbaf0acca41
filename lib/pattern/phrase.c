#include "pattern/phrase.h"

void
phrase_short(struct buf *b, struct str s, size_t max)
{
	if (s.n > max) {
		buf_add(b, S("..."));
		s = str_from(s, s.n - (max > 3 ? max - 3 : 0));
		while (s.n && ((unsigned char)*s.p & 0xc0) == 0x80)
			s = str_from(s, 1);
	}
	buf_plain(b, s);
}

void
phrase_count(struct buf *b, uint64_t n, struct str one, struct str many)
{
	if (n == 0)
		buf_add(b, S("no"));
	else
		buf_u64(b, n);
	buf_chr(b, ' ');
	buf_add(b, n == 1 ? one : many);
}

void
phrase_str(struct buf *b, const char *key, struct str s)
{
	if (s.n == 0)
		return;
	buf_key(b, key);
	buf_json(b, s);
}

void
phrase_time(struct buf *b, const char *key, int64_t t)
{
	if (t == NO_TIME)
		return;
	buf_key(b, key);
	buf_chr(b, '"');
	time_put(b, t);
	buf_chr(b, '"');
}

void
phrase_int(struct buf *b, const char *key, int64_t n)
{
	buf_key(b, key);
	buf_i64(b, n);
}

void
phrase_gpu(struct buf *b, struct pci gpu)
{
	if (!gpu.known)
		return;
	buf_key(b, "gpu_id");
	buf_chr(b, '"');
	pci_put(b, gpu);
	buf_chr(b, '"');
}
