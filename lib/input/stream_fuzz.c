/*
 * Arbitrary bytes as a stream: it ends, every step moves forward, and the items are the
 * same however it is read.  The first three bytes select --max-line (from 1), the block
 * size (from 16 bytes), a screen or none, and keys or none.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/fuzz.h"
#include "input/stream.h"

/* All items of a stream of fd. */
static void
listen(struct buf *says, int fd, const uint8_t how[3], size_t block)
{
	static const struct str words[] = {STR_INIT("WORD"), STR_INIT("xid")};
	static struct sift screen;
	struct stream s = {0};
	struct stream_item it;
	struct json j = {0};
	enum stream_what what;
	uint64_t at = 0;
	unsigned still = 0;

	sift_init(&screen, words, NELEM(words));
	lseek(fd, 0, SEEK_SET);
	s.json = how[2] & 1 ? &j : NULL;
	stream_open(&s, fd, 1 + (uint64_t)how[0], how[2] & 2 ? &screen : NULL, NULL);
	s.keyed = how[2] & 4;
	s.in.block = block;
	says->n = 0;
	while ((what = stream_next(&s, &it)) == STREAM_VALUE || what == STREAM_TEXT || what == STREAM_REJECT) {
		/* the line where a document breaks is read twice; it ends with a part,
		 * the last part and a message */
		still = stream_bytes(&s) > at ? 0 : still + 1;
		check(still < 64);
		if (stream_bytes(&s) > at)
			at = stream_bytes(&s);
		buf_u64(says, it.line);
		buf_chr(says, what == STREAM_REJECT ? '!' : what == STREAM_TEXT ? '"' : ' ');
		buf_u64(says, what == STREAM_REJECT ? it.at : 0);
		buf_u64(says, it.open);
		buf_add(says, it.text);
		buf_chr(says, '\n');
	}
	check(what == STREAM_END);
	stream_close(&s);
	stream_free(&s);
	json_free(&j);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf a = {0}, b = {0};
	static int fd = -1;

	if (n < 3)
		return 0;
	if (fd < 0) {
		char name[] = "/tmp/inquest-fuzz-XXXXXX";

		fd = mkstemp(name);
		unlink(name);
	}
	if (ftruncate(fd, 0) != 0 || pwrite(fd, data + 3, n - 3, 0) != (ssize_t)(n - 3))
		return 0;
	listen(&a, fd, data, 0);
	listen(&b, fd, data, 16 + (size_t)data[1]);
	check(str_eq(buf_str(&a), buf_str(&b)));
	buf_free(&a);
	buf_free(&b);
	return 0;
}
